/**
 * What a kind is that the wire does not tell: which list of the day names the items that its checks judge, and the class of an
 * item that says none. The only place of the browser code that knows kinds by their codes.
 *
 * A kind that came with `list` ('draws', 'returns', 'watch' or null) and `class` (a class or null) says so itself; for those
 * of a server that sends neither, the codes of the first edition stand in.
 */

/** @typedef {'draws'|'returns'|'watch'} Worklist  the section that names the items */
/** @typedef {{code: string, list?: Worklist|null, class?: string|null}} Telling  a kind, or no more of it than its code */

/** @type {Record<string, Worklist>} */
const LISTS = {receipt: 'draws', return: 'returns', watch: 'watch'};
/** @type {Record<string, string>} */
const CLASSES = {parcel: 'parcel'};

/** @param {Telling} kind @returns {Worklist|null} null: its items are chosen by whoever checks */
export function worklistOf({code, list = LISTS[code] ?? null}) {
  return list;
}

/** @param {Telling} kind @returns {string|null} null: an item without a class is of none */
export function classOf({code, class: mail = CLASSES[code] ?? null}) {
  return mail;
}

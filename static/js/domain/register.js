/** Changes of the relay register: which points wait for a confirmation, and the facts. */

import {localDay} from './days.js';
import {openOf} from './facts.js';
import {uuid7} from './ids.js';
import {tidy} from './text-lengths.js';

/** @typedef {import('./types.js').PointValues & Pick<import('./types.js').Personal, 'keeper'|'contact'|'note'>} Values */

const PERSONAL = ['keeper', 'contact', 'note'];

/** The longest unconfirmed first; never confirmed before all. @template {{confirmed?: string|null, name: string}} P @param {P[]} points @returns {P[]} */
export function byConfirmation(points) {
  return [...points].sort((a, b) => order(a.confirmed ?? '', b.confirmed ?? '') || order(a.name, b.name));
}

/** @param {string} a @param {string} b */
function order(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * @param {{unit: string, acting?: string, point?: string, op: 'open'|'change'|'confirm'|'close'|'reopen', day?: string, values?: Values, reason?: string}} what
 *   `values`: open and personal ones together; `point` absent where one is opened; `day` from which it holds, else today
 * @param {number} now ms @returns {import('./types.js').Content}
 */
export function pointFact({unit, acting = unit, point = uuid7(), op, day, values = {}, reason}, now) {
  const date = localDay(now);
  const given = Object.entries(values);
  const own = Object.fromEntries(given.filter(([key]) => !PERSONAL.includes(key)));
  const personal = Object.fromEntries(given.filter(([key]) => PERSONAL.includes(key)));
  const open = {v: 1, type: 'point', unit, acting, date, point, op, day: day || date};
  return {
    open: {...open, ...(Object.keys(own).length ? {values: own} : {}), ...(reason ? {reason} : {})},
    personal: Object.keys(personal).length ? personal : null,
  };
}

/**
 * What this phone said of points and the register does not show yet: of each the last, `open` where it is new.
 * @param {import('./types.js').Rec[]} records newest first @param {string|undefined} unit @param {number|null} pulled ms
 * @returns {Map<string, {op: string, values: Values}>} by the point's id
 */
export function ahead(records, unit, pulled) {
  const own = records.filter((one) => one.type === 'point' && one.unit === unit && one.state !== 'refused');
  const late = own.filter(({state, sent}) => state === 'unsent' || (sent ?? 0) > (pulled ?? 0)).reverse();
  return new Map(late.map(openOf).map(({point = '', op = '', values = {}}) => [point, {op, values}]));
}

/** Only what differs; an empty text takes away. @param {object} before as registered @param {Record<string, unknown>} after as typed @returns {Values} */
export function changes(before, after) {
  const given = Object.entries(after).map(([key, value]) => [
    key,
    typeof value === 'string' ? tidy(value) || null : value,
  ]);
  return Object.fromEntries(given.filter(([key, value]) => value !== (Reflect.get(before, String(key)) || null)));
}

/** The first day on which it is no longer open; empty where none is known. @param {{closed?: string|null, closes?: string|null}} point */
export function shutOn({closed, closes}) {
  return closed ?? closes ?? '';
}

/** Whether nobody calls there any more; a closing that lay ahead at the last pull may have come since. @param {{closed?: string|null, closes?: string|null}} point @param {string} today */
export function isShut({closed, closes}, today) {
  return Boolean(closed || (closes && closes <= today));
}

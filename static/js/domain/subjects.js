/**
 * What a record can be about, a module each. A kind says which it is; a kind of a subject that stands here needs no code.
 * How each looks while it is checked stands in screens/subjects.js.
 */

import {item} from './subjects/item.js';
import {letter} from './subjects/letter.js';
import {none} from './subjects/none.js';
import {point} from './subjects/point.js';
import {record} from './subjects/record.js';
import {unit} from './subjects/unit.js';

/**
 * @typedef {import('./types.js').Kind} Kind
 * @typedef {'receipts'|'verdicts'|'relay'} Place  a screen on which work is chosen
 * @typedef {object} Subject
 * @property {'items'|'points'|null} counted in which words it is counted; null: a record of it is never counted
 * @property {boolean} single whether a record is about exactly one: nothing is added to it, removed or counted
 * @property {boolean} [mayBeEmpty] whether a record of it can be about none: a period of which there is nothing to open
 * @property {boolean} numbered whether it bears an item's number: scanned, and held against lists, earlier checks and own deliveries
 * @property {string} icon
 * @property {((unit: string) => string)|null} given what the form itself puts into a fresh draft, by the unit that it is about;
 *   null: somebody chooses
 * @property {(kind: Kind) => Place|null} begins where its work is chosen; null: a fresh check begins at once
 * @property {(kind: Kind) => boolean} located whether the phone says where the check was made
 */

/** @type {Record<string, Subject>} */
export const SUBJECTS = {item, letter, point, none, unit, record, department: unit};

/** @param {{subject?: string}|null|undefined} kind @returns {Subject|null} null: this version knows no such subject */
export function subjectOf(kind) {
  return SUBJECTS[kind?.subject ?? ''] ?? null;
}

/** @param {{subject: string}|null|undefined} kind */
export function isSingle(kind) {
  return subjectOf(kind)?.single ?? false;
}

/** @param {{subject?: string}|null|undefined} kind */
export function mayBeEmpty(kind) {
  return subjectOf(kind)?.mayBeEmpty ?? false;
}

/** What a fresh draft begins with. @param {Kind} kind @param {string} unit @returns {{subject: string}[]} */
export function givenItems(kind, unit) {
  const subject = subjectOf(kind)?.given?.(unit);
  return subject === undefined ? [] : [{subject}];
}

/** How each subject looks while it is checked and once it is recorded; what it is stands in domain/subjects.js. */

import {item} from './subjects/item.js';
import {letter} from './subjects/letter.js';
import {none} from './subjects/none.js';
import {point} from './subjects/point.js';
import {record} from './subjects/record.js';
import {unit} from './subjects/unit.js';

/**
 * @typedef {import('./check.js').Check} Check
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').Kind} Kind
 * @typedef {{points: import('../domain/types.js').Point[], units: import('../domain/types.js').Unit[]}} Names what subjects are called
 * @typedef {object} Look
 * @property {boolean} form whether it needs check-form.js, whatever else its kind asks for
 * @property {boolean} mono whether it is written like a number
 * @property {(screen: Check, draft: Draft, kind: Kind) => unknown} page what is checked, below the form
 * @property {(screen: Check, draft: Draft, kind: Kind) => unknown} bar where another one is entered, at the thumb
 * @property {(screen: Check, kind: Kind) => unknown} tool beside the button that saves
 * @property {(draft: Draft, kind: Kind, index: number) => string} rowName of a row of the check
 * @property {(item: import('../domain/types.js').OpenItem, kind: Kind|null, names: Names) => string} recordName in a record
 */

/** @type {Record<string, Look>} */
export const LOOKS = {item, letter, point, none, unit, record, department: unit};

/** @param {{subject: string}|null} kind @returns {Look} of a kind that is gone: an item's */
export function lookOf(kind) {
  return LOOKS[kind?.subject ?? ''] ?? item;
}

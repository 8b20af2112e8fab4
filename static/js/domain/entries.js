/** Rows of a check: those that a list of the day names, those that were typed or scanned, and what is known of a number. */

import {tailOf} from './numbers.js';
import {classOf} from './worklists.js';

/**
 * @typedef {import('./types.js').Draft} Draft
 * @typedef {import('./types.js').Kind} Kind
 * @typedef {import('./draws.js').Listed} Listed
 * @typedef {{subject: string, index: number|null, listed: Listed|null}} Row  `index` null: on a list, and nothing said of it yet
 */

/**
 * What was typed last stands first; listed items follow in the order of their list.
 * @param {Draft} draft @param {Listed[]} listed
 * @returns {Row[]}
 */
export function rowsOf(draft, listed) {
  const index = new Map(draft.items.map(({subject}, i) => [subject, i]));
  const named = new Set(listed.map(({number}) => number));
  const typed = draft.items
    .filter(({subject}) => !named.has(subject))
    .map(({subject}) => ({subject, index: index.get(subject) ?? null, listed: null}));
  return [
    ...typed.reverse(),
    ...listed.map((row) => ({subject: row.number, index: index.get(row.number) ?? null, listed: row})),
  ];
}

/** The numbers of those rows that end with the four digits. @param {Row[]} rows @param {string} tail */
export function endingWith(rows, tail) {
  return rows.map(({subject}) => subject).filter((subject) => tailOf(subject) === tail);
}

/**
 * The day of this month on which a number was checked before, here or by a colleague; null if it was not.
 * @param {Draft} draft @param {string} number @param {{checked: import('./types.js').Row<'checked'>[], records: import('./types.js').Rec[]}} known
 * @param {string} today
 */
export function checkedOn(draft, number, {checked, records}, today) {
  const pulled = checked.find(({kind, subject}) => kind === draft.kind && subject === number);
  if (pulled) return pulled.day;
  const own = records.find(
    (record) =>
      record.kind === draft.kind &&
      record.unit === draft.unit &&
      record.id !== draft.amends &&
      record.state !== 'refused' &&
      record.day.startsWith(today.slice(0, 7)) &&
      record.subjects.includes(number),
  );
  return own?.day ?? null;
}

/**
 * A number as an item of the check: its list tells the class and the evidence, else a kind of one class.
 * @param {Kind} kind @param {string} number @param {string|null} warning @param {Listed[]} listed
 */
export function entryOf(kind, number, warning, listed) {
  const row = listed.find((one) => one.number === number);
  const only = kind.classes?.length === 1 ? kind.classes[0] : null;
  const captures = row?.captures.map(({id}) => id) ?? [];
  return {subject: number, warning, class: row?.class ?? classOf(kind) ?? only, captures};
}

/** Photos of what is on a list and was not judged: marks on them belong to no item. @param {Draft} draft @param {Listed[]} listed @returns {string[]} digests */
export function photosUnsaid({items}, listed) {
  const said = new Set(items.map(({subject}) => subject));
  const unsaid = listed.filter(({number}) => !said.has(number));
  return unsaid.flatMap(({captures}) => captures).flatMap(({photos}) => photos.map(({sha256}) => sha256));
}

/** Items that the day's lists name and nobody has judged: returned ones, and those chosen in advance. Values only. */

import {openOf} from './facts.js';

/**
 * @template {import('./types.js').SectionName} N
 * @typedef {import('./types.js').Row<N>} Row
 */

/** @param {Row<'returns'>[]} rows @param {string|null} day @param {Set<string>} done subjects judged on this phone */
export function returned(rows, day, done) {
  const open = rows.filter((row) => row.day === day && !row.mine && !row.judged && !done.has(row.number));
  return open.map((row) => ({number: row.number, class: row.class ?? null, reason: row.reason, captures: []}));
}

/**
 * Numbers that this person delivers, as far as the phone knows: whoever delivered an item may not judge it.
 * @param {Row<'draws'>[]} draws @param {Row<'returns'>[]} returns @param {string|null} day the list's; null: of any day
 */
export function ownNumbers(draws, returns, day) {
  const here = (/** @type {{day: string}} */ row) => day === null || row.day === day;
  const items = [...draws.filter(here).flatMap(({items}) => items), ...returns.filter(here)];
  return new Set(items.filter(({mine}) => mine).map(({number}) => number));
}

/** @typedef {import('./types.js').OpenItem & {day: string, judged: boolean}} Picked  an item of a choice made on this phone
 *  @typedef {Row<'watch'>|Picked} Chosen */

/** Each once, however often it was chosen. @param {Chosen[]} rows pulled `watch` @param {string|null} day @param {Set<string>} done @param {Chosen[]} [picked] own choices that wait on this phone */
export function watched(rows, day, done, picked = []) {
  const open = [...rows, ...picked].filter((row) => row.day === day && !row.judged && !done.has(row.subject));
  const once = new Map(open.map((row) => [row.subject, row]));
  return [...once.values()].map(({subject, class: mail = null, tag, drawn = false, route}) => ({
    number: subject,
    class: mail,
    tag,
    routeId: route,
    drawn,
    captures: [],
  }));
}

/**
 * Choices made on this phone that the server has not told of yet, as rows of the watch list.
 * @param {{type: string, kind: string|null, unit: string, day: string, state: string, open: string}[]} records @param {string} unit
 */
export function picked(records, unit) {
  const own = records.filter((one) => one.type === 'selection' && one.unit === unit && one.state !== 'refused');
  return own.flatMap(({day, open}) => (openOf({open}).items ?? []).map((item) => ({...item, day, judged: false})));
}

/** What counts of the checks of a date, as the ledger counts it (webapp/ledger/sessions.py); values only. */

import {openOf} from './facts.js';
import {enough} from './strata.js';

/**
 * @typedef {import('./types.js').Rec} Rec
 * @typedef {import('./day-lists.js').DayLists} DayLists
 * @typedef {{subject: string, class?: string|null, stratum?: string|null, tag?: string|null}} Item
 * @typedef {{kind?: string|null, batch: number|null, strata?: Record<string, number>|null, distinct?: string[], pairs?: boolean}} Rule
 *   `distinct`: strata that count by their tags; `pairs`: two sessions share numbers only beyond their minima
 * @typedef {{code: 'session'|'short'|'zero-day'|'counted', n: number, least: number, off: number, own: number, beside: number}} Outcome  `beside`: on a list of the day, but not of what is asked for
 */

/** @param {Pick<Rec, 'open'|'subjects'>} record @returns {Item[]} */
export function itemsOf({open, subjects}) {
  if (!open) return subjects.map((subject) => ({subject}));
  return openOf({open}).items ?? [];
}

/** The items that count, each once; letters of one address once where their stratum says so. @param {Item[]} items @param {string[]} [distinct] */
function once(items, distinct = []) {
  const keys = items.map((item) => {
    if (!distinct.includes(item.stratum ?? '')) return item.subject;
    const tag = (item.tag ?? '').trim();
    return tag ? `${item.stratum} ${tag}` : null;
  });
  return new Set(keys.filter((key) => key !== null));
}

/** How many sessions the records hold by dates. @param {Rule} rule @param {Rec[]} records @param {DayLists} [lists] */
export function sessionsIn(rule, records, lists) {
  /** @type {Map<string, Item[]>} */
  const dates = new Map();
  for (const record of records) dates.set(record.day, [...(dates.get(record.day) ?? []), ...itemsOf(record)]);
  const held = [...dates].flatMap(([day, items]) => sessionOf(rule, day, items, lists) ?? []);
  return rule.pairs ? choose(held) : held.length;
}

/** @param {Rule} rule @param {string} day @param {Item[]} items @param {DayLists} [lists] */
function sessionOf({kind, batch, strata, distinct}, day, items, lists) {
  const least = lists?.least(kind ?? '', day) ?? batch ?? 1;
  const numbers = once(
    items.filter((item) => !lists?.fault(kind ?? '', day, item)),
    distinct,
  );
  if (!least || numbers.size < least || (strata && !enough(items, strata, distinct ?? []))) return null;
  return {least, numbers};
}

/** The most sessions of which any two are distinct. @param {{least: number, numbers: Set<string>}[]} held @returns {number} */
function choose(held) {
  let best = 0;
  held.forEach((one, i) => {
    const others = held
      .slice(i + 1)
      .filter((other) => new Set([...one.numbers, ...other.numbers]).size >= one.least + other.least);
    best = Math.max(best, 1 + choose(others));
  });
  return best;
}

/**
 * What a check of that day amounts to, as far as this phone can know; null: it was told nothing of the day.
 * @param {DayLists} lists @param {{kind: string, day: string, items: Item[], others?: Item[]}} check
 *   `others`: what was checked of the day besides, by anybody
 * @returns {Outcome|null}
 */
export function outcome(lists, {kind, day, items, others = []}) {
  if (!lists.of(kind, day).length) return null;
  const faults = items.map((item) => lists.fault(kind, day, item));
  const off = faults.filter((fault) => fault === 'off-list').length;
  const own = faults.filter((fault) => fault === 'own').length;
  const beside = faults.filter((fault) => fault === 'not-asked').length;
  const least = lists.least(kind, day);
  const counted = (/** @type {Item[]} */ some) => some.filter((item) => !lists.fault(kind, day, item));
  if (least === null) return {code: 'counted', n: once(counted(items)).size, least: 0, off, own, beside};
  if (!least) return {code: 'zero-day', n: 0, least, off, own, beside};
  const n = once(counted([...items, ...others])).size;
  return {code: n >= least ? 'session' : 'short', n, least, off, own, beside};
}

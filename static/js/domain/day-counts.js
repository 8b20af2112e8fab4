/** What of a check counts for its day, by the day's lists and the duties in force, as far as this phone was told. */

import {localDay} from './days.js';
import {askedOf} from './duty-lines.js';
import {itemsOf, outcome} from './sessions.js';

/**
 * @typedef {import('./types.js').Draft} Draft
 * @typedef {import('./types.js').Item} Item
 * @typedef {import('./types.js').Rec} Rec
 * @typedef {import('./types.js').Row<'checked'>} Checked
 * @typedef {import('./day-lists.js').DayLists} DayLists
 * @typedef {{kind: string|null, unit: string, day: string, id?: string, amends?: string|null, replaces?: string}} Check
 *   a draft with its day, or a record
 */

/** The day whose lists decide: the one that the check is about, else today's. @param {{about: string|null}} draft @param {number} [now] ms */
export function dayOf({about}, now = Date.now()) {
  return about ?? localDay(now);
}

/** Why the item does not count; null where it does, or where nobody here knows. @param {DayLists|undefined} lists @param {Draft} draft @param {Item} item */
export function faultOf(lists, draft, item) {
  if (draft.unit !== draft.acting) return null; // a county's check stands for the county
  return lists?.fault(draft.kind, dayOf(draft), item) ?? null;
}

/**
 * What the day asks for: of a session its minimum, of a share what the duty's line requires; null where nobody told.
 * @param {DayLists|undefined} lists @param {Parameters<typeof askedOf>[0]} lines @param {{code: string, batch: number|null}} kind @param {string} day
 */
export function askedOn(lists, lines, kind, day) {
  return lists?.least(kind.code, day) ?? askedOf(lines, kind, day);
}

/**
 * What else was checked for the day: on this phone, and by anybody as far as it was told.
 * @param {Check} check @param {Rec[]} records @param {Checked[]} checked
 */
export function othersOf({kind, unit, day, id, amends, replaces}, records, checked) {
  const gone = new Set([id, amends, replaces, ...records.flatMap((one) => [one.amends, one.target])].filter(Boolean));
  const mine = records.filter(
    (one) => one.type === 'inspection' && one.kind === kind && one.unit === unit && one.day === day,
  );
  const own = mine.filter((one) => one.state !== 'refused' && one.acting === unit && !gone.has(one.id));
  const here = mine.flatMap(itemsOf);
  const known = new Set(here.map(({subject}) => subject));
  const elsewhere = checked.filter((row) => row.kind === kind && row.day === day && !known.has(row.subject));
  return [...own.flatMap(itemsOf), ...elsewhere.map(({subject}) => ({subject}))];
}

/** How many different things were checked for the day, this check and the others on this phone. @param {Draft} draft @param {Rec[]} records @param {string} day */
export function checkedSoFar(draft, records, day) {
  return new Set([...draft.items, ...othersOf({...draft, day}, records, [])].map(({subject}) => subject)).size;
}

/**
 * What the check amounts to; null where the phone was told nothing of the day.
 * @param {DayLists} lists @param {Check} check @param {{subject: string, class?: string|null}[]} items
 * @param {Rec[]} records @param {Checked[]} checked
 */
export async function outcomeOn(lists, check, items, records, checked) {
  const kind = check.kind ?? '';
  const others = othersOf(check, records, checked);
  const numbers = [...items, ...others].map(({subject}) => subject);
  await lists.learn(kind, check.day, numbers);
  return outcome(lists, {kind, day: check.day, items, others});
}

/** What a check reads from the store: the unit's rows, the day's lists, and what they name for it. */

import {DayLists} from '../domain/day-lists.js';
import {toJudge} from '../domain/draws.js';
import {ahead} from '../domain/register.js';
import {ownNumbers} from '../domain/waiting.js';
import {mends} from '../domain/work.js';
import {worklistOf} from '../domain/worklists.js';
import {phone} from '../ui/phone.js';
import {learned} from './check-counts.js';

/**
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').Kind} Kind
 * @typedef {import('../domain/types.js').Rec} Rec
 * @typedef {import('../domain/draws.js').Listed} Listed
 * @typedef {typeof import('./check-form.js')|null} Form
 * @typedef {{[N in 'checked'|'points'|'duties'|'people'|'problems'|'requirements'|'balances']: Row<N>[]}} Rows
 * @typedef {Rows & {records: Rec[], lists: DayLists, unit: Row<'unit'>|null, name: string, own: Set<string>, listed: Listed[],
 *   units: import('../domain/types.js').UnitRow<'unit'>[], said: ReturnType<typeof ahead>}} Data  `said`: of relay points, on this phone
 *   `own`: numbers that this person delivers; `listed`: what a list of the day names for this check
 */

/**
 * @template {import('../domain/types.js').SectionName} N
 * @typedef {import('../domain/types.js').Row<N>} Row
 */

/** What only forms show. */
const NO_FORM = {people: [], problems: [], requirements: [], balances: []};

/** @param {import('./check.js').Check} screen without a draft it says that it is gone, and shows nothing of it @returns {Promise<Data>} */
export async function readCheck(screen) {
  if (!screen.draft) return /** @type {Data} */ ({});
  const {unit} = screen.draft;
  const [records, below, units, heard, pulled] = await Promise.all([
    phone.store.records(),
    phone.store.rows('below'),
    phone.store.rows('unit'),
    phone.store.get('pulled'),
    phone.store.sections(unit, ['checked', 'draws', 'captures', 'points', 'unit', 'returns', 'listed', 'duties']),
  ]);
  const {checked, points, duties, draws, captures} = pulled;
  const {draft, kind, form} = screen; // by now: numbers may have been entered meanwhile
  return {
    records,
    checked,
    points,
    duties,
    units,
    said: ahead(records, unit, heard),
    lists: await learned(draft, new DayLists(pulled.listed)),
    unit: pulled.unit[0] ?? null,
    name: pulled.unit[0]?.name ?? below.find(({code}) => code === unit)?.name ?? unit,
    own: ownNumbers(draws, pulled.returns, draft.about),
    ...(form ? await form.sections(unit) : NO_FORM),
    listed: !kind || mends(draft) ? [] : await listed(kind, form, draft, {draws, captures, records}),
  };
}

/**
 * What the day's lists name, and nobody judged yet.
 * @param {Kind} kind @param {Form} form @param {Draft} draft
 * @param {{draws: Row<'draws'>[], captures: Row<'captures'>[], records: Rec[]}} rows
 * @returns {Promise<Listed[]>}
 */
async function listed(kind, form, draft, {draws, captures, records}) {
  if (worklistOf(kind) !== 'draws') return (await form?.listed(kind, draft, records)) ?? [];
  const {unit, about} = draft;
  const drawn = draws.filter(({day}) => day === about).map((row) => ({...row, unit}));
  const shown = captures.filter(({day}) => day === about).map((row) => ({...row, unit}));
  const judges = (/** @type {string} */ code) => code === kind.code;
  return toJudge(drawn, shown, records, phone.person?.id ?? '', judges)[0]?.items ?? [];
}

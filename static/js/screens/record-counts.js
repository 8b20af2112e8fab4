/** Whether a saved check counts: what the phone can know by the day's lists, and the ledger's own sentences once it has them. */

import {html, nothing} from 'lit';
import {inPeriod} from '../domain/days.js';
import {DayLists} from '../domain/listed.js';
import {itemsOf, outcome} from '../domain/sessions.js';
import {icon} from '../ui/icons.js';
import {named, t} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {othersOf, outcomeText} from './check-counts.js';

/** @typedef {{found: import('../domain/sessions.js').Outcome|null, told: {counts?: boolean, zh: string, en: string}[]}} Counts */

/** @param {any} shown a record of this phone, or a pulled row with its unit @param {any[]} records @returns {Promise<Counts|null>} */
export async function readCounts(shown, records) {
  if (shown?.type !== 'inspection' || shown.acting !== shown.unit) return null;
  const sections = ['duties', 'listed', 'checked'].map((name) => phone.store.section(shown.unit, name));
  const [duties, listed, checked] = await Promise.all(sections);
  const arrived = shown.state === 'stored' && !shown.held;
  return {
    found: shown.open ? await outcomeOf(shown, records, listed, checked) : null,
    told: arrived ? duties.flatMap((/** @type {any} */ duty) => sentences(duty, shown)) : [],
  };
}

/** @param {any} record @param {any[]} records @param {any[]} listed @param {any[]} checked */
async function outcomeOf(record, records, listed, checked) {
  const lists = new DayLists(listed);
  const items = itemsOf(record);
  const others = othersOf(record, record.day, records, checked);
  await lists.learn(
    record.kind,
    record.day,
    [...items, ...others].map(({subject}) => subject),
  );
  return outcome(lists, {kind: record.kind, day: record.day, items, others});
}

/** What the line says of this day; of a daily duty all that it says. @param {any} duty @param {any} shown */
function sentences({kind, period, why = [], days = []}, shown) {
  if (kind !== shown.kind || !inPeriod(period, shown.day)) return [];
  return period === shown.day ? why : days.filter((/** @type {any} */ {day}) => day === shown.day);
}

/** @param {Counts|null} counts */
export function countsOf(counts) {
  if (!counts?.found && !counts?.told.length) return nothing;
  const {found, told} = counts;
  const bad = found && ['short', 'zero-day'].includes(found.code);
  return html`
    <section class="card stack-tight" data-counts=${found?.code ?? nothing}><h2 class="card-title">${t('counts.title')}</h2>
      ${found ? html`<p class="row-icon">${icon(bad ? 'stop' : 'check')}<span>${outcomeText(found)} <small class="muted">${t('counts.phone')}</small></span></p>` : nothing}
      ${told.length ? html`<h3 class="small">${t('counts.ledger')}</h3>${told.map((one) => html`<p class="small">${named(one)}</p>`)}` : nothing}
    </section>`;
}

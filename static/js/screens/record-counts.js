/** Whether a saved check counts: what the phone can know by the day's lists, and the ledger's own sentences once it has them. */

import {html, nothing} from 'lit';
import {outcomeOn} from '../domain/day-counts.js';
import {DayLists} from '../domain/day-lists.js';
import {saidOf} from '../domain/duty-lines.js';
import {itemsOf} from '../domain/sessions.js';
import {icon} from '../ui/icons.js';
import {named, t} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {outcomeText} from './check-counts.js';

/**
 * @typedef {import('../domain/types.js').Rec} Rec
 * @typedef {import('../domain/types.js').UnitRow<'records'>} Row
 * @typedef {{outcome: import('../domain/sessions.js').Outcome|null, told: import('../domain/types.js').Named[]}} Counts
 */

/** @param {Rec|Row|null} shown of this phone, or as pulled @param {Rec[]} records @returns {Promise<Counts|null>} */
export async function readCounts(shown, records) {
  if (shown?.type !== 'inspection' || shown.acting !== shown.unit) return null;
  const {duties, listed, checked} = await phone.store.sections(shown.unit, ['duties', 'listed', 'checked']);
  const arrived = shown.state === 'stored' && !shown.held;
  const here = 'open' in shown ? shown : null;
  return {
    outcome: here && (await outcomeOn(new DayLists(listed), here, itemsOf(here), records, checked)),
    told: arrived ? saidOf(duties, shown) : [],
  };
}

/** @param {Counts|null} counts */
export function countsOf(counts) {
  if (!counts?.outcome && !counts?.told.length) return nothing;
  const {outcome, told} = counts;
  const bad = outcome && ['short', 'zero-day'].includes(outcome.code);
  return html`
    <section class="card stack-tight" data-counts=${outcome?.code ?? nothing}><h2 class="card-title">${t('counts.title')}</h2>
      ${outcome ? html`<p class="row-icon">${icon(bad ? 'stop' : 'check')}<span>${outcomeText(outcome)} <small class="muted">${t('counts.phone')}</small></span></p>` : nothing}
      ${told.length ? html`<h3 class="small">${t('counts.ledger')}</h3>${told.map((one) => html`<p class="small">${named(one)}</p>`)}` : nothing}
    </section>`;
}

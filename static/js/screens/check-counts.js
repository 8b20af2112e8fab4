/** What of a check counts, said as its numbers come in and after it was saved: by the day's lists, as far as the phone knows. */

import {html, nothing} from 'lit';
import {verdictOf} from '../domain/checks.js';
import {askedOn, dayOf, faultOf as faultIn, outcomeOn} from '../domain/day-counts.js';
import {lineOf} from '../domain/duty-lines.js';
import {isDirector} from '../domain/work.js';
import {icon} from '../ui/icons.js';
import {sentences, t} from '../ui/language.js';

/**
 * @typedef {import('./check.js').Check} Check
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').Kind} Kind
 * @typedef {import('../domain/types.js').Item} Item
 */

/** Before a row can say whether it counts. @param {Draft} draft @param {import('../domain/day-lists.js').DayLists} lists */
export async function learned(draft, lists) {
  const numbers = draft.items.map(({subject}) => subject);
  await lists.learn(draft.kind, dayOf(draft), numbers);
  return lists;
}

/** Why the item does not count; null where it does, or where nobody here knows. @param {Check} screen @param {Item} item */
export function faultOf({draft, data}, item) {
  return draft && faultIn(data.lists, draft, item);
}

/** @param {import('../domain/day-lists.js').Fault|null} fault */
export function faultChip(fault) {
  return fault
    ? html`<span class="chip chip-bad" data-uncounted=${fault}>${icon('stop')}${t(`counts.${fault}`)}</span>`
    : nothing;
}

/** Says at once that a number just typed or scanned does not count. @param {Check} screen @param {string} number @returns {Promise<string|null>} the words */
export async function sayUncounted(screen, number) {
  if (!screen.data.lists || !screen.draft) return null;
  await learned(screen.draft, screen.data.lists);
  screen.data = {...screen.data};
  const item = screen.draft?.items.find(({subject}) => subject === number);
  const fault = item ? faultOf(screen, item) : null;
  return fault && t(`counts.${fault}`);
}

/** What the day asks for: of a session its minimum, of a share what the duty's line requires; null where nobody told. @param {Check} screen @param {Kind} kind */
export function asked({draft, data}, kind) {
  return draft && askedOn(data.lists, data.duties, kind, dayOf(draft));
}

/** One mark an item: filled, crossed or open; and the same in words. What does not count is no step forward. @param {Check} screen @param {Draft} draft @param {Kind} kind @param {number} shown */
export function progress(screen, draft, kind, shown) {
  const counted = draft.items.filter((item) => !faultOf(screen, item));
  const verdicts = counted.map((item) => verdictOf(item, kind));
  const uncounted = draft.items.length - counted.length;
  const least = asked(screen, kind);
  const total = Math.max(least ?? 0, shown - uncounted);
  const passed = verdicts.filter((verdict) => verdict === 'pass').length;
  const failed = verdicts.filter((verdict) => verdict === 'fail').length;
  const marks = Array.from({length: total}, (_, i) => verdicts[i] ?? (i < counted.length ? 'open' : 'none'));
  return html`
    <div class="progress" role="group" aria-label=${t('progress')}>
      <p class="progress-line"><b class="number">${passed + failed}${total ? html`<small> / ${total}</small>` : nothing}</b>
        <span class="chip chip-ok">${icon('check')}${t('progress.pass', {n: passed})}</span>
        <span class="chip ${failed ? 'chip-bad' : 'chip-quiet'}">${icon('cross')}${t('progress.fail', {n: failed})}</span>
        ${uncounted ? html`<span class="chip chip-bad" data-uncounted-total>${icon('stop')}${t('counts.none', {n: uncounted})}</span>` : nothing}</p>
      ${least === null ? missingVolume(screen, kind) : html`<p class="muted small" data-least=${least}>${t(least ? 'counts.least' : 'counts.zero-day', {n: least})}</p>`}
      ${total <= 40 ? html`<p class="marks" aria-hidden="true">${marks.map((mark) => html`<i class="mark mark-${mark}"></i>`)}</p>` : nothing}
    </div>`;
}

/** How much is asked for is not known before the volume is: the director goes and types it, the others are told. @param {Check} screen @param {Kind} kind */
function missingVolume({draft, data}, kind) {
  const day = dayOf(/** @type {Draft} */ (draft));
  const line = lineOf(data.duties, kind.code, day);
  if (line?.required !== null) return nothing;
  if (line.status === 'not applicable')
    return html`<p class="muted small" data-least="0">${t('duty.not-applicable')}</p>`;
  if (!data.unit || !isDirector(data.unit)) return html`<p class="muted small">${t('duty.unknown')}</p>`;
  return html`<p><a class="button button-small" data-door="volumes" href="/app/volumes/${day}">${icon('list')}<span>${t('duty.type-volume')}</span></a></p>`;
}

/** What the check amounts to; null where the phone was told nothing of the day. @param {Check} screen @param {Draft} draft */
export async function outcomeOf(screen, draft) {
  const {records, checked, lists} = screen.data;
  if (!lists || draft.unit !== draft.acting) return null;
  return outcomeOn(lists, {...draft, day: dayOf(draft)}, draft.items, records, checked);
}

/** The outcome in words: counts, or does not and why. @param {import('../domain/sessions.js').Outcome} outcome */
export function outcomeText({code, n, least, off, own, beside}) {
  const why = [
    off ? t('counts.why-off-list', {n: off}) : '',
    beside ? t('counts.why-not-asked', {n: beside}) : '',
    own ? t('counts.why-own', {n: own}) : '',
  ];
  const result = code === 'zero-day' ? t('counts.zero-day') : t(`outcome.${code}`, {n, least});
  return sentences([result, ...why]);
}

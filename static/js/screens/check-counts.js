/** What of a check counts, said as its numbers come in and after it was saved: by the day's lists, as far as the phone knows. */

import {html, nothing} from 'lit';
import {askedOf, lineOf} from '../domain/asks.js';
import {verdictOf} from '../domain/checks.js';
import {localDay} from '../domain/days.js';
import {itemsOf, outcome} from '../domain/sessions.js';
import {icon} from '../ui/icons.js';
import {sentences, t} from '../ui/language.js';
import {isDirector} from '../ui/work.js';

/**
 * @typedef {import('./check.js').Check} Check
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').Kind} Kind
 * @typedef {import('../domain/types.js').Item} Item
 */

/** The day whose lists decide: the one that the check is about, else today's. @param {{about: string|null}} draft */
export function dayOf({about}) {
  return about ?? localDay(Date.now());
}

/** Before a row can say whether it counts. @param {Draft} draft @param {import('../domain/listed.js').DayLists} lists @param {{subject: string}[]} others */
export async function learned(draft, lists, others = []) {
  const {kind, items} = draft;
  const day = dayOf(draft);
  const subjects = [...items, ...others].map(({subject}) => subject);
  await lists.learn(kind, day, subjects);
  return lists;
}

/** Why the item does not count; null where it does, or where nobody here knows. @param {Check} screen @param {Item} item */
export function faultOf({draft, data}, item) {
  const {kind, unit, acting} = /** @type {Draft} */ (draft);
  if (unit !== acting) return null; // a county's check stands for the county
  const mail = item.class ?? (kind === 'parcel' ? 'parcel' : null);
  return data.lists?.fault(kind, dayOf(/** @type {Draft} */ (draft)), {...item, class: mail}) ?? null;
}

/** @param {import('../domain/listed.js').Fault|null} fault */
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
  const day = dayOf(/** @type {Draft} */ (draft));
  const least = data.lists?.least(kind.code, day);
  if (least !== null && least !== undefined) return least;
  return askedOf(data.duties, kind, day);
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

/** What else was checked for the day: on this phone, and by anybody as far as it was told. @param {{kind: string, unit: string, id?: string, amends?: string, replaces?: string}} what @param {string} day @param {any[]} records @param {any[]} checked */
export function othersOf({kind, unit, id, amends, replaces}, day, records, checked) {
  const gone = new Set([id, amends, replaces, ...records.flatMap((one) => [one.amends, one.target])].filter(Boolean));
  const mine = records.filter(
    (one) => one.type === 'inspection' && one.kind === kind && one.unit === unit && one.day === day,
  );
  const own = mine.filter((one) => one.state !== 'refused' && one.acting === unit && !gone.has(one.id));
  const here = mine.flatMap(itemsOf);
  const known = new Set(here.map(({subject}) => subject));
  const told = checked.filter((row) => row.kind === kind && row.day === day && !known.has(row.subject));
  return [...own.flatMap(itemsOf), ...told.map(({subject}) => ({subject, class: kind === 'parcel' ? 'parcel' : null}))];
}

/** What the check amounts to; null where the phone was told nothing of the day. @param {Check} screen @param {Draft} draft */
export async function outcomeOf(screen, draft) {
  const {records, checked, lists} = screen.data;
  if (!lists || draft.unit !== draft.acting) return null;
  const day = dayOf(draft);
  const others = othersOf(draft, day, records, checked);
  await learned(draft, lists, others);
  const items = draft.items.map((item) => ({
    ...item,
    class: item.class ?? (draft.kind === 'parcel' ? 'parcel' : null),
  }));
  return outcome(lists, {kind: draft.kind, day, items, others});
}

/** The outcome in words: counts, or does not and why. @param {import('../domain/sessions.js').Outcome} found */
export function outcomeText({code, n, least, off, own, beside}) {
  const why = [
    off ? t('counts.why-off-list', {n: off}) : '',
    beside ? t('counts.why-not-asked', {n: beside}) : '',
    own ? t('counts.why-own', {n: own}) : '',
  ];
  const said = code === 'zero-day' ? t('counts.zero-day') : t(`outcome.${code}`, {n, least});
  return sentences([said, ...why]);
}

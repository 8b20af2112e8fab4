/** The fields of a form's head. Nothing is ever filled in beforehand; a blank number is unknown, not zero. */

import {html, nothing} from 'lit';
import {head} from '../domain/checks.js';
import {localDay} from '../domain/days.js';
import {
  difference,
  fits,
  MOST,
  MOST_LINE,
  MOST_ROWS,
  MOST_TEXT,
  readCount,
  readLines,
  readMoney,
} from '../domain/form-heads.js';
import {toRaise, toSettle} from '../domain/meetings.js';
import {readNumber, readNumbers} from '../domain/numbers.js';
import {subjectOf} from '../domain/subjects.js';
import {lengthOf} from '../domain/text-lengths.js';
import {nearDayText} from '../ui/dates.js';
import {failed, named, t} from '../ui/language.js';
import {limitLine} from '../ui/limit.js';
import {phone} from '../ui/phone.js';
import {pointName} from './point-card.js';

/**
 * @typedef {import('./check.js').Check} Check
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').Kind} Kind
 * @typedef {import('../domain/types.js').Field} Field
 * @typedef {import('../domain/types.js').HeadValue} HeadValue
 * @typedef {{screen: Check, draft: Draft, kind: Kind, field: Field, value: HeadValue, set: (value: HeadValue) => void}} Place
 */

/** @type {Record<string, (place: Place) => unknown>} */
const FORMS = {
  count: (place) => number(place, readCount, String),
  money: (place) => number(place, readMoney, (fen) => (fen / 100).toFixed(2)),
  text: textArea,
  list: (place) => lines(place, 'field.lines'),
  numbers: (place) => lines(place, 'field.numbers'),
  choice: options,
  route: routes,
  people: (place) => ticks(place, peopleOf(place.screen), true),
  problems: (place) => ticks(place, problemsOf(place.screen), false),
  settled: (place) => ticks(place, requirementsOf(place.screen), false),
};

/** @param {Check} screen @param {Draft} draft @param {Kind} kind @param {Field} field */
export function fieldOf(screen, draft, kind, field) {
  const value = draft.header?.[field.code];
  const set = (/** @type {HeadValue} */ next) => screen.step(head, field.code, next);
  const place = {screen, draft, kind, field, value, set};
  return html`
    <div data-field=${field.code}>${FORMS[field.type]?.(place) ?? nothing}${opening(place)}${gap(place)}</div>`;
}

/** @param {Field} field */
function labelled(field) {
  return html`${named(field)}${field.type === 'money' ? t('field.yuan') : ''}${field.required ? nothing : html` <small class="muted">${t('field.optional')}</small>`}`;
}

/** @param {Place} place @param {(text: string) => number|null} read @param {(value: number) => string} write */
function number({field, value, set}, read, write) {
  const typed = (/** @type {Event} */ {target}) => {
    const count = read(/** @type {HTMLInputElement} */ (target).value);
    set(count ?? undefined);
  };
  const bad = typeof value === 'number' && !fits(field.type, value);
  const shown = typeof value === 'number' && !Number.isNaN(value) ? write(value) : '';
  return html`
    <div class="field"><label for="f-${field.code}">${labelled(field)}</label>
      <input id="f-${field.code}" class="input mono" inputmode=${field.type === 'money' ? 'decimal' : 'numeric'} autocomplete="off"
        aria-invalid=${bad ? 'true' : nothing} .defaultValue=${shown} @input=${typed}>
      ${bad ? html`<p class="field-error" role="status">${Number(value) > MOST ? t('field.too-large') : t('field.not-a-number')}</p>` : nothing}</div>`;
}

/** @param {Place} place */
function textArea({field, value, set}) {
  const text = typeof value === 'string' ? value : '';
  return html`
    <div class="field"><label for="f-${field.code}">${labelled(field)}</label>
      <textarea id="f-${field.code}" rows="4" .defaultValue=${text} @input=${(/** @type {Event} */ {target}) => set(/** @type {HTMLTextAreaElement} */ (target).value)}></textarea>${limitLine(text, MOST_TEXT)}</div>`;
}

/** @param {Place} place @param {'field.lines'|'field.numbers'} hint */
function lines({field, value, set}, hint) {
  const rows = rowsIn(value);
  const read = field.type === 'numbers' ? readNumbers : readLines;
  const typed = (/** @type {Event} */ {target}) => set(read(/** @type {HTMLTextAreaElement} */ (target).value));
  const numbers = hint === 'field.numbers';
  return html`
    <div class="field"><label for="f-${field.code}">${labelled(field)}</label>
      <textarea id="f-${field.code}" rows="3" .defaultValue=${rows.join('\n')} @input=${typed}></textarea>
      <p class="field-hint">${numbers ? t('field.numbers') : t('field.lines')}${numbers && rows.length ? html` <b data-read=${rows.length}>${t('field.read', {n: rows.length})}</b>` : nothing}</p>
      ${rowFaults(field.type, rows).map((words) => html`<p class="field-error" role="status">${words}</p>`)}</div>`;
}

/** @param {HeadValue} value */
function rowsIn(value) {
  return Array.isArray(value) ? value : [];
}

/** Which rows cannot stand so: nothing is cut, so somebody has to shorten them. @param {string} type @param {string[]} rows @returns {string[]} */
function rowFaults(type, rows) {
  const most = MOST_ROWS[type];
  const long = rows.filter((row) =>
    type === 'numbers' ? readNumber(row).warning === 'too-long' : lengthOf(row) > MOST_LINE,
  );
  const tooMany = rows.length > most ? [t('limit.rows', {n: rows.length - most, most})] : [];
  return [...tooMany, ...long.map((row) => t('limit.row', {row: `${row.slice(0, 24)}…`}))];
}

/** @param {Place} place */
function options({field, value, set}) {
  return html`
    <fieldset class="field"><legend>${labelled(field)}</legend>
      <div class="choices">${field.options?.map(
        (one) => html`
          <label class="choice"><input type="radio" class="visually-hidden" name="f-${field.code}" .checked=${value === one.code}
            @click=${() => set(value === one.code ? undefined : one.code)}><span class="choice-face">${named(one)}</span></label>`,
      )}</div></fieldset>`;
}

/** One of the unit's routes; those that this phone does not hold cannot be named. @param {Place} place */
function routes({screen, field, value, set}) {
  const own = screen.data.unit?.routes ?? [];
  return html`
    <div class="field"><label for="f-${field.code}">${labelled(field)}</label>
      <select id="f-${field.code}" @change=${(/** @type {Event} */ {target}) => set(/** @type {HTMLSelectElement} */ (target).value || undefined)}>
        <option value="" ?selected=${!value}>${t('choose')}</option>
        ${own.map(({id, name, code}) => html`<option value=${id} ?selected=${id === value}>${name || code}</option>`)}
      </select>${own.length ? nothing : html`<p class="field-hint">${t('field.no-routes')}</p>`}</div>`;
}

/** @param {Place} place @param {{id: string, text: string, about?: string}[]} rows @param {boolean} whole whether one tap may take all */
function ticks({field, value, set}, rows, whole) {
  const ticked = rowsIn(value);
  const turn = (/** @type {string} */ id) =>
    set(ticked.includes(id) ? ticked.filter((other) => other !== id) : [...ticked, id]);
  return html`
    <fieldset class="field"><legend>${labelled(field)}</legend>
      ${rows.length ? nothing : html`<p class="muted small">${t('field.none')}</p>`}
      ${whole && rows.length > 1 ? html`<p><button type="button" class="button button-small" @click=${() => set(rows.map(({id}) => id))}>${t('field.all', {n: rows.length})}</button></p>` : nothing}
      ${rows.map(
        ({id, text, about}) => html`
          <label class="tick"><input type="checkbox" .checked=${ticked.includes(id)} @change=${() => turn(id)}><span>${text}${about ? html` <small class="muted">${about}</small>` : nothing}</span></label>`,
      )}
    </fieldset>`;
}

/** @param {Check} screen */
function peopleOf({data}) {
  return data.people.map(({id, name, roles}) => ({
    id,
    text: name,
    about: roles.map((role) => t(`role.${role}`)).join('、'),
  }));
}

/** @param {Check} screen */
function problemsOf({draft, data}) {
  const own = /** @type {Draft} */ (draft);
  return toRaise(data.problems, own, data.records, localDay(Date.now())).map((problem) => {
    const kind = phone.kind(problem.kind);
    const faults = (kind?.criteria ?? []).filter(({code}) => problem.criteria?.includes(code)).map(failed);
    const given = subjectOf(kind)?.given != null || problem.subject === '-'; // the kind's name says it
    const subject = given ? '' : (pointName(data.points, problem.subject) ?? problem.subject);
    return {
      id: `${problem.inspection}/${problem.ordinal}`,
      text: [named(kind), subject, faults.join(t('list.and'))].filter(Boolean).join(' · '),
      about: nearDayText(problem.day),
    };
  });
}

/** @param {Check} screen */
function requirementsOf({draft, data}) {
  return toSettle(data.requirements, /** @type {Draft} */ (draft), data.records).map(({fact, row, text, day}) => ({
    id: `${fact}/${row}`,
    text,
    about: nearDayText(day),
  }));
}

/** What was carried over is offered as the opening; a tap takes it. @param {Place} place */
function opening({screen, draft, kind, field, value, set}) {
  if (kind.sums?.came[0] !== field.code) return nothing;
  const before = screen.data.balances.filter(({day}) => day < (draft.about ?? '')).at(-1);
  const carried = before?.carried ?? null;
  if (!before || !Number.isInteger(carried) || value === carried) return nothing;
  const take = () => {
    const input = /** @type {HTMLInputElement} */ (screen.querySelector(`#f-${field.code}`));
    input.value = String(carried);
    set(carried);
  };
  return html`<p><button type="button" class="button button-small" @click=${take}>${t('balance.take', {day: nearDayText(before.day), n: carried})}</button></p>`;
}

/** Below the last count: whether it adds up, in words. A gap may be saved. @param {Place} place */
function gap({draft, kind, field}) {
  if (!kind.sums || kind.sums.went.at(-1) !== field.code) return nothing;
  const missing = difference(draft.header, kind.sums);
  if (missing === null) return html`<p class="field-hint" role="status">${t('balance.open')}</p>`;
  if (!missing) return html`<p class="chip chip-ok" role="status">${t('balance.even')}</p>`;
  return html`<p class="chip chip-bad" role="status">${missing > 0 ? t('balance.missing', {n: missing}) : t('balance.over', {n: -missing})}</p>`;
}

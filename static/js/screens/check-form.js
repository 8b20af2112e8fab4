/** The parts of a check beyond numbers and criteria: day, method, head, classes, letters. The kind says which. */

import {html, nothing} from 'lit';
import {aboutDay, addItem, by, describe, isJudged, MOST_TAG, passWhole, verdictOf} from '../domain/checks.js';
import {addDays, localDay} from '../domain/days.js';
import {countOf, doubtOf} from '../domain/strata.js';
import {tidy} from '../domain/texts.js';
import {picked, returned, watched} from '../domain/waiting.js';
import {icon} from '../ui/icons.js';
import {named, t, tOr} from '../ui/language.js';
import {limitLine, limitPlace, tellLimit} from '../ui/limit.js';
import {touched} from '../ui/lists.js';
import {phone} from '../ui/phone.js';
import {asksMethod} from '../ui/work.js';
import {fieldOf} from './check-fields.js';
import {detail} from './check-row.js';

/**
 * @typedef {import('./check.js').Check} Check
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').Kind} Kind
 */

const SECTIONS = ['people', 'problems', 'requirements', 'balances', 'duties'];
const AHEAD = 7; // days for which items are chosen in advance

/** The pulled rows that the head needs. @param {string} unit */
export async function sections(unit) {
  const rows = await Promise.all(SECTIONS.map((name) => phone.store.section(unit, name)));
  return Object.fromEntries(SECTIONS.map((name, i) => [name, rows[i]]));
}

/** What the day's lists name for this kind. @param {Draft} draft @param {any[]} records */
export async function listed({kind, unit, about}, records) {
  const own = records.filter((one) => one.kind === kind && one.unit === unit && one.day === about);
  const done = new Set([...touched(own, 'inspection')].map((key) => key.split(' ').slice(2).join(' ')));
  if (kind === 'return') {
    const rows = returned(await phone.store.section(unit, 'returns'), about, done);
    return rows.map((row) => ({...row, words: t('return.reason', {reason: row.reason || '—'})}));
  }
  if (kind !== 'watch') return [];
  const [rows, [row]] = await Promise.all(['watch', 'unit'].map((name) => phone.store.section(unit, name)));
  const routes = new Map((row?.routes ?? []).map((/** @type {any} */ one) => [one.id, one.name || one.code]));
  return watched(rows, about, done, picked(records, unit)).map((one) => ({
    ...one,
    route: routes.get(one.routeId),
    words: t(one.drawn ? 'watch.drawn' : 'watch.chosen'),
  }));
}

/** Above the items, or instead of them. @param {Check} screen @param {Draft} draft @param {Kind} kind */
export function formPage(screen, draft, kind) {
  return html`
    ${kind.about ? dayChoice(screen, draft, kind) : nothing}
    ${asksMethod(kind) || !kind.methods?.includes(draft.method) ? methodChoice(screen, draft, kind) : nothing}
    ${kind.fields?.length ? html`<section class="card stack">${kind.fields.map((field) => fieldOf(screen, draft, kind, field))}</section>` : nothing}
    ${kind.strata?.length ? counters(screen, draft, kind) : nothing}
    ${kind.subject === 'none' && isJudged(kind) ? judgement(screen, draft, kind) : nothing}`;
}

/** @param {Check} screen @param {Draft} draft @param {Kind} kind */
function dayChoice(screen, draft, kind) {
  const today = localDay(Date.now());
  const ahead = kind.type === 'selection';
  const set = (/** @type {Event} */ {target}) => {
    const {value} = /** @type {HTMLInputElement} */ (target);
    if (!value) return;
    screen.step(aboutDay, value);
    screen.reload();
  };
  return html`
    <div class="field"><label for="about">${t(ahead ? 'about.ahead' : 'about.day')}</label>
      <input id="about" type="date" .value=${draft.about ?? ''} min=${ahead ? today : nothing} max=${ahead ? addDays(today, AHEAD) : today} @change=${set}></div>`;
}

/** @param {Check} screen @param {Draft} draft @param {Kind} kind */
function methodChoice(screen, draft, {methods = []}) {
  return html`
    <fieldset class="field"><legend>${t('method')}</legend>
      <div class="choices">${methods.map((code) => radio('method', code, t(`method.${code}`), draft.method === code, () => screen.step(by, code)))}</div>
    </fieldset>`;
}

/** @param {string} name @param {string} value @param {string} text @param {boolean} checked @param {() => void} set */
function radio(name, value, text, checked, set) {
  return html`
    <label class="choice"><input type="radio" class="visually-hidden" name=${name} value=${value} .checked=${checked} @change=${set}>
      <span class="choice-face">${text}</span></label>`;
}

/** @param {Check} screen @param {Draft} draft @param {Kind} kind */
function judgement(screen, draft, kind) {
  const passed = verdictOf(draft.items[0], kind) === 'pass';
  return html`
    <section class="card stack" data-index="0">
      <button type="button" class="verdict verdict-pass" aria-pressed=${passed} @click=${() => screen.step(passWhole, 0)}>${icon('check')}<span>${t('point.pass')}</span></button>
      <p class="muted small">${t('point.or')}</p>
      ${detail(screen, draft, kind, 0)}
    </section>`;
}

/** How many of each stratum count, against what the open duty wants. @param {Check} screen @param {Draft} draft @param {Kind} kind */
function counters(screen, draft, kind) {
  const duty = screen.data.duties?.find((/** @type {any} */ one) => one.kind === kind.code && one.strata);
  return html`
    <div class="row">${kind.strata?.map((one) => {
      const n = countOf(draft.items, one.code, one.distinct === 'tag');
      const of = duty?.strata?.[one.code];
      const words = one.distinct === 'tag' ? t('letters.distinct') : '';
      return html`<span class="chip ${of && n >= of ? 'chip-ok' : 'chip-quiet'}">${named(one)} ${of ? t('of', {n, of}) : n} ${words}</span>`;
    })}</div>`;
}

/** A letter is called by its stratum and place; null: by its number. @param {Draft} draft @param {Kind} kind @param {number} index */
export function labelOf(draft, kind, index) {
  if (kind.subject !== 'letter') return null;
  const {stratum} = draft.items[index];
  const place = draft.items.slice(0, index + 1).filter((one) => one.stratum === stratum).length;
  const found = kind.strata?.find(({code}) => code === stratum);
  return `${found ? named(found) : t('letters.one')} ${place}`;
}

/** What an item is: its class, its route, its address. @param {Check} screen @param {Draft} draft @param {Kind} kind @param {number} index @param {boolean} fixed the list says so already */
export function parts(screen, draft, kind, index, fixed) {
  const item = draft.items[index];
  const set = (/** @type {any} */ part) => screen.step(describe, index, part);
  const {classes = [], strata = []} = kind;
  const byTag = strata.some(({code, distinct}) => distinct === 'tag' && code === item.stratum);
  const doubt = byTag ? doubtOf(draft.items, index) : null;
  return html`
    ${
      classes.length > 1 && !fixed
        ? select(
            `class-${index}`,
            t('item.class'),
            item.class,
            classes.map((code) => [code, tOr(`class.${code}`, code)]),
            (value) => set({class: value}),
          )
        : nothing
    }
    ${
      kind.type === 'selection' && screen.data.unit?.routes.length
        ? select(
            `route-${index}`,
            t('point.route'),
            item.route,
            screen.data.unit.routes.map((/** @type {any} */ one) => [one.id, one.name || one.code]),
            (value) => set({route: value}),
          )
        : nothing
    }
    ${kind.tag === 'optional' && !fixed ? tagField(index, item.tag ?? '', (text) => set({tag: text})) : nothing}
    ${doubt ? html`<p class="field-error" role="status">${icon('warn')} ${t(`letters.${doubt}`)}</p>` : nothing}`;
}

/** @param {number} index @param {string} value @param {(text: string) => void} set */
function tagField(index, value, set) {
  return html`
    <div class="field"><label for="tag-${index}">${t('letters.tag')}</label>
      <input id="tag-${index}" class="input" autocomplete="off" .defaultValue=${value} @input=${(/** @type {Event} */ {target}) => set(/** @type {HTMLInputElement} */ (target).value)}>${limitLine(value, MOST_TAG)}</div>`;
}

/** @param {string} id @param {string} label @param {string|null|undefined} value @param {string[][]} options @param {(value: string|null) => void} set */
function select(id, label, value, options, set) {
  return html`
    <div class="field"><label for=${id}>${label}</label>
      <select id=${id} @change=${(/** @type {Event} */ {target}) => set(/** @type {HTMLSelectElement} */ (target).value || null)}>
        <option value="" ?selected=${!value}>${t('choose')}</option>
        ${options.map(([code, text]) => html`<option value=${code} ?selected=${code === value}>${text}</option>`)}
      </select></div>`;
}

/** One more letter of a stratum, with its address. @param {Check} screen @param {Draft} draft @param {Kind} kind */
export function letterBar(screen, draft, kind) {
  if (kind.subject !== 'letter') return nothing;
  const add = (/** @type {string|null} */ stratum) => {
    const input = /** @type {HTMLInputElement} */ (screen.querySelector('#tag-new'));
    if (!tellLimit(input, MOST_TAG)) return input.focus();
    screen.step(addItem, {subject: label(draft, stratum), stratum, tag: tidy(input.value) || null});
    input.value = '';
  };
  return html`
    <div class="field"><label for="tag-new">${t('letters.tag')}</label><input id="tag-new" class="input" autocomplete="off" @input=${(/** @type {Event} */ {target}) => tellLimit(/** @type {HTMLInputElement} */ (target), MOST_TAG)}>${limitPlace()}</div>
    <div class="doubt-ways letter-ways">${kind.strata?.length ? kind.strata.map((one) => html`<button type="button" class="button" data-stratum=${one.code} @click=${() => add(one.code)}>${icon('plus')}<span>${named(one)}</span></button>`) : html`<button type="button" class="button" @click=${() => add(null)}>${icon('plus')}<span>${t('letters.one')}</span></button>`}</div>`;
}

/** Unique in the session, not only in the record: two records of a day are one session. @param {Draft} draft @param {string|null} stratum */
function label(draft, stratum) {
  const taken = new Set(draft.items.map(({subject}) => subject));
  let n = draft.items.length + 1;
  const text = () => `${stratum ?? 'letter'}-${draft.id.slice(-8)}-${n}`;
  while (taken.has(text())) n += 1;
  return text();
}

/** The parts of a check beyond numbers and criteria: day, method, head, classes, letters. The kind says which. */

import {html, nothing} from 'lit';
import {aboutDay, by, describe, isJudged, MOST_TAG, passWhole, verdictOf} from '../domain/checks.js';
import {addDays, localDay} from '../domain/days.js';
import {judgedHere} from '../domain/draws.js';
import {countOf, distinctIn, doubtOf} from '../domain/strata.js';
import {picked, returned, watched} from '../domain/waiting.js';
import {asksMethod} from '../domain/work.js';
import {worklistOf} from '../domain/worklists.js';
import {icon} from '../ui/icons.js';
import {named, t, tOr} from '../ui/language.js';
import {limitLine} from '../ui/limit.js';
import {phone} from '../ui/phone.js';
import {fieldOf} from './check-fields.js';
import {detail} from './check-row.js';

/**
 * @typedef {import('./check.js').Check} Check
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').Kind} Kind
 */

const AHEAD = 7; // days for which items are chosen in advance

/** The pulled rows that the head needs. @param {string} unit */
export function sections(unit) {
  return phone.store.sections(unit, ['people', 'problems', 'requirements', 'balances']);
}

/**
 * What the list of the day names for this kind.
 * @param {Kind} kind @param {Draft} draft @param {import('../domain/types.js').Rec[]} records
 * @returns {Promise<import('../domain/draws.js').Listed[]>}
 */
export async function listed(kind, draft, records) {
  const list = worklistOf(kind);
  const {unit, about} = draft;
  const done = judgedHere(records, draft);
  if (list === 'returns') {
    const rows = returned(await phone.store.section(unit, 'returns'), about, done);
    return rows.map((row) => ({...row, words: t('return.reason', {reason: row.reason || '—'})}));
  }
  if (list !== 'watch') return [];
  const pulled = await phone.store.sections(unit, ['watch', 'unit']);
  const routes = new Map((pulled.unit[0]?.routes ?? []).map(({id, name, code}) => [id, name || code]));
  return watched(pulled.watch, about, done, picked(records, unit)).map(({routeId, drawn, ...row}) => ({
    ...row,
    route: routes.get(routeId ?? ''),
    words: t(drawn ? 'watch.drawn' : 'watch.chosen'),
  }));
}

/** Above the items, or instead of them. @param {Check} screen @param {Draft} draft @param {Kind} kind */
export function formPage(screen, draft, kind) {
  return html`
    ${kind.about ? dayChoice(screen, draft, kind) : nothing}
    ${asksMethod(kind) || !kind.methods?.includes(draft.method) ? methodChoice(screen, draft, kind) : nothing}
    ${kind.fields?.length ? html`<section class="card stack">${kind.fields.map((field) => fieldOf(screen, draft, kind, field))}</section>` : nothing}
    ${kind.strata?.length ? counters(screen, draft, kind) : nothing}`;
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

/**
 * Of a record about one thing: it passes as a whole or by its criteria, or there is only something to be photographed.
 * @param {Check} screen @param {Draft} draft @param {Kind} kind
 */
export function judgement(screen, draft, kind) {
  const judged = isJudged(kind);
  if (!judged && kind.photo !== 'always') return nothing;
  if (!judged) return html`<section class="card stack" data-index="0">${detail(screen, draft, kind, 0)}</section>`;
  const passed = verdictOf(draft.items[0], kind) === 'pass';
  return html`
    <section class="card stack" data-index="0">
      <button type="button" class="verdict verdict-pass" aria-pressed=${passed} @click=${() => screen.step(passWhole, 0, kind)}>${icon('check')}<span>${t('point.pass')}</span></button>
      <p class="muted small">${t('point.or')}</p>
      ${detail(screen, draft, kind, 0)}
    </section>`;
}

/** How many of each stratum count, against what the open duty wants. @param {Check} screen @param {Draft} draft @param {Kind} kind */
function counters(screen, draft, kind) {
  const duty = screen.data.duties.find((line) => line.kind === kind.code && line.strata);
  return html`
    <div class="row">${kind.strata?.map((one) => {
      const n = countOf(draft.items, one.code, one.distinct === 'tag');
      const of = duty?.strata?.[one.code];
      const words = one.distinct === 'tag' ? t('letters.distinct') : '';
      return html`<span class="chip ${of && n >= of ? 'chip-ok' : 'chip-quiet'}">${named(one)} ${of ? t('of', {n, of}) : n} ${words}</span>`;
    })}</div>`;
}

/** What an item is: its class, its route, its address. @param {Check} screen @param {Draft} draft @param {Kind} kind @param {number} index @param {boolean} fixed the list says so already */
export function parts(screen, draft, kind, index, fixed) {
  const item = draft.items[index];
  const set = (/** @type {Partial<import('../domain/types.js').Item>} */ part) => screen.step(describe, index, part);
  const {classes = []} = kind;
  const byTag = distinctIn(kind).includes(item.stratum ?? '');
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
            screen.data.unit.routes.map(({id, name, code}) => [id, name || code]),
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

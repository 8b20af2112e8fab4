/** The relay register on the phone: confirm a point as it is, change it, photograph it, close and reopen it, add one. */

import {html, nothing} from 'lit';
import {addDays, localDay} from '../domain/days.js';
import {freeze} from '../domain/facts.js';
import {ahead, byConfirmation, changes, isShut, pointFact, shutOn} from '../domain/register.js';
import {isDirector, keeperOf} from '../domain/work.js';
import {dayText, nearDayText} from '../ui/dates.js';
import {photoStrip} from '../ui/evidence.js';
import {icon} from '../ui/icons.js';
import {t, tOr} from '../ui/language.js';
import {limitPlace, tellLimit} from '../ui/limit.js';
import {phone} from '../ui/phone.js';
import {place} from '../ui/place.js';
import {notSaved} from '../ui/room.js';
import {empty, Screen, subBar} from '../ui/screen.js';
import {ask} from '../ui/sheet.js';

const KINDS = ['mail-room', 'property', 'village'];
const AHEAD = 366; // days: a closing may be known so long before
const AGREEMENTS = ['none', 'oral', 'written'];
/** @type {['name'|'address'|'keeper'|'contact'|'note', string, number][]} name, label, most characters */
const TEXTS = [
  ['name', 'register.name', 80],
  ['address', 'point.address', 120],
  ['keeper', 'point.keeper', 40],
  ['contact', 'register.contact', 40],
  ['note', 'note', 200],
];

/**
 * @typedef {import('../domain/types.js').Point} Point
 * @typedef {import('../domain/register.js').Values} Values
 * @typedef {import('../domain/types.js').PhotoNote} PhotoNote
 * @typedef {Omit<Parameters<typeof pointFact>[0], 'unit'|'acting'>} Change
 */

async function readRegister() {
  const {store} = phone;
  const [units, chosen, records, pulled] = await Promise.all([
    store.rows('unit'),
    store.get('unit'),
    store.records(),
    store.get('pulled'),
  ]);
  const able = units.filter((one) => keeperOf(one, units));
  const unit = able.find(({code}) => code === chosen) ?? able[0] ?? null;
  const points = unit ? await store.section(unit.code, 'points') : [];
  const said = ahead(records, unit?.code, pulled);
  const known = new Set(points.map(({id}) => id));
  const today = localDay(Date.now());
  return {
    unit,
    acting: unit && (keeperOf(unit, units) ?? undefined),
    points: byConfirmation(points.filter((point) => !isShut(point, today))),
    closed: points.filter((point) => isShut(point, today)).sort((a, b) => (shutOn(a) < shutOn(b) ? 1 : -1)),
    fresh: [...said].filter(([id]) => !known.has(id)).map(([, {values}]) => values),
    said,
  };
}

/** @extends {Screen<Awaited<ReturnType<typeof readRegister>>>} */
export class Register extends Screen {
  static properties = {opened: {state: true}, photo: {state: true}};

  constructor() {
    super();
    /** @type {string|null} the point whose form is open; `new` */ this.opened = null;
    /** @type {PhotoNote|null|undefined} the form's new photo; null: taken away, undefined: as it was */ this.photo =
      undefined;
    this.committing = false;
    this.turned = () => this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    place.addEventListener('place', this.turned);
  }

  disconnectedCallback() {
    place.removeEventListener('place', this.turned);
    if (this.opened) place.release();
    super.disconnectedCallback();
  }

  async read() {
    return readRegister();
  }

  page() {
    const {unit, points, closed, fresh} = this.data;
    return html`
      ${subBar({title: t('title.register'), parent: '/app/'})}
      <div class="page stack">
        ${unit ? html`<p class="muted">${t('register.hint')}</p>` : empty({icon: 'point', title: t('volumes.none')})}
        ${unit ? (this.opened === 'new' ? this.form({}) : html`<p><button type="button" class="button button-wide" data-new @click=${() => this.unfold('new')}>${icon('plus')}<span>${t('register.add')}</span></button></p>`) : nothing}
        ${fresh.map((values) => card(values, saidChip('open')))}
        ${points.map((point) => this.point(point))}
        ${closed.length ? html`<details class="fold" data-closed><summary>${icon('info')}${t('register.closed', {n: closed.length})}</summary>${closed.map((point) => this.closed(point))}</details>` : nothing}
      </div>`;
  }

  /** @param {Point} point */
  point(point) {
    const {unit, said} = this.data;
    const op = said.get(point.id)?.op;
    const state = op
      ? saidChip(op)
      : point.confirmed
        ? chip('ok', 'check', t('register.confirmed', {day: nearDayText(point.confirmed)}))
        : chip('warn', 'warn', t('register.unconfirmed'));
    const ways = html`
      <div class="doubt-ways">
        ${op || !unit || !isDirector(unit) ? nothing : html`<button type="button" class="button button-primary" data-confirm @click=${() => this.put({point: point.id, op: 'confirm'})}>${t('register.confirm')}</button>`}
        <button type="button" class="button" data-change @click=${() => this.unfold(point.id)}>${t('register.change')}</button>
        ${op || !point.closes ? nothing : html`<button type="button" class="button" data-keep @click=${() => this.put({point: point.id, op: 'reopen'})}>${icon('undo')}<span>${t('register.keep')}</span></button>`}</div>`;
    const shown =
      point.closes && !op
        ? html`${state} ${chip('warn', 'warn', t('register.closes', {day: dayText(point.closes)}))}`
        : state;
    return card(point, shown, this.opened === point.id ? this.form(point) : ways);
  }

  /** @param {Point} point one that is no longer open */
  closed(point) {
    const op = this.data.said.get(point.id)?.op;
    const reopen = html`<button type="button" class="button" data-reopen @click=${() => this.put({point: point.id, op: 'reopen'})}>${icon('undo')}<span>${t('register.reopen')}</span></button>`;
    const state = op ? saidChip(op) : chip('quiet', 'info', t('register.closed-on', {day: dayText(shutOn(point))}));
    return card(point, state, op ? nothing : reopen);
  }

  /** @param {string|null} id */
  unfold(id) {
    if (id && !this.opened) place.hold();
    if (!id && this.opened) place.release();
    Object.assign(this, {opened: id, photo: undefined});
  }

  /** @param {Partial<Point>} point empty: a new one */
  form(point) {
    const fix = place.fresh();
    const routes = (this.data.unit?.routes ?? []).map(({id, name, code}) => [id, name || code]);
    return html`
      <form class="stack ${point.id ? '' : 'card'}" @submit=${(/** @type {SubmitEvent} */ event) => this.submit(event, point)}>
        ${TEXTS.map(([name, label, most]) => html`<div class="field"><label for="r-${name}">${t(label)}</label><input id="r-${name}" name=${name} class="input" data-most=${most} autocomplete="off" ?required=${name === 'name'} .defaultValue=${point[name] ?? ''} @input=${tell}>${limitPlace()}</div>`)}
        ${choice(
          'kind',
          t('point.kind'),
          point.kind,
          KINDS.map((code) => [code, t(`point.${code}`)]),
          true,
        )}
        ${choice('route', t('point.route'), point.route, routes, false)}
        ${choice(
          'agreement',
          t('register.agreement'),
          point.agreement,
          AGREEMENTS.map((code) => [code, t(`agreement.${code}`)]),
          false,
        )}
        ${this.picture(point)}
        <label class="tick"><input type="checkbox" name="here" ?disabled=${!fix}><span>${fix ? t('register.here', {n: Math.round(fix.accuracy)}) : t('place.waiting')}</span></label>
        <button class="button button-primary button-wide">${icon('check')}<span>${t('register.save')}</span></button>
        ${point.id ? this.until(point) : nothing}
        <div class="doubt-ways"><button type="button" class="button" @click=${() => this.unfold(null)}>${t('back')}</button>
          ${point.id ? html`<button type="button" class="button button-danger" @click=${() => this.shut(point)}>${t('register.close')}</button>` : nothing}</div>
      </form>`;
  }

  /** One photo: how the place looks. @param {Partial<Point>} point */
  picture(point) {
    const shown = this.photo === undefined ? point.photo : this.photo?.sha256;
    const add = (/** @type {PhotoNote|null|undefined} */ photo) => (this.photo = photo);
    const strip = photoStrip({
      photos: shown ? [{sha256: shown}] : [],
      label: t('register.photo'),
      add,
      remove: () => {
        const before = this.photo;
        add(null);
        phone.say(t('undo.photo'), 'ok', () => this.isConnected && add(before));
      },
      most: 1,
    });
    return html`<fieldset class="field" data-photo><legend>${t('register.photo')}</legend>${strip}</fieldset>`;
  }

  /** @param {SubmitEvent} event @param {Partial<Point>} point */
  submit(event, point) {
    event.preventDefault();
    const fields = [.../** @type {HTMLFormElement} */ (event.target).querySelectorAll('input[data-most]')];
    const long = /** @type {HTMLInputElement[]} */ (fields).filter(
      (field) => !tellLimit(field, Number(field.dataset.most)),
    );
    if (long.length) return long[0].focus();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const {here, ...typed} = Object.fromEntries(form);
    const values = changes(point, typed);
    if (values.agreement === null) delete values.agreement; // the register knows no blank one
    const fix = here ? place.fresh() : null;
    if (fix) Object.assign(values, {latitude: fix.latitude, longitude: fix.longitude});
    if (this.photo !== undefined && (this.photo?.sha256 ?? null) !== (point.photo ?? null)) values.photo = this.bare();
    if (!Object.keys(values).length) return this.unfold(null);
    return this.put(point.id ? {point: point.id, op: 'change', values} : {op: 'open', values});
  }

  /** Where the photo was taken is nobody's business here: the register has its own position. */
  bare() {
    if (!this.photo) return null;
    const {sha256, size, type} = this.photo;
    return {sha256, size, type};
  }

  /** From which day on it is closed; it may lie ahead. @param {Partial<Point>} point */
  until(point) {
    const today = localDay(Date.now());
    return html`
      <div class="field"><label for="r-until">${t('register.until')}</label>
        <input id="r-until" class="input" type="date" min=${today} max=${addDays(today, AHEAD)} .defaultValue=${point.closes ?? today} aria-describedby="r-until-hint">
        <p class="field-hint" id="r-until-hint">${t('register.until-hint')}</p></div>`;
  }

  /** @param {Partial<Point>} point */
  async shut(point) {
    const field = /** @type {HTMLInputElement|null} */ (this.querySelector('#r-until'));
    if (field && !field.reportValidity()) return;
    const day = field?.value || localDay(Date.now());
    const reason = await ask({
      title: t('register.close-title', {name: point.name, day: dayText(day)}),
      text: t('register.close-text'),
      yes: t('register.close'),
      danger: true,
      input: {label: t('register.close-reason'), required: t('withdraw.required')},
    });
    if (typeof reason === 'string') await this.put({point: point.id, op: 'close', day, reason});
  }

  /** @param {Change} change */
  async put(change) {
    const {unit, acting} = this.data;
    if (this.committing || !unit || !acting) return;
    this.committing = true;
    try {
      await phone.store.commitFact(await freeze(pointFact({unit: unit.code, acting, ...change}, Date.now())));
      this.unfold(null);
      phone.say(t('saved.point'));
    } catch (error) {
      notSaved(error);
    } finally {
      this.committing = false;
    }
  }
}

/** @param {Partial<Point>|Values} point as registered, or as said on this phone @param {unknown} state @param {unknown} [ways] */
function card(point, state, ways = nothing) {
  const about = [tOr(`point.${point.kind}`, point.kind ?? ''), point.address, point.keeper, point.contact].filter(
    Boolean,
  );
  return html`
    <section class="card stack-tight" data-point=${'id' in point ? point.id : nothing}>
      <h2 class="card-title">${point.name}</h2>
      <p class="muted small">${about.join(' · ')}</p>
      <p>${state}</p>
      ${ways}
    </section>`;
}

/** @param {string} tone @param {string} name @param {string} text */
function chip(tone, name, text) {
  return html`<span class="chip chip-${tone}">${icon(name)}${text}</span>`;
}

/** What this phone said of it, and the register does not show yet. @param {string} op */
function saidChip(op) {
  return chip('quiet', 'phone', t(`register-said.${op}`));
}

/** @param {Event} event */
function tell({target}) {
  const field = /** @type {HTMLInputElement} */ (target);
  tellLimit(field, Number(field.dataset.most));
}

/** @param {string} name @param {string} label @param {string|null|undefined} value @param {string[][]} options @param {boolean} required */
function choice(name, label, value, options, required) {
  return html`
    <div class="field"><label for="r-${name}">${label}</label>
      <select id="r-${name}" name=${name} ?required=${required}><option value="" ?selected=${!value}>${t('choose')}</option>
        ${options.map(([code, text]) => html`<option value=${code} ?selected=${code === value}>${text}</option>`)}</select></div>`;
}

customElements.define('tc-register', Register);

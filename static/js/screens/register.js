/** The relay register on the phone: confirm a point as it is, change it, close it, add one. */

import {html, nothing} from 'lit';
import {freeze} from '../domain/facts.js';
import {byConfirmation, changes, pointFact} from '../domain/register.js';
import {nearDayText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {t, tOr} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {place} from '../ui/place.js';
import {empty, Screen, subBar} from '../ui/screen.js';
import {ask} from '../ui/sheet.js';
import {keepsBooks} from '../ui/work.js';

const KINDS = ['mail-room', 'property', 'village'];
const AGREEMENTS = ['none', 'oral', 'written'];
/** @type {[string, string, number][]} name, label, most characters */
const TEXTS = [
  ['name', 'register.name', 80],
  ['address', 'point.address', 120],
  ['keeper', 'point.keeper', 40],
  ['contact', 'register.contact', 40],
  ['note', 'note', 200],
];

export class Register extends Screen {
  static properties = {opened: {state: true}};

  constructor() {
    super();
    /** @type {string|null} the point whose form is open; `new` */ this.opened = null;
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
    const {store} = phone;
    const [units, chosen, records, pulled] = await Promise.all([
      store.rows('unit'),
      store.get('unit'),
      store.records(),
      store.get('pulled'),
    ]);
    const able = units.filter(keepsBooks);
    const unit = able.find((/** @type {any} */ {code}) => code === chosen) ?? able[0] ?? null;
    const points = unit ? await store.section(unit.code, 'points') : [];
    const ahead = records.filter(
      (/** @type {any} */ one) => one.type === 'point' && (one.state === 'unsent' || one.sent > pulled),
    );
    return {
      unit,
      points: byConfirmation(points),
      said: new Map(ahead.map((/** @type {any} */ one) => [JSON.parse(one.open).point, JSON.parse(one.open).op])),
    };
  }

  page() {
    const {unit, points} = this.data;
    return html`
      ${subBar({title: t('title.register'), parent: '/app/'})}
      <div class="page stack">
        ${unit ? html`<p class="muted">${t('register.hint')}</p>` : empty({icon: 'point', title: t('volumes.none')})}
        ${unit ? (this.opened === 'new' ? this.form({}) : html`<p><button type="button" class="button button-wide" data-new @click=${() => this.unfold('new')}>${icon('plus')}<span>${t('register.add')}</span></button></p>`) : nothing}
        ${points.map((/** @type {any} */ point) => this.point(point))}
      </div>`;
  }

  /** @param {any} point */
  point(point) {
    const said = this.data.said.get(point.id);
    const about = [tOr(`point.${point.kind}`, point.kind), point.address, point.keeper, point.contact]
      .filter(Boolean)
      .join(' · ');
    return html`
      <section class="card stack-tight" data-point=${point.id}>
        <h2 class="card-title">${point.name}</h2>
        <p class="muted small">${about}</p>
        <p>${said ? html`<span class="chip chip-quiet">${icon('phone')}${t(`register-said.${said}`)}</span>` : point.confirmed ? html`<span class="chip chip-ok">${icon('check')}${t('register.confirmed', {day: nearDayText(point.confirmed)})}</span>` : html`<span class="chip chip-warn">${icon('warn')}${t('register.unconfirmed')}</span>`}</p>
        ${
          this.opened === point.id
            ? this.form(point)
            : html`<div class="doubt-ways">
                ${said ? nothing : html`<button type="button" class="button button-primary" data-confirm @click=${() => this.put({point: point.id, op: 'confirm'})}>${t('register.confirm')}</button>`}
                <button type="button" class="button" data-change @click=${() => this.unfold(point.id)}>${t('register.change')}</button></div>`
        }
      </section>`;
  }

  /** @param {string|null} id */
  unfold(id) {
    if (id && !this.opened) place.hold();
    if (!id && this.opened) place.release();
    this.opened = id;
  }

  /** @param {any} point empty: a new one */
  form(point) {
    const fix = place.fresh();
    const routes = this.data.unit.routes.map((/** @type {any} */ one) => [one.id, one.name || one.code]);
    return html`
      <form class="stack ${point.id ? '' : 'card'}" @submit=${(/** @type {SubmitEvent} */ event) => this.submit(event, point)}>
        ${TEXTS.map(([name, label, most]) => html`<div class="field"><label for="r-${name}">${t(label)}</label><input id="r-${name}" name=${name} class="input" maxlength=${most} autocomplete="off" ?required=${name === 'name'} .defaultValue=${point[name] ?? ''}></div>`)}
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
        <label class="tick"><input type="checkbox" name="here" ?disabled=${!fix}><span>${fix ? t('register.here', {n: Math.round(fix.accuracy)}) : t('place.waiting')}</span></label>
        <button class="button button-primary button-wide">${icon('check')}<span>${t('register.save')}</span></button>
        <div class="doubt-ways"><button type="button" class="button" @click=${() => this.unfold(null)}>${t('back')}</button>
          ${point.id ? html`<button type="button" class="button button-danger" @click=${() => this.shut(point)}>${t('register.close')}</button>` : nothing}</div>
      </form>`;
  }

  /** @param {SubmitEvent} event @param {any} point */
  submit(event, point) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const {here, ...typed} = Object.fromEntries(form);
    const values = changes(point, typed);
    if (values.agreement === null) delete values.agreement; // the register knows no blank one
    const fix = here ? place.fresh() : null;
    if (fix) Object.assign(values, {latitude: fix.latitude, longitude: fix.longitude});
    if (!Object.keys(values).length) return this.unfold(null);
    return this.put(point.id ? {point: point.id, op: 'change', values} : {op: 'open', values});
  }

  /** @param {any} point */
  async shut(point) {
    const reason = await ask({
      title: t('register.close-title', {name: point.name}),
      text: t('register.close-text'),
      yes: t('register.close'),
      danger: true,
      input: {label: t('withdraw.reason'), required: t('withdraw.required')},
    });
    if (typeof reason === 'string') await this.put({point: point.id, op: 'close', reason});
  }

  /** @param {any} change */
  async put(change) {
    if (this.committing) return;
    this.committing = true;
    try {
      await phone.store.commitFact(await freeze(pointFact({unit: this.data.unit.code, ...change}, Date.now())));
      this.unfold(null);
      phone.say(t('saved.point'));
    } catch (error) {
      console.error(error);
      phone.say(t('error.storage'), 'bad');
    } finally {
      this.committing = false;
    }
  }
}

/** @param {string} name @param {string} label @param {any} value @param {string[][]} options @param {boolean} required */
function choice(name, label, value, options, required) {
  return html`
    <div class="field"><label for="r-${name}">${label}</label>
      <select id="r-${name}" name=${name} ?required=${required}><option value="" ?selected=${!value}>${t('choose')}</option>
        ${options.map(([code, text]) => html`<option value=${code} ?selected=${code === value}>${text}</option>`)}</select></div>`;
}

customElements.define('tc-register', Register);

/** The day's volume, typed by the director where no list says it: blank is unknown, zero is zero. */

import {html, nothing} from 'lit';
import {localDay} from '../domain/days.js';
import {freeze} from '../domain/facts.js';
import {readCount} from '../domain/form-heads.js';
import {volumeFact, volumeFaults} from '../domain/volumes.js';
import {isDirector} from '../domain/work.js';
import {dayText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {t, tOr} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {notSaved} from '../ui/room.js';
import {router} from '../ui/router.js';
import {empty, notice, Screen, subBar} from '../ui/screen.js';

const FIGURES = ['items', 'returned'];

async function readVolumes() {
  const [units, chosen] = await Promise.all([phone.store.rows('unit'), phone.store.get('unit')]);
  const able = units.filter(isDirector);
  const unit = able.find(({code}) => code === chosen) ?? able[0] ?? null;
  const rows = unit ? await phone.store.section(unit.code, 'volumes') : [];
  const classes = [...new Set(phone.kinds.flatMap((kind) => kind.classes ?? []))];
  return {unit, rows, classes};
}

/** @typedef {import('../domain/types.js').Row<'volumes'>} Row */

/** @extends {Screen<Awaited<ReturnType<typeof readVolumes>>>} */
export class Volumes extends Screen {
  static properties = {day: {state: true}, typed: {state: true}, returned: {state: true}};

  constructor() {
    super();
    this.day = this.route.id ?? localDay(Date.now()); // the constructor's route is the router's
    /** @type {Record<string, Record<string, number|null>>} by class, what was typed */ this.typed = {};
    /** @type {number|null} of all numbered classes together */ this.returned = null;
    this.committing = false;
  }

  async read() {
    return readVolumes();
  }

  page() {
    const {unit, rows, classes} = this.data;
    if (!unit)
      return html`${subBar({title: t('title.volumes'), parent: '/app/'})}${empty({icon: 'list', title: t('volumes.none')})}`;
    const row = rows.find(({day}) => day === this.day);
    const today = localDay(Date.now());
    // Only the last weeks are told to a phone: of a day before them it does not say that nothing was typed.
    const days = rows.map((typed) => typed.day).sort();
    const missing = days.length && this.day < days[0] ? 'volumes.not-told' : 'volumes.missing';
    const pick = (/** @type {Event} */ {target}) => {
      this.day = /** @type {HTMLInputElement} */ (target).value || today;
      Object.assign(this, {typed: {}, returned: null});
    };
    return html`
      ${subBar({title: t('title.volumes'), parent: '/app/'})}
      <div class="page page-check stack">
        <p class="muted">${t('volumes.hint')}</p>
        <div class="field"><label for="day">${t('volumes.day')}</label><input id="day" type="date" max=${today} .value=${this.day} @change=${pick}></div>
        ${row?.source === 'manifests' ? notice('info', t('volumes.manifests', {day: dayText(this.day)})) : nothing}
        ${classes.map((code) => this.line(code, row?.volumes[code], row?.source ?? null, missing))}
        ${row?.source === 'manifests' ? nothing : this.together(row?.returned)}
      </div>
      <div class="action-bar"><div class="action-line">
        <button type="button" class="button button-primary action-save" ?disabled=${!volumeFact(unit.code, this.day, this.typed, today, this.returned)} @click=${this.save}>${icon('check')}<span>${t('volumes.save')}</span></button></div></div>`;
  }

  /** @param {string} code @param {Row['volumes'][string]|undefined} known what is in force @param {string|null} source @param {string} missing */
  line(code, known, source, missing) {
    const words = known
      ? t(source === 'manifests' ? 'volumes.known-list' : 'volumes.known-typed', {n: known.items ?? '—'})
      : t(missing);
    return html`
      <section class="card stack-tight" role="group" aria-labelledby="c-${code}" data-class=${code}><h2 id="c-${code}" class="card-title">${tOr(`class.${code}`, code)}</h2>
        <p class="muted small">${words}</p>
        <div class="figures">${FIGURES.map((figure) => this.figure(code, figure))}</div>
      </section>`;
  }

  /** One number for what came back of all numbered classes. @param {number|null|undefined} known what is in force */
  together(known) {
    const words =
      known === null || known === undefined ? t('volumes.together-hint') : t('volumes.known-typed', {n: known});
    return html`
      <section class="card stack-tight" role="group" aria-labelledby="c-together" data-class="together"><h2 id="c-together" class="card-title">${t('volumes.together')}</h2>
        <p class="muted small">${words}</p>
        ${this.field('together', t('volumes.returned'), this.returned, volumeFaults(this.typed, this.returned).returned, (count) => (this.returned = count))}
      </section>`;
  }

  /** @param {string} code @param {string} figure */
  figure(code, figure) {
    const value = this.typed[code]?.[figure] ?? null;
    const fault = volumeFaults({[code]: this.typed[code] ?? {}})[`${code}.${figure}`];
    const typed = (/** @type {number|null} */ count) =>
      (this.typed = {...this.typed, [code]: {...this.typed[code], [figure]: count}});
    return this.field(
      `${code}-${figure}`,
      t(figure === 'items' ? 'volumes.items' : 'volumes.returned'),
      value,
      fault,
      typed,
    );
  }

  /** @param {string} id @param {string} label @param {number|null} value @param {string|undefined} fault @param {(count: number|null) => void} typed */
  field(id, label, value, fault, typed) {
    const changed = (/** @type {Event} */ {target}) => typed(readCount(/** @type {HTMLInputElement} */ (target).value));
    const words = fault
      ? html`<p class="field-error">${t(fault === 'number' ? 'field.not-a-number' : `volume-fault.${fault}`)}</p>`
      : value === 0
        ? html`<p class="field-hint">${t('volumes.zero')}</p>`
        : nothing;
    return html`
      <div class="field"><label for="v-${id}">${label}</label>
        <input id="v-${id}" class="input mono" inputmode="numeric" maxlength="7" autocomplete="off" .value=${value === null || Number.isNaN(value) ? '' : String(value)}
          aria-invalid=${fault ? 'true' : nothing} @change=${changed}>${words}</div>`;
  }

  async save() {
    const {unit} = this.data;
    const content = unit && volumeFact(unit.code, this.day, this.typed, localDay(Date.now()), this.returned);
    if (!content || this.committing) return;
    this.committing = true;
    try {
      await phone.store.commitFact(await freeze(content));
      phone.say(t('saved.point'));
      router.back('/app/');
    } catch (error) {
      notSaved(error);
    } finally {
      this.committing = false;
    }
  }
}

customElements.define('tc-volumes', Volumes);

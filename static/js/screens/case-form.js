/** The form of a move, made of what it needs. */

import {html, nothing} from 'lit';
import {choose, chosen} from '../domain/case-drafts.js';
import {addPhoto, MOST_NOTE, note, removePhoto} from '../domain/checks.js';
import {dayText} from '../ui/dates.js';
import {photoStrip} from '../ui/evidence.js';
import {named, t} from '../ui/language.js';
import {limitLine} from '../ui/limit.js';
import {phone} from '../ui/phone.js';

/**
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/cases.js').Way} Way
 * @typedef {{draft: Draft, way: Way, faults: {need: string, code: string}[], tried: boolean, people: {id: string, name: string}[],
 *   change: (step: (draft: Draft) => Draft) => void}} Form  `tried`: whether submitting was tried: only then what lacks is said
 */

/** @type {Record<string, (form: Form) => unknown>} */
const FIELDS = {
  cause: (form) => select(form, 'cause', phone.caseRules?.causes.map((one) => [one.code, named(one)]) ?? []),
  owner: (form) =>
    select(
      form,
      'owner',
      form.people.map(({id, name}) => [id, name]),
    ),
  text,
  day,
  photo,
};

/** @param {Form} form */
export function moveForm(form) {
  const {needs} = form.way.move;
  const fields = Object.keys(FIELDS).filter((need) => needs.includes(need));
  return html`
    <section class="card stack" data-form=${form.way.move.code} aria-label=${named(form.way.move)}>
      <h2 class="card-title">${named(form.way.move)}</h2>
      ${fields.map((need) => html`<div data-need=${need}>${FIELDS[need](form)}${lackOf(form, need)}</div>`)}
    </section>`;
}

/** @param {Form} form @param {string} need */
function lackOf({faults, tried}, need) {
  const fault = tried ? faults.find((one) => one.need === need) : null;
  return fault ? html`<p class="field-error" role="alert">${t(`move-fault.${fault.code}`)}</p>` : nothing;
}

/** @param {Form} form @param {'cause'|'owner'} need @param {string[][]} options */
function select({draft, change}, need, options) {
  const value = chosen(draft, need);
  const pick = (/** @type {Event} */ {target}) =>
    change((one) => choose(one, need, /** @type {HTMLSelectElement} */ (target).value));
  return html`
    <div class="field"><label for="m-${need}">${t(`move.${need}`)}</label>
      <select id="m-${need}" required @change=${pick}><option value="" ?selected=${!value}>${t('choose')}</option>
        ${options.map(([code, name]) => html`<option value=${code} ?selected=${code === value}>${name}</option>`)}</select></div>`;
}

/** The text is set once: what comes back from the disk must not fall into what is being typed. @param {Form} form */
function text({draft, change}) {
  const {note: value} = draft.items[0];
  const write = (/** @type {Event} */ {target}) =>
    change((one) => note(one, 0, /** @type {HTMLTextAreaElement} */ (target).value));
  return html`
    <div class="field"><label for="m-text">${t('move.text')}</label>
      <textarea id="m-text" rows="4" required .defaultValue=${value} @input=${write}></textarea>
      ${limitLine(value, MOST_NOTE)}</div>`;
}

/** @param {Form} form */
function day({draft, change, way: {days}}) {
  const pick = (/** @type {Event} */ {target}) =>
    change((one) => choose(one, 'day', /** @type {HTMLInputElement} */ (target).value));
  return html`
    <div class="field"><label for="m-day">${t('move.day')}</label>
      <input id="m-day" type="date" required min=${days?.first ?? nothing} max=${days?.last ?? nothing} .value=${chosen(draft, 'day')} @change=${pick}>
      ${days ? html`<p class="field-hint">${t('move.day-between', {first: dayText(days.first), last: dayText(days.last)})}</p>` : nothing}</div>`;
}

/** @param {Form} form */
function photo({draft, change}) {
  return html`
    <div role="group" aria-label=${t('move.photo')}><p class="field-label">${t('move.photo')}</p>
      ${photoStrip({
        photos: draft.items[0].photos,
        label: t('move.photo'),
        big: true,
        add: (taken) => change((one) => addPhoto(one, 0, taken)),
        remove: (sha256) => change((one) => removePhoto(one, 0, sha256)),
      })}
      <p class="field-hint">${t('move.photo-hint')}</p></div>`;
}

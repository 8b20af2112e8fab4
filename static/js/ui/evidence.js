/** Photos and notes of one item: what a finger taps to add them, and how they look once they are there. */

import {html, nothing} from 'lit';
import {MOST_NOTE, MOST_PHOTOS} from '../domain/checks.js';
import {keepPhoto} from './camera.js';
import {icon} from './icons.js';
import {t} from './language.js';
import {limitLine} from './limit.js';
import {track} from './pending.js';
import {phone} from './phone.js';
import {place} from './place.js';
import {hasRoom, isFull, measureRoom} from './room.js';
import './photo.js';

/**
 * @param {{photos: {sha256: string}[], label: string, add: (photo: import('../domain/types.js').PhotoNote) => void,
 *   remove?: (sha256: string) => void, big?: boolean, most?: number}} strip
 */
export function photoStrip({photos, label, add, remove, big = false, most = MOST_PHOTOS}) {
  return html`
    <div class="photos">
      ${photos.map(
        ({sha256}, i) => html`
          <span class="photo-cell"><tc-photo sha256=${sha256} label="${label} ${i + 1}"></tc-photo>
            ${remove ? html`<button type="button" class="photo-remove" aria-label=${t('photo.remove', {n: i + 1})} @click=${() => remove(sha256)}>${icon('cross')}</button>` : nothing}</span>`,
      )}
      ${photos.length < most ? cameraButton({label, add, big: big && !photos.length}) : nothing}
    </div>`;
}

/** @param {{label: string, add: (photo: import('../domain/types.js').PhotoNote) => void, big?: boolean, text?: string}} what */
export function cameraButton({label, add, big = false, text = t('photo.take')}) {
  return html`
    <label class="button camera ${big ? 'camera-big button-primary' : ''}">
      <input type="file" accept="image/*" capture="environment" class="visually-hidden" aria-label="${text} ${label}"
        @click=${warm} @change=${(/** @type {Event} */ event) => take(event, add)}>
      ${icon('camera')}<span>${text}</span>
    </label>`;
}

let warmed = false;

/** The position is looked for while the camera is open, so that the photo need not wait for it. */
function warm(/** @type {Event} */ event) {
  if (!hasRoom()) {
    event.preventDefault();
    return phone.say(t('error.no-room'), 'bad');
  }
  if (!warmed) place.hold(); // released with the page: photos come in rows
  warmed = true;
}

/** @param {Event} event @param {Parameters<typeof cameraButton>[0]['add']} add */
function take(event, add) {
  track(shrunk(event, add));
}

/** @param {Event} event @param {Parameters<typeof cameraButton>[0]['add']} add */
async function shrunk({target}, add) {
  const input = /** @type {HTMLInputElement} */ (target);
  const file = input.files?.[0];
  input.value = ''; // the same file again is a change again
  if (!file) return;
  const label = /** @type {HTMLElement} */ (input.closest('label'));
  label.classList.add('camera-busy');
  try {
    add(await keepPhoto(file));
  } catch (error) {
    console.error(error);
    phone.say(t(isFull(error) ? 'error.full' : 'photo.broken'), 'bad');
  } finally {
    label.classList.remove('camera-busy');
    measureRoom();
  }
}

/**
 * The text is set once: what comes back from the disk must not fall into what is being typed.
 * @param {{id: string, value: string, change: (text: string) => void}} field
 */
export function noteField({id, value, change}) {
  const write = (/** @type {Event} */ {target}) => change(/** @type {HTMLTextAreaElement} */ (target).value);
  return html`
    <div class="field">
      <label for=${id}>${t('note')}</label>
      <textarea id=${id} rows="2" .defaultValue=${value} @input=${write} placeholder=${t('note.hint')}></textarea>
      ${limitLine(value, MOST_NOTE)}
    </div>`;
}

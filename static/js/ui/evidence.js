/** Photos and notes of one item: what a finger taps to add them, and how they look once they are there. */

import {html, nothing} from 'lit';
import {MOST_NOTE, MOST_PHOTOS} from '../domain/checks.js';
import {keepPhoto} from './camera.js';
import {icon} from './icons.js';
import {t} from './language.js';
import {limitLine} from './limit.js';
import {track} from './pending.js';
import {phone} from './phone.js';
import {photoFaults} from './photo-faults.js';
import {place} from './place.js';
import {hasRoom, isFull, measureRoom} from './room.js';
import './photo.js';
import './photo-hint.js';

/** @typedef {(photo: import('../domain/types.js').PhotoNote) => void} Add */

/**
 * @param {{photos: {sha256: string}[], label: string, marks?: import('../domain/marks.js').Marks, add: Add, remove?: (sha256: string) => void, big?: boolean, most?: number,
 *   paper?: boolean}} strip `paper`: a written sheet is to be photographed
 */
export function photoStrip({photos, label, marks = {}, add, remove, big = false, most = MOST_PHOTOS, paper = false}) {
  const again = (/** @type {string} */ sha256) => () =>
    cameraButton({label, add: inPlace(sha256, {add, remove, most}), paper, text: t('photo.again'), small: true});
  return html`
    <div class="photos">
      ${photos.map(
        ({sha256}, i) => html`
          <span class="photo-cell"><tc-photo sha256=${sha256} label="${label} ${i + 1}" .marks=${marks[sha256] ?? []}></tc-photo>
            ${remove ? html`<button type="button" class="photo-remove" aria-label=${t('photo.remove', {n: i + 1})} @click=${() => remove(sha256)}>${icon('cross')}</button>` : nothing}</span>
          <tc-photo-hint sha256=${sha256} .again=${again(sha256)}></tc-photo-hint>`,
      )}
      ${photos.length < most ? cameraButton({label, add, paper, big: big && !photos.length}) : nothing}
    </div>`;
}

/**
 * What puts a new photo in the place of one: the new one is there before the old one goes, so that the item stays.
 * @param {string} sha256 @param {{add: Add, remove?: (sha256: string) => void, most: number}} strip @returns {Add}
 */
function inPlace(sha256, {add, remove, most}) {
  return (photo) => {
    add(photo);
    if (photo.sha256 !== sha256 && most > 1) remove?.(sha256); // of a single one the new is in its place already
  };
}

/** @param {{label: string, add: Add, big?: boolean, small?: boolean, text?: string, paper?: boolean}} what */
export function cameraButton({label, add, big = false, small = false, text = t('photo.take'), paper = false}) {
  return html`
    <label class="button camera ${big ? 'camera-big button-primary' : small ? 'button-small' : ''}">
      <input type="file" accept="image/*" capture="environment" class="visually-hidden" aria-label="${text} ${label}"
        @click=${warm} @change=${(/** @type {Event} */ event) => take(event, add, {paper})}>
      ${icon('camera')}<span>${text}</span>
    </label>`;
}

let warmed = false;

/** The position is looked for while the camera is open, and the judge fetched, so that the photo need not wait for them. */
function warm(/** @type {Event} */ event) {
  if (!hasRoom()) {
    event.preventDefault();
    return phone.say(t('error.no-room'), 'bad');
  }
  if (warmed) return;
  warmed = true;
  place.hold(); // released with the page: photos come in rows
  photoFaults.prepare();
}

/** @param {Event} event @param {Add} add @param {import('./photo-faults.js').Expected} expected */
function take(event, add, expected) {
  track(shrunk(event, add, expected));
}

/** @param {Event} event @param {Add} add @param {import('./photo-faults.js').Expected} expected */
async function shrunk({target}, add, expected) {
  const input = /** @type {HTMLInputElement} */ (target);
  const file = input.files?.[0];
  input.value = ''; // the same file again is a change again
  if (!file) return;
  const label = /** @type {HTMLElement} */ (input.closest('label'));
  label.classList.add('camera-busy');
  try {
    add(await keepPhoto(file, expected));
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

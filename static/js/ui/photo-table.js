/** The light-table on the phone: the photos of a screen from the phone's store or the server; Back closes it. */

import {t} from './language.js';
import {openTable} from './open-table.js';
import {phone} from './phone.js';
import {heard} from './photo-keys.js';
import {decoded, ofServer} from './pictures.js';
import {router} from './router.js';

/** @typedef {import('./photo.js').Photo} Photo @typedef {import('./open-table.js').Slide} Slide */

/** A photo that is tapped opens with all others of its screen, unless the screen has something to say about it. @param {Document} page */
export function watchPhotos(page) {
  page.addEventListener('whole', (event) => {
    if (!event.defaultPrevented) openPhotos(page, /** @type {CustomEvent<Photo>} */ (event).detail);
  });
}

/** @param {Document} page @param {Photo} tapped */
function openPhotos(page, tapped) {
  const photos = /** @type {Photo[]} */ ([...page.querySelectorAll('main tc-photo')]).filter(({still}) => !still);
  const slides = photos.map(slideOf);
  const marks = Object.fromEntries(photos.map(({sha256, marks}) => [sha256, marks]));
  layOut({slides: () => slides, first: slides[photos.indexOf(tapped)], marks: () => marks});
}

/** @param {Photo} photo @returns {Slide} */
function slideOf({sha256, label, paper}) {
  return {sha256, subject: label, name: label, about: '', paper};
}

/** @param {Omit<import('./open-table.js').Source, 'load'|'words'|'heard'|'left'>} source */
export function layOut(source) {
  /** @type {import('./open-table.js').Source['words']} */
  const words = (code, values) => t(`table.${code}`, values);
  let uncover = async () => {};
  const close = openTable(Object.assign(source, {load: loaded, words, heard, left: () => uncover()}));
  uncover = router.cover(close);
}

/** @param {Slide} slide @returns {Promise<import('./open-table.js').Loaded>} */
async function loaded({sha256, name}) {
  const photo = await phone.store.photo(sha256).catch(() => null); // bytes that the disk does not give back
  const image = photo && (await ofBytes(photo, name));
  return image ? {image, small: false} : ofServer(sha256, name);
}

/** @param {{bytes: ArrayBuffer, type: string}} photo @param {string} name */
async function ofBytes({bytes, type}, name) {
  const url = URL.createObjectURL(new Blob([bytes], {type}));
  try {
    return await decoded(url, name);
  } catch {
    return null; // damaged here: the server's may be whole
  } finally {
    URL.revokeObjectURL(url);
  }
}

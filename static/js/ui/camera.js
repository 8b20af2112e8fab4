/** A picture from the camera becomes evidence small enough for a bad line: ≤ 1600 px, ≤ 300 kB, no EXIF. */

import {isoWithOffset} from '../domain/days.js';
import {phone} from './phone.js';
import {photoFaults} from './photo-faults.js';
import {drawn, LONGEST, LOOKED_AT, pixels} from './pixels.js';
import {place} from './place.js';

export const HEAVIEST = 300_000;
const QUALITIES = [0.82, 0.72, 0.6, 0.5, 0.4];

/**
 * Shrinks and keeps a photo with its time and, where known, its position. What will not do about it is said afterwards.
 * @param {File} file @param {import('./photo-faults.js').Expected} expected
 * @returns {Promise<import('../domain/types.js').PhotoNote>} after it is on the disk; throws when it is no picture
 */
export async function keepPhoto(file, expected) {
  const taken = isoWithOffset(takenAt(file));
  const {bytes, type, small} = await shrink(file);
  const note = await phone.store.savePhoto({bytes, type});
  if (small) photoFaults.look(note.sha256, small, expected);
  return {...note, taken, ...place.noted()};
}

/** A file fresh from the camera carries its own time; one from an album may be older than the work. @param {File} file */
function takenAt({lastModified}) {
  const now = Date.now();
  return lastModified && lastModified <= now ? lastModified : now;
}

/** @param {Blob} file @returns {Promise<{bytes: ArrayBuffer, type: string, small: ImageData|null}>} `small`: to be judged */
export async function shrink(file) {
  const picture = await decode(file);
  try {
    for (let longest = LONGEST; ; longest = Math.round(longest * 0.75)) {
      const canvas = drawn(picture, longest);
      const blob = await encode(canvas);
      const small = smallOf(canvas);
      canvas.width = canvas.height = 0; // its pixels go at once, not when the collector comes: iPhones allow few
      if (blob.size <= HEAVIEST || longest < 400) return {bytes: await blob.arrayBuffer(), type: blob.type, small};
    }
  } finally {
    if ('close' in picture) picture.close();
  }
}

/** Upright, as the camera was held. @param {Blob} file @returns {Promise<ImageBitmap|HTMLImageElement>} */
async function decode(file) {
  try {
    return await createImageBitmap(file, {imageOrientation: 'from-image'});
  } catch {
    return decodeByElement(file); // older browsers know no such option, but turn an <img> by themselves
  }
}

/** @param {Blob} file @returns {Promise<HTMLImageElement>} */
async function decodeByElement(file) {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** A browser that hides its pixels still takes photos: then nothing is said of them. @param {HTMLCanvasElement} canvas */
function smallOf(canvas) {
  try {
    return pixels(canvas, LOOKED_AT);
  } catch (error) {
    console.warn(error);
    return null;
  }
}

/** WebP where the browser makes it (others answer with PNG), else JPEG; down in quality until it is light. @param {HTMLCanvasElement} canvas */
async function encode(canvas) {
  let blob = await toBlob(canvas, 'image/webp', QUALITIES[0]);
  const type = blob.type === 'image/webp' ? 'image/webp' : 'image/jpeg';
  for (const quality of QUALITIES) {
    if (blob.type === type && blob.size <= HEAVIEST) break;
    blob = await toBlob(canvas, type, quality);
  }
  return blob;
}

/** @param {HTMLCanvasElement} canvas @param {string} type @param {number} quality @returns {Promise<Blob>} */
function toBlob(canvas, type, quality) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), type, quality);
  });
}

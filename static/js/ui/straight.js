/** A sheet of paper straightened, where one lies in the photo with all its corners. The photo itself stays what it is. */

import {LONGEST, LOOKED_AT, pixels} from './pixels.js';

/** @typedef {import('../domain/picture/frame.js').Point[]} Corners */

const fetchCode = () => Promise.all([import('../domain/picture/faults.js'), import('../domain/picture/straight.js')]);

/** @param {HTMLImageElement} image decoded @returns {Promise<Corners|null>} null: no sheet that is there with all its corners */
export async function cornersOf(image) {
  const [{greyOf, paperFrame}] = await fetchCode();
  const frame = paperFrame(greyOf(pixels(image, LOOKED_AT)));
  return frame && !frame.cut.length ? frame.corners : null;
}

/** The sheet as if from above. @param {HTMLImageElement} image @param {Corners} corners @param {string} label */
export async function straightenedSheet(image, corners, label) {
  const [, {straightened}] = await fetchCode();
  const {width, height, data} = straightened(pixels(image, LONGEST), corners, LONGEST);
  const canvas = document.createElement('canvas');
  Object.assign(canvas, {width, height});
  canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', label);
  return canvas;
}

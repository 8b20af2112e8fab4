/** Light that is mirrored in a sheet: a patch as white as the picture can be, on paper that is not. */

import {between} from './frame.js';
import {level} from './grey.js';

/** @typedef {import('./grey.js').Grey} Grey @typedef {import('./frame.js').Point} Point */

const GRID = 32; // places across the sheet, and down
const EDGE = 0.04; // of the sheet, in which it may be bent
const WHITE = 250;
const NEAR = 2; // places that belong to the patch's soft edge
const RING = 4; // and those around it
const FALL = 16; // greys: a lamp's light ends within that ring, daylight falls off slowly
const MOST = 0.4; // of the sheet: all of it is white paper

/** The share of a sheet in which nothing can be read for glare. @param {Grey} ground without writing @param {Point[]} corners 0 to 1 */
export function glareOf(ground, corners) {
  const sheet = flat(ground, corners);
  const white = sheet.map((value) => value >= WHITE);
  const share = white.filter(Boolean).length / sheet.length;
  if (!share || share > MOST) return 0;
  const around = sheet.filter((_, place) => !near(white, place, NEAR) && near(white, place, RING));
  return around.length && level(around, 0.5) <= WHITE - FALL ? share : 0;
}

/** The sheet's greys, row by row, as if it lay straight. @param {Grey} ground @param {Point[]} corners @returns {number[]} */
function flat({width, height, data}, corners) {
  const inside = (/** @type {number} */ n) => EDGE + ((1 - 2 * EDGE) * (n + 0.5)) / GRID;
  const clamp = (/** @type {number} */ value, /** @type {number} */ most) =>
    Math.max(0, Math.min(most - 1, Math.floor(value * most)));
  return Array.from({length: GRID * GRID}, (_, place) => {
    const [x, y] = between(corners, inside(place % GRID), inside(Math.floor(place / GRID)));
    return data[clamp(y, height) * width + clamp(x, width)];
  });
}

/** @param {boolean[]} white @param {number} place @param {number} reach */
function near(white, place, reach) {
  const [x, y] = [place % GRID, Math.floor(place / GRID)];
  for (let row = Math.max(0, y - reach); row <= Math.min(GRID - 1, y + reach); row++)
    for (let column = Math.max(0, x - reach); column <= Math.min(GRID - 1, x + reach); column++)
      if (white[row * GRID + column]) return true;
  return false;
}

/** The edges in a picture: how sharp they are, and how many stand where. */

import {shareBelow} from './grey.js';

/**
 * @typedef {import('./grey.js').Grey} Grey
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box pixels, the right and bottom ones outside
 * @typedef {{sharpness: number|null, cells: Uint16Array, across: number}} Edges 0 to 1 (1: of two neighbours one is dark and one is
 *   light), null where there are too few; how many were seen in each square of `CELL` pixels in the
 *   direction that has fewer, `across` squares in a row
 */

export const CELL = 16;
const EACH = 3; // of the rows, and of the columns, one is looked at
const REACH = 4; // px to both sides: a step wider than that is blurred anyhow
const LEAST_STEP = 5; // greys between neighbours
const LEAST_RISE = 24; // greys over the whole edge
const OF_RANGE = 0.2; // and of the range from dark to light: noise is less
const FEWEST = 40; // edges of a direction from which it can be told
const SPEAKS = 0.75; // this share of the edges is softer than the one that speaks for all
const PARTS = 200; // into which 0 to 1 is divided

/**
 * Those in a box, of writing or of whatever stands there. Looked for in rows and in columns; the softer of the two counts, because
 * a hand that moves sideways leaves every line sharp that lies in its way.
 * @param {Grey} grey @param {Box} box @param {number} range greys from dark to light @returns {Edges}
 */
export function edgesIn(grey, box, range) {
  const least = Math.max(LEAST_RISE, range * OF_RANGE);
  const across = Math.ceil(grey.width / CELL);
  const rows = edgesAlong(grey, box, 1, least);
  const columns = edgesAlong(grey, box, grey.width, least);
  const told = [rows, columns].map(({counts, all}) => (all < FEWEST ? null : shareBelow(counts, all, SPEAKS) / PARTS));
  return {
    sharpness: told.includes(null) ? null : Math.min(...told.map(Number)),
    cells: both(rows.cells, columns.cells),
    across,
  };
}

/** @param {Grey} grey @param {Box} box @param {number} step to the next pixel @param {number} least greys */
function edgesAlong({width, height, data}, {left, top, right, bottom}, step, least) {
  const counts = new Uint32Array(PARTS + 1);
  const across = Math.ceil(width / CELL);
  const cells = new Uint16Array(across * Math.ceil(height / CELL));
  let all = 0;
  const [nextRow, nextColumn] = step === 1 ? [EACH, 1] : [1, EACH];
  for (let y = top + REACH; y < bottom - REACH; y += nextRow)
    for (let x = left + REACH; x < right - REACH; x += nextColumn) {
      const rise = Math.abs(data[y * width + x + step] - data[y * width + x]);
      if (rise < LEAST_STEP || !isSteepest(data, y * width + x, step, rise)) continue;
      const whole = rangeAround(data, y * width + x, step);
      if (whole < least) continue;
      counts[Math.round((rise / whole) * PARTS)]++;
      cells[Math.floor(y / CELL) * across + Math.floor(x / CELL)]++;
      all++;
    }
  return {counts, all, cells};
}

/** The fewer of two: a rule, a bar or a plank has edges in one direction, writing in both. @param {Uint16Array} some @param {Uint16Array} others */
function both(some, others) {
  return some.map((count, cell) => Math.min(count, others[cell]));
}

/** Whether it rises no more before and behind. @param {Grey['data']} data @param {number} at @param {number} step @param {number} rise */
function isSteepest(data, at, step, rise) {
  return rise >= Math.abs(data[at] - data[at - step]) && rise >= Math.abs(data[at + 2 * step] - data[at + step]);
}

/** @param {Grey['data']} data @param {number} at @param {number} step */
function rangeAround(data, at, step) {
  let [low, high] = [255, 0];
  for (let n = 1 - REACH; n <= REACH; n++) {
    const value = data[at + n * step];
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}

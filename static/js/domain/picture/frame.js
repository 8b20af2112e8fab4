/** Where the sheet lies: four edges at which it becomes lighter towards the inside, and what is inside is one sheet. */

import {reduced, withoutWriting} from './grey.js';
import {edges, fitted, strongest} from './lines.js';

/**
 * @typedef {import('./grey.js').Grey} Grey
 * @typedef {import('./lines.js').Line} Line
 * @typedef {import('./lines.js').Plane} Plane
 * @typedef {[number, number]} Point
 * @typedef {'left'|'right'|'top'|'bottom'} Side
 * @typedef {{corners: Point[], seen: Record<Side, number>, cut: Side[], score: number}} Frame corners from the upper left clockwise, 0 to 1
 *   of the picture's width and height (a little more where they lie outside); how much of each side is seen as an edge; the
 *   sides that are none, because the sheet goes on beyond the picture
 * @typedef {Omit<Frame, 'corners'> & {corners: Point[], lines: Record<Side, Line>}} Fit corners in pixels
 */

const LONGEST = 160; // px: lines of writing are gone, a sheet's edge is left
const WRITING = 2; // px at that size
const CANDIDATES = 3; // lines of each side
const SAMPLES = 24; // along a side
const LEAST_SEEN = 0.65; // of a side
const LEAST_SHARE = 0.22; // of the picture's width or height
const FARTHEST = 0.3; // a corner outside the picture
const UNSEEN = 0.45; // what a side counts that lies outside the picture
const LEAST_SCORE = 3.75; // of 4, and 1 for an even inside
const FILLED_SCORE = 3.6; // of a sheet that goes on beyond all four sides
/** @type {Side[]} */ const SIDES = ['left', 'top', 'right', 'bottom'];

/** The small picture in which frames are looked for: without writing. @param {Grey} grey @returns {Grey} */
export function groundOf(grey) {
  const factor = Math.max(1, Math.ceil(Math.max(grey.width, grey.height) / LONGEST));
  return withoutWriting(reduced(grey, factor), WRITING);
}

/** The sheet in a picture. @param {Grey} grey @returns {Frame|null} null: none is to be seen */
export function paperFrame(grey) {
  return frameIn(groundOf(grey));
}

/** The same of a picture whose writing is gone. @param {Grey} ground @returns {Frame|null} */
export function frameIn(ground) {
  const planes = edges(ground);
  const wide = mapped((side) => thick(planes[side]));
  const lines = mapped((side) => [...strongest(planes[side], CANDIDATES), borderOf(side, ground)]);
  const upright = pairs(lines.left, lines.right, ground.width);
  const flat = pairs(lines.top, lines.bottom, ground.height);
  let found = /** @type {Fit|null} */ (null);
  for (const [left, right] of upright)
    for (const [top, bottom] of flat) found = better({left, top, right, bottom}, wide, ground, found);
  return found && frameOf(found, planes, ground);
}

/** Of two opposite sides those that are far enough apart. @param {Line[]} first @param {Line[]} second @param {number} length */
function pairs(first, second, length) {
  return first.flatMap((one) =>
    second.filter(({at}) => at - one.at >= LEAST_SHARE * length).map((other) => [one, other]),
  );
}

/** @template T @param {(side: Side) => T} make @returns {Record<Side, T>} */
function mapped(make) {
  return {left: make('left'), top: make('top'), right: make('right'), bottom: make('bottom')};
}

/** The picture's own border in the place of an edge. @param {Side} side @param {Grey} ground @returns {Line} */
function borderOf(side, {width, height}) {
  const at = {left: 0, top: 0, right: width - 1, bottom: height - 1}[side];
  return {at, slope: 0, weight: 0};
}

/** An edge counts for its neighbours too: a sheet is a little bent. @param {Plane} plane @returns {Plane} */
function thick({along, across, data}) {
  const wide = new Uint8Array(data.length);
  for (let i = 1; i < data.length - 1; i++) wide[i] = Math.max(data[i - 1], data[i], data[i + 1]);
  return {along, across, data: wide};
}

/** The frame that four lines make, where it is better than the one found before. @param {Record<Side, Line>} lines @param {Record<Side, Plane>} planes @param {Grey} ground @param {Fit|null} before @returns {Fit|null} */
function better(lines, planes, ground, before) {
  const {width, height} = ground;
  const corners = cornersOf(lines, ground);
  if (!isSheet(corners, width, height)) return before;
  const cut = SIDES.filter((side) => !lines[side].weight);
  const seen = sidesSeen(lines, planes, corners);
  if (SIDES.some((side) => !cut.includes(side) && seen[side] < LEAST_SEEN)) return before;
  const sum = SIDES.reduce((all, side) => all + (cut.includes(side) ? UNSEEN : seen[side]), 0);
  const least = Math.max(before?.score ?? 0, cut.length < 4 ? LEAST_SCORE : FILLED_SCORE);
  const large = areaOf(corners) / (width * height);
  if (sum + large + 1 <= least) return before; // an even inside adds one at most: it is the dearer question
  const score = sum + large + evenness(corners, ground, cut);
  return score > least ? {lines, corners, seen, cut, score} : before;
}

/** The frame whose lines lie as the edges do. @param {Fit} fit @param {Record<Side, Plane>} planes @param {Grey} ground @returns {Frame} */
function frameOf({lines, corners, seen, cut, score}, planes, ground) {
  const ends = endsOf(corners);
  const exact = mapped((side) => (lines[side].weight ? fitted(planes[side], lines[side], ends[side]) : lines[side]));
  const shares = cornersOf(exact, ground).map(([x, y]) => [(x + 0.5) / ground.width, (y + 0.5) / ground.height]);
  return {corners: /** @type {Point[]} */ (shares), seen, cut, score};
}

/** Where each side begins and ends, along it. @param {Point[]} corners @returns {Record<Side, number[]>} */
function endsOf([a, b, c, d]) {
  return {left: [a[1], d[1]], right: [b[1], c[1]], top: [a[0], b[0]], bottom: [d[0], c[0]]};
}

/** @param {Record<Side, Line>} lines @param {Record<Side, Plane>} planes @param {Point[]} corners */
function sidesSeen(lines, planes, corners) {
  const ends = endsOf(corners);
  return mapped((side) => (lines[side].weight ? seenOf(lines[side], planes[side], ends[side]) : 0));
}

/** @param {Record<Side, Line>} lines @param {Grey} ground @returns {Point[]} in pixels */
function cornersOf({left, right, top, bottom}, {width, height}) {
  const meet = (/** @type {Line} */ upright, /** @type {Line} */ flat) => {
    const [middleX, middleY] = [width / 2, height / 2];
    const x =
      (upright.at + upright.slope * (flat.at - middleY - flat.slope * middleX)) / (1 - upright.slope * flat.slope);
    return /** @type {Point} */ ([x, flat.at + flat.slope * (x - middleX)]);
  };
  return [meet(left, top), meet(right, top), meet(right, bottom), meet(left, bottom)];
}

/** Large enough, the right way round, not far outside. @param {Point[]} corners @param {number} width @param {number} height */
function isSheet([a, b, c, d], width, height) {
  const wide = Math.min(b[0] - a[0], c[0] - d[0]);
  const high = Math.min(d[1] - a[1], c[1] - b[1]);
  if (wide < LEAST_SHARE * width || high < LEAST_SHARE * height) return false;
  const outside = (/** @type {Point} */ [x, y]) => Math.max(-x / width, x / width - 1, -y / height, y / height - 1);
  return [a, b, c, d].every((corner) => outside(corner) < FARTHEST);
}

/** @param {Point[]} corners square pixels */
function areaOf([a, b, c, d]) {
  return Math.abs((c[0] - a[0]) * (d[1] - b[1]) - (c[1] - a[1]) * (d[0] - b[0])) / 2;
}

/** The part of a side, between its corners and inside the picture, on which there is an edge. @param {Line} line @param {Plane} plane @param {number[]} ends */
function seenOf({at, slope}, {along, across, data}, ends) {
  const from = Math.max(1, ends[0]);
  const to = Math.min(along - 2, ends[1]);
  if (to - from < 8) return 0;
  let seen = 0;
  for (let n = 0; n < SAMPLES; n++) {
    const i = Math.round(from + ((to - from) * (n + 0.5)) / SAMPLES);
    const j = Math.round(at + slope * (i - along / 2));
    if (j >= 0 && j < across && data[i * across + j]) seen++;
  }
  return seen / SAMPLES;
}

const GRID = 10;
const LEAST_EVEN = 0.75;
const UNEVEN = -4; // never a sheet

/**
 * How even the inside is from place to place, 0 to 1: light falls off slowly on one sheet. Towards a side that is cut it must go on up
 * to the picture's border. @param {Point[]} corners @param {Grey} ground @param {Side[]} cut
 */
function evenness(corners, ground, cut) {
  const grid = gridOf(corners, ground);
  let even = 0;
  for (let row = 0; row < GRID; row++)
    for (let column = 1; column < GRID; column++) {
      if (alike(grid[row * GRID + column - 1], grid[row * GRID + column])) even++;
      if (alike(grid[(column - 1) * GRID + row], grid[column * GRID + row])) even++;
    }
  const share = even / (2 * GRID * (GRID - 1));
  return share < LEAST_EVEN || cut.some((side) => !goesOn(side, grid)) ? UNEVEN : share;
}

/** So many greys across the sheet, and down, the outermost at its sides. @param {Point[]} corners @param {Grey} ground */
function gridOf(corners, ground) {
  const grid = new Uint8Array(GRID * GRID);
  for (let place = 0; place < grid.length; place++) {
    const across = 0.01 + (0.98 * (place % GRID)) / (GRID - 1);
    const down = 0.01 + (0.98 * Math.floor(place / GRID)) / (GRID - 1);
    grid[place] = sample(ground, between(corners, across, down));
  }
  return grid;
}

/** Whether what lies at the border is like what is next to it. @param {Side} side @param {Uint8Array} grid */
function goesOn(side, grid) {
  const last = GRID - 1;
  let same = 0;
  for (let n = 0; n < GRID; n++) {
    const [out, inside] = {
      left: [n * GRID, n * GRID + 1],
      top: [n, GRID + n],
      right: [n * GRID + last, n * GRID + last - 1],
      bottom: [last * GRID + n, (last - 1) * GRID + n],
    }[side];
    if (alike(grid[out], grid[inside])) same++;
  }
  return same / GRID >= 0.35; // what is printed there is as dark as a table
}

/** @param {number} a @param {number} b greys */
function alike(a, b) {
  return Math.abs(a - b) <= 8 + 0.12 * Math.max(a, b);
}

/** The place in a sheet, as if it lay straight. @param {Point[]} corners @param {number} across 0 to 1 @param {number} down @returns {Point} */
export function between([a, b, c, d], across, down) {
  const [left, right] = [1 - across, across];
  const [x, y] = [a[0] * left + b[0] * right, a[1] * left + b[1] * right];
  return [x * (1 - down) + (d[0] * left + c[0] * right) * down, y * (1 - down) + (d[1] * left + c[1] * right) * down];
}

/** @param {Grey} ground @param {Point} point */
function sample({width, height, data}, [x, y]) {
  const column = Math.max(0, Math.min(width - 1, Math.round(x)));
  const row = Math.max(0, Math.min(height - 1, Math.round(y)));
  return data[row * width + column];
}

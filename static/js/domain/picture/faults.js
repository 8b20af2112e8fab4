/** What will not do about a photo, said on the phone while the thing still lies there: a hint, never a verdict. */

import {frameIn, groundOf} from './frame.js';
import {glareOf} from './glare.js';
import {level, rangeOf} from './grey.js';
import {CELL, edgesIn} from './sharpness.js';

/**
 * @typedef {import('./grey.js').Grey} Grey
 * @typedef {import('./frame.js').Frame} Frame
 * @typedef {import('./sharpness.js').Box} Box
 * @typedef {import('./sharpness.js').Edges} Edges
 * @typedef {'dark'|'blurred'|'no-paper'|'cut-off'|'glare'} Fault
 * @typedef {{fault: Fault, measure: number}} Found `measure`: of `dark` the paper's grey, of `blurred` the sharpness (0 to 1), of `glare`
 *   the share of the sheet, of `cut-off` how many sides are outside, of `no-paper` the share with writing
 */

export {paperFrame} from './frame.js';
export {greyOf} from './grey.js';

const DARK = {paper: 80, other: 48}; // greys of what is lightest
const BLURRED = 0.42;
const GLARING = 0.006; // of the sheet
const WRITTEN = 0.04; // of the squares of a sheet
const CLOSE = 3; // sides outside: a close view
const FILLED = 0.07; // of those of a close view
const STROKES = 2; // edges in a square with writing
const LIGHT = 0.55; // a sheet's grey, of what is lightest in the picture and no lamp
const LIGHTER = 1.03; // and of what lies around the sheet
const LAMP = 250; // greys
const MARGIN = 0.06; // of a sheet, in which its own edge may still be

/**
 * The faults of a photo, the gravest first; of one that is too dark nothing else is said.
 * @param {Grey} grey 640 pixels long: all limits are made for that @param {{paper: boolean}} expected whether a written sheet should be in it
 * @returns {Found[]} empty where nothing is to be said
 */
export function faultsOf(grey, {paper}) {
  const ground = groundOf(grey);
  const lightest = level(ground.data, 0.95);
  if (lightest < (paper ? DARK.paper : DARK.other)) return [{fault: 'dark', measure: lightest}];
  const range = rangeOf(grey);
  return paper ? ofSheet(grey, ground, range) : blurred(edgesIn(grey, boxOf(null, grey, 0), range));
}

/** @param {Grey} grey @param {Grey} ground @param {number} range @returns {Found[]} */
function ofSheet(grey, ground, range) {
  const frame = frameIn(ground);
  const edges = edgesIn(grey, boxOf(frame, grey, MARGIN), range);
  const soft = blurred(edges);
  if (soft.length) return soft;
  const unlit = ground.data.filter((value) => value < LAMP);
  const paper = level(unlit, 0.95);
  const written = frame ? writtenShare(edges, boxOf(frame, grey, -MARGIN)) : 0;
  if (!frame || !isWritten(frame, written) || !isLight(frame, ground, paper))
    return [{fault: 'no-paper', measure: written}];
  return [...cutOff(frame), ...glaring(frame, ground)];
}

/** @param {Edges} edges @returns {Found[]} */
function blurred({sharpness}) {
  return sharpness !== null && sharpness < BLURRED ? [{fault: 'blurred', measure: sharpness}] : [];
}

/** A close view is meant to be one: hardly a side of the sheet is in it. @param {Frame} frame @returns {Found[]} */
function cutOff({cut}) {
  return cut.length && cut.length < CLOSE ? [{fault: 'cut-off', measure: cut.length}] : [];
}

/** @param {Frame} frame @param {Grey} ground @returns {Found[]} */
function glaring({corners}, ground) {
  const share = glareOf(ground, corners);
  return share >= GLARING ? [{fault: 'glare', measure: share}] : [];
}

/** The upright box around a sheet, wider or narrower by a share of it; all of the picture where there is none. @param {Frame|null} frame @param {Grey} grey @param {number} wider @returns {Box} */
function boxOf(frame, {width, height}, wider) {
  const [left, right] = span(
    frame?.corners.map(([x]) => x),
    width,
    wider,
  );
  const [top, bottom] = span(
    frame?.corners.map(([, y]) => y),
    height,
    wider,
  );
  return {left, top, right, bottom};
}

/** @param {number[]|undefined} places 0 to 1 @param {number} length @param {number} wider */
function span(places, length, wider) {
  if (!places) return [0, length];
  const [first, last] = [Math.min(...places), Math.max(...places)];
  const more = (last - first) * wider;
  const within = (/** @type {number} */ place) => Math.round(Math.max(0, Math.min(1, place)) * length);
  return [within(first - more), within(last + more)];
}

/** @param {Edges} edges @param {Box} box */
function writtenShare({cells, across}, {left, top, right, bottom}) {
  let [written, all] = [0, 0];
  for (let y = Math.ceil(top / CELL); y < Math.floor(bottom / CELL); y++)
    for (let x = Math.ceil(left / CELL); x < Math.floor(right / CELL); x++) {
      all++;
      if (cells[y * across + x] >= STROKES) written++;
    }
  return all ? written / all : 0;
}

/** Of a close view the writing is all that speaks for it. @param {Frame} frame @param {number} written */
function isWritten({cut}, written) {
  return cut.length < CLOSE ? written >= WRITTEN : written >= FILLED;
}

/** @param {Frame} frame @param {Grey} ground @param {number} paper the lightest */
function isLight(frame, ground, paper) {
  const {inside, outside} = parted(ground, boxOf(frame, ground, 0));
  const sheet = level(inside, 0.5);
  return sheet >= LIGHT * paper && (frame.cut.length === 4 || sheet >= LIGHTER * level(outside, 0.5));
}

const SOME = 7; // of so many pixels one speaks

/** The greys in a box and around it. @param {Grey} ground @param {Box} box */
function parted({width, data}, {left, top, right, bottom}) {
  const [inside, outside] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
  for (let at = 0; at < data.length; at += SOME) {
    const x = at % width;
    const y = (at - x) / width;
    (x >= left && x < right && y >= top && y < bottom ? inside : outside).push(data[at]);
  }
  return {inside, outside};
}

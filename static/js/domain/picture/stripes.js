/** Whether there are bars in a picture that no reader reads: blurred, crumpled or cut off, and to be said instead of waited for. */

/** @typedef {import('./grey.js').Grey} Grey */

const EDGE = 24; // greys between neighbours two apart
const LEAN = 4; // pixels that bars may lean from one line to the next
const APART = 6; // pixels between two lines that are held against each other
const EDGES = 24; // a label of thirteen digits has some ninety
const GAP = 26; // pixels between two edges of one label
const ALIKE = 0.5; // how far two lines may differ, of how far one differs from its own mean
const PAIRS = 3; // of lines, one below the other

/**
 * Bars go on from one line of pixels to the next; writing and noise do not.
 * @param {Grey} grey
 * @returns {boolean} whether some pairs of lines, across or down, hold such a run of edges
 */
export function isStriped({data, width, height}) {
  return (
    striped(width, height, (along, line) => data[line * width + along]) ||
    striped(height, width, (along, line) => data[along * width + line])
  );
}

/** @typedef {(along: number, line: number) => number} At the grey at a place of a line */

/** @param {number} length of a line @param {number} lines @param {At} at */
function striped(length, lines, at) {
  let found = 0;
  for (let line = APART; line + APART < lines; line += 2 * APART) {
    const run = longest(edges(length, line, at));
    found = run.length >= EDGES && goesOn(run[0], run[run.length - 1], line, at) ? found + 1 : 0;
    if (found >= PAIRS) return true;
  }
  return false;
}

/** Where a line turns from light to dark or back. @param {number} length @param {number} line @param {At} at */
function edges(length, line, at) {
  const places = [];
  let before = 0;
  for (let along = 2; along < length; along += 1) {
    const step = at(along, line) - at(along - 2, line);
    const sign = Math.abs(step) < EDGE ? 0 : Math.sign(step);
    if (sign && sign !== before) places.push(along);
    before = sign || before;
  }
  return places;
}

/** The most places of which none is far from the next. @param {number[]} places */
function longest(places) {
  /** @type {number[]} */ let most = [];
  /** @type {number[]} */ let run = [];
  for (const place of places) {
    if (run.length && place - run[run.length - 1] > GAP) run = [];
    run.push(place);
    if (run.length > most.length) most = run;
  }
  return most;
}

/** Whether the next line is the same between the two places, perhaps a little to one side. @param {number} first @param {number} last @param {number} line @param {At} at */
function goesOn(first, last, line, at) {
  const [from, to] = [first + LEAN, last - LEAN];
  let sum = 0;
  for (let along = from; along < to; along++) sum += at(along, line);
  const mean = sum / (to - from);
  let own = 0;
  for (let along = from; along < to; along++) own += Math.abs(at(along, line) - mean);
  for (let lean = -LEAN; lean <= LEAN; lean++) {
    let apart = 0;
    for (let along = from; along < to; along++) apart += Math.abs(at(along, line) - at(along + lean, line + APART));
    if (apart <= ALIKE * own) return true;
  }
  return false;
}

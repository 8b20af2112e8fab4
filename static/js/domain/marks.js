/**
 * Circles and arrows on a photo, kept beside it: fractions of its width and height as it was taken, from its upper left corner.
 * The photo itself is never touched.
 */

export const MOST_MARKS = 12; // of one photo
export const MOST_MARKED = 20; // photos of one record
const DIGITS = 1e4;
const LEAST = 0.01; // of the photo: less is a finger that only touched it

/**
 * @typedef {[number, number]} Fraction  of width and height
 * @typedef {{shape: 'circle'|'arrow', from: Fraction, to: Fraction}} Mark  a circle lies between two corners, an arrow points to `to`
 * @typedef {Record<string, Mark[]>} Marks  by the photo's digest
 */

/**
 * What a finger drew: a circle around all that it went along, an arrow from where it began to where it ended.
 * @param {'circle'|'arrow'} shape @param {Fraction[]} path as fractions of the photo, which may lie beside it @returns {Mark|null} null: nothing that can be seen
 */
export function markOf(shape, path) {
  const inside = path.map((point) => /** @type {Fraction} */ (point.map(rounded)));
  const [first, last] = [inside[0], inside.at(-1)];
  if (!first || !last) return null;
  const [xs, ys] = [inside.map(([x]) => x), inside.map(([, y]) => y)];
  const [least, most] = /** @type {[Fraction, Fraction]} */ ([
    [Math.min(...xs), Math.min(...ys)],
    [Math.max(...xs), Math.max(...ys)],
  ]);
  const [from, to] = shape === 'circle' ? [least, most] : [first, last];
  if (Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])) < LEAST) return null;
  return {shape, from, to};
}

/** @param {number} fraction */
function rounded(fraction) {
  return Math.round(Math.min(1, Math.max(0, fraction)) * DIGITS) / DIGITS;
}

/** Why there can be no further mark: too many on the photo, too many photos with some; null: there can. @param {Marks} marks @param {string} sha256 @returns {'marks'|'photos'|null} */
export function fullOf(marks, sha256) {
  const here = marks[sha256] ?? [];
  if (here.length >= MOST_MARKS) return 'marks';
  return !here.length && Object.keys(marks).length >= MOST_MARKED ? 'photos' : null;
}

/** The marks of one photo; none at all leave nothing behind. @template {{marks?: Marks}} T @param {T} draft @param {string} sha256 @param {Mark[]} list @returns {T} */
export function mark(draft, sha256, list) {
  const {[sha256]: _, ...others} = draft.marks ?? {};
  return {...draft, marks: list.length ? {...others, [sha256]: list} : others};
}

/** Without those of photos that left it. @template {{marks?: Marks}} T @param {T} draft @param {string[]} gone digests @returns {T} */
export function unmark(draft, gone) {
  if (!draft.marks || !gone.some((sha256) => draft.marks?.[sha256])) return draft;
  const left = Object.entries(draft.marks).filter(([sha256]) => !gone.includes(sha256));
  return {...draft, marks: Object.fromEntries(left)};
}

/**
 * The line of a mark in pixels of the photo, as a path of SVG.
 * @param {Mark} mark @param {{width: number, height: number}} photo
 */
export function pathOf({shape, from, to}, {width, height}) {
  const [[x, y], [right, down]] = [from, to].map(([across, along]) => [across * width, along * height]);
  if (shape === 'arrow') return arrow(x, y, right, down, Math.max(width, height) / 25);
  const [rx, ry] = [Math.abs(right - x) / 2, Math.abs(down - y) / 2];
  const [left, middle] = [Math.min(x, right), (y + down) / 2];
  return `M${left} ${middle}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`;
}

/** A line with a head of the length `head`. @param {number} x @param {number} y @param {number} right @param {number} down @param {number} head */
function arrow(x, y, right, down, head) {
  const way = Math.atan2(down - y, right - x);
  const wing = (/** @type {number} */ side) =>
    `${right - head * Math.cos(way + side)} ${down - head * Math.sin(way + side)}`;
  return `M${x} ${y}L${right} ${down}M${wing(0.5)}L${right} ${down}L${wing(-0.5)}`;
}

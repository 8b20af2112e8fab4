/** A sheet as if the camera had hung right above it. */

import {homography, moved} from './homography.js';

/** @typedef {import('./frame.js').Point} Point @typedef {{width: number, height: number, data: Uint8ClampedArray<ArrayBuffer>}} Pixels RGBA */

/**
 * The sheet alone, its corners in the picture's corners; as large as it is there.
 * @param {Pixels} picture @param {Point[]} corners from the upper left clockwise, 0 to 1 @param {number} most pixels of the longest side
 * @returns {Pixels}
 */
export function straightened(picture, corners, most) {
  const points = corners.map(([x, y]) => /** @type {Point} */ ([x * picture.width, y * picture.height]));
  const [width, height] = sizeOf(points, most);
  const back = homography(
    /** @type {Point[]} */ ([
      [0, 0],
      [width, 0],
      [width, height],
      [0, height],
    ]),
    points,
  );
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = moved(back, x + 0.5, y + 0.5);
      blend(picture, u - 0.5, v - 0.5, data, (y * width + x) * 4);
    }
  return {width, height, data};
}

/** @param {Point[]} points pixels @param {number} most @returns {[number, number]} */
function sizeOf([a, b, c, d], most) {
  const apart = (/** @type {Point} */ one, /** @type {Point} */ other) =>
    Math.hypot(one[0] - other[0], one[1] - other[1]);
  const [wide, high] = [(apart(a, b) + apart(d, c)) / 2, (apart(a, d) + apart(b, c)) / 2];
  const scale = Math.min(1, most / Math.max(wide, high));
  return [Math.max(1, Math.round(wide * scale)), Math.max(1, Math.round(high * scale))];
}

/** What lies at a place between four pixels; beyond the picture's border its last ones. @param {Pixels} from @param {number} x @param {number} y @param {Uint8ClampedArray} to @param {number} at */
function blend({width, height, data}, x, y, to, at) {
  const [column, row] = [within(Math.floor(x), width), within(Math.floor(y), height)];
  const [right, below] = [within(column + 1, width) - column, within(row + 1, height) - row];
  const [part, down] = [Math.max(0, Math.min(1, x - column)), Math.max(0, Math.min(1, y - row))];
  const first = (row * width + column) * 4;
  const second = first + below * width * 4;
  for (let n = 0; n < 4; n++) {
    const upper = data[first + n] * (1 - part) + data[first + right * 4 + n] * part;
    const lower = data[second + n] * (1 - part) + data[second + right * 4 + n] * part;
    to[at + n] = upper * (1 - down) + lower * down;
  }
}

/** @param {number} place @param {number} count */
function within(place, count) {
  return Math.max(0, Math.min(count - 1, place));
}

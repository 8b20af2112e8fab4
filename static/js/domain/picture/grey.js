/** A picture in greys, and what is done to all of its pixels before anything is looked for in it. */

/** @typedef {{width: number, height: number, data: Uint8Array|Uint8ClampedArray}} Grey one byte a pixel, row by row; 0 is black */

/** Of what a canvas holds. @param {{width: number, height: number, data: Uint8ClampedArray}} image RGBA @returns {Grey} */
export function greyOf({width, height, data}) {
  const grey = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < grey.length; i++, at += 4)
    grey[i] = (data[at] * 77 + data[at + 1] * 150 + data[at + 2] * 29) >> 8;
  return {width, height, data: grey};
}

/** Each square of `factor` pixels becomes one, their mean; what is left over at the right and below goes. @param {Grey} grey @param {number} factor @returns {Grey} */
export function reduced({width, height, data}, factor) {
  const [w, h] = [Math.floor(width / factor), Math.floor(height / factor)];
  const small = new Uint8Array(w * h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (let row = 0; row < factor; row++) {
        const start = (y * factor + row) * width + x * factor;
        for (let at = start; at < start + factor; at++) sum += data[at];
      }
      small[y * w + x] = sum / factor ** 2;
    }
  return {width: w, height: h, data: small};
}

/**
 * Without writing: what is dark and narrower than twice the radius takes the light of the paper around it, edges stay.
 * @param {Grey} grey @param {number} radius in pixels @returns {Grey}
 */
export function withoutWriting({width, height, data}, radius) {
  const negative = (/** @type {Uint8Array} */ bytes) => bytes.map((value) => 255 - value);
  const lightest = spread(width, height, data, radius);
  return {width, height, data: negative(spread(width, height, negative(lightest), radius))};
}

/** Each pixel becomes as light as the lightest of its square: first along the rows, then along the columns. */
function spread(
  /** @type {number} */ width,
  /** @type {number} */ height,
  /** @type {Grey['data']} */ data,
  /** @type {number} */ radius,
) {
  const rows = new Uint8Array(data.length);
  const all = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) along(data, rows, y * width, 1, width, radius);
  for (let x = 0; x < width; x++) along(rows, all, x, width, height, radius);
  return all;
}

/** One row or column, whose pixels lie `step` apart. */
function along(
  /** @type {Grey['data']} */ from,
  /** @type {Uint8Array} */ to,
  /** @type {number} */ start,
  /** @type {number} */ step,
  /** @type {number} */ count,
  /** @type {number} */ radius,
) {
  for (let i = 0; i < count; i++) {
    const last = start + Math.min(count - 1, i + radius) * step;
    let lightest = 0;
    for (let at = start + Math.max(0, i - radius) * step; at <= last; at += step)
      if (from[at] > lightest) lightest = from[at];
    to[start + i * step] = lightest;
  }
}

/** The grey below which that share of all lies; of none 0. @param {ArrayLike<number>} values bytes @param {number} share 0 to 1 */
export function level(values, share) {
  return shareBelow(countsOf(values), values.length, share);
}

/** From nearly the darkest to nearly the lightest of a picture. @param {Grey} grey */
export function rangeOf({data}) {
  const counts = countsOf(data, SOME);
  const all = Math.ceil(data.length / SOME);
  return shareBelow(counts, all, 0.98) - shareBelow(counts, all, 0.02);
}

const SOME = 3; // of so many pixels one is counted

/** How often each grey occurs. @param {ArrayLike<number>} values bytes */
function countsOf(values, each = 1) {
  const counts = new Uint32Array(256);
  for (let i = 0; i < values.length; i += each) counts[values[i]]++;
  return counts;
}

/** The same where it is counted how often each value occurs. @param {Uint32Array} counts @param {number} all their sum @param {number} share */
export function shareBelow(counts, all, share) {
  let left = all * share;
  for (let value = 0; value < counts.length; value++) {
    left -= counts[value];
    if (left <= 0) return all ? value : 0;
  }
  return counts.length - 1;
}

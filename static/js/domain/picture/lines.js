/** Straight edges at which a picture becomes lighter, looked for one direction at a time (a Hough transform). */

/**
 * @typedef {{at: number, slope: number, weight: number}} Line its place at the middle of the plane, pixels aside for each pixel
 *   along, and how much edge lies on it
 * @typedef {{along: number, across: number, data: Uint8Array}} Plane how strong the edge is: `across` values for each step along it
 */

/** @typedef {import('./grey.js').Grey} Grey */

const STEEPEST = 0.42; // a sheet turned by 23°
const STRONGEST = 24; // greys: a hard edge counts no more than a plain one
const WEAKEST = 4;
const EACH = 2; // of the rows of a plane one votes: an edge is long
const CLOSE = 4; // pixels: two lines nearer than that at both ends are one

/** How much lighter it becomes towards the inside, seen from each side. @param {Grey} grey @returns {Record<'left'|'right'|'top'|'bottom', Plane>} */
export function edges({width, height, data}) {
  const upright = () => ({along: height, across: width, data: new Uint8Array(width * height)});
  const flat = () => ({along: width, across: height, data: new Uint8Array(width * height)});
  const planes = {left: upright(), right: upright(), top: flat(), bottom: flat()};
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const toRight = (data[at + 1] - data[at - 1]) / 2;
      const down = (data[at + width] - data[at - width]) / 2;
      (toRight > 0 ? planes.left : planes.right).data[at] = counted(toRight);
      (down > 0 ? planes.top : planes.bottom).data[x * height + y] = counted(down);
    }
  return planes;
}

/** @param {number} step greys */
function counted(step) {
  const strength = Math.abs(step);
  return strength < WEAKEST ? 0 : Math.min(STRONGEST, strength);
}

/** The strongest lines of a plane, no two of them close. @param {Plane} plane @param {number} most @returns {Line[]} */
export function strongest(plane, most) {
  const votes = vote(plane);
  const found = [];
  while (found.length < most) {
    const line = best(votes, plane);
    if (!line.weight) break;
    found.push(line);
    forget(votes, plane, line);
  }
  return found;
}

/** @typedef {{slopes: number[], width: number, margin: number, sums: Float32Array}} Votes */

/** Each pixel votes for the lines of every slope that pass through it. @param {Plane} plane @returns {Votes} */
function vote({along, across, data}) {
  const slopes = [];
  for (let slope = -STEEPEST; slope <= STEEPEST; slope += 5 / along) slopes.push(slope);
  const margin = Math.ceil((along / 2) * STEEPEST);
  const width = across + 2 * margin;
  const sums = new Float32Array(slopes.length * width);
  for (let i = 0; i < along; i += EACH) {
    for (let j = 0; j < across; j++) {
      const weight = data[i * across + j];
      if (!weight) continue;
      for (let n = 0; n < slopes.length; n++)
        sums[n * width + margin + j - Math.round(slopes[n] * (i - along / 2))] += weight;
    }
  }
  return {slopes, width, margin, sums};
}

/** An edge is two pixels wide: both count. @param {Votes} votes @param {Plane} plane @returns {Line} */
function best({slopes, width, margin, sums}, {along}) {
  let [top, place] = [0, 0];
  for (let i = 1; i < sums.length; i++) {
    const weight = sums[i] + sums[i - 1];
    if (weight > top) [top, place] = [weight, i];
  }
  return {at: (place % width) - margin - 0.5, slope: slopes[Math.floor(place / width)], weight: top / along};
}

/** @param {Votes} votes @param {Plane} plane @param {Line} line */
function forget({slopes, width, margin, sums}, {along}, {at, slope}) {
  slopes.forEach((other, n) => {
    const apart = Math.abs((other - slope) * along) / 2;
    const reach = CLOSE + 1 - apart;
    for (let j = Math.ceil(at - reach); j <= at + reach; j++) {
      const place = j + margin;
      if (place >= 0 && place < width) sums[n * width + place] = 0;
    }
  });
}

const NEAR = 3; // pixels to both sides of a line in which its edge is looked for

/** The line through the very edge (least squares), between its ends. @param {Plane} plane @param {Line} line @param {number[]} ends @returns {Line} */
export function fitted({along, across, data}, line, [from, to]) {
  let [all, u, v, uu, uv] = [0, 0, 0, 0, 0];
  for (let i = Math.max(0, Math.round(from)); i <= Math.min(along - 1, to); i++) {
    const middle = Math.round(line.at + line.slope * (i - along / 2));
    for (let j = Math.max(0, middle - NEAR); j <= Math.min(across - 1, middle + NEAR); j++) {
      const weight = data[i * across + j];
      const place = i - along / 2;
      all += weight;
      u += weight * place;
      v += weight * j;
      uu += weight * place * place;
      uv += weight * place * j;
    }
  }
  const spread = uu * all - u * u;
  if (spread < 1) return line;
  const slope = (uv * all - u * v) / spread;
  return {...line, slope, at: (v - slope * u) / all};
}

/** The perspective that takes four points of one plane to four of another. */

/** @typedef {import('./frame.js').Point} Point @typedef {number[]} Homography eight numbers, row by row; the ninth is 1 */

/**
 * @param {Point[]} from four points, no three of them on a line @param {Point[]} to
 * @returns {Homography} throws RangeError where three points of `from` lie on a line
 */
export function homography(from, to) {
  const rows = from.flatMap(([x, y], n) => {
    const [u, v] = to[n];
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ];
  });
  return solved(rows);
}

/** @param {Homography} h @param {number} x @param {number} y @returns {Point} */
export function moved(h, x, y) {
  const depth = h[6] * x + h[7] * y + 1;
  return [(h[0] * x + h[1] * y + h[2]) / depth, (h[3] * x + h[4] * y + h[5]) / depth];
}

/** Gauss and Jordan, the largest pivot first. @param {number[][]} rows each with its right side last @returns {number[]} */
function solved(rows) {
  for (let at = 0; at < rows.length; at++) {
    const best = rows.slice(at).reduce((top, row) => (Math.abs(row[at]) > Math.abs(top[at]) ? row : top));
    if (Math.abs(best[at]) < 1e-9) throw new RangeError('three points lie on a line');
    rows.splice(rows.indexOf(best), 1);
    rows.splice(at, 0, best);
    const pivot = best.map((value) => value / best[at]);
    rows = rows.map((row, n) => (n === at ? pivot : row.map((value, i) => value - row[at] * pivot[i])));
  }
  return rows.map((row) => row[rows.length]);
}

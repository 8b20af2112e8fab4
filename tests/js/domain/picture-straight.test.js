/** A sheet that was photographed from the side, as if from above. */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {homography, moved} from '../../../static/js/domain/picture/homography.js';
import {straightened} from '../../../static/js/domain/picture/straight.js';

const SQUARE = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];
const LEANING = [
  [12, 7],
  [88, 19],
  [97, 80],
  [4, 66],
];
const near = (a, b, within = 1e-6) => a.every((value, n) => Math.abs(value - b[n]) < within);

test('each corner comes to its corner, and back', () => {
  const [there, back] = [homography(SQUARE, LEANING), homography(LEANING, SQUARE)];
  SQUARE.forEach((corner, n) => {
    assert.ok(near(moved(there, ...corner), LEANING[n]), `corner ${n}`);
    assert.ok(near(moved(back, ...LEANING[n]), corner), `corner ${n} back`);
  });
  assert.ok(near(moved(back, ...moved(there, 0.3, 0.8)), [0.3, 0.8]));
});

test('what lay on a line lies on a line', () => {
  const there = homography(SQUARE, LEANING);
  const [[ax, ay], [bx, by], [cx, cy]] = [0.1, 0.5, 0.9].map((n) => moved(there, n, n));
  assert.ok(Math.abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) < 1e-6);
});

test('three corners on a line make no sheet', () => {
  assert.throws(
    () =>
      homography(
        [
          [0, 0],
          [1, 1],
          [2, 2],
          [0, 2],
        ],
        SQUARE,
      ),
    RangeError,
  );
});

/** A picture in which each of a leaning sheet's quarters has a colour of its own. */
function quarters() {
  const [width, height] = [100, 100];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  const back = homography(LEANING, SQUARE);
  for (let at = 0; at < width * height; at++) {
    const [u, v] = moved(back, (at % width) + 0.5, Math.floor(at / width) + 0.5);
    data.set([u < 0.5 ? 200 : 20, v < 0.5 ? 200 : 20, 7, 255], at * 4);
  }
  return {width, height, data};
}

test('the sheet fills its picture, every part where it belongs', () => {
  const corners = LEANING.map(([x, y]) => [x / 100, y / 100]);
  const {width, height, data} = straightened(quarters(), corners, 1600);
  assert.ok(Math.abs(width - 85) < 3 && Math.abs(height - 60) < 3, `${width} × ${height}`);
  const colour = (u, v) => [
    ...data.subarray((Math.floor(v * height) * width + Math.floor(u * width)) * 4).subarray(0, 3),
  ];
  assert.deepEqual(colour(0.1, 0.1), [200, 200, 7]);
  assert.deepEqual(colour(0.9, 0.1), [20, 200, 7]);
  assert.deepEqual(colour(0.4, 0.95), [200, 20, 7]);
  assert.deepEqual(colour(0.6, 0.9), [20, 20, 7]);
});

test('it is never larger than is asked for, and a corner outside the picture does no harm', () => {
  const made = straightened(
    quarters(),
    [
      [-0.1, -0.1],
      [1.1, 0],
      [1, 1.05],
      [0, 1],
    ],
    40,
  );
  assert.equal(Math.max(made.width, made.height), 40);
  assert.ok(made.data.every((value, n) => n % 4 < 3 || value === 255));
});

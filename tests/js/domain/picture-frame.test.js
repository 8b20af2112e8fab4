/** Where a sheet lies in a photo. */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {paperFrame} from '../../../static/js/domain/picture/frame.js';
import {picture, receipt} from './picture.js';

/** The corners of a sheet of 300 × 380 at the middle, in shares of 640 × 480. */
function corners(turn) {
  const [cos, sin] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const signs = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ];
  return signs.map(([a, b]) => [
    (320 + a * 150 * cos - b * 190 * sin) / 640,
    (240 + a * 150 * sin + b * 190 * cos) / 480,
  ]);
}

for (const turn of [-14, -5, 0, 3, 11])
  test(`a sheet turned by ${turn}° is found to within two pixels`, () => {
    const frame = paperFrame(receipt({turn}));
    assert.deepEqual(frame.cut, []);
    corners(turn).forEach(([x, y], n) => {
      const off = Math.hypot(frame.corners[n][0] - x, frame.corners[n][1] - y);
      assert.ok(off < 0.004, `corner ${n}: ${off}`);
    });
  });

test('sides outside the picture are named', () => {
  assert.deepEqual(paperFrame(receipt({x: 560})).cut, ['right']);
  assert.deepEqual(paperFrame(receipt({x: 100, y: 100})).cut.sort(), ['left', 'top']);
});

test('where nothing lies nothing is found', () => {
  assert.equal(paperFrame(picture((x, y) => ((Math.floor(x / 90) + Math.floor(y / 90)) % 2 ? 60 : 180))), null);
});

/** What is said of a photo: bad ones are named, and a good one is left alone. */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {faultsOf, greyOf} from '../../../static/js/domain/picture/faults.js';
import {changed, picture, receipt, smeared} from './picture.js';

const said = (grey, paper = true) => faultsOf(grey, {paper}).map(({fault}) => fault);
const lamp = (x, y, radius) => (value, column, row) =>
  Math.hypot(column - x, row - y) < radius
    ? 255
    : Math.min(255, value + 255 * Math.exp(-(Math.hypot(column - x, row - y) - radius) / 4));

for (const [what, grey] of [
  ['that lies straight', receipt()],
  ['that is turned', receipt({turn: 9})],
  ['with one line of writing', receipt({lines: 1, wide: 200})],
  ['that is large in the picture', receipt({wide: 300, high: 225, lines: 14})],
  ['on a light table', receipt({table: 170})],
  ['in the evening', changed(receipt(), (value) => value * 0.65)],
  ['in light from one side', changed(receipt(), (value, x) => value * (0.6 + (0.4 * x) / 640))],
  ['that the sun makes white all over', changed(receipt({paper: 255}), (value) => Math.min(255, value * 1.1))],
  ['a little soft', smeared(receipt(), {across: 1, down: 1})],
])
  test(`nothing is said of a receipt ${what}`, () => assert.deepEqual(said(grey), []));

for (const [fault, what, grey] of [
  ['blurred', 'out of focus', smeared(receipt(), {across: 4, down: 4})],
  ['blurred', 'taken by a hand that moved sideways', smeared(receipt(), {across: 6})],
  ['blurred', 'taken by a hand that moved upwards', smeared(receipt(), {down: 6})],
  ['dark', 'in the cellar', changed(receipt(), (value) => value * 0.2)],
  ['glare', 'under a lamp', changed(receipt(), lamp(300, 200, 30))],
  ['cut-off', 'of which the right is missing', receipt({x: 560})],
  ['cut-off', 'of which the foot is missing', receipt({y: 380})],
  ['cut-off', 'of which two sides are missing', receipt({x: 540, y: 370})],
  ['no-paper', 'that is none: the table', picture((x, y) => 120 + ((x * 7 + y * 13) % 5))],
  ['no-paper', 'that is none: an empty sheet', receipt({lines: 0})],
  ['no-paper', 'that is none: shelves', picture((x, y) => (x % 120 < 14 || y % 110 < 14 ? 170 : 70))],
])
  test(`a receipt ${what} is ${fault}`, () => assert.deepEqual(said(grey), [fault]));

test('of what is too dark nothing else is said', () => {
  const dark = changed(smeared(receipt({x: 560}), {across: 5, down: 5}), (value) => value * 0.2);
  assert.deepEqual(said(dark), ['dark']);
});

test('a sheet that fills the picture is a close view, not cut off', () => {
  assert.deepEqual(said(receipt({wide: 400, high: 300, lines: 22})), []);
});

test('where no sheet is expected none is missed, and none is whole', () => {
  assert.deepEqual(said(receipt({x: 560}), false), []);
  assert.deepEqual(
    said(
      picture((x, y) => (x % 120 < 14 || y % 110 < 14 ? 170 : 70)),
      false,
    ),
    [],
  );
  assert.deepEqual(said(smeared(receipt(), {across: 5, down: 5}), false), ['blurred']);
  assert.deepEqual(
    said(
      changed(receipt(), (value) => value * 0.12),
      false,
    ),
    ['dark'],
  );
});

test('a wall without any edge is not called blurred', () => {
  assert.deepEqual(
    said(
      picture(() => 150),
      false,
    ),
    [],
  );
});

test('each fault comes with its measure', () => {
  const [blurred] = faultsOf(smeared(receipt(), {across: 4, down: 4}), {paper: true});
  assert.ok(blurred.measure > 0.1 && blurred.measure < 0.45, `${blurred.measure}`);
  const [glare] = faultsOf(changed(receipt(), lamp(300, 200, 30)), {paper: true});
  const share = (Math.PI * 30 ** 2) / (300 * 380);
  assert.ok(Math.abs(glare.measure - share) < 0.02, `${glare.measure} for ${share}`);
  assert.equal(faultsOf(receipt({x: 540, y: 370}), {paper: true})[0].measure, 2);
});

test('colours become greys as the eye weighs them', () => {
  const data = Uint8ClampedArray.of(255, 255, 255, 255, 0, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255);
  const [white, black, green, blue] = greyOf({width: 4, height: 1, data}).data;
  assert.ok(white === 255 && black === 0 && green > 4 * blue, [white, black, green, blue].join());
});

test('a picture of any size is judged, the smallest too', () => {
  for (const [width, height] of [
    [1, 1],
    [3, 200],
    [40, 30],
    [200, 3],
  ])
    for (const paper of [true, false])
      assert.ok(
        Array.isArray(
          faultsOf(
            picture(() => 128, width, height),
            {paper},
          ),
        ),
      );
});

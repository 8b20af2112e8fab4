import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as view from '../../../static/js/domain/picture/view.js';

const PHOTO = {width: 1600, height: 1200};
const TABLE = {width: 400, height: 600};
const near = (got, wanted, text) =>
  assert.ok(
    got.every((value, at) => Math.abs(value - wanted[at]) < 1e-9),
    `${text}: ${got} is not ${wanted}`,
  );

test('whole it fits the table, upright and lying', () => {
  assert.equal(view.whole(PHOTO, TABLE).scale, 0.25);
  assert.equal(view.whole(PHOTO, TABLE, 1).scale, 1 / 3);
  assert.equal(view.isZoomed(view.whole(PHOTO, TABLE), PHOTO, TABLE), false);
});

test('never smaller than whole, never larger than twice its pixels', () => {
  const whole = view.whole(PHOTO, TABLE);
  assert.equal(view.zoomed(whole, 0.1, [0, 0], PHOTO, TABLE).scale, 0.25);
  assert.equal(view.zoomed(whole, 1000, [0, 0], PHOTO, TABLE).scale, view.MOST);
  const small = {width: 100, height: 50};
  assert.deepEqual(view.limits(small, TABLE, 0), {least: 4, most: 4}); // larger than its pixels already
});

test('what lies under the fingers stays there, as far as no edge comes in', () => {
  const at = [60, -40];
  const before = view.zoomed(view.whole(PHOTO, TABLE), 6, [0, 0], PHOTO, TABLE);
  const after = view.zoomed(before, 1.2, at, PHOTO, TABLE);
  near(view.fractionAt(after, PHOTO, at), view.fractionAt(before, PHOTO, at), 'the same place of the photo');
});

test('moved about it never leaves an edge of the table empty', () => {
  const near1 = view.zoomed(view.whole(PHOTO, TABLE), 4, [0, 0], PHOTO, TABLE); // 1600 × 1200 on 400 × 600
  const far = view.panned(near1, 1e6, -1e6, PHOTO, TABLE);
  assert.deepEqual([far.x, far.y], [600, -300]);
  const whole = view.panned(view.whole(PHOTO, TABLE), 50, 50, PHOTO, TABLE);
  assert.deepEqual([whole.x, whole.y], [0, 0]);
});

test('a double tap goes to the real pixels and back', () => {
  const close = view.toggled(view.whole(PHOTO, TABLE), [0, 0], PHOTO, TABLE);
  assert.equal(close.scale, 1);
  assert.ok(view.isZoomed(close, PHOTO, TABLE));
  assert.deepEqual(view.toggled(close, [10, 10], PHOTO, TABLE), view.whole(PHOTO, TABLE));
});

test('four quarters come back to where it began', () => {
  const turns = [0, 1, 2, 3];
  let now = view.whole(PHOTO, TABLE);
  for (const turn of turns) {
    assert.equal(now.turn, turn);
    now = view.quarter(now, PHOTO, TABLE);
  }
  assert.deepEqual(now, view.whole(PHOTO, TABLE));
});

test('a place is told by the photo as it was taken, however it is turned, enlarged and moved', () => {
  for (const turn of [0, 1, 2, 3])
    for (const scale of [0.25, 0.7, 2])
      for (const fraction of [
        [0, 0],
        [1, 0],
        [0.2, 0.9],
      ]) {
        const here = {scale, turn, x: 31, y: -17};
        near(view.fractionAt(here, PHOTO, view.placeOf(here, PHOTO, fraction)), fraction, `${turn} ${scale}`);
      }
  // A quarter clockwise: the upper left corner goes to the upper right.
  near(view.placeOf(view.whole(PHOTO, TABLE, 1), PHOTO, [0, 0]), [200, -800 / 3], 'the corner');
});

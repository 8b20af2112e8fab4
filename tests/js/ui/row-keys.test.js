/** Keys of a list at the desk: where a step leads. The keys themselves are pressed in tests/browser/test_desk_pages.py. */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {placeOf, stepTo} from '../../../static/js/ui/row-keys.js';

test('the first step leads to the first row, and nobody is led beyond the ends', () => {
  assert.equal(stepTo(-1, 1, 3), 0);
  assert.equal(stepTo(-1, -1, 3), 0);
  assert.equal(stepTo(0, -1, 3), 0);
  assert.equal(stepTo(0, 1, 3), 1);
  assert.equal(stepTo(2, 1, 3), 2);
});

test('the row that holds the focus is found, and none where the focus is elsewhere', () => {
  const row = (name) => ({contains: (one) => one === name});
  const rows = [row('a'), row('b')];
  assert.equal(placeOf(rows, 'b'), 1);
  assert.equal(placeOf(rows, 'elsewhere'), -1);
});

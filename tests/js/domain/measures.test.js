/** How a line counts, by what the wire calls its measure. */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {measureOf} from '../../../static/js/domain/measures.js';

const line = (measure) => ({measure, kind: 'parcel', batch: 20, required: 2});
const record = (day, ...subjects) => ({day, kind: 'parcel', subjects, open: ''});
const numbers = (n) => Array.from({length: n}, (_, i) => `N${i}`);

test('one check of a session is asked for its batch, of a share for what the day requires', () => {
  assert.equal(measureOf(line('sessions')).asked(line('sessions')), 20);
  assert.equal(measureOf(line('items')).asked(line('items')), 2);
});

test('the same point twice is one point, and two full days are two sessions', () => {
  const points = [record('2026-11-20', 'P1', 'P2'), record('2026-11-21', 'P2')];
  assert.equal(measureOf(line('points')).count(line('points'), points), 2);
  const days = ['2026-11-20', '2026-11-21'].map((day) => record(day, ...numbers(20)));
  assert.equal(measureOf(line('sessions')).count(line('sessions'), days), 2);
});

test('a measure of a later server is counted and told like records', () => {
  assert.equal(measureOf({measure: 'rounds'}).code, 'records');
});

test('only what is asked of the relay register has a place without a kind', () => {
  assert.deepEqual(
    ['items', 'sessions', 'points', 'records'].map((measure) => measureOf({measure}).home),
    [null, null, '/app/register', null],
  );
});

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {askedOf} from '../../../static/js/domain/duty-lines.js';

const PARCEL = {code: 'parcel', batch: 20};
const week = (more) => ({kind: 'parcel', period: '2026-W47', measure: 'sessions', required: 2, batch: 20, ...more});

test('a county that asks for 25 parcels is asked for on the form, whatever the form says of itself', () => {
  assert.equal(askedOf([week({batch: 25})], PARCEL, '2026-11-20'), 25);
});

test('an override that begins next week asks nothing more of this one', () => {
  const duties = [week({}), week({period: '2026-W48', batch: 25})];
  assert.equal(askedOf(duties, PARCEL, '2026-11-20'), 20);
  assert.equal(askedOf(duties, PARCEL, '2026-11-23'), 25);
});

test('a form without a number of its own asks for what its duty asks for', () => {
  const rural = week({kind: 'letter', period: '2026-11', required: 1, batch: 5});
  assert.equal(askedOf([rural], {code: 'letter', batch: null}, '2026-11-20'), 5);
});

test('of a daily share the day asks, and nobody knows before the volume is typed', () => {
  const day = (required) => week({kind: 'receipt', period: '2026-11-20', measure: 'items', required, batch: null});
  const receipt = {code: 'receipt', batch: 3};
  assert.equal(askedOf([day(7)], receipt, '2026-11-20'), 7);
  assert.equal(askedOf([day(null)], receipt, '2026-11-20'), null);
});

test('where no duty of the kind was told the form keeps its number', () => {
  assert.equal(askedOf([], PARCEL, '2026-11-20'), 20);
  assert.equal(askedOf([week({period: '2026-W40'})], PARCEL, '2026-11-20'), 20);
});

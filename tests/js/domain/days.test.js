import assert from 'node:assert/strict';
import {test} from 'node:test';
import {addDays, apart, closing, inPeriod, isoWithOffset, localDay, period} from '../../../static/js/domain/days.js';

for (const [code, first, last] of [
  ['2026-11-20', '2026-11-20', '2026-11-20'],
  ['2026-W47', '2026-11-16', '2026-11-22'],
  ['2026-W01', '2025-12-29', '2026-01-04'],
  ['2026-W53', '2026-12-28', '2027-01-03'],
  ['2027-W01', '2027-01-04', '2027-01-10'],
  ['2026-02', '2026-02-01', '2026-02-28'],
  ['2028-02', '2028-02-01', '2028-02-29'],
  ['2026-Q4', '2026-10-01', '2026-12-31'],
  ['2026-H1', '2026-01-01', '2026-06-30'],
  ['2026', '2026-01-01', '2026-12-31'],
]) {
  test(`${code} runs from ${first} to ${last}`, () => {
    assert.equal(period(code).first, first);
    assert.equal(period(code).last, last);
  });
}

test('a period of a form that this version does not know holds no day and breaks nothing', () => {
  assert.throws(() => period('2026-X1'), RangeError);
  assert.equal(inPeriod('2026-X1', '2026-11-20'), false);
  assert.equal(inPeriod('2026-W47', '2026-11-22'), true);
  assert.equal(inPeriod('2026-W47', '2026-11-23'), false);
});

test('half past midnight in Xilinhot is a new day, whatever the zone of the phone', () => {
  assert.equal(localDay(Date.parse('2026-11-20T16:30:00Z')), '2026-11-21');
  assert.equal(localDay(Date.parse('2026-11-20T15:59:59Z')), '2026-11-20');
  assert.equal(addDays('2026-03-01', -1), '2026-02-28');
});

test('wall time carries its offset and names the same instant', () => {
  const text = isoWithOffset(1_800_000_000_123);
  assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.123[+-]\d\d:\d\d$/);
  assert.equal(Date.parse(text), 1_800_000_000_123);
});

test('a closing time is told in days, then hours, then minutes', () => {
  const at = (ms) => closing(new Date(ms).toISOString(), 0);
  assert.deepEqual(at(50 * 3600e3), {code: 'days', value: 2});
  assert.deepEqual(at(5.5 * 3600e3), {code: 'hours', value: 5});
  assert.deepEqual(at(1000), {code: 'minutes', value: 1});
  assert.deepEqual(at(0), {code: 'closed', value: 0});
});

for (const [day, from, n, unit, ahead] of [
  ['2027-11-29', '2026-11-29', 1, 'years', true],
  ['2025-11-29', '2026-11-29', 1, 'years', false],
  ['1970-01-01', '2026-11-29', 57, 'years', false],
  ['2026-11-30', '2026-11-29', 1, 'days', true],
  ['2026-10-15', '2026-11-29', 45, 'days', false],
  ['2027-02-28', '2026-11-29', 3, 'months', true],
]) {
  test(`${day} lies ${n} ${unit} ${ahead ? 'ahead of' : 'behind'} ${from}`, () => {
    assert.deepEqual(apart(day, from), {n, unit, ahead});
  });
}

test('a day lies no way from itself', () => assert.equal(apart('2026-11-29', '2026-11-29'), null));

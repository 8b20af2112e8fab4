/** What a carrier learns: each item once, by the month of its delivery, with what failed. */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {months, verdictsOf} from '../../../static/js/domain/learned.js';

const row = (number, day, criteria = [], kind = 'receipt') => ({
  kind,
  number,
  day,
  checked: day,
  criteria,
  verdict: criteria.length ? 'fail' : 'pass',
});

test('nothing was looked at', () => assert.deepEqual(months([]), []));

test('the latest month first, what failed most first', () => {
  const rows = [
    row('1', '2026-10-31'),
    row('2', '2026-11-01', ['date']),
    row('3', '2026-11-02', ['date', 'signed']),
    row('4', '2026-11-02'),
  ];
  assert.deepEqual(months(rows), [
    {
      month: '2026-11',
      seen: 3,
      failed: 2,
      faults: [
        ['receipt/date', 2],
        ['receipt/signed', 1],
      ],
    },
    {month: '2026-10', seen: 1, failed: 0, faults: []},
  ]);
});

test('an item that two people judged is one, with what both found', () => {
  const rows = [row('1', '2026-11-02'), row('1', '2026-11-02', ['date']), row('1', '2026-11-02', ['date', 'time'])];
  const [month] = months(rows);
  assert.deepEqual([month.seen, month.failed, month.faults.length], [1, 1, 2]);
  assert.deepEqual(verdictsOf(rows, '2026-11-02', '1')[0].criteria, ['date', 'time']);
});

test('the same number on another day is another item', () => {
  const rows = [row('1', '2026-11-02'), row('1', '2026-11-09', ['date'])];
  assert.deepEqual([months(rows)[0].seen, months(rows)[0].failed], [2, 1]);
  assert.equal(verdictsOf(rows, '2026-11-02', '1').length, 1);
  assert.deepEqual(verdictsOf(rows, null, '1'), []);
});

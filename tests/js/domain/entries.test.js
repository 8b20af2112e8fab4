/** What stands in the rows of a check, and what a number is that somebody enters. */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {checkedOn, entryOf, rowsOf} from '../../../static/js/domain/entries.js';

const listed = (number, more = {}) => ({number, class: 'express', captures: [], ...more});
const draft = {kind: 'parcel', unit: 'D1', items: [{subject: 'A'}, {subject: 'B'}, {subject: 'C'}]};

test('what was typed last stands first, the list keeps its order', () => {
  const rows = rowsOf(draft, [listed('L'), listed('B')]);
  assert.deepEqual(
    rows.map(({subject, index}) => [subject, index]),
    [
      ['C', 2],
      ['A', 0],
      ['L', null],
      ['B', 1],
    ],
  );
});

test('a number checked this month is known, here or elsewhere; last month, refused or corrected it is not', () => {
  const record = {id: 'r', kind: 'parcel', unit: 'D1', state: 'stored', day: '2026-11-03', subjects: ['A']};
  const on = (records, checked = [], own = draft) => checkedOn(own, 'A', {records, checked}, '2026-11-20');
  assert.equal(on([record]), '2026-11-03');
  assert.equal(on([{...record, day: '2026-10-30'}]), null);
  assert.equal(on([{...record, state: 'refused'}]), null);
  assert.equal(on([record], [], {...draft, amends: 'r'}), null);
  assert.equal(on([], [{kind: 'parcel', subject: 'A', day: '2026-11-05'}]), '2026-11-05');
  assert.equal(on([], [{kind: 'return', subject: 'A', day: '2026-11-05'}]), null);
});

test('the list tells the class of its item and the evidence; else a kind of one class does', () => {
  const row = listed('A', {captures: [{id: 'c'}]});
  assert.deepEqual(entryOf({code: 'x', classes: ['parcel']}, 'A', null, [row]), {
    subject: 'A',
    warning: null,
    class: 'express',
    captures: ['c'],
  });
  assert.equal(entryOf({code: 'x', classes: ['parcel']}, 'B', 'strange', [row]).class, 'parcel');
  assert.equal(entryOf({code: 'x', class: 'letter'}, 'B', null, []).class, 'letter');
  assert.equal(entryOf({code: 'x', classes: ['parcel', 'letter']}, 'B', null, []).class, null);
});

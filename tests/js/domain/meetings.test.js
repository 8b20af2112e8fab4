/** What stands on the list before a meeting: problems since the last one, and what earlier ones required. */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {toRaise, toSettle} from '../../../static/js/domain/meetings.js';

const MONDAY = '2026-11-23';
const draft = {kind: 'meeting', unit: 'D1', header: {}};
const problem = (inspection, found, raised = {}) => ({inspection, ordinal: 0, found, raised});
const record = (id, date, header = {}, more = {}) => ({
  id,
  type: 'inspection',
  kind: 'meeting',
  unit: 'D1',
  date,
  day: date,
  state: 'unsent',
  open: JSON.stringify({header}),
  ...more,
});
const ids = (rows) => rows.map(({inspection}) => inspection);

test('on Monday the list has what was found since the meeting of Friday, not what was raised there', () => {
  const problems = [
    problem('thursday', '2026-11-19', {meeting: '2026-11-20'}),
    problem('friday', '2026-11-20'),
    problem('saturday', '2026-11-21', {analysis: '2026-11-22'}),
    problem('today', MONDAY),
  ];
  assert.deepEqual(ids(toRaise(problems, draft, [], MONDAY)), ['friday', 'saturday']);
});

test('a meeting that waits on this phone has raised its problems too', () => {
  const problems = [problem('thursday', '2026-11-19'), problem('friday', '2026-11-20')];
  const friday = record('m', '2026-11-20');
  assert.deepEqual(ids(toRaise(problems, draft, [friday], MONDAY)), ['friday']);
  assert.deepEqual(ids(toRaise(problems, draft, [{...friday, unit: 'D2'}], MONDAY)), ['thursday', 'friday']);
  assert.deepEqual(ids(toRaise(problems, draft, [{...friday, state: 'refused'}], MONDAY)), ['thursday', 'friday']);
});

test('the correction of a meeting has the list that the meeting had, and keeps what is ticked', () => {
  const problems = [
    problem('monday', '2026-11-16', {meeting: '2026-11-17'}),
    problem('thursday', '2026-11-19', {meeting: '2026-11-20'}),
    problem('friday', '2026-11-20', {meeting: MONDAY}),
  ];
  const correction = {...draft, amends: 'm', header: {problems: ['monday/0']}};
  const friday = record('m', '2026-11-20', {}, {state: 'stored'});
  assert.deepEqual(ids(toRaise(problems, correction, [friday], MONDAY)), ['monday', 'thursday']);
});

test('what a meeting required comes back at the next one before it was even sent, until it is settled', () => {
  const pulled = [{fact: 'a', row: 0, text: '补盖日戳', day: '2026-11-18'}];
  const friday = record('b', '2026-11-20', {requirements: ['按时限投递', '注明代收关系'], settled: ['a/0']});
  const saturday = record('c', '2026-11-21', {settled: ['b/1']});
  const texts = (records, own = draft) => toSettle(pulled, own, records).map(({text}) => text);
  assert.deepEqual(texts([]), ['补盖日戳']);
  assert.deepEqual(texts([friday]), ['按时限投递', '注明代收关系']);
  assert.deepEqual(texts([saturday, friday]), ['按时限投递']);
  assert.deepEqual(texts([friday], {...draft, amends: 'b'}), ['补盖日戳']);
});

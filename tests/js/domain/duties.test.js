import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isOpen, ordered, tally} from '../../../static/js/domain/duties.js';

const duty = (code, more) => ({
  code,
  kind: 'relay',
  unit: 'D1',
  period: '2026-11',
  required: 20,
  done: 5,
  measure: 'points',
  status: 'partial',
  batch: null,
  closes_at: '2026-12-01T00:00:00+08:00',
  ...more,
});
let made = 0;
const record = (more) => ({
  id: `r${++made}`,
  type: 'inspection',
  kind: 'relay',
  unit: 'D1',
  acting: 'D1',
  day: '2026-11-20',
  subjects: ['P1', 'P2'],
  amends: null,
  target: null,
  state: 'unsent',
  sent: null,
  ...more,
});
const numbers = (n, from = 0) => Array.from({length: n}, (_, i) => `N${i + from}`);

test('two calls that still wait on this phone count as done, the same point once', () => {
  const records = [record(), record({subjects: ['P2', 'P3']})];
  assert.deepEqual(tally(duty('relay-monthly'), records), {waiting: 3, done: 8, left: 12});
});

test('with the day’s volume missing nobody knows how much is left: that is not nothing, and not done', () => {
  const unknown = duty('receipt-sample', {required: null, done: 3, measure: 'items'});
  assert.deepEqual(tally(unknown, []), {waiting: 0, done: 3, left: null});
  const [first, second] = ordered([duty('met', {required: 5}), unknown], {records: [], now: 0});
  assert.deepEqual([first.code, isOpen(first), second.code, isOpen(second)], ['receipt-sample', true, 'met', false]);
});

test('what belongs to another duty, unit or month, or was withdrawn or amended, does not', () => {
  const gone = record();
  const others = [
    record({kind: 'parcel'}),
    record({unit: 'D2', acting: 'D2'}),
    record({acting: 'C1'}),
    record({day: '2026-10-31'}),
    record({type: 'capture'}),
    record({amends: 'x'}),
    record({state: 'refused'}),
    gone,
    record({type: 'withdrawal', kind: null, target: gone.id, subjects: []}),
  ];
  assert.equal(tally(duty('relay-monthly'), others).waiting, 0);
});

test('what arrived after the figures were pulled still counts here, what arrived before is in them', () => {
  const records = [record({state: 'stored', sent: 200}), record({state: 'stored', sent: 50, subjects: ['P9']})];
  assert.equal(tally(duty('relay-monthly'), records, 100).waiting, 2);
  assert.equal(tally(duty('relay-monthly'), records).waiting, 0);
});

test('a week of one forty-item check is one session, not two', () => {
  const week = duty('parcel-check', {
    kind: 'parcel',
    period: '2026-W47',
    measure: 'sessions',
    batch: 20,
    required: 2,
    done: 0,
  });
  const one = [record({kind: 'parcel', subjects: numbers(40)})];
  assert.deepEqual(tally(week, one), {waiting: 1, done: 1, left: 1});
  const short = [record({kind: 'parcel', subjects: numbers(12)}), record({kind: 'parcel', subjects: numbers(12, 6)})];
  assert.equal(tally(week, short).waiting, 0, '18 distinct numbers are short of 20');
  const two = [...one, record({kind: 'parcel', day: '2026-11-21', subjects: numbers(20, 50)})];
  assert.equal(tally(week, two).left, 0);
});

test('what closes first stands first; what is reached or does not apply stands last', () => {
  const rows = [
    duty('reached', {done: 20, closes_at: '2026-11-21T00:00:00+08:00'}),
    duty('none', {status: 'not applicable'}),
    duty('month'),
    duty('today', {closes_at: '2026-11-21T00:00:00+08:00'}),
    duty('less', {required: 8}),
  ];
  const sorted = ordered(rows, {records: [], now: Date.parse('2026-11-20T20:00:00+08:00')});
  assert.deepEqual(
    sorted.map(({code}) => code),
    ['today', 'month', 'less', 'reached', 'none'],
  );
  assert.deepEqual(sorted[0].closing, {code: 'hours', value: 4});
});

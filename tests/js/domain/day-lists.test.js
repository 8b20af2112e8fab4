import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {DayLists} from '../../../static/js/domain/day-lists.js';
import {tally} from '../../../static/js/domain/duties.js';
import {outcome} from '../../../static/js/domain/sessions.js';

const {marks} = JSON.parse(readFileSync(new URL('../../vectors/marks.json', import.meta.url), 'utf8'));
const DAY = '2026-11-20';
const none = marks[0].marks;
const [, one, three] = marks;
const row = (more) => ({
  duty: 'parcel-check',
  kind: 'parcel',
  day: DAY,
  key: one.key,
  marks: one.marks,
  own: none,
  classes: [],
  least: 1,
  ...more,
});
const parcels = (...subjects) => subjects.map((subject) => ({subject, class: 'parcel'}));

async function lists(rows, ...numbers) {
  const found = new DayLists(rows);
  for (const {kind, day} of rows) await found.learn(kind, day, numbers);
  return found;
}

for (const {name, key, numbers, marks: made} of marks) {
  test(`the phone knows a listed number by its mark: ${name}`, async () => {
    const found = await lists([row({key, marks: made})], ...numbers, '9900000000009');
    for (const subject of numbers) assert.equal(found.fault('parcel', DAY, {subject}), null, subject);
    assert.equal(found.fault('parcel', DAY, {subject: '9900000000009'}), 'off-list');
  });
}

test('a number of a class that no list bears counts, one of another does not', async () => {
  const found = await lists([row({classes: ['express'], least: null})], '1', '2');
  assert.equal(found.fault('parcel', DAY, {subject: '1', class: 'express'}), null);
  assert.equal(found.fault('parcel', DAY, {subject: '2', class: 'parcel'}), 'off-list');
  assert.equal(found.fault('parcel', DAY, {subject: '2'}), 'off-list');
});

test('a number that a list bears as something else does not count by a class that somebody chose for it', async () => {
  const [number] = one.numbers;
  const receipts = row({duty: 'receipt-sample', kind: 'receipt', classes: [], least: null});
  const returns = row({duty: 'return-audit', kind: 'return', marks: none, classes: ['parcel'], least: null});
  const found = await lists([receipts, returns], number, 'X1');
  assert.equal(found.fault('return', DAY, {subject: number, class: 'parcel'}), 'not-asked');
  const said = outcome(found, {kind: 'return', day: DAY, items: parcels(number, 'X1')});
  assert.deepEqual(said, {code: 'counted', n: 1, least: 0, off: 0, own: 0, beside: 1});
  assert.equal(found.fault('return', DAY, {subject: 'X1', class: 'parcel'}), null);
});

test('what one delivered oneself, and what is checked on a day on which nothing came, does not count', async () => {
  const [number] = one.numbers;
  const own = await lists([row({own: one.marks, classes: null})], number);
  assert.equal(own.fault('parcel', DAY, {subject: number}), 'own');
  const zero = await lists([row({least: 0})], number);
  assert.equal(zero.fault('parcel', DAY, {subject: number}), 'zero-day');
  assert.equal(outcome(zero, {kind: 'parcel', day: DAY, items: parcels(number)}).code, 'zero-day');
});

test('of a day of which the phone was told nothing it claims nothing', async () => {
  const found = await lists([row()], '1');
  assert.equal(found.fault('parcel', '2026-11-21', {subject: '1'}), null);
  assert.equal(found.least('parcel', '2026-11-21'), null);
  assert.equal(outcome(found, {kind: 'parcel', day: '2026-11-21', items: parcels('1')}), null);
});

test('after saving: three of three listed make a session with what a colleague checked; strangers never do', async () => {
  const found = await lists([row({key: three.key, marks: three.marks, least: 3})], ...three.numbers, 'X1', 'X2', 'X3');
  const [a, b, c] = three.numbers;
  const said = (items, others = []) => outcome(found, {kind: 'parcel', day: DAY, items, others});
  assert.deepEqual(said(parcels('X1', 'X2', 'X3')), {code: 'short', n: 0, least: 3, off: 3, own: 0, beside: 0});
  assert.equal(said(parcels(a, b)).code, 'short');
  assert.equal(said(parcels(a, b), parcels(c)).code, 'session');
  assert.equal(said(parcels(a, b), parcels(b)).n, 2, 'within a session a number counts once');
});

test('twenty parcels that are on no list are not shown as a session on Today', async () => {
  const numbers = Array.from({length: 20}, (_, i) => `N${i}`);
  const record = (subjects) => ({
    id: 'r1',
    type: 'inspection',
    kind: 'parcel',
    unit: 'D1',
    acting: 'D1',
    day: DAY,
    subjects,
    amends: null,
    target: null,
    state: 'unsent',
    sent: null,
  });
  const duty = {kind: 'parcel', unit: 'D1', period: '2026-W47', required: 2, done: 0, measure: 'sessions', batch: 20};
  const found = await lists([row({key: three.key, marks: three.marks, least: 3})], ...numbers, ...three.numbers);
  assert.equal(tally(duty, [record(numbers)], Infinity, found).waiting, 0);
  assert.equal(tally(duty, [record(three.numbers)], Infinity, found).waiting, 1, 'three came, three are enough');
});

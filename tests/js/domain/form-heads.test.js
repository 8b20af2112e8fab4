/** Heads of forms: what was typed, what is missing, what travels in the open. */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {correction} from '../../../static/js/domain/amendments.js';
import {addItem, head, isJudged, newDraft, ready, toFact} from '../../../static/js/domain/checks.js';
import {
  difference,
  headerLacks,
  openHeader,
  readCount,
  readLines,
  readMoney,
} from '../../../static/js/domain/form-heads.js';

const field = (code, type, required = false) => ({code, type, required, zh: code, en: code});
const MEETING = {
  code: 'meeting',
  type: 'inspection',
  subject: 'none',
  about: false,
  photo: 'none',
  position: false,
  batch: null,
  roles: ['director'],
  criteria: [],
  zh: '班前会',
  en: 'Meeting',
  fields: [field('present', 'people', true), field('notes', 'text', true), field('requirements', 'list')],
};
const SUMS = {came: ['opening', 'received'], went: ['delivered', 'carried']};
const meeting = () =>
  addItem(newDraft({kind: 'meeting', unit: 'D1', acting: 'D1', started: '2026-11-20T08:00:00+08:00'}), {subject: '-'});

test('a meeting can be saved once those present and the notes are there', () => {
  let draft = meeting();
  assert.deepEqual(
    ready(draft, MEETING).map(({code, field}) => [code, field]),
    [
      ['header', 'present'],
      ['header', 'notes'],
    ],
  );
  draft = head(head(draft, 'present', ['p1']), 'notes', ' 昨日通报 ');
  assert.deepEqual(ready(draft, MEETING), []);
});

test('the open part says only how long the notes are', () => {
  const draft = head(head(meeting(), 'present', ['p1']), 'notes', ' 昨日通报😀 ');
  const {open, personal} = toFact(draft, MEETING, {ended: '2026-11-20T08:10:00.000+08:00'});
  assert.deepEqual(open.header, {present: ['p1'], notes: 5});
  assert.deepEqual(open.items, [{subject: '-', photos: []}]);
  assert.deepEqual(personal, {notes: {'header.notes': '昨日通报😀'}});
  assert.equal(isJudged(MEETING), false);
});

test('a correction of a meeting begins with its notes', () => {
  const draft = head(head(meeting(), 'present', ['p1']), 'notes', '通报');
  const {open, personal} = toFact(draft, MEETING, {ended: '2026-11-20T08:10:00.000+08:00'});
  const record = {id: 'r', state: 'stored', open: JSON.stringify(open), personal: JSON.stringify(personal)};
  assert.deepEqual(correction(record, 0).header, {present: ['p1'], notes: '通报'});
});

test('zero is a count and blank is none', () => {
  const kind = {...MEETING, fields: [field('short', 'count', true), field('opening', 'count')]};
  assert.deepEqual(headerLacks({short: 0}, kind), []);
  assert.deepEqual(headerLacks({opening: 3}, kind), ['short']);
  assert.deepEqual(headerLacks({short: 1, opening: Number.NaN}, kind), ['opening']);
  assert.deepEqual(openHeader({short: 0}, kind), {short: 0});
});

test('counts and yuan are read as people type them', () => {
  assert.deepEqual(['', '0', '１２', '3'].map(readCount), [null, 0, 12, 3]);
  assert.ok(Number.isNaN(readCount('-1')) && Number.isNaN(readCount('1.5')));
  assert.deepEqual(['', '1.5', '0.05', '12'].map(readMoney), [null, 150, 5, 1200]);
  assert.ok(Number.isNaN(readMoney('1.234')));
  assert.deepEqual(readLines(' 甲 \n\n乙\n甲'), ['甲', '乙']);
});

test('a balance says what is missing, and nothing while the opening is unknown', () => {
  assert.equal(difference({opening: 3, received: 40, delivered: 38, carried: 3}, SUMS), 2);
  assert.equal(difference({opening: 0, received: 4, delivered: 4, carried: 1}, SUMS), -1);
  assert.equal(difference({received: 40, delivered: 38, carried: 2}, SUMS), null);
});

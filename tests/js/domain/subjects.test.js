/** What a record is about decides how it is made, whatever its kind is called. */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {addItem, isEmpty, newDraft, passWhole} from '../../../static/js/domain/checks.js';
import {freshLetter, ordinalOf} from '../../../static/js/domain/subjects/letter.js';
import {givenItems, isSingle, SUBJECTS, subjectOf} from '../../../static/js/domain/subjects.js';
import {kindAt, placeOf} from '../../../static/js/domain/work.js';
import {LOOKS} from '../../../static/js/screens/subjects.js';

const kind = (code, more = {}) => ({
  code,
  type: 'inspection',
  subject: 'item',
  about: false,
  position: false,
  roles: [],
  criteria: [],
  ...more,
});
const draftOf = (one, ...subjects) =>
  subjects.reduce(
    (draft, subject) => addItem(draft, {subject}),
    newDraft({kind: one.code, unit: '15250201', acting: '15250201', started: '2026-11-20T09:00:00.000+08:00'}),
  );

test('a visit to a department begins with the department, a meeting with nothing, a check of items empty', () => {
  const given = (subject) => givenItems(kind('x', {subject}), '15250201').map((item) => item.subject);
  assert.deepEqual(['unit', 'department', 'none', 'item', 'letter', 'point'].map(given), [
    ['15250201'],
    ['15250201'],
    ['-'],
    [],
    [],
    [],
  ]);
});

test('what the form itself put there is no entry, a typed number that looks like a unit is one', () => {
  const visit = kind('visit', {subject: 'unit'});
  assert.equal(isEmpty(draftOf(visit, '15250201'), visit), true);
  assert.equal(isEmpty(passWhole(draftOf(visit, '15250201'), 0), visit), false);
  assert.equal(isEmpty(draftOf(kind('parcel'), '15250201'), kind('parcel')), false);
  assert.equal(isEmpty(draftOf(kind('call', {subject: 'point'}), 'P'), kind('call', {subject: 'point'})), true);
  assert.equal(
    isEmpty(draftOf(kind('gone'), 'P'), null),
    false,
    'of a kind that is known no more nothing is thrown away',
  );
});

test('a renamed kind is begun where its sort of work is', () => {
  assert.equal(placeOf(kind('call', {subject: 'point'})), '/app/relay');
  assert.equal(placeOf(kind('foto', {type: 'capture', about: true})), '/app/receipts');
  assert.equal(placeOf(kind('signatures', {about: true, list: 'draws'})), '/app/verdicts');
  assert.equal(placeOf(kind('receipt', {about: true, list: null})), null, 'the kind itself says that it has no list');
});

test('two kinds about relay points have an address each', () => {
  const kinds = [kind('relay', {subject: 'point'}), kind('parcel'), kind('keeper', {subject: 'point'})];
  assert.deepEqual(
    kinds.map((one) => placeOf(one, kinds)),
    ['/app/relay', null, '/app/relay/keeper'],
  );
  assert.equal(kindAt('relay', null, kinds)?.code, 'relay');
  assert.equal(kindAt('relay', 'keeper', kinds)?.code, 'keeper');
  assert.equal(kindAt('relay', 'gone', kinds)?.code, 'relay');
  assert.equal(kindAt('receipts', null, kinds), null);
});

test('only what is counted has words for how many', () => {
  const words = Object.entries(SUBJECTS).map(([code, {counted}]) => [code, counted]);
  assert.deepEqual(Object.fromEntries(words), {
    item: 'items',
    letter: 'items',
    point: 'points',
    none: null,
    unit: null,
    record: 'items',
    department: null,
  });
  assert.equal(subjectOf({subject: 'vehicle'}), null);
  assert.equal(isSingle(null), false);
});

test('what is known is shown: each subject has its look', () => {
  assert.deepEqual(Object.keys(LOOKS), Object.keys(SUBJECTS));
});

test('letters are named by what they are, each once', () => {
  const letters = draftOf(kind('letter', {subject: 'letter'}));
  const one = freshLetter(letters, 'local');
  const two = freshLetter(addItem(letters, {subject: one, stratum: 'local'}), 'local');
  assert.notEqual(one, two);
  const strata = ['local', 'nonlocal', 'local'].map((stratum) => ({stratum}));
  assert.deepEqual(
    strata.map((_, i) => ordinalOf(strata, i)),
    [1, 1, 2],
  );
});

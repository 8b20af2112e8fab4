import assert from 'node:assert/strict';
import {test} from 'node:test';
import {correction, withdrawal} from '../../../static/js/domain/amendments.js';
import * as checks from '../../../static/js/domain/checks.js';
import {freeze} from '../../../static/js/domain/facts.js';
import {newRecord} from '../../../static/js/store/records.js';
import {CAPTURE, PARCEL, RECEIPT, RELAY} from '../kinds.js';

const STARTED = '2026-11-20T09:00:00.000+08:00';
const PHOTO = {sha256: 'a'.repeat(64), size: 1000, type: 'image/jpeg', taken: STARTED, latitude: 43.9, longitude: 116};

function draftOf(kind, ...subjects) {
  const empty = checks.newDraft({
    kind: kind.code,
    unit: 'D1',
    acting: 'D1',
    started: STARTED,
    about: kind.about ? '2026-11-20' : null,
  });
  return subjects.reduce((draft, subject) => checks.addItem(draft, {subject, class: 'parcel'}), empty);
}

const codes = (draft, kind) => checks.ready(draft, kind).map(({code}) => code);

test('nothing is ticked before somebody ticked it: twenty parcels are twenty without an answer', () => {
  const draft = draftOf(PARCEL, ...Array.from({length: 20}, (_, i) => `N${i}`));
  assert.equal(checks.unanswered(draft, PARCEL), 20);
  assert.equal(codes(draft, PARCEL).filter((code) => code === 'unanswered').length, 20);
});

test('one tap passes a parcel whole', () => {
  const draft = checks.passWhole(draftOf(PARCEL, 'A'), 0);
  assert.equal(checks.verdictOf(draft.items[0], PARCEL), 'pass');
  assert.deepEqual(codes(draft, PARCEL), []);
});

test('a fail stays open until a criterion failed, and then wants its photo', () => {
  let draft = checks.fail(draftOf(PARCEL, 'A'), 0);
  assert.equal(checks.unanswered(draft, PARCEL), 1);
  assert.deepEqual(codes(draft, PARCEL), ['criterion']);
  draft = checks.answer(draft, 0, 'on-time', 'fail');
  assert.equal(checks.verdictOf(draft.items[0], PARCEL), 'fail');
  assert.deepEqual(codes(draft, PARCEL), ['photo']);
  assert.deepEqual(codes(checks.addPhoto(draft, 0, PHOTO), PARCEL), []);
});

test('single answers without a fail pass only when every criterion has one', () => {
  let draft = checks.answer(draftOf(PARCEL, 'A'), 0, 'on-time', 'pass');
  assert.equal(checks.verdictOf(draft.items[0], PARCEL), null);
  draft = checks.answer(draft, 0, 'feedback', 'na');
  assert.equal(checks.verdictOf(draft.items[0], PARCEL), 'pass');
});

test('answering one criterion of an item passed whole asks for the others too', () => {
  const draft = checks.answer(checks.passWhole(draftOf(PARCEL, 'A'), 0), 0, 'on-time', 'pass');
  assert.equal(checks.unanswered(draft, PARCEL), 1);
});

test('taking the last answer back leaves the item open, never passed', () => {
  const failed = checks.answer(checks.fail(draftOf(PARCEL, 'A'), 0), 0, 'on-time', 'fail');
  const open = checks.answer(failed, 0, 'on-time', null);
  assert.equal(checks.verdictOf(open.items[0], PARCEL), null);
  assert.equal(checks.verdictOf(checks.clear(failed, 0).items[0], PARCEL), null);
});

test('steps never change the draft they began with', () => {
  const draft = draftOf(PARCEL, 'A');
  const before = structuredClone(draft);
  checks.addPhoto(checks.note(checks.answer(draft, 0, 'on-time', 'fail'), 0, '晚到'), 0, PHOTO);
  assert.deepEqual(draft, before);
});

test('a relay point wants a photo, and a position or the reason for none', () => {
  const draft = checks.passWhole(draftOf(RELAY, 'P1'), 0);
  assert.deepEqual(codes(draft, RELAY), ['photo', 'position']);
  const whole = checks.noPlace(checks.addPhoto(draft, 0, PHOTO), 0, 'no-signal');
  assert.deepEqual(codes(whole, RELAY), []);
});

test('the same number twice in one record, no item at all, or no day of the list is pointed out', () => {
  const twice = checks.passWhole(checks.passWhole(draftOf(PARCEL, 'A', 'A'), 0), 1);
  assert.deepEqual(checks.ready(twice, PARCEL), [{code: 'repeat', index: 1}]);
  assert.deepEqual(codes(draftOf(PARCEL), PARCEL), ['no-items']);
  assert.deepEqual(codes({...checks.passWhole(draftOf(RECEIPT, 'A'), 0), about: null}, RECEIPT), ['about']);
});

test('a receipt without a photo is not captured; a capture carries no verdict', () => {
  const draft = draftOf(CAPTURE, 'A', 'B');
  assert.equal(checks.unanswered(draft, CAPTURE), 2);
  const shot = checks.addPhoto(checks.removeItem(draft, 1), 0, PHOTO);
  const {open} = checks.toFact(shot, CAPTURE, {ended: STARTED});
  assert.deepEqual(codes(shot, CAPTURE), []);
  assert.equal(open.type, 'capture');
  assert.ok(!('verdict' in open.items[0]) && !('answers' in open.items[0]));
});

test('what the ledger folds stands in open, what is about persons in personal', () => {
  let draft = checks.fail(draftOf(RELAY, 'P1', 'P2'), 0);
  draft = checks.answer(draft, 0, 'handed-over', 'fail');
  draft = checks.note(checks.addPhoto(draft, 0, PHOTO), 0, '  门卫张某  ');
  draft = checks.place(draft, 0, {latitude: 43.9, longitude: 116.1, accuracy: 8});
  draft = checks.noPlace(checks.addPhoto(checks.passWhole(draft, 1), 1, PHOTO), 1, 'no-signal');
  const {open, personal} = checks.toFact(draft, RELAY, {ended: '2026-11-20T10:00:00.000+08:00', elapsed: 61000.4});
  const photo = {sha256: PHOTO.sha256, size: 1000, type: 'image/jpeg'};
  assert.deepEqual(open, {
    v: 1,
    type: 'inspection',
    unit: 'D1',
    acting: 'D1',
    date: '2026-11-20',
    kind: 'relay',
    method: 'on-site',
    started: STARTED,
    ended: '2026-11-20T10:00:00.000+08:00',
    elapsed_ms: 61000,
    items: [
      {
        subject: 'P1',
        class: 'parcel',
        verdict: 'fail',
        answers: {'handed-over': 'fail'},
        photos: [photo],
        position: 'given',
      },
      {subject: 'P2', class: 'parcel', verdict: 'pass', answers: {}, photos: [photo], position: 'no-signal'},
    ],
  });
  assert.deepEqual(personal, {
    notes: {0: '门卫张某'},
    positions: {0: {latitude: 43.9, longitude: 116.1, accuracy: 8}},
    photos: {[PHOTO.sha256]: {taken: STARTED, latitude: 43.9, longitude: 116}},
  });
});

test('a draft that lay overnight is work of the day on which it was ended', () => {
  const draft = checks.passWhole(draftOf(PARCEL, 'A'), 0);
  assert.equal(checks.toFact(draft, PARCEL, {ended: '2026-11-21T00:10:00.000+08:00'}).open.date, '2026-11-21');
  assert.equal(checks.toFact(draft, PARCEL, {ended: '2026-11-20T15:59:00.000Z'}).open.date, '2026-11-20');
  assert.equal(checks.toFact(draft, PARCEL, {ended: '2026-11-20T16:00:00.000Z'}).open.date, '2026-11-21');
});

async function recordOf(draft, kind) {
  return newRecord(await freeze(checks.toFact(draft, kind, {ended: STARTED}), {id: draft.id}), 0);
}

test('a correction begins with everything the record said, and amends it', async () => {
  let draft = checks.place(checks.addPhoto(checks.passWhole(draftOf(RELAY, 'P1'), 0), 0, PHOTO), 0, {
    latitude: 1,
    longitude: 2,
    accuracy: 3,
  });
  draft = checks.note(draft, 0, '登记不全');
  const record = {...(await recordOf(draft, RELAY)), state: 'stored'};
  const again = correction(record, Date.parse(STARTED));
  assert.deepEqual(again.items, draft.items);
  assert.equal(again.amends, record.id);
  assert.notEqual(again.id, record.id);
  assert.equal(checks.toFact(again, RELAY, {ended: STARTED}).open.amends, record.id);
});

test('a refused record never came into force: its second try amends nothing and takes its place', async () => {
  const record = {...(await recordOf(checks.passWhole(draftOf(PARCEL, 'A'), 0), PARCEL)), state: 'refused'};
  const again = correction(record, 0);
  assert.equal(again.amends, undefined);
  assert.equal(again.replaces, record.id);
});

test('a withdrawal names what it takes back and why, and needs the why', () => {
  const record = {id: 'R', unit: 'D1', acting: 'D1'};
  assert.deepEqual(withdrawal(record, ' 录错 ', Date.parse(STARTED)), {
    open: {v: 1, type: 'withdrawal', unit: 'D1', acting: 'D1', date: '2026-11-20', target: 'R', reason: '录错'},
    personal: null,
  });
  assert.throws(() => withdrawal(record, '  ', 0), RangeError);
});

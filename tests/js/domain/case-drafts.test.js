/** A move while it is written: what lacks, what is frozen, and what was refused said anew. */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  choose,
  faultsOf,
  isBlankMove,
  moveAgain,
  moveFact,
  newMove,
  usedPhotos,
} from '../../../static/js/domain/case-drafts.js';
import {addPhoto, note} from '../../../static/js/domain/checks.js';
import {freeze, openOf, personalOf} from '../../../static/js/domain/facts.js';
import {newRecord} from '../../../static/js/store/records.js';
import {RULES, row, said, step} from '../cases.js';
import {NOON} from '../phone.js';

const MOVES = RULES.types[0].moves;
const way = (code, days = null) => ({move: MOVES.find((one) => one.code === code), acting: 'C1', days});
const photo = (sha256, taken = '2026-11-20T11:00:00+08:00') => ({
  sha256,
  size: 9,
  type: 'image/jpeg',
  taken,
  accuracy: 5,
});
const ABOUT = {found: '2026-11-18', used: new Set(['used'])};
const faults = (draft, one) => faultsOf(draft, one, ABOUT).map(({need, code}) => `${need}: ${code}`);

function whole() {
  const draft = choose(newMove(row('a'), way('mend'), NOON), 'cause', 'weather');
  return addPhoto(note(draft, 0, ' 已补登记 '), 0, photo('new'));
}

test('nothing is filled in beforehand, and all that is needed lacks', () => {
  const draft = newMove(row('a'), way('mend'), NOON);
  assert.ok(isBlankMove(draft));
  assert.deepEqual(faults(draft, way('mend')), ['text: text', 'cause: cause', 'photo: photo']);
  assert.deepEqual(faults(draft, way('accept')), []);
});

test('with words, a cause and a new photo it can be submitted', () => {
  assert.ok(!isBlankMove(whole()));
  assert.deepEqual(faults(whole(), way('mend')), []);
});

test('blanks are no words, and too many are said before they are sent', () => {
  assert.deepEqual(faults(note(whole(), 0, ' \u200b\n'), way('mend')), ['text: text']);
  assert.deepEqual(faults(note(whole(), 0, '改'.repeat(501)), way('mend')), ['text: too-long']);
});

test('a photo that is evidence already, or older than the finding, is said on the spot', () => {
  assert.deepEqual(faults(addPhoto(whole(), 0, photo('used')), way('mend')), ['photo: photo-used']);
  const old = addPhoto(whole(), 0, photo('b', '2026-11-17T23:59:00+08:00'));
  assert.deepEqual(faults(old, way('mend')), ['photo: photo-old']);
  assert.deepEqual(faults(addPhoto(whole(), 0, photo('c', '2026-11-18T00:00:00+08:00')), way('mend')), []);
});

test('a day is one of those that can be named', () => {
  const delay = way('delay', {first: '2026-11-26', last: '2026-12-02'});
  const draft = note(newMove(row('a'), delay, NOON), 0, '材料未到');
  const of = (day) => faults(choose(draft, 'day', day), delay);
  assert.deepEqual(of(''), ['day: day']);
  assert.deepEqual([of('2026-11-25'), of('2026-12-03')], [['day: day-range'], ['day: day-range']]);
  assert.deepEqual([of('2026-11-26'), of('2026-12-02')], [[], []]);
});

test('what is frozen: the move in the open, words and where the photo was taken in the personal part', () => {
  const {open, personal} = moveFact(whole(), NOON);
  assert.deepEqual(
    {...open, made: Date.parse(open.made)},
    {
      v: 1,
      type: 'case-move',
      unit: 'D1',
      acting: 'C1',
      date: '2026-11-20',
      made: NOON,
      case: 'a',
      move: 'mend',
      cause: 'weather',
      photos: [{sha256: 'new', size: 9, type: 'image/jpeg'}],
    },
  );
  assert.deepEqual(personal, {
    notes: {text: '已补登记'},
    photos: {new: {taken: '2026-11-20T11:00:00+08:00', accuracy: 5}},
  });
});

test('a yes alone has no personal part', () => {
  const {open, personal} = moveFact(newMove(row('a'), way('accept'), NOON), NOON);
  assert.deepEqual([open.photos, personal], [[], null]);
});

test('a choice that is taken back is not sent', () => {
  const {open} = moveFact(choose(choose(whole(), 'day', '2026-12-01'), 'day', ''), NOON);
  assert.ok(!('day' in open));
});

test('what was refused can be said anew in its place, with words and photos', async () => {
  const record = {
    ...newRecord(await freeze(moveFact(whole(), NOON)), NOON),
    state: 'refused',
    problem: {code: 'bad-fact'},
  };
  const draft = moveAgain(record, NOON);
  assert.equal(draft.replaces, record.id);
  assert.notEqual(draft.id, record.id);
  const again = moveFact(draft, NOON);
  assert.deepEqual([again.open, again.personal], [openOf(record), personalOf(record)]);
});

test('photos that were no evidence are taken anew', async () => {
  const record = newRecord(await freeze(moveFact(whole(), NOON)), NOON);
  const draft = moveAgain({...record, state: 'refused', problem: {code: 'evidence-old'}}, NOON);
  assert.deepEqual([draft.items[0].photos, draft.items[0].note], [[], '已补登记']);
});

test('photos of the case, of its history and of what this phone recorded are used; those of what is said anew are not', async () => {
  const mine = newRecord(await freeze(moveFact(whole(), NOON)), NOON);
  const seen = row('a', {photos: [{sha256: 'found'}], history: [step('s', {photos: [{sha256: 'shown'}]})]});
  assert.deepEqual([...usedPhotos(seen, [mine, await said('a', 'delay')])].sort(), ['found', 'new', 'shown']);
  assert.deepEqual([...usedPhotos(seen, [mine], mine.id)].sort(), ['found', 'shown']);
});

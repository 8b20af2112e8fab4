import assert from 'node:assert/strict';
import {test} from 'node:test';
import {correction} from '../../../static/js/domain/amendments.js';
import * as checks from '../../../static/js/domain/checks.js';
import {photosJudged} from '../../../static/js/domain/draws.js';
import {photosUnsaid} from '../../../static/js/domain/entries.js';
import {fullOf, MOST_MARKED, MOST_MARKS, mark, markOf, pathOf, unmark} from '../../../static/js/domain/marks.js';
import {RECEIPT} from '../kinds.js';

const [OWN, TAKEN] = ['a'.repeat(64), 'b'.repeat(64)];
const ARROW = {shape: 'arrow', from: [0, 0], to: [1, 0.5]};

test('a circle goes around all that the finger went along, an arrow from its first to its last place', () => {
  const path = [
    [0.5, 0.2],
    [0.30004, 0.4],
    [0.5, 0.6],
    [0.7, 0.41236],
  ];
  assert.deepEqual(markOf('circle', path), {shape: 'circle', from: [0.3, 0.2], to: [0.7, 0.6]});
  assert.deepEqual(markOf('arrow', path), {shape: 'arrow', from: [0.5, 0.2], to: [0.7, 0.4124]});
});

test('what was drawn beside the photo ends at its edge, and what is too small to be seen is none', () => {
  assert.deepEqual(
    markOf('arrow', [
      [-0.3, 0.5],
      [0.5, 1.7],
    ]),
    {shape: 'arrow', from: [0, 0.5], to: [0.5, 1]},
  );
  assert.equal(markOf('circle', [[0.5, 0.5]]), null);
  assert.equal(
    markOf('circle', [
      [0.5, 0.5],
      [0.505, 0.505],
    ]),
    null,
  );
  assert.equal(markOf('arrow', []), null);
});

test('no more than the server takes', () => {
  const many = Object.fromEntries(Array.from({length: MOST_MARKED}, (_, n) => [String(n), [ARROW]]));
  assert.equal(fullOf(many, '0'), null);
  assert.equal(fullOf(many, 'new'), 'photos');
  assert.equal(fullOf({[OWN]: Array(MOST_MARKS).fill(ARROW)}, OWN), 'marks');
  assert.equal(fullOf({}, OWN), null);
});

test('the last mark taken back leaves nothing of its photo', () => {
  const draft = mark({marks: {}}, OWN, [ARROW]);
  assert.deepEqual(draft.marks, {[OWN]: [ARROW]});
  assert.deepEqual(mark(draft, OWN, []).marks, {});
  assert.equal(unmark(draft, [TAKEN]), draft);
});

test('a line of a mark is drawn in the pixels of the photo', () => {
  const circle = {shape: 'circle', from: [0.25, 0.5], to: [0.75, 1]};
  assert.equal(pathOf(circle, {width: 400, height: 200}), 'M100 150a100 50 0 1 0 200 0a100 50 0 1 0 -200 0z');
  assert.match(pathOf(ARROW, {width: 400, height: 200}), /^M0 0L400 100M.*L400 100L/);
});

/** A judged receipt of whose capture one photo is marked, beside an own photo that is marked too. */
function judged() {
  let draft = checks.newDraft({kind: 'receipt', unit: 'D1', acting: 'D1', about: '2026-11-20', started: ''});
  draft = checks.addItem(draft, {subject: 'A', class: 'parcel', captures: ['c1']});
  draft = checks.addPhoto(draft, 0, {sha256: OWN, size: 1, type: 'image/jpeg'});
  return mark(mark(checks.passWhole(draft, 0), TAKEN, [ARROW]), OWN, [ARROW]);
}

test('they stand in the personal part, and a correction keeps them', () => {
  const {open, personal} = checks.toFact(judged(), RECEIPT, {ended: '2026-11-20T10:00:00.000+08:00'});
  assert.deepEqual(personal, {marks: {[TAKEN]: [ARROW], [OWN]: [ARROW]}});
  assert.ok(!JSON.stringify(open).includes('arrow'));
  const record = {id: '1', state: 'stored', open: JSON.stringify(open), personal: JSON.stringify(personal)};
  assert.deepEqual(correction(record, 0).marks, personal.marks);
  const bare = {...record, personal: ''};
  assert.equal('marks' in correction(bare, 0), false);
});

test('they go with their photo and with their item, and a draft of marks alone is none that nothing was said in', () => {
  assert.deepEqual(checks.removePhoto(judged(), 0, OWN).marks, {[TAKEN]: [ARROW]});
  assert.deepEqual(checks.removeItem(judged(), 0).marks, {[TAKEN]: [ARROW]});
  const empty = checks.newDraft({kind: 'receipt', unit: 'D1', acting: 'D1', started: ''});
  assert.equal(checks.isEmpty(empty, RECEIPT), true);
  assert.equal(checks.isEmpty(mark(empty, TAKEN, [ARROW]), RECEIPT), false);
  assert.equal(checks.isEmpty(mark(empty, TAKEN, []), RECEIPT), true);
});

test('photos of what was not judged are known, so that no marks on them are sent', () => {
  const listed = [
    {number: 'A', class: null, captures: [{id: 'c1', author: '', photos: [{sha256: TAKEN}]}]},
    {number: 'B', class: null, captures: [{id: 'c1', author: '', photos: [{sha256: 'c'.repeat(64)}]}]},
  ];
  assert.deepEqual(photosUnsaid(judged(), listed), ['c'.repeat(64)]);
});

test('a record shows the photos that were judged as long as their captures are there', () => {
  const captures = [
    {
      id: 'c1',
      items: [
        {subject: 'A', photos: [{sha256: TAKEN}]},
        {subject: 'B', photos: []},
      ],
    },
  ];
  assert.deepEqual(photosJudged({subject: 'A', captures: ['c1']}, captures), [{sha256: TAKEN}]);
  assert.deepEqual(photosJudged({subject: 'A', captures: ['c2']}, captures), []);
  assert.deepEqual(photosJudged({subject: 'A'}, captures), []);
});

test('a verdict that is taken back leaves what was said before it', () => {
  const before = judged();
  const failed = checks.answer(checks.fail(before, 0), 0, 'sign', 'fail');
  assert.deepEqual(checks.putBack(failed, 'A', before.items[0]), before);
  assert.deepEqual(checks.putBack(failed, 'A', null).items, []);
});

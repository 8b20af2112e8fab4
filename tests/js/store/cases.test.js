/** Moves of cases on the phone's disk: one at a time, photos and all; rules and rows come with the pull. */

import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {moveFact, newMove} from '../../../static/js/domain/case-drafts.js';
import {movesByCase, standingOf} from '../../../static/js/domain/cases.js';
import {addPhoto, note} from '../../../static/js/domain/checks.js';
import {freeze} from '../../../static/js/domain/facts.js';
import {may, RULES, row} from '../cases.js';
import {NOON, newPhone, storeOf, takePhoto} from '../phone.js';

const DAY = 86400e3;
const WAY = {move: RULES.types[0].moves[0], acting: 'D1', days: null};
const pulled = (sections, more = {}) => ({cursor: 'c', complete: true, person: {id: 'lead', name: '李娜', roles: []}, kinds: [], sections, ...more}); // biome-ignore format: one line

beforeEach(newPhone);

async function written(store, words = '已补登记') {
  const draft = addPhoto(note(newMove(row('a'), WAY, NOON), 0, words), 0, await takePhoto(store));
  await store.saveDraft(draft);
  return draft;
}

const frozen = (draft) => freeze(moveFact(draft, NOON), {id: draft.id});

/** As the screen asks: whether the move can still be made beside all that is recorded. */
const admits = (records) =>
  standingOf(row('a'), movesByCase(records).get('a') ?? [], RULES, '2026-11-20').ways.length > 0;

test('a move is a record with its photos, which wait like those of any record', async () => {
  const store = await storeOf();
  const draft = await written(store);
  const record = await store.commitDraft(draft, await frozen(draft), admits);
  assert.deepEqual([record.type, record.state, record.due], ['case-move', 'unsent', 'fact']);
  assert.deepEqual(
    record.photos.map(({state}) => state),
    ['waiting'],
  );
  assert.equal(await store.draft(draft.id), null);
});

test('without the bytes of its photo it is no record', async () => {
  const store = await storeOf();
  const draft = addPhoto(newMove(row('a'), WAY, NOON), 0, {sha256: 'ab', size: 1, type: 'image/jpeg'});
  await assert.rejects(store.commitDraft(draft, await frozen(draft), admits), RangeError);
});

test('of two answers written in two windows one is saved, the other stays a draft', async () => {
  const store = await storeOf();
  const [one, other] = [await written(store), await written(store, '另一份')];
  const both = await Promise.allSettled([
    store.commitDraft(one, await frozen(one), admits),
    store.commitDraft(other, await frozen(other), admits),
  ]);
  assert.deepEqual(both.map(({status}) => status).sort(), ['fulfilled', 'rejected']);
  assert.equal((await store.outbox()).length, 1);
  assert.equal((await store.drafts()).length, 1);
});

test('a second tap on submit makes no second move', async () => {
  const store = await storeOf();
  const draft = await written(store);
  const facts = [await frozen(draft), await freeze(moveFact(draft, NOON + 900), {id: draft.id})];
  await Promise.all(facts.map((fact) => store.commitDraft(draft, fact, admits)));
  assert.equal((await store.records()).length, 1);
});

test('the rules come with a complete pull and stay through the others; a server of before brings none', async () => {
  const store = await storeOf();
  await store.applyPull(pulled([]));
  assert.deepEqual([await store.get('case_rules'), await store.rows('cases')], [null, []]);
  await store.applyPull(pulled([{unit: 'D1', name: 'cases', rows: [row('a')]}], {case_rules: RULES}));
  await store.applyPull({cursor: 'd', complete: false, sections: [{unit: 'D1', name: 'cases', rows: [row('b')]}]});
  assert.deepEqual(await store.get('case_rules'), RULES);
  assert.deepEqual(
    (await store.rows('cases')).map(({id, unit}) => [id, unit]),
    [['b', 'D1']],
  );
});

test('photos that a case shows are kept on the phone as long as the case is', async () => {
  let now = NOON;
  const store = await storeOf('lead', {now: () => now});
  const bytes = new Uint8Array([1, 2, 3]).buffer;
  for (const sha256 of ['found', 'gone']) await store.savePhoto({bytes, type: 'image/jpeg', sha256, pulled: true});
  const seen = row('a', {photos: [{sha256: 'found', size: 3, type: 'image/jpeg'}], may: [may('mend')]});
  await store.applyPull(pulled([{unit: 'D1', name: 'cases', rows: [seen]}], {case_rules: RULES}));
  now += 2 * DAY;
  await store.tidy();
  assert.deepEqual([...(await store.photoKeys())], ['found']);
});

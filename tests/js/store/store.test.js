import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {correction, rebased} from '../../../static/js/domain/amendments.js';
import {freeze} from '../../../static/js/domain/facts.js';
import {forgetPerson, lastPerson, rememberPerson} from '../../../static/js/store/person.js';
import {bytes, draftOn, frozen, NOON, newPhone, saved, storeOf, takePhoto} from '../phone.js';

const DAY = 86400e3;
const PERSON = {id: 'lead', name: '李娜', roles: [{role: 'team_lead', unit: 'D1'}]};
const pulled = (more) => ({cursor: 'c1', complete: true, person: PERSON, kinds: [], sections: [], ...more});

beforeEach(newPhone);

test('the app is closed and opened again without signal: draft, record and photo are all there', async () => {
  const before = await storeOf();
  const open = await draftOn(before, {photos: [300]});
  const record = await saved(before, {photos: [200]});
  before.close();
  const after = await storeOf();
  assert.deepEqual(
    (await after.drafts()).map(({id}) => id),
    [open.id],
  );
  assert.deepEqual(await after.record(record.id), record);
  assert.equal((await after.photo(record.photos[0].sha256)).bytes.byteLength, 200);
});

/** A pull comes, by the server's clock, and house is kept after it. */
async function heard(store, instant) {
  await store.applyPull(pulled({server_time: new Date(instant).toISOString()}));
  await store.tidy();
}

test('a draft that was given up is gone from all screens, keeps its photos, and comes back for a week', async () => {
  const store = await storeOf();
  const draft = await draftOn(store, {photos: [300]});
  const [{sha256}] = draft.items[0].photos;
  await store.discardDraft(draft.id);
  assert.deepEqual([await store.drafts(), await store.draft(draft.id)], [[], null]);
  await heard(store, NOON);
  await heard(store, NOON + 6 * DAY);
  assert.deepEqual(
    (await store.discarded()).map(({id}) => id),
    [draft.id],
  );
  await store.bringBack(draft.id);
  assert.equal((await store.photo(sha256)).bytes.byteLength, 300);
  assert.deepEqual((await store.draft(draft.id)).items, draft.items);
  await store.discardDraft(draft.id);
  await heard(store, NOON + 8 * DAY); // the week begins anew
  assert.equal((await store.discarded()).length, 1);
  await heard(store, NOON + 16 * DAY);
  assert.equal((await store.discarded()).length, 0);
});

test('a clock that jumps ahead throws nothing away that was given up, however far, with the server or without', async () => {
  let now = NOON;
  const store = await storeOf('lead', {now: () => now});
  const draft = await draftOn(store, {photos: [300]});
  await store.discardDraft(draft.id);
  now += 400 * DAY;
  await store.tidy();
  await heard(store, NOON);
  await heard(store, NOON + DAY);
  assert.equal((await store.discarded()).length, 1);
  assert.equal((await store.photo(draft.items[0].photos[0].sha256)).bytes.byteLength, 300);
  // Its photos go with it, as soon as nothing else shows them.
  await heard(store, NOON + 8 * DAY);
  assert.deepEqual([await store.discarded(), await store.photo(draft.items[0].photos[0].sha256)], [[], null]);
});

test('saving turns the draft into a record in one step', async () => {
  const store = await storeOf();
  const draft = await draftOn(store);
  const record = await store.commitDraft(draft, await frozen(draft));
  assert.equal(await store.draft(draft.id), null);
  assert.deepEqual(
    (await store.outbox()).map(({id}) => id),
    [draft.id],
  );
  assert.deepEqual(
    [record.state, record.due, record.day, record.subjects],
    ['unsent', 'fact', '2026-11-20', ['RR473124829CN']],
  );
});

test('a second tap on save changes nothing and makes no second record', async () => {
  const store = await storeOf();
  const draft = await draftOn(store);
  const [first, second] = [await frozen(draft), await frozen(draft)];
  const both = await Promise.all([store.commitDraft(draft, first), store.commitDraft(draft, second)]);
  assert.equal(both[0].digest, both[1].digest);
  assert.equal((await store.records()).length, 1);
});

test('a draft saved in another tab and changed in this one is no second record and not lost: it becomes a correction', async () => {
  const [one, other] = [await storeOf(), await storeOf()];
  const draft = await draftOn(one);
  await one.commitDraft(draft, await frozen(draft));
  const changed = {...draft, items: draft.items.map((item) => ({...item, note: '门口无人'}))};
  await other.saveDraft(changed);
  const failed = await other.commitDraft(changed, await frozen(changed)).catch((error) => error);
  assert.deepEqual([failed.name, failed.record.id], ['AlreadySaved', draft.id]);
  assert.equal((await other.draft(draft.id)).items[0].note, '门口无人');
  const mended = rebased(changed, failed.record, NOON);
  assert.equal(mended.amends, draft.id);
  assert.notEqual(mended.id, draft.id);
  await other.saveDraft(mended);
  await other.commitDraft(mended, await frozen(mended));
  assert.equal((await other.records()).length, 2);
});

test('the same draft saved in two tabs leaves none behind', async () => {
  const [one, other] = [await storeOf(), await storeOf()];
  const draft = await draftOn(one);
  await one.commitDraft(draft, await frozen(draft));
  await other.saveDraft(draft);
  await other.commitDraft(draft, await frozen(draft, {elapsed: null, ended: '2026-11-20T12:30:00.000+08:00'}));
  assert.deepEqual([await other.drafts(), (await other.records()).length], [[], 1]);
});

test('the browser drops the connection to its database: the next answer is saved all the same', async () => {
  const store = await storeOf();
  const draft = await draftOn(store, {photos: [10]});
  store.db.close(); // as WebKit does when its process for databases ends
  await store.saveDraft({...draft, items: draft.items.map((item) => ({...item, note: '补记'}))});
  assert.equal((await store.draft(draft.id)).items[0].note, '补记');
  store.db.close();
  assert.equal((await store.photo(draft.items[0].photos[0].sha256)).size, 10);
  store.close();
  await assert.rejects(
    store.saveDraft(draft),
    {name: 'InvalidStateError'},
    'but what the app itself closed stays closed',
  );
});

test('a record with a photo that will never come is forgotten in time, once the server knows', async () => {
  const store = await storeOf();
  const {id, photos} = await saved(store, {photos: [10]});
  const names = photos.map(({sha256}) => sha256);
  await store.markResult({id, state: 'stored', photos_missing: names});
  await store.markPhotoRefused(names[0], {code: 'photo-lost'});
  const later = await storeOf('lead', {now: () => NOON + 40 * DAY});
  await later.tidy();
  assert.equal((await later.record(id)).due, 'word');
  await later.markTold(names);
  await later.tidy();
  assert.equal(await later.record(id), null);
});

test('bytes that the disk does not give back do not undo a pull in which the roles changed', async () => {
  const store = await storeOf();
  await store.applyPull(pulled({}));
  const {sha256} = await takePhoto(store, 10);
  const raw = /** @type {any} */ (indexedDB)._databases.get('toucha-lead').rawObjectStores.get('photos');
  Object.defineProperty(raw.records.get(sha256).value, 'bytes', {
    get() {
      throw new DOMException('Failed to read large IndexedDB value', 'DataError');
    },
    enumerable: true,
  });
  await assert.rejects(store.photo(sha256));
  await store.applyPull(pulled({person: {...PERSON, roles: []}, cursor: 'c2'}), {heard: true});
  assert.equal(await store.get('cursor'), 'c2');
  assert.ok((await store.photoKeys()).has(sha256), 'and it stays until it is told to be lost');
});

test('a record whose photo is not on the phone is not saved, and its draft stays', async () => {
  const store = await storeOf();
  const draft = await draftOn(store, {photos: [100]});
  await store.db.delete('photos', draft.items[0].photos[0].sha256);
  await assert.rejects(store.commitDraft(draft, await frozen(draft)), RangeError);
  assert.equal((await store.drafts()).length, 1);
  assert.equal((await store.records()).length, 0);
});

test('the photo of a relay point is sent like any other', async () => {
  const store = await storeOf();
  const photo = await takePhoto(store, 120);
  const open = {
    v: 1,
    type: 'point',
    unit: 'D1',
    acting: 'D1',
    date: '2026-11-20',
    point: 'p',
    op: 'change',
    values: {photo},
  };
  const record = await store.commitFact(await freeze({open, personal: null}));
  await store.markResult({id: record.id, state: 'stored', photos_missing: [photo.sha256]});
  assert.deepEqual(
    (await store.photosDue()).map(({sha256}) => sha256),
    [photo.sha256],
  );
  await store.markPhotoArrived(photo.sha256);
  assert.equal((await store.photosDue()).length, 0);
});

test('photos are kept as bytes under their digest, never as a Blob', async () => {
  const store = await storeOf();
  const note = await takePhoto(store, 64);
  const photo = await store.photo(note.sha256);
  assert.ok(photo.bytes instanceof ArrayBuffer);
  assert.match(note.sha256, /^[0-9a-f]{64}$/);
  assert.deepEqual([photo.size, photo.type, photo.pulled], [64, 'image/jpeg', false]);
});

test('the outbox is sent oldest first, photos small before large', async () => {
  const store = await storeOf();
  const one = await saved(store, {photos: [900, 100]});
  const two = await saved(store, {photos: [500]});
  assert.deepEqual(
    (await store.outbox()).map(({id}) => id),
    [one.id, two.id],
  );
  assert.deepEqual(
    (await store.records()).map(({id}) => id),
    [two.id, one.id],
  );
  assert.deepEqual(await store.photosDue(), [], 'nothing was asked for yet');
  for (const {id, photos} of [one, two]) {
    await store.markResult({id, state: 'stored', photos_missing: photos.map(({sha256}) => sha256)});
  }
  assert.deepEqual(
    (await store.photosDue()).map(({size}) => size),
    [100, 500, 900],
  );
});

test('holding tells the server what has not arrived, and since when', async () => {
  const store = await storeOf();
  assert.deepEqual(await store.holding(), {records: 0, photos: 0, oldest: null});
  const one = await saved(store, {photos: [900, 100]});
  await saved(store);
  assert.deepEqual(await store.holding(), {records: 2, photos: 2, oldest: new Date(NOON).toISOString()});
  await store.markResult({id: one.id, state: 'stored', photos_missing: [one.photos[0].sha256]});
  assert.deepEqual(await store.holding(), {records: 1, photos: 1, oldest: new Date(NOON).toISOString()});
});

test('a record is through only when the server has it and each of its photos', async () => {
  const store = await storeOf();
  const {id, photos} = await saved(store, {photos: [10, 20]});
  const names = photos.map(({sha256}) => sha256);
  await store.markResult({id, state: 'known', photos_missing: names});
  assert.deepEqual([(await store.record(id)).state, (await store.record(id)).due], ['stored', 'photos']);
  await store.markPhotoArrived(names[0]);
  assert.equal((await store.record(id)).due, 'photos');
  await store.markPhotoArrived(names[1]);
  assert.equal((await store.record(id)).due, undefined);
});

test('an answer in a word that this version does not know leaves the record waiting', async () => {
  const store = await storeOf();
  const record = await saved(store);
  await store.markResult({id: record.id, state: 'archived'});
  assert.deepEqual(await store.record(record.id), record);
});

test('two records that show one photo both learn that it arrived', async () => {
  const store = await storeOf();
  const one = await draftOn(store, {photos: [10]});
  const two = {...(await draftOn(store)), items: one.items};
  for (const draft of [one, two]) {
    await store.commitDraft(draft, await frozen(draft));
    await store.markResult({id: draft.id, state: 'stored', photos_missing: [one.items[0].photos[0].sha256]});
  }
  assert.equal((await store.photosDue()).length, 1);
  await store.markPhotoArrived(one.items[0].photos[0].sha256);
  assert.deepEqual(
    (await store.records()).map(({due}) => due),
    [undefined, undefined],
  );
});

test('a refused record stays with its reason until a person sends it again or forgets it', async () => {
  const store = await storeOf();
  const {id} = await saved(store);
  await assert.rejects(store.dismiss(id), RangeError, 'what was not sent cannot be forgotten');
  await store.markResult({id, state: 'refused', problem: {code: 'role-not-held', message: '', fields: {}}});
  const refused = await store.record(id);
  assert.deepEqual([refused.state, refused.problem.code, refused.due], ['refused', 'role-not-held', undefined]);
  await store.retry(id);
  assert.equal((await store.outbox()).length, 1);
  await store.markResult({id, state: 'refused', problem: {code: 'role-not-held'}});
  await store.dismiss(id);
  assert.equal(await store.record(id), null);
});

test('what the server has cannot be forgotten by hand', async () => {
  const store = await storeOf();
  const {id} = await saved(store);
  await store.markResult({id, state: 'stored', photos_missing: []});
  await assert.rejects(store.dismiss(id), RangeError);
});

test('the correction of a refused record takes its place', async () => {
  const store = await storeOf();
  const {id} = await saved(store, {photos: [10]});
  await store.markResult({id, state: 'refused', problem: {code: 'bad-fact'}});
  const draft = correction(await store.record(id), NOON);
  await store.saveDraft(draft);
  await store.commitDraft(draft, await frozen(draft));
  assert.deepEqual(
    (await store.records()).map((record) => [record.id, record.amends]),
    [[draft.id, null]],
  );
});

test('a correction may show photos of the amended record whose bytes are gone from the phone', async () => {
  const store = await storeOf();
  const {id, photos} = await saved(store, {photos: [10]});
  await store.markResult({id, state: 'stored', photos_missing: []});
  await store.db.delete('photos', photos[0].sha256);
  const draft = correction(await store.record(id), NOON);
  const record = await store.commitDraft(draft, await frozen(draft));
  assert.equal(record.amends, id);
});

test('a pull replaces only the sections that it names, a complete one everything', async () => {
  const store = await storeOf();
  const points = {unit: 'D1', name: 'points', rows: [{id: 'P1'}]};
  const duties = {unit: 'D1', name: 'duties', rows: [{code: 'relay-monthly'}]};
  await store.applyPull(pulled({sections: [points, duties, {unit: 'D2', name: 'points', rows: [{id: 'P9'}]}]}));
  await store.applyPull({cursor: 'c2', complete: false, sections: [{...points, rows: [{id: 'P2'}]}]});
  assert.deepEqual(await store.section('D1', 'points'), [{id: 'P2'}]);
  assert.deepEqual(await store.rows('points'), [
    {id: 'P2', unit: 'D1'},
    {id: 'P9', unit: 'D2'},
  ]);
  assert.equal((await store.section('D1', 'duties')).length, 1);
  assert.deepEqual([await store.get('cursor'), (await store.get('person')).name], ['c2', '李娜']);
  await store.applyPull(pulled({cursor: 'c3', sections: [points]}));
  assert.deepEqual(await store.section('D1', 'duties'), []);
});

test('a pull that breaks half way changes nothing', async () => {
  const store = await storeOf();
  await store.applyPull(pulled({sections: [{unit: 'D1', name: 'points', rows: [{id: 'P1'}]}]}));
  const broken = [
    {unit: 'D1', name: 'points', rows: []},
    {unit: 'D1', name: 'draws', rows: [() => 'not data']},
  ];
  await assert.rejects(store.applyPull(pulled({cursor: 'c2', sections: broken})));
  assert.deepEqual(await store.section('D1', 'points'), [{id: 'P1'}]);
  assert.equal(await store.get('cursor'), 'c1');
});

test('another person’s pull never enters this store', async () => {
  const store = await storeOf();
  await assert.rejects(store.applyPull(pulled({person: {...PERSON, id: 'director'}})), RangeError);
  assert.equal(await store.get('cursor'), null);
});

test('when the roles change, all but the own unsent work goes', async () => {
  const store = await storeOf();
  await store.applyPull(pulled({sections: [{unit: 'D1', name: 'points', rows: [{id: 'P1'}]}]}));
  const draft = await draftOn(store, {photos: [10]});
  const unsent = await saved(store, {photos: [20]});
  const missing = await saved(store, {photos: [30]});
  const refused = await saved(store);
  const through = await saved(store, {photos: [40]});
  await store.markResult({id: missing.id, state: 'stored', photos_missing: [missing.photos[0].sha256]});
  await store.markResult({id: refused.id, state: 'refused', problem: {code: 'role-not-held'}});
  await store.markResult({id: through.id, state: 'stored', photos_missing: []});
  const foreign = await store.savePhoto({bytes: bytes(50), type: 'image/jpeg', pulled: true});
  await store.applyPull(pulled({cursor: 'c2', person: {...PERSON, roles: [{role: 'inspector', unit: 'D2'}]}}), {
    heard: true,
  });
  assert.deepEqual(
    (await store.records()).map(({id}) => id),
    [refused.id, missing.id, unsent.id],
  );
  assert.deepEqual(
    (await store.drafts()).map(({id}) => id),
    [draft.id],
  );
  assert.deepEqual(await store.rows('points'), []);
  const kept = await store.photoKeys();
  const own = [draft.items[0].photos[0], unsent.photos[0], missing.photos[0]].map(({sha256}) => sha256);
  assert.deepEqual([...kept].sort(), own.sort());
  assert.ok(!kept.has(foreign.sha256));
});

const OTHER_ROLES = {cursor: 'c2', person: {...PERSON, roles: [{role: 'inspector', unit: 'D2'}]}};

test('the roles change between the shutter and the saved draft: the photo is still there', async () => {
  const store = await storeOf();
  await store.applyPull(pulled());
  const {sha256} = await takePhoto(store);
  await store.applyPull(pulled(OTHER_ROLES), {heard: true});
  assert.ok(await store.photo(sha256));
});

test('a correction that was begun can be saved, whatever is forgotten meanwhile', async () => {
  let now = NOON;
  const store = await storeOf('lead', {now: () => now});
  await store.applyPull(pulled());
  const record = await saved(store, {photos: [10]});
  await store.markResult({id: record.id, state: 'stored', photos_missing: []});
  now += 8 * DAY;
  await store.tidy();
  assert.equal(await store.photo(record.photos[0].sha256), null);
  const draft = correction(await store.record(record.id), now);
  await store.saveDraft(draft);
  now += 40 * DAY;
  await store.tidy();
  await store.applyPull(pulled(OTHER_ROLES), {heard: true});
  assert.equal((await store.commitDraft(draft, await frozen(draft))).state, 'unsent');
});

test('a complete pull with the same roles keeps what arrived, to be corrected without signal', async () => {
  const store = await storeOf();
  await store.applyPull(pulled());
  const {id} = await saved(store);
  await store.markResult({id, state: 'stored', photos_missing: []});
  await store.applyPull(pulled({cursor: 'c2'}));
  assert.ok(await store.record(id));
});

test('a server restored from a backup asks for a photo again, and it is due again', async () => {
  const store = await storeOf();
  const {id, photos} = await saved(store, {photos: [10]});
  await store.markResult({id, state: 'stored', photos_missing: []});
  const row = {id, state: 'in-force', photos_missing: [photos[0].sha256]};
  await store.applyPull(pulled({sections: [{unit: 'D1', name: 'records', rows: [row]}]}));
  assert.deepEqual(
    (await store.photosDue()).map(({sha256}) => sha256),
    [photos[0].sha256],
  );
});

test('photo bytes are kept until the server confirmed them, however long that takes', async () => {
  let now = NOON;
  const store = await storeOf('lead', {now: () => now});
  const {id, photos} = await saved(store, {photos: [10]});
  await store.markResult({id, state: 'stored', photos_missing: [photos[0].sha256]});
  now += 90 * DAY;
  await store.tidy();
  assert.ok(await store.photo(photos[0].sha256));
  await store.markPhotoArrived(photos[0].sha256);
  await store.tidy();
  assert.equal(await store.photo(photos[0].sha256), null);
  assert.equal(await store.record(id), null);
});

test('tidying keeps a week of confirmed photos, 35 days of records, open drafts, and captures to be judged', async () => {
  let now = NOON;
  const store = await storeOf('lead', {now: () => now});
  const {id, photos} = await saved(store, {photos: [10]});
  await store.markResult({id, state: 'stored', photos_missing: []});
  const draft = await draftOn(store, {photos: [20]});
  const evidence = await takePhoto(store, 30);
  const orphan = await takePhoto(store, 40);
  const capture = {id: 'c', items: [{subject: 'A', photos: [evidence]}]};
  await store.applyPull(pulled({sections: [{unit: 'D1', name: 'captures', rows: [capture]}]}));
  now += 6 * DAY;
  await store.tidy();
  const kept = await store.photoKeys();
  assert.deepEqual([kept.has(photos[0].sha256), kept.has(orphan.sha256)], [true, false]);
  now += 20 * DAY;
  await store.tidy();
  assert.deepEqual(await store.photoKeys(), new Set([draft.items[0].photos[0].sha256, evidence.sha256]));
  assert.ok(await store.record(id));
});

test('a clock that runs weeks ahead makes the phone forget nothing that the server still lists', async () => {
  const store = await storeOf();
  const {id, photos} = await saved(store, {photos: [10]});
  const name = photos[0].sha256;
  await store.markResult({id, state: 'stored', photos_missing: [name]});
  await store.markPhotoRefused(name, {code: 'photo-lost'});
  await store.markTold([name]);
  const row = {id, state: 'in-force', photos_missing: [name]};
  await store.applyPull(pulled({sections: [{unit: 'D1', name: 'records', rows: [row]}]}));
  const ahead = await storeOf('lead', {now: () => NOON + 40 * DAY});
  await ahead.tidy();
  assert.equal((await ahead.record(id)).photos[0].problem.code, 'photo-lost');
  await ahead.applyPull(pulled({cursor: 'c2', sections: [{unit: 'D1', name: 'records', rows: []}]}));
  await ahead.tidy();
  assert.equal(await ahead.record(id), null);
});

test('a photo taken a moment ago is not swept away before its draft is saved', async () => {
  const store = await storeOf();
  const note = await takePhoto(store);
  await store.tidy();
  assert.ok(await store.photo(note.sha256));
});

test('screens hear of a change only once it is on the disk, other tabs too', async () => {
  const here = await storeOf('lead', {channel: true});
  const there = await storeOf('lead', {channel: true});
  const heard = new Promise((resolve) =>
    there.addEventListener('change', ({detail}) => detail.queued && resolve(there.outbox())),
  );
  const seen = [];
  here.addEventListener('change', ({detail}) => seen.push(detail.queued));
  await saved(here);
  assert.equal((await heard).length, 1);
  assert.deepEqual(seen, [false, true], 'the draft asks for nothing, the record does');
  here.close();
  there.close();
});

test('two people on one phone have nothing in common', async () => {
  const [lead, inspector] = [await storeOf('lead'), await storeOf('inspector')];
  await saved(lead);
  assert.equal((await inspector.records()).length, 0);
});

test('the phone remembers who signed in last, with nothing that is secret', async () => {
  assert.equal(await lastPerson(), null);
  await rememberPerson({id: 'lead', name: '李娜', language: 'zh', login: 'lead', token: 'x'});
  assert.deepEqual(await lastPerson(), {id: 'lead', name: '李娜', language: 'zh'});
  await forgetPerson();
  assert.equal(await lastPerson(), null);
});

/** Voice notes: from the draft to the server they go the way of photos, and lie with them. */

import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {correction} from '../../../static/js/domain/amendments.js';
import {addItem, isEmpty, newDraft, passWhole, speak, toFact} from '../../../static/js/domain/checks.js';
import {fetchPhotos} from '../../../static/js/sync/photos.js';
import {pack, waiting} from '../../../static/js/sync/rescue.js';
import {PARCEL, RELAY} from '../kinds.js';
import {bytes, draftOn, NOON, newPhone, saved, sayInto, storeOf} from '../phone.js';
import {problem, sha} from '../server.js';
import {setUp} from './desk.js';

beforeEach(newPhone);

const DAY = 86400e3;
const VOICE = {sha256: 'b'.repeat(64), size: 4000, type: 'audio/webm', seconds: 12};
const when = {ended: '2026-11-20T12:00:00.000+08:00'};
const begun = (kind) => newDraft({kind: kind.code, unit: 'D1', acting: 'D1', started: when.ended});
const states = async (store, id) => (await store.record(id)).photos.map(({type, state}) => [type, state]);

test('a voice note stands in the open part beside the photos and never among them', () => {
  const draft = speak(passWhole(addItem(begun(PARCEL), {subject: 'A'}), 0), 0, VOICE);
  const [item] = toFact(draft, PARCEL, when).open.items;
  assert.deepEqual([item.voice, item.photos], [VOICE, []]);
});

test('one that was taken away leaves nothing behind, and none is no field of the record', () => {
  const draft = speak(speak(passWhole(addItem(begun(PARCEL), {subject: 'A'}), 0), 0, VOICE), 0, null);
  assert.ok(!('voice' in toFact(draft, PARCEL, when).open.items[0]));
});

test('who only spoke has said something: the draft is kept', () => {
  const draft = addItem(begun(RELAY), {subject: 'p'});
  assert.equal(isEmpty(draft, RELAY), true);
  assert.equal(isEmpty(speak(draft, 0, VOICE), RELAY), false);
});

test('a correction keeps what was said', async () => {
  const store = await storeOf();
  const record = await saved(store, {voice: 90});
  assert.equal(correction(record, NOON).items[0].voice.sha256, record.photos[0].sha256);
  assert.equal(correction(record, NOON).items[0].voice.seconds, 12);
});

test('it is sent when the server asks for it, as what it is, and the record has arrived with it', async () => {
  const {server, store, engine} = await setUp();
  const {id, photos} = await saved(store, {photos: [30], voice: 10});
  assert.equal((await store.holding()).photos, 2);
  const types = [];
  const put = server.putPhoto.bind(server);
  server.putPhoto = (name, body, headers) => {
    types.push(headers['Content-Type']);
    return put(name, body, headers);
  };
  await engine.start();
  assert.deepEqual(types, ['audio/webm', 'image/jpeg'], 'small ones first');
  assert.deepEqual(await states(store, id), [
    ['image/jpeg', 'arrived'],
    ['audio/webm', 'arrived'],
  ]);
  assert.deepEqual([...server.photos.keys()].sort(), photos.map(({sha256}) => sha256).sort());
});

test('one that the server does not take is told and holds nothing up', async () => {
  const {server, store, engine} = await setUp();
  const {id} = await saved(store, {photos: [30], voice: 10});
  server.next('PUT', () => problem(413, 'voice-too-large'));
  await engine.start();
  assert.deepEqual(await states(store, id), [
    ['image/jpeg', 'arrived'],
    ['audio/webm', 'refused'],
  ]);
  assert.deepEqual(
    server.losses.map(({reason}) => reason),
    ['refused'],
  );
});

test('its bytes stay until the server has them, and as long as a draft names them', async () => {
  let now = NOON;
  const store = await storeOf('lead', {now: () => now});
  const {id, photos} = await saved(store, {voice: 10});
  const draft = await draftOn(store, {subject: 'RR473124843CN', voice: 20});
  const orphan = await sayInto(store, 30);
  const [{sha256}] = photos;
  await store.markResult({id, state: 'stored', photos_missing: [sha256]});
  now += 20 * DAY;
  await store.tidy();
  assert.deepEqual(await store.photoKeys(), new Set([sha256, draft.items[0].voice.sha256]));
  assert.ok(!(await store.photoKeys()).has(orphan.sha256));
  await store.markPhotoArrived(sha256);
  await store.tidy();
  assert.deepEqual(await store.photoKeys(), new Set([draft.items[0].voice.sha256]));
});

test('those of captures and cases that await this person come beforehand, and stay as long as they are told of', async () => {
  let now = NOON;
  const {server, store, engine} = await setUp({store: await storeOf('lead', {now: () => now})});
  const [said, found, gone] = [bytes(10), bytes(20), bytes(30)].map((data) => {
    const sha256 = sha(data);
    server.photos.set(sha256, data);
    return {sha256, size: data.byteLength, type: 'audio/webm', seconds: 3};
  });
  const capture = {id: 'c', day: '2026-11-20', items: [{subject: 'A', photos: [], voice: said}]};
  const row = (more) => ({photos: [], history: [], may: [{}], mine: true, late: 'owner', ...more});
  const cases = [row({id: 'n', voices: [found]}), row({id: 'o', voices: [gone], may: []}), row({id: 'older server'})];
  const sections = [
    {unit: 'D1', name: 'captures', rows: [capture]},
    {unit: 'D1', name: 'cases', rows: cases},
  ];
  await store.applyPull({complete: false, cursor: 'c', sections});
  await fetchPhotos(engine);
  const kept = new Set([said.sha256, found.sha256]);
  assert.deepEqual(await store.photoKeys(), kept);
  now += 30 * DAY;
  await store.tidy();
  assert.deepEqual(await store.photoKeys(), kept);
});

test('the queue as a file holds those of records and of drafts', async () => {
  const store = await storeOf();
  const {photos} = await saved(store, {voice: 10});
  const draft = await draftOn(store, {subject: 'RR473124843CN', voice: 20});
  const queue = await waiting(store);
  const names = [photos[0].sha256, draft.items[0].voice.sha256];
  assert.deepEqual(
    queue.photos.map(({sha256}) => sha256),
    names,
  );
  const person = {id: 'lead', login: 'li', name: '李娜'};
  const {lost} = await pack(store, queue, {person, device: 'Android', version: '1', now: NOON});
  assert.deepEqual(lost, []);
});

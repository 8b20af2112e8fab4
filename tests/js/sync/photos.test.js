import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {overall, summary} from '../../../static/js/domain/status.js';
import {bytes, newPhone, saved, storeOf} from '../phone.js';
import {lostAnswer, offline, problem, sha} from '../server.js';
import {setUp} from './desk.js';

beforeEach(newPhone);

const photoStates = async (store, id) => (await store.record(id)).photos.map(({state}) => state);

test('a photo that fails moves on to the next and is sent by the next run', async () => {
  const {server, store, engine} = await setUp();
  const {id, photos} = await saved(store, {photos: [10, 20, 30]});
  server.next(`PUT /api/photos/${photos[0].sha256}`, offline);
  await engine.start();
  assert.deepEqual(await photoStates(store, id), ['missing', 'arrived', 'arrived']);
  await engine.sync();
  assert.deepEqual(await photoStates(store, id), ['arrived', 'arrived', 'arrived']);
});

test('a server whose disk is full is a busy server: nothing is refused, and all is sent when there is room', async () => {
  const {server, store, engine, wake} = await setUp();
  const {id, photos} = await saved(store, {photos: [10, 20]});
  const full = () => problem(503, 'disk-full', {'Retry-After': '60'});
  server.next('POST', full);
  await engine.start();
  assert.deepEqual([engine.state.reason, wake.waits.at(-1)], ['busy', 60000]);
  assert.deepEqual([(await store.record(id)).state, server.count('PUT')], ['unsent', 0]);
  server.next(`PUT /api/photos/${photos[0].sha256}`, full);
  await engine.sync();
  assert.deepEqual([engine.state.reason, await photoStates(store, id)], ['busy', ['missing', 'missing']]);
  assert.equal((await store.photo(photos[0].sha256)).size, 10);
  await engine.sync();
  assert.deepEqual([engine.state.reason, await photoStates(store, id)], [null, ['arrived', 'arrived']]);
});

test('three failures in a row: the line is down, the rest is not tried', async () => {
  const {server, store, engine} = await setUp();
  await saved(store, {photos: [10, 20, 30, 40, 50]});
  server.next('PUT', offline, Infinity);
  await engine.start();
  assert.equal(server.count('PUT'), 3);
  assert.equal(engine.state.reason, 'offline');
});

test('failures that are not in a row do not stop the rest', async () => {
  const {server, store, engine} = await setUp();
  const {photos} = await saved(store, {photos: [10, 20, 30, 40, 50]});
  for (const i of [0, 1, 3, 4]) server.next(`PUT /api/photos/${photos[i].sha256}`, offline);
  await engine.start();
  assert.deepEqual([server.count('PUT'), server.photos.size], [5, 1]);
});

test('the answer to a photo was lost: it is sent again and arrives once', async () => {
  const {server, store, engine} = await setUp();
  const {id} = await saved(store, {photos: [10]});
  server.next('PUT', lostAnswer);
  await engine.start();
  assert.deepEqual(await photoStates(store, id), ['missing']);
  await engine.sync();
  assert.deepEqual(await photoStates(store, id), ['arrived']);
  assert.equal(server.photos.size, 1);
});

test('a photo that the server cannot open is told, and holds nothing up', async () => {
  const {server, store, engine} = await setUp();
  const {id, photos} = await saved(store, {photos: [10, 20]});
  server.next(`PUT /api/photos/${photos[0].sha256}`, () => problem(422, 'photo-broken'));
  await engine.start();
  const record = await store.record(id);
  assert.deepEqual(
    record.photos.map(({state}) => state),
    ['refused', 'arrived'],
  );
  assert.equal(record.photos[0].problem.code, 'photo-broken');
  assert.ok(await store.photo(photos[0].sha256), 'the bytes stay with the phone');
  await store.retry(id);
  await engine.sync();
  assert.deepEqual(await photoStates(store, id), ['arrived', 'arrived']);
});

test('a photo damaged on the way, and whole on the phone, is sent again as often as it takes', async () => {
  const {server, store, engine} = await setUp();
  const {id} = await saved(store, {photos: [10]});
  server.next('PUT', () => problem(422, 'photo-digest'), 5);
  await engine.start();
  for (let run = 0; run < 4; run++) await engine.sync();
  assert.deepEqual([await photoStates(store, id), engine.state.reason, server.losses], [['missing'], 'server', []]);
  await engine.sync();
  assert.deepEqual([await photoStates(store, id), engine.state.reason], [['arrived'], null]);
});

test('a photo that decayed on the phone is said to be damaged after three tries, to the server too', async () => {
  const {server, store, engine} = await setUp();
  const {id, photos} = await saved(store, {photos: [10]});
  const row = await store.photo(photos[0].sha256);
  await store.db.put('photos', {...row, bytes: bytes(10)});
  await engine.start();
  assert.deepEqual(await photoStates(store, id), ['missing']);
  await engine.sync();
  await engine.sync();
  assert.deepEqual(await photoStates(store, id), ['refused']);
  assert.deepEqual(server.losses, [{sha256: photos[0].sha256, reason: 'damaged'}]);
});

test('bytes that the disk does not give back are tried three times, then lost; the rest and the pull go on', async () => {
  const {server, store, engine} = await setUp();
  const {id, photos} = await saved(store, {photos: [10, 20]});
  const unreadable = photos[0].sha256;
  const read = store.photo.bind(store);
  store.photo = (/** @type {string} */ name) =>
    name === unreadable
      ? Promise.reject(new DOMException('Failed to read large IndexedDB value', 'DataError'))
      : read(name);
  await engine.start();
  assert.deepEqual(await photoStates(store, id), ['missing', 'arrived']);
  const pulls = server.count('GET /api/sync/pull');
  await engine.sync();
  await engine.sync();
  assert.deepEqual(await photoStates(store, id), ['refused', 'arrived']);
  assert.deepEqual(server.losses, [{sha256: unreadable, reason: 'gone'}]);
  assert.ok(server.count('GET /api/sync/pull') > pulls);
});

test('a proxy that turns a photo away says nothing about the photo: it is sent again, as often as it takes', async () => {
  const {server, store, engine} = await setUp();
  const {id} = await saved(store, {photos: [10]});
  server.next('PUT', () => new Response('<h1>Access denied</h1>', {status: 403}), 5);
  await engine.start();
  for (let run = 1; run < 5; run++) await engine.sync();
  assert.deepEqual([await photoStates(store, id), engine.state.reason], [['missing'], 'server']);
  await engine.sync();
  assert.deepEqual(await photoStates(store, id), ['arrived']);
});

test('a proxy that finds a photo too large knows nothing of it: it is sent again, and its bytes stay', async () => {
  const {server, store, engine} = await setUp();
  const {id, photos} = await saved(store, {photos: [10]});
  server.next('PUT', () => new Response('<h1>413</h1>', {status: 413}), 5);
  await engine.start();
  for (let run = 0; run < 4; run++) await engine.sync();
  assert.deepEqual([await photoStates(store, id), server.losses], [['missing'], []]);
  assert.equal((await store.photo(photos[0].sha256)).size, 10);
  await engine.sync();
  assert.deepEqual(await photoStates(store, id), ['arrived']);
});

test('a photo lost here that came from another phone, or in a file, is there', async () => {
  const {store, engine} = await setUp();
  const {id, photos} = await saved(store, {photos: [10]});
  await store.db.delete('photos', photos[0].sha256);
  await engine.start();
  assert.deepEqual(await photoStates(store, id), ['refused']);
  const row = {id, type: 'inspection', state: 'in-force', photos_missing: [photos[0].sha256]};
  const pulled = (/** @type {any} */ more) => ({
    cursor: 'c9',
    complete: false,
    sections: [{unit: 'D1', name: 'records', rows: [{...row, ...more}]}],
  });
  await store.applyPull(pulled({}));
  assert.deepEqual(await photoStates(store, id), ['refused']);
  await store.applyPull(pulled({photos_missing: []}));
  assert.deepEqual(await photoStates(store, id), ['arrived']);
  assert.equal(summary(await store.records()).photos, 0);
});

test('an answer 200 that does not name the photo confirms nothing', async () => {
  const {server, store, engine} = await setUp();
  const {id} = await saved(store, {photos: [10]});
  server.next('PUT', () => new Response('{"state": "stored"}'));
  await engine.start();
  assert.deepEqual(await photoStates(store, id), ['missing']);
  assert.equal(engine.state.reason, 'server');
});

test('bytes that the browser threw away are said to be lost; the server never counts them as here, and the rest goes on', async () => {
  const {server, store, engine} = await setUp();
  const {id, photos} = await saved(store, {photos: [10, 20]});
  const neighbour = await saved(store, {photos: [30]});
  await store.db.delete('photos', photos[0].sha256);
  await engine.start();
  const record = await store.record(id);
  assert.equal(record.photos[0].problem.code, 'photo-lost');
  assert.deepEqual(
    record.photos.map(({state}) => state),
    ['refused', 'arrived'],
  );
  assert.deepEqual(await photoStates(store, neighbour.id), ['arrived']);
  assert.deepEqual([server.photos.has(photos[0].sha256), server.photos.size], [false, 2]);
  const {code, n, reason} = overall(summary(await store.records()), engine.state);
  assert.deepEqual({code, n, reason}, {code: 'stuck', n: 1, reason: 'refused'});
  assert.deepEqual(server.losses, [{sha256: photos[0].sha256, reason: 'gone'}]);
  await engine.sync();
  assert.equal(server.losses.length, 1, 'and the server is told once');
});

test('the word that a photo is lost waits for a line like everything else, and survives the page', async () => {
  const {server, store, engine} = await setUp();
  const {id, photos} = await saved(store, {photos: [10]});
  await store.db.delete('photos', photos[0].sha256);
  await store.markResult({id, state: 'stored', photos_missing: [photos[0].sha256]});
  server.next('POST', offline);
  await engine.start();
  await store.markPhotoRefused(photos[0].sha256, {code: 'photo-digest'});
  const after = await storeOf();
  assert.deepEqual(
    [(await after.record(id)).due, await after.losses()],
    ['word', [{sha256: photos[0].sha256, reason: 'damaged'}]],
  );
  assert.deepEqual([summary(await after.records()).waiting, (await after.holding()).photos], [0, 0]);
  await engine.sync();
  assert.deepEqual(
    [(await after.record(id)).due, server.losses],
    [undefined, [{sha256: photos[0].sha256, reason: 'damaged'}]],
  );
  await store.retry(id);
  assert.deepEqual([(await after.record(id)).due, await after.losses()], ['photos', []]);
});

test('photos already on the server, of an amended record, are not sent again', async () => {
  const {server, store, engine} = await setUp();
  const {id, photos} = await saved(store, {photos: [10]});
  server.photos.set(photos[0].sha256, new ArrayBuffer(10));
  await engine.start();
  assert.equal(server.count('PUT'), 0);
  assert.deepEqual(await photoStates(store, id), ['arrived']);
});

function captured(server, ...sizes) {
  const photos = sizes.map((size) => ({buffer: bytes(Math.min(size, 1000)), size}));
  for (const {buffer} of photos) server.photos.set(sha(buffer), buffer);
  const notes = photos.map(({buffer, size}) => ({sha256: sha(buffer), size, type: 'image/jpeg'}));
  const row = {id: 'c', day: '2026-11-20', author: '王', items: [{subject: 'A', class: 'express', photos: notes}]};
  server.sections.push({unit: 'D1', name: 'captures', rows: [row]});
  return notes;
}

test('captures to be judged come with their photos, so a verdict needs no signal', async () => {
  const {server, store, engine} = await setUp();
  const [note] = captured(server, 100);
  await engine.start();
  const photo = await store.photo(note.sha256);
  assert.deepEqual([photo.pulled, photo.bytes.byteLength], [true, 100]);
  await engine.sync();
  assert.equal(server.count('GET /api/photos/'), 1, 'once is enough');
});

test('a fetched photo that is not what its name says is not shown as evidence', async () => {
  const {server, store, engine} = await setUp();
  const [note] = captured(server, 100);
  server.photos.set(note.sha256, bytes(100));
  await engine.start();
  assert.equal(await store.photo(note.sha256), null);
});

test('no more than 50 MB of photos are fetched', async () => {
  const {server, store, engine} = await setUp();
  const notes = captured(server, 100, 49 * 2 ** 20, 2 * 2 ** 20);
  await engine.start();
  const here = await store.photoKeys();
  assert.deepEqual(
    notes.map(({sha256}) => here.has(sha256)),
    [true, true, false],
  );
});

test('who watches hears how many photos and bytes of all have gone', async () => {
  const {store, engine} = await setUp();
  await saved(store, {photos: [10, 20, 30]});
  const told = [];
  engine.addEventListener(
    'state',
    ({detail}) => detail.phase === 'photos' && told.push([detail.done, detail.sent, detail.size]),
  );
  await engine.start();
  assert.deepEqual(told, [
    [0, 0, 60],
    [1, 10, 60],
    [2, 30, 60],
    [3, 60, 60],
  ]);
});

/** The queue as a file: everything that has not arrived, verbatim, whatever a photo's bytes have come to. */

import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {WORDS} from '../../../static/js/screens/rescue-words.js';
import {write} from '../../../static/js/store/schema.js';
import {pack, waiting} from '../../../static/js/sync/rescue.js';
import {draftOn, NOON, newPhone, saved, storeOf} from '../phone.js';

const ABOUT = {person: {id: 'lead', login: 'li', name: '李娜'}, device: 'Android', version: '0.1.0', now: NOON};

beforeEach(newPhone);

/** The stored entries of a ZIP by its own list: `{name: bytes}`. */
async function unpacked(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const view = new DataView(bytes.buffer);
  const end = bytes.length - 22;
  assert.equal(view.getUint32(end, true), 0x06054b50, 'the end of the list is the end of the file');
  const found = new Map();
  let at = view.getUint32(end + 16, true);
  for (let n = view.getUint16(end + 10, true); n > 0; n -= 1) {
    assert.equal(view.getUint16(at + 10, true), 0, 'stored');
    const [size, names, extra, comment] = [24, 28, 30, 32].map((place) =>
      place === 24 ? view.getUint32(at + place, true) : view.getUint16(at + place, true),
    );
    const start = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + names));
    const data = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
    found.set(name, bytes.slice(data, data + size));
    at += 46 + names + extra + comment;
  }
  return found;
}

const text = (files, name) => new TextDecoder().decode(files.get(name));
const facts = (files) =>
  text(files, 'facts.jsonl')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

async function packed(store, more = {}) {
  const {name, blob, lost} = await pack(store, await waiting(store), {...ABOUT, ...more});
  return {name, lost, files: await unpacked(blob)};
}

test('the file holds each fact verbatim, in order, with its photos and the drafts', async () => {
  const store = await storeOf();
  const first = await saved(store, {photos: [500, 700]});
  const second = await saved(store, {subject: 'RR473124830CN'});
  const draft = await draftOn(store, {subject: 'RR473124843CN', photos: [300]});
  const {name, files, lost} = await packed(store);
  assert.equal(name, 'toucha-li-2026-11-20.zip');
  const plain = ({id, open, personal, salt, digest}) => ({id, open, personal, salt, digest});
  assert.deepEqual(facts(files), [first, second].map(plain));
  for (const {sha256} of [...first.photos, ...draft.items[0].photos])
    assert.deepEqual(files.get(`photos/${sha256}`).buffer, (await store.photo(sha256)).bytes);
  assert.deepEqual(
    JSON.parse(text(files, 'drafts.json')).map(({id}) => id),
    [draft.id],
  );
  const manifest = JSON.parse(text(files, 'manifest.json'));
  assert.deepEqual(manifest.counts, {facts: 2, drafts: 1, photos: 3});
  assert.deepEqual([manifest.format, manifest.person], [1, {id: 'lead', login: 'li', name: '李娜'}]);
  assert.equal(Date.parse(manifest.device_time), NOON);
  assert.deepEqual(lost, []);
});

test('what arrived stays out; what was refused and what waits for a photo is in', async () => {
  const store = await storeOf();
  const arrived = await saved(store, {photos: [100]});
  await store.markResult({id: arrived.id, state: 'stored', photos_missing: []});
  const half = await saved(store, {photos: [200, 201]});
  const [there, here] = half.photos.map(({sha256}) => sha256);
  await store.markResult({id: half.id, state: 'stored', photos_missing: [here]});
  const refused = await saved(store, {photos: [300]});
  await store.markResult({id: refused.id, state: 'refused', problem: {code: 'role-not-held'}});
  const {files} = await packed(store);
  assert.deepEqual(
    facts(files).map(({id}) => id),
    [half.id, refused.id],
  );
  const named = [...files.keys()].filter((name) => name.startsWith('photos/'));
  assert.deepEqual(named, [`photos/${here}`, `photos/${refused.photos[0].sha256}`]);
  assert.ok(!files.has(`photos/${there}`));
});

test('a photo that is gone or damaged is named, and stops nothing', async () => {
  const store = await storeOf();
  const record = await saved(store, {photos: [500, 700, 900]});
  const [gone, damaged, good] = record.photos.map(({sha256}) => sha256);
  await write(store.db, ['photos'], async (tx) => {
    const photos = tx.objectStore('photos');
    await photos.delete(gone);
    await photos.put({...(await photos.get(damaged)), bytes: new Uint8Array(5).buffer});
  });
  const {files, lost} = await packed(store);
  assert.deepEqual(
    lost.map(({sha256, why}) => [sha256, why]),
    [
      [gone, 'gone'],
      [damaged, 'damaged'],
    ],
  );
  assert.deepEqual(JSON.parse(text(files, 'manifest.json')).lost[0].records, [record.id]);
  assert.ok(files.has(`photos/${good}`));
  assert.equal(facts(files).length, 1);
});

test('a photo that cannot be read is named, and stops nothing', async () => {
  const store = await storeOf();
  const record = await saved(store, {photos: [500, 700]});
  const read = store.photo.bind(store);
  store.photo = async (name) => {
    if (name === record.photos[0].sha256) throw new DOMException('the disk', 'UnknownError');
    return read(name);
  };
  const {lost, files} = await packed(store);
  assert.equal(lost.length, 1);
  assert.ok(files.has(`photos/${record.photos[1].sha256}`));
});

test('the phone keeps everything that it put into the file', async () => {
  const store = await storeOf();
  await saved(store, {photos: [500]});
  await draftOn(store);
  const before = [await store.records(), await store.drafts(), await store.photoKeys()];
  await packed(store);
  assert.deepEqual([await store.records(), await store.drafts(), await store.photoKeys()], before);
});

test('the size said before is that of the file, and progress counts its photos', async () => {
  const store = await storeOf();
  await saved(store, {photos: [40_000, 50_000]});
  await draftOn(store, {photos: [30_000]});
  const {bytes, photos} = await waiting(store);
  const seen = [];
  const {blob} = await pack(store, await waiting(store), {...ABOUT, report: (done) => seen.push(done)});
  assert.ok(Math.abs(bytes - blob.size) < 0.05 * blob.size, `${bytes} said, ${blob.size} made`);
  assert.deepEqual([seen, photos.length], [[0, 1, 2, 3], 3]);
});

test('both languages have the same words', () => {
  assert.deepEqual(Object.keys(WORDS.en), Object.keys(WORDS.zh));
  const places = (said) => [...String(said).matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const [key, said] of Object.entries(WORDS.zh)) {
    assert.match(String(said), /[一-鿿]/, key);
    if (typeof said === 'string') assert.deepEqual(places(WORDS.en[key]), places(said), key);
  }
  assert.equal(WORDS.en.holds({records: 1, photos: 0, drafts: 2}), '1 record, 0 photos, 2 drafts');
});

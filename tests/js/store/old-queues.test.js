/** Today's store and engine on what phones of each release hold (tests/fixtures/queues). */

import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {beforeEach, test} from 'node:test';
import {lastPerson} from '../../../static/js/store/person.js';
import {openDatabase, STEPS} from '../../../static/js/store/schema.js';
import {openStore} from '../../../static/js/store/store.js';
import {dumpOne, restore} from '../../fixtures/disk.mjs';
import {newPhone} from '../phone.js';
import {Server} from '../server.js';
import {setUp} from '../sync/desk.js';

const QUEUES = new URL('../../fixtures/queues/', import.meta.url);
const RELEASES = readdirSync(QUEUES)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, QUEUES), 'utf8')));
const RUNS = RELEASES.flatMap(({release, phones}) => phones.map((phone) => ({release, phone})));
const [{phone: sample}] = RUNS;

beforeEach(newPhone);

const databaseOf = ({person}) => `toucha-${person}`;
const rowsOf = ({stores}, name) => stores[name].rows;
const valuesOf = (phone, name) => rowsOf(phone.databases[databaseOf(phone)], name).map(([, value]) => value);
const opened = (phone) => openStore(phone.person, {channel: false});

async function laidDown(phone) {
  await restore(phone.databases);
}

for (const {release, phone} of RUNS) {
  test(`${release}, ${phone.login}: all that the phone held is there when today's app opens it`, async () => {
    await laidDown(phone);
    assert.equal((await lastPerson()).id, phone.person);
    const store = await opened(phone);
    assert.deepEqual((await store.records()).reverse(), valuesOf(phone, 'records'));
    const kept = (await store.records()).map(({state}) => state);
    for (const state of ['unsent', 'stored', 'refused', 'conflict', 'waiting']) assert.ok(kept.includes(state), state);
    const drafts = await store.drafts();
    assert.equal(drafts.length, valuesOf(phone, 'drafts').length);
    const named = [...(await store.records()), ...drafts.flatMap(({items}) => items)].flatMap(({photos}) => photos);
    assert.ok(named.length > 10);
    for (const {sha256, size} of named) assert.equal((await store.photo(sha256)).bytes.byteLength, size);
    assert.equal(await store.get('cursor'), new Map(rowsOf(phone.databases[databaseOf(phone)], 'meta')).get('cursor'));
    store.close();
  });

  test(`${release}, ${phone.login}: today's app sends that queue, letter for letter, and every photo`, async () => {
    await laidDown(phone);
    const server = new Server(phone.person);
    for (const {facts} of phone.earlier.pushes) for (const fact of facts) server.facts.set(fact.id, fact);
    for (const {sha256} of phone.earlier.photos) server.photos.set(sha256, new ArrayBuffer(0));
    const {store, engine} = await setUp({server, store: await opened(phone)});
    await engine.start();
    await engine.stop();
    const waiting = phone.waiting.pushes.flatMap(({facts}) => facts);
    for (const fact of waiting) assert.deepEqual(server.facts.get(fact.id), fact);
    for (const {sha256} of phone.waiting.photos) assert.ok(server.photos.has(sha256));
    assert.deepEqual(await store.holding(), {records: 0, photos: 0, oldest: null});
    assert.equal(engine.state.reason, null);
    store.close();
  });
}

/** What a later release may need: another index, and a field that each record has. */
const NEXT = [
  ...STEPS,
  async (_db, tx) => {
    const records = tx.objectStore('records');
    records.createIndex('state', 'state');
    for (const record of await records.getAll()) await records.put({...record, later: record.day});
  },
];

test('the schema goes one version up with a full queue in it: nothing is missing, everything is in the new form', async () => {
  await laidDown(sample);
  const before = await dumpOne(databaseOf(sample));
  (await openDatabase(sample.person, NEXT)).close();
  const after = await dumpOne(databaseOf(sample));
  assert.equal(after.version, NEXT.length);
  for (const name of ['photos', 'drafts', 'sections', 'meta'])
    assert.deepEqual(rowsOf(after, name), rowsOf(before, name));
  const upgraded = rowsOf(before, 'records').map(([key, value]) => [key, {...value, later: value.day}]);
  assert.deepEqual(rowsOf(after, 'records'), upgraded);
  const db = await openDatabase(sample.person, NEXT);
  const unsent = rowsOf(before, 'records').filter(([, {state}]) => state === 'unsent');
  assert.equal((await db.getAllFromIndex('records', 'state', 'unsent')).length, unsent.length);
  db.close();
});

test('an upgrade that breaks half way leaves the phone in the version it had, with all it held', async (t) => {
  t.mock.method(console, 'error', () => {});
  await laidDown(sample);
  const before = await dumpOne(databaseOf(sample));
  const broken = [
    ...NEXT,
    async (_db, tx) => {
      await tx.objectStore('records').clear();
      throw new Error('a bug of that release');
    },
  ];
  await assert.rejects(openDatabase(sample.person, broken), {name: 'AbortError'});
  assert.deepEqual(await dumpOne(databaseOf(sample)), before);
  const store = await opened(sample);
  assert.equal((await store.records()).length, valuesOf(sample, 'records').length);
  store.close();
});

test('a store that a newer release has made is not opened by this one, and loses nothing', async () => {
  await laidDown(sample);
  (await openDatabase(sample.person, NEXT)).close();
  const before = await dumpOne(databaseOf(sample));
  await assert.rejects(opened(sample), {name: 'VersionError'});
  assert.deepEqual(await dumpOne(databaseOf(sample)), before);
});

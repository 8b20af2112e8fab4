/** A server put back to an older copy of itself: what it confirmed since comes again from the phones. */

import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {NOON, newPhone, saved, storeOf} from '../phone.js';
import {offline, Server} from '../server.js';
import {setUp} from './desk.js';

beforeEach(newPhone);

const DAY = 86400e3;
const sent = (server) => server.count('POST /api/sync/push');

/** A phone with one record in the copy and two after it, all confirmed. */
async function restored() {
  const parts = await setUp();
  const {server, store, engine} = parts;
  const before = await saved(store, {photos: [10]});
  await engine.start();
  const copy = server.copy();
  const after = [await saved(store, {photos: [20, 30]}), await saved(store)];
  await engine.sync();
  assert.equal(server.facts.size, 3);
  const all = server.copy();
  server.restore(copy);
  return {...parts, before, after, all};
}

/** The server has all of it again, letter for letter, and the phone says so. */
async function whole({server, store, all}) {
  assert.deepEqual(server.facts, all.facts);
  assert.deepEqual([...server.photos.keys()].sort(), [...all.photos.keys()].sort());
  const records = await store.records();
  assert.deepEqual([...new Set(records.map(({state}) => state))], ['stored']);
  assert.ok(records.every(({photos}) => photos.every(({state}) => state === 'arrived')));
  assert.deepEqual(await store.holding(), {records: 0, photos: 0, oldest: null});
}

test('what was confirmed after the copy is sent again with its photos, by the next heartbeat', async () => {
  const parts = await restored();
  await parts.engine.sync();
  await whole(parts);
  const quiet = sent(parts.server);
  await parts.engine.sync();
  assert.equal(sent(parts.server), quiet + 1, 'and then nothing but the heartbeat');
});

test('a page that pulled from the restored server before it said anything still notices', async () => {
  const parts = await restored();
  parts.engine.stop();
  const firstPull = parts.server.fetch('/api/sync/pull');
  assert.equal((await (await firstPull).clone().json()).sections[0].rows[0].head[0], 8, 'shorter than what it saw');
  const {engine} = await setUp({server: parts.server, store: parts.store});
  await engine.start({firstPull});
  await whole(parts);
});

test('the roles differ too, and the page pulls first: nothing is dropped before the server was heard', async () => {
  const parts = await restored();
  parts.engine.stop();
  parts.server.person = {...parts.server.person, roles: [{role: 'inspector', unit: 'D1'}]};
  for (const digest of ['x', 'y', 'z']) parts.server.append(digest); // as long as before
  const {engine} = await setUp({server: parts.server, store: parts.store});
  await engine.start({firstPull: parts.server.fetch('/api/sync/pull')});
  assert.deepEqual(parts.server.facts, parts.all.facts);
  assert.deepEqual([...parts.server.photos.keys()].sort(), [...parts.all.photos.keys()].sort());
});

test('where nothing was put back, other roles drop what was confirmed as soon as the server was heard', async () => {
  const {server, store, engine} = await setUp();
  await saved(store, {photos: [10]});
  await engine.start({firstPull: server.fetch('/api/sync/pull')});
  engine.stop();
  server.person = {...server.person, roles: [{role: 'inspector', unit: 'D1'}]};
  const again = await setUp({server, store});
  server.next('POST /api/sync/push', offline);
  await again.engine.start({firstPull: server.fetch('/api/sync/pull')});
  assert.equal((await store.records()).length, 1, 'not heard yet');
  await again.engine.sync();
  assert.deepEqual([(await store.records()).length, (await store.photoKeys()).size], [0, 0]);
  assert.equal((await store.section('D1', 'unit')).length, 1);
});

test('others wrote before this phone came back: the number is reached again, the row is another', async () => {
  const parts = await restored();
  for (const digest of ['x', 'y', 'z']) parts.server.append(digest);
  await parts.engine.sync();
  await whole(parts);
});

test('the server is put back once more while the phone sends again: the next run brings it all', async () => {
  const parts = await restored();
  const copy = parts.server.copy();
  const onceMore = async (_call, real) => {
    const answer = await real();
    parts.server.restore(copy);
    return answer;
  };
  parts.server.next('PUT /api/photos', onceMore);
  await parts.engine.sync();
  await parts.engine.sync();
  await whole(parts);
});

test('the line breaks in the middle of it: the rest follows later', async () => {
  const parts = await restored();
  parts.server.next('PUT /api/photos', offline, 2);
  await parts.engine.sync();
  assert.ok((await parts.store.holding()).photos > 0);
  await parts.engine.sync();
  await whole(parts);
});

test('the acknowledgement was lost: the phone says again what it saw', async () => {
  const parts = await restored();
  const cut = async (_call, real) => new Response((await real()).body, {status: 502});
  parts.server.next('POST /api/sync/push', cut);
  await parts.engine.sync();
  await parts.engine.sync();
  await whole(parts);
});

test('a photo whose bytes the phone gave up meanwhile is said to be lost, and the server hears it', async () => {
  const parts = await restored();
  const [name] = parts.after[0].photos.map(({sha256}) => sha256);
  await parts.store.db.delete('photos', name);
  await parts.engine.sync();
  const record = await parts.store.record(parts.after[0].id);
  const photo = record.photos.find(({sha256}) => sha256 === name);
  assert.deepEqual([photo.state, photo.problem.code, photo.told], ['refused', 'photo-lost', true]);
  assert.deepEqual(parts.server.losses, [{sha256: name, reason: 'gone'}]);
});

test('a phone whose app is newer than its last contact has its old heads to go by', async () => {
  const parts = await restored();
  parts.engine.stop();
  await parts.store.db.delete('meta', 'confirmed');
  const {engine} = await setUp({server: parts.server, store: parts.store});
  await engine.start({firstPull: parts.server.fetch('/api/sync/pull')});
  await whole(parts);
});

test('what was refused in the same breath is not refused: what it hangs on has not come again yet', async () => {
  const parts = await restored();
  const late = await saved(parts.store);
  const refusing = async ({body}, real) => {
    const answer = await (await real()).json();
    parts.server.facts.delete(late.id);
    const results = JSON.parse(body).facts.map(({id}) => ({id, state: 'refused', problem: {code: 'unknown-point'}}));
    return new Response(JSON.stringify({...answer, results}), {headers: {'Content-Type': 'application/json'}});
  };
  parts.server.next('POST /api/sync/push', refusing);
  await parts.engine.sync();
  assert.equal((await parts.store.record(late.id)).state, 'stored');
  assert.ok(parts.server.facts.has(late.id));
});

test('what was in once and is refused now goes again each day: another phone may have brought what it hangs on', async () => {
  const parts = await restored();
  const [, once] = parts.after;
  parts.server.answers.set(once.id, {state: 'refused', problem: {code: 'unknown-point', message: '', fields: {}}});
  const fresh = await saved(parts.store);
  parts.server.answers.set(fresh.id, {state: 'refused', problem: {code: 'bad-fact', message: '', fields: {}}});
  await parts.engine.sync();
  const states = async () => [once, fresh].map(async ({id}) => (await parts.store.record(id)).state);
  assert.deepEqual(await Promise.all(await states()), ['refused', 'refused']);
  parts.server.answers.clear();
  await parts.store.tidy();
  await parts.engine.sync();
  assert.deepEqual(await Promise.all(await states()), ['stored', 'refused'], 'only what the server had confirmed');
});

test('a push that a proxy turned away is not heard: other roles drop nothing yet', async () => {
  const parts = await restored();
  for (const digest of ['x', 'y', 'z']) parts.server.append(digest);
  parts.server.person = {...parts.server.person, roles: [{role: 'inspector', unit: 'D1'}]};
  parts.server.next('POST /api/sync/push', () => new Response('<h1>no</h1>', {status: 403}));
  await parts.store.set('cursor', null);
  await parts.engine.sync();
  assert.equal((await parts.store.records()).length, 3, 'not heard yet');
  await parts.engine.sync();
  assert.deepEqual(parts.server.facts, parts.all.facts);
});

test('a clock weeks ahead forgets nothing before the restored server was heard', async () => {
  const parts = await restored();
  parts.engine.stop();
  const store = await storeOf('lead', {now: () => NOON + 40 * DAY});
  const {engine} = await setUp({server: parts.server, store, now: () => NOON + 40 * DAY});
  parts.server.next('POST /api/sync/push', () => new Response('<h1>no</h1>', {status: 403}));
  await engine.start();
  await engine.sync();
  assert.deepEqual(parts.server.facts, parts.all.facts);
  assert.deepEqual([...parts.server.photos.keys()].sort(), [...parts.all.photos.keys()].sort());
});

test('an answer that is no push’s answer tells nothing of the server', async () => {
  for (const text of ['null', '[]', '{"rewound": ["D1"], "heads": {}}']) {
    newPhone();
    const {server, store, engine} = await setUp();
    const {id} = await saved(store);
    await engine.start();
    const strange = () => new Response(text, {headers: {'Content-Type': 'application/json'}});
    server.next('POST /api/sync/push', strange);
    await engine.sync();
    assert.deepEqual([engine.state.reason, engine.heard], ['server', false], text);
    assert.equal((await store.record(id)).state, 'stored');
  }
});

test('a server that never believes the phone’s past is sent everything once in a run, not for ever', async () => {
  const {server, store, engine} = await setUp();
  await saved(store);
  await engine.start();
  const doubting = async (_call, real) => {
    const answer = await (await real()).json();
    return new Response(JSON.stringify({...answer, rewound: ['D1']}), {headers: {'Content-Type': 'application/json'}});
  };
  server.next('POST /api/sync/push', doubting, Infinity);
  const before = sent(server);
  await engine.sync();
  assert.ok(sent(server) - before <= 4, `${sent(server) - before} pushes`);
  assert.equal((await store.records())[0].state, 'stored');
});

test('a server of an older release says nothing of heads, and nothing changes', async () => {
  const {server, store, engine} = await setUp();
  await saved(store);
  const silent = async (_call, real) => {
    const {heads, rewound, ...answer} = await (await real()).json();
    return new Response(JSON.stringify(answer), {headers: {'Content-Type': 'application/json'}});
  };
  server.next('POST /api/sync/push', silent, Infinity);
  await engine.start();
  assert.equal((await store.records())[0].state, 'stored');
  assert.deepEqual(await store.confirmed(), {D1: [7, 'h7']}, 'what it saw first');
});

test('refused records and those of other units stay as they are', async () => {
  const parts = await setUp();
  const {server, store, engine} = parts;
  const bad = await saved(store);
  server.answers.set(bad.id, {state: 'refused', problem: {code: 'bad-fact', message: '', fields: {}}});
  const elsewhere = await saved(store, {unit: 'D2', acting: 'D2'});
  await engine.start();
  server.restore(new Server().copy());
  await engine.sync();
  assert.equal((await store.record(bad.id)).state, 'refused');
  assert.deepEqual([server.facts.has(elsewhere.id), (await store.record(elsewhere.id)).state], [false, 'stored']);
});

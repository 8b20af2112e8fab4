/** Bad lines, each a real one over TCP: nothing is lost, nothing twice, and the queue moves on when the line is good. */

import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {boot} from '../../../static/js/sync/boot.js';
import {lineTo, MISHAPS, narrow} from '../line.js';
import {draftOn, frozen, newPhone, saved} from '../phone.js';
import {offline, Server, silence} from '../server.js';
import {setUp} from './desk.js';

beforeEach(newPhone);

/** A phone at the end of a line. */
async function wired(t, options) {
  const server = new Server();
  const line = await lineTo(server);
  t.after(line.close);
  return {line, ...(await setUp({server, fetch: line.fetch, ...options}))};
}

/** One run on a line where nobody answers: whatever waits is given up as its time is over. */
async function untilGivenUp(engine, wake) {
  const run = engine.sync();
  let over = false;
  run.then(() => {
    over = true;
  });
  while (!over) {
    await new Promise(setImmediate);
    if (engine.wire.open.size) wake.ring();
  }
}

const IMPATIENT = ['hangs', 'stalls'];
const SAID = {badGateway: 'server', gatewayTimeout: 'server'};
const WAYS = Object.keys(MISHAPS).filter((name) => name !== 'none');

for (const way of WAYS) {
  test(`a bad line (${way}) from the beginning loses nothing, and is tried again later`, async (t) => {
    const {line, server, store, engine, wake} = await wired(t);
    const {id} = await saved(store, {photos: [3000, 2000]});
    line.mishap = MISHAPS[way];
    await (IMPATIENT.includes(way) ? untilGivenUp(engine, wake) : engine.sync());
    assert.deepEqual([engine.state.reason, server.facts.size], [SAID[way] ?? 'offline', 0]);
    assert.equal((await store.record(id)).state, 'unsent');
    line.mishap = MISHAPS.none;
    await engine.sync();
    assert.deepEqual([engine.state.reason, server.facts.size, server.photos.size], [null, 1, 2]);
    assert.deepEqual(await store.holding(), {records: 0, photos: 0, oldest: null});
  });

  test(`a bad line (${way}) at the push and then at a photo: everything arrives, once`, async (t) => {
    const {line, server, store, engine, wake} = await wired(t);
    await engine.sync();
    const {id} = await saved(store, {photos: [3000, 2000]});
    for (const at of ['POST /api/sync/push', 'PUT /api/photos/']) {
      failAt(line, at, MISHAPS[way]);
      await (IMPATIENT.includes(way) ? untilGivenUp(engine, wake) : engine.sync());
      assert.notEqual(engine.state.reason, null, at);
      assert.notDeepEqual((await store.holding()).photos, 0, at);
    }
    line.mishap = MISHAPS.none;
    await engine.sync();
    assert.equal(engine.state.reason, null);
    assert.deepEqual([[...server.facts.keys()], server.photos.size], [[id], 2]);
    assert.deepEqual(
      (await store.record(id)).photos.map(({state}) => state),
      ['arrived', 'arrived'],
    );
  });
}

/** Requests that begin with `start` meet the mishap, others come through. */
function failAt(line, start, mishap) {
  line.mishap = (phone, far) => {
    phone.once('data', (bytes) => {
      const bad = bytes.toString('latin1').startsWith(start);
      phone.pause();
      phone.unshift(bytes);
      (bad ? mishap : MISHAPS.none)(phone, far);
      phone.resume();
    });
  };
}

test('a certificate that is not the server’s, or none at all, is no line', async (t) => {
  const {line, server, store, engine} = await wired(t);
  await saved(store, {photos: [10]});
  line.scheme = 'https'; // what answers there does not speak TLS
  await engine.sync();
  assert.deepEqual([engine.state.reason, server.calls.length], ['offline', 0]);
  line.scheme = 'http';
  await engine.sync();
  assert.deepEqual([server.facts.size, server.photos.size], [1, 1]);
});

test('a line that breaks after some kilobytes carries smaller batches, and larger ones when it is good again', async (t) => {
  const {line, server, store, engine} = await wired(t);
  for (let n = 0; n < 24; n++) {
    const draft = await draftOn(store);
    draft.items[0].note = '长'.repeat(1000);
    await store.commitDraft(draft, await frozen(draft));
  }
  line.mishap = narrow(20e3); // each of them has 3.6 kB
  const sizes = [];
  for (let run = 0; run < 12 && server.facts.size < 24; run++) {
    await engine.sync();
    sizes.push(engine.batch);
  }
  assert.equal(server.facts.size, 24);
  assert.ok(Math.min(...sizes) < 6, `${sizes}`);
  line.mishap = MISHAPS.none;
  for (let run = 0; run < 8; run++) await engine.sync();
  assert.equal(engine.batch, 100);
});

/** How long the phone waits for the answer to a request, ms. */
async function patienceAt(pattern, {engine, server, wake}) {
  server.next(pattern, silence);
  const run = engine.sync();
  while (!server.count(pattern)) await new Promise(setImmediate);
  const longest = Math.max(...wake.waits);
  wake.ring();
  await run;
  return longest;
}

test('a photo of 300 kB is waited for as long as 20 kbit/s take, a small one much shorter', async () => {
  const small = await setUp();
  await saved(small.store, {photos: [10]});
  assert.ok((await patienceAt('PUT', small)) < 40e3);
  newPhone();
  const large = await setUp();
  await saved(large.store, {photos: [300e3]});
  assert.ok((await patienceAt('PUT', large)) >= 120e3);
});

test('a full batch is waited for as long as 20 kbit/s take', async () => {
  const desk = await setUp();
  const draft = await draftOn(desk.store);
  draft.items[0].note = '长'.repeat(80e3); // 240 kB: 96 s
  await desk.store.commitDraft(draft, await frozen(draft));
  assert.ok((await patienceAt('POST', desk)) >= 96e3);
});

test('who gave up too soon waits longer the next time', async () => {
  const desk = await setUp();
  const waits = [await patienceAt('GET /api/ping', desk)];
  desk.server.calls.length = 0;
  waits.push(await patienceAt('GET /api/ping', desk));
  assert.deepEqual(waits, [10e3, 20e3]);
});

test('photos that never get through do not hold up those behind them', async () => {
  const {server, store, engine} = await setUp();
  const {photos} = await saved(store, {photos: [10, 20, 30, 40, 50]});
  for (const {sha256} of photos.slice(0, 3))
    server.next(`PUT /api/photos/${sha256}`, offline, Number.POSITIVE_INFINITY);
  await engine.sync();
  assert.equal(server.photos.size, 0);
  await engine.sync();
  assert.equal(server.photos.size, 2);
});

test('a new phone whose first question nobody answers says so, and does not wait for ever', async (t) => {
  t.mock.timers.enable({apis: ['setTimeout']});
  t.mock.method(globalThis, 'fetch', (_path, {signal}) => silence({signal}));
  const opening = boot(null);
  const refused = assert.rejects(opening, {reason: 'offline'});
  while (!globalThis.fetch.mock.callCount()) await new Promise(setImmediate);
  t.mock.timers.tick(60e3);
  await refused;
});

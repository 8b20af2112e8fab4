import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {newPhone, saved, storeOf} from '../phone.js';
import {offline, problem, Server, silence} from '../server.js';
import {Locks, settled, setUp} from './desk.js';

beforeEach(newPhone);

const html = () => new Response('<!doctype html><title>WLAN</title>', {status: 200});

test('a proxy that asks for a password of its own ends no session: it is tried again', async () => {
  const {server, engine, wake} = await setUp();
  server.next('GET /api/ping', () => new Response('<h1>Proxy authentication</h1>', {status: 401}));
  await engine.start();
  await engine.sync();
  assert.equal(engine.state.reason === 'sign-in', false);
  assert.ok(Number.isFinite(wake.waits.at(-1)));
});

test('a hotel’s sign-in page is not Toucha: nothing is sent', async () => {
  const {server, store, engine} = await setUp();
  await saved(store);
  server.next('GET', html, Infinity);
  await engine.start();
  assert.deepEqual([engine.state.reason, engine.state.online], ['offline', false]);
  assert.equal(server.count('POST'), 0);
});

test('a temporary password stops the phone with a word of what to do, and nothing is lost', async () => {
  const {server, store, engine, wake} = await setUp();
  const record = await saved(store);
  server.next('GET /api/sync/pull', () => problem(403, 'temporary-password'));
  await engine.start();
  assert.deepEqual([engine.state.reason, engine.state.online, engine.state.next], ['temporary-password', true, null]);
  assert.equal(server.count('POST'), 0);
  assert.deepEqual(
    (await store.outbox()).map(({id}) => id),
    [record.id],
  );
  wake.fire('visible'); // coming back from the page where the password is changed
  await settled(engine);
  assert.deepEqual([engine.state.reason, (await store.outbox()).length], [null, 0]);
});

test('a refusal that nobody foresaw loses nothing: the records stay and are tried again', async () => {
  const {server, store, engine, wake} = await setUp();
  await saved(store);
  await saved(store);
  server.next('POST /api/sync/push', () => problem(403, 'something-new'), Infinity);
  await engine.start();
  assert.equal((await store.outbox()).length, 2);
  assert.equal(engine.state.reason, 'server');
  server.script.length = 0;
  wake.ring();
  await settled(engine);
  assert.equal((await store.outbox()).length, 0);
});

test('a ping that answers something else is not Toucha either', async () => {
  const {server, engine} = await setUp();
  server.next('GET /api/ping', () => new Response('{"toucha": "maybe"}'));
  await engine.start();
  assert.equal(engine.state.reason, 'offline');
});

test('the first pull uses the plain address, so that the page can preload it; later ones bring the cursor', async () => {
  const {server, store, engine} = await setUp();
  await saved(store);
  await engine.start();
  const pulls = server.calls.filter(({line}) => line.includes('/pull')).map(({url}) => url);
  assert.deepEqual(pulls, ['/api/sync/pull', '/api/sync/pull?cursor=c1']);
});

test('with the pull that the page preloaded, today’s duties need no other request', async () => {
  const {server, store, engine} = await setUp();
  const changed = new Promise((resolve) => {
    store.addEventListener('change', async () => resolve([server.calls.length, await store.section('D1', 'unit')]), {
      once: true,
    });
  });
  await engine.start({firstPull: server.fetch('/api/sync/pull')});
  const [calls, rows] = await changed;
  assert.equal(calls, 1);
  assert.equal(rows[0].name, '投递部');
  assert.equal(server.count('GET /api/sync/pull'), 1, 'and it is not pulled again');
  assert.equal(server.count('POST /api/sync/push'), 1);
});

test('a preloaded pull that fails is an ordinary failure, tried again later', async () => {
  const {engine, wake, store} = await setUp();
  await engine.start({firstPull: Promise.reject(new TypeError('offline'))});
  assert.equal(engine.state.reason, 'offline');
  wake.ring();
  await settled(engine);
  assert.equal(engine.state.reason, null);
  assert.equal(await store.get('cursor'), 'c1');
});

test('a cursor that the server no longer knows is dropped for a complete pull', async () => {
  const {server, store, engine} = await setUp();
  await store.set('cursor', 'from another life');
  server.next('GET /api/sync/pull?cursor=', () => problem(422, 'invalid'));
  await engine.start();
  assert.equal(engine.state.reason, null);
  assert.equal(await store.get('cursor'), 'c1');
});

test('signed out: everything is kept, nothing hammers the server, and signing in goes on', async () => {
  const {server, store, engine, wake} = await setUp();
  await saved(store);
  server.next('GET /api/sync/pull', () => problem(401, 'sign-in'));
  await engine.start();
  assert.equal(engine.state.reason, 'sign-in');
  assert.deepEqual([(await store.outbox()).length, wake.waits, engine.state.next], [1, [], null]);
  wake.fire('visible');
  await settled(engine);
  assert.equal(server.facts.size, 1);
  assert.equal(engine.state.reason, null);
});

test('signed out in the middle of a push: the record stays', async () => {
  const {server, store, engine} = await setUp();
  await saved(store);
  server.next('POST', () => problem(401, 'sign-in'));
  await engine.start();
  assert.deepEqual([engine.state.reason, (await store.outbox()).length], ['sign-in', 1]);
});

test('without signal the waits grow, with jitter, to ten minutes at most', async () => {
  const {server, engine, wake} = await setUp();
  server.next('GET', offline, Infinity);
  const waits = [];
  await engine.start();
  for (let i = 0; i < 10; i++) {
    waits.push(...wake.waits);
    wake.ring();
    await settled(engine);
  }
  assert.deepEqual(waits.slice(0, 4), [4000, 8000, 16000, 32000]);
  assert.equal(waits.at(-1), 600000);
  engine.random = () => 0;
  await engine.sync();
  assert.deepEqual(wake.waits, [300000], 'half of it at the least');
});

test('a busy server says how long to wait, and is given that long', async () => {
  const {server, engine, wake} = await setUp();
  server.next('POST', () => problem(503, 'busy', {'Retry-After': '90'}));
  await engine.start();
  assert.deepEqual([engine.state.reason, wake.waits], ['busy', [90000]]);
});

test('after a success the next try after a failure comes soon again', async () => {
  const {server, engine, wake} = await setUp();
  server.next('GET /api/ping', offline, 3);
  await engine.start();
  await engine.sync();
  await engine.sync();
  await engine.sync();
  server.next('GET /api/ping', offline);
  await engine.sync();
  assert.deepEqual(wake.waits, [4000]);
});

test('a server that never answers is given up, and the queue moves on', async () => {
  const {server, store, engine, wake} = await setUp();
  await saved(store);
  server.next('POST', silence);
  const run = engine.start();
  while (!server.count('POST')) await new Promise(setImmediate);
  assert.equal(engine.state.phase, 'sending');
  wake.ring();
  await run;
  assert.deepEqual([engine.state.phase, engine.state.reason, engine.state.sending], ['idle', 'offline', []]);
  wake.fire('online');
  await settled(engine);
  assert.equal(server.facts.size, 1);
});

test('whatever breaks, no flag stays up: the next run works', async (t) => {
  t.mock.method(console, 'error', () => {});
  const {server, store, engine} = await setUp();
  await saved(store);
  const {holding} = store;
  store.holding = () => Promise.reject(new Error('a bug'));
  await engine.start();
  assert.deepEqual([engine.state.phase, engine.state.reason, engine.running], ['idle', 'error', null]);
  store.holding = holding;
  await engine.sync();
  assert.equal(server.facts.size, 1);
});

test('a full phone takes nothing in but sends what it has', async () => {
  const {server, store, engine} = await setUp();
  await saved(store, {photos: [10]});
  store.applyPull = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
  await engine.start();
  assert.deepEqual([server.facts.size, server.photos.size], [1, 1]);
  assert.equal(engine.state.reason, 'storage');
});

test('saving wakes the engine by itself, also in the middle of a run', async () => {
  const {server, store, engine} = await setUp();
  await engine.start();
  await saved(store);
  await settled(engine);
  assert.equal(server.facts.size, 1);
  server.next('GET /api/sync/pull', async (_call, real) => {
    await saved(store);
    return real();
  });
  await saved(store);
  await settled(engine);
  assert.equal(server.facts.size, 3);
});

test('the line, the page and the worker wake it; a page looked at again at once does not', async () => {
  const {server, engine, wake} = await setUp();
  await engine.start();
  const pings = () => server.count('GET /api/ping');
  const before = pings();
  wake.fire('visible');
  await settled(engine);
  assert.equal(pings(), before);
  wake.fire('online');
  await settled(engine);
  wake.fire('background');
  await settled(engine);
  assert.equal(pings(), before + 2);
  assert.deepEqual(wake.waits, [300000], 'one timer, the heartbeat');
});

test('stopped means stopped: no timer, no event, no request', async () => {
  const {server, store, engine, wake} = await setUp();
  await engine.start();
  await engine.stop();
  const before = server.calls.length;
  wake.fire('online');
  await saved(store);
  await settled(engine);
  assert.deepEqual([server.calls.length, wake.waits, wake.calls.size], [before, [], 0]);
});

test('two tabs, one phone: one drains at a time and everything arrives once', async () => {
  const server = new Server();
  const locks = new Locks();
  const tabs = [
    await setUp({server, locks, store: await storeOf()}),
    await setUp({server, locks, store: await storeOf()}),
  ];
  for (let i = 0; i < 5; i++) await saved(tabs[0].store, {photos: [10 + i]});
  await Promise.all(tabs.map(({engine}) => engine.start()));
  const sent = server.calls.filter(({line}) => line.startsWith('POST')).flatMap(({body}) => JSON.parse(body).facts);
  assert.deepEqual([sent.length, server.count('PUT'), locks.held.size], [5, 5, 0]);
  assert.deepEqual(tabs[1].wake.waits, [60000], 'the other one looks again later');
  assert.equal((await tabs[1].store.outbox()).length, 0);
});

test('two tabs of an old browser without locks: everything still arrives once', async () => {
  const server = new Server();
  const tabs = [await setUp({server, store: await storeOf()}), await setUp({server, store: await storeOf()})];
  for (let i = 0; i < 5; i++) await saved(tabs[0].store, {photos: [10 + i]});
  await Promise.all(tabs.map(({engine}) => engine.start()));
  assert.deepEqual([server.facts.size, server.photos.size], [5, 5]);
  assert.deepEqual(await tabs[0].store.holding(), {records: 0, photos: 0, oldest: null});
});

test('a screen sees how far it is, and which records are on their way', async () => {
  const {store, engine} = await setUp();
  const {id} = await saved(store, {photos: [10, 20]});
  const seen = [];
  engine.addEventListener('state', ({detail}) =>
    seen.push(`${detail.phase} ${detail.done}/${detail.total} ${detail.sending.length}`),
  );
  await engine.start();
  assert.ok(id);
  assert.deepEqual(
    seen.filter((line) => /^(sending|photos)/.test(line)),
    ['sending 0/1 0', 'sending 0/1 1', 'sending 1/1 1', 'photos 0/2 0', 'photos 1/2 0', 'photos 2/2 0'],
  );
});

test('a 5xx is the server’s trouble: everything waits, nothing is refused', async () => {
  const {server, store, engine} = await setUp();
  await saved(store);
  server.next('POST', () => problem(500, 'server-error'));
  await engine.start();
  assert.deepEqual([engine.state.reason, (await store.outbox()).length], ['server', 1]);
});

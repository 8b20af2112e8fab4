import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {forgetPerson, lastPerson, rememberPerson} from '../../../static/js/store/person.js';
import {boot} from '../../../static/js/sync/boot.js';
import {browserWake} from '../../../static/js/sync/wake.js';
import {newPhone} from '../phone.js';
import {offline, problem, Server} from '../server.js';
import {setUp} from './desk.js';

beforeEach(newPhone);

/** A localStorage of this test's own: what it holds. */
function hints(t) {
  const kept = new Map();
  globalThis.localStorage = /** @type {any} */ ({
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
  });
  t.after(() => delete globalThis.localStorage);
  return kept;
}

test('a new phone learns from the first pull whose it is, and uses that pull', async () => {
  const server = new Server();
  const {store, person, firstPull} = await boot(server.fetch('/api/sync/pull'));
  const {engine} = await setUp({server, store});
  await engine.start({firstPull});
  assert.deepEqual([person, await lastPerson()], [{id: 'lead', name: '李娜', language: 'zh'}, person]);
  assert.equal(server.count('GET /api/sync/pull'), 1);
  assert.equal((await store.section('D1', 'unit')).length, 1);
  store.close();
});

test('a known phone opens at once, without waiting for any answer', async () => {
  await rememberPerson({id: 'lead', name: '李娜', language: 'en'});
  const {store, person} = await boot(new Promise(() => {}));
  assert.deepEqual([store.personId, person.language], ['lead', 'en']);
  store.close();
});

test('a hint of somebody else never opens the wrong store', async (t) => {
  const kept = hints(t);
  await rememberPerson({id: 'lead', name: '李娜', language: 'zh'});
  assert.deepEqual([...kept.values()], ['lead']);
  for (const hinted of ['lead', 'carrier']) {
    kept.set([...kept.keys()][0], hinted);
    const {store} = await boot(new Promise(() => {}));
    assert.equal(store.personId, 'lead');
    store.close();
  }
  await forgetPerson();
  assert.equal(kept.size, 0);
});

test('who signed out at the desk, or gave way to somebody else there, is not shown; the own store stays', async (t) => {
  const kept = hints(t);
  await rememberPerson({id: 'carrier', name: '巴图', language: 'zh'});
  kept.set('toucha-person', '-');
  await assert.rejects(boot(offline()), {reason: 'offline'});
  assert.equal(await lastPerson(), null);
  const {store, person} = await boot(new Server().fetch('/api/sync/pull'));
  assert.deepEqual([store.personId, person.id, kept.get('toucha-person')], ['lead', 'lead', 'lead']);
  store.close();
});

test('a known phone opens without signal', async () => {
  await rememberPerson({id: 'lead', name: '李娜', language: 'zh'});
  const {store, firstPull} = await boot(offline());
  const {engine} = await setUp({store});
  await engine.start({firstPull});
  assert.equal(engine.state.reason, 'offline');
  store.close();
});

test('a phone that knows its person asks, opened by the worker, only for what is new', async () => {
  await rememberPerson({id: 'lead', name: '李娜', language: 'zh'});
  const {store, firstPull} = await boot(null, () => assert.fail('the whole pull again'));
  await store.set('cursor', 'c7');
  const {server, engine} = await setUp({store});
  await engine.start({firstPull});
  assert.deepEqual([server.count('GET /api/sync/pull?cursor=c7'), server.count('GET /api/sync/pull')], [1, 1]);
  store.close();
});

test('after signing out the worker still opens the app, and the next person is asked for', async () => {
  const server = new Server();
  const {person, store} = await boot(null, () => server.fetch('/api/sync/pull'));
  assert.equal(person.id, 'lead');
  store.close();
});

test('a new phone that is not signed in says so, and remembers nobody', async () => {
  await assert.rejects(boot(Promise.resolve(problem(401, 'sign-in'))), {reason: 'sign-in'});
  await assert.rejects(boot(offline()), {reason: 'offline'});
  assert.equal(await lastPerson(), null);
});

function page() {
  const serviceWorker = new EventTarget();
  const document = Object.assign(new EventTarget(), {visibilityState: 'hidden'});
  return Object.assign(new EventTarget(), {document, navigator: {serviceWorker}, setTimeout, clearTimeout});
}

test('in a page the line, the view and the worker wake the engine, until it stops listening', () => {
  const window = page();
  const heard = [];
  const end = browserWake(window).listen((reason) => heard.push(reason));
  const all = () => {
    window.dispatchEvent(new Event('online'));
    window.document.dispatchEvent(new Event('visibilitychange'));
    window.navigator.serviceWorker.dispatchEvent(Object.assign(new Event('message'), {data: {type: 'sync'}}));
    window.navigator.serviceWorker.dispatchEvent(Object.assign(new Event('message'), {data: {type: 'other'}}));
  };
  all();
  assert.deepEqual(heard, ['online', 'background'], 'a hidden page does not wake');
  window.document.visibilityState = 'visible';
  all();
  assert.equal(heard.filter((reason) => reason === 'visible').length, 1);
  end();
  all();
  assert.equal(heard.length, 5);
});

test('a page without a service worker (plain http) still has the line and the view', () => {
  const window = page();
  delete window.navigator.serviceWorker;
  const heard = [];
  browserWake(window).listen((reason) => heard.push(reason));
  window.dispatchEvent(new Event('online'));
  assert.deepEqual(heard, ['online']);
});

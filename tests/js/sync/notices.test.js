/** What the person is told comes with the pull; what was seen here is said with the next push, and stays seen meanwhile. */

import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {SyncEngine} from '../../../static/js/sync/engine.js';
import {ManualWake, NOON, newPhone, storeOf} from '../phone.js';
import {offline, Server} from '../server.js';

const notice = (id, more = {}) => ({
  id,
  code: 'due',
  zh: '到期',
  en: 'due',
  grave: false,
  at: '2026-11-20T00:00:00Z',
  seen: false,
  address: '/app/',
  ...more,
});

/** A server that tells notices, and marks what a push says was seen. */
class Teller extends Server {
  constructor(notices) {
    super();
    this.notices = notices;
    this.heard = [];
    this.told = new Map();
  }

  push(body, headers) {
    if (body.seen) this.heard.push(body.seen);
    this.notices = this.notices.map((one) => (body.seen?.includes(one.id) ? {...one, seen: true} : one));
    return super.push(body, headers);
  }

  pull(partial) {
    const mark = JSON.stringify(this.notices);
    const known = this.told.get(partial);
    const answer = super.pull(partial);
    this.told.set(answer.cursor, mark);
    return known === mark ? answer : {...answer, notices: this.notices};
  }
}

beforeEach(newPhone);

async function phoneOf(server) {
  const store = await storeOf();
  const engine = new SyncEngine({
    store,
    fetch: server.fetch,
    wake: new ManualWake(),
    now: () => NOON,
    random: () => 0.5,
  });
  return {store, engine};
}

const unseen = async (store) => (await store.get('notices')).filter(({seen}) => !seen).map(({id}) => id);

test('what is seen without signal is marked at once and said when there is signal, once', async () => {
  const server = new Teller([notice('b'), notice('a')]);
  const {store, engine} = await phoneOf(server);
  await engine.start();
  assert.deepEqual(await unseen(store), ['b', 'a']);
  server.next('', offline, Number.POSITIVE_INFINITY);
  await store.see(['a', 'stranger']);
  await engine.sync();
  assert.deepEqual([await unseen(store), await store.get('seen'), server.heard], [['b'], ['a'], []]);
  server.script = [];
  await engine.sync();
  await engine.sync();
  assert.deepEqual([await unseen(store), await store.get('seen'), server.heard], [['b'], [], [['a']]]);
  await engine.stop();
});

test('a pull that was made before the server heard of it does not make it new again', async () => {
  const server = new Teller([notice('a')]);
  const {store, engine} = await phoneOf(server);
  await engine.start();
  server.next('POST /api/sync/push', offline);
  await store.see(['a']);
  await engine.sync();
  await store.applyPull(
    {cursor: 'x', complete: false, server_time: '', version: '1', sections: [], notices: [notice('c'), notice('a')]},
    {heard: false},
  );
  assert.deepEqual(await unseen(store), ['c']);
  await engine.stop();
});

test('more than one push takes is said by the next ones', async () => {
  const many = Array.from({length: 130}, (_, i) => notice(`n${i}`));
  const server = new Teller(many);
  const {store, engine} = await phoneOf(server);
  await engine.start();
  await store.see(many.map(({id}) => id));
  await engine.sync();
  assert.deepEqual(
    server.heard.map(({length}) => length),
    [100, 30],
  );
  assert.deepEqual(await store.get('seen'), []);
  await engine.stop();
});

test('a server that says nothing of notices changes none', async () => {
  const server = new Teller([notice('a')]);
  const {store, engine} = await phoneOf(server);
  await engine.start();
  await engine.sync();
  assert.deepEqual(await unseen(store), ['a']);
  assert.ok(!('seen' in JSON.parse(server.calls.findLast(({line}) => line === 'POST /api/sync/push').body)));
  await engine.stop();
});

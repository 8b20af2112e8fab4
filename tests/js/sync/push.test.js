import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {freeze} from '../../../static/js/domain/facts.js';
import {draftOn, frozen, newPhone, saved} from '../phone.js';
import {lostAnswer, offline, problem, Server} from '../server.js';
import {setUp} from './desk.js';

beforeEach(newPhone);

const states = async (store) => (await store.records()).reverse().map(({state}) => state);
const pushed = (server) =>
  server.calls.filter(({line}) => line === 'POST /api/sync/push').map(({body}) => JSON.parse(body));

test('the signal comes back: records and photos arrive by themselves, each once', async () => {
  const {server, store, engine} = await setUp();
  const records = [await saved(store, {photos: [300, 50]}), await saved(store, {photos: [100]}), await saved(store)];
  await engine.start();
  assert.deepEqual(
    [...server.facts.keys()],
    records.map(({id}) => id),
  );
  assert.equal(server.photos.size, 3);
  assert.deepEqual(await store.holding(), {records: 0, photos: 0, oldest: null});
  assert.equal(engine.state.reason, null);
  assert.equal(await store.get('skew'), 1200);
  const sizes = server.calls.filter(({line}) => line.startsWith('PUT')).map(({body}) => body.byteLength);
  assert.deepEqual(sizes, [50, 100, 300], 'small before large');
});

test('what is sent is what was frozen, letter for letter', async () => {
  const {server, store, engine} = await setUp();
  const {id, open, personal, salt, digest} = await saved(store, {photos: [10]});
  await engine.start();
  assert.deepEqual(server.facts.get(id), {id, open, personal, salt, digest});
});

test('with nothing to send there is still a heartbeat, with the heads that were seen', async () => {
  const {server, engine} = await setUp();
  await engine.start();
  const [beat] = pushed(server);
  assert.deepEqual(beat.facts, []);
  assert.deepEqual(beat.heads, {D1: [7, 'h7']});
  assert.deepEqual(beat.holding, {records: 0, photos: 0, oldest: null});
  assert.match(beat.device_time, /[+-]\d\d:\d\d$/);
});

test('the answer was lost: sent again, the server knows it, and it is there once', async () => {
  const {server, store, engine} = await setUp();
  await saved(store);
  server.next('POST /api/sync/push', lostAnswer);
  await engine.start();
  assert.deepEqual(await states(store), ['unsent']);
  assert.equal(engine.state.reason, 'offline');
  await engine.sync();
  assert.deepEqual(await states(store), ['stored']);
  assert.equal(server.facts.size, 1);
});

test('a conflict is an acknowledgement: it is told, and not sent again', async () => {
  const {server, store, engine} = await setUp();
  const {id} = await saved(store);
  server.facts.set(id, {id, digest: 'another'});
  await engine.start();
  await engine.sync();
  assert.deepEqual(await states(store), ['conflict']);
  assert.equal(pushed(server).filter(({facts}) => facts.length).length, 1);
});

test('one refused record never holds up its neighbours', async () => {
  const {server, store, engine} = await setUp();
  const [one, two, three] = [await saved(store), await saved(store), await saved(store)];
  server.answers.set(two.id, {state: 'refused', problem: {code: 'own-delivery', message: '', fields: {}}});
  await engine.start();
  assert.deepEqual(await states(store), ['stored', 'refused', 'stored']);
  assert.equal((await store.record(two.id)).problem.code, 'own-delivery');
  assert.deepEqual([...server.facts.keys()], [one.id, three.id]);
  await engine.sync();
  assert.equal(pushed(server).flatMap(({facts}) => facts).length, 3, 'a refused one waits for its person');
});

test('a record damaged on the way is no refused record: it is sent again by itself, and is there once', async () => {
  const {server, store, engine} = await setUp();
  const {id} = await saved(store);
  server.next('POST', lostAnswer);
  await engine.start();
  server.answers.set(id, {state: 'refused', problem: {code: 'bad-digest'}});
  await engine.sync();
  assert.deepEqual([await states(store), engine.state.reason], [['unsent'], 'server']);
  server.answers.clear();
  await engine.sync();
  assert.deepEqual([await states(store), server.facts.size], [['stored'], 1]);
});

test('a record that decayed on the phone itself is refused, with the reason', async () => {
  const {server, store, engine} = await setUp();
  const record = await saved(store);
  await store.db.put('records', {...record, open: record.open.replace('pass', 'fail')});
  server.answers.set(record.id, {state: 'refused', problem: {code: 'bad-digest'}});
  await engine.start();
  assert.deepEqual(await states(store), ['refused']);
});

test('held and waiting records are the server’s and say so', async () => {
  const {server, store, engine} = await setUp();
  const [one, two] = [await saved(store), await saved(store)];
  server.answers.set(one.id, {state: 'stored', held: 'clock'});
  server.answers.set(two.id, {state: 'waiting'});
  await engine.start();
  assert.deepEqual(
    (await store.records()).map(({state, held}) => [state, held]),
    [
      ['waiting', null],
      ['stored', 'clock'],
    ],
  );
  assert.equal((await store.outbox()).length, 0);
});

test('a week without signal: 250 records go in batches of at most 100', async () => {
  const {server, store, engine} = await setUp();
  for (let i = 0; i < 250; i++)
    await store.commitFact(
      await freeze({
        open: {v: 1, type: 'withdrawal', unit: 'D1', acting: 'D1', date: '2026-11-20', target: 'x', reason: '错'},
      }),
    );
  await engine.start();
  assert.deepEqual(
    pushed(server).map(({facts}) => facts.length),
    [100, 100, 50, 0],
  );
  assert.equal(server.facts.size, 250);
});

test('batches are small in bytes too', async () => {
  const {server, store, engine} = await setUp();
  for (let i = 0; i < 3; i++) {
    const draft = await draftOn(store);
    draft.items[0].note = '长'.repeat(120 * 1024);
    await store.commitDraft(draft, await frozen(draft));
  }
  await engine.start();
  assert.deepEqual(
    pushed(server).map(({facts}) => facts.length),
    [2, 1, 0],
  );
});

test('a result for a record that was not in the batch confirms nothing', async () => {
  const {server, store, engine} = await setUp();
  const sent = await saved(store);
  server.next('POST', async (_call, real) => {
    const later = await saved(store);
    const answer = await (await real()).json();
    return new Response(JSON.stringify({...answer, results: [...answer.results, {id: later.id, state: 'stored'}]}));
  });
  await engine.start();
  assert.equal(server.facts.size, 2, 'the later one was sent all the same');
  assert.ok(server.facts.has(sent.id));
});

test('a batch that is too large is halved until it fits', async () => {
  const {server, store, engine} = await setUp();
  const records = [];
  for (let i = 0; i < 8; i++) records.push(await saved(store));
  server.next(
    'POST /api/sync/push',
    ({body}, real) => (JSON.parse(body).facts.length > 2 ? problem(413, 'too-large') : real()),
    Infinity,
  );
  await engine.start();
  assert.deepEqual(
    pushed(server).map(({facts}) => facts.length),
    [8, 4, 2, 2, 2, 2, 0],
  );
  assert.deepEqual(
    [...server.facts.keys()],
    records.map(({id}) => id),
  );
});

test('a single record that is too large is refused, the others go on', async () => {
  const {server, store, engine} = await setUp();
  const big = await saved(store);
  await saved(store);
  server.next(
    'POST /api/sync/push',
    ({body}, real) => (body.includes(big.id) ? problem(413, 'too-large') : real()),
    Infinity,
  );
  await engine.start();
  assert.deepEqual(await states(store), ['refused', 'stored']);
  assert.equal((await store.record(big.id)).problem.code, 'too-large');
});

test('a proxy that calls a record too large, whose acknowledgement was lost, does not make it refused', async () => {
  const {server, store, engine} = await setUp();
  const {id} = await saved(store);
  server.next('POST', lostAnswer);
  await engine.start();
  server.next('POST', () => new Response('<h1>413 Request Entity Too Large</h1>', {status: 413}), 5);
  for (let n = 0; n < 5; n++) await engine.sync();
  assert.deepEqual(
    [server.facts.has(id), (await store.record(id)).state, engine.state.reason],
    [true, 'unsent', 'server'],
  );
  await engine.sync();
  assert.equal((await store.record(id)).state, 'stored');
});

test('a record that makes the whole batch fail is found; it stays unsent and blocks nothing', async () => {
  const {server, store, engine} = await setUp();
  const [, bad] = [await saved(store), await saved(store), await saved(store)];
  server.next(
    'POST /api/sync/push',
    ({body}, real) => (body.includes(bad.id) ? problem(422, 'invalid') : real()),
    Infinity,
  );
  await engine.start();
  assert.deepEqual(await states(store), ['stored', 'unsent', 'stored']);
  assert.equal(engine.state.reason, 'server');
});

test('an answer without a result for a record leaves it waiting, and does not ask for ever', async () => {
  const {server, store, engine} = await setUp();
  await saved(store);
  server.next('POST /api/sync/push', () => new Response(JSON.stringify({results: []})), Infinity);
  await engine.start();
  assert.deepEqual(await states(store), ['unsent']);
  assert.equal(engine.state.reason, 'server');
});

test('the app is killed between record and photo: the next start sends the photo, and nothing twice', async () => {
  const {server, store, engine} = await setUp();
  const {photos} = await saved(store, {photos: [200]});
  server.next('PUT /api/photos/', () => {
    engine.stop();
    throw new DOMException('page gone', 'AbortError');
  });
  await engine.start();
  assert.equal(server.photos.size, 0);
  assert.ok(await store.photo(photos[0].sha256));
  const next = await setUp({server, store});
  await next.engine.start();
  assert.equal(server.photos.size, 1);
  assert.equal(pushed(server).flatMap(({facts}) => facts).length, 1);
});

test('another person signed in elsewhere meanwhile: the server is told whose record it is', async () => {
  const {server, store, engine} = await setUp();
  await engine.start();
  server.next('POST /api/sync/push', ({headers}) => {
    assert.equal(headers['X-Toucha-Person'], 'lead');
    return problem(403, 'other-person');
  });
  await saved(store);
  await engine.sync();
  assert.equal(engine.state.reason, 'other-person');
  assert.deepEqual(await states(store), ['unsent']);
});

test('a phone that opens with a cursor asks whose session it is before it sends anything', async () => {
  const {server, store, engine} = await setUp();
  await store.set('cursor', 'c7');
  await saved(store);
  server.next('GET /api/sync/pull?cursor=c7', ({headers}) =>
    headers['X-Toucha-Person'] === 'lead' ? problem(409, 'other-person') : problem(500, 'server-error'),
  );
  await engine.start();
  assert.deepEqual([engine.state.reason, server.count('POST')], ['other-person', 0]);
});

test('a reopened phone on which somebody else signed in meanwhile can say who', async () => {
  const {server, store, engine} = await setUp({server: new Server('director')});
  await store.set('cursor', 'c7');
  await saved(store);
  server.next('GET /api/sync/pull?cursor=c7', () => problem(409, 'other-person'));
  await engine.start();
  assert.deepEqual([engine.state.reason, engine.state.person?.id], ['other-person', 'director']);
  server.next('GET /api/ping', offline, 2);
  await engine.sync();
  assert.deepEqual(
    [engine.state.reason, engine.stranger?.person.id],
    ['offline', 'director'],
    'a broken line tells nothing new',
  );
  assert.deepEqual([server.count('POST'), await states(store)], [0, ['unsent']]);
});

test('after the last photo the server hears that nothing is on the phone any more', async () => {
  const {server, store, engine} = await setUp();
  await saved(store, {photos: [10, 20]});
  await engine.start();
  const told = pushed(server).map(({holding: {records, photos}}) => [records, photos]);
  assert.deepEqual(told, [
    [1, 2],
    [0, 0],
  ]);
});

test('a language chosen without signal is told once, with the next push', async () => {
  const {server, store, engine} = await setUp();
  await store.set('language', 'en');
  server.next('POST /api/sync/push', offline);
  await engine.start();
  await engine.sync();
  await engine.sync();
  assert.deepEqual(
    pushed(server).map(({language}) => language),
    ['en', 'en', undefined],
  );
});

test('the director’s session never carries the team lead’s records', async () => {
  const {server, store, engine} = await setUp({server: new Server('director')});
  await saved(store, {photos: [10]});
  await engine.start();
  assert.deepEqual([engine.state.reason, engine.state.person.id], ['other-person', 'director']);
  assert.deepEqual([server.count('POST'), server.count('PUT')], [0, 0]);
  assert.deepEqual(await states(store), ['unsent']);
});

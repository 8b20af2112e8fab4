/** Sending facts: in batches, each answered on its own, none blocking the others. */

import {isoWithOffset} from '../domain/days.js';
import {digestOf} from '../domain/facts.js';
import {patience, Stop} from './wire.js';

export const MOST_FACTS = 100;
const MOST_LOSSES = 100; // the next push tells the rest
const MOST_SEEN = 100;
const MOST_CHARACTERS = 256 * 1024;
const STATES = new Set(['stored', 'known', 'conflict', 'waiting', 'refused']);

/**
 * @typedef {import('../domain/types.js').Rec} Rec
 * @typedef {import('../domain/types.js').PushResult} PushResult
 * @typedef {import('./engine.js').SyncEngine} Engine
 */

/**
 * Sends the outbox, oldest first; with nothing to send one empty batch, the heartbeat.
 * @param {Engine} engine
 * @returns {Promise<{sent: number, fault: string|null}>} `fault`: something was not understood and stays on the phone
 */
export async function push(engine) {
  /** @type {Set<string>} */
  const tried = new Set();
  let most = MOST_FACTS;
  let sent = 0;
  for (let first = true; ; first = false) {
    const batch = nextBatch(await engine.store.outbox(), tried, engine.batch);
    if (!batch.length && !first) return {sent, fault: tried.size ? 'server' : null};
    const outcome = await send(engine, batch).catch((error) => {
      engine.batch = halfOf(batch); // the line breaks before so much is through: the next run tries less
      throw error;
    });
    if (outcome.ok) engine.batch = Math.min(most, engine.batch * 2);
    const opened = outcome.ok && (await takeHeads(engine, outcome.data));
    if (outcome.ok) sent += await takeResults(engine, batch, outcome.data, tried, opened);
    else if (batch.length > 1) engine.batch = most = halfOf(batch);
    else if (batch.length) await refuse(engine, batch[0], outcome, tried);
    else return {sent, fault: 'server'};
  }
}

/** @param {Rec[]} batch */
function halfOf({length}) {
  return Math.max(1, Math.ceil(length / 2));
}

/** An empty push: what the phone holds by now. @param {Engine} engine */
export async function tellHolding(engine) {
  const outcome = await send(engine, []);
  if (outcome.ok) await takeHeads(engine, outcome.data);
}

/** At least one, else as many as fit. @param {Rec[]} outbox @param {Set<string>} tried @param {number} limit */
function nextBatch(outbox, tried, limit) {
  /** @type {Rec[]} */
  const batch = [];
  let size = 0;
  for (const record of outbox.filter(({id}) => !tried.has(id))) {
    size += record.open.length + record.personal.length;
    if (batch.length === limit || (batch.length && size > MOST_CHARACTERS)) break;
    batch.push(record);
  }
  return batch;
}

/** @param {Engine} engine @param {Rec[]} batch */
async function send(engine, batch) {
  const {store} = engine;
  engine.report({sending: batch.map(({id}) => id)});
  const language = await store.get('language');
  const lost = (await store.losses()).slice(0, MOST_LOSSES);
  const seen = ((await store.get('seen')) ?? []).slice(0, MOST_SEEN);
  const body = JSON.stringify({
    device_time: isoWithOffset(engine.now()),
    holding: await store.holding(),
    heads: await store.heads(),
    confirmed: await store.confirmed(),
    ...(language ? {language} : {}), // chosen on this phone since the last push
    ...(lost.length ? {lost} : {}),
    ...(seen.length ? {seen} : {}),
    facts: batch.map(({id, open, personal, salt, digest}) => ({id, open, personal, salt, digest})),
  });
  const headers = {'Content-Type': 'application/json'};
  const timeout = patience(body.length * 2); // a Chinese note has more bytes than characters
  const outcome = await engine.wire.write('/api/sync/push', {method: 'POST', headers, body, timeout});
  if (outcome.ok && lost.length) await store.markTold(lost.map(({sha256}) => sha256));
  if (outcome.ok && seen.length) await store.markSeenTold(seen);
  if (outcome.ok && seen.length === MOST_SEEN) engine.wanted = true; // the next run tells the rest
  if (outcome.ok && language && (await store.get('language')) === language) await store.set('language', null);
  return outcome;
}

/**
 * Before the results: whoever is killed in between sends the batch again, and has missed nothing.
 * @param {Engine} engine @param {import('./wire.js').Data} data @returns {Promise<boolean>} whether the server was put back, which was news
 */
async function takeHeads(engine, data) {
  if (!Array.isArray(data?.results)) return false; // not a push's answer, whoever gave it
  engine.heard = true;
  const {heads, rewound} = data;
  if (!isPlain(heads) || !Array.isArray(rewound)) return false; // a server of an older release
  const units = rewound.filter((unit) => typeof unit === 'string');
  const fresh = units.filter((unit) => !engine.rewound.has(unit));
  const count = await engine.store.markConfirmed(heads, fresh, new Set(units));
  for (const unit of fresh) engine.rewound.add(unit);
  if (fresh.length) engine.wanted = true; // one more run: everything is pulled anew, and what hung on others goes again
  if (count) engine.report({total: engine.state.total + count});
  return fresh.length > 0;
}

/** @param {unknown} value @returns {value is import('../domain/types.js').Heads} as far as one can see */
function isPlain(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Each result by itself: what one of them says never touches another.
 * @param {Engine} engine @param {Rec[]} batch @param {import('./wire.js').Data} data @param {Set<string>} tried
 * @param {boolean} opened whether older records are due again: then a refusal may only tell of what has not come again yet
 */
async function takeResults(engine, batch, data, tried, opened) {
  /** @type {{results?: PushResult[], skew_ms?: number}} as far as it is a push's answer */
  const {results, skew_ms: skew} = data ?? {};
  if (!Array.isArray(results)) throw new Stop('server');
  const asked = new Set(batch.map(({id}) => id));
  for (const result of results) {
    if (!asked.has(result?.id) || !STATES.has(result.state)) continue;
    if (await wasDamaged(result, batch)) continue;
    asked.delete(result.id);
    if (opened && result.state === 'refused') continue;
    await engine.store.markResult(result);
    engine.report({done: engine.state.done + 1});
  }
  for (const id of asked) tried.add(id); // no answer that we understand: it stays, and the next run asks again
  if (Number.isFinite(skew)) await engine.keep('skew', Number(skew));
  return batch.length - asked.size;
}

/**
 * What left this phone whole and arrived otherwise is no verdict on the record, which the server may even have already:
 * called refused, a person would make it a second time.
 * @param {PushResult} result @param {Rec[]} batch
 */
async function wasDamaged({id, state, problem}, batch) {
  if (state !== 'refused' || problem?.code !== 'bad-digest') return false;
  const record = /** @type {Rec} */ (batch.find((one) => one.id === id));
  return (await digestOf(record)) === record.digest;
}

/**
 * A batch of one was turned away whole. Only the server's own word is a verdict: a proxy that calls a few kilobytes too
 * large knows nothing of the record, which the server may even have already.
 * @param {Engine} engine @param {Rec} record @param {{data: import('./wire.js').Data}} outcome @param {Set<string>} tried
 */
async function refuse(engine, {id}, {data}, tried) {
  if (data?.code === 'too-large')
    await engine.store.markResult({id, state: 'refused', problem: {...data, code: data.code}});
  else tried.add(id);
}

/** Taking what the server has for this person; applied whole or not at all. */

import {json, judge, Stop} from './wire.js';

// Without a cursor exactly this address: the page preloads it while its script is still on the way.
export const PULL = '/api/sync/pull';
const TIMEOUT = 60e3;

/**
 * @typedef {import('../domain/types.js').Pull} Pull
 * @typedef {import('./engine.js').SyncEngine} Engine
 */

/** @param {Engine} engine @param {boolean} [heard] whether a push was answered just before */
export async function pull(engine, heard = false) {
  const [cursor, places] = await Promise.all([engine.store.get('cursor'), engine.store.get('places')]);
  let outcome = await ask(engine, cursor, places).catch((error) => whoElse(engine, error));
  if (!outcome.ok && cursor) outcome = await ask(engine, null); // the server no longer knows this cursor
  if (!outcome.ok) throw new Stop('server');
  await take(engine, checked(outcome.data), heard);
}

/** @param {Engine} engine @param {string|null} cursor @param {string[]|null} [places] units chosen lately, where not all below fit on a phone */
function ask(engine, cursor, places) {
  const timeout = engine.patient(TIMEOUT);
  if (!cursor) return engine.wire.request(PULL, {timeout}); // its answer names the person
  const chosen = places?.length ? `&places=${encodeURIComponent(places.join())}` : '';
  return engine.wire.personal(`${PULL}?cursor=${encodeURIComponent(cursor)}${chosen}`, {timeout});
}

/** Somebody else is signed in: a pull without a cursor tells who. @param {Engine} engine @param {unknown} error @returns {Promise<never>} */
async function whoElse(engine, error) {
  if (!(error instanceof Stop) || error.reason !== 'other-person') throw error;
  const outcome = await ask(engine, null).catch(() => null);
  /** @type {Partial<Pull>|null} */
  const answer = outcome?.ok ? outcome.data : null;
  const person = answer?.person ?? null;
  throw new Stop('other-person', {person: person?.id === engine.store.personId ? null : person});
}

/** The pull that the server wrote into the page; null: it did not. @param {Document} page @returns {Promise<Pull>|null} */
export function broughtPull(page) {
  const text = page.getElementById('first-pull')?.textContent;
  return text ? Promise.resolve(JSON.parse(text)) : null;
}

/** The page's own first pull, before there is an engine: given up like any other. @returns {Promise<Response>} */
export function askFirst() {
  const given = new AbortController();
  setTimeout(() => given.abort(), TIMEOUT);
  return fetch(PULL, {signal: given.signal});
}

/**
 * A pull that the page had begun before there was an engine.
 * @param {Engine} engine @param {Promise<Response|Pull>} first
 */
export async function takeFirst(engine, first) {
  await take(engine, await readPull(first));
}

/** @param {Promise<Response|Pull>} first @returns {Promise<Pull>} throws {@link Stop} */
export async function readPull(first) {
  const answer = await first.catch(() => {
    throw new Stop('offline');
  });
  if ('cursor' in answer) return checked(answer);
  const outcome = await judge(answer, json);
  if (!outcome.ok) throw new Stop('server');
  return checked(outcome.data);
}

/** @param {Partial<Pull>|null} data @returns {Pull} */
function checked(data) {
  if (typeof data?.cursor === 'string' && Array.isArray(data.sections)) return /** @type {Pull} */ (data);
  throw new Stop('server');
}

/** @param {Engine} engine @param {Pull} data @param {boolean} [heard] */
async function take({store}, data, heard = false) {
  if (data.person && data.person.id !== store.personId) throw new Stop('other-person', {person: data.person});
  await store.applyPull(data, {heard});
}

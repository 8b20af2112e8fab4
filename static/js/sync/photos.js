/** Photos, and voice notes like them, travel one by one, small before large; a failure moves on to the next, and the next run begins with others. */

import {sha256} from '../domain/facts.js';
import {filesOf} from '../store/pulled.js';
import {patience, Stop} from './wire.js';

const TRIES = 3; // of a photo that arrives damaged, or that the disk does not give back
const FAILURES = 3; // in a row: the line is down
const PREFETCH = 50 * 1024 * 1024;

/** @typedef {import('./engine.js').SyncEngine} Engine */

/**
 * Sends what the server asked for.
 * @param {Engine} engine
 * @returns {Promise<{sent: number, fault: string|null}>}
 */
export async function sendPhotos(engine) {
  let sent = 0;
  let failures = 0;
  let fault = null;
  const sizes = new Map((await engine.store.photosDue()).map(({sha256: name, size}) => [name, size]));
  for (const name of await inTurn(engine)) {
    try {
      if (await sendPhoto(engine, name)) sent += 1;
      else fault = 'server';
      failures = 0;
    } catch (error) {
      failures += 1;
      engine.photoFailures.set(name, (engine.photoFailures.get(name) ?? 0) + 1);
      if (!isPassing(error) || failures === FAILURES) throw error;
      fault = error.reason;
    }
    const {done, sent: bytes} = engine.state;
    engine.report({done: done + 1, sent: bytes + (sizes.get(name) ?? 0)});
  }
  return {sent, fault};
}

/** Small ones first, but behind all those that failed less often: none holds up the rest for ever. @param {Engine} engine */
async function inTurn({store, photoFailures}) {
  const due = (await store.photosDue()).map(({sha256: name}) => name);
  return due.sort((a, b) => (photoFailures.get(a) ?? 0) - (photoFailures.get(b) ?? 0));
}

/** @param {unknown} error @returns {error is Stop} */
function isPassing(error) {
  return error instanceof Stop && (error.reason === 'offline' || error.reason === 'server');
}

/** @param {Engine} engine @param {string} name its digest @returns {Promise<boolean>} whether it is settled */
async function sendPhoto({store, wire, damaged, unread}, name) {
  const photo = await readPhoto(store, name, unread);
  if (photo === 'later') return false;
  if (!photo) return settle(store, name, {code: 'photo-lost'});
  const headers = {'Content-Type': photo.type};
  const put = {method: 'PUT', headers, body: photo.bytes, timeout: patience(photo.size)};
  const outcome = await wire.write(`/api/photos/${name}`, put);
  if (outcome.ok) return confirm(store, name, outcome.data);
  const tries = (damaged.get(name) ?? 0) + 1;
  damaged.set(name, tries);
  const verdict = verdictOf(outcome, tries);
  // Whole here and damaged on every way there: the line's fault. It stays, and is tried again.
  if (verdict?.code === 'photo-digest' && (await sha256(photo.bytes)) === name) return false;
  return verdict ? settle(store, name, verdict) : false;
}

/**
 * A row whose bytes the browser kept in a file of its own that is gone cannot even be read: the third time it is lost.
 * @param {import('../store/store.js').Store} store @param {string} name @param {Map<string, number>} unread
 * @returns {Promise<import('../store/store.js').StoredPhoto|null|'later'>}
 */
async function readPhoto(store, name, unread) {
  try {
    const photo = await store.photo(name);
    unread.delete(name);
    return photo;
  } catch (error) {
    console.error(error);
    const tries = (unread.get(name) ?? 0) + 1;
    unread.set(name, tries);
    return tries < TRIES ? 'later' : null;
  }
}

/**
 * What the answer says of the photo itself; null where it tells only of this one try: a proxy's 403 or 413 is no verdict.
 * @param {{data: import('./wire.js').Data}} answer @param {number} tries @returns {import('../domain/types.js').Problem|null}
 */
function verdictOf({data}, tries) {
  const problem = /** @type {import('../domain/types.js').Problem|null} */ (data);
  const code = typeof data?.code === 'string' ? data.code : null;
  if (code === 'photo-digest') return tries < TRIES ? null : problem;
  return code?.startsWith('photo-') || code?.startsWith('voice-') || code === 'too-large' || code === 'wrong-type'
    ? problem
    : null;
}

/** @param {import('../store/store.js').Store} store @param {string} name @param {import('./wire.js').Data} data */
async function confirm(store, name, data) {
  if (data?.sha256 !== name || data.state !== 'stored') return false;
  await store.markPhotoArrived(name);
  return true;
}

/** @param {import('../store/store.js').Store} store @param {string} name @param {import('../domain/types.js').Problem} problem */
async function settle(store, name, problem) {
  await store.markPhotoRefused(name, problem);
  return true;
}

/**
 * Fetches the photos and voice notes of captures and cases that await this person, up to 50 MB, so that they can be judged without signal.
 * @param {Engine} engine
 */
export async function fetchPhotos({store, wire}) {
  const here = await store.photoKeys();
  let room = PREFETCH;
  for (const {sha256: name, size, type} of await awaited(store)) {
    room -= size;
    if (room < 0) return;
    if (here.has(name)) continue;
    const outcome = await wire.bytes(`/api/photos/${name}`, {timeout: patience(size)});
    if (!outcome.ok || (await sha256(outcome.data)) !== name) continue;
    if (!(await kept(store, {bytes: outcome.data, type, sha256: name, pulled: true}))) return;
  }
}

/** Whether there was room: what is only convenient never fills a phone that must still save. @param {import('../store/store.js').Store} store @param {Parameters<import('../store/store.js').Store['savePhoto']>[0]} photo */
function kept(store, photo) {
  return store.savePhoto(photo).then(
    () => true,
    () => false,
  );
}

/** Oldest list first, then cases in which this person has a part now; each photo once. @param {import('../store/store.js').Store} store */
async function awaited(store) {
  const captures = (await store.rows('captures')).sort((a, b) => (a.day < b.day ? -1 : 1));
  const cases = (await store.rows('cases')).filter(({may, mine, late}) => may.length && (mine || late !== 'owner'));
  const items = [...captures.flatMap(({items}) => items), ...cases.flatMap((row) => [row, ...row.history])];
  const photos = items.flatMap((one) => filesOf(one));
  return new Map(photos.map((photo) => [photo.sha256, photo])).values();
}

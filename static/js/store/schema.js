/** The database of one person on this phone. Photo bytes live apart from what is listed often. */

import {openDB} from 'idb';
/**
 * @typedef {import('../domain/types.js').PhotoName & {bytes: ArrayBuffer, pulled: boolean, at: number}} StoredPhoto
 * @typedef {{
 *   records: {key: string, value: import('../domain/types.js').Rec, indexes: {due: string}},
 *   photos: {key: string, value: StoredPhoto, indexes: {at: number}},
 *   drafts: {key: string, value: import('../domain/types.js').Draft & {saved: number}},
 *   sections: {key: string, value: import('../domain/types.js').Section, indexes: {name: string}},
 *   meta: {key: string, value: unknown}
 * }} Shape
 * @typedef {import('idb').StoreNames<Shape>} StoreName
 * @typedef {import('idb').IDBPDatabase<Shape>} Database
 * @typedef {import('idb').IDBPTransaction<Shape, StoreName[], 'readwrite'>} Transaction
 * @typedef {import('idb').IDBPTransaction<Shape, StoreName[], 'versionchange'>} Upgrade
 * @typedef {Pick<Database, 'get'|'getAll'|'getAllKeys'|'getAllFromIndex'|'transaction'|'close'> & {reopen: () => Promise<void>,
 *   dropped: (error: unknown) => boolean, end: () => void}} LastingDatabase
 */

/** @type {StoreName[]} */
export const STORES = ['records', 'photos', 'drafts', 'sections', 'meta'];

/** @typedef {(db: Database, tx: Upgrade) => void|Promise<void>} Step from one version to the next; `tx` holds what is there */

/** @type {Step[]} The first makes version 1 of nothing, each later one the next. None is ever changed once released. */
export const STEPS = [create];

/**
 * All steps that are missing or none of them: a phone keeps what it holds in the version it has.
 * @param {string} personId @param {Step[]} [steps]
 * @returns {Promise<Database>} rejects with a VersionError, and touches nothing, where a newer release was here before
 */
export function openDatabase(personId, steps = STEPS) {
  return openDB(`toucha-${personId}`, steps.length, {
    async upgrade(db, old, _new, tx) {
      try {
        for (const step of steps.slice(old)) await step(db, tx);
      } catch (error) {
        console.error(error);
        tx.done.catch(() => {});
        tx.abort(); // what an upgrade callback rejects with, nobody hears: half of the steps would stay
      }
    },
    // A newer version in another tab must not wait for this page to be closed.
    blocking: (_old, _new, event) => /** @type {IDBDatabase} */ (event.target).close(),
  });
}

/**
 * The same, and opened once more where the browser has dropped the connection: WebKit ends its process for databases under
 * a page, and everything on the screen would be lost with a reload.
 * @param {string} personId @param {Step[]} [steps]
 * @returns {Promise<LastingDatabase>} its methods answer as those of `idb`; `reopen()` for whoever begins a transaction
 */
export async function openLasting(personId, steps = STEPS) {
  let db = await openDatabase(personId, steps);
  let closed = false;
  /** @type {Promise<void>|null} */ let opening = null;
  const reopen = () => {
    opening ??= openDatabase(personId, steps)
      .then((fresh) => {
        db.close();
        db = fresh;
        if (closed) db.close();
      })
      .finally(() => {
        opening = null;
      });
    return opening;
  };
  const own = {
    reopen,
    dropped: (/** @type {unknown} */ error) => !closed && error instanceof Error && DROPPED.has(error.name),
    transaction: (/** @type {Parameters<Database['transaction']>} */ ...how) => db.transaction(...how),
    close: () => db.close(),
    end() {
      closed = true;
      db.close();
    },
  };
  /** @param {string|symbol} name @returns {unknown} of the connection as it is now */
  const part = (name) => Reflect.get(db, name);
  const asked =
    (/** @type {string|symbol} */ name) =>
    async (/** @type {unknown[]} */ ...how) => {
      const call = () => /** @type {Function} */ (part(name)).apply(db, how);
      try {
        return await call();
      } catch (error) {
        if (!own.dropped(error)) throw error;
        await reopen();
        return call();
      }
    };
  const lasting = new Proxy(own, {
    get: (_, name) =>
      name in own ? Reflect.get(own, name) : typeof part(name) === 'function' ? asked(name) : part(name),
  });
  return /** @type {LastingDatabase} */ (/** @type {unknown} */ (lasting));
}

const DROPPED = new Set(['InvalidStateError', 'UnknownError']); // the first: it is known to be closed; the second: it just was

/** @param {Database} db */
function create(db) {
  // `due` stands only on records of which something has yet to be sent: the index is the outbox.
  db.createObjectStore('records', {keyPath: 'id'}).createIndex('due', 'due');
  db.createObjectStore('photos', {keyPath: 'sha256'}).createIndex('at', 'at');
  db.createObjectStore('drafts', {keyPath: 'id'});
  db.createObjectStore('sections').createIndex('name', 'name');
  db.createObjectStore('meta');
}

/**
 * One value whose reading may fail: bytes that the browser kept in a file of its own, which is gone.
 * @template {StoreName} N
 * @param {LastingDatabase} db @param {N} name @param {string} key @returns {Promise<Shape[N]['value']|undefined>}
 */
export async function readOne(db, name, key) {
  const tx = await begin(db, [name], 'readonly');
  tx.done.catch(() => {}); // the request itself tells why
  return tx.objectStore(name).get(key);
}

/**
 * @template {IDBTransactionMode} M
 * @param {LastingDatabase} db @param {StoreName[]} names @param {M} mode
 * @returns {Promise<import('idb').IDBPTransaction<Shape, StoreName[], M>>}
 */
async function begin(db, names, mode) {
  const start = () => db.transaction(names, mode, {durability: 'strict'});
  try {
    return start();
  } catch (error) {
    if (!db.dropped(error)) throw error;
    await db.reopen();
    return start();
  }
}

/**
 * Runs `work` in one write transaction; resolves only after it is done, and rolls all of it back if `work` throws.
 * `strict`: an answer "saved" must survive a phone that loses its power the next moment.
 * @template T
 * @param {LastingDatabase} db @param {StoreName[]} names @param {(tx: Transaction) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function write(db, names, work) {
  const tx = await begin(db, names, 'readwrite');
  try {
    const result = await work(tx);
    await tx.done;
    return result;
  } catch (error) {
    tx.done.catch(() => {});
    try {
      tx.abort();
    } catch {} // it had failed by itself
    throw error;
  }
}

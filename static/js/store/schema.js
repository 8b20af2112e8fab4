/** The database of one person on this phone. Photo bytes live apart from what is listed often. */

import {openDB} from 'idb';
/** @typedef {import('idb').IDBPDatabase} Database */

export const STORES = ['records', 'photos', 'drafts', 'sections', 'meta'];

/** @typedef {(db: Database, tx: any) => void|Promise<void>} Step from one version to the next; `tx` holds what is there */

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
 * @returns {Promise<any>} a database whose methods answer as those of `idb`; `reopen()` for whoever begins a transaction
 */
export async function openLasting(personId, steps = STEPS) {
  /** @type {any} */ let db = await openDatabase(personId, steps);
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
    dropped: (/** @type {any} */ error) => !closed && DROPPED.has(error?.name),
    transaction: (/** @type {any[]} */ ...how) => db.transaction(...how),
    close: () => db.close(),
    end() {
      closed = true;
      db.close();
    },
  };
  const asked =
    (/** @type {string} */ name) =>
    async (/** @type {any[]} */ ...how) => {
      try {
        return await db[name](...how);
      } catch (error) {
        if (!own.dropped(error)) throw error;
        await reopen();
        return db[name](...how);
      }
    };
  return new Proxy(own, {
    get: (_, /** @type {any} */ name) =>
      name in own ? /** @type {any} */ (own)[name] : typeof db[name] === 'function' ? asked(name) : db[name],
  });
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
 * @param {any} db @param {string} name @param {string} key @returns {Promise<any>}
 */
export async function readOne(db, name, key) {
  const tx = await begin(db, [name], 'readonly');
  tx.done.catch(() => {}); // the request itself tells why
  return tx.objectStore(name).get(key);
}

/** @param {any} db @param {string[]} names @param {IDBTransactionMode} mode */
async function begin(db, names, mode) {
  const start = () => db.transaction(names, mode, {durability: 'strict'});
  try {
    return start();
  } catch (error) {
    if (!db.dropped?.(error)) throw error;
    await db.reopen();
    return start();
  }
}

/**
 * Runs `work` in one write transaction; resolves only after it is done, and rolls all of it back if `work` throws.
 * `strict`: an answer "saved" must survive a phone that loses its power the next moment.
 * @template T
 * @param {Database} db @param {string[]} names @param {(tx: any) => Promise<T>} work
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

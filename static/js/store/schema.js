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
 * Runs `work` in one write transaction; resolves only after it is done, and rolls all of it back if `work` throws.
 * `strict`: an answer "saved" must survive a phone that loses its power the next moment.
 * @template T
 * @param {Database} db @param {string[]} names @param {(tx: any) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function write(db, names, work) {
  const tx = db.transaction(names, 'readwrite', {durability: 'strict'});
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

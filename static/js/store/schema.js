/** The database of one person on this phone. Photo bytes live apart from what is listed often. */

import {openDB} from 'idb';
/** @typedef {import('idb').IDBPDatabase} Database */

export const STORES = ['records', 'photos', 'drafts', 'sections', 'meta'];

/** @param {string} personId @returns {Promise<Database>} */
export function openDatabase(personId) {
  return openDB(`toucha-${personId}`, 1, {
    upgrade: create,
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

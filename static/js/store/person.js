/** Who signed in last on this phone: so much is known before, and without, any answer of the server. */

import {openDB} from 'idb';

/** @typedef {{id: string, name: string, language: string}} KnownPerson */

const HINT = 'toucha-person';

const NOBODY = '-'; // written by the desk (desk.js): signed out there, or somebody else is signed in

/** The last person's id, at once but unreliable: browsers clear this place first. @returns {string|null} */
export function probablyPerson() {
  const id = hinted();
  return id === NOBODY ? null : id;
}

function hinted() {
  try {
    return localStorage.getItem(HINT);
  } catch {
    return null;
  }
}

/** @param {string|null} id */
function hint(id) {
  try {
    id ? localStorage.setItem(HINT, id) : localStorage.removeItem(HINT);
  } catch {
    // refused, or no such place: the database knows
  }
}

/** @template T @param {(db: import('idb').IDBPDatabase) => Promise<T>} work */
async function withDatabase(work) {
  const db = await openDB('toucha', 1, {upgrade: (fresh) => void fresh.createObjectStore('person')});
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

/** @returns {Promise<KnownPerson|null>} null: nobody yet, or signed out */
export async function lastPerson() {
  if (hinted() === NOBODY) await forgetPerson();
  return withDatabase(async (db) => (await db.get('person', 'last')) ?? null);
}

/** @param {KnownPerson} person */
export function rememberPerson({id, name, language}) {
  hint(id);
  return withDatabase((db) => db.put('person', {id, name, language}, 'last'));
}

/** On signing out; the person's own database, with what is unsent, stays. */
export function forgetPerson() {
  hint(null);
  return withDatabase((db) => db.delete('person', 'last'));
}

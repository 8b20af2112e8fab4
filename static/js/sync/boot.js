/** Opening the app: the store of whoever used this phone last, at once; on a new phone, of whoever signed in. */

import {lastPerson, rememberPerson} from '../store/person.js';
import {openStore} from '../store/store.js';
import {readPull} from './pull.js';

/**
 * @param {Promise<Response>|null} firstPull the page's `fetch('/api/sync/pull')`, already under way; null where the worker
 *   opened the page: a phone that knows its person asks only for what is new since
 * @param {() => Promise<Response>} [ask] the same fetch, for a phone on which nobody is known
 * @returns {Promise<{store: import('../store/store.js').Store, person: import('../store/person.js').KnownPerson,
 *   firstPull: Promise<any>|null}>} hand `firstPull` on to `engine.start`; on a new phone it throws a Stop with
 *   `reason` `sign-in`, `temporary-password`, `offline`, `busy` or `server`
 */
export async function boot(firstPull, ask = () => fetch('/api/sync/pull')) {
  firstPull?.catch(() => {}); // it is read later, or by the engine
  const last = await lastPerson();
  if (last) return {store: await openStore(last.id), person: last, firstPull};
  const pulled = await readPull(firstPull ?? ask());
  const person = await welcome(pulled.person);
  return {store: await openStore(person.id), person, firstPull: Promise.resolve(pulled)};
}

/** Remembers who works on this phone from now on. @param {any} person as pulled, or as of an `other-person` state */
export async function welcome({id, name, language}) {
  const known = {id, name, language: language ?? 'zh'};
  await rememberPerson(known);
  return known;
}

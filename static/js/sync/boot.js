/** Opening the app: the store of whoever used this phone last, at once; on a new phone, of whoever signed in. */

import {lastPerson, probablyPerson, rememberPerson} from '../store/person.js';
import {openStore} from '../store/store.js';
import {askFirst, readPull} from './pull.js';
import {Stop} from './wire.js';

/**
 * @typedef {Promise<Response>|Promise<import('../domain/types.js').Pull>} FirstPull  as the page began it, or as it was read
 */

/**
 * @param {FirstPull|null} firstPull what the page brought, or its `askFirst()` under way; null where the worker
 *   opened the page: a phone that knows its person asks only for what is new since
 * @param {() => Promise<Response>} [ask] the same fetch, for a phone on which nobody is known
 * @returns {Promise<{store: import('../store/store.js').Store, person: import('../store/person.js').KnownPerson,
 *   firstPull: FirstPull|null}>} hand `firstPull` on to `engine.start`; on a new phone it throws a Stop with
 *   `reason` `sign-in`, `temporary-password`, `offline`, `busy` or `server`
 */
export async function boot(firstPull, ask = askFirst) {
  firstPull?.catch(() => {}); // it is read later, or by the engine
  // Two databases are opened, one beside the other: on a slow phone each takes its time.
  const early = probablyPerson();
  const opened = early ? openStore(early) : null;
  opened?.catch(() => {}); // heard where it is awaited
  const last = await lastPerson();
  if (opened && last?.id === early) return {store: await opened, person: last, firstPull};
  opened?.then((store) => store.close()).catch(() => {});
  if (last) return {store: await openStore(last.id), person: last, firstPull};
  const pulled = await readPull(firstPull ?? ask());
  if (!pulled.person) throw new Stop('server'); // without a cursor it always says whose it is
  const person = await welcome(pulled.person);
  return {store: await openStore(person.id), person, firstPull: Promise.resolve(pulled)};
}

/** Remembers who works on this phone from now on. @param {import('../domain/types.js').Person} person as pulled, or as of an `other-person` state */
export async function welcome({id, name, language}) {
  const known = {id, name, language: language ?? 'zh'};
  await rememberPerson(known);
  return known;
}

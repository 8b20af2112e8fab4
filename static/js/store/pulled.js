/** Taking in a pull, inside one transaction over all stores. */

import {isConfirmed, reopened} from './records.js';
/** @typedef {import('../domain/types.js').Pull} Pull */

/** @param {any} tx @param {Pull} pull @param {number} now */
export async function applyPull(tx, pull, now) {
  if (pull.complete) await replaceAll(tx, pull);
  for (const section of pull.sections) {
    await tx.objectStore('sections').put(section, `${section.unit}/${section.name}`);
    if (section.name === 'records') await reopenPhotos(tx, section.rows);
  }
  await remember(tx, {cursor: pull.cursor, pulled: now, server_time: pull.server_time, version: pull.version});
}

/** @param {any} tx @param {Pull} pull */
async function replaceAll(tx, {person, kinds}) {
  const before = await tx.objectStore('meta').get('person');
  if (person && before && rolesOf(before) !== rolesOf(person)) await purge(tx);
  await tx.objectStore('sections').clear();
  await remember(tx, {person, kinds});
}

/** @param {any} tx @param {Record<string, any>} values */
async function remember(tx, values) {
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) await tx.objectStore('meta').put(value, key);
  }
}

/** @param {import('../domain/types.js').Person} person */
function rolesOf({roles}) {
  return roles
    .map(({role, unit}) => `${role}@${unit}`)
    .sort()
    .join();
}

/** The server lacks a photo that it once confirmed: send it again. @param {any} tx @param {any[]} rows */
async function reopenPhotos(tx, rows) {
  const records = tx.objectStore('records');
  for (const {id, photos_missing: missing} of rows) {
    const record = Array.isArray(missing) && missing.length ? await records.get(id) : null;
    if (record && isConfirmed(record)) await records.put(reopened(record, missing));
  }
}

/** Drops all but the own unsent work. @param {any} tx */
export async function purge(tx) {
  await tx.objectStore('sections').clear();
  const records = tx.objectStore('records');
  const [own, drafts] = await Promise.all([records.getAll(), tx.objectStore('drafts').getAll()]);
  const kept = own.filter((/** @type {any} */ record) => !isConfirmed(record));
  for (const record of own) if (isConfirmed(record)) await records.delete(record.id);
  const wanted = photosIn([...kept, ...drafts.flatMap((/** @type {any} */ draft) => draft.items)]);
  const photos = tx.objectStore('photos');
  for (const key of await photos.getAllKeys()) if (!wanted.has(key)) await photos.delete(key);
  await tx.objectStore('meta').delete('cursor');
}

/** @param {{photos: {sha256: string}[]}[]} holders @returns {Set<string>} */
export function photosIn(holders) {
  return new Set(holders.flatMap(({photos}) => photos.map(({sha256}) => sha256)));
}

/** Taking in a pull, inside one transaction over all stores. */

import {unwrap} from 'idb';
import {keepNotices} from './notices.js';
import {arrivedElsewhere, isConfirmed, reopened} from './records.js';

export const KEEP_ORPHANS = 86400e3; // a photo is saved before the draft that shows it
/** @typedef {{pulled: boolean, at: number}} Unseen  what is known of a photo without its bytes */
/** @type {Unseen} */
const SETTLED = {pulled: true, at: 0};

/**
 * @typedef {import('../domain/types.js').Pull} Pull
 * @typedef {import('../domain/types.js').Section} Section
 * @typedef {import('../domain/types.js').Heads} Heads
 * @typedef {import('./schema.js').Transaction} Transaction
 */

/**
 * The sections of every unit under one name.
 * @template {import('../domain/types.js').SectionName} N
 * @param {Transaction} tx @param {N} name
 * @returns {Promise<Extract<Section, {name: N}>[]>}
 */
export async function sectionsOf(tx, name) {
  const sections = await tx.objectStore('sections').index('name').getAll(name);
  return /** @type {Extract<Section, {name: N}>[]} */ (sections);
}

/**
 * Their rows.
 * @template {import('../domain/types.js').SectionName} N
 * @param {Transaction} tx @param {N} name
 * @returns {Promise<import('../domain/types.js').Row<N>[]>}
 */
export async function pulledRows(tx, name) {
  return (await sectionsOf(tx, name)).flatMap(({rows}) => /** @type {import('../domain/types.js').Row<N>[]} */ (rows));
}

/** The heads that a push confirmed. @param {Transaction} tx */
async function confirmedIn(tx) {
  return /** @type {Heads|undefined} */ (await tx.objectStore('meta').get('confirmed')) ?? {};
}

/**
 * @param {Transaction} tx @param {Pull} pull @param {number} now
 * @param {boolean} heard whether a push was answered just before, which tells whether the server is an older copy of itself
 */
export async function applyPull(tx, pull, now, heard) {
  await keepHeads(tx);
  if (pull.complete) await replaceAll(tx, pull, now, heard);
  for (const section of pull.sections) {
    await tx.objectStore('sections').put(section, `${section.unit}/${section.name}`);
    if (section.name === 'records') await reopenPhotos(tx, section.rows);
  }
  if (pull.notices) await keepNotices(tx, pull.notices);
  await remember(tx, {cursor: pull.cursor, pulled: now, server_time: pull.server_time, version: pull.version});
}

/**
 * Heads that a push never confirmed are kept as what this phone saw: the ones that come may be an older copy's.
 * @param {Transaction} tx
 */
async function keepHeads(tx) {
  const confirmed = await confirmedIn(tx);
  const units = await pulledRows(tx, 'unit');
  const more = units.filter(({code, head}) => head && !confirmed[code]);
  if (!more.length) return;
  const seen = Object.fromEntries(more.map(({code, head}) => [code, head]));
  await tx.objectStore('meta').put({...seen, ...confirmed}, 'confirmed');
}

/** @param {Transaction} tx @param {Pull} pull @param {number} now @param {boolean} heard */
async function replaceAll(tx, {person, kinds, case_rules, articles, sections}, now, heard) {
  const meta = tx.objectStore('meta');
  const before = /** @type {import('../domain/types.js').Person|undefined} */ (await meta.get('person'));
  const confirmed = await confirmedIn(tx);
  await tx.objectStore('sections').clear();
  await remember(tx, {person, kinds, case_rules, articles}); // an older server has neither cases nor articles
  if (!person || !before || rolesOf(before) === rolesOf(person)) return;
  if (heard && !isShorter(sections, confirmed)) await purge(tx, now);
  else await meta.put(true, 'purge'); // what the server confirmed may have to be sent again: the next push tells
}

/** @param {Section[]} sections @param {Heads} confirmed */
function isShorter(sections, confirmed) {
  const units = sections.flatMap((section) => (section.name === 'unit' ? section.rows : []));
  return units.some(({code, head}) => confirmed[code] && Number(head?.[0] ?? 0) < confirmed[code][0]);
}

/** @param {Transaction} tx @param {Record<string, unknown>} values */
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

/** The server lacks a photo that it once confirmed: send it again; or it has one that this phone cannot send. @param {Transaction} tx @param {import('../domain/types.js').Row<'records'>[]} rows */
async function reopenPhotos(tx, rows) {
  const records = tx.objectStore('records');
  for (const {id, photos_missing: missing} of rows) {
    const record = Array.isArray(missing) ? await records.get(id) : null;
    if (!record) continue;
    if (missing.length && isConfirmed(record)) await records.put(reopened(record, missing));
    const here = arrivedElsewhere(record, missing);
    if (here !== record) await records.put(here);
  }
}

/** Drops all records and photos but the own unsent work. @param {Transaction} tx @param {number} now */
async function purge(tx, now) {
  const records = tx.objectStore('records');
  const [own, drafts] = await Promise.all([records.getAll(), tx.objectStore('drafts').getAll()]);
  const mended = amendedBy(drafts);
  const kept = own.filter((record) => !isConfirmed(record) || mended.has(record.id));
  for (const record of own) if (!kept.includes(record)) await records.delete(record.id);
  const wanted = photosIn([...kept, ...drafts.flatMap(({items}) => items)]);
  await dropPhotos(tx, wanted, photosIn(own), now);
  await tx.objectStore('meta').delete('purge');
}

/** What a change of roles had left to do until the server was heard. @param {Transaction} tx @param {number} now */
export async function purgeIfDue(tx, now) {
  if (await tx.objectStore('meta').get('purge')) await purge(tx, now);
}

/**
 * A photo that no record shows may be one taken a moment ago, whose draft is just being saved.
 * @param {Transaction} tx @param {Set<string>} wanted @param {Set<string>} shown by a record, now or before
 * @param {number} now
 */
async function dropPhotos(tx, wanted, shown, now) {
  const photos = tx.objectStore('photos');
  for (const key of await photos.getAllKeys()) {
    const {pulled, at} = wanted.has(key) || shown.has(key) ? SETTLED : await readOr(tx, key, {pulled: false, at: now});
    if (!wanted.has(key) && (pulled || at <= now - KEEP_ORPHANS)) await photos.delete(key);
  }
}

/**
 * Bytes that the browser cannot give back any more do not undo the whole transaction.
 * @param {Transaction} tx @param {string} key @param {Unseen} otherwise @returns {Promise<Unseen>}
 */
function readOr(tx, key, otherwise) {
  return new Promise((resolve) => {
    const request = unwrap(tx).objectStore('photos').get(key);
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      event.preventDefault();
      event.stopPropagation(); // idb takes an error that reaches the transaction for its end
      resolve(otherwise);
    };
  });
}

/** What drafts correct: without it they could not be saved. @param {{amends?: string}[]} drafts @returns {Set<string>} */
export function amendedBy(drafts) {
  return new Set(drafts.flatMap(({amends}) => amends ?? []));
}

/**
 * What lies in the store of photos for a record, a draft's item or a pulled row: the photos, and the voice notes with them.
 * @template {{sha256: string}} N
 * @param {{photos: N[], voice?: N|null, voices?: N[]}} holder a pull of an older server tells of no voice notes
 * @returns {N[]}
 */
export function filesOf({photos, voice = null, voices = []}) {
  return [...photos, ...voices, ...(voice ? [voice] : [])];
}

/** @param {Parameters<typeof filesOf>[0][]} holders @returns {Set<string>} */
export function photosIn(holders) {
  return new Set(holders.flatMap((holder) => filesOf(holder).map(({sha256}) => sha256)));
}

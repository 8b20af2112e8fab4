/**
 * The whole queue as a file, for the desk to import (docs/offline.md): a plain ZIP with the facts verbatim as a push sends
 * them, their photos, and the drafts. It is a copy: the phone keeps everything until the server has confirmed it.
 */

import {makeZip} from 'client-zip';
import {isoWithOffset, localDay} from '../domain/days.js';
import {sha256 as digest} from '../domain/facts.js';
import {filesOf} from '../store/pulled.js';
import {isConfirmed} from '../store/records.js';

const FORMAT = 1;
const PIECE = 4 * 1024 * 1024; // what is gathered in memory before the browser may put it on its disk
const TYPE = 'application/zip';

/**
 * @typedef {import('../domain/types.js').Rec} Rec
 * @typedef {import('../domain/types.js').Draft & {saved: number}} StoredDraft
 * @typedef {{sha256: string, size: number, records: string[]}} Wanted  a photo and the records that show it
 * @typedef {{records: Rec[], drafts: StoredDraft[], photos: Wanted[], bytes: number}} Queue  `bytes`: about how large the file gets
 * @typedef {{sha256: string, size: number, records: string[], why: 'gone'|'damaged'}} Lost
 * @typedef {{id: string, name: string, login?: string}} Who
 */

/**
 * What has not arrived in full, oldest first, and the drafts; no photo is read yet.
 * @param {import('../store/store.js').Store} store @returns {Promise<Queue>}
 */
export async function waiting(store) {
  const [all, drafts] = await Promise.all([store.records(), store.drafts()]);
  const records = all.filter((record) => !isConfirmed(record)).reverse();
  const photos = photosOf(records, drafts);
  const text = [...records.map(line), JSON.stringify(drafts)].reduce((sum, {length}) => sum + length, 0);
  return {records, drafts, photos, bytes: photos.reduce((sum, {size}) => sum + size + 300, text + 2000)};
}

/** Each photo once; those of a record first. @param {Rec[]} records @param {StoredDraft[]} drafts @returns {Wanted[]} */
function photosOf(records, drafts) {
  /** @type {Map<string, Wanted>} */
  const wanted = new Map();
  for (const {id, photos} of records)
    for (const {sha256, size, state} of photos) if (state !== 'arrived') want(wanted, sha256, size, id);
  for (const {id, items} of drafts)
    for (const item of items) for (const {sha256, size} of filesOf(item)) want(wanted, sha256, size, id);
  return [...wanted.values()];
}

/** @param {Map<string, Wanted>} found @param {string} sha256 @param {number} size @param {string} id */
function want(found, sha256, size, id) {
  const known = found.get(sha256);
  if (known) known.records.push(id);
  else found.set(sha256, {sha256, size, records: [id]});
}

/** A fact as a push sends it. @param {Rec} record */
function line({id, open, personal, salt, digest}) {
  return `${JSON.stringify({id, open, personal, salt, digest})}\n`;
}

/**
 * @param {import('../store/store.js').Store} store @param {Queue} queue
 * @param {{person: Who, device: string, version: string|null, now: number, report?: (done: number) => void}} about
 *   `report`: photos read so far
 * @returns {Promise<{name: string, blob: Blob, lost: Lost[]}>}
 */
export async function pack(store, queue, about) {
  /** @type {Lost[]} */
  const lost = [];
  const blob = await gather(makeZip(entries(store, queue, about, lost)));
  return {name: `toucha-${about.person.login || about.person.id}-${localDay(about.now)}.zip`, blob, lost};
}

/**
 * What is in the file, one after another: never more than one photo is in memory. The list of contents comes last, because
 * only then it is known what could not be read.
 * @param {import('../store/store.js').Store} store @param {Queue} queue @param {Parameters<typeof pack>[2]} about
 * @param {Lost[]} lost is filled
 */
async function* entries(store, {records, drafts, photos}, about, lost) {
  const lastModified = new Date(about.now);
  yield {name: 'facts.jsonl', input: records.map(line).join(''), lastModified};
  yield {name: 'drafts.json', input: JSON.stringify(drafts), lastModified};
  for (const [done, photo] of photos.entries()) {
    about.report?.(done);
    const input = await bytesOf(store, photo.sha256);
    if (typeof input === 'string') lost.push({...photo, why: input});
    else yield {name: `photos/${photo.sha256}`, input, lastModified};
  }
  about.report?.(photos.length);
  yield {name: 'manifest.json', input: JSON.stringify(manifest({records, drafts, photos}, about, lost)), lastModified};
}

/** The photo's bytes, or why there are none: nothing here stops the others. @param {import('../store/store.js').Store} store @param {string} name */
async function bytesOf(store, name) {
  try {
    const photo = await store.photo(name);
    if (!photo) return /** @type {const} */ ('gone');
    return (await digest(photo.bytes)) === name ? new Uint8Array(photo.bytes) : /** @type {const} */ ('damaged');
  } catch (error) {
    console.error(error);
    return /** @type {const} */ ('gone');
  }
}

/** @param {Omit<Queue, 'bytes'>} queue @param {Parameters<typeof pack>[2]} about @param {Lost[]} lost */
function manifest({records, drafts, photos}, {person: {id, login, name}, device, version, now}, lost) {
  return {
    format: FORMAT,
    version,
    person: {id, login, name},
    device,
    device_time: isoWithOffset(now),
    counts: {facts: records.length, drafts: drafts.length, photos: photos.length - lost.length},
    lost,
  };
}

/** One file out of a stream, in pieces that the browser keeps where it likes. @param {ReadableStream<Uint8Array>} stream */
async function gather(stream) {
  const reader = stream.getReader();
  const pieces = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  let piece = [];
  let size = 0;
  for (let {done, value} = await reader.read(); !done && value; {done, value} = await reader.read()) {
    piece.push(/** @type {Uint8Array<ArrayBuffer>} */ (value)); // never one that threads share
    size += value.byteLength;
    if (size < PIECE) continue;
    pieces.push(new Blob(piece));
    piece = [];
    size = 0;
  }
  return new Blob([...pieces, ...piece], {type: TYPE});
}

/**
 * What a phone may forget, and when. Nothing that the server has not confirmed, record and photos alike; nor, however far
 * ahead the phone's clock is, a record that the server still lists or a draft that was given up less than a week ago.
 */

import {amendedBy, KEEP_ORPHANS, photosIn, pulledRows} from './pulled.js';
import {again, isConfirmed, isWorthAnotherTry} from './records.js';

const DAY = 86400e3;
const KEEP_RECORDS = 35 * DAY; // as long as the server shows them
const KEEP_PHOTOS = 7 * DAY; // of confirmed records, to be looked at without signal
const KEEP_DISCARDED = 7 * DAY; // a draft that somebody threw away

/** @typedef {import('./schema.js').Transaction} Transaction */

/** @param {Transaction} tx over records, photos, drafts, sections, meta @param {number} now */
export async function sweep(tx, now) {
  const drafts = await sweepDrafts(tx, Date.parse(String(await tx.objectStore('meta').get('server_time'))));
  const listed = (await pulledRows(tx, 'records')).map(({id}) => id);
  const records = await sweepRecords(tx, new Set([...amendedBy(drafts), ...listed]), now);
  const captured = (await pulledRows(tx, 'captures')).flatMap(({items}) => items);
  const items = [...drafts.flatMap(({items}) => items), ...captured];
  const cases = (await pulledRows(tx, 'cases')).flatMap((row) => [row, ...row.history]);
  const shown = records.filter((record) => !isConfirmed(record) || record.created > now - KEEP_PHOTOS);
  await sweepPhotos(tx, photosIn([...shown, ...items, ...cases]), now);
}

/**
 * What was given up goes by the server's clock alone: a week after the first answer that came since.
 * @param {Transaction} tx @param {number} clock the server's, by its last answer; not a number where it never said
 * @returns {Promise<import('../domain/types.js').Draft[]>} those that stay
 */
async function sweepDrafts(tx, clock) {
  const store = tx.objectStore('drafts');
  const all = await store.getAll();
  const old = all.filter(({since}) => since && since < clock - KEEP_DISCARDED);
  for (const {id} of old) await store.delete(id);
  for (const draft of all) if (draft.discarded && !draft.since && clock) await store.put({...draft, since: clock});
  return all.filter((draft) => !old.includes(draft));
}

/**
 * @param {Transaction} tx @param {Set<string>} wanted listed by the server, or mended by a draft @param {number} now
 * @returns {Promise<import('../domain/types.js').Rec[]>} those that stay
 */
async function sweepRecords(tx, wanted, now) {
  const store = tx.objectStore('records');
  const all = await store.getAll();
  const old = all.filter(
    (record) =>
      (isConfirmed(record) || isGivenUp(record)) && record.created < now - KEEP_RECORDS && !wanted.has(record.id),
  );
  for (const {id} of old) await store.delete(id);
  for (const record of all.filter(isWorthAnotherTry)) await store.put(again(record));
  return all.filter((record) => !old.includes(record));
}

const GONE = new Set(['photo-lost', 'photo-digest']);

/** What could be sent is in, and of the rest the phone has no whole bytes and the server knows it. @param {import('../domain/types.js').Rec} record */
function isGivenUp({state, due, photos}) {
  const known = photos.every(
    (photo) => photo.state === 'arrived' || (photo.told && GONE.has(photo.problem?.code ?? '')),
  );
  return state !== 'unsent' && state !== 'refused' && !due && known;
}

/** Walks the index only: the bytes are never read. @param {Transaction} tx @param {Set<string>} wanted @param {number} now */
async function sweepPhotos(tx, wanted, now) {
  const store = tx.objectStore('photos');
  let cursor = await store.index('at').openKeyCursor(IDBKeyRange.upperBound(now - KEEP_ORPHANS));
  while (cursor) {
    if (!wanted.has(cursor.primaryKey)) await store.delete(cursor.primaryKey);
    cursor = await cursor.continue();
  }
}

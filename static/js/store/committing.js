/** A fact becomes a record of this phone: once, with its evidence, and its draft goes in the same transaction. */

import {AlreadySaved, NotAdmitted} from './not-saved.js';
import {newRecord, sameWork} from './records.js';

/**
 * @typedef {import('./schema.js').Transaction} Transaction
 * @typedef {import('../domain/types.js').Fact} Fact
 * @typedef {import('../domain/types.js').Rec} Rec
 */

/**
 * @param {Transaction} tx over records, photos, drafts @param {Fact} fact
 * @param {{replaces?: string, admits?: (records: Rec[]) => boolean, now: number}} about `replaces`: a refused record; `admits` is asked here
 * @returns {Promise<Rec>} rejects with {@link NotAdmitted}, {@link AlreadySaved}, or a RangeError where a photo is not here
 */
export async function committed(tx, fact, {replaces, admits, now}) {
  const records = tx.objectStore('records');
  const known = await records.get(fact.id);
  if (known && !sameWork(known, fact)) throw new AlreadySaved(known);
  if (known) {
    await tx.objectStore('drafts').delete(fact.id);
    return known;
  }
  if (admits && !admits(await records.getAll())) throw new NotAdmitted();
  const record = newRecord(fact, now);
  await checkPhotos(tx, record);
  await records.add(record);
  await tx.objectStore('drafts').delete(fact.id);
  if (replaces && (await records.get(replaces))?.state === 'refused') await records.delete(replaces);
  return record;
}

/** No record without its evidence: each photo is here, or came from the amended record. @param {Transaction} tx @param {Rec} record */
async function checkPhotos(tx, {photos, amends}) {
  const parent = amends ? await tx.objectStore('records').get(amends) : null;
  const before = new Set(parent?.photos.map(({sha256}) => sha256));
  for (const {sha256} of photos) {
    const here = before.has(sha256) || (await tx.objectStore('photos').getKey(sha256));
    if (!here) throw new RangeError(`photo ${sha256} is not in the store`);
  }
}

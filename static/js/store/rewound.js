/** A server that was restored from an older copy: what it confirmed since is on no server any more. */

import {sectionsOf} from './pulled.js';
import {unconfirmed} from './records.js';

/**
 * Everything that this phone still has of the units is due again, and the next pull brings everything.
 * @param {import('./schema.js').Transaction} tx over records, sections, meta @param {Set<string>} units @param {import('../domain/types.js').Heads} heads as
 *   they are now @returns {Promise<number>} how many records are sent again
 */
export async function reopenUnits(tx, units, heads) {
  const records = tx.objectStore('records');
  const all = await records.getAll();
  const reopened = all
    .filter(({unit, acting}) => units.has(unit) || units.has(acting))
    .filter((record) => unconfirmed(record) !== record);
  for (const record of reopened) await records.put(unconfirmed(record));
  await forgetHeads(tx, units, heads);
  await tx.objectStore('meta').delete('cursor');
  return reopened.length;
}

/** Until that pull the phone no longer speaks of the past that is gone. @param {import('./schema.js').Transaction} tx @param {Set<string>} units @param {import('../domain/types.js').Heads} heads */
async function forgetHeads(tx, units, heads) {
  for (const section of await sectionsOf(tx, 'unit')) {
    if (!units.has(section.unit)) continue;
    const rows = section.rows.map((row) => ({...row, head: heads[row.code] ?? null}));
    await tx.objectStore('sections').put({...section, rows}, `${section.unit}/unit`);
  }
}

/** What the person is told, as the last pull told it, and what of it was seen on this phone and not said to the server yet. */

/**
 * @typedef {import('../domain/types.js').Notice} Notice
 * @typedef {import('./schema.js').Transaction} Transaction
 */

/** @template T @param {Transaction} tx @param {string} key @param {T} otherwise @returns {Promise<T>} */
async function read(tx, key, otherwise) {
  return /** @type {T|undefined} */ (await tx.objectStore('meta').get(key)) ?? otherwise;
}

/** In place of those that are here; what was seen here stays seen, whether the server has heard of it or not. @param {Transaction} tx @param {Notice[]} notices */
export async function keepNotices(tx, notices) {
  const seen = new Set(await read(tx, 'seen', /** @type {string[]} */ ([])));
  await tx.objectStore('meta').put(withSeen(notices, seen), 'notices');
}

/** Marked at once, and noted for the next push. @param {Transaction} tx @param {string[]} ids */
export async function noteSeen(tx, ids) {
  const notices = await read(tx, 'notices', /** @type {Notice[]} */ ([]));
  const fresh = notices.filter(({id, seen}) => !seen && ids.includes(id)).map(({id}) => id);
  if (!fresh.length) return;
  const waiting = await read(tx, 'seen', /** @type {string[]} */ ([]));
  const meta = tx.objectStore('meta');
  await meta.put(withSeen(notices, new Set(fresh)), 'notices');
  await meta.put([...new Set([...waiting, ...fresh])], 'seen');
}

/** The server has heard of these. @param {Transaction} tx @param {string[]} ids */
export async function forgetSeen(tx, ids) {
  const waiting = await read(tx, 'seen', /** @type {string[]} */ ([]));
  await tx.objectStore('meta').put(
    waiting.filter((id) => !ids.includes(id)),
    'seen',
  );
}

/** @param {Notice[]} notices @param {Set<string>} seen */
function withSeen(notices, seen) {
  return notices.map((one) => (seen.has(one.id) ? {...one, seen: true} : one));
}

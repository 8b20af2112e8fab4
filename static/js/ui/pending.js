/** What was typed or photographed and is on its way to the disk: who leaves a screen, or saves, waits for it. */

/** @type {Set<Promise<unknown>>} */
const pending = new Set();

/** @type {Set<() => void>} What goes on until somebody ends it: a voice note that is being recorded. */
export const ending = new Set();

/** @template T @param {Promise<T>} work @returns {Promise<T>} the same */
export function track(work) {
  const done = work.then(
    () => {},
    () => {}, // whoever began it tells what went wrong
  );
  pending.add(done);
  done.then(() => pending.delete(done));
  return work;
}

const LONGEST = 20e3; // ms: a decoder may hang

/**
 * When nothing is on its way any more; a photo that was shrunk is written next, and that counts too.
 * @param {number} [limit] ms @returns {Promise<boolean>} false: something still is
 */
export async function settled(limit = LONGEST) {
  const end = Date.now() + limit;
  for (const stop of ending) stop();
  while (pending.size) {
    if (!(await within(end - Date.now(), Promise.all(pending)))) return false;
    await null; // what follows upon it has begun by then
  }
  return true;
}

/** @param {number} limit @param {Promise<unknown>} work @returns {Promise<boolean>} */
function within(limit, work) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), Math.max(0, limit));
    work.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

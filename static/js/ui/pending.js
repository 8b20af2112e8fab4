/** What was typed or photographed and is on its way to the disk: who leaves a screen, or saves, waits for it. */

/** @type {Set<Promise<unknown>>} */
const pending = new Set();

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

/** When nothing is on its way any more; a photo that was shrunk is written next, and that counts too. */
export async function settled() {
  while (pending.size) {
    await Promise.all(pending);
    await null; // what follows upon it has begun by then
  }
}

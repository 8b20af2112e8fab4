/** Whether the browser has room for another photo, known before the camera opens. */

const LEAST = 3e6; // bytes: some photos, and the records that name them
let free = Infinity;

/** Asks the browser anew; one that does not tell is taken to have room. */
export async function measureRoom() {
  try {
    const {usage = 0, quota = Infinity} = await navigator.storage.estimate();
    free = quota - usage;
  } catch {
    free = Infinity;
  }
}

/** By the last measure: a tap that is to open the camera cannot wait. */
export function hasRoom() {
  measureRoom();
  return free >= LEAST;
}

measureRoom();

/** Room on the phone: known before the camera opens, said when it is over, and kept by the browser once work is here. */

import {t} from './language.js';
import {phone} from './phone.js';

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

/** Something could not be kept: says whether the phone is full. What was typed stays on the screen. @param {unknown} error */
export function notSaved(error) {
  console.error(error);
  phone.say(t(isFull(error) ? 'error.no-space' : 'error.storage'), 'bad');
}

/** @param {unknown} error */
export function isFull(error) {
  return error instanceof Error && error.name === 'QuotaExceededError';
}

/** Asks the browser, once work is here or the app is installed, not to sweep it away when space is short. */
export async function keepStorage() {
  try {
    if (!(await navigator.storage?.persisted?.())) await navigator.storage?.persist?.();
  } catch {
    // it may say no; the records are sent all the same
  }
}

measureRoom();

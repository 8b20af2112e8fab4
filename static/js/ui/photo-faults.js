/** What will not do about photos taken since the app was opened. For the person alone: nothing of it is stored or sent. */

import {painted} from './paint.js';

/** @typedef {import('../domain/picture/faults.js').Fault} Fault @typedef {{paper: boolean}} Expected whether a written sheet should be in it */

/** Fetched once, while the camera is open. */
const fetchJudge = () => import('../domain/picture/faults.js');

class PhotoFaults extends EventTarget {
  /** @type {Map<string, Fault|null>} the gravest of each */ #told = new Map();

  /** @param {string} sha256 @returns {Fault|null|undefined} null: it will do; undefined: nobody has looked */
  of(sha256) {
    return this.#told.get(sha256);
  }

  prepare() {
    fetchJudge().catch(() => {}); // `look` tells
  }

  /**
   * Judges a photo that is on the disk already; nobody waits for it.
   * @param {string} sha256 @param {ImageData} image the small one @param {Expected} expected
   */
  async look(sha256, image, expected) {
    try {
      const [{faultsOf, greyOf}] = await Promise.all([fetchJudge(), painted()]);
      const [worst] = faultsOf(greyOf(image), expected);
      this.#told.set(sha256, worst?.fault ?? null);
      this.dispatchEvent(new Event('judged'));
    } catch (error) {
      console.error(error); // a hint less, and no harm
    }
  }
}

export const photoFaults = new PhotoFaults();

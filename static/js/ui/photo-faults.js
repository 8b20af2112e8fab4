/** What will not do about photos taken since the app was opened. For the person alone: nothing of it is stored or sent. */

import {painted} from './paint.js';

/** @typedef {import('../domain/picture/faults.js').Fault} Fault @typedef {{paper: boolean}} Expected whether a written sheet should be in it */

const LATER = 500; // ms after the tap: the camera opens first

const fetchJudge = () => import('../domain/picture/faults.js');

/** A sheet with lines on a table, as large as a photo that is judged. @returns {import('../domain/picture/grey.js').Grey} */
function rehearsal() {
  const [width, height] = [640, 480];
  const inside = (/** @type {number} */ x, /** @type {number} */ y) => x > 150 && x < 490 && y > 60 && y < 420;
  const light = (/** @type {number} */ x, /** @type {number} */ y) =>
    inside(x, y) ? (y % 20 < 3 && x % 12 < 8 ? 40 : 220) : 90;
  return {
    width,
    height,
    data: Uint8Array.from({length: width * height}, (_, at) => light(at % width, Math.floor(at / width))),
  };
}

class PhotoFaults extends EventTarget {
  /** @type {Map<string, Fault|null>} the gravest of each */ #told = new Map();

  /** @param {string} sha256 @returns {Fault|null|undefined} null: it will do; undefined: nobody has looked */
  of(sha256) {
    return this.#told.get(sha256);
  }

  /** Once, while the camera is open: the judge is fetched and rehearses, for code that ran before is twice as quick. */
  async prepare() {
    try {
      const [{faultsOf}] = await Promise.all([fetchJudge(), new Promise((done) => setTimeout(done, LATER))]);
      faultsOf(rehearsal(), {paper: true});
    } catch {
      // `look` tells
    }
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

/** The keys of the light-table, for whoever opens it and for the desk's sheet of keys, which shows what works. */

const PHOTO = 'a[data-photo]';
const JUDGED = '[data-judged] a[data-photo]';

/** @type {{code: string, keys: string[], where: string}[]} `where`: what the desk's page must have */
export const PHOTO_KEYS = [
  {code: 'photo-next', keys: ['ArrowLeft', 'ArrowRight'], where: PHOTO},
  {code: 'photo-zoom', keys: ['+', '-'], where: PHOTO},
  {code: 'photo-turn', keys: ['r'], where: PHOTO},
  {code: 'photo-pass', keys: ['p'], where: JUDGED},
  {code: 'photo-fail', keys: ['f'], where: JUDGED},
];

/** @typedef {{keys: {code: string, keys: string[]}[], muted: () => boolean}} Heard  what the light-table listens to; `muted`: not to single characters */

const OFF = 'toucha-keys-off';

/** Whether the person has turned the keys of single characters off in this browser (WCAG 2.1.4). @param {Storage} kept */
export const keysAreOff = (kept) => kept.getItem(OFF) === 'yes';

/** @param {Storage} kept @param {boolean} off */
export const turnKeysOff = (kept, off) => kept.setItem(OFF, off ? 'yes' : 'no');

/** @type {Heard} */
export const heard = {
  keys: PHOTO_KEYS,
  muted() {
    try {
      return keysAreOff(localStorage);
    } catch {
      return false; // no such place: nobody turned them off
    }
  },
};

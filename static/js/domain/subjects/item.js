/** A numbered item: scanned, typed, or named by a list of its day. */

import {worklistOf} from '../worklists.js';

/** @type {import('../subjects.js').Subject} */
export const item = {
  counted: 'items',
  single: false,
  numbered: true,
  icon: 'verdict',
  given: null,
  begins(kind) {
    if (kind.type === 'capture') return 'receipts';
    return worklistOf(kind) === 'draws' ? 'verdicts' : null;
  },
  located: () => false,
};

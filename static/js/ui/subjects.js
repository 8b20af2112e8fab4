/** What a record is about, counted in the words of its kind. */

import {t} from './language.js';

/** `3 件`, `8 个点`; nothing of a meeting or a balance, which are about no item. @param {{subject?: string}|null|undefined} kind @param {number} n */
export function subjectsText(kind, n) {
  if (!n || kind?.subject === 'none') return '';
  return t(kind?.subject === 'point' ? 'points' : 'items', {n});
}

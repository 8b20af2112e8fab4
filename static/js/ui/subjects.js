/** What a record is about, counted in the words of its subject. */

import {subjectOf} from '../domain/subjects.js';
import {t} from './language.js';

/** `3 件`, `8 个点`; nothing of a meeting, a balance or a visit, of which there is one. @param {{subject?: string}|null|undefined} kind @param {number} n */
export function subjectsText(kind, n) {
  const subject = subjectOf(kind);
  const words = subject ? subject.counted : 'items'; // of a kind that is gone nobody knows
  return n && words ? t(words, {n}) : '';
}

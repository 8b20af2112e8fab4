/** Letters bear no number: they count by stratum, and where the rule asks for it by their address. */

import {tidy} from './text-lengths.js';

/**
 * @typedef {{stratum?: string|null, tag?: string|null}} Letter
 * @typedef {'tag-missing'|'tag-twice'} Doubt  why a letter would not count
 */

/** Strata whose letters count by their tags. @param {{strata?: import('./types.js').Stratum[]}|null} kind @returns {string[]} */
export function distinctIn(kind) {
  return (kind?.strata ?? []).filter(({distinct}) => distinct === 'tag').map(({code}) => code);
}

/** @param {Letter} letter */
const tagOf = ({tag}) => tidy(tag ?? '');

/** How many letters of a stratum count. @param {Letter[]} letters @param {string} code @param {boolean} byTag */
export function countOf(letters, code, byTag) {
  const own = letters.filter(({stratum}) => stratum === code);
  return byTag ? new Set(own.map(tagOf).filter(Boolean)).size : own.length;
}

/** Why the letter does not count; null when it does. @param {Letter[]} letters @param {number} index @returns {Doubt|null} */
export function doubtOf(letters, index) {
  const tag = tagOf(letters[index]);
  if (!tag) return 'tag-missing';
  const {stratum} = letters[index];
  const before = letters.slice(0, index).some((one) => one.stratum === stratum && tagOf(one) === tag);
  return before ? 'tag-twice' : null;
}

/** Whether a session has enough of each stratum. @param {Letter[]} letters @param {Record<string, number>} least @param {string[]} distinct strata that count by tag */
export function enough(letters, least, distinct) {
  return Object.entries(least).every(([code, n]) => countOf(letters, code, distinct.includes(code)) >= n);
}

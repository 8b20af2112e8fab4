/** What a case is about, in a few words. */

import {typeOf} from '../domain/cases.js';
import {failed, named} from '../ui/language.js';
import {phone} from '../ui/phone.js';

/** @typedef {import('../domain/cases.js').Case} Case */

/** The criterion that failed; null: it is about none, or one of rules that are gone. @param {Case} row */
export function criterionOf({kind, criterion}) {
  return phone.kind(kind)?.criteria.find(({code}) => code === criterion) ?? null;
}

/** @param {Case} row */
export function titleOf(row) {
  const criterion = criterionOf(row);
  const type = typeOf(phone.caseRules, row.type);
  return criterion ? failed(criterion) : (row.number ?? (named(phone.kind(row.kind)) || named(type) || row.type));
}

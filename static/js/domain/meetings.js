/** What a meeting has before it: the problems found since the last one, and what earlier ones required [14.5]. Values only. */

import {openOf} from './facts.js';

/**
 * @typedef {import('./types.js').Draft} Draft
 * @typedef {import('./types.js').Rec} Rec
 * @typedef {import('./types.js').Row<'problems'>} Problem
 * @typedef {import('./types.js').Row<'requirements'>} Requirement
 */

/**
 * Problems found before the day of this meeting and not before the last of its kind; those already ticked stay.
 * @param {Problem[]} problems pulled
 * @param {Draft} draft @param {Rec[]} records of this phone @param {string} today
 */
export function toRaise(problems, draft, records, today) {
  const day = records.find(({id}) => id === draft.amends)?.date ?? today;
  const held = meetings(records, draft).map(({date}) => date);
  const ticked = new Set(Object.values(draft.header ?? {}).flat());
  return problems.filter(({inspection, ordinal, day: listed, found = listed, raised = {}}) => {
    if (ticked.has(`${inspection}/${ordinal}`)) return true;
    const before = [raised[draft.kind], ...held].some((date) => date > found && date < day);
    return found < day && !before;
  });
}

/**
 * Requirements that nothing has settled, those of meetings that wait on this phone too.
 * @param {Requirement[]} pulled @param {Draft} draft @param {Rec[]} records newest first
 */
export function toSettle(pulled, draft, records) {
  const own = records.filter((one) => one.unit === draft.unit && one.type === 'inspection' && waits(one, draft));
  const heads = own.map(({id, day, open}) => ({id, day, head: openOf({open}).header ?? {}}));
  const settled = new Set(heads.flatMap(({head}) => rowsIn(head.settled)));
  const known = new Set(pulled.map(({fact}) => fact));
  const fresh = heads.filter(({id}) => !known.has(id)).flatMap(rowsOf);
  return [...pulled, ...fresh].filter(({fact, row}) => fact !== draft.amends && !settled.has(`${fact}/${row}`));
}

/** @param {{id: string, day: string, head: import('./types.js').Head}} meeting */
function rowsOf({id, day, head}) {
  return rowsIn(head.requirements).map((text, row) => ({fact: id, row, text, day}));
}

/** @param {import('./types.js').HeadValue} value */
function rowsIn(value) {
  return Array.isArray(value) ? value : [];
}

/** Meetings of this kind that the server does not know yet. @param {Rec[]} records @param {Draft} draft */
function meetings(records, draft) {
  return records.filter((one) => one.kind === draft.kind && one.unit === draft.unit && waits(one, draft));
}

/** @param {Rec} record @param {Draft} draft what it corrects or replaces is no meeting of its own */
function waits({id, state}, {amends, replaces}) {
  return state === 'unsent' && id !== amends && id !== replaces;
}

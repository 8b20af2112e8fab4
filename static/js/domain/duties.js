/** What is left of each duty, counting what waits on this phone, most urgent first. */

import {covers, waitingOf} from './coverage.js';
import {closing, inPeriod} from './days.js';
import {measureOf} from './measures.js';

/**
 * @typedef {import('./types.js').Duty} Duty
 * @typedef {import('./types.js').Rec} Rec
 * @typedef {import('./day-lists.js').DayLists} DayLists
 * @typedef {{waiting: number, done: number, left: number|null}} Tally  in the duty's own measure; `left` null: how much is
 *   required is not known, since a volume is missing
 */

/**
 * @param {Duty} duty as pulled
 * @param {Rec[]} records of this phone
 * @param {number|null} [pulled] when the duty was pulled, ms: what was sent later is not in its figures yet
 * @param {DayLists} [lists] that learned the numbers: what is on no list of its day is not counted
 * @returns {Tally} `waiting` on this phone, `done` with it, `left` to do (0 when reached, null when unknown)
 */
export function tally(duty, records, pulled = Infinity, lists = undefined) {
  const waiting = covers(duty)
    ? waitingOf(duty, aheadOf(records, pulled))
    : measureOf(duty).count(duty, uncounted(duty, records, pulled), lists);
  const done = duty.done + waiting;
  return {waiting, done, left: duty.required === null ? null : Math.max(0, duty.required - done)};
}

/** Whether something can still be missing: unknown is not done. @param {{status: string, left: number|null}} duty */
export function isOpen({status, left}) {
  return left !== 0 && status !== 'not applicable';
}

/** @param {Duty} duty @param {Rec[]} records @param {number|null} pulled null: never yet */
function uncounted(duty, records, pulled) {
  return aheadOf(records, pulled).filter(
    ({kind, unit, acting, day}) =>
      kind === duty.kind && unit === duty.unit && acting === duty.unit && inPeriod(duty.period, day),
  );
}

/** Inspections that the pulled figures cannot hold yet. @param {Rec[]} records @param {number|null} [pulled] null: never yet */
export function aheadOf(records, pulled = Infinity) {
  const withdrawn = new Set(records.map(({target}) => target).filter(Boolean));
  return records.filter(
    (record) =>
      record.type === 'inspection' &&
      !record.amends && // the amended one is counted already
      !withdrawn.has(record.id) &&
      isAhead(record, pulled),
  );
}

/** Whether the server's figures cannot hold this record yet. @param {Rec} record @param {number|null} pulled */
function isAhead({state, sent}, pulled) {
  return state === 'unsent' || (state === 'stored' && sent !== null && sent > (pulled ?? 0));
}

/** Learns what waits on this phone, for `tally`. @param {DayLists} lists @param {Rec[]} records @param {number|null} [pulled] */
export async function learnWaiting(lists, records, pulled = Infinity) {
  const waiting = records.filter((record) => record.type === 'inspection' && isAhead(record, pulled));
  await Promise.all(waiting.map(({kind, day, subjects}) => lists.learn(kind ?? '', day, subjects)));
}

/**
 * Open work first, by closing time, then by how much is left; what is reached or not applicable last.
 * @param {Duty[]} duties
 * @param {{records: Rec[], now: number, pulled?: number|null, lists?: DayLists}} context
 */
export function ordered(duties, {records, now, pulled, lists}) {
  return duties
    .map((duty) => ({...duty, ...tally(duty, records, pulled, lists), closing: closing(duty.closes_at, now)}))
    .sort(
      (a, b) =>
        rank(a) - rank(b) || order(a.closes_at, b.closes_at) || (b.left ?? 0) - (a.left ?? 0) || order(a.code, b.code),
    );
}

/** @param {{left: number|null, status: string, closing: {code: string}}} duty */
function rank({left, status, closing: {code}}) {
  if (status === 'not applicable') return 3;
  if (left === 0) return 2;
  return code === 'closed' ? 1 : 0;
}

/** @param {string} a @param {string} b */
function order(a, b) {
  return a < b ? -1 : Number(a > b);
}

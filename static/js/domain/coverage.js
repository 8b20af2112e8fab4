/** Duties that ask who of the units below was covered by one's own work: whom still, and what waits on this phone. */

import {inPeriod} from './days.js';
import {openOf} from './facts.js';

/**
 * @typedef {import('./types.js').Duty} Duty
 * @typedef {import('./types.js').Rec} Rec
 * @typedef {import('./types.js').OpenItem} OpenItem
 * @typedef {NonNullable<Duty['covered']>[number]} Covered
 * @typedef {NonNullable<Duty['each']>} Each
 * @typedef {import('./types.js').Row<'below'>} Below
 * @typedef {Covered & {waiting: boolean}} Member  `waiting`: it counts by what this phone has not told yet
 */

/** @param {Pick<Duty, 'covered'>} duty @returns {boolean} */
export function covers({covered}) {
  return Array.isArray(covered);
}

/**
 * Everybody who is asked about and has not left, with what waits on this phone; still to be visited first.
 * @param {Duty} duty @param {Rec[]} waiting records that the pulled figures do not hold yet
 * @returns {Member[]}
 */
export function membersOf(duty, waiting) {
  const {covered, each, period, kinds = [], unit: owner} = duty;
  const mine = waiting.filter(
    ({kind, acting, day}) => kinds.includes(kind ?? '') && acting === owner && inPeriod(period, day),
  );
  return (covered ?? [])
    .filter(({left}) => !left)
    .map((member) => ({...member, waiting: !member.counts && isEnough(each, member, mine)}))
    .sort((a, b) => Number(a.counts || a.waiting) - Number(b.counts || b.waiting));
}

/** @param {Member} member */
export function isDone({counts, waiting}) {
  return counts || waiting;
}

/**
 * How much the records that wait add to the line: a surplus of one part helps no other [U4].
 * @param {Duty} duty @param {Rec[]} waiting @returns {number}
 */
export function waitingOf(duty, waiting) {
  const fresh = membersOf(duty, waiting).filter((member) => member.waiting);
  if (duty.measure === 'points') return fresh.reduce((sum, {done, required}) => sum + required - done, 0);
  return (duty.parts ?? []).reduce((sum, {setting, required, done}) => {
    const n = fresh.filter((member) => setting === null || member.setting === setting).length;
    return sum + Math.min(n, Math.max(0, required - done));
  }, 0);
}

/** Whether a member counts with these records; what was opened or audited only the server knows. @param {Each|null} each @param {Covered} member @param {Rec[]} records */
function isEnough(each, {unit, done, required}, records) {
  if (!each?.told) return false;
  const fitting = records.filter((record) => record.unit === unit && fits(each, openOf(record)));
  if (!fitting.length) return false;
  if (!each.daily) return done + added(each, fitting) >= required;
  const days = new Set(fitting.map(({day}) => day));
  return [...days].some(
    (day) =>
      added(
        each,
        fitting.filter((record) => record.day === day),
      ) >= required,
  );
}

/** @param {Each} each @param {import('./types.js').Open} open */
function fits({methods, header}, {method = '', header: head = {}}) {
  return (!methods.length || methods.includes(method)) && header.every((code) => Boolean(head[code]));
}

/** @param {Each} each @param {Rec[]} records */
function added({groups, items, points, strata}, records) {
  const all = records.flatMap((record) => openOf(record).items ?? []);
  if (groups.length) return new Set(all.flatMap((item) => looked(item)).filter((one) => groups.includes(one))).size;
  if (!items && !points) return 1;
  const counted = all.filter(({stratum}) => !strata.length || strata.includes(stratum ?? ''));
  return new Set(counted.map(({subject}) => subject)).size;
}

/** Groups of which something was answered, or nothing came; the criteria of a record name theirs. @param {OpenItem & {groups?: string[]}} item */
function looked({groups = [], none_came: none = []}) {
  return [...groups, ...none];
}

/**
 * The records with the groups of their answered criteria, as their kinds have them.
 * @param {Rec[]} records @param {import('./types.js').Kind[]} kinds @returns {Rec[]}
 */
export function withGroups(records, kinds) {
  return records.map((record) => {
    const kind = kinds.find(({code}) => code === record.kind);
    if (!kind?.groups?.length) return record;
    const open = openOf(record);
    const items = (open.items ?? []).map((item) => ({...item, groups: groupsOf(item, kind)}));
    return {...record, open: JSON.stringify({...open, items})};
  });
}

/** Passed as a whole, every criterion is answered with it; "not applicable" answers a criterion, not its group. @param {OpenItem} item @param {import('./types.js').Kind} kind */
function groupsOf({answers = {}, none_came: none = []}, {criteria}) {
  const whole = !Object.keys(answers).length && !none.length;
  const given = criteria.filter(({code}) => whole || (answers[code] && answers[code] !== 'na'));
  return [...new Set(given.map(({group}) => group).filter(Boolean))];
}

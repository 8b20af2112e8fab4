/**
 * Cases on the phone: whose turn it is, by when, and how one stands with what this phone said of it and the server has not
 * told yet. Types, states and moves come with the rules: none of their codes stands here.
 */

import {openOf} from './facts.js';

export const MOVE = 'case-move'; // the type of fact by which something is done with a case
export const NEEDS = ['text', 'cause', 'photo', 'day', 'owner']; // what a move can ask for on a phone
const SOON = 2; // days before a deadline from which it is said with weight

/**
 * @typedef {import('./types.js').UnitRow<'cases'>} Case
 * @typedef {NonNullable<import('./types.js').Pull['case_rules']>} CaseRules
 * @typedef {CaseRules['types'][number]} CaseType
 * @typedef {CaseType['moves'][number]} Move
 * @typedef {import('./types.js').Rec} Rec
 * @typedef {'turn'|'check'|'waiting'|'ended'} Group  this person's turn; to be looked at again or decided; another's; over
 * @typedef {{move: Move, acting: string, days: {first: string, last: string}|null}} Way  a move that can be made now
 * @typedef {{code: 'left'|'today'|'over', n: number, tone: 'quiet'|'warn'|'bad'}} Deadline
 * @typedef {{row: Case, type: CaseType|null, state: string, changed: boolean, ended: boolean, due: string|null, group: Group,
 *   ways: Way[], ahead: Rec[], refused: Rec[]}} Standing  `state`: as it will be once what waits here (`ahead`) is confirmed;
 *   `changed`: whether that differs from what the server told; `refused`: what it did not take
 */

/** @param {CaseRules|null} rules @param {string} code @returns {CaseType|null} null: of other rules than those in force */
export function typeOf(rules, code) {
  return rules?.types.find((type) => type.code === code) ?? null;
}

/** @param {CaseType|null} type @param {string|undefined} code @returns {Move|null} */
export function moveOf(type, code) {
  return type?.moves.find((move) => move.code === code) ?? null;
}

/** @param {CaseType|null} type @param {string} code */
export function stateOf(type, code) {
  return type?.states.find((state) => state.code === code) ?? null;
}

/** How a day lies from the local day `today`; an urgent one never looks calm. @param {string} due @param {string} today @returns {Deadline} */
export function deadlineOf(due, today) {
  const n = Math.round((Date.parse(due) - Date.parse(today)) / 86400e3);
  if (n < 0) return {code: 'over', n: -n, tone: 'bad'};
  return {code: n ? 'left' : 'today', n, tone: n <= SOON ? 'warn' : 'quiet'};
}

/** The moves that this phone said, by their case, oldest first. @param {Rec[]} records @returns {Map<string, Rec[]>} */
export function movesByCase(records) {
  /** @type {Map<string, Rec[]>} */
  const found = new Map();
  const own = records.filter(({type}) => type === MOVE).sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
  for (const record of own) {
    const of = openOf(record).case ?? '';
    found.set(of, [...(found.get(of) ?? []), record]);
  }
  return found;
}

/**
 * How a case stands for this person on this phone. After a move that takes it on nothing more can be done before the server
 * has told of it; after one that leaves its state the others can: they are sent in their order.
 * @param {Case} row @param {Rec[]} said of this case, oldest first @param {CaseRules|null} rules @param {string} today
 * @returns {Standing}
 */
export function standingOf(row, said, rules, today) {
  const type = typeOf(rules, row.type);
  const told = new Set(row.history.map(({id}) => id));
  const ahead = said.filter(({id, state}) => state !== 'refused' && state !== 'conflict' && !told.has(id));
  const made = ahead.map((record) => moveOf(type, openOf(record).move));
  const state = [...made].reverse().find((move) => !move || move.to)?.to ?? row.state;
  const moved = made.some((move) => !move || move.to);
  const ended = stateOf(type, state)?.ends ?? row.ended;
  const ways = moved ? [] : waysOf(row, type, made, today);
  const changed = state !== row.state;
  return {
    row,
    type,
    state,
    changed,
    ended,
    due: changed || ended ? null : row.due,
    group: groupOf(row, ways, ended, moved),
    ways,
    ahead,
    refused: said.filter((record) => record.state === 'refused'),
  };
}

/** What can be made now: known here, still in time, not said already. @param {Case} row @param {CaseType|null} type @param {(Move|null)[]} made @param {string} today @returns {Way[]} */
function waysOf({may}, type, made, today) {
  return may.flatMap(({move: code, acting, until, days}) => {
    const move = moveOf(type, code);
    const open = move && !made.includes(move) && (!until || today <= until) && (!days || today <= days.last);
    return open && move.needs.every((need) => NEEDS.includes(need)) ? [{move, acting, days}] : [];
  });
}

/** @param {Case} row @param {Way[]} ways @param {boolean} ended @param {boolean} moved @returns {Group} */
function groupOf({late, desk}, ways, ended, moved) {
  if (ended) return 'ended';
  if (moved) return 'waiting';
  const others = late !== null && late !== 'owner'; // somebody has to look at what its owner did
  if (ways.some(({move}) => move.to)) return others ? 'check' : 'turn';
  return others && desk ? 'check' : 'waiting';
}

const ORDER = ['turn', 'check', 'waiting', 'ended'];

/**
 * All cases in the order in which they are looked at: one's own turn first, what is due first, what ended last first.
 * @param {Case[]} rows @param {Rec[]} records @param {CaseRules|null} rules @param {string} today @returns {Standing[]}
 */
export function standings(rows, records, rules, today) {
  if (!rules) return []; // a server of before
  const said = movesByCase(records);
  return rows.map((row) => standingOf(row, said.get(row.id) ?? [], rules, today)).sort(compare);
}

/** @param {Standing} a @param {Standing} b */
function compare(a, b) {
  const groups = ORDER.indexOf(a.group) - ORDER.indexOf(b.group);
  if (groups) return groups;
  if (a.group === 'ended') return order(lastDay(b.row), lastDay(a.row)) || order(a.row.id, b.row.id);
  return order(a.due ?? '9', b.due ?? '9') || order(a.row.opened, b.row.opened) || order(a.row.id, b.row.id);
}

/** @param {Case} row */
function lastDay(row) {
  const steps = row.history;
  return steps.length ? steps[steps.length - 1].day : row.opened;
}

/** @param {string} a @param {string} b */
function order(a, b) {
  return a < b ? -1 : Number(a > b);
}

/**
 * What waits for this person: the own turn, how much of it is due today or was before, and what is to be looked at again.
 * @param {Standing[]} all @param {string} today
 */
export function waitingFor(all, today) {
  const own = all.filter(({group}) => group === 'turn');
  const due = own.flatMap((one) => (one.due ? [deadlineOf(one.due, today).code] : []));
  return {
    turn: own.length,
    over: due.filter((code) => code === 'over').length,
    today: due.filter((code) => code === 'today').length,
    check: all.filter(({group}) => group === 'check').length,
  };
}

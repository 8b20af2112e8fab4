/** Which work the person's roles allow, and where: values in, values out. */

import {localDay} from '../domain/days.js';
import {isShut} from '../domain/register.js';

/**
 * @typedef {import('../domain/types.js').Kind} Kind
 * @typedef {{code: string, name: string, level: string, roles: string[],
 *   routes: {id: string, code: string, name: string, mine: boolean}[]}} UnitRow
 */

/** The unit for which the person acts when the work is about `unit`; null: not allowed. @param {Kind} kind @param {UnitRow} unit @param {UnitRow[]} units */
export function actingFor(kind, unit, units) {
  const able = units.filter(({roles}) => roles.some((role) => kind.roles.includes(role)));
  const own = able.find(({code}) => code === unit.code) ?? able.find(({level}) => level !== 'department');
  return own ? own.code : null;
}

/** Departments in which the person can do something. @param {UnitRow[]} units @param {Kind[]} kinds */
export function workplaces(units, kinds) {
  const departments = units.filter(({level}) => level === 'department');
  return departments.filter((unit) => kinds.some((kind) => actingFor(kind, unit, units)));
}

// What a record can be about on the phone: the screens are made for these, whatever the kind.
const SUBJECTS = new Set(['item', 'letter', 'point', 'none']);

/** Whether the work can be done on this phone. @param {Kind|null} kind @returns {kind is Kind} */
export function hasScreen(kind) {
  return kind !== null && SUBJECTS.has(kind.subject);
}

/** @param {UnitRow} unit @param {UnitRow[]} units @param {Kind[]} kinds the kinds that can be done there */
export function kindsAt(unit, units, kinds) {
  return kinds.filter((kind) => hasScreen(kind) && actingFor(kind, unit, units));
}

/** Where the desk begins for these roles; null: there is nothing for them. @param {{role: string}[]} roles @returns {string|null} */
export function deskOf(roles) {
  const others = roles.filter(({role}) => role !== 'carrier');
  if (!others.length) return null;
  return others.every(({role}) => role === 'admin') ? '/' : '/ledger'; // at `/` people of the field are sent back here
}

const FEW = 4;

/** Whether the kind asks how it was done: one that allows every method does not. @param {Kind} kind */
export function asksMethod({methods = []}) {
  return methods.length > 1 && methods.length <= FEW;
}

/** Whether the person keeps the volumes there, and confirms the relay register. @param {UnitRow} unit */
export function isDirector({roles}) {
  return roles.includes('director');
}

/** The unit for which the person keeps the unit's relay register, its director or the county's manager; null: not at all. @param {UnitRow} unit @param {UnitRow[]} units */
export function keeperOf(unit, units) {
  if (isDirector(unit)) return unit.code;
  const county = units.find(({roles}) => roles.includes('county_manager'));
  return unit.level === 'department' && county ? county.code : null;
}

/** Whether a draft mends an earlier record, in force or refused. @param {import('../domain/types.js').Draft} draft */
export function mends({amends, replaces}) {
  return Boolean(amends || replaces);
}

/**
 * Nobody calls at a closed point; a carrier at the points of the own routes, the others at all of the unit.
 * @template {{route: string|null, closed?: string|null, closes?: string|null}} P
 * @param {UnitRow} unit @param {P[]} points @param {string} [today] @returns {P[]}
 */
export function pointsFor({roles, routes}, points, today = localDay(Date.now())) {
  const open = points.filter((point) => !isShut(point, today));
  if (!roles.length || roles.some((role) => role !== 'carrier')) return open;
  const mine = new Set(routes.filter((route) => route.mine).map(({id}) => id));
  return open.filter(({route}) => route !== null && mine.has(route));
}

/** Where a kind's work is chosen or begun. @param {Kind} kind @returns {string|null} null: a fresh check begins at once */
export function placeOf(kind) {
  if (kind.type === 'capture') return '/app/receipts';
  if (kind.subject === 'point') return '/app/relay';
  return kind.code === 'receipt' ? '/app/verdicts' : null;
}

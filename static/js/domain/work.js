/** Which work the person's roles allow, and where: values in, values out. */

import {localDay} from './days.js';
import {isShut} from './register.js';
import {subjectOf} from './subjects.js';

/**
 * @typedef {import('./types.js').Kind} Kind
 * @typedef {import('./types.js').Unit} Unit
 * @typedef {import('./subjects.js').Place} Place
 */

const BY_PLAN = 'campaign_inspector'; // held for the unit whose plan of a special check names the unit

/** The unit for which the person acts when the work is about `unit`; null: not allowed. @param {Kind} kind @param {Unit} unit @param {Unit[]} units */
export function actingFor(kind, unit, units) {
  if (kind.levels && !kind.levels.includes(unit.level)) return null;
  const able = units.filter(({roles}) => roles.some((role) => kind.roles.includes(role)));
  const higher = able.filter(({level, code}) => level !== 'department' && (unit.above?.includes(code) ?? true));
  const own = able.find(({code}) => code === unit.code) ?? lowest(higher);
  return own?.code ?? (kind.roles.includes(BY_PLAN) ? (unit.checked_for ?? null) : null);
}

/** @param {Unit[]} units */
function lowest(units) {
  return [...units].sort((a, b) => (b.above?.length ?? 0) - (a.above?.length ?? 0))[0];
}

/** The units above departments in which the person works, the lowest first. @template {Unit} U @param {U[]} units @returns {U[]} */
export function uppers(units) {
  const own = units.filter(({level, roles}) => level !== 'department' && roles.some((role) => role !== 'admin'));
  return own.sort((a, b) => (b.above?.length ?? 0) - (a.above?.length ?? 0));
}

/** A unit below of which this phone holds no more than its name. @param {import('./types.js').Row<'below'>} row @returns {Unit} */
export function lightUnit({code, name, level, setting, above}) {
  return {code, name, level, setting, above, closed: null, checked_for: null, roles: [], routes: [], head: null};
}

/** Departments in which the person can do something. @template {Unit} U @param {U[]} units @param {Kind[]} kinds @returns {U[]} */
export function workplaces(units, kinds) {
  const departments = units.filter(({level}) => level === 'department');
  return departments.filter((unit) => kinds.some((kind) => actingFor(kind, unit, units)));
}

/** Whether the work can be done on this phone: the screens are made for what a record is about; a period is reviewed at the desk, where its records are. @param {Kind|null} kind @returns {kind is Kind} */
export function hasScreen(kind) {
  return subjectOf(kind) !== null && !kind?.period;
}

/** @param {Unit} unit @param {Unit[]} units @param {Kind[]} kinds the kinds that can be done there */
export function kindsAt(unit, units, kinds) {
  return kinds.filter((kind) => hasScreen(kind) && actingFor(kind, unit, units));
}

/** Where the desk begins for these roles; null: there is nothing for them. @param {{role: string}[]} roles @returns {string|null} */
export function deskOf(roles) {
  const others = roles.filter(({role}) => role !== 'carrier' && role !== BY_PLAN);
  if (!others.length) return null;
  return others.every(({role}) => role === 'admin') ? '/' : '/ledger'; // at `/` people of the field are sent back here
}

const FEW = 4;

/** Whether the kind asks how it was done: one that allows every method does not. @param {Kind} kind */
export function asksMethod({methods = []}) {
  return methods.length > 1 && methods.length <= FEW;
}

/** Whether the person keeps the volumes there, and confirms the relay register. @param {Unit} unit */
export function isDirector({roles}) {
  return roles.includes('director');
}

/** The unit for which the person keeps the unit's relay register, its director or the county's manager; null: not at all. @param {Unit} unit @param {Unit[]} units */
export function keeperOf(unit, units) {
  if (isDirector(unit)) return unit.code;
  const county = units.find(
    ({roles, code}) => roles.includes('county_manager') && (unit.above?.includes(code) ?? true),
  );
  return unit.level === 'department' && county ? county.code : null;
}

/** Whether a draft mends an earlier record, in force or refused. @param {{amends?: string, replaces?: string}} draft */
export function mends({amends, replaces}) {
  return Boolean(amends || replaces);
}

/**
 * Nobody calls at a closed point; a carrier at the points of the own routes, the others at all of the unit.
 * @template {{route: string|null, closed?: string|null, closes?: string|null}} P
 * @param {Unit} unit @param {P[]} points @param {string} [today] @returns {P[]}
 */
export function pointsFor({roles, routes}, points, today = localDay(Date.now())) {
  const open = points.filter((point) => !isShut(point, today));
  if (!roles.length || roles.some((role) => role !== 'carrier')) return open;
  const mine = new Set(routes.filter((route) => route.mine).map(({id}) => id));
  return open.filter(({route}) => route !== null && mine.has(route));
}

/**
 * Where a kind's work is chosen or begun; of several that are begun on one screen each has its own address.
 * @param {Kind} kind @param {Kind[]} kinds as pulled
 * @returns {string|null} null: a fresh check begins at once
 */
export function placeOf(kind, kinds = [kind]) {
  const place = subjectOf(kind)?.begins(kind) ?? null;
  if (!place) return null;
  return kindAt(place, null, kinds)?.code === kind.code ? `/app/${place}` : `/app/${place}/${kind.code}`;
}

/** The kind whose work is begun there. @param {Place} place @param {string|null} code of the address; null: the first @param {Kind[]} kinds @returns {Kind|null} */
export function kindAt(place, code, kinds) {
  const there = kinds.filter((kind) => subjectOf(kind)?.begins(kind) === place);
  return there.find((kind) => kind.code === code) ?? there[0] ?? null;
}

/** Whether the unit is at work no more. @param {{closed?: string|null}} unit `closed`: the first day on which it is not @param {number} now ms */
export function isClosed({closed}, now) {
  return Boolean(closed && closed <= localDay(now));
}

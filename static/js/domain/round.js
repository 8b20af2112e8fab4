/** A round over relay points: what stands where, what was visited this month, and in which order one goes. */

import {openOf, personalOf} from './facts.js';
import {distance} from './places.js';

/**
 * @typedef {import('./types.js').Point} Point
 * @typedef {import('./types.js').Rec} Rec
 * @typedef {import('./map.js').Spot} Spot
 * @typedef {{visited: boolean, failed: boolean}} State  visited this month; the last visit, whenever, found something not in order
 * @typedef {Spot & {source: 'register'|'phone'|'visit', day: string|null, accuracy: number|null}} Stand  `phone`: said here, not told by
 *   the server yet; `visit`: where this phone stood at its last visit, of that `day`; `accuracy` in metres
 * @typedef {Record<string, {route: string|null, orders: Record<string, string[]>}>} Rounds  by unit: the route that is walked, null all
 *   of them, and by route (all: empty) the order in which this person goes
 */

export const GOOD = 50; // metres of accuracy with which a place is worth to be kept
const PASSES = 40; // over the whole round: it is mended long before

/** The visits of a kind that this phone made and that are in force, as far as it knows. @param {Rec[]} records @param {string} unit @param {string} kind @returns {Rec[]} */
export function visitsIn(records, unit, kind) {
  const over = new Set(
    records.filter(({state}) => state !== 'refused').flatMap(({target, amends}) => [target, amends]),
  );
  return records.filter(
    (one) => one.unit === unit && one.kind === kind && one.state !== 'refused' && !over.has(one.id),
  );
}

/**
 * How each point stands this month. A fail stands until a later visit.
 * @param {Pick<Point, 'id'|'checked'>[]} points
 * @param {{visits: Rec[], problems: import('./types.js').Row<'problems'>[], today: string}} known `visits`: of this phone, in force
 * @returns {Map<string, State>} by the point's id
 */
export function statesOf(points, {visits, problems, today}) {
  /** @type {Map<string, string>} */ const failed = new Map();
  /** @type {Map<string, string>} */ const seen = new Map();
  for (const {id, checked} of points) if (checked) seen.set(id, checked);
  for (const {subject, found} of problems) later(failed, subject, found);
  for (const record of visits)
    for (const {subject, verdict} of openOf(record).items ?? []) {
      later(seen, subject, record.day);
      if (verdict === 'fail') later(failed, subject, record.day);
    }
  const month = today.slice(0, 7);
  return new Map(points.map(({id}) => [id, stateOf(failed.get(id) ?? '', seen.get(id) ?? '', month)]));
}

/** @param {Map<string, string>} days @param {string} id @param {string} day */
function later(days, id, day) {
  if (day > (days.get(id) ?? '')) days.set(id, day);
}

/** @param {string} failed day or empty @param {string} seen @param {string} month @returns {State} */
function stateOf(failed, seen, month) {
  const last = failed > seen ? failed : seen;
  return {visited: last.slice(0, 7) === month, failed: Boolean(failed) && failed === last};
}

/**
 * Where each point stands: as the register has it, with what this phone said of it; else where this phone stood when it last called
 * there, known well enough. The register is never replaced by a visit.
 * @param {Pick<Point, 'id'|'latitude'|'longitude'>[]} points @param {{visits: Rec[], said: ReturnType<typeof import('./register.js').ahead>}} known
 * @returns {Map<string, Stand>} by the point's id; none of it: nobody knows
 */
export function standsOf(points, {visits, said}) {
  const visited = seenAt(visits);
  const found = points.map(({id, latitude, longitude}) => {
    const own = said.get(id)?.values;
    const [source, kept] = own && 'latitude' in own ? ['phone', own] : ['register', {latitude, longitude}];
    if (kept.latitude == null || kept.longitude == null) return [id, visited.get(id)];
    return [id, {latitude: kept.latitude, longitude: kept.longitude, source, day: null, accuracy: null}];
  });
  return new Map(/** @type {[string, Stand][]} */ (found.filter(([, stand]) => stand)));
}

/** By this phone's own visits, the newest first. @param {Rec[]} visits @returns {Map<string, Stand>} */
function seenAt(visits) {
  /** @type {Map<string, Stand>} */ const found = new Map();
  for (const record of [...visits].sort((a, b) => a.created - b.created)) {
    const {positions = {}} = personalOf(record);
    for (const [i, {subject}] of (openOf(record).items ?? []).entries()) {
      const fix = positions[i];
      if (fix && fix.accuracy <= GOOD) found.set(subject, {...fix, source: 'visit', day: record.day});
    }
  }
  return found;
}

/**
 * What a visit's position says about the register: `new` where the register knows no place, `other` where the two cannot be the same;
 * null where there is nothing to say, or the position is too vague to say it.
 * @param {Spot|null} known of the register @param {Spot & {accuracy: number}} fix @returns {'new'|'other'|null}
 */
export function doubtOf(known, fix) {
  if (fix.accuracy > GOOD) return null;
  if (!known) return 'new';
  return distance(known, fix) > GOOD + fix.accuracy ? 'other' : null;
}

/**
 * Those not visited this month first; inside by the kept order, what it does not know after it as it came.
 * @template {{id: string}} P @param {P[]} points @param {string[]} kept ids @param {Map<string, State>} states @returns {P[]}
 */
export function inOrder(points, kept, states) {
  const place = new Map(kept.map((id, i) => [id, i]));
  return [...points].sort(
    (a, b) =>
      rank(states.get(a.id)) - rank(states.get(b.id)) ||
      (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity) ||
      0,
  );
}

/** @param {State|undefined} state */
function rank(state) {
  return Number(state?.visited ?? false);
}

/** One of them moved by so many places, at most to an end. @param {string[]} ids @param {string} id @param {number} by @returns {string[]} */
export function shifted(ids, id, by) {
  const from = ids.indexOf(id);
  const to = Math.min(ids.length - 1, Math.max(0, from + by));
  if (from < 0 || from === to) return ids;
  const others = ids.filter((one) => one !== id);
  return [...others.slice(0, to), id, ...others.slice(to)];
}

/**
 * A short way over all of them, from where one stands to the last: always to the nearest, then mended as long as turning a part around
 * makes it shorter. The same for the same points; distances as the crow flies.
 * @param {(Spot & {id: string})[]} spots @param {Spot|null} from null: from the first @returns {string[]} ids
 */
export function proposed(spots, from) {
  if (!spots.length) return [];
  const all = from ? [from, ...spots] : spots;
  const far = all.map((one) => all.map((other) => distance(one, other)));
  const way = mended(nearestFirst(far), far);
  return way.map((i) => (from ? spots[i - 1] : spots[i])).flatMap((spot) => (spot ? [spot.id] : []));
}

/** @param {number[][]} far metres between all of them @returns {number[]} beginning with 0 */
function nearestFirst(far) {
  const way = [0];
  const left = new Set(far.keys());
  left.delete(0);
  while (left.size) {
    const here = far[way[way.length - 1]];
    const next = [...left].reduce((best, one) => (here[one] < here[best] ? one : best));
    way.push(next);
    left.delete(next);
  }
  return way;
}

/** Its beginning stays, its end is free. @param {number[]} way @param {number[][]} far @returns {number[]} */
function mended(way, far) {
  let shorter = true;
  for (let pass = 0; shorter && pass < PASSES; pass += 1) {
    shorter = false;
    for (let i = 1; i < way.length - 1; i += 1)
      for (let j = i + 1; j < way.length; j += 1) {
        const after = way[j + 1];
        const was = far[way[i - 1]][way[i]] + (after === undefined ? 0 : far[way[j]][after]);
        const would = far[way[i - 1]][way[j]] + (after === undefined ? 0 : far[way[i]][after]);
        if (would >= was - 1e-6) continue;
        way.splice(i, j - i + 1, ...way.slice(i, j + 1).reverse());
        shorter = true;
      }
  }
  return way;
}

/** Metres of the way as the crow flies. @param {Spot[]} spots */
export function lengthOf(spots) {
  return spots.slice(1).reduce((sum, spot, i) => sum + distance(spots[i], spot), 0);
}

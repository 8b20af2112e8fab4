/** Relay points: how far, and which one is meant. */
import {plain, sought} from './spelling.js';

/** @typedef {import('./types.js').Point} Point */

const EARTH = 6371008.8; // mean radius in metres

/**
 * Great-circle distance in metres.
 * @param {{latitude: number, longitude: number}} a @param {{latitude: number, longitude: number}} b degrees
 */
export function distance(a, b) {
  const rad = Math.PI / 180;
  const high = Math.sin(((b.latitude - a.latitude) * rad) / 2) ** 2;
  const wide = Math.sin(((b.longitude - a.longitude) * rad) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(high + Math.cos(a.latitude * rad) * Math.cos(b.latitude * rad) * wide));
}

/**
 * Nearest first; points without coordinates, or all when there is no position, follow in their own order.
 * @param {Point[]} points @param {{latitude: number, longitude: number}|null} position
 * @returns {{point: Point, metres: number|null}[]}
 */
export function nearest(points, position) {
  const rows = points.map((point) => ({point, metres: metresTo(point, position)}));
  return rows.sort((a, b) => (a.metres ?? Infinity) - (b.metres ?? Infinity) || 0);
}

/** Null where one of the two places is not known. @param {Pick<Point, 'latitude'|'longitude'>} point @param {{latitude: number, longitude: number}|null} position */
export function metresTo({latitude, longitude}, position) {
  if (!position || latitude === null || longitude === null) return null;
  return distance({latitude, longitude}, position);
}

/**
 * Whether every word of the query is in the name or address, is in the pinyin initials, or begins the route's code.
 * @param {Point} point @param {string} query @param {Map<string, string>} [routes] route id → code
 */
export function matches(point, query, routes = new Map()) {
  const name = `${sought(point.name)}\n${sought(point.address ?? '')}`;
  const initials = sought(point.initials ?? '');
  const route = plain(routes.get(point.route ?? '') ?? '');
  return plain(query)
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => {
      const bare = sought(word);
      return name.includes(bare) || initials.includes(bare) || route.startsWith(word);
    });
}

/** @param {Point[]} points @param {string} query @param {Map<string, string>} [routes] */
export function search(points, query, routes) {
  return points.filter((point) => matches(point, query, routes));
}

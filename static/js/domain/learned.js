/** What a carrier learns from the verdicts about the own receipts. Values only: it teaches, it ranks nobody. */

/** @typedef {import('./types.js').Row<'learned'>} Verdict */

/**
 * @typedef {object} Month
 * @property {string} month `2026-11`
 * @property {number} seen items that somebody judged, each once
 * @property {number} failed of them those that did not pass
 * @property {[string, number][]} faults `kind/criterion` and how many items failed it, the most first
 */

/**
 * The months of the rows, the latest first. An item that was judged twice counts once, by the verdict that found more.
 * @param {Verdict[]} rows @returns {Month[]}
 */
export function months(rows) {
  /** @type {Map<string, Map<string, Set<string>>>} */
  const found = new Map();
  for (const {kind, day, number, criteria} of rows) {
    const month = found.get(day.slice(0, 7)) ?? new Map();
    const faults = month.get(`${day}/${number}`) ?? new Set();
    for (const code of criteria) faults.add(`${kind}/${code}`);
    found.set(day.slice(0, 7), month.set(`${day}/${number}`, faults));
  }
  return [...found].sort(([a], [b]) => b.localeCompare(a)).map(([month, items]) => summed(month, [...items.values()]));
}

/** @param {string} month @param {Set<string>[]} items @returns {Month} */
function summed(month, items) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const faults of items) for (const fault of faults) counts.set(fault, (counts.get(fault) ?? 0) + 1);
  const faults = [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b));
  return {month, seen: items.length, failed: items.filter(({size}) => size).length, faults};
}

/** What was found of the item, the worst verdict first; empty: nobody looked at it. @param {Verdict[]} rows @param {string|null|undefined} day @param {string} number */
export function verdictsOf(rows, day, number) {
  const own = rows.filter((one) => one.number === number && one.day === day);
  return own.sort((a, b) => b.criteria.length - a.criteria.length);
}

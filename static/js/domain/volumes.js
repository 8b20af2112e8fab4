/** The fact in which a director says how much came in on a day. */

/** The classes whose items bear numbers: their returned items may be typed as one number. */
const NUMBERED = ['express', 'registered', 'parcel'];
const MOST = 1_000_000; // items of a day, as the server has it

/** @typedef {Record<string, Record<string, number|null>>} Typed by class: `items`, `returned`; null: left blank */

/**
 * What is wrong with the figures: {field: code}, the field `returned` or `<class>.<figure>`; empty where the server takes them.
 * @param {Typed} typed @param {number|null} [returned] of all numbered classes together
 * @returns {Record<string, 'number'|'more'|'items'|'both'>}
 */
export function volumeFaults(typed, returned = null) {
  /** @type {Record<string, 'number'|'more'|'items'|'both'>} */
  const faults = {};
  for (const [code, {items = null, returned: back = null}] of Object.entries(typed)) {
    if (!fits(items)) faults[`${code}.items`] = 'number';
    if (!fits(back)) faults[`${code}.returned`] = 'number';
    else if (back !== null && items === null) faults[`${code}.returned`] = 'items';
    else if (back !== null && back > (items ?? 0)) faults[`${code}.returned`] = 'more';
  }
  const fault = togetherFault(typed, returned);
  return fault ? {...faults, returned: fault} : faults;
}

/** @param {Typed} typed @param {number|null} returned */
function togetherFault(typed, returned) {
  if (returned === null) return null;
  if (!fits(returned)) return 'number';
  const counts = NUMBERED.map((code) => typed[code] ?? {});
  if (counts.some((count) => (count.returned ?? null) !== null)) return 'both';
  const came = counts.map(({items = null}) => items);
  if (came.includes(null)) return null;
  let all = 0;
  for (const items of came) all += items ?? 0;
  return returned <= all ? null : 'more';
}

/** @param {number|null} count */
function fits(count) {
  return count === null || (Number.isInteger(count) && count >= 0 && count <= MOST);
}

/**
 * @param {string} unit code @param {string} day the day it is about @param {Typed} typed @param {string} today
 * @param {number|null} [returned] the returned items of all numbered classes as one number
 * @returns {import('./types.js').Content|null} null: nothing was typed, or something that cannot be
 */
export function volumeFact(unit, day, typed, today, returned = null) {
  const filled = Object.entries(typed).filter(
    ([, {items = null, returned: back = null}]) => items !== null || back !== null,
  );
  if ((!filled.length && returned === null) || Object.keys(volumeFaults(typed, returned)).length) return null;
  const counts = filled.map(([code, {items = null, returned: back = null}]) => [code, {items, returned: back}]);
  const open = {v: 1, type: 'volume', unit, acting: unit, date: today, about: day, volumes: Object.fromEntries(counts)};
  return {open: returned === null ? open : {...open, returned}, personal: null};
}

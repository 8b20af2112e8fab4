/** The fact in which a director says how much came in on a day. */

/**
 * @param {string} unit code @param {string} day the day it is about
 * @param {Record<string, Record<string, number|null>>} typed by class: `items`, `returned`; null: left blank
 * @param {string} today
 * @returns {import('./types.js').Content|null} null: nothing was typed, or something that is no number
 */
export function volumeFact(unit, day, typed, today) {
  const said = Object.entries(typed).filter(
    ([, {items = null, returned = null}]) => items !== null || returned !== null,
  );
  const numbers = said.flatMap(([, figures]) => Object.values(figures)).filter((n) => n !== null);
  if (!said.length || numbers.some((n) => Number.isNaN(n))) return null;
  const volumes = Object.fromEntries(said.map(([code, {items = null, returned = null}]) => [code, {items, returned}]));
  return {open: {v: 1, type: 'volume', unit, acting: unit, date: today, about: day, volumes}, personal: null};
}

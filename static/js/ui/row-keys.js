/**
 * A list at the desk that is gone through by keys, as in trackers (the keys themselves: keys.js).
 *
 * Enter opens by itself, for a step puts the focus on the row's link; nothing holds the focus.
 */

/** @param {Document} page @returns {HTMLElement[]} */
const rowsOf = (page) =>
  [...page.querySelectorAll('[data-keys] [data-row]')].map((row) => /** @type {HTMLElement} */ (row));

/** The row that holds the focus; -1: none. @param {HTMLElement[]} rows @param {Element|null} focused */
export const placeOf = (rows, focused) => rows.findIndex((row) => row.contains(focused));

/** Where a step leads: it stops at the ends. @param {number} place @param {number} step @param {number} count */
export const stepTo = (place, step, count) => (place < 0 ? 0 : Math.min(count - 1, Math.max(0, place + step)));

/** To the next row, or the one before. @param {Document} page @param {number} step */
export const go = (page, step) => {
  const rows = rowsOf(page);
  const row = rows[stepTo(placeOf(rows, page.activeElement), step, rows.length)];
  /** @type {HTMLElement|null} */ (row?.querySelector('a'))?.focus();
  row?.scrollIntoView({block: 'nearest'});
};

/** Choose the row, or not. @param {Document} page */
export const choose = (page) => {
  const rows = rowsOf(page);
  /** @type {HTMLInputElement|null|undefined} */ (
    rows[placeOf(rows, page.activeElement)]?.querySelector('input[type=checkbox]')
  )?.click();
};

/** Act on the chosen rows. @param {Document} page */
export const act = (page) => /** @type {HTMLElement|null} */ (page.querySelector('[data-key=a]'))?.click();

/**
 * Keys for a list at the desk, as in trackers: j and k go through the rows, x chooses, a acts on the chosen, ? shows the keys.
 *
 * Enter opens by itself, for j and k put the focus on the row's link; nothing holds the focus. Whoever types, or has turned
 * the keys off (WCAG 2.1.4), is left alone.
 */

const OFF = 'toucha-keys-off';
const TYPING = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog, dialog *';

/** @param {Document} page @returns {HTMLElement[]} */
const rowsOf = (page) =>
  [...page.querySelectorAll('[data-keys] [data-row]')].map((row) => /** @type {HTMLElement} */ (row));

/** The row that holds the focus; -1: none. @param {HTMLElement[]} rows @param {Element|null} focused */
export const placeOf = (rows, focused) => rows.findIndex((row) => row.contains(focused));

/** Where a step leads: it stops at the ends. @param {number} place @param {number} step @param {number} count */
export const stepTo = (place, step, count) => (place < 0 ? 0 : Math.min(count - 1, Math.max(0, place + step)));

/** @param {Document} page @param {number} step */
const go = (page, step) => {
  const rows = rowsOf(page);
  const row = rows[stepTo(placeOf(rows, page.activeElement), step, rows.length)];
  /** @type {HTMLElement|null} */ (row?.querySelector('a'))?.focus();
  row?.scrollIntoView({block: 'nearest'});
};

/** @param {Document} page */
const choose = (page) => {
  const rows = rowsOf(page);
  /** @type {HTMLInputElement|null|undefined} */ (
    rows[placeOf(rows, page.activeElement)]?.querySelector('input[type=checkbox]')
  )?.click();
};

/** @param {Document} page */
const help = (page) => {
  const keys = /** @type {HTMLDetailsElement|null} */ (page.querySelector('[data-keys-help]'));
  if (keys) keys.open = !keys.open;
};

/** @type {Record<string, (page: Document) => void>} */
const DEEDS = {
  j: (page) => go(page, 1),
  k: (page) => go(page, -1),
  x: choose,
  a: (page) => /** @type {HTMLElement|null} */ (page.querySelector('[data-key=a]'))?.click(),
  '?': help,
};

/** Whether the person has turned them off in this browser. @param {Storage} kept */
const isOff = (kept) => kept.getItem(OFF) === 'yes';

/** Let the keys work on a page that has such a list. @param {Document} page @param {Storage} kept */
export const startRowKeys = (page, kept) => {
  if (!page.querySelector('[data-keys]')) return;
  const turn = /** @type {HTMLInputElement|null} */ (page.querySelector('[data-keys-on]'));
  if (turn) {
    turn.checked = !isOff(kept);
    turn.addEventListener('change', () => kept.setItem(OFF, turn.checked ? 'no' : 'yes'));
  }
  page.addEventListener('keydown', (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const deed = plain && !isOff(kept) ? DEEDS[event.key] : undefined;
    if (!deed || /** @type {Element} */ (event.target).matches?.(TYPING)) return;
    event.preventDefault();
    deed(page);
  });
};

/**
 * A table whose cells are gone through by the arrow keys: one stop for Tab, then from cell to cell (ARIA's grid).
 *
 * On a narrow screen the table is cards, and its links are gone through one by one as ever.
 */

const WIDE = '(min-width: 46.01rem)';

/** @typedef {{row: number, column: number}} Place */

/** Where a key leads in a table of so many rows and columns; it stops at the edges. @param {Place} place @param {string} key @param {number} rows @param {number} columns @returns {Place} */
export const led = ({row, column}, key, rows, columns) => {
  const [down, right] = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[key] ?? [0, 0];
  const within = (/** @type {number} */ n, /** @type {number} */ count) => Math.min(count - 1, Math.max(0, n));
  if (key.endsWith('Home')) return {row: key === 'Home' ? row : 0, column: 0};
  if (key.endsWith('End')) return {row: key === 'End' ? row : rows - 1, column: columns - 1};
  return {row: within(row + down, rows), column: within(column + right, columns)};
};

/** @param {HTMLTableElement} table @returns {HTMLTableRowElement[]} */
const rowsOf = (table) => [...table.rows].filter((row) => !row.hidden);

/** What takes the focus of a cell: its link, else the cell. @param {Element} cell @returns {HTMLElement} */
const stopOf = (cell) => cell.querySelector('a') ?? /** @type {HTMLElement} */ (cell);

/** The table's only stop for Tab. @param {HTMLTableElement} table @param {HTMLElement} stop */
const rest = (table, stop) => {
  for (const one of table.querySelectorAll('[tabindex="0"]')) one.setAttribute('tabindex', '-1');
  stop.tabIndex = 0;
};

/** Bring a cell into sight: not left below the heads or the first column, which stay where they are. @param {HTMLTableElement} table @param {HTMLTableCellElement} cell */
const reveal = (table, cell) => {
  cell.scrollIntoView({block: 'nearest', inline: 'nearest'});
  const corner = table.rows[0].cells[0].getBoundingClientRect();
  const box = cell.getBoundingClientRect();
  const left = cell.cellIndex ? Math.min(0, box.left - corner.right) : 0;
  const top = cell.parentElement === table.rows[0] ? 0 : Math.min(0, box.top - corner.bottom);
  table.parentElement?.scrollBy(left, top);
};

/** @param {Document} page @param {string} key */
const step = (page, key) => {
  const cell = page.activeElement?.closest('[role=grid] th, [role=grid] td');
  if (!(cell instanceof HTMLTableCellElement)) return false;
  const table = /** @type {HTMLTableElement} */ (cell.closest('table'));
  const rows = rowsOf(table);
  const row = rows.indexOf(/** @type {HTMLTableRowElement} */ (cell.parentElement));
  const to = led({row, column: cell.cellIndex}, key, rows.length, rows[0].cells.length);
  const there = rows[to.row].cells[to.column];
  stopOf(there).focus({preventScroll: true});
  reveal(table, there);
};

/** To the cell beside. @param {Document} page @param {string} key */
export const move = (page, key) => step(page, key);

/** To the ends of the row, or of the table. @param {Document} page @param {string} key */
export const ends = (page, key) => step(page, key);

/** The first cell below the heads. @param {HTMLTableElement} table */
const firstOf = (table) => (rowsOf(table).find((row) => row.parentElement !== table.tHead) ?? table.rows[0]).cells[0];

/** @param {HTMLTableElement} table @param {boolean} wide */
const dress = (table, wide) => {
  table.setAttribute('role', wide ? 'grid' : 'table');
  for (const cell of /** @type {NodeListOf<HTMLElement>} */ (table.querySelectorAll('th, td'))) {
    if (cell.tagName === 'TD') cell.setAttribute('role', wide ? 'gridcell' : 'cell');
    const stop = stopOf(cell);
    if (wide) stop.tabIndex = -1;
    else stop.removeAttribute('tabindex');
  }
  if (wide) rest(table, stopOf(firstOf(table)));
  // The frame around it can be scrolled by keys where nothing in it takes them.
  table.parentElement?.toggleAttribute('tabindex', false);
  if (!wide) table.parentElement?.setAttribute('tabindex', '0');
};

/** @param {Document} page */
export const startGrids = (page) => {
  const wide = matchMedia(WIDE);
  for (const table of /** @type {NodeListOf<HTMLTableElement>} */ (page.querySelectorAll('table[data-grid]'))) {
    dress(table, wide.matches);
    wide.addEventListener('change', () => dress(table, wide.matches));
    const isGrid = () => table.getAttribute('role') === 'grid';
    table.addEventListener('focusin', ({target}) => isGrid() && rest(table, /** @type {HTMLElement} */ (target)));
    // The stop for Tab may be in a row that is hidden now.
    table.addEventListener('filtered', () => isGrid() && rest(table, stopOf(firstOf(table))));
  }
};

/** A field beside a table: only rows that hold every typed word stay. It is not shown where a look is quicker than a word. */

import {plain} from '../domain/spelling.js';

const FEW = 8; // rows

/** Whether a text holds every word. @param {string} text @param {string} typed */
export const holds = (text, typed) => {
  const known = plain(text);
  const words = plain(typed).split(/\s+/).filter(Boolean);
  return words.every((word) => known.includes(word));
};

/** @param {Document} page @param {HTMLElement} box */
const startFilter = (page, box) => {
  const table = /** @type {HTMLTableElement} */ (page.getElementById(box.dataset.filter ?? ''));
  const rows = [...table.tBodies[0].rows];
  if (rows.length < FEW) return;
  const field = /** @type {HTMLInputElement} */ (box.querySelector('input'));
  const said = /** @type {HTMLElement} */ (box.querySelector('[role=status]'));
  const look = () => {
    for (const row of rows)
      row.hidden = !holds(row.querySelector(box.dataset.filterBy ?? 'th')?.textContent ?? '', field.value);
    const left = rows.filter((row) => !row.hidden).length;
    said.textContent = field.value ? (said.dataset.said ?? '').replace('{n}', String(left)) : '';
    table.dispatchEvent(new Event('filtered'));
  };
  box.hidden = false;
  field.addEventListener('input', look);
  if (field.value) look(); // the browser kept it over a reload
};

/** @param {Document} page */
export const startFilters = (page) => {
  for (const box of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll('[data-filter]')))
    startFilter(page, box);
};

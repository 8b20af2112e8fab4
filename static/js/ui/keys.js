/**
 * All keys of the desk, in one table: what works is what the sheet of keys shows.
 *
 * Whoever types is left alone, and whoever has turned the keys of single characters off (WCAG 2.1.4).
 */

import {ends, move, startGrids} from './grid-keys.js';
import {openPalette} from './palette.js';
import {keysAreOff, PHOTO_KEYS, turnKeysOff} from './photo-keys.js';
import {act, choose, go} from './row-keys.js';

const TYPING =
  'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog[open], dialog[open] *';
// What a Chinese keyboard writes for the same keys.
/** @type {Record<string, string>} */
const SAME = {'？': '?', '、': '/', '／': '/'};

/**
 * `where`: the page has it; else the key is not shown. `deed`: answers false where it does not concern what holds the focus;
 * without one the browser does it by itself. `Mod` is Ctrl, or Cmd on a Mac.
 * @typedef {{code: string, keys: string[], where: string, deed?: (page: Document, key: string) => unknown}} Key
 */

/** @type {Key[]} */
export const KEYS = [
  {code: 'find', keys: ['Mod+k', '/'], where: '#palette', deed: openPalette},
  {code: 'keys', keys: ['?'], where: '#keys', deed: (page) => openSheet(page)},
  {code: 'row-next', keys: ['j'], where: '[data-keys]', deed: (page) => go(page, 1)},
  {code: 'row-before', keys: ['k'], where: '[data-keys]', deed: (page) => go(page, -1)},
  {code: 'row-open', keys: ['Enter'], where: '[data-keys]'},
  {code: 'row-choose', keys: ['x'], where: '[data-keys]', deed: choose},
  {code: 'row-act', keys: ['a'], where: '[data-keys] [data-row]', deed: act},
  {
    code: 'cell-move',
    keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'],
    where: '[role=grid]',
    deed: move,
  },
  {code: 'cell-row', keys: ['Home', 'End'], where: '[role=grid]', deed: ends},
  {code: 'cell-all', keys: ['Mod+Home', 'Mod+End'], where: '[role=grid]', deed: ends},
  {code: 'cell-open', keys: ['Enter'], where: '[role=grid]'},
  ...PHOTO_KEYS, // the light-table hears them by itself
  {code: 'close', keys: ['Escape'], where: 'dialog'},
];

/** @type {Record<string, string>} */
const SHOWN = {ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc'};

/** What is written on the keys. @param {string} key @param {boolean} mac @returns {string[]} */
export const shownKey = (key, mac) =>
  (key.length > 1 ? key.split('+') : [key]).map((part, _at, all) => {
    if (part === 'Mod') return mac ? '⌘' : 'Ctrl';
    return SHOWN[part] ?? (all.length > 1 && part.length === 1 ? part.toUpperCase() : part);
  });

/** The key that was pressed, as the table calls it. @param {Pick<KeyboardEvent, 'key'|'ctrlKey'|'metaKey'|'altKey'|'shiftKey'>} event */
export const pressed = ({key, ctrlKey, metaKey, altKey, shiftKey}) => {
  if (altKey || (shiftKey && key.length > 1)) return ''; // with Shift the arrows select
  const name = SAME[key] ?? key;
  return ctrlKey || metaKey ? `Mod+${name.length === 1 ? name.toLowerCase() : name}` : name;
};

/** Fill the sheet with what holds on this page, and show it. @param {Document} page */
const openSheet = (page) => {
  const sheet = /** @type {HTMLDialogElement} */ (page.querySelector('#keys'));
  const mac = /Mac|iP(hone|ad|od)/.test(navigator.userAgent);
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (sheet.querySelectorAll('[data-key-of]'))) {
    const key = KEYS.find(({code}) => code === row.dataset.keyOf);
    row.hidden = !key || !page.querySelector(key.where);
    const head = /** @type {HTMLElement} */ (row.querySelector('dt'));
    head.textContent = '';
    head.append(...(key?.keys ?? []).map((one) => keyOf(shownKey(one, mac))));
  }
  sheet.showModal();
};

/** What held the focus in the sheet goes on doing so for a moment after it is closed, and would swallow the next key. @param {HTMLElement} sheet */
const letGo = (sheet) => {
  const {activeElement} = document;
  if (sheet.contains(activeElement)) /** @type {HTMLElement} */ (activeElement).blur();
};

/** @param {string[]} parts */
function keyOf(parts) {
  const several = document.createElement('span');
  for (const part of parts) several.append(Object.assign(document.createElement('kbd'), {textContent: part}));
  return several;
}

/** Let the keys work on this page. @param {Document} page @param {Storage} kept */
export const startKeys = (page, kept) => {
  const sheet = /** @type {HTMLDialogElement|null} */ (page.querySelector('#keys'));
  if (!sheet?.showModal) return;
  startGrids(page);
  startSwitch(sheet, kept);
  sheet.addEventListener('close', () => letGo(sheet));
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll('[data-keys-open]'))) {
    button.hidden = false;
    button.addEventListener('click', () => openSheet(page));
  }
  page.addEventListener('keydown', (event) => {
    const name = pressed(event);
    const typing = /** @type {Element} */ (event.target).matches?.(TYPING);
    if (event.isComposing || (typing && name !== 'Mod+k') || (name.length === 1 && keysAreOff(kept))) return;
    if (page.querySelector('dialog[open]')) return;
    const key = KEYS.find(({keys, where, deed}) => deed && keys.includes(name) && page.querySelector(where));
    if (key?.deed && key.deed(page, name) !== false) event.preventDefault();
  });
};

/** @param {HTMLElement} sheet @param {Storage} kept */
function startSwitch(sheet, kept) {
  const turn = /** @type {HTMLInputElement} */ (sheet.querySelector('[data-keys-on]'));
  turn.checked = !keysAreOff(kept);
  turn.addEventListener('change', () => turnKeysOff(kept, !turn.checked));
}

/**
 * The light-table: photos over the whole screen, to be read, compared, marked, and judged under the thumb.
 *
 * It knows neither phone nor desk: whoever opens it says which photos there are, and what becomes of a verdict or a mark.
 */

import './light-table.js';

/**
 * @typedef {import('../domain/marks.js').Mark} Mark
 * @typedef {{sha256: string, subject: string, name: string, about: string, paper: boolean}} Slide  `subject` what it shows, `name` what
 *   that is called, `about` what more is known of it; `paper`: a sheet that can be straightened
 * @typedef {{image: HTMLImageElement|null, small: boolean}} Loaded  `small`: the whole one is out of reach; null: so is that
 * @typedef {object} Judge
 * @property {(subject: string) => 'pass'|'fail'|null} verdictOf
 * @property {(subject: string) => {code: string, name: string, failed: boolean}[]} criteria
 * @property {(subject: string) => void} pass
 * @property {(subject: string, criterion: string) => void} fail or, where that had failed already, no longer
 * @property {(subject: string) => () => void} keep what takes back whatever is said of it from now on
 * @property {() => number} open how many wait for a verdict, with a photo or without
 * @property {string} [save] words of the button that saves all; without it the page leads on
 * @property {() => void} saved
 * @typedef {object} Source
 * @property {() => Slide[]} slides as they are now
 * @property {Slide} first
 * @property {(slide: Slide) => Promise<Loaded>} load
 * @property {(code: string, values?: Record<string, unknown>) => string} words
 * @property {import('./photo-keys.js').Heard} heard
 * @property {() => import('../domain/marks.js').Marks} marks
 * @property {(sha256: string, list: Mark[]) => void} [mark] without it marks are only seen
 * @property {Judge} [judge]
 * @property {() => Promise<string>} [kept] when the last verdict or mark is on the disk; words of what hindered that, else empty
 * @property {() => Promise<void>|void} [left] it was closed
 */

/** Over the page, until it is closed. @param {Source} source @returns {() => Promise<void>} closes it */
export function openTable(source) {
  const dialog = document.createElement('dialog');
  const table = /** @type {import('./light-table.js').LightTable} */ (document.createElement('tc-light-table'));
  const close = async () => {
    if (!dialog.isConnected) return;
    if (dialog.open) dialog.close?.();
    dialog.remove();
    await source.left?.();
  };
  dialog.className = 'light-table';
  dialog.setAttribute('aria-label', source.words('title'));
  Object.assign(table, {source, current: source.first, close});
  dialog.append(table);
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    table.escape();
  });
  dialog.addEventListener('close', close);
  dialog.addEventListener('keydown', (event) => table.key(event));
  document.body.append(dialog);
  if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute('open', ''); // browsers of before 2022
  return close;
}

/** Choices of the look on a page of the desk: radios named as in `CHOICES`; the part stays hidden where no script runs. */

import {choose, chosen} from './look.js';

/** @param {ParentNode} root */
export function startLook(root) {
  const radios = /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll('[data-look]'));
  for (const radio of radios) {
    const name = /** @type {import('./look.js').Choice} */ (radio.name);
    radio.checked = chosen(name) === radio.value;
    radio.addEventListener('change', () => choose(name, radio.value));
  }
  const part = /** @type {HTMLElement|null} */ (root.querySelector('[data-looks]'));
  if (part) part.hidden = false;
}

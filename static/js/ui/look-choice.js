/** Choices of the look on a page of the desk; its parts stay hidden where no script runs. */

import {choose, chosen} from './look.js';

/** @typedef {import('./look.js').Choice} Choice */

/** Radios named as in `CHOICES`, and a switch of two buttons for the density. @param {ParentNode} root */
export function startLook(root) {
  for (const radio of /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll('[data-look]'))) {
    const name = /** @type {Choice} */ (radio.name);
    radio.checked = chosen(name) === radio.value;
    radio.addEventListener('change', () => choose(name, radio.value));
  }
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (root.querySelectorAll('[data-density-switch] button'));
  press(buttons, chosen('density'));
  for (const button of buttons)
    button.addEventListener('click', () => {
      choose('density', button.value);
      press(buttons, button.value);
    });
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-looks]')))
    part.hidden = false;
}

/** @param {NodeListOf<HTMLButtonElement>} buttons @param {string} value */
function press(buttons, value) {
  for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === value));
}

/** Under Me: how the app looks and answers in this browser. At once, without a save: whoever dislikes it taps again. */

import {html} from 'lit';
import {felt} from '../ui/felt.js';
import {icon} from '../ui/icons.js';
import {t} from '../ui/language.js';
import {CHOICES, choose, chosen} from '../ui/look.js';

/** @typedef {import('../ui/look.js').Choice} Choice */

const OF_THE_PHONE = /** @type {Choice[]} */ (['theme', 'text', 'hand', 'sound', 'vibration']);

/** @param {{requestUpdate: () => void}} screen */
export function looks(screen) {
  return html`
    <details class="card fold looks"><summary>${icon('light')}<span>${t('look.title')}</span></summary>
      ${OF_THE_PHONE.map((name) => row(screen, name))}
      <p class="field-hint">${t('look.hint')}</p>
    </details>`;
}

/** @param {{requestUpdate: () => void}} screen @param {Choice} name */
function row(screen, name) {
  return html`
    <fieldset class="look">
      <legend class="look-name">${t(`look.${name}`)}</legend>
      <div class="choices">${CHOICES[name].map(
        (value) => html`
          <label class="choice"><input type="radio" class="visually-hidden" name=${`look-${name}`} value=${value} .checked=${chosen(name) === value} @change=${() => take(screen, name, value)}>
            <span class="choice-face">${t(`look.${name}.${value}`)}</span></label>`,
      )}</div>
    </fieldset>`;
}

/** @param {{requestUpdate: () => void}} screen @param {Choice} name @param {string} value */
function take(screen, name, value) {
  choose(name, value);
  felt('taken'); // heard and felt at once, where it is on
  screen.requestUpdate();
}

/** How many characters are left: told as the end comes near, and never by cutting off what somebody typed. */

import {html, nothing} from 'lit';
import {lengthOf, tidy} from '../domain/text-lengths.js';
import {t} from './language.js';

const NEAR = 20; // characters before the end

/** @param {string} text @param {number} most @returns {{left: number, words: string}} */
function leftOf(text, most) {
  const left = most - lengthOf(tidy(text));
  if (left < 0) return {left, words: t('limit.over', {n: -left, most})};
  return {left, words: left <= NEAR ? t('limit.left', {n: left}) : ''};
}

/** Below a field that is drawn again as it changes. @param {string} text @param {number} most */
export function limitLine(text, most) {
  const {left, words} = leftOf(text, most);
  return words
    ? html`<p class=${left < 0 ? 'field-error' : 'field-hint'} role="status" data-left=${left}>${words}</p>`
    : nothing;
}

/** Whether the text of a field fits; what stands below the field says so. @param {HTMLInputElement|HTMLTextAreaElement} field @param {number} most */
export function tellLimit(field, most) {
  const {left, words} = leftOf(field.value, most);
  const line = field.closest('.field')?.querySelector('[data-limit]');
  if (line) {
    line.textContent = words;
    line.className = left < 0 ? 'field-error' : 'field-hint';
  }
  field.toggleAttribute('aria-invalid', left < 0);
  return left >= 0;
}

/** The place for those words, below a field that is not drawn again. */
export const limitPlace = () => html`<p class="field-hint" data-limit role="status"></p>`;

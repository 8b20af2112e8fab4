/** The date as a postmark: outlined while work is left, stamped when the day's duties are done. */

import {html} from 'lit';
import {weekdayText} from '../ui/dates.js';

/** @param {string} day `2026-11-20` @param {boolean} done */
export function postmark(day, done) {
  return html`
    <svg class="postmark ${done ? 'postmark-done' : ''}" viewBox="0 0 96 96" aria-hidden="true" focusable="false">
      <circle cx="48" cy="48" r="45"></circle>
      <circle cx="48" cy="48" r="39"></circle>
      <path d="M12 37h72M12 60h72"></path>
      <text x="48" y="30" class="postmark-small">${done ? '✓' : weekdayText(day)}</text>
      <text x="48" y="55" class="postmark-date">${day.slice(5).replace('-', '.')}</text>
      <text x="48" y="75" class="postmark-small">${day.slice(0, 4)}</text>
    </svg>`;
}

/** A unit that closes or has closed: from when, and what becomes of what was begun there. */

import {html} from 'lit';
import {addDays} from '../domain/days.js';
import {isClosed} from '../domain/work.js';
import {wholeDayText} from '../ui/dates.js';
import {t} from '../ui/language.js';
import {notice} from '../ui/screen.js';

/** @typedef {{code: string, closed?: string|null}} Closing `closed`: the first day on which it is not at work */

/**
 * Work of a day after the last one counts nowhere, and the server takes none; nothing is deleted from the phone for it.
 * @param {Closing} unit @param {{unit: string}[]} drafts @param {number} now
 */
export function closedNotice(unit, drafts, now) {
  if (!unit.closed) return html``;
  const day = wholeDayText(addDays(unit.closed, -1));
  const left = drafts.filter((draft) => draft.unit === unit.code).length;
  if (!isClosed(unit, now))
    return notice(
      'info',
      html`<p data-closing>${t('closed.soon', {day})}</p>${left ? html`<p>${t('closed.soon-drafts', {n: left})}</p>` : ''}`,
    );
  return notice(
    'warn',
    html`<p data-closed><b>${t('closed.title', {day})}</b></p><p>${t('closed.text')}</p>${left ? html`<p>${t('closed.drafts', {n: left})}</p>` : ''}`,
  );
}

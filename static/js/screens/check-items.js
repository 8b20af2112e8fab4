/** A check of items: how far it is, and the rows. */

import {html, nothing} from 'lit';
import {guard} from 'lit/directives/guard.js';
import {repeat} from 'lit/directives/repeat.js';
import {isJudged} from '../domain/checks.js';
import {rowsOf} from '../domain/entries.js';
import {subjectOf} from '../domain/subjects.js';
import {worklistOf} from '../domain/worklists.js';
import {t} from '../ui/language.js';
import {empty} from '../ui/screen.js';
import {faultOf, progress} from './check-counts.js';
import {itemRow, listedRow} from './check-row.js';

/**
 * @typedef {import('./check.js').Check} Check
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').Kind} Kind
 */

/** @param {Check} screen @param {Draft} draft @param {Kind} kind */
export function itemsPage(screen, draft, kind) {
  const {listed} = screen.data;
  const rows = rowsOf(draft, listed);
  if (!rows.length) {
    return empty({icon: 'scan', title: t('check.empty'), text: emptyText(kind)});
  }
  return html`
    ${isJudged(kind) ? progress(screen, draft, kind, rows.length) : nothing}
    <ol class="items">
      ${repeat(
        rows,
        ({subject}) => subject,
        (row) =>
          row.index === null
            ? row.listed && listedRow(screen, row.listed)
            : givenRow(screen, draft, kind, row.index, row.listed),
      )}
    </ol>`;
}

/**
 * An answer changes one row: on a slow phone the other nineteen are not drawn again. A form's rows tell of one another.
 * @param {Check} screen @param {Draft} draft @param {Kind} kind @param {number} index @param {import('../domain/draws.js').Listed|null} listed
 */
function givenRow(screen, draft, kind, index, listed) {
  const item = draft.items[index];
  const shows = [
    item,
    index,
    screen.opened === item.subject,
    listed,
    kind,
    screen.form && draft,
    faultOf(screen, item),
    draft.marks,
  ];
  return guard(shows, () => itemRow(screen, draft, kind, index, listed));
}

/** @param {Kind} kind */
function emptyText(kind) {
  if (!subjectOf(kind)?.numbered) return t('check.empty-letter');
  return worklistOf(kind) === 'draws' ? t('check.empty-receipt') : t('check.empty-text');
}

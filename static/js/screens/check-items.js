/** A check of items: how far it is, the rows, and the bar in which numbers are typed or scanned. */

import {html, nothing} from 'lit';
import {guard} from 'lit/directives/guard.js';
import {repeat} from 'lit/directives/repeat.js';
import {addItem, isJudged} from '../domain/checks.js';
import {localDay} from '../domain/days.js';
import {checkedOn, entryOf, rowsOf} from '../domain/entries.js';
import {readNumber} from '../domain/numbers.js';
import {subjectOf} from '../domain/subjects.js';
import {worklistOf} from '../domain/worklists.js';
import {dayText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {t} from '../ui/language.js';
import {grouped} from '../ui/numbers.js';
import {phone} from '../ui/phone.js';
import {empty} from '../ui/screen.js';
import {faultOf, progress, sayUncounted} from './check-counts.js';
import {itemRow, listedRow} from './check-row.js';
import {startScan} from './check-scan.js';

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

/** @param {Check} screen @param {Kind} kind */
export function itemsBar(screen, kind) {
  if (kind.type === 'capture') return nothing; // a carrier photographs what was drawn, nothing else
  return html`
    ${screen.asked ? doubt(screen, screen.asked) : nothing}
    <form class="entry" @submit=${(/** @type {SubmitEvent} */ event) => typed(screen, event)}>
      <label class="visually-hidden" for="entry">${t('entry')}</label>
      <input id="entry" class="input mono" name="number" inputmode=${screen.letters ? 'text' : 'numeric'} placeholder=${t('entry')} autocomplete="off" autocapitalize="characters"
        autocorrect="off" spellcheck="false" enterkeyhint="done">
      <button type="button" class="button entry-keys" aria-pressed=${screen.letters} @click=${() => turnKeys(screen)}><span aria-hidden="true">ABC</span><span class="visually-hidden">${t('entry.letters')}</span></button>
      <button class="button entry-add" aria-label=${t('entry.add')}>${icon('plus')}<span>${t('entry.add')}</span></button>
    </form>`;
}

/** Thirteen digits want the large keys; the letters of an S10 number are one tap away. @param {Check} screen */
function turnKeys(screen) {
  const input = /** @type {HTMLInputElement} */ (screen.querySelector('#entry'));
  input.blur(); // a keyboard that is open changes only when it opens again
  screen.letters = !screen.letters;
  screen.updateComplete.then(() => input.focus());
}

/** Beside the button that saves: under the same thumb. @param {Check} screen @param {Kind} kind */
export function scanButton(screen, kind) {
  if (kind.type === 'capture') return nothing;
  const pressed = screen.scanning ? 'true' : 'false';
  return html`<button type="button" class="button action-scan" @click=${() => startScan(screen)} aria-pressed=${pressed}>${icon('scan')}<span>${t('scan')}</span></button>`;
}

/** @param {Check} screen @param {SubmitEvent} event */
function typed(screen, event) {
  event.preventDefault();
  const input = /** @type {HTMLInputElement} */ (
    /** @type {HTMLFormElement} */ (event.target).elements.namedItem('number')
  );
  if (take(screen, input.value)) input.value = '';
  input.focus();
}

/**
 * A number from the keys or the camera: in, or a question.
 * @param {Check} screen @param {string} text
 * @returns {boolean} whether the field may be emptied
 */
export function take(screen, text) {
  const {number, warning} = readNumber(text);
  const draft = /** @type {Draft} */ (screen.draft);
  screen.asked = null;
  if (warning === 'empty') return false;
  if (warning === 'too-long') return refuse(t('number.too-long'));
  if (draft.items.some(({subject}) => subject === number)) return again(screen, number);
  const before = checkedOn(draft, number, screen.data, localDay(Date.now()));
  const own = isOwn(screen, number);
  if (own || warning || before) {
    const doubt = warning ?? (before ? 'repeat' : null);
    phone.say(''); // the last number's word would lie over the question's answers
    screen.asked = {number, code: own ? 'own' : doubt, doubt, before};
    return true;
  }
  put(screen, number, null);
  return true;
}

/** @param {string} text */
function refuse(text) {
  phone.say(text, 'bad');
  return false;
}

/** @param {Check} screen @param {string} number */
function again(screen, number) {
  phone.say(t('number.twice', {number: grouped(number)}), 'warn');
  screen.reveal(`[data-subject="${number}"]`);
  return true;
}

/** Whether the phone knows that this person delivers it: added all the same it will not count. @param {Check} screen @param {string} number */
function isOwn({kind, data}, number) {
  return kind !== null && isJudged(kind) && data.own.has(number);
}

/** @param {Check} screen @param {string} number @param {string|null} warning */
function put(screen, number, warning) {
  if (!screen.kind) return;
  screen.step(addItem, entryOf(screen.kind, number, warning, screen.data.listed));
  screen.asked = null;
  screen.updateComplete.then(() =>
    screen.querySelector(`[data-subject="${number}"]`)?.scrollIntoView({block: 'nearest'}),
  );
  sayUncounted(screen, number).then((words) => words && warn(screen, number, words));
}

/** @param {Check} screen @param {string} number @param {string} words */
function warn(screen, number, words) {
  const text = `${grouped(number)} ${words}`;
  phone.say(text, 'warn');
  if (screen.scanning) screen.scanning.said = text;
  screen.requestUpdate();
}

/** A strange number is a warning, never a refusal. @param {Check} screen @param {import('./check.js').Question} question */
function doubt(screen, {number, code, doubt: warning, before}) {
  return html`
    <div class="doubt" role="alertdialog" aria-labelledby="doubt">
      <p id="doubt">${icon('warn')}<span><b class="mono">${grouped(number)}</b><br>${t(`number.${code}`, {day: before ? dayText(before) : ''})}</span></p>
      <div class="doubt-ways">
        <button type="button" class="button" @click=${() => edit(screen, number)}>${t('number.correct')}</button>
        <button type="button" class="button button-primary" @click=${() => put(screen, number, warning)}>${t('number.keep')}</button>
      </div>
    </div>`;
}

/** @param {Check} screen @param {string} number */
function edit(screen, number) {
  screen.asked = null;
  const input = /** @type {HTMLInputElement} */ (screen.querySelector('#entry'));
  input.value = number;
  input.focus();
}

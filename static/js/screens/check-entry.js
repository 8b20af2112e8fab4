/** The bar below a check of items: numbers typed, pasted or scanned go in. */

import {html, nothing} from 'lit';
import {addItem, isJudged, MOST_ITEMS, removeItem} from '../domain/checks.js';
import {localDay} from '../domain/days.js';
import {checkedOn, endingWith, entryOf, rowsOf} from '../domain/entries.js';
import {readNumber, readNumbers} from '../domain/numbers.js';
import {dayText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {sentences, t} from '../ui/language.js';
import {grouped} from '../ui/numbers.js';
import {phone} from '../ui/phone.js';
import {sayUncounted} from './check-counts.js';
import {startScan} from './check-scan.js';

/**
 * @typedef {import('./check.js').Check} Check
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').Kind} Kind
 */

/** @param {Check} screen @param {Kind} kind */
export function entryBar(screen, kind) {
  if (kind.type === 'capture') return nothing; // a carrier photographs what was drawn, nothing else
  return html`
    ${screen.asked ? doubt(screen, screen.asked) : nothing}
    <form class="entry" @submit=${(/** @type {SubmitEvent} */ event) => typed(screen, event)}>
      <label class="visually-hidden" for="entry">${t('entry')}</label>
      <input id="entry" class="input mono" name="number" inputmode=${screen.letters ? 'text' : 'numeric'} placeholder=${t('entry')} autocomplete="off" autocapitalize="characters"
        autocorrect="off" spellcheck="false" enterkeyhint="done" @paste=${(/** @type {ClipboardEvent} */ event) => pasted(screen, event)}>
      <button type="button" class="button entry-keys" aria-pressed=${screen.letters} @click=${() => turnKeys(screen)}><span aria-hidden="true">ABC</span><span class="visually-hidden">${t('entry.letters')}</span></button>
      <button class="button entry-add" aria-label=${t('entry.add')}>${icon('plus')}<span>${t('entry.add')}</span></button>
    </form>`;
}

/** Thirteen digits want the large keys; the letters of an S10 number are one tap away. @param {Check} screen */
function turnKeys(screen) {
  const input = field(screen);
  input.blur(); // a keyboard that is open changes only when it opens again
  screen.letters = !screen.letters;
  screen.updateComplete.then(() => input.focus());
}

/** @param {Check} screen */
function field(screen) {
  return /** @type {HTMLInputElement} */ (screen.querySelector('#entry'));
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
  const input = field(screen);
  if (take(screen, input.value)) input.value = '';
  goOn(screen);
  input.focus();
}

/** A whole column of a table; one number is pasted like typed ones. @param {Check} screen @param {ClipboardEvent} event */
function pasted(screen, event) {
  const numbers = readNumbers(event.clipboardData?.getData('text') ?? '');
  if (numbers.length < 2) return;
  event.preventDefault();
  if (numbers.length > MOST_ITEMS) return void refuse(t('paste.too-many', {n: numbers.length, most: MOST_ITEMS}));
  const good = numbers.filter((number) => hasRoom(number) && !questionOf(screen, number));
  const fresh = good.filter((number) => !holds(screen, number));
  putAll(screen, fresh);
  const tooLong = numbers.filter((number) => !hasRoom(number)).length;
  const words = [
    t('paste.in', {n: fresh.length}),
    good.length > fresh.length ? t('paste.twice', {n: good.length - fresh.length}) : '',
    tooLong ? t('paste.too-long', {n: tooLong}) : '',
  ];
  const undo = () => screen.isConnected && screen.step(without, fresh);
  screen.report = () => phone.say(sentences(words), tooLong ? 'warn' : 'ok', fresh.length ? undo : undefined);
  screen.queue.push(...numbers.filter((number) => hasRoom(number) && questionOf(screen, number)));
  goOn(screen);
}

/** @param {string} number */
function hasRoom(number) {
  return readNumber(number).warning !== 'too-long';
}

/** @param {Draft} draft @param {string[]} numbers */
function without(draft, numbers) {
  const gone = new Set(numbers);
  return draft.items.reduceRight((rest, {subject}, i) => (gone.has(subject) ? removeItem(rest, i) : rest), draft);
}

/** The next of the pasted numbers that wants a yes; after the last one what became of them all, which would lie over a question. @param {Check} screen */
function goOn(screen) {
  while (!screen.asked && screen.queue.length) take(screen, /** @type {string} */ (screen.queue.shift()));
  if (screen.asked || !screen.report) return;
  screen.report();
  screen.report = null;
}

/**
 * A number from the keys or the camera: in, or a question; four digits lead to the row that ends so.
 * @param {Check} screen @param {string} text
 * @returns {boolean} whether the field may be emptied
 */
export function take(screen, text) {
  const {number, warning} = readNumber(text);
  screen.asked = null;
  if (warning === 'empty') return false;
  if (warning === 'too-long') return refuse(t('number.too-long'));
  if (/^\d{4}$/.test(number) && lead(screen, number)) return true;
  if (holds(screen, number)) return again(screen, number);
  const question = questionOf(screen, number);
  if (question) phone.say(''); // the last number's word would lie over the question's answers
  screen.asked = question;
  if (!question) put(screen, number, null);
  return true;
}

/** @param {Check} screen @param {string} number */
function holds({draft}, number) {
  return Boolean(draft?.items.some(({subject}) => subject === number));
}

/** To the row whose number ends so; asked once more, to the next of several. @param {Check} screen @param {string} tail @returns {boolean} whether there is one */
function lead(screen, tail) {
  const rows = endingWith(rowsOf(/** @type {Draft} */ (screen.draft), screen.data.listed), tail);
  if (!rows.length) return false;
  const at = (rows.indexOf(screen.led) + 1) % rows.length;
  screen.led = rows[at];
  phone.say(rows.length > 1 ? t('entry.tails', {tail, n: at + 1, of: rows.length}) : '');
  screen.reveal(`[data-subject="${screen.led}"]`);
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

/**
 * What is to be asked about a number before it goes in; null where nothing is. @param {Check} screen @param {string} number
 * @returns {import('./check.js').Question|null}
 */
function questionOf(screen, number) {
  const {warning} = readNumber(number);
  const before = checkedOn(/** @type {Draft} */ (screen.draft), number, screen.data, localDay(Date.now()));
  const own = isOwn(screen, number);
  if (!own && !warning && !before) return null;
  const doubt = warning ?? (before ? 'repeat' : null);
  return {number, code: own ? 'own' : doubt, doubt, before};
}

/** Whether the phone knows that this person delivers it: added all the same it will not count. @param {Check} screen @param {string} number */
function isOwn({kind, data}, number) {
  return kind !== null && isJudged(kind) && data.own.has(number);
}

/** @param {Check} screen @param {string} number @param {string|null} warning */
function put(screen, number, warning) {
  if (!screen.kind) return;
  const ofMany = Boolean(screen.report); // of those its row alone says that it does not count
  screen.step(addItem, entryOf(screen.kind, number, warning, screen.data.listed));
  screen.asked = null;
  goOn(screen);
  screen.updateComplete.then(() =>
    screen.querySelector(`[data-subject="${number}"]`)?.scrollIntoView({block: 'nearest'}),
  );
  sayUncounted(screen, number).then((words) => words && !ofMany && warn(screen, number, words));
}

/** Numbers without a question, in one step. @param {Check} screen @param {string[]} numbers */
function putAll(screen, numbers) {
  const {kind} = screen;
  if (!kind || !numbers.length) return;
  const entry = (/** @type {string} */ number) => entryOf(kind, number, null, screen.data.listed);
  screen.step((draft) => numbers.reduce((more, number) => addItem(more, entry(number)), draft));
  sayUncounted(screen, numbers[0]); // learns of all of them; each row then says it
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
  const left = screen.queue.length;
  return html`
    <div class="doubt" role="alertdialog" aria-labelledby="doubt">
      <p id="doubt">${icon('warn')}<span><b class="mono">${grouped(number)}</b><br>${t(`number.${code}`, {day: before ? dayText(before) : ''})}${left ? html`<br><span class="small muted">${t('paste.left', {n: left})}</span>` : nothing}</span></p>
      <div class="doubt-ways">
        ${
          left
            ? html`<button type="button" class="button" @click=${() => leave(screen)}>${t('number.leave')}</button>`
            : html`<button type="button" class="button" @click=${() => edit(screen, number)}>${t('number.correct')}</button>`
        }
        <button type="button" class="button button-primary" @click=${() => put(screen, number, warning)}>${t('number.keep')}</button>
      </div>
    </div>`;
}

/** @param {Check} screen */
function leave(screen) {
  screen.asked = null;
  goOn(screen);
}

/** @param {Check} screen @param {string} number */
function edit(screen, number) {
  screen.asked = null;
  const input = field(screen);
  input.value = number;
  input.focus();
}

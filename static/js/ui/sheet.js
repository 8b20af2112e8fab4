/** A question from the bottom of the screen, where the thumb is. */

import {html, nothing, render} from 'lit';
import {tidy} from '../domain/text-lengths.js';
import {t} from './language.js';
import {limitPlace, tellLimit} from './limit.js';
import {router} from './router.js';

const MOST = 200; // characters of an answer

/**
 * @param {{title: string, text?: string, yes: string, no?: string, danger?: boolean,
 *   input?: {label: string, hint?: string, required: string, choices?: string[], days?: {first: string|null, last: string}}}} question
 *   `input`: a line that must be filled, or with `days` a day among them; `required` is said when it is empty
 * @returns {Promise<string|true|null>} null: no; the text where one was asked for, else true
 */
export function ask(question) {
  const dialog = document.createElement('dialog');
  dialog.className = 'sheet';
  dialog.setAttribute('aria-labelledby', 'sheet-title');
  document.body.append(dialog);
  return new Promise((resolve) => {
    const done = async (/** @type {string|true|null} */ answer) => {
      if (!dialog.isConnected) return;
      dialog.remove();
      await uncover(); // before anybody goes elsewhere
      resolve(answer);
    };
    const uncover = router.cover(() => done(null));
    dialog.addEventListener('cancel', () => done(null));
    dialog.addEventListener('click', ({target}) => target === dialog && done(null));
    render(form(question, done), dialog);
    dialog.showModal();
  });
}

/** @param {Parameters<typeof ask>[0]} question @param {(answer: string|true|null) => void} done */
function form({title, text, yes, no = t('cancel'), danger, input}, done) {
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (!input) return done(true);
    const field = /** @type {HTMLTextAreaElement|HTMLInputElement} */ (
      /** @type {Element} */ (event.target).querySelector('#sheet-line')
    );
    const value = tidy(field.value);
    if (!value || !field.checkValidity()) return complain(field, input.required);
    if (tellLimit(field, MOST)) done(value);
  };
  return html`
    <form class="stack" novalidate @submit=${submit}>
      <h2 id="sheet-title">${title}</h2>
      ${text ? html`<p>${text}</p>` : nothing}
      ${input ? line(input) : nothing}
      <div class="stack-tight">
        <button class="button button-wide ${danger ? 'button-danger' : 'button-primary'}">${yes}</button>
        <button type="button" class="button button-wide" @click=${() => done(null)}>${no}</button>
      </div>
    </form>`;
}

/** @param {NonNullable<Parameters<typeof ask>[0]['input']>} input */
function line({label, hint, choices = [], days}) {
  const fill = (/** @type {MouseEvent} */ {currentTarget}) => {
    const button = /** @type {HTMLElement} */ (currentTarget);
    const field = button.closest('form')?.querySelector('textarea');
    if (field) field.value = button.textContent?.trim() ?? '';
  };
  return html`
    <div class="field">
      <label for="sheet-line">${label}</label>
      ${
        days
          ? html`<input id="sheet-line" type="date" min=${days.first ?? nothing} max=${days.last} aria-describedby="sheet-hint">`
          : html`<textarea id="sheet-line" rows="2" aria-describedby="sheet-hint" @input=${(/** @type {Event} */ {target}) => tellLimit(/** @type {HTMLTextAreaElement} */ (target), MOST)}></textarea>`
      }
      ${limitPlace()}
      <p class="field-hint" id="sheet-hint">${hint ?? ''}</p>
      <p class="field-error" id="sheet-error" role="alert"></p>
    </div>
    ${choices.length ? html`<div class="row">${choices.map((choice) => html`<button type="button" class="button button-small" @click=${fill}>${choice}</button>`)}</div>` : nothing}`;
}

/** @param {HTMLTextAreaElement|HTMLInputElement} field @param {string} text */
function complain(field, text) {
  field.setAttribute('aria-invalid', 'true');
  field.setAttribute('aria-describedby', 'sheet-error');
  const error = field.parentElement?.querySelector('#sheet-error');
  if (error) error.textContent = text;
  field.focus();
}

/** Letters: one more of a stratum by a tap, with its address. */

import {html, nothing} from 'lit';
import {addItem, MOST_TAG} from '../../domain/checks.js';
import {freshLetter, ordinalOf} from '../../domain/subjects/letter.js';
import {tidy} from '../../domain/text-lengths.js';
import {icon} from '../../ui/icons.js';
import {named, t, tOr} from '../../ui/language.js';
import {limitPlace, tellLimit} from '../../ui/limit.js';
import {itemsPage} from '../check-items.js';

/** @type {import('../subjects.js').Look} */
export const letter = {
  form: true,
  mono: true,
  page: itemsPage,
  bar,
  tool: () => nothing,
  rowName: ({items}, kind, index) => `${stratumName(kind, items[index].stratum)} ${ordinalOf(items, index)}`,
  recordName({stratum, tag, class: mail}, kind) {
    const parts = [kind ? stratumName(kind, stratum) : t('letters.one'), tag, mail ? tOr(`class.${mail}`, mail) : ''];
    return parts.filter(Boolean).join(' · ');
  },
};

/** @param {import('../subjects.js').Kind} kind @param {string|null|undefined} code */
function stratumName({strata = []}, code) {
  const stratum = strata.find((one) => one.code === code);
  return stratum ? named(stratum) : t('letters.one');
}

/** @param {import('../subjects.js').Check} screen @param {import('../subjects.js').Draft} draft @param {import('../subjects.js').Kind} kind */
function bar(screen, draft, {strata = []}) {
  const add = (/** @type {string|null} */ stratum) => {
    const input = /** @type {HTMLInputElement} */ (screen.querySelector('#tag-new'));
    if (!tellLimit(input, MOST_TAG)) return input.focus();
    screen.step(addItem, {subject: freshLetter(draft, stratum), stratum, tag: tidy(input.value) || null});
    input.value = '';
  };
  return html`
    <div class="field"><label for="tag-new">${t('letters.tag')}</label><input id="tag-new" class="input" autocomplete="off" @input=${(/** @type {Event} */ {target}) => tellLimit(/** @type {HTMLInputElement} */ (target), MOST_TAG)}>${limitPlace()}</div>
    <div class="doubt-ways letter-ways">${strata.length ? strata.map((one) => html`<button type="button" class="button" data-stratum=${one.code} @click=${() => add(one.code)}>${icon('plus')}<span>${named(one)}</span></button>`) : html`<button type="button" class="button" @click=${() => add(null)}>${icon('plus')}<span>${t('letters.one')}</span></button>`}</div>`;
}

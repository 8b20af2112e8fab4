/** Criteria with three answers each and none beforehand; tapping the chosen one takes it back. */

import {html} from 'lit';
import {icon} from './icons.js';
import {failed, named, t} from './language.js';

const CHOICES = /** @type {['pass'|'fail'|'na', string][]} */ ([
  ['pass', 'check'],
  ['fail', 'cross'],
  ['na', 'dash'],
]);

/**
 * @param {{kind: import('../domain/types.js').Kind, item: import('../domain/types.js').Item, name: string,
 *   set: (criterion: string, value: 'pass'|'fail'|'na'|null) => void}} what `name`: unique on the page
 */
export function criteria({kind, item, name, set}) {
  return html`<div class="criteria">${kind.criteria.map((one) => criterion(one, item.answers[one.code], `${name}-${one.code}`, set))}</div>`;
}

/** @param {import('../domain/types.js').Criterion} one @param {string|undefined} given @param {string} name @param {(criterion: string, value: 'pass'|'fail'|'na'|null) => void} set */
function criterion(one, given, name, set) {
  return html`
    <fieldset class="criterion ${given ? `criterion-${given}` : ''}">
      <legend>${given === 'fail' ? failed(one) : named(one)}</legend>
      <div class="choices">
        ${CHOICES.map(
          ([value, shape]) => html`
            <label class="choice choice-${value}">
              <input type="radio" class="visually-hidden" name=${name} value=${value} .checked=${given === value}
                @click=${() => set(one.code, given === value ? null : value)}>
              <span class="choice-face">${icon(shape)}<span>${t(`answer.${value}`)}</span></span>
            </label>`,
        )}
      </div>
    </fieldset>`;
}

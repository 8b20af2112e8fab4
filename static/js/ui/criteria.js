/** Criteria with three answers each and none beforehand; tapping the chosen one takes it back. */

import {html, nothing} from 'lit';
import {icon} from './icons.js';
import {failed, named, t} from './language.js';

const CHOICES = /** @type {['pass'|'fail'|'na', string][]} */ ([
  ['pass', 'check'],
  ['fail', 'cross'],
  ['na', 'dash'],
]);

/**
 * In the groups of the form, where it has some; of a group that speaks of a class of mail nothing may have come.
 * @param {{kind: import('../domain/types.js').Kind, item: import('../domain/types.js').Item, name: string,
 *   set: (criterion: string, value: 'pass'|'fail'|'na'|null) => void, setNone?: (group: string) => void}} what `name`: unique on the page
 */
export function criteria({kind, item, name, set, setNone}) {
  const row = (/** @type {import('../domain/types.js').Criterion} */ one) =>
    criterion(one, item.answers[one.code], `${name}-${one.code}`, set);
  if (!kind.groups?.length) return html`<div class="criteria">${kind.criteria.map(row)}</div>`;
  const loose = kind.criteria.filter((one) => !kind.groups.some(({code}) => code === one.group));
  return html`${kind.groups.map((group) => {
    const none = item.none?.includes(group.code) ?? false;
    return html`
      <section class="criteria criteria-group" data-group=${group.code} aria-label=${named(group)}>
        <div class="criteria-head"><h3>${named(group)}</h3>
          ${setNone && group.class ? html`<label class="tick"><input type="checkbox" data-none=${group.code} .checked=${none} @change=${() => setNone(group.code)}><span>${t('group.none')}</span></label>` : nothing}</div>
        ${none ? html`<p class="muted small">${t('group.none-text')}</p>` : kind.criteria.filter((one) => one.group === group.code).map(row)}
      </section>`;
  })}${loose.length ? html`<div class="criteria">${loose.map(row)}</div>` : nothing}`;
}

/** @param {import('../domain/types.js').Criterion} one @param {string|undefined} given @param {string} name @param {(criterion: string, value: 'pass'|'fail'|'na'|null) => void} set */
function criterion(one, given, name, set) {
  return html`
    <fieldset class="criterion ${given ? `criterion-${given}` : ''}">
      <legend>${given === 'fail' ? failed(one) : named(one)}${one.severity && one.severity !== 'ordinary' ? html` <small class="severity muted severity-${one.severity}">${t(`severity.${one.severity}`)}</small>` : nothing}</legend>
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

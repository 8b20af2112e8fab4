/** What judges a photo on the light-table: two large buttons under the thumb, the criteria over the photo, the end. */

import {html, nothing} from 'lit';
import {icon} from './icons.js';

/** @typedef {import('./light-table.js').LightTable} LightTable @typedef {import('./open-table.js').Judge} Judge */

/** @param {LightTable} table @param {Judge} judge */
export function verdictChip({source, current}, judge) {
  const verdict = judge.verdictOf(current.subject);
  if (!verdict) return nothing;
  const [tone, shape] = verdict === 'pass' ? ['ok', 'check'] : ['bad', 'cross'];
  return html`<span class="chip chip-${tone}" data-verdict=${verdict}>${icon(shape)}${source.words(`is-${verdict}`)}</span>`;
}

/** @param {LightTable} table @param {Judge} judge */
export function verdictBar(table, judge) {
  const {words} = table.source;
  const verdict = judge.verdictOf(table.current.subject);
  return html`
    ${ending(table, judge)}
    <div class="table-verdicts" role="group" aria-label=${words('verdict')} data-ready=${table.resting ? 'no' : 'yes'}>
      <button type="button" class="table-verdict table-pass" aria-pressed=${verdict === 'pass'} @click=${() => table.pass()}>${icon('check')}<span>${words('pass')}</span></button>
      <button type="button" class="table-verdict table-fail" aria-pressed=${verdict === 'fail'} aria-expanded=${table.asking} @click=${() => table.ask()}>${icon('cross')}<span>${words('fail')}</span></button>
    </div>`;
}

/** Everything here was judged: what is left to do. @param {LightTable} table @param {Judge} judge */
function ending(table, judge) {
  const {words, slides} = table.source;
  if (slides().some(({subject}) => judge.verdictOf(subject) === null)) return nothing;
  const n = judge.open();
  return html`
    <div class="table-done" role="status"><p>${icon('check')}<span>${n ? words('left', {n}) : words('done')}</span></p>
      ${
        judge.save
          ? html`<button type="button" class="button button-primary table-save" @click=${() => table.save()}>${icon('check')}<span>${judge.save}</span></button>`
          : html`<button type="button" class="button table-save" @click=${() => table.close()}>${icon('list')}<span>${words('to-list')}</span></button>`
      }</div>`;
}

/** @param {LightTable} table @param {Judge} judge */
export function criteriaSheet(table, judge) {
  const {words} = table.source;
  return html`
    <div class="table-criteria" role="group" aria-labelledby="table-which">
      <h2 id="table-which">${words('which')}</h2>
      ${judge
        .criteria(table.current.subject)
        .map(
          ({code, name, failed}) =>
            html`<button type="button" class="button button-wide table-criterion" data-criterion=${code} aria-pressed=${failed} @click=${() => table.fail(code)}>${icon('cross')}<span>${name}</span></button>`,
        )}
      <button type="button" class="button button-wide button-quiet" @click=${() => table.escape()}>${words('cancel')}</button>
    </div>`;
}

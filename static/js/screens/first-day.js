/** The first day in three cards: on Today until somebody has read them, and always under help. */

import {html} from 'lit';
import {icon} from '../ui/icons.js';
import {t} from '../ui/language.js';
import {phone} from '../ui/phone.js';

/** The three, by what the person does: whoever photographs own deliveries judges nothing. @param {boolean} captures */
export function firstCards(captures) {
  const cards = [['offline', 'cloud'], captures ? ['capture', 'camera'] : ['check', 'verdict'], ['after', 'records']];
  return html`<ol class="first-cards">${cards.map(
    ([name, shape]) => html`
      <li><span class="tile-icon">${icon(shape)}</span>
        <span class="grow"><b>${t(`first.${name}`)}</b><small>${t(`first.${name}-text`)}</small></span></li>`,
  )}</ol>`;
}

/** @param {boolean} captures */
export function greeting(captures) {
  return html`
    <section class="card stack-tight" data-first aria-labelledby="first">
      <h2 id="first" class="card-title">${t('first.title')}</h2>
      ${firstCards(captures)}
      <p class="first-ways"><a class="button button-quiet" href="/app/help">${t('title.help')}</a>
        <button type="button" class="button" @click=${() => phone.store.set('greeted', true)}>${icon('check')}<span>${t('first.read')}</span></button></p>
    </section>`;
}

/** The inbox: what the person is told, the latest first. Seen is what was opened or ticked off, without signal too. */

import {html, nothing} from 'lit';
import {momentText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {language, t} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {empty, Screen} from '../ui/screen.js';
import {newerNotice} from './newer.js';
import '../ui/status.js';

/** @typedef {import('../domain/types.js').Notice} Notice */

async function readNotices() {
  const notices = (await phone.store.get('notices')) ?? [];
  return {notices, unseen: notices.filter(({seen}) => !seen).map(({id}) => id)};
}

/** @extends {Screen<Awaited<ReturnType<typeof readNotices>>>} */
export class Notices extends Screen {
  /** @param {string[]|undefined} stores */
  reads(stores) {
    return stores?.includes('meta') ?? true;
  }

  async read() {
    return readNotices();
  }

  page() {
    const {notices, unseen} = this.data;
    return html`
      <header class="bar"><h1 class="bar-title" tabindex="-1">${t('title.notices')}</h1></header>
      <tc-status></tc-status>
      <div class="page stack">
        ${newerNotice()}
        ${unseen.length ? html`<button type="button" class="button button-wide" data-see-all @click=${() => phone.store.see(unseen)}>${icon('check')}<span>${t('notices.see-all')}</span></button>` : nothing}
        ${notices.length ? html`<ul class="records">${notices.map((one) => this.row(one))}</ul>` : empty({icon: 'inbox', title: t('notices.none'), text: t('notices.none-text')})}
      </div>`;
  }

  /** @param {Notice} one */
  row(one) {
    const here = one.address.startsWith('/app/');
    return html`
      <li><a class=${one.seen ? 'card told' : 'card told told-new'} href=${one.address} ?data-server=${!here} data-notice=${one.id} data-seen=${one.seen} @click=${(/** @type {MouseEvent} */ event) => this.follow(event, one, here)}>
        <span class="told-top">${one.seen ? nothing : html`<span class="told-dot" role="img" aria-label=${t('notices.new')}></span>`}<span class="grow">${one[language()]}</span>${icon('next', 'tile-next')}</span>
        <span class="told-line">${one.grave ? html`<span class="chip chip-bad">${icon('warn')}${t('notices.grave')}</span>` : nothing}<small class="number">${momentText(one.at)}</small></span>
      </a></li>`;
  }

  /** Noted before the page of the desk takes the place of this one. @param {MouseEvent} event @param {Notice} one @param {boolean} here */
  async follow(event, one, here) {
    const plain = !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!here && plain) event.preventDefault();
    await phone.store.see([one.id]);
    if (!here && plain) location.assign(one.address);
  }
}

customElements.define('tc-notices', Notices);

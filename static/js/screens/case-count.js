/** What waits for this person, as a number on the tab and as a line of Today. */

import {html, LitElement, nothing} from 'lit';
import {standings, waitingFor} from '../domain/cases.js';
import {localDay} from '../domain/days.js';
import {icon} from '../ui/icons.js';
import {t} from '../ui/language.js';
import {phone} from '../ui/phone.js';

/** @returns {Promise<ReturnType<typeof waitingFor>>} */
export async function readWaiting() {
  const {store, caseRules} = phone;
  const [rows, records] = caseRules ? await Promise.all([store.rows('cases'), store.records()]) : [[], []];
  const today = localDay(Date.now());
  return waitingFor(standings(rows, records, caseRules, today), today);
}

/** The block above the duties, only where something waits. @param {Awaited<ReturnType<typeof readWaiting>>} waiting */
export function casesBlock({turn, over, today, check}) {
  if (!turn && !check) return nothing;
  const later = turn - over - today;
  const counts = Object.entries({over, today, turn: later, check}).filter(([, n]) => n);
  return html`
    <a class="card tile ${over || today ? 'tile-due' : ''}" href="/app/mine" data-mine>
      <span class="tile-icon">${icon(over ? 'stop' : 'case')}</span>
      <span class="grow"><b>${t('title.mine')}</b>
        <small>${counts.map(([code, n], i) => html`${i ? ' · ' : nothing}<span data-counted=${code}>${t(`cases.${code}`, {n})}</span>`)}</small></span>
      ${icon('next', 'tile-next')}
    </a>`;
}

/** The number on the tab; nothing where nothing waits. */
export class CaseCount extends LitElement {
  static properties = {n: {state: true}};

  constructor() {
    super();
    this.n = 0;
    this.hear = (/** @type {Event} */ event) =>
      /** @type {CustomEvent} */ (event).detail?.stores?.some(
        (/** @type {string} */ name) => name !== 'photos' && name !== 'drafts',
      ) && this.count();
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    phone.addEventListener('change', this.hear);
    this.count();
  }

  disconnectedCallback() {
    phone.removeEventListener('change', this.hear);
    super.disconnectedCallback();
  }

  async count() {
    const {turn, check} = await readWaiting();
    this.n = turn + check;
  }

  render() {
    if (!this.n) return nothing;
    return html`<b class="tab-count number" aria-hidden="true">${this.n < 100 ? this.n : '99+'}</b><span class="visually-hidden">${t('cases.turn', {n: this.n})}</span>`;
  }
}

customElements.define('tc-case-count', CaseCount);

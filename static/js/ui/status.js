/** How things stand with sending: one line for the whole phone, one chip for each record. */

import {html, LitElement, nothing} from 'lit';
import {overall, recordState, summary} from '../domain/status.js';
import {momentText} from './dates.js';
import {icon} from './icons.js';
import {t, tOr} from './language.js';
import {phone} from './phone.js';

const CHIPS = /** @type {Record<string, [string, string]>} */ ({
  phone: ['quiet', 'phone'],
  sending: ['info', 'up'],
  photos: ['warn', 'photo'],
  arrived: ['ok', 'sent'],
  conflict: ['bad', 'split'],
  refused: ['bad', 'stop'],
  held: ['warn', 'clock'],
  waiting: ['warn', 'clock'],
  withdrawn: ['quiet', 'undo'],
  superseded: ['quiet', 'edit'],
});

/** @param {import('../domain/types.js').Rec} record @param {{state: string}|null} [row] as pulled */
export function stateOf(record, row = null) {
  return recordState(record, {row, sending: phone.engine?.state.sending.includes(record.id)});
}

/** A state as shape, word and colour. @param {{code: string, missing?: number}} state */
export function stateChip({code, missing = 0}) {
  const [tone, name] = CHIPS[code] ?? CHIPS.phone;
  return html`<span class="chip chip-${tone}" data-state=${code}>${icon(name)}${t(`state.${code}`, {n: missing})}</span>`;
}

const LINES = /** @type {Record<string, [string, string]>} */ ({
  'all-in': ['ok', 'sent'],
  waiting: ['wait', 'phone'],
  sending: ['busy', 'up'],
  stuck: ['bad', 'warn'],
});

export class Status extends LitElement {
  static properties = {held: {state: true}, engine: {state: true}};

  constructor() {
    super();
    /** @type {any} */ this.held = null;
    /** @type {any} */ this.engine = null;
    this.hear = (/** @type {any} */ {detail}) => detail?.stores?.includes('records') && this.count();
    this.look = () => (this.engine = phone.engine.state);
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    phone.addEventListener('change', this.hear);
    phone.addEventListener('state', this.look);
    this.look();
    this.count();
  }

  disconnectedCallback() {
    phone.removeEventListener('change', this.hear);
    phone.removeEventListener('state', this.look);
    super.disconnectedCallback();
  }

  async count() {
    this.held = summary(await phone.store.records());
  }

  render() {
    if (!this.held) return html`<div class="status"></div>`;
    const {code, n, of, reason} = overall(this.held, this.engine);
    const [tone, name] = LINES[code];
    return html`
      <div class="status status-${tone}" role="status" aria-live="polite" data-status=${code}>
        ${icon(name)}
        <span class="grow">${this.sentence(code, n, of, reason)}</span>
        ${this.way(reason)}
      </div>`;
  }

  /** @param {string} code @param {number} n @param {number} of @param {string|null} reason */
  sentence(code, n, of, reason) {
    if (code === 'stuck') return t(`stuck.${reason}`, {n});
    if (code === 'sending') return t(this.engine.phase === 'photos' ? 'status.photos' : 'status.sending', {n, of});
    if (code === 'waiting')
      return html`${t('status.waiting', {n})}<small> · ${tOr(`why.${reason}`, t('why.soon'))}</small>`;
    const seen = this.engine.seen;
    const aside = seen
      ? t('status.seen', {time: momentText(seen)})
      : this.engine.online === false
        ? t('why.offline')
        : '';
    return html`${t('status.all-in')}${aside ? html`<small> · ${aside}</small>` : nothing}`;
  }

  /** What the person can do about it. @param {string|null} reason */
  way(reason) {
    if (reason === 'sign-in')
      return html`<a class="status-way" href="/login?next=/app/" data-server>${t('sign-in')}</a>`;
    if (reason === 'temporary-password')
      return html`<a class="status-way" href="/account" data-server>${t('own-password')}</a>`;
    if (reason === 'other-person') return html`<a class="status-way" href="/app/me">${t('see')}</a>`;
    if (location.pathname === '/app/records') return nothing;
    return html`<a class="status-way" href="/app/records">${t('see')}</a>`;
  }
}

customElements.define('tc-status', Status);

/** How things stand with sending: one line for the whole phone, one chip for each record. */

import {html, LitElement, nothing} from 'lit';
import {overall, recordState, summary} from '../domain/status.js';
import {isApple, isInstalled} from './browser.js';
import {momentText} from './dates.js';
import {icon} from './icons.js';
import {t, tOr} from './language.js';
import {megabytes} from './numbers.js';
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

/** @param {import('../domain/types.js').Rec} record @param {{state: string, judged?: boolean}|null} [row] as pulled */
export function stateOf(record, row = null) {
  return recordState(record, {row, sending: phone.engine?.state.sending.includes(record.id)});
}

/** A state as shape, word and colour. @param {{code: string, missing?: number, judged?: boolean}} state */
export function stateChip({code, missing = 0, judged = false}) {
  const [tone, name] = judged ? ['ok', 'verdict'] : (CHIPS[code] ?? CHIPS.phone);
  return html`<span class="chip chip-${tone}" data-state=${code}>${icon(name)}${judged ? t('state.judged') : t(`state.${code}`, {n: missing})}</span>`;
}

const LINES = /** @type {Record<string, [string, string]>} */ ({
  'all-in': ['ok', 'sent'],
  draft: ['wait', 'edit'],
  waiting: ['wait', 'phone'],
  sending: ['busy', 'up'],
  stuck: ['bad', 'warn'],
});

const DAY = 24 * 3600e3;
const LATE = 3; // days
const OFF = 10 * 60e3; // ms that a clock may be off unremarked

export class Status extends LitElement {
  static properties = {
    held: {state: true},
    drafts: {state: true},
    engine: {state: true},
    skew: {state: true},
    slim: {type: Boolean},
  };

  constructor() {
    super();
    this.slim = false; // inside other work: one line without a way out of it
    this.skew = 0; // ms that this phone's clock was off, by the last answer
    this.drafts = 0; // not submitted yet
    /** @type {ReturnType<typeof summary>|null} */ this.held = null;
    this.engine = phone.engine.state;
    this.hear = (/** @type {Event} */ event) =>
      /** @type {CustomEvent} */ (event).detail?.stores?.some(isOurs) && this.count();
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
    const {store} = phone;
    const [records, rows, skew, drafts] = await Promise.all([
      store.records(),
      store.rows('records'),
      store.get('skew'),
      store.drafts(),
    ]);
    [this.held, this.skew, this.drafts] = [summary(records, rows), skew ?? 0, drafts.length];
  }

  render() {
    if (!this.held) return html`<div class="status"></div>`;
    const {code, n, of, reason} = overall(this.held, this.engine, this.drafts);
    const [tone, name] = LINES[code];
    return html`
      <div class="status status-${tone}" role="status" aria-live="polite" data-status=${code}>
        ${icon(name)}
        <span class="grow">${this.sentence(code, n, of, reason)}</span>
        ${this.slim && code !== 'stuck' ? nothing : this.way(reason)}
      </div>
      ${this.slim ? nothing : this.warnings(this.held)}`;
  }

  /** What a person should know before it is too late: old work, a wrong clock, a browser that sweeps. @param {ReturnType<typeof summary>} held */
  warnings({oldest, waiting}) {
    const days = oldest === null ? 0 : Math.floor((Date.now() - oldest) / DAY);
    const off = Math.round(Math.abs(this.skew) / 60e3);
    const lines = [
      days >= LATE && line('late', t('status.late', {n: days}), '/app/rescue', t('queue.file')),
      days >= 1 && days < LATE && line('oldest', t('status.oldest', {n: days}), '/app/records', t('see')),
      Math.abs(this.skew) > OFF && line('clock', t('status.clock', {n: off})),
      isApple() && !isInstalled() && this.home(waiting),
    ];
    return lines.map((one) => one || nothing);
  }

  /** An app on the home screen has a store of its own: what waits here must go first. @param {number} waiting */
  home(waiting) {
    return waiting
      ? line('home', t('status.home-first'), '/app/rescue', t('queue.file'))
      : line('home', t('status.home'), '/app/me', t('see'));
  }

  /** @param {string} code @param {number} n @param {number} of @param {string|null} reason */
  sentence(code, n, of, reason) {
    if (code === 'stuck') return t(`stuck.${reason}`, {n});
    if (code === 'sending') {
      const {phase, sent, size} = this.engine;
      const bytes = size ? ` · ${megabytes(sent)} / ${megabytes(size)}` : '';
      return t(phase === 'photos' ? 'status.photos' : 'status.sending', {n, of}) + bytes;
    }
    if (code === 'draft') return t('status.draft', {n});
    if (code === 'waiting') {
      const since = t('status.since', {time: momentText(this.held?.oldest ?? Date.now())});
      return html`${t('status.waiting', {n})}<small> · ${since}${this.slim ? nothing : html` · ${tOr(`why.${reason}`, t('why.soon'))}`}</small>`;
    }
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
    if (location.pathname === '/app/records') return nothing;
    return html`<a class="status-way" href="/app/records">${t('see')}</a>`;
  }
}

/** @param {string} name */
function isOurs(name) {
  return name === 'records' || name === 'drafts' || name === 'meta' || name === 'sections';
}

/** @param {string} code @param {string} text @param {string} [href] @param {string} [way] */
function line(code, text, href, way) {
  return html`<div class="status status-${code === 'oldest' ? 'wait' : 'bad'}" data-warning=${code}>${icon(code === 'home' ? 'install' : 'clock')}<span class="grow">${text}</span>${href ? html`<a class="status-way" href=${href}>${way}</a>` : nothing}</div>`;
}

customElements.define('tc-status', Status);

/** What all screens share: light DOM, and rows read from the store before the first word is shown and after each change. */

import {html, LitElement, nothing} from 'lit';
import {icon} from './icons.js';
import {t} from './language.js';
import {phone} from './phone.js';
import {router} from './router.js';

// A newer version, the browser's offer to install: the same rows, another frame around them.
const NEWS = ['newer', 'switching', 'offer'];

/** @template {object} [Data={}] what `read()` finds */
export class Screen extends LitElement {
  /** @type {import('lit').PropertyDeclarations} */
  static properties = {route: {attribute: false}, data: {state: true}};

  constructor() {
    super();
    /** @type {import('./router.js').Route} */ this.route = router.route;
    /** What `read()` found; no page is drawn before. */
    this.data = /** @type {Data} */ (/** @type {unknown} */ (null));
    this.hear = (/** @type {Event} */ event) =>
      this.reads(/** @type {CustomEvent} */ (event).detail?.stores) && this.reload();
    this.turn = () => this.requestUpdate();
    this.reading = false;
    this.stale = false;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    phone.addEventListener('change', this.hear);
    for (const news of NEWS) phone.addEventListener(news, this.turn);
    this.reload();
  }

  disconnectedCallback() {
    phone.removeEventListener('change', this.hear);
    for (const news of NEWS) phone.removeEventListener(news, this.turn);
    super.disconnectedCallback();
  }

  /** Whether a change of these stores matters here. @param {string[]|undefined} _stores */
  reads(_stores) {
    return true;
  }

  /** @returns {Promise<Data>} the rows that this screen shows */
  async read() {
    return this.data;
  }

  /** Reads again; several changes at once make one reading. */
  async reload() {
    this.stale = true;
    if (this.reading) return;
    this.reading = true;
    try {
      while (this.stale && this.isConnected) {
        this.stale = false;
        this.data = await this.read();
      }
    } catch (error) {
      phone.say(t('error.storage'), 'bad');
      console.error(error);
    } finally {
      this.reading = false;
    }
    this.dispatchEvent(new CustomEvent('ready', {bubbles: true}));
  }

  render() {
    return this.data ? this.page() : nothing;
  }

  /** @returns {unknown} */
  page() {
    return nothing;
  }
}

/**
 * The bar of a screen below another one.
 * @param {{title: string, parent: string, side?: unknown}} what `parent`: where back leads when opened directly
 */
export function subBar({title, parent, side = nothing}) {
  return html`
    <header class="bar bar-sub">
      <a class="bar-back" href=${parent} data-back>${icon('back')}<span class="visually-hidden">${t('back')}</span></a>
      <h1 class="bar-title" tabindex="-1">${title}</h1>
      <div class="bar-side">${side}</div>
    </header>
    <tc-status slim></tc-status>`;
}

/** @param {{icon: string, title: string, text?: string, action?: unknown}} what */
export function empty({icon: name, title, text = '', action = nothing}) {
  return html`
    <div class="empty stack-tight">
      ${icon(name)}
      <p class="empty-title">${title}</p>
      ${text ? html`<p>${text}</p>` : nothing}
      ${action}
    </div>`;
}

/** @param {'ok'|'warn'|'bad'|'info'} tone @param {unknown} content @param {string} [name] the icon */
export function notice(tone, content, name = {ok: 'check', warn: 'warn', bad: 'stop', info: 'info'}[tone]) {
  return html`<div class="notice notice-${tone}">${icon(name)}<div class="grow">${content}</div></div>`;
}

/** One photo, from this phone's store or from the server; a tap shows it whole. */

import {html, LitElement, nothing} from 'lit';
import {icon} from './icons.js';
import {t} from './language.js';
import {phone} from './phone.js';

export class Photo extends LitElement {
  static properties = {
    sha256: {},
    label: {},
    still: {type: Boolean},
    paper: {type: Boolean},
    url: {state: true},
    broken: {state: true},
  };

  constructor() {
    super();
    /** @type {string} */ this.sha256 = '';
    this.label = '';
    this.still = false; // inside a link: nothing to tap by itself
    this.paper = false; // a receipt: its whole view can be straightened
    this.url = '';
    this.broken = false;
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    this.forget();
    super.disconnectedCallback();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('sha256')) this.show(this.sha256);
  }

  /** @param {string} sha256 */
  async show(sha256) {
    this.forget();
    const photo = await phone.store.photo(sha256).catch(() => null); // bytes that the disk does not give back
    if (sha256 !== this.sha256) return;
    this.local = Boolean(photo);
    this.url = photo
      ? URL.createObjectURL(new Blob([photo.bytes], {type: photo.type}))
      : `/api/photos/${sha256}/thumbnail`;
  }

  forget() {
    if (this.url.startsWith('blob:')) URL.revokeObjectURL(this.url);
    this.url = '';
    this.broken = false;
  }

  whole() {
    const url = this.local ? this.url : `/api/photos/${this.sha256}`;
    this.dispatchEvent(new CustomEvent('whole', {bubbles: true, detail: {url, label: this.label, paper: this.paper}}));
  }

  render() {
    if (this.broken)
      return html`<span class="photo photo-away">${icon('photo')}<span class="small">${t(navigator.onLine ? 'photo.nowhere' : 'photo.away')}</span></span>`;
    if (!this.url) return html`<span class="photo"></span>`;
    if (this.still)
      return html`<span class="photo"><img src=${this.url} alt="" width="88" height="88" @error=${() => (this.broken = true)}></span>`;
    return html`
      <button type="button" class="photo" @click=${this.whole} aria-label=${t('photo.open', {label: this.label})}>
        <img src=${this.url} alt="" width="88" height="88" @error=${() => (this.broken = true)}>
      </button>`;
  }
}

customElements.define('tc-photo', Photo);

/** The whole picture over the page. @param {{url: string, label: string, paper?: boolean}|null} shown @param {() => void} close */
export function viewer(shown, close) {
  if (!shown) return nothing;
  return html`
    <div class="viewer" role="dialog" aria-modal="true" aria-label=${t('photo.open', {label: shown.label})}
      @keydown=${(/** @type {KeyboardEvent} */ {key}) => key === 'Escape' && close()}>
      <img src=${shown.url} alt=${shown.label}>
      ${shown.paper ? html`<tc-straight-view url=${shown.url} label=${shown.label}></tc-straight-view>` : nothing}
      <button type="button" class="button viewer-close" @click=${close}>${icon('cross')}<span>${t('close')}</span></button>
    </div>`;
}

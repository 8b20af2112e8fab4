/** One photo, from this phone's store or from the server; a tap lays it on the light-table. */

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
    marks: {attribute: false},
    url: {state: true},
    broken: {state: true},
  };

  constructor() {
    super();
    /** @type {string} */ this.sha256 = '';
    this.label = '';
    this.still = false; // inside a link: nothing to tap by itself
    this.paper = false; // a receipt: whole it can be straightened
    /** @type {import('../domain/marks.js').Mark[]} kept beside it */ this.marks = [];
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
    this.dispatchEvent(new CustomEvent('whole', {bubbles: true, cancelable: true, detail: this}));
  }

  spoken() {
    const {label, marks} = this;
    return t(marks.length ? 'photo.open-marked' : 'photo.open', {label, n: marks.length});
  }

  render() {
    if (this.broken)
      return html`<span class="photo photo-away">${icon('photo')}<span class="small">${t(navigator.onLine ? 'photo.nowhere' : 'photo.away')}</span></span>`;
    if (!this.url) return html`<span class="photo"></span>`;
    if (this.still)
      return html`<span class="photo"><img src=${this.url} alt="" width="88" height="88" @error=${() => (this.broken = true)}></span>`;
    return html`
      <button type="button" class="photo" @click=${this.whole} aria-label=${this.spoken()}>
        <img src=${this.url} alt="" width="88" height="88" @error=${() => (this.broken = true)}>
        ${this.marks.length ? html`<span class="marked">${icon('edit')}</span>` : nothing}
      </button>`;
  }
}

customElements.define('tc-photo', Photo);

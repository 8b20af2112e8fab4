/** Beside a photo that may not do: what is wrong with it, and the camera once more. Who goes on has answered it. */

import {html, LitElement, nothing} from 'lit';
import {icon} from './icons.js';
import {t} from './language.js';
import {photoFaults} from './photo-faults.js';

export class PhotoHint extends LitElement {
  static properties = {sha256: {}, again: {attribute: false}};

  constructor() {
    super();
    this.sha256 = '';
    /** The camera that puts another photo in the place of this one. */
    this.again = () => /** @type {unknown} */ (nothing);
    this.hear = () => this.requestUpdate();
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    photoFaults.addEventListener('judged', this.hear);
  }

  disconnectedCallback() {
    photoFaults.removeEventListener('judged', this.hear);
    super.disconnectedCallback();
  }

  render() {
    const fault = photoFaults.of(this.sha256);
    this.hidden = !fault;
    if (fault !== undefined) this.dataset.judged = fault ?? 'good';
    else delete this.dataset.judged;
    if (!fault) return nothing;
    return html`
      <p class="photo-hint" role="status">${icon('warn')}<span>${t(`photo-hint.${fault}`)}</span></p>
      ${this.again()}`;
  }
}

customElements.define('tc-photo-hint', PhotoHint);

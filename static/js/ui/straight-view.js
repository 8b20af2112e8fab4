/** In the whole view of a receipt's photo: the sheet straightened, where one is found. The photo itself stays what it is. */

import {html, LitElement, nothing} from 'lit';
import {LONGEST, LOOKED_AT, pixels} from './camera.js';
import {icon} from './icons.js';
import {t} from './language.js';

const fetchCode = () => Promise.all([import('../domain/picture/faults.js'), import('../domain/picture/straight.js')]);

export class StraightView extends LitElement {
  static properties = {url: {}, label: {}, corners: {state: true}, straight: {state: true}};

  constructor() {
    super();
    this.url = this.label = '';
    /** @type {import('../domain/picture/frame.js').Point[]|null} */ this.corners = null;
    this.straight = false;
  }

  createRenderRoot() {
    return this;
  }

  firstUpdated() {
    this.find().catch(console.error); // the photo is there all the same
  }

  /** Only a sheet that is in the picture with all its corners. */
  async find() {
    const [[{greyOf, paperFrame}], image] = await Promise.all([fetchCode(), this.image()]);
    const frame = paperFrame(greyOf(pixels(image, LOOKED_AT)));
    this.corners = frame && !frame.cut.length ? frame.corners : null;
  }

  async image() {
    const image = new Image();
    image.src = this.url;
    await image.decode();
    return image;
  }

  async turn() {
    this.straight = !this.straight;
    await this.updateComplete;
    const canvas = this.querySelector('canvas');
    if (canvas && this.corners) await this.draw(canvas, this.corners);
  }

  /** @param {HTMLCanvasElement} canvas @param {import('../domain/picture/frame.js').Point[]} corners */
  async draw(canvas, corners) {
    const [[, {straightened}], image] = await Promise.all([fetchCode(), this.image()]);
    const {width, height, data} = straightened(pixels(image, LONGEST), corners, LONGEST);
    Object.assign(canvas, {width, height});
    canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  }

  render() {
    if (!this.corners) return nothing;
    return html`
      ${this.straight ? html`<canvas class="viewer-sheet" width="1" height="1" role="img" aria-label=${this.label}></canvas>` : nothing}
      <button type="button" class="button viewer-straight" aria-pressed=${this.straight} @click=${this.turn}>${icon('receipt')}<span>${t('photo.straight')}</span></button>`;
  }
}

customElements.define('tc-straight-view', StraightView);

/** Labels through the camera. Only imported when somebody scans: the reader's wasm is large. */

import {prepareZXingModule, readBarcodes} from 'zxing-wasm/reader';
import wasm from 'zxing-wasm/reader/zxing_reader.wasm';
import {greyOf} from '../domain/picture/grey.js';
import {isStriped} from '../domain/picture/stripes.js';
import {ANY, LOOKS, turned} from './looks.js';

prepareZXingModule({overrides: {locateFile: () => wasm}});

const PAUSE = 120; // ms between two looks: an old phone must stay usable
const WIDEST = 1280;

/** @typedef {{torch?: boolean}} Lamp  not in every browser's words yet */

export class Scanner {
  /** @param {HTMLVideoElement} video @param {(look: {labels: import('../domain/labels.js').Label[], striped: boolean}) => void} seen after each look */
  constructor(video, seen) {
    this.video = video;
    this.seen = seen;
    this.canvas = document.createElement('canvas');
    this.running = false;
    this.striped = false; // whether there were bars when a whole look read nothing
  }

  /** Rejects with the browser's error when there is no camera or it is not allowed. */
  async start() {
    const video = {facingMode: 'environment', width: {ideal: WIDEST}, height: {ideal: 720}};
    this.stream = await navigator.mediaDevices.getUserMedia({audio: false, video});
    this.video.srcObject = this.stream;
    await this.video.play();
    this.running = true;
    this.look();
  }

  stop() {
    this.running = false;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
  }

  get track() {
    return this.stream?.getVideoTracks()[0];
  }

  /** Whether this camera has a lamp. */
  get hasLight() {
    return Boolean(/** @type {Lamp|undefined} */ (this.track?.getCapabilities?.())?.torch);
  }

  /** @param {boolean} on */
  async light(on) {
    const lamp = /** @type {MediaTrackConstraintSet & Lamp} */ ({torch: on});
    await this.track?.applyConstraints({advanced: [lamp]});
  }

  async look() {
    for (let turn = 0; this.running; turn = (turn + 1) % LOOKS.length) {
      try {
        const {options, inverted} = LOOKS[turn];
        const picture = this.frame();
        const striped = options === ANY && !inverted ? isStriped(greyOf(picture)) : this.striped;
        const read = await readBarcodes(inverted ? turned(picture) : picture, options);
        this.striped = striped;
        const labels = read.map(({text, format}) => ({text, format}));
        if (this.running) this.seen({labels, striped});
      } catch (error) {
        console.warn(error); // one unreadable frame; the next may be better
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  /** The middle band of the picture, where the frame on the screen is. */
  frame() {
    const {videoWidth: w, videoHeight: h} = this.video;
    const scale = Math.min(1, WIDEST / (w || 1));
    const [width, height] = [Math.max(1, Math.round(w * scale)), Math.max(1, Math.round(h * scale * 0.6))];
    Object.assign(this.canvas, {width, height});
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d', {willReadFrequently: true}));
    context.drawImage(this.video, 0, h * 0.2, w, h * 0.6, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }
}

/** A voice note of one item, beside its written note: recorded by a tap, heard again, taken away. At most a minute. */

import {html, LitElement, nothing} from 'lit';
import {MOST_SPOKEN} from '../domain/checks.js';
import {icon, outline} from './icons.js';
import {t} from './language.js';
import {ending, track} from './pending.js';
import {phone} from './phone.js';
import {NoRecording, record} from './recorder.js';
import {hasRoom, isFull, measureRoom} from './room.js';

const MICROPHONE =
  'M12 14.5a3.2 3.2 0 0 0 3.2-3.2V6.2a3.2 3.2 0 0 0-6.4 0v5.1a3.2 3.2 0 0 0 3.2 3.2zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3';
const HALT = 'M6.5 6.5h11v11h-11z';

/** @typedef {import('../domain/types.js').VoiceName} VoiceName @typedef {(voice: VoiceName) => void} Add */

/** @param {{voice: VoiceName|null|undefined, label: string, add: Add, remove: () => void}} field */
export function voiceField({voice, label, add, remove}) {
  if (!voice) return html`<tc-recorder label=${label} .add=${add}></tc-recorder>`;
  return html`
    <div class="voice-kept">${voiceNote(voice, label)}
      <button type="button" class="button button-small" aria-label="${t('voice.remove')} ${label}" @click=${remove}>${icon('trash')}<span>${t('voice.remove')}</span></button></div>`;
}

/** @param {VoiceName} voice @param {string} label */
export function voiceNote({sha256, seconds}, label) {
  return html`<tc-voice sha256=${sha256} label=${label} .seconds=${seconds}></tc-voice>`;
}

/** @param {number} seconds */
function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

class Recorder extends LitElement {
  static properties = {label: {}, add: {attribute: false}, seconds: {state: true}, asking: {state: true}};

  constructor() {
    super();
    this.label = '';
    /** @type {Add} */ this.add = () => {};
    /** @type {number|null} */ this.seconds = null; // of the recording that goes on
    this.asking = false;
    this.stop = () => {};
  }

  createRenderRoot() {
    return this;
  }

  /** Who leaves the screen has said what there was to say: it is kept. */
  disconnectedCallback() {
    this.stop();
    super.disconnectedCallback();
  }

  async start() {
    if (this.asking || this.seconds !== null) return;
    if (!hasRoom()) return phone.say(t('error.no-room'), 'bad');
    this.asking = true;
    try {
      const recording = await record();
      if (this.isConnected) await this.run(recording);
      else recording.stop();
    } catch (error) {
      fail(error);
    } finally {
      this.asking = false;
      measureRoom();
    }
  }

  /** @param {import('./recorder.js').Recording} recording */
  async run({stop, taken}) {
    const {add} = this;
    const kept = taken.then((voice) => keep(voice, add));
    const since = performance.now();
    this.asking = false;
    this.seconds = 0;
    const timer = setInterval(() => (this.seconds = Math.floor((performance.now() - since) / 1000)), 250);
    this.stop = () => {
      track(kept);
      stop();
    };
    ending.add(this.stop);
    this.updateComplete.then(() => this.querySelector('button')?.focus());
    try {
      await taken.finally(() => track(kept));
      await kept;
    } finally {
      clearInterval(timer);
      ending.delete(this.stop);
      this.stop = () => {};
      this.seconds = null;
    }
  }

  render() {
    const {seconds} = this;
    if (seconds === null)
      return html`<button type="button" class="button voice-take" ?disabled=${this.asking} aria-label="${t('voice.take')} ${this.label}" @click=${this.start}>${outline(MICROPHONE)}<span>${t('voice.take')}</span></button>`;
    return html`
      <div class="voice-taking">
        <button type="button" class="button button-primary voice-stop" aria-label="${t('voice.stop')} ${this.label}" @click=${() => this.stop()}>${outline(HALT)}<span>${t('voice.stop')}</span></button>
        <div class="voice-clock">
          <p class="voice-words"><span role="status">${outline(MICROPHONE)}${t('voice.taking')}</span>
            <b class="number" role="timer">${clock(Math.min(seconds, MOST_SPOKEN))} / ${clock(MOST_SPOKEN)}</b></p>
          <progress max=${MOST_SPOKEN} .value=${seconds} aria-hidden="true"></progress>
        </div>
      </div>`;
  }
}

/**
 * The bytes are on the disk before anything names them.
 * @param {import('./recorder.js').Taken} voice @param {Add} add
 */
async function keep({bytes, type, seconds, full}, add) {
  add({...(await phone.store.savePhoto({bytes, type})), seconds});
  if (full) phone.say(t('voice.ended'));
}

/** @param {unknown} error */
function fail(error) {
  console.warn(error);
  if (error instanceof NoRecording) return phone.say(t(`voice.${error.code}`), 'warn');
  phone.say(t(isFull(error) ? 'error.full' : 'voice.broken'), 'bad');
}

/** One voice note to be heard, from this phone's store or from the server. */
class Voice extends LitElement {
  static properties = {sha256: {}, label: {}, seconds: {type: Number}, url: {state: true}, broken: {state: true}};

  constructor() {
    super();
    this.sha256 = '';
    this.label = '';
    this.seconds = 0;
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
    const voice = await phone.store.photo(sha256).catch(() => null); // bytes that the disk does not give back
    if (sha256 !== this.sha256) return;
    this.url = voice ? URL.createObjectURL(new Blob([voice.bytes], {type: voice.type})) : `/api/photos/${sha256}`;
  }

  forget() {
    if (this.url.startsWith('blob:')) URL.revokeObjectURL(this.url);
    this.url = '';
    this.broken = false;
  }

  render() {
    const {broken, label, seconds: n, url} = this;
    return html`
      <p class="voice-words">${outline(MICROPHONE)}${t('voice.length', {n})}</p>
      ${
        broken
          ? html`<p class="muted small" role="status">${t(navigator.onLine ? 'voice.nowhere' : 'voice.away')}</p>`
          : url
            ? html`<audio controls preload="none" src=${url} aria-label=${t('voice.play', {label, n})} @error=${() => (this.broken = true)}></audio>`
            : nothing
      }`;
  }
}

customElements.define('tc-recorder', Recorder);
customElements.define('tc-voice', Voice);

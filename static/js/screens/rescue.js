/** The queue as a file: for a phone that cannot send. Nothing here asks the network, and nothing leaves the store. */

import {html, nothing} from 'lit';
import {pack, waiting} from '../sync/rescue.js';
import {icon} from '../ui/icons.js';
import {t} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {empty, notice, Screen, subBar} from '../ui/screen.js';
import {word} from './rescue-words.js';

const MEGABYTE = 1e6;

/** @extends {Screen<import('../sync/rescue.js').Queue>} */
export class Rescue extends Screen {
  static properties = {done: {state: true}, made: {state: true}, failed: {state: true}};

  constructor() {
    super();
    /** @type {number|null} photos read so far, while the file is made */ this.done = null;
    /** @type {{name: string, url: string, file: File, lost: import('../sync/rescue.js').Lost[], of: string}|null} */ this.made =
      null;
    this.failed = false;
  }

  disconnectedCallback() {
    this.forget();
    super.disconnectedCallback();
  }

  /** @param {string[]|undefined} stores */
  reads(stores) {
    return !stores || stores.some((name) => name === 'records' || name === 'drafts');
  }

  async read() {
    return waiting(phone.store);
  }

  page() {
    const {records, drafts, photos} = this.data;
    const any = records.length || drafts.length;
    return html`
      ${subBar({title: t('title.rescue'), parent: '/app/me'})}
      <div class="page stack" data-rescue=${this.made ? 'made' : this.done === null ? 'waiting' : 'making'}>
        ${any || this.made ? nothing : empty({icon: 'sent', title: word('none'), text: word('none-text')})}
        ${any ? html`<section class="card stack-tight"><p>${word('what')}</p><p><strong class="number" data-holds>${word('holds', {records: records.length, photos: photos.length, drafts: drafts.length})}</strong><br><span class="muted" data-size>${word('size', {size: sizeText(this.data.bytes)})}</span></p><p class="muted small">${word('keeps')}</p></section>` : nothing}
        ${this.failed ? notice('bad', word('failed')) : nothing}
        ${this.made ? this.ready(this.made) : nothing}
        ${this.step(any)}
        ${any ? notice('info', word('personal')) : nothing}
      </div>`;
  }

  /** @param {boolean|number} any */
  step(any) {
    const total = this.data.photos.length;
    if (this.done !== null)
      return html`<p role="status">${word('making', {done: this.done, total})}</p><progress class="rescue-progress" max=${total || 1} value=${this.done} aria-label=${t('title.rescue')}></progress>`;
    if (!any || (this.made && this.made.of === stamp(this.data))) return nothing;
    const label = word(this.made ? 'again' : 'make');
    return html`<button type="button" class="button button-wide ${this.made ? '' : 'button-primary'}" data-make @click=${this.make}>${icon('install')}<span>${label}</span></button>`;
  }

  /** @param {NonNullable<Rescue['made']>} made */
  ready({name, url, file, lost, of}) {
    const share = canShare(file);
    return html`
      <section class="card stack-tight" data-file=${name}>
        <h2 class="card-title">${word('ready', {size: sizeText(file.size)})}</h2>
        <p class="mono small">${name}</p>
        ${lost.length ? notice('warn', word('lost', {n: lost.length})) : nothing}
        ${of === stamp(this.data) ? nothing : notice('warn', word('newer'))}
        ${share ? html`<button type="button" class="button button-primary button-wide" data-share @click=${() => this.share(file)}>${icon('up')}<span>${word('share')}</span></button>` : nothing}
        <a class="button button-wide ${share ? '' : 'button-primary'}" href=${url} download=${name} data-save>${icon('install')}<span>${word('save')}</span></a>
      </section>`;
  }

  async make() {
    if (this.done !== null) return;
    this.forget();
    Object.assign(this, {done: 0, failed: false});
    try {
      const queue = this.data;
      const [person, version] = await Promise.all([phone.store.get('person'), phone.store.get('version')]);
      const who = person ?? phone.person;
      if (!who) return; // nobody holds this phone
      const report = (/** @type {number} */ done) => Object.assign(this, {done});
      const about = {person: who, device: navigator.userAgent, version, now: Date.now(), report};
      const {name, blob, lost} = await pack(phone.store, queue, about);
      const file = new File([blob], name, {type: blob.type});
      if (this.isConnected) this.made = {name, url: URL.createObjectURL(file), file, lost, of: stamp(queue)};
    } catch (error) {
      console.error(error);
      this.failed = true;
    } finally {
      this.done = null;
    }
  }

  /** By a tap of its own: browsers allow it only then. @param {File} file */
  async share(file) {
    try {
      await navigator.share({files: [file]});
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'AbortError') console.warn(error); // saving it is still there
    }
  }

  forget() {
    if (this.made) URL.revokeObjectURL(this.made.url);
    this.made = null;
  }
}

/** What a file was made of, to know whether it is still all. @param {import('../sync/rescue.js').Queue} queue */
function stamp({records, drafts}) {
  return [...records.map(({id}) => id), ...drafts.map(({id, saved}) => `${id} ${saved}`)].join();
}

/** @param {File} file */
function canShare(file) {
  try {
    return navigator.canShare?.({files: [file]}) ?? false;
  } catch {
    return false;
  }
}

/** @param {number} bytes */
function sizeText(bytes) {
  return bytes < MEGABYTE / 10 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

customElements.define('tc-rescue', Rescue);

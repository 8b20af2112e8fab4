/** A screen on which one place is found among many: by what is typed, nearest first once the phone knows where it is. */

import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {icon} from './icons.js';
import {t} from './language.js';
import {mayLocate, place} from './place.js';
import {Screen} from './screen.js';

const PAGE = 40; // rows at once: an old phone draws hundreds slowly

/**
 * @template {object} Data what `read()` finds
 * @extends {Screen<Data>}
 */
export class Finder extends Screen {
  static properties = {query: {state: true}, shown: {state: true}, looking: {state: true}};

  constructor() {
    super();
    this.query = '';
    this.shown = PAGE;
    this.looking = false;
    this.news = () => this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    place.addEventListener('place', this.news);
    mayLocate().then((may) => may && this.isConnected && this.locate());
  }

  disconnectedCallback() {
    place.removeEventListener('place', this.news);
    if (this.looking) place.release();
    this.looking = false;
    super.disconnectedCallback();
  }

  locate() {
    if (this.looking) return place.again();
    this.looking = true;
    place.hold();
  }

  /** The line to type into, and where the phone is. @param {string} label what is looked for */
  finder(label) {
    return html`
      <div class="finder">
        <label class="visually-hidden" for="find">${label}</label>
        <div class="finder-line">${icon('search')}<input id="find" type="search" class="input" placeholder=${label} autocomplete="off" enterkeyhint="search" .value=${this.query} @input=${this.find}></div>
        ${this.whereabouts()}
      </div>`;
  }

  /** In which words the order of the rows is told, once the phone knows where it is. */
  get order() {
    return 'relay.nearest';
  }

  /** @param {Event} event */
  find({target}) {
    this.query = /** @type {HTMLInputElement} */ (target).value;
    this.shown = PAGE;
  }

  whereabouts() {
    const fix = place.fresh();
    if (fix)
      return html`<p class="finder-where" role="status">${icon('target')}${t(this.order, {n: Math.round(fix.accuracy)})}</p>`;
    if (this.looking && place.state === 'waiting')
      return html`<p class="finder-where" role="status">${icon('target')}${t('place.waiting')}</p>`;
    const failed = this.looking ? html`<span>${t(`place.${place.state}`)}</span>` : nothing;
    return html`<p class="finder-where">${failed}<button type="button" class="button button-small" @click=${this.locate}>${icon('target')}<span>${t('relay.locate')}</span></button></p>`;
  }

  /**
   * As many rows as an old phone draws at once, and a button for more.
   * @template R @param {R[]} rows @param {(row: R) => string} key @param {(row: R) => unknown} draw
   */
  list(rows, key, draw) {
    const more = rows.length - this.shown;
    return html`
      <ul class="points">${repeat(rows.slice(0, this.shown), key, draw)}</ul>
      ${more > 0 ? html`<p class="center"><button type="button" class="button" @click=${() => (this.shown += PAGE)}>${t('more', {n: more})}</button></p>` : nothing}`;
  }
}

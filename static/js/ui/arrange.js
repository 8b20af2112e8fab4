/** A list whose rows somebody puts in order: pulled by a handle, or moved by buttons, which the keyboard reaches too. */

import {html, LitElement} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {shifted} from '../domain/round.js';
import {icon} from './icons.js';
import {t} from './language.js';

/** @typedef {{id: string, name: string, about: unknown}} Row */

const EDGE = 80; // pixels of the window's edge at which a pulled row takes the page along
const SPEED = 12; // pixels a frame

export class Arrange extends LitElement {
  static properties = {rows: {attribute: false}, order: {state: true}, said: {state: true}, pulled: {state: true}};

  constructor() {
    super();
    /** @type {Row[]} */ this.rows = [];
    /** @type {string[]|null} as somebody is putting it; null: as it came */ this.order = null;
    /** @type {string} */ this.said = '';
    /** @type {string|null} the row in somebody's hand */ this.pulled = null;
    this.finger = 0;
    /** @type {string[]} as it was when the row was taken */ this.taken = [];
    this.pull = this.pull.bind(this);
    this.drop = this.drop.bind(this);
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    this.drop();
    super.disconnectedCallback();
  }

  /** News of the rows take nothing out of a hand. @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('rows') && !this.pulled) this.order = null;
  }

  get ids() {
    return this.order ?? this.rows.map(({id}) => id);
  }

  get shown() {
    const rows = new Map(this.rows.map((row) => [row.id, row]));
    return this.ids.flatMap((id) => rows.get(id) ?? []);
  }

  /** @param {string} id @param {number} by @param {'up'|'down'} [button] that was pressed, and keeps the focus */
  async move(id, by, button) {
    const ids = shifted(this.ids, id, by);
    if (ids.join() === this.ids.join()) return;
    this.order = ids;
    this.said = t('arrange.said', {
      name: this.rows.find((row) => row.id === id)?.name,
      n: ids.indexOf(id) + 1,
      of: ids.length,
    });
    if (this.pulled) return;
    this.tell();
    await this.updateComplete;
    const keep = /** @type {HTMLElement|null} */ (this.querySelector(`[data-row="${id}"] [data-move="${button}"]`));
    keep?.focus();
    keep?.scrollIntoView({block: 'nearest'});
  }

  tell() {
    this.dispatchEvent(new CustomEvent('arranged', {detail: {ids: this.ids}, bubbles: true}));
  }

  // --- by the handle

  /** @param {PointerEvent} event @param {string} id */
  take(event, id) {
    if (event.button || this.pulled) return;
    for (const [name, hear] of this.listening) window.addEventListener(name, hear); // the row itself is moved about
    Object.assign(this, {pulled: id, finger: event.clientY, taken: this.ids});
    this.glide();
  }

  /** What is heard while a row is in somebody's hand. @returns {[string, EventListener][]} */
  get listening() {
    const pull = /** @type {EventListener} */ (this.pull);
    return [
      ['pointermove', pull],
      ['pointerup', this.drop],
      ['pointercancel', this.drop],
    ];
  }

  /** @param {PointerEvent} event */
  pull(event) {
    if (!this.pulled) return;
    this.finger = event.clientY;
    this.settle();
  }

  /** The row goes where the finger is. */
  settle() {
    const all = [.../** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll('[data-row]'))];
    const from = all.findIndex((row) => row.dataset.row === this.pulled);
    const to = all.findIndex((row) => row.getBoundingClientRect().bottom > this.finger);
    const place = to < 0 ? all.length - 1 : to;
    if (from >= 0 && from !== place) this.move(/** @type {string} */ (this.pulled), place - from);
  }

  /** At the window's edge the page comes along. */
  glide() {
    if (!this.pulled || !this.isConnected) return;
    const down = this.finger > window.innerHeight - EDGE ? 1 : this.finger < EDGE ? -1 : 0;
    if (down) {
      window.scrollBy(0, down * SPEED);
      this.settle();
    }
    requestAnimationFrame(() => this.glide());
  }

  drop() {
    const {taken} = this;
    for (const [name, hear] of this.listening) window.removeEventListener(name, hear);
    if (!this.pulled) return;
    this.pulled = null;
    if (taken.join() !== this.ids.join()) this.tell();
  }

  render() {
    return html`
      <ol class="arrange">${repeat(
        this.shown,
        ({id}) => id,
        (row, i) => this.row(row, i),
      )}</ol>
      <p class="visually-hidden" role="status">${this.said}</p>`;
  }

  /** @param {Row} row @param {number} i */
  row({id, name, about}, i) {
    const step = (/** @type {'up'|'down'} */ way, /** @type {boolean} */ end) => html`
      <button type="button" class="icon-button arrange-step" data-move=${way} aria-label=${t(`arrange.${way}`, {name})} aria-disabled=${end}
        @click=${() => this.move(id, way === 'up' ? -1 : 1, way)}>${icon(way === 'up' ? 'rise' : 'down')}</button>`;
    return html`
      <li class="arrange-row ${id === this.pulled ? 'arrange-pulled' : ''}" data-row=${id}>
        <span class="icon-button arrange-handle" data-handle @pointerdown=${(/** @type {PointerEvent} */ event) => this.take(event, id)}>${icon('grip')}</span>
        <span class="round-number number">${i + 1}</span>
        <span class="grow"><b>${name}</b><small>${about}</small></span>
        ${step('up', i === 0)}${step('down', i === this.rows.length - 1)}
      </li>`;
  }
}

customElements.define('tc-arrange', Arrange);

/** The relay points of a round, as a list or on a map: not yet visited this month first, in the own order or nearest first. */

import {html, nothing} from 'lit';
import {metresTo, search} from '../domain/places.js';
import {inOrder, lengthOf, proposed} from '../domain/round.js';
import {nearDayText} from '../ui/dates.js';
import {Finder} from '../ui/finder.js';
import {icon} from '../ui/icons.js';
import {named, t, tOr} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {place} from '../ui/place.js';
import {notSaved} from '../ui/room.js';
import {router} from '../ui/router.js';
import {empty, subBar} from '../ui/screen.js';
import '../ui/arrange.js';
import {begin} from './beginning.js';
import {distanceText} from './point-card.js';
import {keepRound, readRelay} from './relay-data.js';
import {mapPage} from './relay-map.js';

/**
 * @typedef {import('../domain/types.js').Point} Point
 * @typedef {{id: string, point: Point, metres: number|null, number: number|null}} Row  metres from where the phone is; its number in the
 *   own order, while it is still to be visited
 */

/** @type {Map<string, string>} by the address: the point whose card lies open, for whoever comes back */
const opened = new Map();

/** @extends {Finder<import('./relay-data.js').Data>} */
export class Relay extends Finder {
  static properties = {...Finder.properties, chosen: {state: true}, arranging: {state: true}};

  constructor() {
    super();
    /** @type {string|null} on the map */ this.chosen = null;
    this.arranging = false;
    /** @type {string[]} nearest first, as it was when somebody began to put it in order: walking on moves no row */ this.still =
      [];
  }

  connectedCallback() {
    super.connectedCallback();
    this.chosen = opened.get(this.route.path) ?? null;
  }

  async read() {
    return readRelay(this.route.id);
  }

  /** Known points have what the register says; of others the phone knows where it stood itself. @returns {Row[]} */
  get rows() {
    const {points, routes, kept, states} = this.data;
    const all = points.map((point) => ({id: point.id, point, metres: this.metres(point)}));
    if (!kept.length) all.sort((a, b) => (a.metres ?? Infinity) - (b.metres ?? Infinity) || 0);
    const rows = inOrder(all, kept, states).map((row, i) => ({
      ...row,
      number: kept.length && !this.visited(row) ? i + 1 : null,
    }));
    const found = this.query && new Set(search(points, this.query, routes));
    return found ? rows.filter(({point}) => found.has(point)) : rows;
  }

  /** @param {Point} point @returns {number|null} */
  metres(point) {
    const stand = this.data.stands.get(point.id);
    return stand ? metresTo(stand, place.fresh()) : null;
  }

  get order() {
    return this.data.kept.length ? 'relay.own-order' : 'relay.nearest';
  }

  get onMap() {
    return this.route.name === 'map';
  }

  page() {
    const {kind, points, done, elsewhere} = this.data;
    return html`
      ${subBar({title: named(kind) || t('title.relay'), parent: '/app/', side: html`<span class="saved">${t('relay.done', {n: done.size})}</span>`})}
      ${points.length + elsewhere ? this.views() : nothing}
      ${this.arranging ? this.arrange() : this.onMap ? html`<div class="page stack">${points.length ? mapPage(this) : this.none()}</div>` : this.listPage()}`;
  }

  none() {
    return empty({icon: 'point', title: t('relay.none'), text: t('relay.none-text')});
  }

  /** List or map, in the address; and the route that is walked, where there are several. */
  views() {
    const {walked, route} = this.data;
    const end = this.route.id ? `/${this.route.id}` : '';
    const view = (/** @type {string} */ path, /** @type {string} */ name, /** @type {boolean} */ here) => html`
      <a class="view" href="${path}${end}" data-view=${name} aria-current=${here ? 'page' : nothing} @click=${(/** @type {Event} */ event) => this.face(event, `${path}${end}`)}>${icon(name)}<span>${t(`relay.${name}`)}</span></a>`;
    return html`
      <div class="views">
        <nav class="view-pair" aria-label=${t('relay.views')}>${view('/app/relay', 'list', !this.onMap)}${view('/app/map', 'map', this.onMap)}</nav>
        ${
          walked.length > 1
            ? html`<label class="visually-hidden" for="walked">${t('point.route')}</label>
              <select id="walked" class="view-route" @change=${this.walk}><option value="" ?selected=${!route}>${t('relay.all-routes')}</option>
                ${walked.map(({id, name, code}) => html`<option value=${id} ?selected=${id === route?.id}>${name || code}</option>`)}</select>`
            : nothing
        }
      </div>`;
  }

  /** One screen in two looks: Back leads to where both were opened. @param {Event} event @param {string} path */
  face(event, path) {
    event.preventDefault();
    if (path !== this.route.path) router.go(path, {replace: true});
  }

  /** @param {Event} event */
  async walk({target}) {
    const id = /** @type {HTMLSelectElement} */ (target).value || null;
    await keepRound(this.data, {route: id}).catch(notSaved);
  }

  listPage() {
    const {points} = this.data;
    const rows = this.rows;
    const due = rows.filter(({point}) => !this.visited(point)).length;
    const heads = new Map(
      rows.length
        ? [
            [rows[0].point.id, due ? 'due' : 'visited'],
            [rows[due]?.point.id ?? '', 'visited'],
          ]
        : [],
    );
    return html`
      ${this.finder(t('relay.find'))}
      <div class="page">
        ${points.length ? nothing : this.none()}
        ${points.length && !rows.length ? empty({icon: 'search', title: t('relay.no-match')}) : nothing}
        ${this.query ? nothing : this.ways()}
        ${this.list(
          rows,
          ({point}) => point.id,
          (row) => html`${this.head(heads.get(row.point.id), due, rows.length - due)}${this.row(row)}`,
        )}
      </div>`;
  }

  /** @param {string|undefined} which @param {number} due @param {number} visited */
  head(which, due, visited) {
    if (!which) return nothing;
    return html`<li class="points-head" data-head=${which}><h2 class="section-title">${t(`relay.${which}`, {n: which === 'due' ? due : visited})}</h2></li>`;
  }

  /** To put the round in order, by oneself or by a proposal: what is still to be visited. */
  ways() {
    if (this.due.length < 2) return nothing;
    return html`
      <p class="round-ways">
        <button type="button" class="button button-small" data-propose @click=${this.propose}>${icon('split')}<span>${t('round.propose')}</span></button>
        <button type="button" class="button button-small" data-arrange @click=${() => this.fold(true)}>${icon('grip')}<span>${t('round.arrange')}</span></button>
      </p>`;
  }

  get due() {
    return this.rows.filter(({point}) => !this.visited(point));
  }

  /** @param {boolean} open */
  async fold(open) {
    this.arranging = open;
    this.still = this.due.map(({id}) => id);
    await this.updateComplete;
    window.scrollTo(0, 0);
    /** @type {HTMLElement|null} */ (this.querySelector(open ? '.arrange-step' : '[data-arrange]'))?.focus();
  }

  arrange() {
    const {kept, states} = this.data;
    const due = kept.length ? this.due : inOrder(this.due, this.still, states);
    const rows = due.map((row) => ({id: row.id, name: row.point.name, about: this.stateText(row.point)}));
    return html`
      <div class="page stack">
        <p class="muted">${t('round.arrange-hint')}</p>
        <p class="round-ways">
          <button type="button" class="button button-small" data-propose @click=${this.propose}>${icon('split')}<span>${t('round.propose')}</span></button>
          <button type="button" class="button button-small button-primary" data-arranged @click=${() => this.fold(false)}>${icon('check')}<span>${t('round.done')}</span></button>
        </p>
        ${kept.length ? html`<p><button type="button" class="button button-small" data-nearest @click=${() => this.keep([])}>${icon('undo')}<span>${t('round.nearest')}</span></button></p>` : nothing}
        <tc-arrange .rows=${rows} @arranged=${(/** @type {CustomEvent} */ {detail}) => this.keep(detail.ids)}></tc-arrange>
      </div>`;
  }

  /** @param {string[]} ids of those still to be visited, or none: nearest first again */
  async keep(ids) {
    const after = this.rows.map(({id}) => id).filter((id) => !ids.includes(id));
    try {
      await keepRound(this.data, {order: ids.length ? [...ids, ...after] : []});
    } catch (error) {
      notSaved(error);
    }
  }

  /** A short way over those still to be visited, from here; the others follow. It can be taken back. */
  async propose() {
    const {kept, stands} = this.data;
    const known = this.due.flatMap(({id}) => {
      const stand = stands.get(id);
      return stand ? [{id, latitude: stand.latitude, longitude: stand.longitude}] : [];
    });
    if (known.length < 2) return phone.say(t('round.too-few'), 'warn');
    const order = proposed(known, place.fresh());
    await this.keep(order);
    const metres = lengthOf(order.flatMap((id) => stands.get(id) ?? []));
    phone.say(t('round.proposed', {n: order.length, distance: distanceText(metres)}), 'ok', () => this.keep(kept));
  }

  /** This month. @param {{id: string}} point */
  visited({id}) {
    return this.data.states.get(id)?.visited ?? false;
  }

  /** @param {Row} row */
  row({point, metres, number}) {
    return html`
      <li>
        <a class="point" href=${this.route.path} data-point=${point.id} @click=${(/** @type {Event} */ event) => this.call(event, point)}>
          ${number ? html`<span class="round-number number">${number}</span>` : nothing}
          <span class="grow"><b>${point.name}</b><small>${this.about(point)}</small>
            <small>${this.mark(point)}</small></span>
          <span class="point-far number">${metres === null ? nothing : distanceText(metres)}</span>${icon('next', 'tile-next')}
        </a>
      </li>`;
  }

  /** @param {Point} point */
  about(point) {
    return [tOr(`point.${point.kind}`, point.kind), this.data.routeNames.get(point.route ?? ''), point.address]
      .filter(Boolean)
      .join(' · ');
  }

  /** @param {Point} point */
  mark(point) {
    const {begun, done, states} = this.data;
    if (begun.has(point.id)) return html`<span class="chip chip-warn">${icon('edit')}${t('relay.begun')}</span>`;
    if (states.get(point.id)?.failed)
      return html`<span class="chip chip-bad">${icon('cross')}${this.stateText(point)}</span>`;
    if (done.has(point.id)) return html`<span class="chip chip-ok">${icon('check')}${t('relay.today')}</span>`;
    if (this.visited(point)) return html`<span class="chip chip-ok">${icon('check')}${this.stateText(point)}</span>`;
    return this.stateText(point);
  }

  /** How it stands, in words. @param {Point} point */
  stateText(point) {
    const {done, states} = this.data;
    if (states.get(point.id)?.failed) return t('relay.failed');
    if (done.has(point.id)) return t('relay.today');
    return point.checked ? t('relay.checked', {day: nearDayText(point.checked)}) : t('point.never');
  }

  /** @param {string|null} id */
  open(id) {
    this.chosen = id;
    if (id) opened.set(this.route.path, id);
    else opened.delete(this.route.path);
  }

  /** @param {Event} event @param {Point} point */
  async call(event, point) {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    try {
      const {kind, unit, begun} = this.data;
      if (!kind || !unit) return;
      const known = begun.get(point.id);
      const fresh = known ? undefined : await begin(kind, unit.code, {items: [{subject: point.id}]});
      const id = known ?? fresh?.id;
      router.go(`/app/check/${id}`, {fresh});
    } catch (error) {
      notSaved(error);
    } finally {
      this.busy = false;
    }
  }
}

customElements.define('tc-relay', Relay);

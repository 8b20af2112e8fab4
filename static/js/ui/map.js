/** The map: shapes on paper, their names, one's own place, north and a scale. Drawn here, so it is there without signal. */

import {html, LitElement, nothing, svg} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {labelled, moved, pixelOf, scaleBar, viewOf, widthOf, zoomed} from '../domain/map.js';
import {distance} from '../domain/places.js';
import {icon} from './icons.js';
import {t} from './language.js';

/**
 * @typedef {import('../domain/map.js').Spot} Spot
 * @typedef {import('../domain/map.js').View} View
 * @typedef {import('../domain/map.js').Pixel} Pixel
 * @typedef {Spot & {id: string, shape: 'due'|'visited'|'failed', name: string, number: number|null, colour: number, told: string}} Mark
 *   `number` of the round; `colour` of its route; `told`: all that its shape says, in words
 * @typedef {{name: string, colour: number, at: Mark}} Group  a route, named beside this one of its points
 */

const ROOM = {due: 13, visited: 10, failed: 13}; // pixels: what is still to be done is larger
const PADDING = 36;
const THUMB = 30; // pixels around a shape in which a tap means it
const STILL = 8; // pixels that a finger may move and still have tapped
const STEP = 1.6;
const PULL = 60; // pixels of an arrow key
const BAR = 110; // pixels that the scale has
const BESIDE = 3000; // metres from the next shape at which the phone belongs into the picture
const CROWD = 25; // shapes
const CORNER = 56; // pixels of the buttons' and the arrow's corners
const COLOURS = 6; // of routes in tokens.css; more than these share them, and have their names

/** What somebody looked at last, by the map's name: they come back to it. @type {Map<string, View>} */
const looked = new Map();

export class PointMap extends LitElement {
  static properties = {
    name: {},
    marks: {attribute: false},
    groups: {attribute: false},
    way: {attribute: false},
    fix: {attribute: false},
    chosen: {},
    view: {state: true},
    box: {state: true},
  };

  constructor() {
    super();
    this.name = '';
    /** @type {Mark[]} at least one, in the order of the round */ this.marks = [];
    /** @type {Group[]} */ this.groups = [];
    /** @type {Spot[]} the round */ this.way = [];
    /** @type {(Spot & {accuracy: number})|null} */ this.fix = null;
    /** @type {string|null} */ this.chosen = null;
    /** @type {View|null} null: all of it */ this.view = null;
    this.box = {width: 0, height: 0, padding: PADDING};
    /** @type {Map<number, Pixel>} the fingers on it */ this.fingers = new Map();
    this.pulled = 0;
    this.measure = () => this.size();
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('resize', this.measure);
    requestAnimationFrame(this.measure); // laid out by then
  }

  disconnectedCallback() {
    window.removeEventListener('resize', this.measure);
    super.disconnectedCallback();
  }

  /** As wide as its column, and no higher than what leaves room for the card below. */
  size() {
    const width = this.clientWidth;
    const height = Math.round(Math.max(240, Math.min(width * 0.95, window.innerHeight * 0.5)));
    if (width && (width !== this.box.width || height !== this.box.height)) this.box = {...this.box, width, height};
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('name')) this.view = looked.get(this.name) ?? null;
  }

  /** All shapes, and where the phone is unless that is far off. */
  get whole() {
    const {fix, marks} = this;
    const beside = fix && marks.some((mark) => distance(mark, fix) < BESIDE);
    const spots = beside ? [...marks, fix] : marks;
    const view = viewOf(spots, this.box);
    const hidden = spots.some((spot) => this.corners.some((corner) => lies(pixelOf(view, this.box, spot), corner)));
    return hidden ? viewOf(spots, {...this.box, padding: CORNER + ROOM.due}) : view;
  }

  /** What the arrow, the buttons and the scale cover. @returns {import('../domain/map.js').Rect[]} */
  get corners() {
    const {width, height} = this.box;
    const left = document.documentElement.dataset.hand === 'left';
    return [
      {x: width - CORNER, y: 0, width: CORNER, height: CORNER},
      {x: left ? 0 : width - CORNER, y: height - 2 * CORNER, width: CORNER, height: 2 * CORNER},
      {x: 0, y: height - CORNER / 2, width: BAR + 60, height: CORNER / 2},
    ];
  }

  get shown() {
    return this.view ?? this.whole;
  }

  /** @param {View|null} view */
  look(view) {
    this.view = view;
    if (view) looked.set(this.name, view);
    else looked.delete(this.name);
  }

  /** @param {Spot} spot */
  at(spot) {
    return pixelOf(this.shown, this.box, spot);
  }

  // --- fingers, mouse and keys

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button) return;
    if (!this.fingers.size) this.pulled = 0;
    this.fingers.set(event.pointerId, this.pixel(event));
  }

  /** @param {MouseEvent} event @returns {Pixel} */
  pixel({clientX, clientY}) {
    const {left, top} = this.paper.getBoundingClientRect();
    return {x: clientX - left, y: clientY - top};
  }

  get paper() {
    return /** @type {SVGElement} */ (this.querySelector('svg.map-paper'));
  }

  /** One finger pulls the paper where it is larger than the box, two stretch it. @param {PointerEvent} event */
  move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = this.pixel(event);
    const [right, down] = [now.x - before.x, now.y - before.y];
    this.pulled += Math.hypot(right, down);
    if (this.pulled < STILL) return;
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.fingers.set(event.pointerId, now);
    if (other) return this.stretch(before, now, other);
    if (this.view || event.pointerType === 'mouse') this.look(moved(this.shown, right, down));
  }

  /** @param {Pixel} before @param {Pixel} now @param {Pixel} other the finger that rests */
  stretch(before, now, other) {
    const span = (/** @type {Pixel} */ one) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
    const middle = {x: (before.x + other.x) / 2, y: (before.y + other.y) / 2};
    const view = zoomed(this.shown, this.box, span(now) / span(before), middle);
    this.look(moved(view, (now.x - before.x) / 2, (now.y - before.y) / 2));
  }

  /** @param {PointerEvent} event */
  up(event) {
    this.fingers.delete(event.pointerId);
  }

  /** A tap means the nearest shape; what the keyboard or a screen reader presses, itself. @param {MouseEvent} event */
  tap(event) {
    if (event.detail && this.pulled >= STILL) return; // the end of a pull; what presses without a finger has no detail
    const pressed = /** @type {Element} */ (event.target).closest('[data-mark]')?.getAttribute('data-mark');
    const finger = this.pixel(event);
    const near = this.marks
      .map((mark) => ({mark, far: span(this.at(mark), finger)}))
      .filter(({far}) => far <= THUMB)
      .sort((a, b) => a.far - b.far)[0];
    const id = near?.mark.id ?? pressed;
    if (id) this.choose(id);
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return; // the page is scrolled with it
    event.preventDefault();
    this.look(zoomed(this.shown, this.box, event.deltaY < 0 ? STEP : 1 / STEP, this.pixel(event)));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const pulls = {ArrowLeft: [PULL, 0], ArrowRight: [-PULL, 0], ArrowUp: [0, PULL], ArrowDown: [0, -PULL]};
    const mark = /** @type {Element} */ (event.target).closest('[data-mark]');
    const pull = /** @type {Record<string, number[]>} */ (pulls)[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (mark && (event.key === 'Enter' || event.key === ' ')) this.press(mark.getAttribute('data-mark') ?? '');
    else if (mark && pull) this.step(mark, pull[0] + pull[1] < 0 ? 1 : -1);
    else if (pull) this.look(moved(this.shown, pull[0], pull[1]));
    else if (event.key === '+' || event.key === '=') this.zoom(STEP);
    else if (event.key === '-') this.zoom(1 / STEP);
    else if (event.key === '0') this.look(null);
    else return;
    event.preventDefault();
  }

  /** To the next shape of the round, and from the last to the first. @param {Element} mark @param {number} by */
  step(mark, by) {
    const ids = this.marks.map(({id}) => id);
    const next = ids[(ids.indexOf(mark.getAttribute('data-mark') ?? '') + by + ids.length) % ids.length];
    this.focusOn(next);
  }

  /** @param {string} id */
  focusOn(id) {
    /** @type {SVGElement|null} */ (this.querySelector(`[data-mark="${id}"]`))?.focus();
  }

  /** What has the focus is seen: a shape outside of the box comes into its middle. @param {FocusEvent} event */
  bring({target}) {
    const id = /** @type {Element} */ (target).closest('[data-mark]')?.getAttribute('data-mark');
    const mark = this.marks.find((one) => one.id === id);
    if (!mark || this.isSeen(this.at(mark))) return;
    this.look({centre: {latitude: mark.latitude, longitude: mark.longitude}, scale: this.shown.scale});
  }

  /** @param {Pixel} pixel */
  isSeen({x, y}) {
    return x > 0 && y > 0 && x < this.box.width && y < this.box.height;
  }

  /** By a key: the shape is drawn anew above the others, and keeps the focus. @param {string} id */
  press(id) {
    this.choose(id);
    requestAnimationFrame(() => this.focusOn(id));
  }

  /** What matters most is drawn last, above the others. */
  get stacked() {
    const height = (/** @type {Mark} */ {id, shape}) =>
      id === this.chosen ? 3 : {visited: 0, due: 1, failed: 2}[shape];
    return [...this.marks].sort((a, b) => height(a) - height(b));
  }

  /** @param {number} factor */
  zoom(factor) {
    this.look(zoomed(this.shown, this.box, factor, this.chosenPixel));
  }

  /** Where somebody reads stays in sight. */
  get chosenPixel() {
    const mark = this.marks.find(({id}) => id === this.chosen);
    const pixel = mark && this.at(mark);
    return pixel && this.isSeen(pixel) ? pixel : undefined;
  }

  /** @param {string} id */
  choose(id) {
    this.dispatchEvent(new CustomEvent('choose', {detail: {id}, bubbles: true}));
  }

  // --- drawing

  render() {
    const {width, height} = this.box;
    return html`
      <div class="map" role="group" aria-label=${t('map.label')} tabindex="0" @keydown=${this.key}>
        ${width ? this.sheet(width, height) : nothing}
        <div class="map-buttons">
          <button type="button" class="icon-button" aria-label=${t('map.nearer')} @click=${() => this.zoom(STEP)}>${icon('plus')}</button>
          <button type="button" class="icon-button" aria-label=${t('map.farther')} @click=${() => this.zoom(1 / STEP)}>${icon('dash')}</button>
          ${this.view ? html`<button type="button" class="icon-button" aria-label=${t('map.whole')} @click=${() => this.look(null)}>${icon('whole')}</button>` : nothing}
        </div>
      </div>`;
  }

  /** @param {number} width @param {number} height */
  sheet(width, height) {
    const bar = scaleBar(this.shown.scale, BAR);
    return html`
      <svg class="map-paper ${this.view ? 'map-loose' : ''}" width=${width} height=${height} viewBox="0 0 ${width} ${height}"
        @pointerdown=${this.down} @pointermove=${this.move} @pointerup=${this.up} @pointercancel=${this.up} @pointerleave=${this.up}
        @click=${this.tap} @wheel=${this.wheel} @focusin=${this.bring}>
        <path class="map-grid" d=${this.grid(bar.width)}></path>
        ${this.way.length > 1 ? svg`<polyline class="map-way" points=${this.way.map((spot) => pair(this.at(spot))).join(' ')}></polyline>` : nothing}
        ${this.here()}
        ${repeat(
          this.stacked,
          ({id}) => id,
          (mark) => this.mark(mark),
        )}
        ${this.names()}
        ${north(width)}${scale(bar, height)}
      </svg>`;
  }

  /** Squares as wide as the scale, which move with the paper. @param {number} side pixels */
  grid(side) {
    const {width, height} = this.box;
    const from = this.at(this.marks[0] ?? this.shown.centre);
    const lines = [];
    for (let x = ((from.x % side) + side) % side; x < width; x += side) lines.push(`M${x.toFixed(1)} 0V${height}`);
    for (let y = ((from.y % side) + side) % side; y < height; y += side) lines.push(`M0 ${y.toFixed(1)}H${width}`);
    return lines.join('');
  }

  /** Where the phone is, and how exactly it knows. */
  here() {
    if (!this.fix) return nothing;
    const {x, y} = this.at(this.fix);
    const about = Math.max(10, this.fix.accuracy * this.shown.scale);
    return svg`<g class="map-here" data-here><circle class="map-about" cx=${x} cy=${y} r=${about}></circle><circle cx=${x} cy=${y} r="7"></circle></g>`;
  }

  /** @param {Mark} mark */
  mark({id, shape, number, colour, told, ...spot}) {
    const {x, y} = this.at(spot);
    const first = this.marks.some((one) => one.id === this.chosen) ? this.chosen : this.marks[0].id;
    const room = ROOM[shape];
    return svg`
      <g class="map-mark map-${shape} map-route-${colour % COLOURS}" transform="translate(${x.toFixed(1)} ${y.toFixed(1)})"
        data-mark=${id} role="button" tabindex=${id === first ? 0 : -1} aria-label=${told} aria-pressed=${id === this.chosen}>
        ${id === this.chosen ? svg`<circle class="map-chosen" r=${room + 6}></circle>` : nothing}
        ${shape === 'failed' ? svg`<rect x="-11" y="-11" width="22" height="22" rx="4"></rect><path d="M-5-5 5 5M5-5-5 5"></path>` : svg`<circle r=${room}></circle>`}
        ${shape === 'visited' ? svg`<path d="m-4.5.5 3.2 3.2 6-7"></path>` : nothing}
        ${shape === 'due' && number ? svg`<text class="map-number" text-anchor="middle" dy="0.36em">${number}</text>` : nothing}
      </g>`;
  }

  /** The names that have room: the chosen one, then what failed, then routes, then what is still to be visited. */
  names() {
    const crowd = this.marks.length > CROWD;
    const size = 0.8125 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const rank = (/** @type {Mark} */ {id, shape}) => (id === this.chosen ? 0 : {failed: 1, due: 3, visited: 4}[shape]);
    const texts = [
      ...this.groups.map(({name, colour, at}) => ({
        text: name,
        tone: `map-route map-route-${colour % COLOURS}`,
        rank: 2,
        room: ROOM[at.shape],
        wanted: false,
        ...this.at(at),
      })),
      ...this.marks.map((mark) => ({
        text: mark.shape === 'failed' ? failedText(mark, crowd && mark.id !== this.chosen) : mark.name,
        tone: `${mark.shape === 'failed' ? 'map-name-failed' : ''} ${mark.id === this.chosen ? 'map-name-chosen' : ''}`,
        rank: rank(mark),
        room: ROOM[mark.shape],
        wanted: mark.id === this.chosen,
        ...this.at(mark),
      })),
    ].sort((a, b) => a.rank - b.rank);
    const labels = texts.map((one) => ({...one, width: widthOf(one.text, size), height: size * 1.25}));
    return labelled(labels, this.box, this.corners).map((place, i) =>
      place
        ? svg`<text class="map-name ${texts[i].tone}" x=${place.x.toFixed(1)} y=${(place.y + size).toFixed(1)} aria-hidden="true">${texts[i].text}</text>`
        : nothing,
    );
  }
}

/** In a crowd there is room for the word, not for the name. @param {Mark} mark @param {boolean} short */
function failedText({name}, short) {
  return short ? t('map.failed') : t('map.failed-name', {name});
}

/** @param {Pixel} pixel @param {import('../domain/map.js').Rect} rect */
function lies({x, y}, rect) {
  return x > rect.x - 10 && y > rect.y - 10 && x < rect.x + rect.width + 10 && y < rect.y + rect.height + 10;
}

/** @param {Pixel} a @param {Pixel} b */
function span(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** @param {Pixel} pixel */
function pair({x, y}) {
  return `${x.toFixed(1)},${y.toFixed(1)}`;
}

/** @param {number} width */
function north(width) {
  return svg`
    <g class="map-north" transform="translate(${width - 26} 30)" aria-hidden="true">
      <path d="M0-20 7 4 0-1-7 4z"></path><text y="20" text-anchor="middle">${t('map.north')}</text></g>`;
}

/** @param {{metres: number, width: number}} bar @param {number} height */
function scale({metres, width}, height) {
  const text = metres < 1000 ? t('metres', {n: metres}) : t('kilometres', {n: metres / 1000});
  return svg`
    <g class="map-scale" transform="translate(10 ${height - 10})" aria-hidden="true">
      <path d="M0-6V0H${width.toFixed(1)}V-6"></path><text x=${(width + 6).toFixed(1)}>${text}</text></g>`;
}

customElements.define('tc-map', PointMap);

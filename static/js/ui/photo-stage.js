/** One picture on the light-table: fingers, mouse and keys enlarge, move and turn it, go to the next, and draw beside it. */

import {html, LitElement, nothing, svg} from 'lit';
import {markOf, pathOf} from '../domain/marks.js';
import {fractionAt, isZoomed, panned, quarter, toggled, whole, zoomed} from '../domain/picture/view.js';

const SWIPE = 48; // px sideways that mean the next one
const STEEP = 1.4; // so many times further sideways than down
const TOUCHED = 12; // px: less is a tap
const TWICE = 320; // ms between the taps of a double one
const STEP = 1.5; // of the keys and buttons that enlarge
const WHEEL = 0.0022; // of a wheel's pixels
const MOVE = 80; // px of an arrow key
const LINE = 3.5; // px: how thick a mark's line is, however large the photo
const EDGE = 2.2; // so many times as thick the light edge around it

/** @typedef {import('../domain/picture/view.js').Point} Point @typedef {import('../domain/marks.js').Mark} Mark */

/** Where from, what is drawn on it, and which way a finger threw it: `turn` (-1, 1), `drawn` (a mark). */
export class PhotoStage extends LitElement {
  static properties = {picture: {attribute: false}, marks: {attribute: false}, tool: {}, view: {state: true}};

  constructor() {
    super();
    /** @type {HTMLImageElement|HTMLCanvasElement|null} as large as it is */ this.picture = null;
    /** @type {Mark[]} those that are shown */ this.marks = [];
    /** @type {'circle'|'arrow'|null} what one finger draws */ this.tool = null;
    /** @type {import('../domain/picture/view.js').View|null} */ this.view = null;
    /** @type {Map<number, Point>} fingers that are down, and where */ this.fingers = new Map();
    /** @type {Point|null} where the one finger came down */ this.began = null;
    /** @type {{time: number, at: Point}|null} */ this.tapped = null;
    /** @type {Point[]} what is being drawn */ this.path = [];
    this.thrown = 0; // px that the whole photo follows a finger sideways
    this.table = {width: 1, height: 1};
    this.sizes = new ResizeObserver(() => this.measure());
    for (const [name, hear] of /** @type {[string, (event: any) => void][]} */ ([
      ['pointerdown', this.down],
      ['pointermove', this.move],
      ['pointerup', this.up],
      ['pointercancel', this.lost],
      ['wheel', this.wheel],
    ]))
      this.addEventListener(name, hear);
    // A fling of the browser's own would swallow the tap that follows it.
    this.addEventListener('touchstart', (event) => event.preventDefault(), {passive: false});
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.sizes.observe(this);
  }

  disconnectedCallback() {
    this.sizes.disconnect();
    super.disconnectedCallback();
  }

  get size() {
    const {picture} = this;
    if (picture instanceof HTMLImageElement) return {width: picture.naturalWidth, height: picture.naturalHeight};
    return picture ?? {width: 1, height: 1};
  }

  /** The table has another size: what was whole stays whole. */
  measure() {
    const {clientWidth: width, clientHeight: height} = this;
    if (!width || !height) return;
    const {view, size, table} = this;
    const zoom = view && isZoomed(view, size, table);
    this.table = {width, height};
    if (view) this.view = zoom ? panned(view, 0, 0, size, this.table) : whole(size, this.table, view.turn);
    else this.fit();
  }

  fit() {
    this.view = this.picture ? whole(this.size, this.table) : null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('picture')) this.fit();
  }

  get enlarged() {
    return Boolean(this.view && isZoomed(this.view, this.size, this.table));
  }

  // --- what buttons and keys ask for

  quarter() {
    if (this.view) this.view = quarter(this.view, this.size, this.table);
  }

  /** @param {1|-1} way larger or smaller */
  enlarge(way) {
    this.grow(STEP ** way, [0, 0]);
  }

  /** @param {number} across @param {number} along where one looks: -1, 0 or 1 */
  look(across, along) {
    this.pan(-across * MOVE, -along * MOVE);
  }

  /** @param {number} factor @param {Point} at */
  grow(factor, at) {
    if (this.view) this.view = zoomed(this.view, factor, at, this.size, this.table);
  }

  /** @param {number} dx @param {number} dy */
  pan(dx, dy) {
    if (this.view) this.view = panned(this.view, dx, dy, this.size, this.table);
  }

  // --- fingers

  /** From the table's middle. @param {MouseEvent} event @returns {Point} */
  at({clientX, clientY}) {
    const {left, top, width, height} = this.getBoundingClientRect();
    return [clientX - left - width / 2, clientY - top - height / 2];
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button || !this.view) return;
    event.preventDefault();
    this.hold(event.pointerId);
    const at = this.at(event);
    this.fingers.set(event.pointerId, at);
    const one = this.fingers.size === 1;
    this.began = one ? at : null; // two fingers neither throw nor draw
    this.path = one && this.tool ? [at] : [];
    this.throw(0);
  }

  /** The finger stays ours beyond the edge. @param {number} id */
  hold(id) {
    try {
      this.setPointerCapture(id);
    } catch {
      // gone already
    }
  }

  /** @param {PointerEvent} event */
  move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const at = this.at(event);
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.fingers.set(event.pointerId, at);
    if (other) this.pinch(before, at, other);
    else if (this.path.length) this.draw(at);
    else if (this.enlarged) this.pan(at[0] - before[0], at[1] - before[1]);
    else if (this.began) this.throw(at[0] - this.began[0]);
  }

  /** @param {Point} before @param {Point} at @param {Point} other the finger that rests */
  pinch(before, at, other) {
    const apart = distance(before, other);
    if (apart > 1) this.grow(distance(at, other) / apart, middle(at, other));
    this.pan((at[0] - before[0]) / 2, (at[1] - before[1]) / 2);
  }

  /** @param {Point} at */
  draw(at) {
    this.path = [...this.path, at];
    this.requestUpdate();
  }

  /** @param {number} px */
  throw(px) {
    if (this.thrown === px) return;
    this.thrown = px;
    this.requestUpdate();
  }

  /** @param {PointerEvent} event */
  up(event) {
    const {began} = this;
    if (!this.fingers.delete(event.pointerId)) return;
    const at = this.at(event);
    this.began = null;
    this.throw(0);
    if (!began) return;
    if (this.path.length) return this.drawn();
    if (distance(began, at) < TOUCHED) return this.tap(at, event.timeStamp);
    const [across, along] = [at[0] - began[0], at[1] - began[1]];
    if (!this.enlarged && Math.abs(across) > SWIPE && Math.abs(across) > STEEP * Math.abs(along))
      this.tell('turn', across < 0 ? 1 : -1);
  }

  /** The browser took the finger away. @param {PointerEvent} event */
  lost({pointerId}) {
    this.fingers.delete(pointerId);
    this.began = null;
    this.path = [];
    this.throw(0);
  }

  /** @param {Point} at @param {number} time */
  tap(at, time) {
    const {tapped, view} = this;
    const twice = tapped && time - tapped.time < TWICE && distance(tapped.at, at) < 3 * TOUCHED;
    this.tapped = twice ? null : {time, at};
    if (twice && view) this.view = toggled(view, at, this.size, this.table);
  }

  drawn() {
    const mark = this.drawing();
    this.path = [];
    this.requestUpdate();
    if (mark) this.tell('drawn', mark);
  }

  /** @returns {Mark|null} what has been drawn so far */
  drawing() {
    const {view, path, tool} = this;
    if (!view || !tool || !path.length) return null;
    return markOf(
      tool,
      path.map((at) => fractionAt(view, this.size, at)),
    );
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode ? 16 : 1;
    this.grow(Math.exp(-event.deltaY * lines * WHEEL), this.at(event));
  }

  /** @param {string} name @param {unknown} detail */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, {detail}));
  }

  // --- showing

  /** What the policy of the page lets no attribute do. */
  updated() {
    const sheet = /** @type {HTMLElement|null} */ (this.querySelector('.stage-sheet'));
    const {view, thrown, size} = this;
    if (!sheet || !view) return;
    Object.assign(sheet.style, {
      width: `${size.width}px`,
      height: `${size.height}px`,
      transform: `translate(${view.x + thrown}px, ${view.y}px) rotate(${view.turn * 90}deg) scale(${view.scale}) translate(-50%, -50%)`,
    });
  }

  render() {
    const {picture, view} = this;
    if (!picture || !view) return nothing;
    const drawing = this.drawing();
    return html`<div class="stage-sheet" data-turn=${view.turn} data-enlarged=${this.enlarged ? 'yes' : 'no'}>${picture}${this.drawings([...this.marks, ...(drawing ? [drawing] : [])])}</div>`;
  }

  /** @param {Mark[]} marks */
  drawings(marks) {
    const {width, height} = this.size;
    const thick = LINE / (this.view?.scale ?? 1);
    if (!marks.length) return nothing;
    return html`
      <svg class="stage-marks" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">${marks.map(
        (mark) => {
          const path = pathOf(mark, {width, height});
          return svg`<g data-mark=${mark.shape}><path class="mark-edge" stroke-width=${EDGE * thick} d=${path}></path><path class="mark-line" stroke-width=${thick} d=${path}></path></g>`;
        },
      )}</svg>`;
  }
}

/** @param {Point} a @param {Point} b */
const distance = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);

/** @param {Point} a @param {Point} b @returns {Point} */
const middle = ([ax, ay], [bx, by]) => [(ax + bx) / 2, (ay + by) / 2];

customElements.define('tc-photo-stage', PhotoStage);

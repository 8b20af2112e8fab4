/** The light-table: photos over the whole screen, to be read, compared, marked, and judged under the thumb. It is laid out by open-table.js. */

import {html, LitElement, nothing} from 'lit';
import {fullOf} from '../domain/marks.js';
import {icon} from './icons.js';
import {Pictures} from './pictures.js';
import {cornersOf, straightenedSheet} from './straight.js';
import {criteriaSheet, verdictBar, verdictChip} from './table-verdicts.js';
import './photo-stage.js';

const REST = 250; // ms after a verdict: a finger that taps twice judges no receipt that nobody saw

/** @typedef {import('../domain/marks.js').Mark} Mark @typedef {import('./open-table.js').Slide} Slide @typedef {import('./open-table.js').Loaded} Loaded */
/** @typedef {import('./open-table.js').Source} Source */

export class LightTable extends LitElement {
  static properties = {
    source: {attribute: false},
    current: {attribute: false},
    shown: {state: true},
    straight: {state: true},
    tool: {state: true},
    hidden: {state: true},
    asking: {state: true},
    said: {state: true},
    resting: {state: true},
  };

  constructor() {
    super();
    this.source = /** @type {Source} */ (/** @type {unknown} */ (null));
    this.current = /** @type {Slide} */ (/** @type {unknown} */ (null));
    this.close = async () => {};
    /** @type {Loaded|null} null: on its way */ this.shown = null;
    /** @type {HTMLCanvasElement|null} */ this.straight = null;
    /** @type {import('./straight.js').Corners|null} */ this.corners = null;
    /** @type {'circle'|'arrow'|null} */ this.tool = null;
    this.hidden = false; // the marks
    this.asking = false; // which criterion failed
    /** @type {{text: string, verdict?: 'pass'|'fail', back?: () => void}|null} */ this.said = null;
    this.resting = false;
    this.pictures = new Pictures();
  }

  createRenderRoot() {
    return this;
  }

  get stage() {
    return /** @type {import('./photo-stage.js').PhotoStage|null} */ (this.querySelector('tc-photo-stage'));
  }

  /** Where the photo stands now; a list may have changed below it. @param {Slide[]} slides */
  placeIn(slides) {
    const {sha256, subject} = this.current;
    return slides.findIndex((one) => one.sha256 === sha256 && one.subject === subject);
  }

  get marks() {
    return this.source.marks()[this.current.sha256] ?? [];
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('current')) this.show(this.current);
  }

  // --- pictures

  /** @param {Slide} slide */
  async show(slide) {
    Object.assign(this, {shown: null, straight: null, corners: null, tool: null});
    const shown = await this.pictures.of(slide, this.source.load);
    if (this.current !== slide) return;
    this.shown = shown;
    const next = this.beside(1);
    if (next) this.pictures.of(next, this.source.load);
    if (!slide.paper || !shown.image) return;
    const corners = await cornersOf(shown.image).catch(() => null); // the photo is there all the same
    if (this.current !== slide) return;
    this.corners = corners;
    this.requestUpdate();
  }

  async straighten() {
    const {shown, corners, current} = this;
    if (this.straight || !shown?.image || !corners) {
      this.straight = null;
      return;
    }
    this.tool = null; // marks belong to the photo as it was taken
    const straight = await straightenedSheet(shown.image, corners, current.name);
    if (this.current === current) this.straight = straight;
  }

  // --- moving on

  /** @param {number} way @returns {Slide|undefined} */
  beside(way) {
    const slides = this.source.slides();
    return slides[this.placeIn(slides) + way];
  }

  /** @param {number} way */
  go(way) {
    const slide = this.beside(way);
    if (slide) this.turnTo(slide);
  }

  /** @param {Slide} slide */
  turnTo(slide) {
    this.current = slide;
    this.asking = false;
  }

  /** To the next of which nothing was said, beginning again at the first; to none: everything was judged. */
  goOn() {
    const {judge} = this.source;
    const slides = this.source.slides();
    const at = this.placeIn(slides);
    const next = [...slides.slice(at + 1), ...slides.slice(0, at + 1)].find(
      ({subject}) => judge?.verdictOf(subject) === null,
    );
    if (next) this.turnTo(next);
    this.requestUpdate();
  }

  // --- judging

  pass() {
    const {judge} = this.source;
    const {subject} = this.current;
    if (!judge || this.resting) return;
    const back = judge.keep(subject);
    judge.pass(subject);
    this.judged('pass', back);
  }

  ask() {
    this.asking = Boolean(this.source.judge) && !this.resting;
    this.updateComplete.then(() =>
      /** @type {HTMLElement|null} */ (this.querySelector('.table-criteria button'))?.focus(),
    );
  }

  /** @param {string} criterion */
  fail(criterion) {
    const {judge} = this.source;
    const {subject} = this.current;
    if (!judge) return;
    const back = judge.keep(subject);
    judge.fail(subject, criterion);
    this.asking = false;
    if (judge.verdictOf(subject) === 'fail') this.judged('fail', back);
    else this.settle();
  }

  /** @param {'pass'|'fail'} verdict @param {() => void} back takes it back */
  judged(verdict, back) {
    const {words} = this.source;
    const slide = this.current;
    const undo = () => {
      back();
      this.said = null;
      this.turnTo(slide);
      this.settle();
    };
    this.said = {text: words(verdict === 'pass' ? 'passed' : 'failed', {name: slide.name}), verdict, back: undo};
    this.resting = true;
    setTimeout(() => (this.resting = false), REST);
    this.goOn();
    this.settle();
    this.watch();
  }

  /** What could not be kept is said here: the form lies below. */
  async watch() {
    const text = await this.source.kept?.();
    if (text) this.said = {text};
  }

  /** What held the focus may be gone: the keys go on being heard. */
  settle() {
    this.requestUpdate();
    this.updateComplete.then(() => {
      if (!this.contains(document.activeElement))
        /** @type {HTMLElement|null} */ (this.querySelector('.table-pass, .table-close'))?.focus();
    });
  }

  async save() {
    const {judge} = this.source;
    await this.close();
    judge?.saved();
  }

  // --- marks

  /** @param {'circle'|'arrow'} tool */
  take(tool) {
    this.tool = this.tool === tool ? null : tool;
    this.hidden = false;
    this.straight = null;
  }

  /** @param {CustomEvent<Mark>} event */
  drawn({detail}) {
    const {marks, mark, words} = this.source;
    const full = fullOf(marks(), this.current.sha256);
    if (full) this.said = {text: words(`full-${full}`)};
    else mark?.(this.current.sha256, [...this.marks, detail]);
    this.requestUpdate();
    this.watch();
  }

  /** @param {Mark[]} list */
  remark(list) {
    this.source.mark?.(this.current.sha256, list);
    this.settle();
  }

  // --- keys

  escape() {
    if (!this.asking) return this.close();
    this.asking = false;
    this.settle();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const {key, ctrlKey, metaKey, altKey, repeat} = event;
    if (key === 'Escape' && !(/** @type {HTMLDialogElement} */ (event.currentTarget).showModal)) return this.escape();
    if (ctrlKey || metaKey || altKey || this.asking || (repeat && key.length === 1)) return;
    if (key.length === 1 && this.source.heard.muted()) return;
    if (this.does(key.length === 1 ? key.toLowerCase() : key)) event.preventDefault();
  }

  /** @param {string} key @returns {boolean} whether it is one of ours */
  does(key) {
    const {stage} = this;
    const arrow = /** @type {Record<string, [number, number]>} */ ({
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    })[key];
    if (arrow && stage?.enlarged) stage.look(...arrow);
    else if (arrow) this.go(arrow[0]);
    else return this.deed(key);
    return true;
  }

  /** @param {string} key */
  deed(key) {
    const code = this.source.heard.keys.find(({keys}) => keys.includes(key === '=' ? '+' : key))?.code;
    if (code === 'photo-zoom') this.stage?.enlarge(key === '-' ? -1 : 1);
    else if (code === 'photo-turn') this.stage?.quarter();
    else if (code === 'photo-pass') this.pass();
    else if (code === 'photo-fail') this.ask();
    else return false;
    return true;
  }

  // --- showing

  render() {
    const slides = this.source.slides();
    const {judge} = this.source;
    return html`
      ${this.head(slides)}
      <div class="table-stage">
        ${this.picturePart()}
        ${slides.length > 1 ? html`${this.way(-1, 'before')}${this.way(1, 'next')}` : nothing}
      </div>
      <div class="table-foot">
        ${this.word()}
        ${this.tools()}
        ${judge ? verdictBar(this, judge) : nothing}
      </div>
      ${judge && this.asking ? criteriaSheet(this, judge) : nothing}`;
  }

  /** @param {Slide[]} slides */
  head(slides) {
    const {words, judge} = this.source;
    const {name, about, subject} = this.current;
    const own = slides.filter((one) => one.subject === subject);
    const subjects = [...new Set(slides.map((one) => one.subject))];
    const [n, of] = judge
      ? [subjects.indexOf(subject) + 1, subjects.length]
      : [this.placeIn(slides) + 1, slides.length];
    const photo = judge && own.length > 1 ? words('photo', {n: this.placeIn(own) + 1, of: own.length}) : '';
    return html`
      <header class="table-head">
        ${this.button('close', 'cross', () => this.close(), {class: 'table-close'})}
        <p class="table-title" aria-live="polite"><b class="number" data-place="${n}/${of}">${n} / ${of}</b> <span class=${/^[\w ]+$/.test(name) ? 'mono' : nothing}>${name}</span>
          <small>${[about, photo].filter(Boolean).join(' · ')}</small></p>
        ${judge ? verdictChip(this, judge) : nothing}
      </header>`;
  }

  picturePart() {
    const {shown, straight} = this;
    const {words} = this.source;
    if (!shown) return html`<p class="table-away">${words('loading')}</p>`;
    if (!shown.image) return html`<p class="table-away">${icon('photo')}<span>${words('away')}</span></p>`;
    const marks = straight || this.hidden ? [] : this.marks;
    return html`
      <tc-photo-stage .picture=${straight ?? shown.image} .marks=${marks} .tool=${this.tool} data-tool=${this.tool ?? nothing}
        @turn=${(/** @type {CustomEvent<number>} */ {detail}) => this.go(detail)} @drawn=${this.drawn}></tc-photo-stage>
      ${shown.small ? html`<p class="table-small" role="status">${icon('warn')}${words('small')}</p>` : nothing}`;
  }

  /** @param {1|-1} way @param {string} code */
  way(way, code) {
    const off = !this.beside(way);
    return html`<button type="button" class="icon-button table-button table-${code}" aria-label=${this.source.words(code)} aria-disabled=${off} @click=${() => this.go(way)}>${icon('next')}</button>`;
  }

  /** What was just said, and the way back. */
  word() {
    const {said} = this;
    const {words} = this.source;
    return html`<div class="table-said" role="status">${
      said
        ? html`<span>${icon(said.verdict ? (said.verdict === 'pass' ? 'check' : 'cross') : 'warn')}${said.text}</span>${said.back ? html`<button type="button" class="button button-small table-undo" @click=${said.back}>${icon('undo')}<span>${words('undo')}</span></button>` : nothing}`
        : nothing
    }</div>`;
  }

  tools() {
    const {marks, straight, tool, source} = this;
    if (!this.shown?.image) return nothing;
    const pen = (/** @type {'circle'|'arrow'} */ code) =>
      this.button(code, code, () => this.take(code), {pressed: tool === code});
    const drawn = marks.length > 0;
    return html`
      <div class="table-tools" role="toolbar" aria-label=${source.words('tools')}>
        ${this.button('turn', 'turn', () => this.stage?.quarter())}
        ${this.button('larger', 'plus', () => this.stage?.enlarge(1), {class: 'table-fine'})}
        ${this.button('smaller', 'dash', () => this.stage?.enlarge(-1), {class: 'table-fine'})}
        ${source.mark ? html`${pen('circle')}${pen('arrow')}` : nothing}
        ${this.corners ? this.button('straight', 'receipt', () => this.straighten(), {pressed: Boolean(straight), class: 'table-straight'}) : nothing}
        ${source.mark && drawn ? html`${this.button('mark-back', 'undo', () => this.remark(marks.slice(0, -1)))}${this.button('mark-clear', 'trash', () => this.remark([]))}` : nothing}
        ${drawn ? this.button('marks', 'eye', () => (this.hidden = !this.hidden), {pressed: !this.hidden, class: 'table-marks'}) : nothing}
      </div>`;
  }

  /** @param {string} code @param {string} shape @param {() => void} act @param {{pressed?: boolean, class?: string}} [more] */
  button(code, shape, act, {pressed, class: extra = ''} = {}) {
    const label = this.source.words(code);
    return html`<button type="button" class="icon-button table-button ${extra}" data-tool=${code} aria-label=${label} title=${label} aria-pressed=${pressed ?? nothing} @click=${act}>${icon(shape)}</button>`;
  }
}

customElements.define('tc-light-table', LightTable);

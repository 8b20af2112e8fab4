/** The frame around every screen: the tabs at the thumb, short words, and the way between screens. */

import {html, LitElement, nothing} from 'lit';
import {keyed} from 'lit/directives/keyed.js';
import {forgetPerson} from '../store/person.js';
import {icon} from '../ui/icons.js';
import {t} from '../ui/language.js';
import {afterPaint} from '../ui/paint.js';
import {phone} from '../ui/phone.js';
import {router} from '../ui/router.js';
import {subBar} from '../ui/screen.js';
import {changedHands} from './changed-hands.js';
import './case-count.js';
import './today.js';

/** The same from the first moment on: a tab that came later would push the others from under a thumb. */
const TABS = [
  ['today', '/app/', 'today'],
  ['mine', '/app/mine', 'case'],
  ['records', '/app/records', 'records'],
  ['notices', '/app/notices', 'inbox'],
  ['me', '/app/me', 'me'],
];

const SPEAKING = 3500; // ms that a short word stays
const UNDOING = 5000; // ms that a removal can be taken back

/** Today alone comes with the app; without signal the others come from the worker's cache. */
const fetchOthers = () => import('./others.js');

const PAUSE = 600; // ms after the first screen's rows: it is painted first, and the first tap answered

/** Once the first screen stands. WebKit has no idle callback. @param {() => Promise<unknown>} work */
function whenIdle(work) {
  const quietly = () => work().catch(() => {});
  setTimeout(
    () => ('requestIdleCallback' in window ? requestIdleCallback(quietly, {timeout: 2000}) : quietly()),
    PAUSE,
  );
}

/** @typedef {import('../ui/router.js').Route} Route */

/** @type {Record<string, (route: Route) => unknown>} */
const SCREENS = {
  today: () => html`<tc-today></tc-today>`,
  check: (route) => keyed(route.id, html`<tc-check .route=${route}></tc-check>`),
  receipts: (route) => keyed(route.id, html`<tc-receipts .route=${route}></tc-receipts>`),
  verdicts: (route) => keyed(route.id, html`<tc-verdicts .route=${route}></tc-verdicts>`),
  relay: (route) => keyed(route.id, html`<tc-relay .route=${route}></tc-relay>`),
  map: (route) => keyed(route.path, html`<tc-relay .route=${route}></tc-relay>`),
  places: (route) => keyed(route.path, html`<tc-places .route=${route}></tc-places>`),
  place: (route) => keyed(route.path, html`<tc-unit .route=${route}></tc-unit>`),
  mine: () => html`<tc-mine></tc-mine>`,
  case: (route) => keyed(route.id, html`<tc-case .route=${route}></tc-case>`),
  records: () => html`<tc-records></tc-records>`,
  record: (route) => keyed(route.id, html`<tc-record .route=${route}></tc-record>`),
  notices: () => html`<tc-notices></tc-notices>`,
  me: () => html`<tc-me></tc-me>`,
  help: () => html`<tc-help></tc-help>`,
  rescue: () => html`<tc-rescue></tc-rescue>`,
  register: () => html`<tc-register></tc-register>`,
  volumes: (route) => html`<tc-volumes .route=${route}></tc-volumes>`,
};

export class AppShell extends LitElement {
  static properties = {route: {state: true}, said: {state: true}, lacking: {state: true}};

  constructor() {
    super();
    this.route = router.route;
    /** @type {{text: string, tone: string, undo?: () => void, onward?: boolean}|null} */ this.said = null;
    this.lacking = false; // the other screens did not come: the line went before the worker had them
    this.strange = false; // somebody else is signed in
    this.unseen = phone.unseen;
    this.height = 0; // how far down the page was when the person left it
    this.moved = false;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    router.addEventListener('route', (event) => this.arrive(/** @type {CustomEvent} */ (event).detail));
    phone.addEventListener('say', (event) => this.say(/** @type {CustomEvent} */ (event).detail));
    phone.addEventListener('language', () => this.rebuild());
    phone.addEventListener('state', () => this.look());
    phone.addEventListener('change', () => this.count());
    this.addEventListener('ready', () => this.settle());
    this.addEventListener('ready', () => whenIdle(fetchOthers), {once: true});
  }

  /** @param {{route: Route, scroll: number}} news */
  arrive({route, scroll}) {
    if (this.said?.undo && !this.said.onward) this.said = null; // what could be taken back belonged to the screen that was left
    Object.assign(this, {height: scroll, moved: true, route});
  }

  /** A screen's first rows are there: the place on the page, and the focus for those who listen. */
  settle() {
    if (!this.moved) return;
    this.moved = false;
    requestAnimationFrame(() => {
      window.scrollTo(0, this.height);
      afterPaint(() => this.name());
    });
  }

  /** To those who listen the new screen's title, unless they are at work in it already. */
  name() {
    const main = this.querySelector('main');
    if (!main?.contains(document.activeElement)) main?.querySelector('h1')?.focus({preventScroll: true});
  }

  /** @param {{text: string, tone: string, undo?: () => void, onward?: boolean}} word */
  say(word) {
    if (!word.text) return this.hush();
    this.said = word;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.said = null), word.undo ? UNDOING : SPEAKING);
  }

  /** A question stands where the word would hide it; what can be taken back stays. */
  hush() {
    if (!this.said?.undo) this.said = null;
  }

  /** Something was told, or seen: here, or on another device. */
  count() {
    if (phone.unseen === this.unseen) return;
    this.unseen = phone.unseen;
    this.requestUpdate();
  }

  /** The engine found out whose session this is. */
  look() {
    const strange = Boolean(phone.engine.stranger);
    if (strange === this.strange) return;
    this.strange = strange;
    this.requestUpdate();
    if (!strange) return;
    forgetPerson(); // opened anew, the app asks the server whose it is
    for (const dialog of document.querySelectorAll('dialog[open]')) /** @type {HTMLDialogElement} */ (dialog).close();
    this.updateComplete.then(() => this.name());
  }

  /** Another language: every screen anew. */
  async rebuild() {
    const {route} = this;
    this.route = {name: 'none', id: null, path: ''};
    await this.updateComplete;
    this.route = route;
  }

  updated() {
    const tab = this.strange ? t('other.title') : t(`title.${this.route.name}`);
    document.title = `${tab} · ${t('product')}`;
  }

  render() {
    const {stranger} = phone.engine;
    if (stranger) return html`<main id="main" class="main-sub">${changedHands(stranger.person)}</main>`;
    const {name, path} = this.route;
    const tabbed = TABS.some(([code]) => code === name);
    return html`
      <a class="skip-link" href="#main">${t('skip')}</a>
      <main id="main" class=${tabbed ? 'main-tabbed' : 'main-sub'} tabindex="-1" data-screen=${name} data-path=${path}>${this.screen()}</main>
      ${tabbed ? this.tabs() : nothing}
      <div class="toast-place" role="status" aria-live="assertive">${this.toast()}</div>`;
  }

  screen() {
    const {name} = this.route;
    if (name === 'none') return nothing;
    if (name === 'today' || !SCREENS[name]) return SCREENS[name]?.(this.route) ?? this.lost();
    fetchOthers().catch(() => (this.lacking = true));
    return this.lacking ? this.later() : SCREENS[name](this.route); // an element wakes when its code is there
  }

  /** Without a reload a browser never asks for a file again that once failed to come. */
  later() {
    return html`
      ${subBar({title: t('gate.offline.title'), parent: '/app/'})}
      <div class="empty stack">${icon('warn')}<p>${t('later.text')}</p>
        <p><button type="button" class="button button-primary" @click=${() => location.reload()}>${t('try-again')}</button></p></div>`;
  }

  lost() {
    return html`
      ${subBar({title: t('title.lost'), parent: '/app/'})}
      <div class="empty stack">${icon('search')}<p><a class="button" href="/app/">${t('to-today')}</a></p></div>`;
  }

  tabs() {
    return html`
      <nav class="tabs" aria-label=${t('tabs')}>
        ${TABS.map(
          ([code, path, name]) => html`
            <a href=${path} class="tab" aria-current=${code === this.route.name ? 'page' : nothing}>${icon(name)}<span>${t(`title.${code}`)}</span>${code === 'mine' ? html`<tc-case-count></tc-case-count>` : code === 'notices' ? this.badge() : nothing}</a>`,
        )}
      </nav>`;
  }

  /** How many notices were not seen. */
  badge() {
    if (!phone.unseen) return nothing;
    const shown = phone.unseen < 100 ? phone.unseen : '99+';
    return html`<b class="tab-count number" aria-hidden="true">${shown}</b><span class="visually-hidden">${t('notices.unseen', {n: phone.unseen})}</span>`;
  }

  toast() {
    if (!this.said) return nothing;
    const {text, tone, undo} = this.said;
    const back = () => {
      this.said = null;
      undo?.();
    };
    return html`<p class="toast toast-${tone}">${icon({ok: 'check', warn: 'warn', bad: 'stop'}[tone] ?? 'info')}<span>${text}</span>${undo ? html`<button type="button" class="button button-small toast-undo" @click=${back}>${icon('undo')}<span>${t('undo')}</span></button>` : nothing}</p>`;
  }
}

customElements.define('tc-app', AppShell);

/** Addresses under /app/: the History API, so that back, reload and deep links work, offline too. */

/** @typedef {{name: string, id: string|null, path: string}} Route */

/** @type {[RegExp, string][]} */
const ROUTES = [
  [/^\/app\/?$/, 'today'],
  [/^\/app\/check\/([\w-]+)$/, 'check'],
  [/^\/app\/receipts(?:\/([\w-]+))?$/, 'receipts'],
  [/^\/app\/verdicts(?:\/([\w-]+))?$/, 'verdicts'],
  [/^\/app\/relay(?:\/([\w-]+))?$/, 'relay'],
  [/^\/app\/map(?:\/([\w-]+))?$/, 'map'],
  [/^\/app\/places(?:\/([\w-]+))?$/, 'places'],
  [/^\/app\/place\/([\w.-]+)$/, 'place'],
  [/^\/app\/records$/, 'records'],
  [/^\/app\/records\/([\w-]+)$/, 'record'],
  [/^\/app\/mine$/, 'mine'],
  [/^\/app\/case\/([\w-]+)$/, 'case'],
  [/^\/app\/register$/, 'register'],
  [/^\/app\/volumes(?:\/(\d{4}-\d\d-\d\d))?$/, 'volumes'],
  [/^\/app\/notices$/, 'notices'],
  [/^\/app\/me$/, 'me'],
  [/^\/app\/help$/, 'help'],
  [/^\/app\/rescue$/, 'rescue'],
];

/** @param {string} path @returns {Route} */
export function match(path) {
  for (const [form, name] of ROUTES) {
    const parts = form.exec(path);
    if (parts) return {name, id: parts[1] ?? null, path};
  }
  return {name: 'lost', id: null, path};
}

class Router extends EventTarget {
  /** @type {(() => void)[]} closes what lies open, the topmost last */ covers = [];
  /** @type {(() => void)[]} steps back that only take the place of what was closed */ skipped = [];

  /** @param {Window} window */
  start(window) {
    this.window = window;
    window.history.scrollRestoration = 'manual';
    window.addEventListener('popstate', () => this.popped());
    window.document.addEventListener('click', (event) => this.follow(event));
  }

  get route() {
    return match(location.pathname);
  }

  /** @param {string} path @param {{replace?: boolean, fresh?: import('../domain/types.js').Draft}} [options] `fresh`: a draft that nothing was entered into yet; it survives a reload */
  go(path, {replace = false, fresh} = {}) {
    this.closeAll();
    const depth = history.state?.depth ?? 0;
    if (replace) history.replaceState({depth, fresh}, '', path);
    else {
      history.replaceState({...history.state, scroll: scrollY}, '');
      history.pushState({depth: depth + 1, fresh}, '', path);
    }
    this.arrive(0);
  }

  /** Back to where the person came from; to the parent, if the page was opened here. @param {string} parent */
  back(parent) {
    if (history.state?.depth) history.back();
    else this.go(parent, {replace: true});
  }

  /**
   * Something lies open on top, a photo or a question: Back closes it and stays.
   * @param {() => void} close @returns {() => Promise<void>} to be called where it is closed otherwise; resolves when Back is Back again
   */
  cover(close) {
    history.pushState({...history.state}, '');
    this.covers.push(close);
    return () => this.uncover(close);
  }

  /** @param {() => void} close @returns {Promise<void>} */
  uncover(close) {
    if (!this.covers.includes(close)) return Promise.resolve();
    this.covers = this.covers.filter((one) => one !== close);
    return new Promise((resolve) => {
      this.skipped.push(resolve);
      history.back();
    });
  }

  /** Whatever lies open belongs to the screen that is left. */
  closeAll() {
    const open = this.covers;
    this.covers = [];
    for (const close of open.reverse()) close();
  }

  popped() {
    const skipped = this.skipped.shift();
    if (skipped) return skipped();
    const close = this.covers.pop();
    if (close) return close();
    this.arrive(history.state?.scroll ?? 0);
  }

  /** @param {number} scroll */
  arrive(scroll) {
    this.dispatchEvent(new CustomEvent('route', {detail: {route: this.route, scroll}}));
  }

  /** A plain tap on a link of ours; anything else is the browser's. @param {MouseEvent} event */
  follow(event) {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return;
    const link = /** @type {Element} */ (event.target).closest?.('a[href^="/app"]');
    if (!link || link.hasAttribute('target') || link.hasAttribute('data-server')) return;
    event.preventDefault();
    const path = /** @type {string} */ (link.getAttribute('href'));
    if (link.hasAttribute('data-back')) this.back(path);
    else this.go(path, {replace: path === location.pathname});
  }
}

export const router = new Router();

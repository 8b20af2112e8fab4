/** Addresses under /app/: the History API, so that back, reload and deep links work, offline too. */

/** @typedef {{name: string, id: string|null, path: string}} Route */

/** @type {[RegExp, string][]} */
const ROUTES = [
  [/^\/app\/?$/, 'today'],
  [/^\/app\/check\/([\w-]+)$/, 'check'],
  [/^\/app\/receipts$/, 'receipts'],
  [/^\/app\/verdicts$/, 'verdicts'],
  [/^\/app\/relay$/, 'relay'],
  [/^\/app\/records$/, 'records'],
  [/^\/app\/records\/([\w-]+)$/, 'record'],
  [/^\/app\/register$/, 'register'],
  [/^\/app\/volumes$/, 'volumes'],
  [/^\/app\/me$/, 'me'],
  [/^\/app\/rescue$/, 'rescue'],
];

/** @param {string} path @returns {Route} */
export function match(path) {
  for (const [form, name] of ROUTES) {
    const found = form.exec(path);
    if (found) return {name, id: found[1] ?? null, path};
  }
  return {name: 'lost', id: null, path};
}

class Router extends EventTarget {
  /** @param {Window} window */
  start(window) {
    this.window = window;
    window.history.scrollRestoration = 'manual';
    window.addEventListener('popstate', () => this.arrive(window.history.state?.scroll ?? 0));
    window.document.addEventListener('click', (event) => this.follow(event));
  }

  get route() {
    return match(location.pathname);
  }

  /** @param {string} path @param {{replace?: boolean}} [options] */
  go(path, {replace = false} = {}) {
    const depth = history.state?.depth ?? 0;
    if (replace) history.replaceState({depth}, '', path);
    else {
      history.replaceState({...history.state, scroll: scrollY}, '');
      history.pushState({depth: depth + 1}, '', path);
    }
    this.arrive(0);
  }

  /** Back to where the person came from; to the parent, if the page was opened here. @param {string} parent */
  back(parent) {
    if (history.state?.depth) history.back();
    else this.go(parent, {replace: true});
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

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import vm from 'node:vm';

const SOURCE = readFileSync(new URL('../../static/js/service-worker.js', import.meta.url), 'utf8');
const ORIGIN = 'https://toucha.example';
const BUILD = {
  version: 'v2',
  shell: '/app/',
  needed: ['/static/built/app-1.js', '/static/icons/icon.svg'],
  extra: ['/static/built/zxing-1.wasm'],
};

/** A browser's caches, by address. */
class Caches {
  kept = new Map();

  constructor(browser) {
    this.browser = browser;
  }

  async open(name) {
    if (!this.kept.has(name)) this.kept.set(name, new Map());
    const entries = this.kept.get(name);
    const put = async (address, response) => void entries.set(address, response);
    return {put, match: async (address) => entries.get(address)};
  }

  keys = async () => [...this.kept.keys()];
  delete = async (name) => this.kept.delete(name);
}

/** What the server says to a request for the address. @param {string} address @param {any} [more] */
function answer(address, more = {}) {
  const page = address.startsWith(BUILD.shell);
  const text = page ? `<script src="${BUILD.needed[0]}">` : `fresh ${address}`;
  const response = {
    ok: true,
    status: 200,
    redirected: false,
    headers: new Headers({'Content-Type': page ? 'text/html' : 'text/javascript'}),
    body: text,
    text: async () => response.body,
    clone: () => response,
    ...more,
  };
  return response;
}

const PORTAL = {headers: new Headers({'Content-Type': 'text/html'}), body: '<title>WLAN</title>'};

class Browser {
  listeners = {};
  fetched = [];
  broken = new Map();
  posted = [];
  skipped = 0;

  constructor() {
    this.caches = new Caches(this);
    this.fetch = async (request) => {
      const address = request.url ? new URL(request.url).pathname : request;
      this.fetched.push(address);
      return this.broken.get(address) ?? answer(address);
    };
    const self = {
      location: {origin: ORIGIN},
      addEventListener: (name, run) => {
        this.listeners[name] = run;
      },
      skipWaiting: () => {
        this.skipped += 1;
      },
      clients: {claim: async () => {}, matchAll: async () => [{postMessage: (message) => this.posted.push(message)}]},
    };
    vm.runInNewContext(SOURCE, {self, caches: this.caches, fetch: this.fetch, URL, BUILD_MANIFEST: BUILD, console});
  }

  async fire(name, more = {}) {
    const waits = [];
    this.listeners[name]({waitUntil: (work) => waits.push(work), ...more});
    await Promise.all(waits);
    await new Promise(setImmediate);
  }

  /** What the worker answers, or null: the request goes its ordinary way. */
  async get(path, {method = 'GET', mode = 'no-cors', origin = ORIGIN} = {}) {
    let answer = null;
    await this.fire('fetch', {
      request: {method, mode, url: origin + path},
      respondWith: (response) => {
        answer = response;
      },
    });
    return answer && (await answer).body;
  }
}

const SHELL = `<script src="${BUILD.needed[0]}">`;

async function installed() {
  const browser = new Browser();
  await browser.fire('install');
  await browser.fire('activate');
  browser.fetched.length = 0;
  return browser;
}

test('after one visit the app opens without signal, whichever of its pages is asked for', async () => {
  const browser = await installed();
  assert.equal(await browser.get('/app/', {mode: 'navigate'}), SHELL);
  assert.equal(await browser.get('/app/inspection/0193?x=1', {mode: 'navigate'}), SHELL);
  assert.equal(await browser.get('/static/built/app-1.js'), 'fresh /static/built/app-1.js');
  assert.deepEqual(browser.fetched, []);
});

test('the shell is fetched first, past the browser’s cache, without what only a first visit asks ahead', async () => {
  const browser = new Browser();
  await browser.fire('install');
  assert.deepEqual(browser.fetched, ['/app/?kept', ...BUILD.needed]);
});

for (const [what, address, response] of [
  ['a missing script', '/static/built/app-1.js', {ok: false, status: 404}],
  ['a server in trouble', '/app/?kept', {ok: false, status: 500}],
  ['the sign-in page in the shell’s place', '/app/?kept', {redirected: true}],
  ['a hotel’s page in a script’s place', '/static/built/app-1.js', PORTAL],
  ['a hotel’s page in the shell’s place', '/app/?kept', PORTAL],
  ['a server that still runs the version before', '/app/?kept', {body: '<script src="/static/built/app-0.js">'}],
]) {
  test(`${what} rejects the install, and the version before stays`, async () => {
    const browser = new Browser();
    await browser.caches.open('toucha-v1');
    browser.broken.set(address, answer(address, response));
    await assert.rejects(browser.fire('install'));
    assert.deepEqual(await browser.caches.keys(), ['toucha-v1']);
  });
}

test('the scanner comes afterwards; without it the app is installed all the same', async () => {
  const browser = new Browser();
  browser.broken.set(BUILD.extra[0], answer(BUILD.extra[0], {ok: false, status: 503}));
  await browser.fire('install');
  assert.ok(!browser.fetched.includes(BUILD.extra[0]));
  await browser.fire('activate');
  assert.ok(browser.fetched.includes(BUILD.extra[0]));
  browser.broken.clear();
  await browser.fire('message', {data: {type: 'scanner'}});
  browser.fetched.length = 0;
  assert.equal(await browser.get(BUILD.extra[0]), `fresh ${BUILD.extra[0]}`);
  assert.deepEqual(browser.fetched, []);
});

test('a newer version waits until the person agrees, and only then clears what is old', async () => {
  const browser = new Browser();
  await browser.caches.open('toucha-v1');
  await browser.caches.open('of somebody else');
  await browser.fire('install');
  assert.equal(browser.skipped, 0);
  assert.ok((await browser.caches.keys()).includes('toucha-v1'));
  await browser.fire('message', {data: {type: 'take-over'}});
  assert.equal(browser.skipped, 1);
  await browser.fire('activate');
  assert.deepEqual((await browser.caches.keys()).sort(), ['of somebody else', 'toucha-v2']);
});

test('data, the desk, writes and other sites go their ordinary way', async () => {
  const browser = await installed();
  for (const [path, how] of [
    ['/api/sync/pull', {mode: 'cors'}],
    ['/api/ping', {mode: 'cors'}],
    ['/ledger', {mode: 'navigate'}],
    ['/', {mode: 'navigate'}],
    ['/application', {mode: 'navigate'}],
    ['/app/', {mode: 'navigate', method: 'POST'}],
    ['/static/built/app-1.js', {method: 'HEAD'}],
    ['/static/built/app-1.js', {origin: 'https://other.example'}],
    ['/static/built/desk-1.js', {}],
  ]) {
    assert.equal(await browser.get(path, how), null, path);
  }
});

test('background sync wakes the open pages', async () => {
  const browser = await installed();
  await browser.fire('sync', {tag: 'toucha-push'});
  await browser.fire('sync', {tag: 'another'});
  assert.equal(JSON.stringify(browser.posted), '[{"type":"sync"}]');
});

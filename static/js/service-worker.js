/**
 * The app without signal: its files, kept by the browser. Only GET is ever answered here, never `/api/`, never a
 * page of the desk. A record is safe in IndexedDB before the worker hears of anything.
 */

// Put in by the build: what this version consists of.
/** @type {{version: string, shell: string, needed: string[], extra: string[]}} */
const BUILD = BUILD_MANIFEST;

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const PREFIX = 'toucha-';
const CACHE = PREFIX + BUILD.version;
const KNOWN = new Set([...BUILD.needed, ...BUILD.extra]);
// The app's own script: the shell of this version names it.
const ENTRY = BUILD.needed.find((address) => /\/app-[^/]+\.js$/.test(address));

worker.addEventListener('install', (event) => event.waitUntil(keepNeeded()));
worker.addEventListener('activate', (event) => event.waitUntil(settle()));
worker.addEventListener('fetch', answer);
worker.addEventListener('message', hear);
worker.addEventListener('sync', wakePages);

/** All or nothing: a rejected install leaves the version before in charge. */
async function keepNeeded() {
  const shell = await ours(`${BUILD.shell}?kept`, {cache: 'reload'});
  // A server that still runs the version before, or somebody's notice: its scripts would not be among what is kept.
  if (ENTRY && !(await shell.clone().text()).includes(ENTRY)) throw new Error('not the shell of this version');
  const files = await Promise.all(BUILD.needed.map((address) => ours(address)));
  const cache = await caches.open(CACHE);
  await cache.put(BUILD.shell, shell);
  await Promise.all(BUILD.needed.map((address, i) => cache.put(address, files[i])));
}

/**
 * What really stands at the address: not the sign-in page, not a hotel's, in the place of a script.
 * @param {string} address @param {RequestInit} [how]
 */
async function ours(address, how = {}) {
  const response = await fetch(address, {credentials: 'same-origin', ...how});
  const isPage = /html/.test(response.headers.get('Content-Type') ?? '');
  if (!response.ok || response.redirected || isPage !== address.startsWith(BUILD.shell))
    throw new Error(`${address}: ${response.status}`);
  return response;
}

/** What no page uses any more goes, once this version is the one in charge. */
async function settle() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
  await worker.clients.claim();
  keepExtra();
}

/** The scanner, as best effort: without it numbers are typed. */
async function keepExtra() {
  const cache = await caches.open(CACHE);
  for (const address of BUILD.extra) {
    if (!(await cache.match(address))) await keep(cache, address).catch(() => {});
  }
}

/** @param {Cache} cache @param {string} address */
async function keep(cache, address) {
  await cache.put(address, await ours(address));
}

/** @param {FetchEvent} event */
function answer(event) {
  const {method, mode, url} = event.request;
  const {origin, pathname} = new URL(url);
  if (method !== 'GET' || origin !== worker.location.origin) return;
  if (mode === 'navigate' && pathname.startsWith(BUILD.shell)) {
    event.respondWith(cached(BUILD.shell, event.request));
    event.waitUntil(keepExtra());
  } else if (KNOWN.has(pathname)) {
    event.respondWith(cached(pathname, event.request));
  }
}

/** @param {string} key @param {Request} request */
async function cached(key, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(key)) ?? fetch(request);
}

/** @param {ExtendableMessageEvent} event */
function hear(event) {
  // A page says so when its person agreed: nobody loses a page that is in use.
  if (event.data?.type === 'take-over') worker.skipWaiting();
  if (event.data?.type === 'scanner') event.waitUntil(keepExtra());
}

/** Background Sync: the line is back; the pages know what to send. @param {Event} event */
function wakePages(event) {
  const sync = /** @type {ExtendableEvent & {tag: string}} */ (event); // TypeScript knows of none
  if (sync.tag !== 'toucha-push') return;
  sync.waitUntil(
    worker.clients.matchAll({type: 'window'}).then((pages) => {
      for (const page of pages) page.postMessage({type: 'sync'});
    }),
  );
}

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

worker.addEventListener('install', (event) => event.waitUntil(keepNeeded()));
worker.addEventListener('activate', (event) => event.waitUntil(settle()));
worker.addEventListener('fetch', answer);
worker.addEventListener('message', hear);
worker.addEventListener('sync', wakePages);

/** All or nothing: a rejected install leaves the version before in charge. */
async function keepNeeded() {
  const cache = await caches.open(CACHE);
  await cache.put(BUILD.shell, await fresh(`${BUILD.shell}?kept`));
  await cache.addAll(BUILD.needed);
}

/** The shell, `kept`: without its preloads, past the browser's cache, never the sign-in page in its place. @param {string} address */
async function fresh(address) {
  const response = await fetch(address, {cache: 'reload', credentials: 'same-origin'});
  if (!response.ok || response.redirected) throw new Error(`${address}: ${response.status}`);
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
    if (!(await cache.match(address))) await cache.add(address).catch(() => {});
  }
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

/** Background Sync: the line is back; the pages know what to send. @param {any} event */
function wakePages(event) {
  if (event.tag !== 'toucha-push') return;
  event.waitUntil(
    worker.clients.matchAll({type: 'window'}).then((/** @type {readonly any[]} */ pages) => {
      for (const page of pages) page.postMessage({type: 'sync'});
    }),
  );
}

/** The service worker of this page: registered after the first screen; a newer one waits until the person agrees. */

import {settled} from './pending.js';
import {phone} from './phone.js';
import {router} from './router.js';

const LOOK = 6 * 3600e3; // ms between two looks for a newer version
const PATIENCE = 5000; // ms; Chromium may put a new worker off while the old one is busy, for minutes
const BETWEEN = new Set(['today', 'records', 'me']); // screens on which nothing is being made
let agreed = false;

export async function watchWorker() {
  const workers = navigator.serviceWorker;
  if (!workers) return; // no HTTPS, or a browser without: the app works while there is signal
  workers.addEventListener('controllerchange', () => agreed && reopen());
  try {
    // Narrower than where the script lies, so no Service-Worker-Allowed is needed: pages of the desk have no worker.
    const registration = await workers.register('/service-worker.js', {scope: '/app/', updateViaCache: 'none'});
    offer(registration.waiting);
    follow(registration.installing); // it may have begun before this page's script
    registration.addEventListener('updatefound', () => follow(registration.installing));
    document.addEventListener('visibilitychange', () => lookForNewer(registration));
  } catch (error) {
    console.warn(error);
  }
}

let looked = Date.now();

/** Browsers look when a page is opened; an app that is only brought to the front for weeks would hear of nothing. @param {ServiceWorkerRegistration} registration */
function lookForNewer(registration) {
  if (document.visibilityState !== 'visible' || Math.abs(Date.now() - looked) < LOOK) return;
  looked = Date.now();
  registration.update().catch(() => {}); // no signal: the next time
}

/** @param {ServiceWorker|null} worker */
function follow(worker) {
  worker?.addEventListener('statechange', () => worker.state === 'installed' && offer(worker));
}

/** @param {ServiceWorker|null} worker */
function offer(worker) {
  if (!worker || !navigator.serviceWorker.controller) return; // the very first one takes over by itself
  phone.newer = worker;
  phone.switching = null; // one that is newer still has to be agreed to as well
  phone.tell('newer');
}

/** The person agreed: the newer version takes over, and the page opens anew. */
export function takeOver() {
  agreed = true;
  phone.newer?.postMessage({type: 'take-over'});
  switching('now');
  setTimeout(() => switching('later'), PATIENCE);
}

/** With the new version; a check that was begun while the browser put it off is finished first. */
function reopen() {
  const calm = () => !phone.store || BETWEEN.has(router.route.name);
  const renew = () => settled().then(() => location.reload()); // the last answer may still be on its way to the disk
  if (calm()) return renew();
  router.addEventListener('route', () => calm() && renew());
}

/** @param {'now'|'later'} when */
function switching(when) {
  phone.switching = when;
  phone.tell('switching');
}

/** Best effort: the scanner for later, offline. */
export function fetchScanner() {
  navigator.serviceWorker?.controller?.postMessage({type: 'scanner'});
}

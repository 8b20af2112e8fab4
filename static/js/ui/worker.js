/** The service worker of this page: registered after the first screen; a newer one waits until the person agrees. */

import {phone} from './phone.js';

let agreed = false;

export async function watchWorker() {
  const workers = navigator.serviceWorker;
  if (!workers) return; // no HTTPS, or a browser without: the app works while there is signal
  workers.addEventListener('controllerchange', () => agreed && location.reload());
  try {
    // Narrower than where the script lies, so no Service-Worker-Allowed is needed: pages of the desk have no worker.
    const registration = await workers.register('/service-worker.js', {scope: '/app/', updateViaCache: 'none'});
    offer(registration.waiting);
    registration.addEventListener('updatefound', () => follow(registration.installing));
  } catch (error) {
    console.warn(error);
  }
}

/** @param {ServiceWorker|null} worker */
function follow(worker) {
  worker?.addEventListener('statechange', () => worker.state === 'installed' && offer(worker));
}

/** @param {ServiceWorker|null} worker */
function offer(worker) {
  if (!worker || !navigator.serviceWorker.controller) return; // the very first one takes over by itself
  phone.newer = worker;
  phone.tell('newer');
}

/** The person agreed: the newer version takes over, and the page opens anew. */
export function takeOver() {
  agreed = true;
  phone.newer?.postMessage({type: 'take-over'});
}

/** Best effort: the scanner for later, offline. */
export function fetchScanner() {
  navigator.serviceWorker?.controller?.postMessage({type: 'scanner'});
}

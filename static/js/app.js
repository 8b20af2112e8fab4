/** The field app: the store of whoever holds this phone, the engine beside it, and the first screen, in that order. */

import {gate} from './screens/gate.js';
import {boot} from './sync/boot.js';
import {SyncEngine} from './sync/engine.js';
import {askFirst, broughtPull} from './sync/pull.js';
import {askBackgroundSync, browserWake} from './sync/wake.js';
import {Stop} from './sync/wire.js';
import {watchKeyboard} from './ui/keyboard.js';
import {chosen, speak} from './ui/language.js';
import {phone} from './ui/phone.js';
import {router} from './ui/router.js';
import {takeOver, watchWorker} from './ui/worker.js';
import './screens/app-shell.js';

// A page from the server has the pull in it, or preloads its very address: the answer is often there before this line runs. The
// worker's page does neither: what the phone knows already need not come again.
const firstPull = broughtPull(document) ?? (navigator.serviceWorker?.controller ? null : askFirst());
const root = /** @type {HTMLElement} */ (document.getElementById('app'));

const GATES = new Set(['sign-in', 'temporary-password', 'offline', 'busy', 'server']);

async function start() {
  await speak(chosen() ?? 'zh');
  try {
    await open(await boot(firstPull));
  } catch (error) {
    gate(root, reasonOf(error));
    phone.addEventListener('newer', takeOver); // nothing is begun here that it could interrupt
  }
  watchWorker();
}

/** @param {Awaited<ReturnType<typeof boot>>} opened */
async function open({store, person, firstPull}) {
  if (!chosen()) await speak(person.language);
  const locks = navigator.locks;
  const engine = new SyncEngine({store, fetch: window.fetch.bind(window), wake: browserWake(window), locks});
  await phone.begin({store, engine, person: {...person, roles: []}});
  router.start(window);
  watchKeyboard(window);
  phone.picture = root.querySelector('[data-today]');
  root.replaceWith(document.createElement('tc-app'));
  engine.start({firstPull});
  store.addEventListener('change', (event) => /** @type {CustomEvent} */ (event).detail.queued && askToWake());
  addEventListener('beforeinstallprompt', keepOffer);
}

/** @param {unknown} error */
function reasonOf(error) {
  if (error instanceof Stop) return GATES.has(error.reason) ? error.reason : 'server';
  if (error instanceof Error && error.name === 'VersionError') return 'older'; // than what this phone holds
  console.error(error);
  return 'storage';
}

async function askToWake() {
  await askBackgroundSync(await navigator.serviceWorker?.getRegistration());
}

/** The browser's own offer comes when it likes; ours stands under Me. @param {Event} event */
function keepOffer(event) {
  event.preventDefault();
  phone.offer = /** @type {import('./ui/phone.js').InstallOffer} */ (event);
  phone.tell('offer');
}

start();

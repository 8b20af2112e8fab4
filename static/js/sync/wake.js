/** What wakes the engine in a page: events and timers. In tests something else stands in its place. */

/**
 * @typedef {'online'|'visible'|'background'} Reason
 * @typedef {{listen: (call: (reason: Reason) => void) => () => void,
 *   after: (ms: number, call: () => void) => () => void}} Wake  both return how to end it
 */

/** @param {Window & typeof globalThis} page @returns {Wake} */
export function browserWake(page) {
  const {document, navigator} = page;
  return {
    listen(call) {
      const end = new AbortController();
      /** @param {EventTarget|undefined} target @param {string} event @param {(event: Event) => void} run */
      const on = (target, event, run) => {
        target?.addEventListener(event, run);
        end.signal.addEventListener('abort', () => target?.removeEventListener(event, run));
      };
      on(page, 'online', () => call('online'));
      on(document, 'visibilitychange', () => document.visibilityState === 'visible' && call('visible'));
      on(
        navigator.serviceWorker,
        'message',
        (event) => /** @type {MessageEvent} */ (event).data?.type === 'sync' && call('background'),
      );
      return () => end.abort();
    },
    after(ms, call) {
      const timer = page.setTimeout(call, ms);
      return () => page.clearTimeout(timer);
    },
  };
}

/**
 * Asks the browser to wake the worker when the line is back, where there is such a thing.
 * @param {(ServiceWorkerRegistration & {sync?: {register: (name: string) => Promise<void>}})|undefined} registration of the service worker
 */
export async function askBackgroundSync(registration) {
  try {
    await registration?.sync?.register('toucha-push');
  } catch {} // not granted: the page's own timers do it
}

/** An engine beside a store and a server, all of them in the test's hands. */

import {SyncEngine} from '../../../static/js/sync/engine.js';
import {ManualWake, NOON, storeOf} from '../phone.js';
import {Server} from '../server.js';

/** @param {any} [parts] what stands in place of the usual */
export async function setUp(parts = {}) {
  const server = parts.server ?? new Server();
  const store = parts.store ?? (await storeOf());
  const wake = new ManualWake();
  const engine = new SyncEngine({store, fetch: server.fetch, wake, now: () => NOON, random: () => 1, ...parts});
  return {server, store, wake, engine};
}

/** Waits until everything that is under way is through. */
export async function settled(engine) {
  do await engine.running;
  while (engine.running);
}

/** A lock manager as navigator.locks, shared by the tabs of a test. */
export class Locks {
  held = new Set();
  most = 0;

  async request(name, {ifAvailable}, work) {
    if (this.held.has(name)) return ifAvailable ? work(null) : Promise.reject(new Error('not in these tests'));
    this.held.add(name);
    this.most = Math.max(this.most, this.held.size);
    try {
      return await work({name});
    } finally {
      this.held.delete(name);
    }
  }
}

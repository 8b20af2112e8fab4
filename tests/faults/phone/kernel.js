/**
 * The ground under the phones, in the simulation's hands: tasks, time and chance. Imported before anything that asks
 * for them. What is left is a pure function of the commands: the same lines in give the same lines out.
 */

import {AsyncLocalStorage} from 'node:async_hooks';
import {createHash} from 'node:crypto';
import 'fake-indexeddb/auto';

const breathe = globalThis.setImmediate;

/** Which page the running code belongs to, across every await. */
export const here = new AsyncLocalStorage();

/** `time` is the true time, ms; a phone's clock may differ from it. */
export const world = {time: 0, chance: generator(0)};

/** @type {(() => void)[]} what the event loop would do next, IndexedDB's steps among them */
let tasks = [];

/** @param {number} seed @param {number} time */
export function restart(seed, time) {
  tasks = [];
  Object.assign(world, {time, chance: generator(seed)});
}

/** @param {() => void} run */
export function enqueue(run) {
  tasks.push(AsyncLocalStorage.bind(run));
}

/** Runs up to `most` tasks, each with all that its promises lead to; how many are left. @param {number} [most] */
export async function pump(most = Number.POSITIVE_INFINITY) {
  await settled();
  for (let done = 0; tasks.length && done < most; done++) {
    tasks.shift()();
    await settled();
  }
  return tasks.length;
}

/** Node empties the queue of promises before it turns to its next immediate. */
function settled() {
  return new Promise((resolve) => breathe(resolve));
}

/** A number in [0, 1) that the seed decides (mulberry32). @param {number} seed */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const cryptography = {
  /** @param {Uint8Array} bytes */
  getRandomValues(bytes) {
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(world.chance() * 256);
    return bytes;
  },
  subtle: {
    /** Node's own answers from another thread, whenever that is done. @param {string} _name @param {any} data */
    async digest(_name, data) {
      const bytes = ArrayBuffer.isView(data) ? data : new Uint8Array(data);
      return new Uint8Array(createHash('sha256').update(bytes).digest()).buffer;
    },
  },
};

/** Tells the other pages of the same phone, a task later. */
class Channel {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.page = here.getStore();
    this.page.phone.channels.add(this);
    /** @type {((event: {data: any}) => void)|null} */
    this.onmessage = null;
  }

  /** @param {any} data */
  postMessage(data) {
    for (const other of this.page.phone.channels) {
      if (other !== this && other.name === this.name) enqueue(() => other.take(data));
    }
  }

  /** @param {any} data */
  take(data) {
    if (this.page.alive) here.run(this.page, () => this.onmessage?.({data: structuredClone(data)}));
  }

  close() {
    this.page.phone.channels.delete(this);
  }
}

globalThis.setImmediate = /** @type {any} */ (enqueue);
Date.now = () => world.time + (here.getStore()?.phone.skew ?? 0);
Math.random = () => world.chance();
Object.defineProperty(globalThis, 'crypto', {value: cryptography});
Object.defineProperty(globalThis, 'BroadcastChannel', {value: Channel});
Object.defineProperty(globalThis, 'indexedDB', {get: () => here.getStore().disk});

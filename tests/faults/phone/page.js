/** A page of the app on a phone: the real store and engine, whose network, timers and locks end in the simulation. */

import {overall, summary} from '../../../static/js/domain/status.js';
import {boot, welcome} from '../../../static/js/sync/boot.js';
import {SyncEngine} from '../../../static/js/sync/engine.js';
import {Disk, databasesOf, newFactory, valuesOf} from './disk.js';
import {here, world} from './kernel.js';

/** @type {any[]} what happened since the simulation last heard */
let events = [];
let requests = new Map();
let timers = new Map();
let count = 0;

/** Everything that happened, once. */
export function told() {
  return events.splice(0);
}

/** A promise that nobody waited for failed. @param {any} page @param {any} error */
export function lost(page, error) {
  const where = {phone: page?.phone.name ?? '', page: page?.name ?? ''};
  events.push({event: 'unhandled', ...where, name: error?.name, message: String(error?.stack ?? error)});
}

export function forget() {
  events = [];
  requests = new Map();
  timers = new Map();
  count = 0;
}

/** One browser on one device: its disk, its clock, its tabs. */
export class Phone {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.factory = newFactory();
    this.skew = 0;
    this.full = false;
    this.locked = true; // whether the browser has navigator.locks
    this.channels = new Set();
    this.locks = new Set();
    /** @type {Map<string, Page>} */
    this.pages = new Map();
  }

  /** The values of a person's store as they lie on the disk. @param {string} person @param {string} store */
  lying(person, store) {
    return valuesOf(this.factory, `toucha-${person}`, store);
  }

  /** Whoever has a store here. */
  people() {
    return databasesOf(this.factory)
      .filter((name) => name.startsWith('toucha-'))
      .map((name) => name.slice(7));
  }
}

export class Page {
  /** @param {Phone} phone @param {string} name */
  constructor(phone, name) {
    this.phone = phone;
    this.name = name;
    this.alive = true;
    this.disk = new Disk(phone.factory, () => phone.full);
    /** @type {any} */ this.store = null;
    /** @type {any} */ this.engine = null;
    this.said = '';
    /** @type {Set<(reason: any) => void>} */
    this.listeners = new Set();
    phone.pages.set(name, this);
  }

  /** @param {string} event @param {any} [more] */
  tell(event, more) {
    if (this.alive) events.push({event, phone: this.phone.name, page: this.name, ...more});
  }

  /** Runs as this page's own code. @param {() => Promise<void>} work */
  run(work) {
    return here.run(this, () =>
      work().catch((error) => this.tell('error', {name: error?.name, message: String(error?.message ?? error)})),
    );
  }

  /** As app.js begins. */
  load() {
    return this.run(async () => {
      try {
        const ask = () => /** @type {any} */ (this.fetch('/api/sync/pull', {}));
        const fromWorker = world.chance() < 0.5; // then nothing was preloaded
        await this.open(await boot(fromWorker ? null : ask(), ask));
      } catch (error) {
        this.tell('gate', {reason: /** @type {any} */ (error).reason ?? String(error)});
      }
    });
  }

  /** @param {any} opened */
  async open({store, person, firstPull}) {
    this.store = store;
    const wake = {
      listen: (/** @type {any} */ call) => this.listen(call),
      after: (/** @type {number} */ ms, /** @type {() => void} */ call) => this.after(ms, call),
    };
    const locks = /** @type {any} */ (this.phone.locked ? {request: this.lock.bind(this)} : undefined);
    const fetch = /** @type {any} */ (this.fetch.bind(this));
    this.engine = new SyncEngine({store, fetch, wake, locks, now: Date.now, random: world.chance});
    this.tell('opened', {person: person.id});
    await this.engine.start({firstPull});
  }

  /** Somebody else takes the phone, who is signed in: the app is loaded anew. @param {any} person */
  greet(person) {
    return this.run(async () => {
      await welcome(person);
      this.tell('welcomed', {person: person.id});
    });
  }

  /** Killed at once: what the disk has not completed never was. */
  kill() {
    this.alive = false;
    this.disk.kill();
    this.phone.pages.delete(this.name);
    for (const channel of [...this.phone.channels]) if (channel.page === this) channel.close();
    for (const lock of [...this.phone.locks]) if (lock.page === this) this.phone.locks.delete(lock);
  }

  /** What this page shows of everything together, when it changed. */
  speak() {
    if (!this.store || !this.alive) return;
    const lying = this.phone.lying(this.store.personId, 'records');
    const held = summary(lying);
    const untold = lying.filter(({due}) => due === 'word').length; // losses of which the server has not heard
    const {code, n, reason} = overall(held, this.engine.state);
    const {waiting} = held;
    const said = JSON.stringify([code, n, reason, waiting, untold, this.engine.state.phase]);
    if (said === this.said) return;
    this.said = said;
    const {online} = this.engine.state;
    this.tell('status', {person: this.store.personId, code, n, reason, waiting, untold, online});
  }

  // --- what the browser offers

  /** @param {(reason: any) => void} call */
  listen(call) {
    this.listeners.add(call);
    return () => this.listeners.delete(call);
  }

  /** @param {string} reason */
  wake(reason) {
    here.run(this, () => {
      for (const call of [...this.listeners]) call(reason);
    });
  }

  /** @param {number} ms @param {() => void} call */
  after(ms, call) {
    const id = ++count;
    timers.set(id, {page: this, call});
    this.tell('timer', {id, ms});
    return () => {
      if (timers.delete(id)) this.tell('cancel', {id});
    };
  }

  /** navigator.locks with `ifAvailable`. @param {string} name @param {any} _options @param {(lock: any) => any} work */
  async lock(name, _options, work) {
    if (!this.alive) return new Promise(() => {}); // what a killed page still had to do takes no lock
    if ([...this.phone.locks].some((lock) => lock.name === name)) return work(null);
    const lock = {name, page: this};
    this.phone.locks.add(lock);
    try {
      return await work(lock);
    } finally {
      this.phone.locks.delete(lock);
    }
  }

  /** @param {string} url @param {{method?: string, headers?: any, body?: any, signal?: AbortSignal}} options */
  fetch(url, {method = 'GET', headers = {}, body, signal}) {
    const id = ++count;
    return new Promise((resolve, reject) => {
      if (!this.alive) return;
      requests.set(id, {page: this, resolve, reject});
      signal?.addEventListener('abort', () => this.giveUp(id, signal.reason));
      const text = typeof body === 'string' ? body : null;
      const bytes = body && text === null ? Buffer.from(body).toString('base64') : null;
      this.tell('request', {id, method, url, headers, text, bytes});
    });
  }

  /** @param {number} id @param {any} reason */
  giveUp(id, reason) {
    const request = requests.get(id);
    if (!request) return;
    requests.delete(id);
    this.tell('abort', {id});
    request.reject(reason);
  }
}

/** @param {number} id */
export function ring(id) {
  const timer = timers.get(id);
  timers.delete(id);
  if (timer?.page.alive) here.run(timer.page, timer.call);
}

/** The line broke. @param {number} id */
export function breakOff(id) {
  const request = take(id);
  if (request) here.run(request.page, () => request.reject(new TypeError('Failed to fetch')));
}

/** @param {{id: number, status: number, headers: Record<string, string>, bytes: string, cut: boolean}} answer */
export function answer({id, status, headers, bytes, cut}) {
  const request = take(id);
  const data = Buffer.from(bytes, 'base64');
  const body = async () => {
    if (cut) throw new TypeError('terminated');
    return data;
  };
  const response = {
    ok: status >= 200 && status < 300,
    status,
    headers: {get: (/** @type {string} */ name) => headers[name.toLowerCase()] ?? null},
    json: async () => JSON.parse((await body()).toString('utf8')),
    arrayBuffer: async () => new Uint8Array(await body()).buffer,
  };
  if (request) here.run(request.page, () => request.resolve(response));
}

/** @param {number} id */
function take(id) {
  const request = requests.get(id);
  requests.delete(id);
  return request?.page.alive ? request : null;
}

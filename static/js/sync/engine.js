/** The engine: when to talk to the server, in which order, and what came of it. It never touches the page. */

import {fetchPhotos, sendPhotos} from './photos.js';
import {pull, takeFirst} from './pull.js';
import {MOST_FACTS, push, tellHolding} from './push.js';
import {Stop, Wire} from './wire.js';

const PING_TIMEOUT = 10e3;
const HEARTBEAT = 5 * 60e3;
const ELSEWHERE = 60e3; // another tab drains: look again
const FIRST_WAIT = 4e3;
const LONGEST_WAIT = 10 * 60e3;
const FRESH = 30e3; // coming back to the page so soon asks nothing new
const TIDY = 24 * 3600e3;

// A timer does not mend these; a person, or a page that comes back, may.
const NO_TIMER = new Set(['sign-in', 'other-person', 'wrong-origin', 'temporary-password']);

/**
 * @typedef {import('../domain/types.js').Person} Person
 * @typedef {'idle'|'checking'|'sending'|'photos'|'pulling'} Phase
 * @typedef {{phase: Phase, done: number, total: number, sent: number, size: number, sending: string[], online: boolean|null, reason: string|null,
 *   person: Person|null, next: number|null, seen: number|null}} State  `sent` of `size` bytes of this
 *   phase; `online` null: not known yet; `reason`: why the last
 *   run fell short (offline, sign-in, other-person, wrong-origin, temporary-password, busy, server, storage, error); `person`: who signed in
 *   instead; `next`: of the next try, `seen`: of the last answer, both ms
 */

/** Dispatches `state` with the new state as `detail`. */
export class SyncEngine extends EventTarget {
  /**
   * @param {{store: import('../store/store.js').Store, fetch: typeof globalThis.fetch, wake: import('./wake.js').Wake,
   *   now?: () => number, locks?: LockManager, random?: () => number}} parts without `locks` (old browsers) every tab
   *   drains: harmless, since the server knows what it has
   */
  constructor({store, fetch, wake, now = Date.now, locks, random = Math.random}) {
    super();
    this.store = store;
    this.wake = wake;
    this.now = now;
    this.locks = locks;
    this.random = random;
    this.wire = new Wire({fetch, after: wake.after}, store.personId);
    /** @type {Map<string, number>} photos that arrived damaged, and how often */
    this.damaged = new Map();
    /** @type {{person: Person|null}|null} whose session it is, since the server said so; a line that breaks changes nothing of it */
    this.stranger = null;
    /** @type {Map<string, number>} photos that the disk does not give back, and how often */
    this.unread = new Map();
    /** @type {Map<string, number>} photos that did not get through, and how often */
    this.photoFailures = new Map();
    /** @type {Set<string>} units that are sent again in this loop, each once, whatever the server says */
    this.rewound = new Set();
    this.heard = false; // a push of this run was answered
    this.batch = MOST_FACTS; // how many facts the line carried at once
    /** @type {State} */
    this.state = {...IDLE, online: null, reason: null, person: null, next: null, seen: null};
    /** @type {Promise<void>|null} */
    this.running = null;
    this.wanted = false; // something came up during a run
    this.stopped = true;
    this.failures = 0;
    this.known = false; // whether this session's person is known to be the store's
    this.tidied = 0;
    /** @type {import('./boot.js').FirstPull|null} */
    this.firstPull = null;
    /** @type {(() => void)[]} */
    this.ends = [];
    this.cancelTimer = () => {};
  }

  /**
   * Runs at once, then whenever something wakes it.
   * @param {{firstPull?: import('./boot.js').FirstPull|null}} [options] the pull that the page began before the engine was there
   */
  start({firstPull = null} = {}) {
    this.stopped = false;
    this.firstPull = firstPull;
    const saved = (/** @type {Event} */ event) => /** @type {CustomEvent} */ (event).detail.queued && this.sync();
    this.store.addEventListener('change', saved);
    this.ends = [
      this.wake.listen((reason) => this.woken(reason)),
      () => this.store.removeEventListener('change', saved),
    ];
    return this.sync();
  }

  /** Ends listening, timers, and requests under way; what is unsent stays. */
  stop() {
    this.stopped = true;
    this.cancelTimer();
    this.wire.abort();
    for (const end of this.ends.splice(0)) end();
    return this.running ?? Promise.resolve();
  }

  /** One run, or the one under way and then another. @returns {Promise<void>} never rejects */
  sync() {
    this.wanted = true;
    this.running ??= this.loop().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** @param {Partial<State>} news */
  report(news) {
    this.state = {...this.state, ...news};
    this.dispatchEvent(new CustomEvent('state', {detail: this.state}));
  }

  /**
   * Writes a meta value only if it is another one.
   * @template {keyof import('../store/store.js').Meta} K @param {K} key @param {import('../store/store.js').Meta[K]} value
   */
  async keep(key, value) {
    if ((await this.store.get(key)) !== value) await this.store.set(key, value);
  }

  /** @param {import('./wake.js').Reason} reason */
  woken(reason) {
    const fresh = this.state.online && !this.state.reason && Math.abs(this.now() - (this.state.seen ?? 0)) < FRESH;
    if (reason !== 'visible' || !fresh) this.sync();
  }

  async loop() {
    this.cancelTimer();
    this.rewound.clear();
    let wait = HEARTBEAT;
    do {
      this.wanted = false;
      wait = await this.attempt();
    } while (this.wanted && !this.stopped && !this.state.reason);
    this.schedule(wait);
  }

  /** @param {number} wait ms; Infinity: only an event wakes it */
  schedule(wait) {
    const timed = !this.stopped && Number.isFinite(wait);
    if (timed) this.cancelTimer = this.wake.after(wait, () => this.sync());
    this.report({next: timed ? Math.round(this.now() + wait) : null});
  }

  /** One run under the lock. @returns {Promise<number>} how long until the next, ms */
  async attempt() {
    try {
      const mine = await this.locked(() => this.run());
      this.failures = 0;
      return mine ? HEARTBEAT : ELSEWHERE;
    } catch (error) {
      return this.failed(error);
    } finally {
      this.report(IDLE); // whatever happened: a flag left standing would stop the queue for ever
    }
  }

  /** One tab drains at a time. @param {() => Promise<void>} work @returns {Promise<boolean>} whether it was this one */
  async locked(work) {
    if (!this.locks) return work().then(() => true);
    return this.locks.request(`toucha-sync-${this.store.personId}`, {ifAvailable: true}, async (lock) => {
      if (lock) await work();
      return Boolean(lock);
    });
  }

  async run() {
    this.report({phase: 'checking'});
    this.heard = false;
    const fresh = await this.greet();
    const facts = await this.stage('sending', await this.store.outbox(), () => push(this));
    const photos = await this.stage('photos', await this.store.photosDue(), () => sendPhotos(this));
    this.report({phase: 'pulling', sending: []});
    const sent = facts.sent + photos.sent;
    if (sent) await tellHolding(this); // the county reads beside its figures what is still on phones
    if (!fresh || sent) await pull(this, this.heard);
    this.stranger = null; // it was this person's session again
    this.report({online: true, reason: null, person: null, seen: this.now()});
    await fetchPhotos(this);
    if (this.heard) await this.keepHouse(); // a restored server lists little: it says so before anything is forgotten
    const fault = facts.fault ?? photos.fault;
    if (fault) throw new Stop(fault);
  }

  /**
   * Makes sure that this is Toucha, and this person's session, before anything is sent in the person's name.
   * @returns {Promise<boolean>} whether a pull was taken on the way
   */
  async greet() {
    const first = this.firstPull;
    this.firstPull = null;
    if (!first) await this.ping();
    if (this.known) return false;
    const kept = await (first ? takeFirst(this, first) : pull(this)).then(() => true, unlessFull);
    this.known = true;
    return kept;
  }

  /** Longer after each failure: on a slow line the first tries may just have been too short. @param {number} ms */
  patient(ms) {
    return ms * Math.min(this.failures + 1, 5);
  }

  async ping() {
    const outcome = await this.wire.request('/api/ping', {timeout: this.patient(PING_TIMEOUT)});
    if (!outcome.ok || outcome.data?.toucha !== 'ok') throw new Stop('offline');
  }

  /**
   * @template T
   * @param {Phase} phase @param {Sendable[]} queue @param {() => Promise<T>} work
   */
  stage(phase, queue, work) {
    const size = queue.reduce((sum, one) => sum + sizeOf(one), 0);
    this.report({phase, done: 0, total: queue.length, sent: 0, size, sending: []});
    return work();
  }

  async keepHouse() {
    if (this.now() - this.tidied < TIDY) return;
    this.tidied = this.now();
    await this.store.tidy();
  }

  /** @param {unknown} error @returns {number} how long until the next try, ms */
  failed(error) {
    const reason = reasonOf(error);
    if (reason === 'error') console.error(error);
    if (reason === 'sign-in' || reason === 'other-person') this.known = false;
    const {person = null, after = 0} = error instanceof Stop ? error : {};
    if (reason === 'other-person') this.stranger = {person};
    this.failures += 1;
    this.report({reason, person, online: reason !== 'offline'});
    if (NO_TIMER.has(reason)) return Infinity;
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (this.failures - 1));
    return Math.max(after, wait * (0.5 + this.random() / 2));
  }
}

const IDLE = {
  phase: /** @type {Phase} */ ('idle'),
  done: 0,
  total: 0,
  sent: 0,
  size: 0,
  sending: /** @type {string[]} */ ([]),
};

/** @typedef {{size: number}|{open: string, personal: string}} Sendable  a photo or a fact */

/** Bytes of a photo, characters of a fact: near enough for a progress line. @param {Sendable} one */
function sizeOf(one) {
  return 'size' in one ? one.size : one.open.length + one.personal.length;
}

/** A full phone takes nothing in, and must send all the more: only then can it forget. @param {unknown} error */
function unlessFull(error) {
  if (reasonOf(error) === 'storage') return false;
  throw error;
}

/** @param {unknown} error */
function reasonOf(error) {
  if (error instanceof Stop) return error.reason;
  return error instanceof Error && error.name === 'QuotaExceededError' ? 'storage' : 'error';
}

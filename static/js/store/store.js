/** What one person's phone holds. Every method that changes something resolves when it is on the disk. */

import {sha256 as digest} from '../domain/facts.js';
import {committed} from './committing.js';
import {AlreadySaved, NotAdmitted} from './not-saved.js';
import {forgetSeen, noteSeen} from './notices.js';
import {applyPull, purgeIfDue} from './pulled.js';
import {again, losses, withPhoto, withResult, withTold} from './records.js';
import {reopenUnits} from './rewound.js';
import {openLasting, readOne, write} from './schema.js';
import {sweep} from './sweep.js';

export {AlreadySaved, NotAdmitted};
/**
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').Fact} Fact
 * @typedef {import('../domain/types.js').Problem} Problem
 * @typedef {import('../domain/types.js').Rec} Rec
 * @typedef {import('../domain/types.js').Heads} Heads
 * @typedef {import('./schema.js').StoredPhoto} StoredPhoto
 * @typedef {import('./schema.js').Transaction} Transaction
 * @typedef {import('./schema.js').StoreName} StoreName
 * @typedef {import('../domain/types.js').SectionName} SectionName
 * @typedef {{person: import('../domain/types.js').Person, kinds: import('../domain/types.js').Kind[], cursor: string,
 *   version: string, server_time: string, pulled: number, skew: number, confirmed: Heads, purge: boolean,
 *   language: string|null, unit: string, today: string, places: string[],
 *   case_rules: import('../domain/cases.js').CaseRules, articles: import('../domain/types.js').Article[], greeted: boolean,
 *   notices: import('../domain/types.js').Notice[], seen: string[],
 *   rounds: import('../domain/round.js').Rounds}} Meta  `pulled` and `skew` ms; `language` and `seen` wait to be told;
 *   `unit`: where work is begun; `today`: whose Today an upper role looks at; `places`: units chosen lately, the last first
 */

/**
 * @param {string} personId
 * @param {{now?: () => number, channel?: boolean}} [options] `channel`: tell other tabs (where browsers can)
 */
export async function openStore(personId, {now = Date.now, channel = true} = {}) {
  const db = await openLasting(personId);
  const wire = channel && 'BroadcastChannel' in globalThis ? new BroadcastChannel(`toucha-${personId}`) : null;
  return new Store(personId, db, now, wire);
}

/** Dispatches `change` with `detail: {stores, queued}` after each committed transaction, other tabs' too. */
export class Store extends EventTarget {
  /**
   * @param {string} personId @param {import('./schema.js').LastingDatabase} db
   * @param {() => number} now @param {BroadcastChannel|null} channel
   */
  constructor(personId, db, now, channel) {
    super();
    this.personId = personId;
    this.db = db;
    this.now = now;
    this.channel = channel;
    if (channel) channel.onmessage = ({data}) => announce(this, data);
  }

  close() {
    this.channel?.close();
    this.db.end();
  }

  // --- drafts

  /** @param {Draft} draft */
  async saveDraft(draft) {
    await change(this, ['drafts'], (tx) => tx.objectStore('drafts').put({...draft, saved: this.now()}));
  }

  /** @param {string} id @returns {Promise<Draft|null>} */
  async draft(id) {
    const draft = (await this.db.get('drafts', id)) ?? null;
    return draft?.discarded ? null : draft;
  }

  /** Last touched first. @returns {Promise<(Draft & {saved: number})[]>} */
  async drafts() {
    return (await allDrafts(this)).filter(({discarded}) => !discarded);
  }

  /** Those that were thrown away and are still kept, the last one first. @returns {Promise<(Draft & {saved: number})[]>} */
  async discarded() {
    return (await allDrafts(this)).filter(({discarded}) => discarded);
  }

  /** Thrown away, and kept for a week of the server's clock with its photos: a wrong tap costs nothing. @param {string} id */
  async discardDraft(id) {
    await changeDraft(this, id, (draft) => ({...draft, discarded: this.now()}));
  }

  /** @param {string} id */
  async bringBack(id) {
    await changeDraft(this, id, ({discarded, since, ...draft}) => draft);
  }

  /** @param {string} id */
  async deleteDraft(id) {
    await change(this, ['drafts'], (tx) => tx.objectStore('drafts').delete(id));
  }

  // --- photos

  /**
   * Bytes, never Blobs: WebKit refuses those in IndexedDB.
   * @param {{bytes: ArrayBuffer, type: string, sha256?: string, pulled?: boolean}} photo
   * @returns {Promise<{sha256: string, size: number, type: string}>}
   */
  async savePhoto({bytes, type, sha256, pulled = false}) {
    const note = {sha256: sha256 ?? (await digest(bytes)), size: bytes.byteLength, type};
    const row = {...note, bytes, pulled, at: this.now()};
    await change(this, ['photos'], (tx) => tx.objectStore('photos').put(row));
    return note;
  }

  /** @param {string} sha256 @returns {Promise<StoredPhoto|null>} */
  async photo(sha256) {
    return (await readOne(this.db, 'photos', sha256)) ?? null;
  }

  /** Digests of all photos whose bytes are here. @returns {Promise<Set<string>>} */
  async photoKeys() {
    return new Set(await this.db.getAllKeys('photos'));
  }

  // --- own records

  /**
   * The draft becomes a record, in one transaction. A second tap finds the record of the first and changes nothing.
   * @param {Draft} draft @param {Fact} fact frozen with the draft's id
   * @param {(records: Rec[]) => boolean} [admits] asked in the same transaction, whatever other tabs do: false, and it stays a draft
   * @returns {Promise<Rec>} rejects with {@link NotAdmitted}, {@link AlreadySaved}
   */
  commitDraft(draft, fact, admits) {
    if (fact.id !== draft.id) throw new RangeError('a fact carries the id of its draft');
    return commit(this, fact, draft.replaces, admits);
  }

  /** A fact without a draft: a withdrawal, a confirmation. @param {Fact} fact @returns {Promise<Rec>} */
  commitFact(fact) {
    return commit(this, fact);
  }

  /** Newest first. @returns {Promise<Rec[]>} */
  async records() {
    return (await this.db.getAll('records')).reverse();
  }

  /** @param {string} id @returns {Promise<Rec|null>} */
  async record(id) {
    return (await this.db.get('records', id)) ?? null;
  }

  /** Facts that no server has confirmed, oldest first. @returns {Promise<Rec[]>} */
  outbox() {
    return this.db.getAllFromIndex('records', 'due', 'fact');
  }

  /** Photos that the server asked for, small ones first. @returns {Promise<import('../domain/types.js').PhotoState[]>} */
  async photosDue() {
    const records = await this.db.getAllFromIndex('records', 'due', 'photos');
    const missing = records.flatMap(({photos}) => photos).filter(({state}) => state === 'missing');
    const once = new Map(missing.map((photo) => [photo.sha256, photo]));
    return [...once.values()].sort((a, b) => a.size - b.size);
  }

  /** Forgets a refused record, or one whose refused photos are given up; anything else throws. @param {string} id */
  async dismiss(id) {
    await change(this, ['records'], async (tx) => {
      const record = await tx.objectStore('records').get(id);
      const givenUp = record?.photos.some(({state}) => state === 'refused');
      if (record && (record.due || (record.state !== 'refused' && !givenUp))) throw new RangeError('still needed');
      await tx.objectStore('records').delete(id);
    });
  }

  /** Sends what was refused again. @param {string} id */
  async retry(id) {
    await update(this, [id], again, true);
  }

  /** @param {import('../domain/types.js').PushResult} result */
  async markResult(result) {
    await update(this, [result.id], (record) => withResult(record, result, this.now()));
  }

  /** @param {string} sha256 */
  async markPhotoArrived(sha256) {
    await updateHolders(this, sha256, (record) => withPhoto(record, sha256, 'arrived'));
  }

  /** @param {string} sha256 @param {Problem} problem */
  async markPhotoRefused(sha256, problem) {
    await updateHolders(this, sha256, (record) => withPhoto(record, sha256, 'refused', problem));
  }

  /** Records that still owe a photo, or a word about one. @returns {Promise<Rec[]>} */
  async owing() {
    return (await Promise.all(['photos', 'word'].map((due) => this.db.getAllFromIndex('records', 'due', due)))).flat();
  }

  /** Photos that cannot be sent, of which the server has not heard. @returns {Promise<ReturnType<typeof losses>>} */
  async losses() {
    return [...new Map((await this.owing()).flatMap(losses).map((one) => [one.sha256, one])).values()];
  }

  /** The server has heard of the losses of these photos. @param {string[]} names */
  async markTold(names) {
    const heard = new Set(names);
    const ids = (await this.owing()).map(({id}) => id);
    await update(this, ids, (record) => withTold(record, heard));
  }

  // --- what was pulled

  /**
   * All of a pull or nothing of it. When the person's roles changed, all but the own unsent work goes.
   * @param {import('../domain/types.js').Pull} pull throws RangeError if it is another person's
   * @param {{heard?: boolean}} [how] `heard`: a push was answered just before
   */
  async applyPull(pull, {heard = false} = {}) {
    if (pull.person && pull.person.id !== this.personId) throw new RangeError('this pull is another person’s');
    await change(this, ['records', 'photos', 'drafts', 'sections', 'meta'], (tx) =>
      applyPull(tx, pull, this.now(), heard),
    );
  }

  /** @template {SectionName} N @param {string} unit @param {N} name @returns {Promise<import('../domain/types.js').Row<N>[]>} */
  async section(unit, name) {
    const section = await this.db.get('sections', `${unit}/${name}`);
    return /** @type {import('../domain/types.js').Row<N>[]} */ (section?.rows ?? []);
  }

  /**
   * Several sections of a unit at once, by their names.
   * @template {SectionName} N
   * @param {string} unit @param {N[]} names @returns {Promise<{[K in N]: import('../domain/types.js').Row<K>[]}>}
   */
  async sections(unit, names) {
    const rows = await Promise.all(names.map((name) => this.section(unit, name)));
    const named = Object.fromEntries(names.map((name, i) => [name, rows[i]]));
    return /** @type {{[K in N]: import('../domain/types.js').Row<K>[]}} */ (/** @type {unknown} */ (named));
  }

  /**
   * The rows of every unit under one name, each with its `unit`.
   * @template {SectionName} N
   * @param {N} name @returns {Promise<import('../domain/types.js').UnitRow<N>[]>}
   */
  async rows(name) {
    const sections = await this.db.getAllFromIndex('sections', 'name', name);
    const rows = sections.flatMap(({unit, rows}) => rows.map((row) => ({...row, unit})));
    return /** @type {import('../domain/types.js').UnitRow<N>[]} */ (/** @type {unknown} */ (rows));
  }

  /** @template {keyof Meta} K @param {K} key @returns {Promise<Meta[K]|null>} null when it was never set */
  async get(key) {
    return /** @type {Meta[K]|undefined} */ (await this.db.get('meta', key)) ?? null;
  }

  /** @template {keyof Meta} K @param {K} key @param {Meta[K]} value */
  async set(key, value) {
    await change(this, ['meta'], (tx) => tx.objectStore('meta').put(value, key));
  }

  // --- what push tells the server

  /** The last journal heads seen. @returns {Promise<Heads>} */
  async heads() {
    const units = await this.rows('unit');
    const known = units.filter(({head}) => head);
    return Object.fromEntries(known.map(({code, head}) => [code, /** @type {Heads[string]} */ (head)]));
  }

  /** The heads below which all stands that an answered push brought. @returns {Promise<Heads>} */
  async confirmed() {
    return (await this.get('confirmed')) ?? {};
  }

  /**
   * What a push was told of the journals. Of units whose journal the server had to put back to an older copy, all is to be
   * sent again and pulled anew, in the same step: killed before it, the phone will say again what it saw.
   * @param {Heads} heads @param {string[]} rewound units
   * @param {Set<string>} [doubted] units of which the server said so, those included that had their turn a moment ago: for
   *   them the phone goes on saying what it saw, until their next turn
   * @returns {Promise<number>} how many records are sent again
   */
  async markConfirmed(heads, rewound, doubted = new Set(rewound)) {
    const before = await this.confirmed();
    const later = Object.entries(before).filter(([unit]) => doubted.has(unit) && !rewound.includes(unit));
    const next = {...heads, ...Object.fromEntries(later)};
    if (!rewound.length && !(await this.get('purge'))) {
      if (JSON.stringify(before) !== JSON.stringify(next)) await this.set('confirmed', next);
      return 0;
    }
    return change(this, ['records', 'photos', 'drafts', 'sections', 'meta'], async (tx) => {
      await tx.objectStore('meta').put(next, 'confirmed');
      const count = rewound.length ? await reopenUnits(tx, new Set(rewound), heads) : 0;
      await purgeIfDue(tx, this.now());
      return count;
    });
  }

  /** What has not arrived yet. @returns {Promise<{records: number, photos: number, oldest: string|null}>} */
  async holding() {
    const [facts, photos] = await Promise.all(
      ['fact', 'photos'].map((due) => this.db.getAllFromIndex('records', 'due', due)),
    );
    const all = [...facts, ...photos];
    const open = all.flatMap((record) => record.photos).filter(({state}) => state === 'missing' || state === 'waiting');
    const oldest = all.length ? Math.min(...all.map(({created}) => created)) : null;
    const distinct = new Set(open.map(({sha256}) => sha256)).size;
    return {records: facts.length, photos: distinct, oldest: oldest === null ? null : new Date(oldest).toISOString()};
  }

  /** The person has seen these notices: here at once, and the server hears of it with the next push. @param {string[]} ids */
  see(ids) {
    return change(this, ['meta'], (tx) => noteSeen(tx, ids), true);
  }

  /** The server has heard of it. @param {string[]} ids */
  markSeenTold(ids) {
    return change(this, ['meta'], (tx) => forgetSeen(tx, ids));
  }

  // --- keeping house

  /** Drops what is confirmed and old, and photos that nothing shows any more. */
  async tidy() {
    await change(this, ['records', 'photos', 'drafts', 'sections', 'meta'], (tx) => sweep(tx, this.now()));
  }
}

/** @param {Store} store */
async function allDrafts(store) {
  return (await store.db.getAll('drafts')).sort((a, b) => b.saved - a.saved);
}

/** @param {Store} store @param {string} id @param {(draft: Draft & {saved: number}) => Draft & {saved: number}} work */
async function changeDraft(store, id, work) {
  await change(store, ['drafts'], async (tx) => {
    const draft = await tx.objectStore('drafts').get(id);
    if (draft) await tx.objectStore('drafts').put(work(draft));
  });
}

/** @param {Store} store @param {Fact} fact @param {string} [replaces] a refused record @param {(records: Rec[]) => boolean} [admits] @returns {Promise<Rec>} */
function commit(store, fact, replaces, admits) {
  const work = (/** @type {Transaction} */ tx) => committed(tx, fact, {replaces, admits, now: store.now()});
  return change(store, ['records', 'photos', 'drafts'], work, true);
}

/** @param {Store} store @param {string[]} ids @param {(record: Rec) => Rec} next @param {boolean} [queued] */
function update(store, ids, next, queued = false) {
  return change(
    store,
    ['records'],
    async (tx) => {
      const records = tx.objectStore('records');
      for (const record of await Promise.all(ids.map((id) => records.get(id)))) {
        if (record) await records.put(next(record));
      }
    },
    queued,
  );
}

/** Every record that waits for this photo. @param {Store} store @param {string} sha256 @param {(record: Rec) => Rec} next */
async function updateHolders(store, sha256, next) {
  const records = await store.db.getAllFromIndex('records', 'due', 'photos');
  const holders = records.filter(({photos}) => photos.some((photo) => photo.sha256 === sha256));
  await update(
    store,
    holders.map(({id}) => id),
    next,
  );
}

/**
 * Writes, then tells: nobody hears of what is not committed.
 * @template T
 * @param {Store} store @param {StoreName[]} names @param {(tx: Transaction) => Promise<T>} work
 * @param {boolean} [queued] whether something new waits to be sent
 */
async function change(store, names, work, queued = false) {
  const result = await write(store.db, names, work);
  const detail = {stores: names, queued};
  store.channel?.postMessage(detail);
  announce(store, detail);
  return result;
}

/** @param {Store} store @param {{stores: string[], queued: boolean}} detail */
function announce(store, detail) {
  store.dispatchEvent(new CustomEvent('change', {detail}));
}

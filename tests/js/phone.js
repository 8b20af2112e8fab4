/** A phone for tests: its own IndexedDB, a clock that is set by hand, and inspections to save. */

import 'fake-indexeddb/auto';
import {IDBFactory} from 'fake-indexeddb';
import {addItem, addPhoto, newDraft, passWhole, speak, toFact} from '../../static/js/domain/checks.js';
import {freeze} from '../../static/js/domain/facts.js';
import {openStore} from '../../static/js/store/store.js';
import {PARCEL} from './kinds.js';

export const NOON = Date.parse('2026-11-20T12:00:00+08:00');
const STARTED = '2026-11-20T11:50:00.000+08:00';

/** A phone out of the box: what was stored by the test before is gone. */
export function newPhone() {
  globalThis.indexedDB = new IDBFactory();
}

/** @param {string} [person] */
export async function storeOf(person = 'lead', options = {}) {
  return openStore(person, {now: () => NOON, channel: false, ...options});
}

let shots = 0;

/** Bytes that no other photo has. @param {number} [size] */
export function bytes(size = 100) {
  const shot = new Uint8Array(size);
  new DataView(shot.buffer).setUint32(0, ++shots);
  return shot.buffer;
}

/** @param {any} store @param {number} [size] */
export function takePhoto(store, size) {
  return store.savePhoto({bytes: bytes(size), type: 'image/jpeg'});
}

/** @param {any} store @param {number} size @returns {Promise<import('../../static/js/domain/types.js').VoiceName>} */
export async function sayInto(store, size) {
  return {...(await store.savePhoto({bytes: bytes(size), type: 'audio/webm'})), seconds: 12};
}

/** A draft of one passed parcel, with photos of these sizes and maybe a voice note of that size, saved on the phone. */
export async function draftOn(store, {subject = 'RR473124829CN', photos = [], unit = 'D1', voice = 0} = {}) {
  let draft = newDraft({kind: 'parcel', unit, acting: unit, started: STARTED});
  draft = passWhole(addItem(draft, {subject}), 0);
  for (const size of photos) draft = addPhoto(draft, 0, {...(await takePhoto(store, size)), taken: STARTED});
  if (voice) draft = speak(draft, 0, await sayInto(store, voice));
  await store.saveDraft(draft);
  return draft;
}

export function frozen(draft, more = {}) {
  const when = {ended: '2026-11-20T12:00:00.000+08:00', elapsed: 600000, ...more};
  return freeze(toFact(draft, PARCEL, when), {id: draft.id});
}

/** An inspection that was saved and waits. */
export async function saved(store, options) {
  const draft = await draftOn(store, options);
  return store.commitDraft(draft, await frozen(draft));
}

/** Timers and events that happen when the test says so. */
export class ManualWake {
  constructor() {
    this.timers = new Map();
    this.calls = new Set();
    this.count = 0;
    this.listen = (call) => {
      this.calls.add(call);
      return () => this.calls.delete(call);
    };
    this.after = (ms, call) => {
      const id = ++this.count;
      this.timers.set(id, {ms, call});
      return () => this.timers.delete(id);
    };
  }

  /** @param {'online'|'visible'|'background'} reason */
  fire(reason) {
    for (const call of this.calls) call(reason);
  }

  /** Lets every timer that stands now ring. */
  ring() {
    const due = [...this.timers.values()];
    this.timers.clear();
    for (const {call} of due) call();
  }

  get waits() {
    return [...this.timers.values()].map(({ms}) => ms);
  }
}

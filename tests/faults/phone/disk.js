/** IndexedDB of one phone: killed back to its last completed transaction, full at will, looked at from outside. */

import {IDBFactory, IDBTransaction} from 'fake-indexeddb';

/** The factory of a page: it knows which connections the page has. */
export class Disk {
  /** @param {any} factory the phone's @param {() => boolean} full */
  constructor(factory, full) {
    this.factory = factory;
    this.full = full;
    this.opened = new Set();
    this.dead = false;
  }

  /** @param {string} name @param {number} version */
  open(name, version) {
    const request = this.factory.open(name, version);
    const keep = () => this.keep(request.result);
    request.addEventListener('upgradeneeded', keep);
    request.addEventListener('success', keep);
    return request;
  }

  /** @param {any} connection */
  keep(connection) {
    connection.disk = this;
    this.opened.add(connection);
    if (this.dead) this.cut(connection);
  }

  /** What had not completed never happened; nothing more can be begun. */
  kill() {
    this.dead = true;
    for (const connection of this.opened) this.cut(connection);
  }

  /** @param {any} connection */
  cut(connection) {
    const raw = connection._rawDatabase;
    for (const tx of raw.transactions) {
      if (tx.db === connection && tx._state !== 'finished') tx._abort('AbortError');
    }
    connection._closePending = true;
    connection._closed = true;
    raw.connections = raw.connections.filter((/** @type {any} */ one) => one !== connection);
  }
}

/** A phone out of the box. */
export function newFactory() {
  return new IDBFactory();
}

// Browsers find out at the commit that the disk is full, and undo the whole transaction.
const start = IDBTransaction.prototype._start;
IDBTransaction.prototype._start = function () {
  const waits = this._requests.some(({request}) => request.readyState !== 'done');
  const writes = this.mode === 'readwrite' && this._rollbackLog.length > 0;
  if (!waits && writes && this._state !== 'finished' && this.db.disk?.full()) {
    this._abort('QuotaExceededError');
    return;
  }
  start.call(this);
};

/** Every value of a store as it lies on the disk. @param {any} factory @param {string} name @param {string} store */
export function valuesOf(factory, name, store) {
  const raw = factory._databases.get(name)?.rawObjectStores.get(store);
  return raw ? [...raw.records.values()].map(({value}) => value) : [];
}

/** Names of the databases, in order. @param {any} factory @returns {string[]} */
export function databasesOf(factory) {
  return [...factory._databases.keys()].sort();
}

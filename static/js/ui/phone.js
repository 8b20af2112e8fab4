/** This phone, as the screens see it: who holds it, what it stores, what it sends. One for the page. */

/**
 * @typedef {import('../domain/types.js').Kind} Kind
 * @typedef {import('../domain/types.js').Person} Person
 * @typedef {import('../store/store.js').Store} Store
 * @typedef {import('../sync/engine.js').SyncEngine} SyncEngine
 * @typedef {{store: Store, engine: SyncEngine, person: Person}} Parts
 * @typedef {Event & {prompt: () => Promise<unknown>}} InstallOffer
 */

class Phone extends EventTarget {
  /** No screen is drawn before it is there. */
  store = /** @type {Store} */ (/** @type {unknown} */ (null));
  engine = /** @type {SyncEngine} */ (/** @type {unknown} */ (null));
  /** @type {Person|null} */ person = null;
  /** @type {Kind[]} */ kinds = [];
  unseen = 0; // notices
  /** @type {import('../domain/cases.js').CaseRules|null} null: the server knows no cases */ caseRules = null;
  /** @type {Element|null} Today as the page brought it, until its pull is kept here */ picture = null;
  /** @type {InstallOffer|null} the browser's */ offer = null;
  /** @type {ServiceWorker|null} a newer version that waits */ newer = null;
  /** @type {'now'|'later'|null} the person agreed to it: it takes over, or the browser puts that off */ switching =
    null;
  /** @type {Map<string, number>} when a draft was begun in this page's life, by the steady clock */ begun = new Map();

  /** @param {Parts} parts */
  async begin({store, engine, person}) {
    Object.assign(this, {store, engine, person});
    await this.refresh();
    store.addEventListener('change', (event) => this.changed(/** @type {CustomEvent} */ (event).detail.stores));
    engine.addEventListener('state', () => this.tell('state'));
  }

  async refresh() {
    this.kinds = (await this.store.get('kinds')) ?? [];
    this.caseRules = await this.store.get('case_rules');
    this.person = (await this.store.get('person')) ?? this.person;
    this.unseen = ((await this.store.get('notices')) ?? []).filter(({seen}) => !seen).length;
  }

  /** @param {string[]} stores */
  async changed(stores) {
    if (stores.includes('meta')) await this.refresh();
    this.tell('change', {stores});
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, {detail}));
  }

  /**
   * A short word that goes by itself.
   * @param {string} text @param {'ok'|'warn'|'bad'} [tone] @param {() => void} [undo] offered for some seconds
   * @param {boolean} [onward] whether it can still be taken back on the next screen
   */
  say(text, tone = 'ok', undo = undefined, onward = false) {
    this.tell('say', {text, tone, undo, onward});
  }

  /** @param {string|null} code @returns {Kind|null} */
  kind(code) {
    return this.kinds.find((kind) => kind.code === code) ?? null;
  }

  /** Milliseconds since the draft was begun, or null if the page was closed in between. @param {string} id */
  elapsed(id) {
    const start = this.begun.get(id);
    return start === undefined ? null : performance.now() - start;
  }
}

export const phone = new Phone();

/**
 * The box that finds while one types: pages, units, people, points, numbers, work orders. A combobox with a list of options, in a dialog.
 *
 * The server decides what is found (`POST /find/quick`); nothing of what is typed stands in an address. What was opened
 * lately is kept in this browser for the person who is signed in, and forgotten with the end of the session.
 */

const RECENT = 'toucha-recent';
const MOST_RECENT = 6;
const PAUSE = 150; // ms without a key before the server is asked

/** @typedef {{label: string, hint: string, url: string, icon: string}} Row */
/** `more`: there are more than these. @typedef {{code: string, title: string, rows: Row[], more?: boolean}} Group */

/** Only a path of this server is opened. @param {unknown} url */
const isOurs = (url) => typeof url === 'string' && /^\/(?![/\\])/.test(url);

/** What the person opened lately, the latest first. @param {Storage} kept @param {string|undefined} person @returns {Row[]} */
export const recent = (kept, person) => {
  try {
    const found = JSON.parse(kept.getItem(RECENT) ?? 'null');
    const known = person && found?.person === person && Array.isArray(found.rows);
    return known ? found.rows.filter((/** @type {Row} */ row) => isOurs(row?.url)).slice(0, MOST_RECENT) : [];
  } catch {
    return [];
  }
};

/** @param {Storage} kept @param {string} person @param {Row} row */
export const remember = (kept, person, row) => {
  const rest = recent(kept, person).filter((one) => one.url !== row.url);
  kept.setItem(RECENT, JSON.stringify({person, rows: [row, ...rest].slice(0, MOST_RECENT)}));
};

/** Of somebody else, or of nobody any more, nothing stays. @param {Storage} kept @param {string|undefined} person */
export const forgetOthers = (kept, person) => {
  if (kept.getItem(RECENT) && !recent(kept, person).length) kept.removeItem(RECENT);
};

/** The next option in a ring; -1 is the text itself, before the first. @param {number} place @param {number} step @param {number} count */
export const turnTo = (place, step, count) => {
  const ring = count + 1;
  return ((place + 1 + step + ring) % ring) - 1;
};

class Palette {
  /** @type {Row[]} */ #rows = [];
  #place = -1;
  /** @type {ReturnType<typeof setTimeout>|undefined} */ #timer;
  /** @type {AbortController|null} */ #asking = null;
  /** @type {Element|null} */ #before = null;

  /** @param {HTMLDialogElement} dialog @param {Storage} kept @param {string} person */
  constructor(dialog, kept, person) {
    this.dialog = dialog;
    this.kept = kept;
    this.person = person;
    this.form = /** @type {HTMLFormElement} */ (dialog.querySelector('form'));
    this.text = /** @type {HTMLInputElement} */ (dialog.querySelector('[role=combobox]'));
    this.list = /** @type {HTMLElement} */ (dialog.querySelector('[role=listbox]'));
    this.all = /** @type {HTMLElement} */ (dialog.querySelector('.palette-all'));
    this.said = /** @type {HTMLElement} */ (dialog.querySelector('[role=status]'));
    this.text.addEventListener('input', () => this.#typed());
    this.text.addEventListener('keydown', (event) => this.#key(event));
    this.form.addEventListener('submit', (event) => this.#submitted(event));
    this.list.addEventListener('click', (event) => this.#clicked(event));
    dialog.querySelector('[data-close]')?.addEventListener('click', () => dialog.close());
    dialog.addEventListener('click', ({target}) => target === dialog && dialog.close()); // beside it
    dialog.addEventListener('close', () => this.#closed());
  }

  open() {
    if (this.dialog.open) return this.text.select();
    this.#before = document.activeElement;
    this.dialog.showModal();
    this.text.focus();
    this.text.select();
    this.#show([]);
    this.#ask();
  }

  #closed() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    // Not all browsers give the focus back themselves; and where nothing held it, this field must not go on doing so.
    this.text.blur();
    if (this.#before instanceof HTMLElement) this.#before.focus();
  }

  #typed() {
    this.#choose(-1); // what was chosen belongs to the text of before
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE);
  }

  /** Ask the server; of two answers only that to the latest text is shown. */
  async #ask() {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const text = this.text.value.trim();
    try {
      const groups = await this.#answer(asking.signal);
      if (!asking.signal.aborted) this.#answered(text, groups);
    } catch (error) {
      if (!asking.signal.aborted) this.#failed(/** @type {Error} */ (error));
    }
  }

  /** @param {AbortSignal} signal @returns {Promise<Group[]>} */
  async #answer(signal) {
    const body = new URLSearchParams(/** @type {any} */ (new FormData(this.form)));
    const headers = {Accept: 'application/json'};
    const answer = await fetch(this.dialog.dataset.quick ?? '', {method: 'POST', body, headers, signal});
    const isJson = answer.headers.get('Content-Type')?.startsWith('application/json');
    const found = isJson ? await answer.json() : {};
    if (!answer.ok || !found.groups) throw new Error(found.message ?? '');
    return found.groups;
  }

  /** @param {string} text @param {Group[]} groups */
  #answered(text, groups) {
    const words = this.dialog.dataset;
    const count = groups.reduce((sum, {rows}) => sum + rows.length, 0);
    const told = `${count}${groups.some(({more}) => more) ? '+' : ''}`;
    const lately = text ? [] : recent(this.kept, this.person);
    const before = lately.length ? [{code: 'recent', title: words.recent ?? '', rows: lately}] : [];
    this.#show([...before, ...groups]);
    this.all.hidden = !text || !count;
    if (text && count) this.#choose(0);
    this.#say(text ? (count ? (words.count ?? '').replace('{n}', told) : (words.none ?? '')) : '');
  }

  /** @param {Error} error */
  #failed(error) {
    this.#show([]);
    this.#say(error.message && error.name === 'Error' ? error.message : (this.dialog.dataset.lost ?? ''));
  }

  /** @param {string} words */
  #say(words) {
    this.said.textContent = words;
  }

  /** @param {Group[]} groups */
  #show(groups) {
    this.#rows = groups.flatMap(({rows}) => rows);
    let number = 0;
    this.list.textContent = '';
    this.list.append(...groups.map((group) => groupOf(group, () => number++)));
    this.list.hidden = !this.#rows.length;
    this.text.setAttribute('aria-expanded', String(!this.list.hidden));
    this.#choose(-1);
  }

  /** @param {number} place */
  #choose(place) {
    const options = this.list.querySelectorAll('[role=option]');
    options[this.#place]?.setAttribute('aria-selected', 'false');
    this.#place = place;
    const option = options[place];
    option?.setAttribute('aria-selected', 'true');
    option?.scrollIntoView({block: 'nearest'});
    if (option) this.text.setAttribute('aria-activedescendant', option.id);
    else this.text.removeAttribute('aria-activedescendant');
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (event.isComposing) return; // Enter and the arrows belong to whoever chooses Chinese characters
    if (step) {
      event.preventDefault();
      this.#choose(turnTo(this.#place, step, this.#rows.length));
    } else if (event.key === 'Enter') this.#enter(event);
  }

  /** Opens what is chosen; with nothing chosen the form goes to the page of all that is found. @param {KeyboardEvent} event */
  #enter(event) {
    const aside = event.ctrlKey || event.metaKey;
    const row = this.#rows[this.#place];
    event.preventDefault();
    if (row) return this.#go(row, aside);
    this.form.target = aside ? '_blank' : '';
    this.form.requestSubmit();
    delete this.form.dataset.sent; // it may be sent again from here: it changes nothing
  }

  /** @param {SubmitEvent} event */
  #submitted(event) {
    if (!this.text.value.trim()) event.preventDefault();
  }

  /** @param {Row} row @param {boolean} aside in a new tab */
  #go(row, aside) {
    this.#remember(row);
    if (aside) window.open(row.url, '_blank', 'noopener');
    else location.assign(row.url);
  }

  /** A link opens by itself, in whatever way it was clicked. @param {Event} event */
  #clicked({target}) {
    const option = /** @type {Element} */ (target).closest('[role=option]');
    const place = [...this.list.querySelectorAll('[role=option]')].indexOf(/** @type {Element} */ (option));
    if (this.#rows[place]) this.#remember(this.#rows[place]);
  }

  /** @param {Row} row */
  #remember(row) {
    try {
      remember(this.kept, this.person, row);
    } catch {} // no room: it opens all the same
  }
}

/** @param {Group} group @param {() => number} next the number of an option */
function groupOf({code, title, rows}, next) {
  const group = document.createElement('div');
  group.setAttribute('role', 'group');
  group.setAttribute('aria-labelledby', `palette-${code}`);
  const head = element('div', 'palette-group', title);
  head.id = `palette-${code}`;
  head.setAttribute('role', 'presentation');
  group.append(head, ...rows.map((row) => optionOf(row, next())));
  return group;
}

/** @param {Row} row @param {number} number */
function optionOf({label, hint, url, icon}, number) {
  const option = document.createElement('a');
  option.href = isOurs(url) ? url : '/';
  option.id = `palette-option-${number}`;
  option.className = 'palette-option';
  option.tabIndex = -1;
  option.setAttribute('role', 'option');
  option.setAttribute('aria-selected', 'false');
  option.append(...iconOf(icon), element('span', 'palette-label', label), element('span', 'palette-hint', hint));
  return option;
}

/** @param {string} name */
function iconOf(name) {
  const icons = /** @type {HTMLTemplateElement|null} */ (document.querySelector('#palette-icons'));
  const known = icons?.content.querySelector(`[data-icon="${CSS.escape(name)}"] svg`);
  return known ? [known.cloneNode(true)] : [];
}

/** @param {string} name @param {string} className @param {string} text */
function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** @type {Palette|null} */
let palette = null;

/** Let the magnifier and the keys open it. @param {Document} page @param {Storage} kept */
export const startPalette = (page, kept) => {
  const {person} = page.body.dataset;
  forgetOthers(kept, person);
  const dialog = /** @type {HTMLDialogElement|null} */ (page.querySelector('#palette'));
  if (!dialog?.showModal || !person) return; // an old browser: the magnifier is a link
  palette = new Palette(dialog, kept, person);
  page.querySelector('[data-palette-open]')?.addEventListener('click', (event) => {
    const {ctrlKey, metaKey, shiftKey} = /** @type {MouseEvent} */ (event);
    if (ctrlKey || metaKey || shiftKey) return;
    event.preventDefault();
    openPalette();
  });
};

export const openPalette = () => palette?.open();

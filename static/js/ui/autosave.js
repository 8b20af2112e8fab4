// A document is kept as one types: each section by itself, a moment after the last key; what somebody else wrote meanwhile stands
// beside it, and nothing is overwritten unasked. Without a script the form is saved by its button.

const PAUSE = 900; // after the last key
const AGAIN = 5e3; // when there was no connection

/** @typedef {{revision: number, saved: string, said: [string, string|null][], unknown: string[], faults: string[]}} Kept */

/** One section of the form: its text, its revision on the server, and what is told of both. */
class Section {
  /** @param {HTMLFormElement} form @param {HTMLElement} root */
  constructor(form, root) {
    const code = root.dataset.section ?? '';
    this.form = form;
    this.code = code;
    this.root = root;
    this.field = /** @type {HTMLTextAreaElement|null} */ (root.querySelector('textarea'));
    this.revision = /** @type {HTMLInputElement|null} */ (root.querySelector(`input[name="${code}-revision"]`));
    this.kept = this.field?.defaultValue ?? ''; // as the server sent it: somebody may have typed before this ran
    this.timer = 0;
    this.running = false;
    this.field?.addEventListener('input', () => this.touched());
    this.field?.addEventListener('blur', () => this.save());
    if (this.dirty) this.touched();
  }

  /** @param {string} selector */
  part(selector) {
    return /** @type {HTMLElement} */ (this.root.querySelector(selector));
  }

  /** @param {string} text */
  tell(text) {
    this.part('.paper-state').textContent = text;
  }

  get dirty() {
    return this.field !== null && this.field.value !== this.kept;
  }

  touched(wait = PAUSE) {
    clearTimeout(this.timer);
    if (!this.part('.paper-conflict').hidden) return; // first it is said what becomes of the other text
    this.tell(this.form.dataset.writing ?? '');
    this.timer = window.setTimeout(() => this.save(), wait);
  }

  async save() {
    clearTimeout(this.timer);
    if (!this.field || !this.revision || this.running || !this.dirty || !this.part('.paper-conflict').hidden) return;
    this.running = true;
    const text = this.field.value;
    const body = new FormData();
    const token = /** @type {HTMLInputElement} */ (this.form.elements.namedItem('csrf_token'));
    body.set('csrf_token', token.value);
    body.set('section', this.code);
    body.set(this.code, text);
    body.set(`${this.code}-revision`, this.revision.value);
    const answer = await fetch(this.form.dataset.autosave ?? '', {method: 'POST', body}).catch(() => null);
    const said = answer ? await answer.json().catch(() => null) : null;
    this.running = false;
    if (!answer || !said) {
      this.tell(this.form.dataset.notSaved ?? '');
      this.timer = window.setTimeout(() => this.save(), AGAIN);
    } else if (answer.ok) this.keep(text, said);
    else if (said.code === 'document-written') this.ask(said);
    else this.tell(said.message);
  }

  /** @param {string} text @param {Kept} said */
  keep(text, said) {
    this.kept = text;
    /** @type {HTMLInputElement} */ (this.revision).value = String(said.revision);
    this.tell(said.saved);
    this.show(said);
    showFaults(said.faults);
    if (this.dirty) this.touched();
  }

  /** What the text says now, and which references nothing answers. @param {Kept} said */
  show({said, unknown}) {
    const preview = this.part('[data-preview]');
    preview.replaceChildren(
      ...said.map(([words, code]) => {
        if (code === null) return document.createTextNode(words);
        const mark = document.createElement('mark');
        mark.className = 'paper-figure';
        mark.textContent = words;
        return mark;
      }),
    );
    preview.hidden = said.every(([, code]) => code === null);
    const fault = this.part('[data-unknown-of]');
    fault.textContent = (this.form.dataset.unknown ?? '').replace('{codes}', unknown.join(', '));
    fault.hidden = !unknown.length;
  }

  /** Somebody else wrote here: both texts are shown, and the writer says what becomes of them. @param {{theirs: string, revision: number, who: string}} other */
  ask({theirs, revision, who}) {
    const box = this.part('.paper-conflict');
    this.part('[data-who]').textContent = who;
    this.part('[data-theirs]').textContent = theirs;
    /** @type {HTMLInputElement} */ (this.revision).value = String(revision);
    const field = /** @type {HTMLTextAreaElement} */ (this.field);
    const ways = [
      [this.form.dataset.mine, () => field.value],
      [this.form.dataset.theirs, () => theirs],
      [this.form.dataset.both, () => `${theirs}\n${field.value}`],
    ];
    this.part('[data-choices]').replaceChildren(
      ...ways.map(([label, text]) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'button';
        button.textContent = /** @type {string} */ (label);
        button.addEventListener('click', () => {
          field.value = /** @type {() => string} */ (text)();
          this.kept = theirs;
          box.hidden = true;
          this.save();
          field.focus();
        });
        return button;
      }),
    );
    box.hidden = false;
    this.tell('');
  }

  /** Puts a reference to a figure where the caret stands. @param {string} code */
  insert(code) {
    const field = /** @type {HTMLTextAreaElement} */ (this.field);
    field.focus();
    field.setRangeText(`{{${code}}}`, field.selectionStart, field.selectionEnd, 'end');
    field.dispatchEvent(new Event('input', {bubbles: true}));
  }
}

/** What is still missing before somebody can check it. @param {string[]} faults */
const showFaults = (faults) => {
  const box = /** @type {HTMLElement} */ (document.querySelector('[data-faults]'));
  /** @type {HTMLElement} */ (box.querySelector('ul')).replaceChildren(
    ...faults.map((fault) => {
      const line = document.createElement('li');
      line.textContent = fault;
      return line;
    }),
  );
  box.hidden = !faults.length;
};

/** @param {Document} document */
export const startAutosave = (document) => {
  const form = /** @type {HTMLFormElement} */ (document.querySelector('form[data-autosave]'));
  const sections = [.../** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-section]'))].map(
    (root) => new Section(form, root),
  );
  /** @type {Section|undefined} */
  let last;
  for (const one of sections)
    one.field?.addEventListener('focus', () => {
      last = one;
    });
  form.addEventListener('click', ({target}) => {
    const button = /** @type {Element} */ (target).closest?.('button[data-figure]');
    if (!(button instanceof HTMLElement)) return;
    const own = sections.find(({root, field}) => field && root.contains(button));
    const into = last ?? own ?? sections.find(({field}) => field);
    into?.insert(button.dataset.figure ?? '');
  });
  window.addEventListener('beforeunload', (event) => {
    if (!form.dataset.sent && sections.some((one) => one.dirty)) event.preventDefault();
  });
  window.addEventListener('online', () => {
    for (const one of sections) one.save();
  });
};

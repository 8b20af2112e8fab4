// Small help for desk pages. Every page works without it: menus open, forms post, photos are links.

import {lengthOf, tidy} from './domain/text-lengths.js';
import {startFilters} from './ui/filter-rows.js';
import {startKeys} from './ui/keys.js';
import {startLook} from './ui/look-choice.js';
import {startPalette} from './ui/palette.js';
import {heard} from './ui/photo-keys.js';

/** What the page is known to have. @param {ParentNode} root @param {string} selector */
const part = (root, selector) => /** @type {HTMLElement} */ (root.querySelector(selector));

/** Close open menus when the person presses Escape or taps elsewhere. @param {Event} event */
const closeMenus = (event) => {
  const key = event instanceof KeyboardEvent ? event.key : null;
  for (const menu of /** @type {NodeListOf<HTMLDetailsElement>} */ (
    document.querySelectorAll('details[data-menu][open]')
  )) {
    if (key === null ? menu.contains(/** @type {Node} */ (event.target)) : key !== 'Escape') continue;
    menu.open = false;
    if (key) menu.querySelector('summary')?.focus();
  }
};

/** Ask before a form with `data-confirm` is sent; the form itself goes on with the button that was pressed. @param {SubmitEvent} event */
const askFirst = (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  // One of several buttons may have a question of its own.
  const asking = event.submitter?.dataset.confirm ? event.submitter : form;
  const question = asking.dataset.confirm;
  /** @type {HTMLDialogElement|null} */
  const dialog = document.querySelector('#confirm');
  if (!question || form.dataset.confirmed || !dialog?.showModal) return;
  event.preventDefault();
  part(dialog, 'h2').textContent = question;
  part(dialog, '[data-detail]').textContent = asking.dataset.confirmDetail ?? '';
  const yes = part(dialog, '[data-yes]');
  yes.dataset.label ??= yes.textContent ?? '';
  yes.textContent = asking.dataset.confirmYes ?? yes.dataset.label;
  dialog.returnValue = 'no';
  dialog.onclose = () => proceed(form, event.submitter, dialog.returnValue);
  dialog.showModal();
};

const HOLDER = 'toucha-person'; // the hint of static/js/store/person.js

/** How many records of whoever used the field app in this browser have not arrived. @returns {Promise<number>} */
const unsent = async () => {
  const name = `toucha-${localStorage.getItem(HOLDER)}`;
  const there = await indexedDB.databases();
  if (!there.some((one) => one.name === name)) return 0; // opening it would make it
  const opening = indexedDB.open(name);
  const db = await new Promise((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const due = db.transaction('records').objectStore('records').index('due');
  // A third sort of due is the word that a photo is lost: nothing of the person's that waits.
  const counting = [due.count('fact'), due.count('photos')];
  const counts = counting.map(
    (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      }),
  );
  return Promise.all(counts)
    .then(([facts, photos]) => facts + photos)
    .finally(() => db.close());
};

/** The field app opens the store of whoever held it last, without any signal: not when that person has signed out here. */
const closeFieldApp = () => {
  try {
    if (localStorage.getItem(HOLDER)) localStorage.setItem(HOLDER, '-');
  } catch {} // no such place: the server's answer tells the app
};

/** Signing out leaves what is unsent on the phone, but the person should know. @param {SubmitEvent} event */
const lookBack = async (event) => {
  const {submitter} = event;
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.dataset.unsent || form.dataset.looked) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.dataset.looked = 'yes';
  const count = await unsent().catch(() => 0); // a browser that cannot tell asks nothing
  if (count) form.dataset.confirm = form.dataset.unsent.replace('{n}', String(count));
  form.requestSubmit(submitter);
};

/** @param {HTMLFormElement} form @param {HTMLElement|null} submitter @param {string} answer */
const proceed = (form, submitter, answer) => {
  if (answer !== 'yes') return submitter?.focus();
  form.dataset.confirmed = 'yes';
  form.requestSubmit(submitter);
};

const PATIENCE = 8e3;

/** A second tap on a button must not send a form twice. @param {SubmitEvent} event */
const sendOnce = (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || form.method !== 'post') return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = 'yes';
  // Without an answer by then the line is dead: the person must be able to try again.
  setTimeout(() => delete form.dataset.sent, PATIENCE);
};

/** Coming back with the browser's Back button, a form may be sent again. */
const forget = () => {
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form[data-sent]'))) {
    delete form.dataset.sent;
    delete form.dataset.confirmed;
    delete form.dataset.looked;
  }
};

/** Lay a photo on the light-table, which comes when the first one is opened; without it the link is a link. @param {MouseEvent} event */
const showPhoto = (event) => {
  /** @type {HTMLAnchorElement|null} */
  const link = /** @type {Element} */ (event.target).closest?.('a[data-photo]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return;
  event.preventDefault();
  import('./ui/desk-table.js').then(
    ({layOut}) => layOut(document, link, heard),
    () => location.assign(link.href),
  );
};

document.addEventListener('keydown', closeMenus);
document.addEventListener('click', closeMenus);
document.addEventListener('click', showPhoto);
document.addEventListener('submit', lookBack);
document.addEventListener('submit', askFirst);
document.addEventListener('submit', sendOnce);
window.addEventListener('pageshow', forget);

const {person} = document.body.dataset; // "-": signed out a moment ago
try {
  if (person && localStorage.getItem(HOLDER) !== person) closeFieldApp();
} catch {}
startFilters(document);
if (document.querySelector('form[data-autosave]'))
  import('./ui/autosave.js').then(({startAutosave}) => startAutosave(document));

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('[data-print]'))) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}

/** A table that is wider than the page says how many columns lie further right; a tap goes there. @param {HTMLElement} sign */
const tellMore = (sign) => {
  const frame = /** @type {HTMLElement} */ (document.getElementById(sign.dataset.moreOf ?? ''));
  const view = /** @type {HTMLElement} */ (frame.firstElementChild);
  const button = /** @type {HTMLElement} */ (sign.firstElementChild);
  const look = () => {
    const edge = view.getBoundingClientRect().right;
    const heads = [...view.querySelectorAll('thead th')];
    const beyond = heads.filter((head) => head.getBoundingClientRect().right > edge + 1).length;
    sign.hidden = !beyond;
    frame.toggleAttribute('data-more', beyond > 0);
    const words = /** @type {HTMLElement} */ (button.firstElementChild);
    words.textContent = (button.dataset.said ?? '').replace('{n}', String(beyond));
  };
  view.addEventListener('scroll', look, {passive: true});
  button.addEventListener('click', () => view.scrollBy({left: view.clientWidth / 2}));
  new ResizeObserver(look).observe(view);
};
for (const sign of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-more-of]'))) tellMore(sign);

/** A file that is too large is told before it is sent: the server would only cut the line. @param {Event} event */
const weigh = ({target}) => {
  const field = /** @type {HTMLInputElement} */ (target);
  const large = (field.files?.[0]?.size ?? 0) > Number(field.dataset.most);
  field.setCustomValidity(large ? (field.dataset.tooLarge ?? '') : '');
  field.reportValidity();
};
for (const field of document.querySelectorAll('input[data-most]')) field.addEventListener('change', weigh);

/** Of the columns of a file none is said twice: whoever takes another one for it gives the first one up. @param {HTMLSelectElement} said */
const giveUp = (said) => {
  for (const other of /** @type {NodeListOf<HTMLSelectElement>} */ (
    said.form?.querySelectorAll('select[name^="column-"]') ?? []
  ))
    if (other !== said && said.name.startsWith('column-') && other.value === said.value) other.value = '';
};

/** A form marked so is sent as soon as a file or something of a list was chosen and nothing is missing. @param {Event} event */
const sendAtOnce = ({target}) => {
  const field = /** @type {HTMLInputElement|HTMLSelectElement} */ (target);
  const {form} = field;
  if (!form?.matches('[data-at-once]') || !(field.type === 'file' || field.type === 'select-one')) return;
  if (field instanceof HTMLSelectElement) giveUp(field);
  if (form.checkValidity()) form.requestSubmit();
};
document.addEventListener('change', sendAtOnce);

const NEAR = 20; // characters before the end

/** Nothing that somebody types is cut off: as the end comes near the field says how many are left, and beyond it how many are too many. @param {HTMLInputElement|HTMLTextAreaElement} field */
const countDown = (field) => {
  const most = Number(field.dataset.limit);
  const words = document.body.dataset;
  const line = document.createElement('p');
  line.setAttribute('role', 'status');
  field.after(line);
  const look = () => {
    const left = most - lengthOf(tidy(field.value));
    const said = left < 0 ? words.limitOver : left <= NEAR ? words.limitLeft : '';
    line.textContent = (said ?? '').replace('{n}', String(Math.abs(left))).replace('{most}', String(most));
    line.className = left < 0 ? 'field-error' : 'field-hint';
    line.hidden = !said;
    field.setCustomValidity(left < 0 ? line.textContent : '');
  };
  field.addEventListener('input', look);
  look();
};
for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('[data-limit]')))
  countDown(field);

startLook(document);

try {
  startPalette(document, localStorage);
  startKeys(document, localStorage);
} catch {} // no such place: the pages work without keys

// Work in steps: the page shows how far it is, and goes on by itself.
/** @type {HTMLFormElement|null} */ (document.querySelector('form[data-go-on]'))?.requestSubmit();

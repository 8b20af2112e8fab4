/** The light-table at the desk: all photos of a page; where the page asks for verdicts of records, these are given beside their photos. */

import {openTable} from './open-table.js';
import {decoded} from './pictures.js';

/** @typedef {import('./open-table.js').Slide} Slide */

/** @param {Document} page @param {HTMLAnchorElement} opened @param {import('./photo-keys.js').Heard} heard */
export function layOut(page, opened, heard) {
  const links = /** @type {HTMLAnchorElement[]} */ ([...page.querySelectorAll('a[data-photo]')]);
  const slides = links.map(slideOf);
  const marks = Object.fromEntries(
    links.map((link, at) => [slides[at].sha256, JSON.parse(link.dataset.marks ?? '[]')]),
  );
  openTable({
    slides: () => slides,
    first: slides[links.indexOf(opened)],
    load: (slide) => loaded(links[slides.indexOf(slide)], slide),
    words: wordsOf(page),
    heard,
    marks: () => marks,
    ...(opened.closest(JUDGED) ? {judge: new FormJudge(page)} : {}),
    left: () => opened.focus(),
  });
}

const JUDGED = '[data-judged]';

/** @param {HTMLAnchorElement} link @returns {Slide} */
function slideOf(link) {
  const {about = '', paper} = link.dataset;
  const name = link.querySelector('img')?.alt ?? '';
  const subject = link.closest(JUDGED)?.id ?? link.href;
  return {sha256: link.pathname.split('/').at(-1) ?? '', subject, name, about, paper: paper !== undefined};
}

/** @param {HTMLAnchorElement} link @param {Slide} slide */
async function loaded(link, {name}) {
  try {
    return {image: await decoded(link.href, name), small: false};
  } catch {
    return {image: await decoded(link.querySelector('img')?.src ?? '', name).catch(() => null), small: true};
  }
}

/** @param {Document} page @returns {import('./open-table.js').Source['words']} */
function wordsOf(page) {
  const words = page.querySelector('#light-table');
  return (code, values = {}) =>
    (words?.getAttribute(`data-${code}`) ?? '').replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/** The forms of a review: each point of each has its answer, and stands on the page as if it had been clicked there. */
class FormJudge {
  /** @param {Document} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {string} id of the form's card @returns {HTMLFieldSetElement[]} */
  points(id) {
    return [.../** @type {HTMLElement} */ (this.page.getElementById(id)).querySelectorAll('fieldset')];
  }

  /** @param {string} id */
  verdictOf(id) {
    const given = this.points(id).map(answerOf);
    if (given.includes('fail')) return 'fail';
    return given.every(Boolean) ? 'pass' : null;
  }

  /** @param {string} id */
  criteria(id) {
    return this.points(id).map((point, at) => ({
      code: String(at),
      name: point.querySelector('legend')?.textContent?.trim() ?? '',
      failed: answerOf(point) === 'fail',
    }));
  }

  /** @param {string} id */
  pass(id) {
    for (const point of this.points(id)) give(point, 'pass');
  }

  /** One point fails; the others stay what they are. @param {string} id @param {string} code */
  fail(id, code) {
    const point = this.points(id)[Number(code)];
    give(point, answerOf(point) === 'fail' ? '' : 'fail');
  }

  /** @param {string} id */
  keep(id) {
    const before = this.points(id).map(
      (point) => /** @type {[HTMLFieldSetElement, string]} */ ([point, answerOf(point)]),
    );
    return () => {
      for (const [point, value] of before) give(point, value);
    };
  }

  open() {
    return [...this.page.querySelectorAll(JUDGED)].filter(({id}) => this.verdictOf(id) === null).length;
  }

  saved() {} // the page is signed, with whatever else stands on it
}

/** @param {HTMLFieldSetElement} point @returns {string} empty: none */
function answerOf(point) {
  return /** @type {HTMLInputElement|null} */ (point.querySelector('input:checked'))?.value ?? '';
}

/** @param {HTMLFieldSetElement} point @param {string} value empty: none */
function give(point, value) {
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (point.querySelectorAll('input')))
    input.checked = input.value === value;
  const card = point.closest('details');
  if (card) card.open = true;
}

/** The light-table of a check: its photos in the order of the rows, judged and marked where they lie. */

import {answer, fail, isJudged, noneOf, passWhole, putBack, unanswered, verdictOf} from '../domain/checks.js';
import {rowsOf} from '../domain/entries.js';
import {mark} from '../domain/marks.js';
import {isSingle} from '../domain/subjects.js';
import {failed, named, t} from '../ui/language.js';
import {grouped} from '../ui/numbers.js';
import {layOut} from '../ui/photo-table.js';
import {aboutText, withListed} from './check-row.js';

/**
 * @typedef {import('./check.js').Check} Check
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').Kind} Kind
 * @typedef {import('../domain/entries.js').Row} Row
 */

/** @param {Check} screen @param {import('../ui/photo.js').Photo} tapped */
export function openCheckTable(screen, tapped) {
  const subject = /** @type {HTMLElement|null} */ (tapped.closest('[data-subject]'))?.dataset.subject;
  const {kind} = screen;
  const slides = () => (screen.draft && kind ? slidesOf(screen, screen.draft, kind) : []);
  const [first, ...others] = slides().filter(({sha256}) => sha256 === tapped.sha256);
  if (!first || !kind) return;
  layOut({
    slides,
    first: [first, ...others].find((one) => one.subject === subject) ?? first,
    marks: () => screen.draft?.marks ?? {},
    mark: (sha256, list) => screen.step(mark, sha256, list),
    async kept() {
      await screen.writing;
      return screen.saving === 'failed' ? t('error.not-saved') : '';
    },
    ...(isJudged(kind) && !isSingle(kind) ? {judge: new RowJudge(screen, kind)} : {}),
  });
}

/** @param {Check} screen @param {Draft} draft @param {Kind} kind @returns {import('../ui/open-table.js').Slide[]} */
function slidesOf(screen, draft, kind) {
  return rowsOf(draft, screen.data.listed).flatMap(({subject, index, listed}) => {
    const taken = (listed?.captures ?? []).flatMap(({photos}) => photos).map((photo) => ({...photo, paper: true}));
    const own = (index === null ? [] : draft.items[index].photos).map((photo) => ({
      ...photo,
      paper: kind.type === 'capture',
    }));
    const name = isSingle(kind)
      ? named(kind)
      : index === null
        ? grouped(subject)
        : screen.look.rowName(draft, kind, index);
    const about = listed ? aboutText(listed) : '';
    return [...taken, ...own].map(({sha256, paper}) => ({sha256, subject, name, about, paper}));
  });
}

/** Verdicts of the rows, each an answer as on the form: on the disk before the next one. */
class RowJudge {
  /** @param {Check} screen @param {Kind} kind */
  constructor(screen, kind) {
    this.screen = screen;
    this.kind = kind;
  }

  get draft() {
    return /** @type {Draft} */ (this.screen.draft);
  }

  get save() {
    // Something without a photo is open, or more may be entered: the form leads there.
    if (unanswered(this.draft, this.kind) || !this.screen.data.listed.length) return undefined;
    return t('save.items', {n: this.draft.items.length});
  }

  /** @param {string} subject */
  itemOf(subject) {
    return this.draft.items.find((one) => one.subject === subject) ?? null;
  }

  /** @param {string} subject */
  verdictOf(subject) {
    const item = this.itemOf(subject);
    return item && verdictOf(item, this.kind);
  }

  /** @param {string} subject */
  criteria(subject) {
    const item = this.itemOf(subject);
    const none = item ? noneOf(item, this.kind) : [];
    return this.kind.criteria
      .filter(({group}) => !none.includes(group ?? ''))
      .map((one) => ({code: one.code, name: failed(one), failed: item?.answers[one.code] === 'fail'}));
  }

  /** @param {string} subject */
  pass(subject) {
    this.screen.opened = null;
    this.step(subject, (draft, index) => passWhole(draft, index, this.kind));
  }

  /** @param {string} subject @param {string} criterion */
  fail(subject, criterion) {
    this.step(subject, (draft, index) => {
      const again = draft.items[index].answers[criterion] === 'fail';
      return answer(fail(draft, index), index, criterion, again ? null : 'fail');
    });
  }

  /** @param {string} subject @param {(draft: Draft, index: number) => Draft} work */
  step(subject, work) {
    const {screen, kind} = this;
    const row = screen.data.listed.find(({number}) => number === subject);
    const draft = this.itemOf(subject) || !row ? this.draft : withListed(this.draft, kind, row);
    const index = draft.items.findIndex((one) => one.subject === subject);
    if (index >= 0) screen.change(work(draft, index));
  }

  /** @param {string} subject */
  keep(subject) {
    const before = this.itemOf(subject);
    return () => this.screen.change(putBack(this.draft, subject, before));
  }

  open() {
    return rowsOf(this.draft, this.screen.data.listed).filter(({subject}) => this.verdictOf(subject) === null).length;
  }

  saved() {
    this.screen.save();
  }
}

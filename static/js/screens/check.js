/** One check, from its first number to the saved record. Every answer is on the disk before the next one. */

import {html, nothing} from 'lit';
import {rebased} from '../domain/amendments.js';
import {isEmpty, isJudged, noPlace, ready, toFact, unanswered} from '../domain/checks.js';
import {checkedSoFar} from '../domain/day-counts.js';
import {isoWithOffset, localDay} from '../domain/days.js';
import {photosUnsaid} from '../domain/entries.js';
import {freeze} from '../domain/facts.js';
import {unmark} from '../domain/marks.js';
import {isSingle, subjectOf} from '../domain/subjects.js';
import {asksMethod, mends, placeOf} from '../domain/work.js';
import {worklistOf} from '../domain/worklists.js';
import {AlreadySaved} from '../store/store.js';
import {dayText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {named, t} from '../ui/language.js';
import {painted} from '../ui/paint.js';
import {settled, track} from '../ui/pending.js';
import {phone} from '../ui/phone.js';
import {notSaved} from '../ui/room.js';
import {router} from '../ui/router.js';
import {empty, notice, Screen, subBar} from '../ui/screen.js';
import {ask} from '../ui/sheet.js';
import {asked, outcomeOf, outcomeText} from './check-counts.js';
import {readCheck} from './check-data.js';
import {knownReason, watchPlace} from './check-point.js';
import {scanPanel} from './check-scan.js';
import {openCheckTable} from './check-table.js';
import {discard} from './discarding.js';
import {lookOf} from './subjects.js';

/**
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').Kind} Kind
 * @typedef {import('../domain/types.js').Rec} Rec
 * @typedef {{number: string, code: string|null, doubt: string|null, before: string|null}} Question  about a number; `code` picks
 *   the words, `doubt` is kept with the item, `before`: the day on which it was checked before
 */

/** @extends {Screen<import('./check-data.js').Data>} */
export class Check extends Screen {
  static properties = {
    draft: {state: true},
    saving: {state: true},
    opened: {state: true},
    asked: {state: true},
    scanning: {state: true},
    letters: {state: true},
    leaving: {state: true},
  };

  constructor() {
    super();
    /** @type {Draft|null} */ this.draft = null;
    /** @type {'saved'|'saving'|'failed'} */ this.saving = 'saved';
    /** @type {string|null} the item whose criteria are open */ this.opened = null;
    /** @type {Question|null} a number that needs a yes */ this.asked = null;
    /** @type {import('./check-scan.js').Panel|null} the open scanner */ this.scanning = null;
    /** @type {typeof import('./check-form.js')|null} what forms with more than numbers and criteria need */ this.form =
      null;
    /** @type {string[]} pasted numbers that are still to be asked about */ this.queue = [];
    /** @type {(() => void)|null} says what a paste came to, once its questions are answered */ this.report = null;
    this.led = ''; // the number to whose row the last four digits led
    this.letters = false; // the keys for numbers have letters
    this.writing = Promise.resolve();
    this.committing = false;
    this.stored = false; // whether anything was entered
    this.leaving = false; // for the records: the button says so
    this.unplace = watchPlace(this);
    this.addEventListener('whole', (event) => {
      event.preventDefault();
      openCheckTable(this, /** @type {CustomEvent} */ (event).detail);
    });
  }

  disconnectedCallback() {
    if (this.stored && this.draft && !this.committing && this.isBare(this.draft)) this.forget(this.draft.id);
    this.scanning?.stop?.();
    this.scanning = null;
    this.unplace();
    super.disconnectedCallback();
  }

  /** Our own drafts and photos need no second reading. @param {string[]|undefined} stores */
  reads(stores) {
    return !stores || stores.some((name) => name !== 'drafts' && name !== 'photos');
  }

  async read() {
    const {store} = phone;
    const id = this.route.id ?? '';
    if (!this.draft) {
      this.draft = await store.draft(id);
      this.stored = Boolean(this.draft);
      this.draft ??= freshOf(id);
    }
    if (this.kind && needsForm(this.kind)) this.form ??= await import('./check-form.js');
    return readCheck(this);
  }

  get kind() {
    return phone.kind(this.draft?.kind ?? null);
  }

  get look() {
    return lookOf(this.kind);
  }

  get parent() {
    const {draft, kind} = this;
    if (draft && draft.acting !== draft.unit && !mends(draft)) return `/app/place/${draft.unit}`;
    return (kind && !(draft && mends(draft)) && placeOf(kind, phone.kinds)) || '/app/';
  }

  /** A form that was only looked at, or emptied again. @param {Draft} draft */
  isBare(draft) {
    return !mends(draft) && isEmpty(draft, this.kind);
  }

  /** @param {string} id */
  forget(id) {
    this.writing = this.writing.then(() => phone.store.deleteDraft(id)).catch(console.error);
  }

  // --- changing

  /** A removal that can be taken back. @param {(draft: Draft) => Draft} work @param {(draft: Draft) => Draft} back @param {string} words */
  takeOut(work, back, words) {
    this.change(work(/** @type {Draft} */ (this.draft)));
    const undo = () => this.draft && this.isConnected && this.change(back(this.draft));
    phone.say(words, 'ok', undo);
  }

  /**
   * A step of `domain/checks.js`, then onto the disk.
   * @template {unknown[]} R @param {(draft: Draft, ...rest: R) => Draft} work @param {R} rest
   */
  step(work, ...rest) {
    this.change(work(/** @type {Draft} */ (this.draft), ...rest));
  }

  /** @param {Draft} draft */
  change(draft) {
    if (this.committing) return;
    this.draft = draft;
    this.stored ||= !this.isBare(draft);
    if (!this.stored) return; // nothing was entered: there is nothing to keep
    this.saving = 'saving';
    this.writing = track(this.writing.then(() => this.write(draft)));
  }

  /** @param {Draft} draft */
  async write(draft) {
    if (this.draft !== draft) return; // a later answer is on its way and holds this one
    try {
      await phone.store.saveDraft(draft);
      if (this.draft === draft) this.saving = 'saved';
    } catch (error) {
      console.error(error);
      this.saving = 'failed';
    }
  }

  /** Thrown away without a question: it can be taken back at once, and for a week among the records. */
  async discard() {
    const {draft} = this;
    if (!draft) return;
    this.committing = true;
    try {
      await this.writing;
      if (this.stored) await discard(draft);
      router.back(this.parent);
    } catch (error) {
      this.committing = false;
      notSaved(error);
    }
  }

  // --- saving

  async save() {
    if (!this.draft || !this.kind || this.leaving || this.committing) return;
    this.leaving = true;
    try {
      await painted();
      if (await this.whole()) await this.commit();
    } finally {
      this.leaving = this.committing; // what is saved leaves with the button as it is
    }
  }

  /**
   * Whether everything is there, photos that are being made small included; else it shows what is missing, or asks.
   * @returns {Promise<boolean>}
   */
  async whole() {
    if (!(await settled())) {
      phone.say(t('photo.pending'), 'warn');
      return false;
    }
    const {draft, kind} = this;
    if (!draft || !kind) return false;
    const lacks = ready(draft, kind);
    if (lacks.length) {
      this.point(lacks[0]);
      return false;
    }
    if (!(await this.enough(draft, kind))) return false;
    return this.draft === draft || this.whole(); // a scanned number came while the question stood there
  }

  async commit() {
    const {draft, kind} = this;
    if (!draft || !kind || this.committing) return;
    this.committing = true;
    try {
      const now = Date.now();
      const said = unmark(draft, photosUnsaid(draft, this.data.listed));
      const content = toFact(said, kind, {ended: isoWithOffset(now), elapsed: phone.elapsed(draft.id)});
      await phone.store.commitDraft(draft, await freeze(content, {id: draft.id}));
      phone.say(t(isSingle(kind) ? 'saved.point' : 'saved.items', {n: draft.items.length}));
      await this.tell(draft);
      // The record that was opened may be gone: it was replaced.
      if (mends(draft)) router.go(`/app/records/${draft.id}`, {replace: true});
      else router.back(this.parent);
    } catch (error) {
      if (error instanceof AlreadySaved) return this.mend(draft, error.record);
      this.committing = false;
      this.saving = 'failed';
      notSaved(error);
    }
  }

  /** What it amounts to, as far as this phone can know: what does not count is said before the screen is gone. @param {Draft} draft */
  async tell(draft) {
    const outcome = await outcomeOf(this, draft);
    if (!outcome) return;
    const short = ['short', 'zero-day'].includes(outcome.code) || outcome.off || outcome.own || outcome.beside;
    phone.say(t('outcome.saved', {counts: outcomeText(outcome)}), short ? 'warn' : 'ok');
  }

  /** Another tab was first: what was changed here is kept as a correction. @param {Draft} draft @param {Rec} record */
  async mend(draft, record) {
    try {
      const mended = rebased(draft, record, Date.now());
      await phone.store.saveDraft(mended);
      await phone.store.deleteDraft(draft.id);
      phone.say(t('saved.elsewhere'), 'warn');
      router.go(`/app/check/${mended.id}`, {replace: true});
    } catch (error) {
      this.committing = false;
      notSaved(error);
    }
  }

  /** Fewer than a session of the day needs: it may be saved, knowingly. @param {Draft} draft @param {Kind} kind */
  async enough(draft, kind) {
    const least = asked(this, kind);
    if (least === null || !subjectOf(kind)?.numbered || !isJudged(kind) || kind.about) return true;
    const outcome = await outcomeOf(this, draft);
    const n = outcome ? outcome.n : checkedSoFar(draft, this.data.records, localDay(Date.now()));
    if (outcome?.code === 'session' || (!outcome && n >= least)) return true;
    return ask({
      title: outcome ? t('short.counted', {n}) : t('short.title', {n: draft.items.length}),
      text: outcome ? outcomeText(outcome) : t('short.text', {n: least}),
      yes: t('short.yes'),
    });
  }

  /** Shows what is missing. @param {{code: string, index: number|null, field?: string}} lack */
  point({code, index, field}) {
    phone.say(t(`lack.${code}`), 'warn');
    if (field) this.reveal(`[data-field="${field}"]`);
    if (index === null || !this.draft) return;
    if (code === 'position') return this.updateComplete.then(() => this.locate());
    this.opened = code === 'unanswered' ? this.opened : this.draft.items[index].subject;
    this.updateComplete.then(() => this.reveal(`[data-index="${index}"]`));
  }

  /** Without a position: the reason that the phone knows is filled in, any other is asked for. */
  locate() {
    const reason = knownReason();
    if (reason) this.step(noPlace, 0, reason);
    phone.say(t(reason ? 'place.reason-filled' : 'lack.position'), 'warn');
    this.updateComplete.then(() => this.reveal('[data-position]'));
  }

  /** @param {string} selector */
  reveal(selector) {
    const row = /** @type {HTMLElement|null} */ (this.querySelector(selector));
    row?.scrollIntoView({block: 'center', behavior: 'smooth'});
    row?.classList.add('item-lacking');
    setTimeout(() => row?.classList.remove('item-lacking'), 1600);
  }

  // --- showing

  page() {
    const {draft, kind} = this;
    if (!draft || !kind) return this.gone();
    const {look} = this;
    const title = mends(draft) ? t('correcting', {kind: named(kind)}) : named(kind);
    return html`
      ${subBar({title, parent: this.parent, side: this.savedMark()})}
      <div class="page page-check ${subjectOf(kind)?.numbered && kind.type !== 'capture' ? 'page-items' : ''} ${this.scanning ? 'page-scanning' : ''} ${this.asked ? 'page-asking' : ''} stack">
        ${this.saving === 'failed' ? notice('bad', html`${t('error.not-saved')} <button type="button" class="button button-small" @click=${() => this.change({...draft})}>${t('try-again')}</button>`) : nothing}
        ${draft.acting !== draft.unit ? html`<p class="check-about" data-at=${draft.unit}>${icon('point')}${this.data.name}</p>` : nothing}
        ${draft.about && !this.form ? html`<p class="check-about">${icon('today')}${t('about-list', {day: dayText(draft.about)})}</p>` : nothing}
        ${scanPanel(this)}
        ${this.form?.formPage(this, draft, kind) ?? nothing}
        ${look.page(this, draft, kind)}
        <p class="center"><button type="button" class="button button-quiet small" @click=${this.discard}>${icon('trash')}<span>${t(mends(draft) ? 'discard.correction' : 'discard')}</span></button></p>
      </div>
      <div class="action-bar">
        ${look.bar(this, draft, kind)}
        <div class="action-line">${look.tool(this, kind)}${this.saveButton(draft, kind)}</div>
      </div>`;
  }

  gone() {
    return html`${subBar({title: t('title.check'), parent: '/app/'})}
      ${empty({icon: 'records', title: t('gone.title'), text: t('gone.text'), action: html`<a class="button" href="/app/records">${t('title.records')}</a>`})}`;
  }

  savedMark() {
    if (this.draft && !this.stored && this.isBare(this.draft)) return nothing;
    const name = {saved: 'check', saving: 'clock', failed: 'warn'}[this.saving];
    return html`<span class="saved saved-${this.saving}" data-saved=${this.saving}>${icon(name)}${t(`draft.${this.saving}`)}</span>`;
  }

  /** It says what is still open; a tap then leads there. @param {Draft} draft @param {Kind} kind */
  saveButton(draft, kind) {
    const lacks = ready(draft, kind);
    const busy = this.leaving && !lacks.length;
    const open = unanswered(draft, kind);
    const text = busy
      ? t('save.busy')
      : !draft.items.length
        ? t(this.data.listed.length ? 'save.judge' : 'save.none')
        : open
          ? t(kind.type === 'capture' ? 'save.no-photo' : isSingle(kind) ? 'save.open-point' : 'save.open', {
              n: open,
            })
          : lacks.length
            ? t(`lack.${lacks[0].code}`)
            : t(isSingle(kind) ? 'save.point' : 'save.items', {n: draft.items.length});
    return html`
      <button type="button" class="button action-save ${lacks.length ? 'action-open' : 'button-primary'}"
        ?disabled=${!draft.items.length} aria-busy=${busy} data-open=${open} @click=${this.save}>${icon(busy ? 'clock' : lacks.length ? 'list' : 'check')}<span>${text}</span></button>`;
  }
}

/** What was begun on this page and never written down. @param {string} id @returns {Draft|null} */
function freshOf(id) {
  const {fresh} = history.state ?? {};
  return fresh?.id === id ? fresh : null;
}

/** @param {Kind} kind */
function needsForm(kind) {
  const {about, type, fields, classes} = kind;
  const more = [fields, classes].some((list) => list?.length) || asksMethod(kind);
  const dayIsChosen = type === 'capture' || worklistOf(kind) === 'draws'; // with the list, before the check begins
  return more || lookOf(kind).form || (about && !dayIsChosen);
}

customElements.define('tc-check', Check);

/** One case: what was found, whose it is and by when, all that was done, and what this person can do with it, without signal too. */

import {html, nothing} from 'lit';
import {faultsOf, isBlankMove, moveAgain, moveFact, newMove, usedPhotos} from '../domain/case-drafts.js';
import {movesByCase, standingOf} from '../domain/cases.js';
import {localDay} from '../domain/days.js';
import {freeze, openOf} from '../domain/facts.js';
import {uuid7} from '../domain/ids.js';
import {AlreadySaved, NotAdmitted} from '../store/store.js';
import {icon} from '../ui/icons.js';
import {named, t} from '../ui/language.js';
import {painted} from '../ui/paint.js';
import {settled, track} from '../ui/pending.js';
import {phone} from '../ui/phone.js';
import {notSaved} from '../ui/room.js';
import {empty, notice, Screen, subBar} from '../ui/screen.js';
import {ask} from '../ui/sheet.js';
import {moveForm} from './case-form.js';
import {aheadNotice, compared, factsOf, found, headOf, historyOf, refusedNotice, staleDraft} from './case-parts.js';
import {discard} from './discarding.js';

/**
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').Rec} Rec
 * @typedef {import('../domain/cases.js').Way} Way
 */

/** @param {string} id */
async function readCase(id) {
  const {store} = phone;
  const [rows, records, drafts, units] = await Promise.all([
    store.rows('cases'),
    store.records(),
    store.drafts(),
    store.rows('unit'),
  ]);
  const today = localDay(Date.now());
  const row = rows.find((one) => one.id === id) ?? null;
  return {
    today,
    records,
    standing: row && standingOf(row, movesByCase(records).get(id) ?? [], phone.caseRules, today),
    parent: rows.find((one) => one.id === row?.parent) ?? null,
    names: new Map(units.map(({code, name}) => [code, name])),
    people: row ? await store.section(row.unit, 'people') : [],
    drafts: drafts.filter(({move}) => move?.case === id),
  };
}

/** @typedef {Awaited<ReturnType<typeof readCase>>} CaseData */

/** @extends {Screen<CaseData>} */
export class CasePage extends Screen {
  static properties = {draft: {state: true}, saving: {state: true}, tried: {state: true}, leaving: {state: true}};

  constructor() {
    super();
    /** @type {Draft|null} the move that is being written */ this.draft = null;
    /** @type {'saved'|'saving'|'failed'} */ this.saving = 'saved';
    this.tried = false; // to submit: only then what lacks is said
    this.leaving = false; // for the records
    this.stored = false; // whether anything of the draft was entered
    this.folded = false; // put aside, to look at the rest: it opens again with its button
    this.writing = Promise.resolve();
  }

  /** Our own drafts and photos need no second reading. @param {string[]|undefined} stores */
  reads(stores) {
    return !stores || stores.some((name) => name !== 'drafts' && name !== 'photos');
  }

  async read() {
    const data = await readCase(this.route.id ?? '');
    const begun = data.drafts.find((draft) => wayOf(data, draft));
    if (!this.draft && begun && !this.folded) Object.assign(this, {draft: begun, stored: true, tried: false});
    return data;
  }

  /** The way for which the open draft is written; null: things have changed. */
  get way() {
    return this.draft && wayOf(this.data, this.draft);
  }

  get faults() {
    const {draft, way} = this;
    const {standing, records} = this.data;
    if (!draft || !way || !standing) return [];
    const used = usedPhotos(standing.row, records, draft.replaces);
    return faultsOf(draft, way, {found: standing.row.found, used});
  }

  // --- writing

  /** @param {Way} way */
  async begin(way) {
    const {standing} = this.data;
    if (!standing || this.leaving) return;
    const begun = this.data.drafts.find(({move}) => move?.code === way.move.code);
    if (begun) return this.unfold(begun, true);
    const draft = newMove(standing.row, way, Date.now());
    if (!way.move.needs.length) return this.confirm(draft, way);
    this.unfold(draft, false);
  }

  /** @param {Draft} draft @param {boolean} stored */
  unfold(draft, stored) {
    Object.assign(this, {draft, stored, tried: false, saving: 'saved', folded: false});
    this.updateComplete.then(() => this.reveal('[data-form]'));
  }

  /** What was refused, anew. @param {Rec} record */
  async again(record) {
    const begun = this.data.drafts.find(({replaces}) => replaces === record.id);
    const draft = begun ?? moveAgain(record, Date.now());
    if (!begun) await phone.store.saveDraft(draft);
    this.unfold(draft, true);
  }

  /** @param {(draft: Draft) => Draft} step of the domain, then onto the disk */
  change(step) {
    if (!this.draft || this.leaving) return;
    const draft = step(this.draft);
    this.draft = draft;
    this.stored ||= !isBlankMove(draft);
    if (!this.stored) return;
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

  /** Put aside: what was written stays on the phone. */
  async fold() {
    await this.writing;
    Object.assign(this, {draft: null, folded: true});
    await this.reload();
  }

  /** @param {Draft} draft */
  async drop(draft) {
    if (this.draft?.id === draft.id) this.draft = null;
    try {
      await this.writing;
      await discard(draft, () => this.isConnected && this.reload());
      await this.reload();
    } catch (error) {
      notSaved(error);
    }
  }

  // --- saving

  /** Nothing has to be written: a yes is enough. @param {Draft} draft @param {Way} way */
  async confirm(draft, {move}) {
    const yes = await ask({title: named(move), text: t('move.confirm'), yes: named(move)});
    if (yes && this.isConnected) await this.leave(draft);
  }

  async save() {
    if (this.leaving || !this.draft) return;
    this.leaving = true;
    try {
      await painted();
      if (!(await settled())) return phone.say(t('photo.pending'), 'warn');
    } finally {
      this.leaving = false;
    }
    this.tried = true;
    const {draft, faults} = this;
    if (faults.length) {
      phone.say(t(`move-fault.${faults[0].code}`), 'warn');
      return this.reveal(`[data-need="${faults[0].need}"]`);
    }
    if (draft) await this.leave(draft);
  }

  /** Onto the disk for good, unless another move of the case was saved meanwhile, in another window. @param {Draft} draft */
  async leave(draft) {
    if (this.leaving) return;
    this.leaving = true;
    try {
      const fact = await freeze(moveFact(draft, Date.now()), {id: draft.id});
      await phone.store.commitDraft(draft, fact, (records) => this.admits(records, draft));
      Object.assign(this, {draft: null, stored: false});
      phone.say(t('move.saved'));
      await this.reload();
      window.scrollTo(0, 0);
    } catch (error) {
      await this.missed(draft, error);
    } finally {
      this.leaving = false;
    }
  }

  /** @param {Draft} draft @param {unknown} error */
  async missed(draft, error) {
    if (!(error instanceof AlreadySaved || error instanceof NotAdmitted)) return notSaved(error);
    if (error instanceof AlreadySaved && this.stored) {
      await phone.store.saveDraft({...draft, id: uuid7()}); // what was changed here is kept, to be looked at
      await phone.store.deleteDraft(draft.id);
    }
    this.draft = null;
    phone.say(t('move.late'), 'warn');
    await this.reload();
  }

  /** Whether the move can be made beside all that is recorded by now. @param {Rec[]} records @param {Draft} draft */
  admits(records, draft) {
    const {standing, today} = this.data;
    if (!standing) return false;
    const said = movesByCase(records).get(standing.row.id) ?? [];
    const now = standingOf(standing.row, said, phone.caseRules, today);
    return now.ways.some(({move}) => move.code === draft.move?.code);
  }

  // --- showing

  /** @param {string} selector */
  reveal(selector) {
    const part = /** @type {HTMLElement|null} */ (this.querySelector(selector));
    part?.scrollIntoView({block: 'start', behavior: 'smooth'});
  }

  page() {
    const {standing, drafts} = this.data;
    if (!standing)
      return html`${subBar({title: t('title.case'), parent: '/app/mine'})}${empty({icon: 'search', title: t('case.gone'), text: t('case.gone-text')})}<div class="page stack">${drafts.map((draft) => staleDraft(draft, () => this.drop(draft)))}</div>`;
    const {row, type, refused, group, ways} = standing;
    const stale = drafts.filter((draft) => !wayOf(this.data, draft));
    const again = (/** @type {Rec} */ record) =>
      !this.draft && ways.some(({move}) => move.code === openOf(record).move) ? () => this.again(record) : null;
    const title = [named(type) || row.type, row.number].filter(Boolean).join(' ');
    return html`
      ${subBar({title, parent: '/app/mine', side: this.draft && this.stored ? this.savedMark() : nothing})}
      <div class="page page-check page-case stack" data-case=${row.id} data-state=${standing.state} data-group=${group}>
        ${refused.map((record) => refusedNotice(record, standing, again(record)))}
        ${aheadNotice(standing)}
        ${stale.map((draft) => staleDraft(draft, () => this.drop(draft)))}
        ${headOf(standing, this.data)}
        ${group === 'check' ? compared(row) : found(row)}
        ${this.form()}
        ${factsOf(standing, this.data)}
        ${historyOf(standing, this.data)}
        ${this.others()}
      </div>
      ${this.bar()}`;
  }

  savedMark() {
    const name = {saved: 'check', saving: 'clock', failed: 'warn'}[this.saving];
    return html`<span class="saved saved-${this.saving}" data-saved=${this.saving}>${icon(name)}${t(`draft.${this.saving}`)}</span>`;
  }

  form() {
    const {draft, way, faults, tried} = this;
    if (!draft || !way) return nothing;
    const {people} = this.data;
    return html`
      ${this.saving === 'failed' ? notice('bad', html`${t('error.not-saved')} <button type="button" class="button button-small" @click=${() => this.change((one) => ({...one}))}>${t('try-again')}</button>`) : nothing}
      ${moveForm({draft, way, faults, tried, people, change: (step) => this.change(step)})}
      <p class="center"><button type="button" class="button button-quiet small" data-fold @click=${this.fold}>${icon('back')}<span>${t(this.stored ? 'move.aside' : 'cancel')}</span></button>
        ${this.stored ? html`<button type="button" class="button button-quiet small" data-drop @click=${() => this.drop(draft)}>${icon('trash')}<span>${t('move.drop')}</span></button>` : nothing}</p>`;
  }

  /** What leaves the case where it stands: not at the thumb. */
  others() {
    const ways = (this.data.standing?.ways ?? []).filter(({move}) => !move.to);
    if (!ways.length || this.way) return nothing;
    return html`
      <section class="stack-tight"><h2 class="section-title">${t('case.others')}</h2>
        ${ways.map((way) => this.button(way, ''))}</section>`;
  }

  /** What takes it on, under the thumb; while something is written, that alone. */
  bar() {
    const {way, leaving} = this;
    const onward = (this.data.standing?.ways ?? []).filter(({move}) => move.to);
    if (way)
      return actionBar(
        html`<button type="button" class="button action-save ${this.faults.length ? 'action-open' : 'button-primary'}" data-submit aria-busy=${leaving} @click=${this.save}>${icon('check')}<span>${t('move.save')} · ${named(way.move)}</span></button>`,
      );
    if (!onward.length) return nothing;
    return actionBar(onward.map((one, i) => this.button(one, `action-save ${i ? '' : 'button-primary'}`)));
  }

  /** @param {Way} way @param {string} extra */
  button(way, extra) {
    return html`<button type="button" class="button ${extra}" data-move=${way.move.code} ?disabled=${this.leaving} @click=${() => this.begin(way)}>${named(way.move)}</button>`;
  }
}

/** @param {CaseData} data @param {Draft} draft @returns {Way|null} */
function wayOf({standing}, {move}) {
  return standing?.ways.find((way) => way.move.code === move?.code) ?? null;
}

/** @param {unknown} inside */
function actionBar(inside) {
  return html`<div class="action-bar"><div class="action-line action-ways">${inside}</div></div>`;
}

customElements.define('tc-case', CasePage);

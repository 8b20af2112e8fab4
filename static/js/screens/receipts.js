/** The carrier's drawn items: a big camera button each. What is photographed is on the disk at once. */

import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {rebased} from '../domain/amendments.js';
import {
  addItem,
  addPhoto,
  note,
  putPhotoBack,
  ready,
  removeItem,
  removePhoto,
  speak,
  toFact,
} from '../domain/checks.js';
import {isoWithOffset} from '../domain/days.js';
import {countOf, toCapture, withTaken} from '../domain/draws.js';
import {freeze} from '../domain/facts.js';
import {readNumber} from '../domain/numbers.js';
import {kindAt, mends} from '../domain/work.js';
import {AlreadySaved} from '../store/store.js';
import {nearDayText} from '../ui/dates.js';
import {noteField, photoStrip} from '../ui/evidence.js';
import {icon} from '../ui/icons.js';
import {named, t, tOr} from '../ui/language.js';
import {grouped} from '../ui/numbers.js';
import {settled, track} from '../ui/pending.js';
import {phone} from '../ui/phone.js';
import {notSaved} from '../ui/room.js';
import {router} from '../ui/router.js';
import {empty, Screen, subBar} from '../ui/screen.js';
import {voiceField} from '../ui/voice.js';
import {begin} from './beginning.js';

/** @typedef {import('../domain/types.js').Draft} Draft @typedef {import('../domain/draws.js').DayList} DayList */

/** @typedef {import('../domain/draws.js').Listed} Listed @typedef {{lists: DayList[], drafts: Draft[]}} Data */

const FEW = 5; // receipts that are seen at once: nobody looks for one of them

/** @extends {Screen<Data>} */
export class Receipts extends Screen {
  static properties = {sought: {state: true}};

  constructor() {
    super();
    this.sought = ''; // digits of a number
    this.work = Promise.resolve();
    this.committing = false;
  }

  /** @param {string[]|undefined} stores */
  reads(stores) {
    return !stores || stores.some((name) => name !== 'photos');
  }

  async read() {
    const {store} = phone;
    const [draws, records, drafts] = await Promise.all([store.rows('draws'), store.records(), this.drafts()]);
    return {lists: withTaken(toCapture(draws, records), drafts), drafts};
  }

  /** The kind that takes photos of what was drawn. */
  get kind() {
    return kindAt('receipts', this.route.id, phone.kinds);
  }

  /** Of captures, as they lie on the disk. @returns {Promise<Draft[]>} */
  async drafts() {
    const all = await phone.store.drafts();
    return all.filter((draft) => draft.kind === this.kind?.code && !mends(draft));
  }

  /** @param {DayList} list @returns {Draft|undefined} */
  draftOf({unit, day}) {
    return this.data.drafts.find((draft) => draft.unit === unit && draft.about === day);
  }

  /**
   * One change after the other, each from what the disk holds: two fast photos both stay.
   * @param {DayList} list @param {Listed} item @param {(draft: Draft, index: number) => Draft} step
   */
  change(list, item, step) {
    this.work = track(this.work.then(() => this.write(list, item, step)).catch(notSaved));
  }

  /** @param {DayList} list @param {Listed} item @param {(draft: Draft, index: number) => Draft} step */
  async write(list, item, step) {
    const {kind} = this;
    if (!kind) return;
    const known = (await this.drafts()).find(({unit, about}) => unit === list.unit && about === list.day);
    let draft = known ?? (await begin(kind, list.unit, {about: list.day}));
    let index = draft.items.findIndex(({subject}) => subject === item.number);
    if (index < 0) {
      draft = addItem(draft, {subject: item.number, class: item.class});
      index = draft.items.length - 1;
    }
    draft = step(draft, index);
    if (!draft.items[index].photos.length) draft = removeItem(draft, index);
    await (draft.items.length ? phone.store.saveDraft(draft) : phone.store.deleteDraft(draft.id));
  }

  async save() {
    const {kind} = this;
    if (this.committing || !kind) return;
    this.committing = true;
    try {
      // Photos that are being made small, and the last words of a note.
      if (!(await settled())) return phone.say(t('photo.pending'), 'warn');
      const drafts = (await this.drafts()).filter((draft) => !ready(draft, kind).length);
      let n = 0;
      for (const draft of drafts) if (await this.commit(draft, kind)) n += draft.items.length;
      if (n) phone.say(t('saved.receipts', {n}));
      else phone.say(t('saved.elsewhere'), 'warn');
      router.back('/app/');
    } catch (error) {
      notSaved(error);
    } finally {
      this.committing = false;
    }
  }

  /** @param {Draft} draft @param {import('../domain/types.js').Kind} kind @returns {Promise<boolean>} false: another tab was first, and it is a correction now */
  async commit(draft, kind) {
    const content = toFact(draft, kind, {ended: isoWithOffset(Date.now()), elapsed: phone.elapsed(draft.id)});
    try {
      await phone.store.commitDraft(draft, await freeze(content, {id: draft.id}));
    } catch (error) {
      if (!(error instanceof AlreadySaved)) throw error;
      // Another tab was first: what was photographed here since is kept as a correction, among the things begun.
      await phone.store.saveDraft(rebased(draft, error.record, Date.now()));
      await phone.store.deleteDraft(draft.id);
      return false;
    }
    return true;
  }

  page() {
    const {lists, drafts} = this.data;
    const taken = drafts.reduce((sum, {items}) => sum + items.length, 0);
    const left = countOf(lists) - taken;
    const open = lists.filter(({items}) => items.length);
    return html`
      ${subBar({title: named(this.kind) || t('title.receipts'), parent: '/app/'})}
      <div class="page page-check stack">
        ${open.length ? html`<p class="muted">${t('receipts.hint')}</p>` : this.nothing(lists)}
        ${countOf(lists) > FEW ? this.finder() : nothing}
        ${this.isAbsent(open) ? html`<p class="muted" role="status">${t('receipts.not-found', {sought: this.sought})}</p>` : nothing}
        ${open.map((list) => this.list(list))}
      </div>
      ${
        open.length
          ? html`<div class="action-bar">
              <button type="button" class="button button-wide action-save button-primary" ?disabled=${!taken} @click=${this.save}>${icon('check')}<span>${taken ? t('receipts.save', {n: taken}) : t('save.no-photo', {n: left})}</span></button>
              ${taken && left ? html`<p class="action-note">${t('receipts.left', {n: left})}</p>` : nothing}
            </div>`
          : nothing
      }`;
  }

  /** The receipt in the hand among twenty: its last four digits are enough. */
  finder() {
    const seek = (/** @type {InputEvent} */ {target}) =>
      (this.sought = readNumber(/** @type {HTMLInputElement} */ (target).value).number);
    return html`<label class="visually-hidden" for="find">${t('receipts.find')}</label>
      <input id="find" class="input mono" type="search" inputmode="numeric" enterkeyhint="search" autocomplete="off" placeholder=${t('receipts.find')} @input=${seek}>`;
  }

  /** @param {DayList[]} open */
  isAbsent(open) {
    return open.length > 0 && !open.some((list) => this.found(list).length);
  }

  /** Those of the list that are shown. @param {DayList} list */
  found({items}) {
    return items.filter(({number}) => number.includes(this.sought));
  }

  /** @param {DayList[]} lists */
  nothing(lists) {
    const done = lists.reduce((sum, list) => sum + list.done, 0);
    return empty({
      icon: done ? 'check' : 'receipt',
      title: t(done ? 'receipts.all-done' : 'receipts.none'),
      text: t(done ? 'receipts.all-done-text' : 'receipts.none-text', {n: done}),
    });
  }

  /** @param {DayList} list */
  list(list) {
    const found = this.found(list);
    if (!found.length) return nothing;
    const taken = this.draftOf(list)?.items.length ?? 0;
    return html`
      <section class="stack-tight" aria-label=${nearDayText(list.day)}>
        <h2 class="section-title">${t('about-list', {day: nearDayText(list.day)})}
          ${list.announced ? html`<span class="chip chip-warn">${icon('info')}${t('announced')}</span>` : nothing}
          <small class="number">${t('receipts.count', {n: list.items.length - taken, done: list.done + taken})}</small></h2>
        <ol class="items">${repeat(
          found,
          ({number}) => number,
          (item) => this.row(list, item),
        )}</ol>
      </section>`;
  }

  /** @param {DayList} list @param {Listed} item */
  row(list, item) {
    const taken = this.draftOf(list)?.items.find(({subject}) => subject === item.number);
    const words = [
      item.class ? tOr(`class.${item.class}`, item.class) : '',
      item.route ? t('route', {route: item.route}) : '',
      item.tag,
      item.name,
    ]
      .filter(Boolean)
      .join(' · ');
    return html`
      <li class="item ${taken ? 'item-pass' : ''}" data-subject=${item.number} data-taken=${taken ? 'yes' : 'no'}>
        <div class="item-head"><span class="item-number mono">${grouped(item.number)}</span>
          ${taken ? html`<span class="chip chip-ok">${icon('check')}${t('receipts.taken')}</span>` : nothing}</div>
        ${words ? html`<p class="item-about">${words}</p>` : nothing}
        ${photoStrip({
          photos: taken?.photos ?? [],
          label: item.number,
          big: true,
          paper: true,
          add: (photo) => this.change(list, item, (draft, index) => addPhoto(draft, index, photo)),
          remove: (sha256) => taken && this.take(list, item, taken, sha256),
        })}
        ${taken ? this.note(list, item, taken) : nothing}
      </li>`;
  }

  /** A removal that can be taken back; with its last photo the item's note and voice note went too. @param {DayList} list @param {Listed} item @param {import('../domain/types.js').Item} taken @param {string} sha256 */
  take(list, item, taken, sha256) {
    const at = taken.photos.findIndex((photo) => photo.sha256 === sha256);
    const back = (/** @type {Draft} */ draft, /** @type {number} */ index) => {
      const {note: text, voice} = draft.items[index];
      const whole = note(putPhotoBack(draft, index, taken.photos[at], at), index, text || taken.note);
      return speak(whole, index, voice ?? taken.voice ?? null);
    };
    this.change(list, item, (draft, index) => removePhoto(draft, index, sha256));
    phone.say(t('undo.photo'), 'ok', () => this.isConnected && this.change(list, item, back));
  }

  /** What was typed and said about it. @param {DayList} list @param {Listed} item @param {import('../domain/types.js').Item} taken */
  note(list, item, {note: value, voice}) {
    const change = (/** @type {string} */ text) => this.change(list, item, (draft, index) => note(draft, index, text));
    return html`<details class="fold" ?open=${Boolean(value || voice)}><summary>${icon('edit')}${t('note.or-voice')}</summary>
      ${noteField({id: `note-${item.number}`, value, change})}${this.voice(list, item, voice ?? null)}</details>`;
  }

  /** @param {DayList} list @param {Listed} item @param {import('../domain/types.js').VoiceName|null} voice */
  voice(list, item, voice) {
    const put = (/** @type {import('../domain/types.js').VoiceName|null} */ one) =>
      this.change(list, item, (draft, index) => speak(draft, index, one));
    const remove = () => {
      put(null);
      phone.say(t('undo.voice'), 'ok', () => this.isConnected && put(voice));
    };
    return voiceField({voice, label: item.number, add: put, remove});
  }
}

customElements.define('tc-receipts', Receipts);

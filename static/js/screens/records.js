/** The own records, each with its state; above them, what still waits to be sent. */

import {html, nothing} from 'lit';
import {guard} from 'lit/directives/guard.js';
import {MOVE} from '../domain/cases.js';
import {openOf} from '../domain/facts.js';
import {needsSomebody, photosWaiting, rowState, summary, waits} from '../domain/status.js';
import {dayText, momentText, timeText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {named, t, tOr} from '../ui/language.js';
import {megabytes} from '../ui/numbers.js';
import {phone} from '../ui/phone.js';
import {notSaved} from '../ui/room.js';
import {empty, Screen} from '../ui/screen.js';
import {stateChip, stateOf} from '../ui/status.js';
import {subjectsText} from '../ui/subjects.js';
import {moveText} from './case-card.js';
import {titleOf as caseTitle} from './case-title.js';
import {draftSubject, draftTitle, namesFor} from './drafts.js';
import {learnedCard} from './learned.js';
import {newerNotice} from './newer.js';
import {problemText} from './problem-text.js';
import '../ui/status.js';

const OTHERS = 40;
const PAGE = 12;
const MORE = 8; // so many more are drawn within a tenth of a second on a slow phone

/**
 * @typedef {import('../domain/types.js').Rec} Rec
 * @typedef {import('../domain/types.js').UnitRow<'records'>} Row
 */

async function readRecords() {
  const {store} = phone;
  const [records, rows, points, cases, learned, discarded] = await Promise.all([
    store.records(),
    store.rows('records'),
    store.rows('points'),
    store.rows('cases'),
    store.rows('learned'),
    store.discarded(),
  ]);
  const here = new Set(records.map(({id}) => id));
  return {
    names: new Map(points.map(({id, name}) => [id, name])),
    cases: new Map(cases.map((row) => [row.id, row])),
    learned,
    discarded,
    draftNames: await namesFor(discarded),
    records,
    open: records.filter(needsSomebody(records, rows)),
    known: new Map(rows.map((row) => [row.id, row])),
    held: summary(records, rows),
    others: rows.filter(({id}) => !here.has(id)).sort((a, b) => b.day.localeCompare(a.day)),
  };
}

/** @extends {Screen<Awaited<ReturnType<typeof readRecords>>>} */
export class Records extends Screen {
  static properties = {shown: {state: true}, listed: {state: true}};

  constructor() {
    super();
    this.shown = PAGE;
    this.listed = PAGE; // of those that wait
    this.look = () => this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    phone.addEventListener('state', this.look);
  }

  disconnectedCallback() {
    phone.removeEventListener('state', this.look);
    super.disconnectedCallback();
  }

  async read() {
    return readRecords();
  }

  page() {
    const {others, held, open} = this.data;
    const records = this.data.records.filter((one) => !open.includes(one));
    const all = records.length + open.length + others.length;
    return html`
      <header class="bar"><h1 class="bar-title" tabindex="-1">${t('title.records')}</h1></header>
      <tc-status></tc-status>
      <div class="page stack">
        ${newerNotice()}
        ${this.stuck()}
        ${held.waiting ? guard([this.data, phone.engine.state, this.listed], () => this.queue()) : nothing}
        ${learnedCard(this.data.learned)}
        ${all ? nothing : empty({icon: 'records', title: t('records.none'), text: t('records.none-text')})}
        ${this.days(records.slice(0, this.shown))}
        ${records.length > this.shown ? html`<p class="center"><button type="button" class="button" @click=${() => (this.shown += MORE)}>${t('more', {n: records.length - this.shown})}</button></p>` : nothing}
        ${others.length ? this.elsewhere(others) : nothing}
        ${this.discarded()}
      </div>`;
  }

  /** What waits for a person, first of all. */
  stuck() {
    const open = this.data.open;
    if (!open.length) return nothing;
    return html`
      <section class="stack-tight" data-stuck><h2 class="section-title">${t('records.stuck')} <small class="number">${open.length}</small></h2>
        <ul class="records">${open.map((record) => this.record(record))}</ul></section>`;
  }

  /** What the phone still holds. */
  queue() {
    const {records} = this.data;
    const facts = records.filter(({due}) => due === 'fact').length;
    const photos = photosWaiting(records);
    const {phase, reason, next} = phone.engine.state;
    const busy = phase !== 'idle';
    return html`
      <section class="card stack-tight" data-queue=${facts + photos}>
        <h2 class="card-title">${t('queue.title')}</h2>
        <p class="queue-counts number"><b>${t('queue.records', {n: facts})}</b><b>${t('queue.photos', {n: photos})}</b></p>
        <p class="muted small">${reason ? tOr(`why.${reason}`, t('why.soon')) : t('queue.by-itself')}${next && !busy ? ` · ${t('queue.next', {time: timeText(next)})}` : ''}</p>
        ${records.some(({due, once}) => due === 'fact' && once) ? html`<p class="small" data-again>${t('queue.again')}</p>` : nothing}
        ${
          reason === 'temporary-password'
            ? html`<a class="button button-primary button-wide" href="/account" data-server>${t('own-password')}</a>`
            : reason === 'sign-in'
              ? html`<a class="button button-primary button-wide" href="/login?next=/app/records" data-server>${t('sign-in')}</a>`
              : html`<button type="button" class="button button-primary button-wide" ?disabled=${busy} @click=${() => phone.engine.sync()}>${icon('up')}<span>${t(busy ? 'queue.busy' : 'queue.now')}</span></button>`
        }
        <a class="button button-wide" href="/app/rescue">${icon('records')}<span>${t('queue.file')}</span></a>
        ${this.each(records.filter(waits))}
      </section>`;
  }

  /** Every record that waits, oldest first, and each photo of it. @param {Rec[]} due newest first */
  each(due) {
    return html`
      <details class="fold" open><summary>${icon('list')}${t('queue.each')}</summary>
        <ul class="queue-each">${[...due]
          .reverse()
          .slice(0, this.listed)
          .map((record) => {
            const size = record.open.length + record.personal.length;
            return html`
            <li data-waits=${record.id}><b>${titleOf(record)}</b> <small class="number">${momentText(record.created)} · ${megabytes(size)}</small>
              ${stateChip(stateOf(record, this.data.known.get(record.id) ?? null))}
              <ul>${record.photos.map((photo, i) => html`<li class="small" data-photo-state=${photo.state}>${icon('photo')} ${i + 1} · <span class="number">${megabytes(photo.size)}</span> · ${t(`photo-state.${photo.state}`)}</li>`)}</ul></li>`;
          })}</ul>
        ${due.length > this.listed ? html`<p><button type="button" class="button button-small" @click=${() => (this.listed += MORE)}>${t('more', {n: due.length - this.listed})}</button></p>` : nothing}</details>`;
  }

  /** @param {Rec[]} records newest first */
  days(records) {
    /** @type {Map<string, Rec[]>} */
    const days = new Map();
    for (const record of records) days.set(record.date, [...(days.get(record.date) ?? []), record]);
    return [...days].map(
      ([day, rows]) => html`
        <section class="stack-tight"><h2 class="section-title">${dayText(day)}</h2>
          <ul class="records">${rows.map((record) => this.record(record))}</ul></section>`,
    );
  }

  /** @param {Rec} record */
  record(record) {
    const row = this.data.known.get(record.id) ?? null;
    const state = stateOf(record, row);
    return guard([record, row, state.code, state.missing, state.judged], () => this.card(record, state));
  }

  /** @param {Rec} record @param {ReturnType<typeof stateOf>} state */
  card(record, state) {
    return html`
      <li><a class="card record" href="/app/records/${record.id}" data-record=${record.id} data-state=${state.code}>
        <span class="record-top"><b>${titleOf(record)}</b><small class="number">${timeText(record.created)}</small></span>
        <span class="record-line">${stateChip(state)}<small>${countText(record)}</small></span>
        ${this.pointOf(record)}${record.type === MOVE ? this.caseOf(record) : nothing}
        ${state.problem ? html`<small class="record-problem">${problemText(state.problem)}</small>` : nothing}
      </a></li>`;
  }

  /** Which relay point it is about. @param {Rec} record */
  pointOf({type, subjects, open}) {
    const {point, values} = type === 'point' ? openOf({open}) : {point: subjects.length === 1 ? subjects[0] : ''};
    const name = this.data.names.get(point ?? '') ?? values?.name;
    return name ? html`<small class="record-about">${name}</small>` : nothing;
  }

  /** Which step of which case. @param {Rec} record */
  caseOf(record) {
    const row = this.data.cases.get(openOf(record).case ?? '') ?? null;
    const parts = [moveText(record, row), row ? caseTitle(row) : ''];
    return html`<small class="record-about">${parts.filter(Boolean).join(' · ')}</small>`;
  }

  /** What was thrown away within the last week. */
  discarded() {
    const {discarded, draftNames} = this.data;
    if (!discarded.length) return nothing;
    const bringBack = (/** @type {string} */ id) =>
      phone.store.bringBack(id).then(() => phone.say(t('discarded.back')), notSaved);
    return html`
      <details class="fold" data-discarded><summary>${icon('trash')}${t('discarded.title', {n: discarded.length})}</summary>
        <ul class="records">${discarded.map(
          (draft) => html`
          <li class="card record"><span class="record-top"><b>${draftTitle(draft)}</b><small>${momentText(draft.saved)}</small></span>
            <span class="record-line"><small class="grow">${draftSubject(draft, draftNames)}</small>
              <button type="button" class="button button-small" @click=${() => bringBack(draft.id)}>${icon('undo')}<span>${t('discarded.bring')}</span></button></span></li>`,
        )}</ul></details>`;
  }

  /** Made on another phone, or no longer kept on this one. @param {Row[]} rows */
  elsewhere(rows) {
    return html`
      <section class="stack-tight"><h2 class="section-title">${t('records.elsewhere')}</h2>
        <ul class="records">${rows.slice(0, OTHERS).map(
          (
            row,
          ) => html`<li><a class="card record" href="/app/records/${row.id}"><span class="record-top"><b>${titleOf(row)}</b><small>${dayText(row.day)}</small></span>
            <span class="record-line">${stateChip(rowState(row))}<small>${subjectsText(phone.kind(row.kind), row.items)}</small></span></a></li>`,
        )}</ul></section>`;
  }
}

/** @param {{type: string, kind: string|null, amends?: string|null}} record */
export function titleOf({type, kind, amends}) {
  const name = named(phone.kind(kind)) || t(`type.${type}`);
  return amends ? t('correction-of', {kind: name}) : name;
}

/** @param {Rec} record */
function countText({kind, subjects, photos}) {
  const parts = [subjectsText(phone.kind(kind), subjects.length), photos.length ? t('photos', {n: photos.length}) : ''];
  return parts.filter(Boolean).join(' · ');
}

customElements.define('tc-records', Records);

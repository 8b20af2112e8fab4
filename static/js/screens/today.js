/** Today: what is due, what was begun, what can be begun. */

import {html, nothing} from 'lit';
import {isEmpty} from '../domain/checks.js';
import {localDay} from '../domain/days.js';
import {isOpen, learnWaiting, ordered} from '../domain/duties.js';
import {DayLists} from '../domain/listed.js';
import {byWhenText, dayText, momentText, nearDayText, weekdayText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {named, t} from '../ui/language.js';
import {countOf, toCapture, toJudge} from '../ui/lists.js';
import {phone} from '../ui/phone.js';
import {empty, Screen} from '../ui/screen.js';
import {subjectsText} from '../ui/subjects.js';
import {deskOf, hasScreen, isDirector, keeperOf, kindsAt, mends, placeOf, pointsFor, workplaces} from '../ui/work.js';
import {open} from './beginning.js';
import {closedNotice, isClosed} from './closed.js';
import {newerNotice} from './newer.js';
import {postmark} from './postmark.js';
import '../ui/status.js';

const ICONS = /** @type {Record<string, string>} */ ({
  capture: 'camera',
  receipt: 'verdict',
  parcel: 'parcel',
  relay: 'point',
});
const OPEN = new Set(['due', 'partial', 'unknown']);

export class Today extends Screen {
  async read() {
    const {store} = phone;
    const [units, chosen, records, drafts, draws, captures, pulled] = await Promise.all([
      store.rows('unit'),
      store.get('unit'),
      store.records(),
      store.drafts(),
      store.rows('draws'),
      store.rows('captures'),
      store.get('pulled'),
    ]);
    const places = workplaces(units, phone.kinds);
    const unit = places.find(({code}) => code === chosen) ?? places[0] ?? units[0] ?? null;
    const now = Date.now();
    const begun = drafts.filter((/** @type {any} */ draft) => mends(draft) || !isEmpty(draft));
    if (!unit) return {now, pulled, places, unit, drafts: begun, duties: [], starts: []};
    const sections = ['duties', 'points', 'listed'].map((name) => store.section(unit.code, name));
    const [rows, points, listed] = await Promise.all(sections);
    const lists = new DayLists(listed);
    await learnWaiting(lists, records, pulled);
    const mine = rows.filter((/** @type {any} */ duty) =>
      duty.roles.some((/** @type {string} */ role) => unit.roles.includes(role)),
    );
    const duties = ordered(
      mine.map((/** @type {any} */ duty) => ({...duty, unit: unit.code, distinct: byTag(duty)})),
      {records, now, pulled, lists},
    );
    const here = (/** @type {any[]} */ list) => list.filter((row) => row.unit === unit.code);
    const counts = {
      capture: countOf(toCapture(here(draws), records)),
      receipt: countOf(toJudge(here(draws), here(captures), records, phone.person?.id ?? '')),
      relay: pointsFor(unit, points).length,
    };
    const starts = kindsAt(unit, units, phone.kinds).map((kind) => ({
      kind,
      count: /** @type {any} */ (counts)[kind.code] ?? null,
    }));
    return {now, pulled, places, unit, drafts: begun, duties, starts, keeper: keeperOf(unit, units)};
  }

  page() {
    const {unit, keeper, duties, starts, pulled} = this.data;
    return html`
      ${this.bar()}
      <tc-status></tc-status>
      <div class="page stack">
        ${newerNotice()}
        ${this.head()}
        ${unit ? closedNotice(unit, this.data.drafts, this.data.now) : nothing}
        ${this.drafts()}
        ${unit && (duties.length || starts.length) ? nothing : pulled ? empty({icon: 'me', title: t('today.no-work'), text: t('today.no-work-text'), action: this.desk()}) : this.waiting()}
        ${duties.length ? this.duties() : nothing}
        ${unit && !isClosed(unit, this.data.now) ? this.starts() : nothing}
        ${unit && keeper ? this.books() : nothing}
      </div>`;
  }

  /** Whoever has nothing at the desk gets no door to it. */
  desk() {
    const desk = deskOf(phone.person?.roles ?? []);
    return desk ? html`<p><a class="button" href=${desk} data-server>${t('me.desk')}</a></p>` : nothing;
  }

  waiting() {
    return html`<p class="empty" role="status">${t('today.loading')}</p>`;
  }

  bar() {
    const {places, unit} = this.data;
    return html`
      <header class="bar">
        <img class="bar-logo" src="/static/icons/icon.svg" alt="" width="32" height="32">
        ${
          places.length > 1
            ? html`<label class="bar-pick"><span class="visually-hidden">${t('unit')}</span>
                <select @change=${this.pick}>${places.map((/** @type {any} */ one) => html`<option value=${one.code} ?selected=${one === unit}>${one.name}</option>`)}</select>${icon('down')}</label>`
            : html`<span class="bar-title">${unit?.name ?? t('product')}</span>`
        }
      </header>`;
  }

  /** @param {Event} event */
  pick({target}) {
    phone.store.set('unit', /** @type {HTMLSelectElement} */ (target).value);
  }

  head() {
    const {now, duties} = this.data;
    const day = localDay(now);
    const left = duties.filter((/** @type {any} */ duty) => isOpen(duty) && duty.closing.code !== 'closed').length;
    return html`
      <div class="today-head">
        <div class="grow">
          <h1 tabindex="-1">${dayText(day)} <span class="today-weekday">${weekdayText(day)}</span></h1>
          <p class="muted">${phone.person?.name ?? ''}${duties.length ? html` · ${left ? t('today.left', {n: left}) : t('today.none-left')}` : nothing}</p>
        </div>
        ${postmark(day, Boolean(duties.length) && !left)}
      </div>`;
  }

  drafts() {
    const {drafts} = this.data;
    if (!drafts.length) return nothing;
    return html`
      <section class="stack-tight" aria-labelledby="drafts">
        <h2 id="drafts" class="section-title">${t('today.go-on')}</h2>
        ${drafts.map((/** @type {any} */ draft) => this.draft(draft))}
      </section>`;
  }

  /** @param {any} draft */
  draft(draft) {
    const kind = phone.kind(draft.kind);
    const path = kind?.type === 'capture' && !mends(draft) ? '/app/receipts' : `/app/check/${draft.id}`;
    const subjects = subjectsText(kind, draft.items.length);
    const about = draft.about ? `${t('about', {day: dayText(draft.about)})} · ` : '';
    return html`
      <a class="card tile tile-draft" href=${path}>
        <span class="tile-icon">${icon('edit')}</span>
        <span class="grow"><b>${mends(draft) ? t('correcting', {kind: named(kind)}) : named(kind)}</b>
          <small>${t('draft.unsubmitted')} · ${about}${subjects ? `${subjects} · ` : ''}${t('saved-at', {time: momentText(draft.saved)})}</small></span>
        ${icon('next', 'tile-next')}
      </a>`;
  }

  duties() {
    const {duties} = this.data;
    const open = duties.filter((/** @type {any} */ duty) => isOpen(duty) || OPEN.has(duty.status));
    const done = duties.filter((/** @type {any} */ duty) => !open.includes(duty));
    return html`
      <section class="stack-tight" aria-labelledby="duties">
        <h2 id="duties" class="section-title">${t('today.duties')}</h2>
        ${open.map((/** @type {any} */ duty) => this.duty(duty))}
        ${done.length ? html`<details class="done"><summary>${icon('check')}${t('today.done', {n: done.length})}</summary><div class="stack-tight">${done.map((/** @type {any} */ duty) => this.duty(duty))}</div></details>` : nothing}
      </section>`;
  }

  /** @param {any} duty */
  duty(duty) {
    const {required, left, waiting, status, measure, batch} = duty;
    const kind = phone.kind(duty.kind);
    const none = status === 'not applicable';
    const met = left === 0 && !none;
    const open = left === null ? t('duty.unknown') : t(`left.${measure}`, {n: left});
    const sentence = none
      ? t('duty.not-applicable')
      : met
        ? t('duty.met')
        : html`<b>${open}</b> · ${byWhenText(duty.closes_at, this.data.now)}`;
    const inside = html`
        <span class="duty-top"><span class="duty-title">${named(duty)}</span>${met ? icon('check', 'tile-next') : hasScreen(kind) ? icon('next', 'tile-next') : nothing}</span>
        <span class="duty-left">${sentence}</span>
        ${none || !required ? nothing : this.progress(duty)}
        <small class="muted">${[
          this.dayOf(duty),
          left === null && duty.done ? t('duty.so-far', {n: duty.done}) : '',
          measure === 'sessions' && batch
            ? t(`duty.batch.${kind?.subject === 'point' ? 'points' : 'items'}`, {n: batch})
            : '',
          waiting ? t(`duty.waiting.${measure}`, {n: waiting}) : '',
          t('article', {article: duty.article}),
        ]
          .filter(Boolean)
          .join(' · ')}</small>`;
    const way = kind ? placeOf(kind) : duty.code === 'relay-register' ? '/app/register' : null;
    const why = html`${this.volumeDoor(duty)}${this.why(duty)}`;
    if (!hasScreen(kind) && !way) return html`<div class="card duty ${met ? 'duty-met' : ''}">${inside}</div>${why}`;
    return html`<a class="card duty ${met ? 'duty-met' : ''}" data-duty=${duty.code} href=${way ?? '/app/'} @click=${(/** @type {Event} */ event) => kind && this.start(event, kind, duty.period)}>${inside}</a>${why}`;
  }

  /** A missing volume is typed by the director; the day is the duty's. @param {any} duty */
  volumeDoor({left, period, status}) {
    const day = /^\d{4}-\d\d-\d\d$/.test(period) ? period : localDay(this.data.now);
    if (left !== null || status === 'not applicable' || !isDirector(this.data.unit)) return nothing;
    return html`<a class="button button-small" data-door="volumes" href="/app/volumes/${day}">${icon('list')}<span>${t('duty.type-volume')}</span></a>`;
  }

  /** Why it stands so, in the ledger's own sentences. @param {any} duty */
  why({why = []}) {
    if (!why.length) return nothing;
    return html`<details class="fold"><summary>${icon('info')}${t('duty.why')}</summary>${why.map((/** @type {any} */ one) => html`<p class="small">${named(one)}</p>`)}</details>`;
  }

  /** What a director keeps beside the checks, and a county manager of it. */
  books() {
    return html`
      <section class="stack-tight" aria-labelledby="books"><h2 id="books" class="section-title">${t('today.books')}</h2>
        <div class="starts">
          <a class="card start" href="/app/register"><span class="tile-icon">${icon('point')}</span><b>${t('title.register')}</b></a>
          ${isDirector(this.data.unit) ? html`<a class="card start" href="/app/volumes"><span class="tile-icon">${icon('list')}</span><b>${t('title.volumes')}</b></a>` : nothing}
        </div></section>`;
  }

  /** Which day it is about, where that is not today: yesterday's list is still open. @param {any} duty */
  dayOf({period}) {
    const daily = /^\d{4}-\d\d-\d\d$/.test(period);
    return daily && period !== localDay(this.data.now) ? nearDayText(period) : '';
  }

  /** @param {any} duty */
  progress({required, done, measure}) {
    const shown = Math.min(done, required);
    return html`
      <span class="duty-progress">
        ${
          measure === 'sessions' && required <= 6
            ? html`<span class="pips" aria-hidden="true">${Array.from({length: required}, (_, i) => html`<i class=${i < shown ? 'pip-on' : ''}></i>`)}</span>`
            : html`<progress max=${required} value=${shown} aria-hidden="true"></progress>`
        }
        <span class="number">${t('of', {n: done, of: required})}</span>
      </span>`;
  }

  starts() {
    const {starts} = this.data;
    if (!starts.length) return nothing;
    return html`
      <section class="stack-tight" aria-labelledby="starts">
        <h2 id="starts" class="section-title">${t('today.start')}</h2>
        <div class="starts">${starts.map((/** @type {any} */ one) => this.card(one))}</div>
      </section>`;
  }

  /** @param {{kind: any, count: number|null}} one */
  card({kind, count}) {
    return html`
      <a class="card start" href=${placeOf(kind) ?? '/app/'} data-kind=${kind.code} @click=${(/** @type {Event} */ event) => this.start(event, kind)}>
        <span class="tile-icon">${icon(ICONS[kind.code] ?? 'verdict')}</span>
        <b>${named(kind)}</b>
        <small class="muted">${count === null ? t(kind.subject === 'item' ? 'start.any' : 'start.form') : t(`start.${kind.code}`, {n: count})}</small>
      </a>`;
  }

  /** @param {Event} event @param {any} kind @param {string} [period] of the duty: a day fixes which one it is about */
  start(event, kind, period = '') {
    if (!kind) return event.preventDefault();
    if (!placeOf(kind))
      this.go(event, () => open(kind, this.data.unit.code, {about: aboutOf(kind, period, this.data.now)}));
  }

  /** @param {Event} event @param {() => Promise<void>} work */
  async go(event, work) {
    event.preventDefault();
    if (this.busy) return; // a second tap while the first still writes
    this.busy = true;
    try {
      await work();
    } finally {
      this.busy = false;
    }
  }
}

/** The day that a fresh check is about, where its kind is about one. @param {any} kind @param {string} period @param {number} now */
function aboutOf({about}, period, now) {
  if (!about) return null;
  return /^\d{4}-\d\d-\d\d$/.test(period) ? period : localDay(now);
}

/** The strata that count by their tags. @param {any} duty */
function byTag({kind}) {
  const strata = phone.kind(kind)?.strata ?? [];
  return strata.filter(({distinct}) => distinct === 'tag').map(({code}) => code);
}

customElements.define('tc-today', Today);

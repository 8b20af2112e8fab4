/** Today: what is due, what was begun, what can be begun. */

import {html, nothing} from 'lit';
import {aboutOf} from '../domain/checks.js';
import {covers, isDone, membersOf, withGroups} from '../domain/coverage.js';
import {DayLists} from '../domain/day-lists.js';
import {isDay, localDay} from '../domain/days.js';
import {countOf, toCapture, toJudge} from '../domain/draws.js';
import {aheadOf, isOpen, learnWaiting, ordered} from '../domain/duties.js';
import {measureOf} from '../domain/measures.js';
import {distinctIn} from '../domain/strata.js';
import {subjectOf} from '../domain/subjects.js';
import {
  deskOf,
  hasScreen,
  isClosed,
  isDirector,
  keeperOf,
  kindsAt,
  placeOf,
  pointsFor,
  uppers,
  workplaces,
} from '../domain/work.js';
import {byWhenText, dayText, otherPeriodText, weekdayText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {named, t} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {empty, Screen} from '../ui/screen.js';
import {open} from './beginning.js';
import {casesBlock, readWaiting} from './case-count.js';
import {closedNotice} from './closed.js';
import {begunOf, draftCard, namesFor} from './drafts.js';
import {greeting} from './first-day.js';
import {newerNotice} from './newer.js';
import {postmark} from './postmark.js';
import {kindIcon} from './today-words.js';
import '../ui/status.js';

const OPEN = new Set(['due', 'partial', 'unknown']);
const NAMES = 3; // of those still to be visited that are named
const FEW = 6; // occasions that are shown one by one

/**
 * @typedef {import('../domain/types.js').Kind} Kind
 * @typedef {import('../domain/types.js').Unit} Unit
 * @typedef {ReturnType<typeof ordered>[number]} Line
 * @typedef {{kind: Kind, place: import('../domain/subjects.js').Place|null, count: number|null}} Start  `count`: how many wait there
 */

async function readToday() {
  const {store} = phone;
  const [units, chosen, looked, records, drafts, pulled, cases, articles, greeted] = await Promise.all([
    store.rows('unit'),
    store.get('unit'),
    store.get('today'),
    store.records(),
    store.drafts(),
    store.get('pulled'),
    readWaiting(),
    store.get('articles'),
    store.get('greeted'),
  ]);
  const above = uppers(units);
  const own = above.some(({level}) => level !== 'county')
    ? workplaces(units, phone.kinds).filter(({roles, checked_for: plan}) => roles.length || plan) // of a league's hundred there is a list of its own
    : workplaces(units, phone.kinds);
  const places = [...above, ...own];
  const wanted = above.length ? looked : chosen;
  const unit = places.find(({code}) => code === wanted) ?? places[0] ?? units[0] ?? null;
  const now = Date.now();
  const begun = begunOf(drafts);
  const frame = {
    now,
    pulled,
    places,
    unit,
    drafts: begun,
    names: await namesFor(begun),
    cases,
    articles: articles ?? [],
  };
  if (!unit) return {...frame, duties: [], records: [], starts: [], keeper: null, isNew: false};
  const sections = await store.sections(unit.code, ['duties', 'points', 'listed', 'draws', 'captures']);
  const lists = new DayLists(sections.listed);
  await learnWaiting(lists, records, pulled);
  const waiting = withGroups(records, phone.kinds); // what a visit looked at is told by its criteria
  const mine = sections.duties.filter(({roles}) => roles.some((role) => unit.roles.includes(role)));
  const lines = mine.map((duty) => ({...duty, unit: unit.code, distinct: distinctIn(phone.kind(duty.kind))}));
  const starts = kindsAt(unit, units, phone.kinds).map((kind) => startOf(kind, unit, sections, records));
  return {
    ...frame,
    duties: ordered(lines, {records: waiting, now, pulled, lists}),
    records: waiting,
    starts,
    keeper: keeperOf(unit, units),
    isNew: !greeted && !records.length && Boolean(pulled),
  };
}

/**
 * @param {Kind} kind @param {Unit} unit @param {{[N in 'points'|'draws'|'captures']: import('../domain/types.js').Row<N>[]}} sections
 * @param {import('../domain/types.js').Rec[]} records @returns {Start}
 */
function startOf(kind, unit, {points, draws, captures}, records) {
  const place = subjectOf(kind)?.begins(kind) ?? null;
  /** @template R @param {R[]} rows */
  const here = (rows) => rows.map((row) => ({...row, unit: unit.code}));
  const judges = (/** @type {string} */ code) => code === kind.code;
  const count = {
    receipts: () => countOf(toCapture(here(draws), records)),
    verdicts: () => countOf(toJudge(here(draws), here(captures), records, phone.person?.id ?? '', judges)),
    relay: () => pointsFor(unit, points).length,
  };
  return {kind, place, count: place && count[place]()};
}

/** @extends {Screen<Awaited<ReturnType<typeof readToday>>>} */
export class Today extends Screen {
  connectedCallback() {
    super.connectedCallback();
    phone.addEventListener('state', this.turn);
  }

  disconnectedCallback() {
    phone.removeEventListener('state', this.turn);
    super.disconnectedCallback();
  }

  async read() {
    return readToday();
  }

  /** What the page came with stands until there is the same to show, or it cannot be had. */
  render() {
    if (phone.picture && !this.data?.pulled && !phone.engine.state.reason) return phone.picture;
    if (this.data) phone.picture = null;
    return super.render();
  }

  page() {
    const {unit, keeper, duties, starts, pulled} = this.data;
    return html`
      ${this.bar()}
      <tc-status></tc-status>
      <div class="page stack">
        ${newerNotice()}
        ${this.head()}
        ${this.data.isNew ? greeting(starts.some(({kind}) => kind.type === 'capture')) : nothing}
        ${unit ? closedNotice(unit, this.data.drafts, this.data.now) : nothing}
        ${unit?.checked_for ? html`<p class="notice" data-by-plan>${icon('info')}<span>${t('today.by-plan')}</span></p>` : nothing}
        ${this.drafts()}
        ${casesBlock(this.data.cases)}
        ${unit && (duties.length || starts.length) ? nothing : pulled ? empty({icon: 'me', title: t('today.no-work'), text: t('today.no-work-text'), action: this.desk()}) : this.waiting()}
        ${duties.length ? this.duties() : nothing}
        ${this.below()}
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
    return html`<p class="muted" role="status">${t('today.loading')}</p><div class="shapes stack-tight" aria-hidden="true"><i class="card"></i><i class="card"></i><i class="card"></i></div>`;
  }

  bar() {
    const {places, unit} = this.data;
    return html`
      <header class="bar">
        <img class="bar-logo" src="/static/icons/icon.svg" alt="" width="32" height="32">
        ${
          places.length > 1
            ? html`<label class="bar-pick"><span class="visually-hidden">${t('unit')}</span>
                <select @change=${this.pick}>${places.map((place) => html`<option value=${place.code} ?selected=${place === unit}>${place.name}</option>`)}</select>${icon('down')}</label>`
            : html`<span class="bar-title">${unit?.name ?? t('product')}</span>`
        }
      </header>`;
  }

  /** @param {Event} event */
  pick({target}) {
    const {value} = /** @type {HTMLSelectElement} */ (target);
    phone.store.set('today', value);
    phone.store.set('unit', value);
  }

  head() {
    const {now, duties} = this.data;
    const day = localDay(now);
    const left = duties.filter((duty) => isOpen(duty) && duty.closing.code !== 'closed').length;
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
        ${drafts.map((draft) => draftCard(draft, this.data.names))}
      </section>`;
  }

  duties() {
    const {duties} = this.data;
    const open = duties.filter((duty) => isOpen(duty) || OPEN.has(duty.status));
    const done = duties.filter((duty) => !open.includes(duty));
    return html`
      <section class="stack-tight" aria-labelledby="duties">
        <h2 id="duties" class="section-title">${t('today.duties')}</h2>
        ${open.map((duty) => this.duty(duty))}
        ${done.length ? html`<details class="done"><summary>${icon('check')}${t('today.done', {n: done.length})}</summary><div class="stack-tight">${done.map((duty) => this.duty(duty))}</div></details>` : nothing}
      </section>`;
  }

  /** @param {Line} duty */
  duty(duty) {
    const {required, left, waiting, status, batch} = duty;
    const measure = measureOf(duty);
    const kind = phone.kind(duty.kind);
    const none = status === 'not applicable';
    const met = left === 0 && !none;
    const open = left === null ? t('duty.unknown') : t(`left.${measure.code}`, {n: left});
    const sentence = none
      ? t('duty.not-applicable')
      : met
        ? t('duty.met')
        : html`<b>${open}</b> · ${byWhenText(duty.closes_at, this.data.now)}`;
    const inside = html`
        <span class="duty-top"><span class="duty-title">${named(duty)}</span>${met ? icon('check', 'tile-next') : hasScreen(kind) ? icon('next', 'tile-next') : nothing}</span>
        <span class="duty-left">${sentence}</span>
        ${none || !required ? nothing : this.progress(duty, required)}
        ${met ? nothing : this.still(duty)}
        <small class="muted">${[
          otherPeriodText(duty.period, this.data.now),
          left === null && duty.done ? t('duty.so-far', {n: duty.done}) : '',
          measure.occasions && batch ? t(`duty.batch.${subjectOf(kind)?.counted ?? 'items'}`, {n: batch}) : '',
          waiting ? t(`duty.waiting.${measure.code}`, {n: waiting}) : '',
          t('article', {article: duty.article}),
        ]
          .filter(Boolean)
          .join(' · ')}</small>`;
    if (covers(duty)) return this.coverage(duty, inside);
    const way = kind ? placeOf(kind, phone.kinds) : measure.home;
    const why = html`${this.volumeDoor(duty)}${this.why(duty)}`;
    if (!hasScreen(kind) && !way) return html`<div class="card duty ${met ? 'duty-met' : ''}">${inside}</div>${why}`;
    return html`<a class="card duty ${met ? 'duty-met' : ''}" data-duty=${duty.code} href=${way ?? '/app/'} @click=${(/** @type {Event} */ event) => kind && this.start(event, kind, duty.period)}>${inside}</a>${why}`;
  }

  /** A duty of an upper unit: who is still to be visited, and the way to them; reviews are made at the desk. @param {Line} duty @param {unknown} inside */
  coverage(duty, inside) {
    const met = duty.left === 0;
    const onSite = (duty.kinds ?? []).some((code) => hasScreen(phone.kind(code)));
    return html`
      ${onSite ? html`<a class="card duty ${met ? 'duty-met' : ''}" data-duty=${duty.code} href="/app/places/${duty.code}">${inside}</a>` : html`<div class="card duty ${met ? 'duty-met' : ''}" data-duty=${duty.code}>${inside}<small><a href="/records/reviews" data-server>${t('duty.at-desk')}</a></small></div>`}
      ${this.why(duty)}`;
  }

  /** Who is still to be visited, by name. @param {Line} duty */
  still(duty) {
    const {pulled, records} = this.data;
    const still = membersOf(duty, aheadOf(records, pulled)).filter((member) => !isDone(member));
    return still.length
      ? html`<span class="duty-still" data-still=${still.length}>${stillText(still)}</span>`
      : nothing;
  }

  /** The way to any department below. */
  below() {
    const {unit} = this.data;
    if (!unit || unit.level === 'department') return nothing;
    return html`<p><a class="button button-wide" data-door="places" href="/app/places">${icon('search')}<span>${t('today.places')}</span></a></p>`;
  }

  /** A missing volume is typed by the director; the day is the duty's. @param {Line} duty */
  volumeDoor({left, period, status}) {
    const day = isDay(period) ? period : localDay(this.data.now);
    const {unit} = this.data;
    if (left !== null || status === 'not applicable' || !unit || !isDirector(unit)) return nothing;
    return html`<a class="button button-small" data-door="volumes" href="/app/volumes/${day}">${icon('list')}<span>${t('duty.type-volume')}</span></a>`;
  }

  /** Why it stands so, in the ledger's own sentences; before them the Measures' own words. @param {Line} duty */
  why({code, why = []}) {
    const article = this.data.articles.find((one) => one.code === code);
    if (!why.length && !article) return nothing;
    return html`<details class="fold"><summary>${icon('info')}${t('duty.why')}</summary>
      ${article ? html`<blockquote class="small"><b>${t('article', {article: article.article})}</b> ${named(article)}</blockquote>` : nothing}
      ${why.map((sentence) => html`<p class="small">${named(sentence)}</p>`)}</details>`;
  }

  /** What a director keeps beside the checks, and a county manager of it. */
  books() {
    return html`
      <section class="stack-tight" aria-labelledby="books"><h2 id="books" class="section-title">${t('today.books')}</h2>
        <div class="starts">
          <a class="card start" href="/app/register"><span class="tile-icon">${icon('point')}</span><b>${t('title.register')}</b></a>
          ${this.data.unit && isDirector(this.data.unit) ? html`<a class="card start" href="/app/volumes"><span class="tile-icon">${icon('list')}</span><b>${t('title.volumes')}</b></a>` : nothing}
        </div></section>`;
  }

  /** @param {Line} duty @param {number} required */
  progress(duty, required) {
    const {done} = duty;
    const shown = Math.min(done, required);
    return html`
      <span class="duty-progress">
        ${
          measureOf(duty).occasions && required <= FEW
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
        <div class="starts">${starts.map((one) => this.card(one))}</div>
      </section>`;
  }

  /** @param {Start} start */
  card({kind, place, count}) {
    const begun = subjectOf(kind)?.numbered ? 'start.any' : 'start.form';
    return html`
      <a class="card start" href=${placeOf(kind, phone.kinds) ?? '/app/'} data-kind=${kind.code} @click=${(/** @type {Event} */ event) => this.start(event, kind)}>
        <span class="tile-icon">${icon(kindIcon(kind))}</span>
        <b>${named(kind)}</b>
        <small class="muted">${count === null ? t(begun) : t(`start.${place}`, {n: count})}</small>
      </a>`;
  }

  /** @param {Event} event @param {Kind|null} kind @param {string} [period] of the duty: a day fixes which one it is about */
  start(event, kind, period = '') {
    const {unit, now} = this.data;
    if (!kind || !unit) return event.preventDefault();
    if (!placeOf(kind)) this.go(event, () => open(kind, unit.code, {about: aboutOf(kind, period, localDay(now))}));
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

/** At most three by name. @param {{name: string}[]} still */
function stillText(still) {
  const names = still
    .slice(0, NAMES)
    .map(({name}) => name)
    .join(t('list.and'));
  const more = still.length - NAMES;
  return t(more > 0 ? 'duty.still-more' : 'duty.still', {names, n: more, all: still.length});
}

customElements.define('tc-today', Today);

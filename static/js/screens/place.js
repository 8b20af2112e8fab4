/** A chosen place below an upper unit: what the own duties still ask of it, and what can be recorded there. */

import {html, nothing} from 'lit';
import {membersOf, withGroups} from '../domain/coverage.js';
import {aheadOf} from '../domain/duties.js';
import {actingFor, hasScreen, isClosed, kindsAt, lightUnit, placeOf, uppers} from '../domain/work.js';
import {byWhenText, otherPeriodText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {named, t} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {empty, Screen, subBar} from '../ui/screen.js';
import {open} from './beginning.js';
import {closedNotice} from './closed.js';
import {memberMark} from './places.js';
import {kindIcon} from './today-words.js';

const REMEMBERED = 10; // places: of a region only those chosen lately are carried whole

/** @param {string} code of the unit */
async function readPlace(code) {
  const {store} = phone;
  const [units, duties, below, records, drafts, pulled] = await Promise.all([
    store.rows('unit'),
    store.rows('duties'),
    store.rows('below'),
    store.records(),
    store.drafts(),
    store.get('pulled'),
  ]);
  const row = below.find((one) => one.code === code);
  const whole = units.find((one) => one.code === code) ?? null;
  const unit = whole ?? (row ? lightUnit(row) : null);
  const own = new Set(uppers(units).map((one) => one.code));
  const waiting = withGroups(aheadOf(records, pulled), phone.kinds);
  const asked = duties
    .filter((duty) => duty.covered && own.has(duty.unit))
    .map((duty) => ({duty, member: membersOf(duty, waiting).find((one) => one.unit === code)}))
    .flatMap(({duty, member}) => (member ? [{duty, member}] : []));
  const named = new Set(asked.flatMap(({duty}) => duty.kinds ?? []));
  const kinds = unit ? kindsAt(unit, units, phone.kinds) : [];
  const [first, others] = [kinds.filter((kind) => named.has(kind.code)), kinds.filter((kind) => !named.has(kind.code))];
  const reviews = phone.kinds.filter(
    (kind) => named.has(kind.code) && !hasScreen(kind) && unit && actingFor(kind, unit, units),
  );
  const inside = units.some((one) => one.code === code && one.roles.length) || isInCounty(units, unit);
  const within = below.filter(({level, above}) => level === 'department' && above.includes(code)).length;
  return {unit, whole: Boolean(whole), within, asked, first, others, reviews, drafts, inside, now: Date.now()};
}

/** Whose whole day this phone knows: a county's departments. @param {import('../domain/types.js').Unit[]} units @param {import('../domain/types.js').Unit|null} unit */
function isInCounty(units, unit) {
  return uppers(units).some(({level, code}) => level === 'county' && unit?.above?.includes(code));
}

/** @extends {Screen<Awaited<ReturnType<typeof readPlace>>>} */
export class Place extends Screen {
  connectedCallback() {
    super.connectedCallback();
    this.choose();
  }

  /** The screens on which work is chosen are about this place from now on. */
  async choose() {
    const {store} = phone;
    const code = this.route.id ?? '';
    const known = [...(await store.rows('unit')), ...(await store.rows('below'))];
    if (known.find((one) => one.code === code)?.level !== 'department') return; // nothing is recorded at a league
    const before = (await store.get('places')) ?? [];
    if ((await store.get('unit')) !== code) await store.set('unit', code);
    if (before[0] === code) return;
    await store.set('places', [code, ...before.filter((one) => one !== code)].slice(0, REMEMBERED));
    if (!(await store.section(code, 'unit')).length) phone.engine.sync(); // of a region its routes and points come when it is chosen
  }

  async read() {
    return readPlace(this.route.id ?? '');
  }

  page() {
    const {unit, whole, within, asked, now, drafts, inside} = this.data;
    if (!unit)
      return html`${subBar({title: t('title.place'), parent: '/app/places'})}${empty({icon: 'search', title: t('place.unknown')})}`;
    return html`
      ${subBar({title: unit.name, parent: '/app/places'})}
      <div class="page stack">
        ${closedNotice(unit, drafts, now)}
        ${asked.length ? html`<section class="stack-tight" aria-labelledby="asked"><h2 id="asked" class="section-title">${t('place.asked')}</h2>${asked.map((one) => this.duty(one))}</section>` : nothing}
        ${isClosed(unit, now) ? nothing : this.kinds()}
        ${whole || unit.level !== 'department' ? nothing : html`<p class="muted small">${icon('info')} ${t('place.light')}</p>`}
        ${within ? html`<p><a class="button button-wide" data-door="places" href="/app/places/${unit.code}">${icon('search')}<span>${t('place.within', {n: within})}</span></a></p>` : nothing}
        ${inside ? html`<p><a class="button button-wide" href="/app/" @click=${() => phone.store.set('today', unit.code)}>${icon('today')}<span>${t('place.today')}</span></a></p>` : nothing}
      </div>`;
  }

  /** @param {{duty: import('../domain/types.js').UnitRow<'duties'>, member: import('../domain/coverage.js').Member}} asked */
  duty({duty, member}) {
    const {now} = this.data;
    const words = [
      byWhenText(duty.closes_at, now),
      otherPeriodText(duty.period, now),
      t('article', {article: duty.article}),
    ];
    return html`<div class="card duty ${member.counts ? 'duty-met' : ''}" data-asked=${duty.code}>
      <span class="duty-top"><span class="duty-title">${named(duty)}</span></span>
      <span class="duty-left">${memberMark(member)}</span>
      <small class="muted">${words.filter(Boolean).join(' · ')}</small></div>`;
  }

  kinds() {
    const {first, others, reviews} = this.data;
    if (![first, others, reviews].some((some) => some.length)) return nothing;
    return html`
      <section class="stack-tight" aria-labelledby="starts"><h2 id="starts" class="section-title">${t('today.start')}</h2>
        <div class="starts">${[...first, ...others].map((kind) => this.card(kind))}</div>
        ${reviews.length ? html`<p class="muted small">${t('place.at-desk', {kinds: reviews.map(named).join(t('list.and'))})} <a href="/records/reviews" data-server>${t('me.desk')}</a></p>` : nothing}
      </section>`;
  }

  /** @param {import('../domain/types.js').Kind} kind */
  card(kind) {
    return html`
      <a class="card start" href=${placeOf(kind, phone.kinds) ?? this.route.path} data-kind=${kind.code} @click=${(/** @type {Event} */ event) => this.start(event, kind)}>
        <span class="tile-icon">${icon(kindIcon(kind))}</span><b>${named(kind)}</b>
      </a>`;
  }

  /** @param {Event} event @param {import('../domain/types.js').Kind} kind */
  async start(event, kind) {
    const {unit} = this.data;
    if (!unit || placeOf(kind)) return;
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    try {
      await open(kind, unit.code);
    } finally {
      this.busy = false;
    }
  }
}

customElements.define('tc-unit', Place);

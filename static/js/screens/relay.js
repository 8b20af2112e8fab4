/** The relay points: nearest first where the phone knows its place; else by name, pinyin initials or route. */

import {html, nothing} from 'lit';
import {isEmpty} from '../domain/checks.js';
import {localDay} from '../domain/days.js';
import {nearest, search} from '../domain/places.js';
import {kindAt, mends, pointsFor, workplaces} from '../domain/work.js';
import {nearDayText} from '../ui/dates.js';
import {Finder} from '../ui/finder.js';
import {icon} from '../ui/icons.js';
import {named, t, tOr} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {place} from '../ui/place.js';
import {notSaved} from '../ui/room.js';
import {router} from '../ui/router.js';
import {empty, subBar} from '../ui/screen.js';
import {begin} from './beginning.js';
import {distanceText} from './point-card.js';

/** @param {string|null} code of the kind, where the address names one */
async function readPoints(code) {
  const {store} = phone;
  const kind = kindAt('relay', code, phone.kinds);
  const [units, chosen, records, drafts] = await Promise.all([
    store.rows('unit'),
    store.get('unit'),
    store.records(),
    store.drafts(),
  ]);
  const places = kind ? workplaces(units, [kind]) : [];
  const unit = places.find((one) => one.code === chosen) ?? places[0] ?? null;
  const points = unit ? pointsFor(unit, await store.section(unit.code, 'points')) : [];
  const today = localDay(Date.now());
  const own = records.filter((one) => one.kind === kind?.code && one.state !== 'refused' && one.day === today);
  const begun = drafts.filter((one) => one.kind === kind?.code && !isEmpty(one, kind) && !mends(one));
  const routes = unit?.routes ?? [];
  return {
    kind,
    unit,
    points,
    done: new Set(own.flatMap(({subjects}) => subjects)),
    begun: new Map(begun.map((draft) => [draft.items[0].subject, draft.id])),
    routes: new Map(routes.map((route) => [route.id, route.code])),
    routeNames: new Map(routes.map((route) => [route.id, route.name || route.code])),
  };
}

/** @typedef {import('../domain/types.js').Point} Point */

/** @extends {Finder<Awaited<ReturnType<typeof readPoints>>>} */
export class Relay extends Finder {
  async read() {
    return readPoints(this.route.id);
  }

  get rows() {
    const {points, routes} = this.data;
    return nearest(this.query ? search(points, this.query, routes) : points, place.fresh());
  }

  page() {
    const {kind, points, done} = this.data;
    const rows = this.rows;
    return html`
      ${subBar({title: named(kind) || t('title.relay'), parent: '/app/', side: html`<span class="saved">${t('relay.done', {n: done.size})}</span>`})}
      ${this.finder(t('relay.find'))}
      <div class="page">
        ${points.length ? nothing : empty({icon: 'point', title: t('relay.none'), text: t('relay.none-text')})}
        ${points.length && !rows.length ? empty({icon: 'search', title: t('relay.no-match')}) : nothing}
        ${this.list(
          rows,
          ({point}) => point.id,
          (row) => this.row(row),
        )}
      </div>`;
  }

  /** @param {{point: Point, metres: number|null}} row */
  row({point, metres}) {
    const {done, begun, routeNames} = this.data;
    const about = [tOr(`point.${point.kind}`, point.kind), routeNames.get(point.route ?? ''), point.address]
      .filter(Boolean)
      .join(' · ');
    return html`
      <li>
        <a class="point" href=${this.route.path} data-point=${point.id} @click=${(/** @type {Event} */ event) => this.call(event, point)}>
          <span class="grow"><b>${point.name}</b><small>${about}</small>
            <small>${this.mark(point, done, begun)}</small></span>
          <span class="point-far number">${metres === null ? nothing : distanceText(metres)}</span>${icon('next', 'tile-next')}
        </a>
      </li>`;
  }

  /** @param {Point} point @param {Set<string>} done @param {Map<string, string>} begun */
  mark(point, done, begun) {
    if (begun.has(point.id)) return html`<span class="chip chip-warn">${icon('edit')}${t('relay.begun')}</span>`;
    if (done.has(point.id)) return html`<span class="chip chip-ok">${icon('check')}${t('relay.today')}</span>`;
    return point.checked ? t('relay.checked', {day: nearDayText(point.checked)}) : t('point.never');
  }

  /** @param {Event} event @param {Point} point */
  async call(event, point) {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    try {
      const {kind, unit, begun} = this.data;
      if (!kind || !unit) return;
      const known = begun.get(point.id);
      const fresh = known ? undefined : await begin(kind, unit.code, {items: [{subject: point.id}]});
      const id = known ?? fresh?.id;
      router.go(`/app/check/${id}`, {fresh});
    } catch (error) {
      notSaved(error);
    } finally {
      this.busy = false;
    }
  }
}

customElements.define('tc-relay', Relay);

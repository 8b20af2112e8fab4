/** What the register says of a relay point. */

import {html, nothing} from 'lit';
import {nearDayText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {t, tOr} from '../ui/language.js';

/** @typedef {import('../domain/types.js').Point} Point */

/** @param {number} metres */
export function distanceText(metres) {
  if (metres < 1000) return t('metres', {n: Math.max(10, Math.round(metres / 10) * 10)});
  return t('kilometres', {n: (metres / 1000).toFixed(metres < 10000 ? 1 : 0)});
}

/** What the register calls it; null: it is not in there. @param {Point[]} points @param {string} id */
export function pointName(points, id) {
  return points.find((point) => point.id === id)?.name ?? null;
}

/** @param {Point} point @param {import('../domain/types.js').Route[]} routes */
export function pointCard(point, routes) {
  const route = routes.find(({id}) => id === point.route);
  /** @type {[string, string|null|undefined][]} */
  const rows = [
    ['point.kind', tOr(`point.${point.kind}`, point.kind)],
    ['point.address', point.address],
    ['point.route', route && (route.name || route.code)],
    ['point.keeper', point.keeper],
    ['point.checked', point.checked ? nearDayText(point.checked) : t('point.never')],
  ];
  return html`
    <section class="card point-card">
      <h2>${point.name}</h2>
      <dl class="facts">${rows.map(([label, value]) => (value ? html`<div><dt>${t(label)}</dt><dd>${value}</dd></div>` : nothing))}</dl>
      ${point.photo ? html`<tc-photo sha256=${point.photo} label=${point.name}></tc-photo>` : nothing}
      ${point.contact ? html`<a class="button button-wide" href="tel:${point.contact.replace(/[^\d+]/g, '')}">${icon('call')}<span>${t('point.call', {number: point.contact})}</span></a>` : nothing}
    </section>`;
}

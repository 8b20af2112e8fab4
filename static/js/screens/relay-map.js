/** The round on the map: the shapes, the card of the one that was tapped, and the points whose place nobody knows yet. */

import {html, nothing} from 'lit';
import {windOf} from '../domain/map.js';
import {mapLinks} from '../domain/map-links.js';
import {distance} from '../domain/places.js';
import {nearDayText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {t} from '../ui/language.js';
import '../ui/map.js';
import {place} from '../ui/place.js';
import {distanceText} from './point-card.js';

/**
 * @typedef {import('./relay.js').Relay} Relay
 * @typedef {import('./relay.js').Row} Row
 * @typedef {import('../ui/map.js').Mark} Mark
 * @typedef {import('../domain/round.js').Stand} Stand
 */

/** @param {Relay} screen */
export function mapPage(screen) {
  const {stands, kept, unit, route} = screen.data;
  const rows = screen.rows;
  const marks = rows.flatMap((row) => markOf(screen, row) ?? []);
  const without = rows.filter(({point}) => !stands.has(point.id));
  const chosen = rows.find(({point}) => point.id === screen.chosen) ?? null;
  const way = kept.length ? marks.filter(({number}) => number !== null) : [];
  return html`
    ${
      marks.length
        ? html`<tc-map name="${unit?.code} ${route?.id ?? ''}" .marks=${marks} .groups=${groupsOf(screen, marks)} .way=${way} .fix=${place.fresh()} .chosen=${screen.chosen ?? ''}
            @choose=${(/** @type {CustomEvent} */ {detail}) => choose(screen, detail.id)}></tc-map>`
        : html`<div class="notice notice-info">${icon('info')}<div class="grow">${t('map.nowhere')}</div></div>`
    }
    <div aria-live="polite">${chosen ? card(screen, chosen) : marks.length ? legend() : nothing}</div>
    <div class="finder-where">${screen.whereabouts()}</div>
    ${screen.ways()}
    ${without.length ? unplaced(screen, without) : nothing}`;
}

/** @param {Relay} screen @param {Row} row @returns {Mark|null} null: nobody knows where it is */
function markOf(screen, {point, metres, number}) {
  const {stands, states, walked} = screen.data;
  const stand = stands.get(point.id);
  if (!stand) return null;
  const {visited = false, failed = false} = states.get(point.id) ?? {};
  const far = metres === null ? '' : distanceText(metres);
  return {
    id: point.id,
    latitude: stand.latitude,
    longitude: stand.longitude,
    shape: failed ? 'failed' : visited ? 'visited' : 'due',
    name: point.name,
    number,
    colour: Math.max(
      0,
      walked.findIndex(({id}) => id === point.route),
    ),
    told: [number && t('round.number', {n: number}), point.name, screen.stateText(point), far]
      .filter(Boolean)
      .join(t('list.and')),
  };
}

/** The routes that are told apart, each named at its point farthest from the others; one alone needs no name. @param {Relay} screen @param {Mark[]} marks */
function groupsOf(screen, marks) {
  const {walked, route, points} = screen.data;
  if (route || walked.length < 2) return [];
  const routes = new Map(points.map((point) => [point.id, point.route]));
  return walked.flatMap(({id, name, code}, colour) => {
    const others = marks.filter((mark) => routes.get(mark.id) !== id);
    const lone = (/** @type {Mark} */ mark) => Math.min(...others.map((other) => distance(mark, other)));
    const [at] = marks.filter((mark) => routes.get(mark.id) === id).sort((a, b) => lone(b) - lone(a) || 0);
    return at ? [{name: name || code, colour, at}] : [];
  });
}

/** What the shapes mean, until one is tapped. */
function legend() {
  return html`
    <ul class="legend" aria-label=${t('map.legend')}>
      ${['due', 'visited', 'failed'].map((shape) => html`<li><span class="legend-${shape}">${shape === 'due' ? nothing : icon(shape === 'failed' ? 'cross' : 'check')}</span>${t(`map.${shape}`)}</li>`)}
    </ul>`;
}

/** @param {Relay} screen @param {string} id */
async function choose(screen, id) {
  screen.open(id);
  await screen.updateComplete;
  screen.querySelector('.map-card')?.scrollIntoView({block: 'nearest'});
}

/** @param {Relay} screen @param {Row} row */
function card(screen, {point, metres}) {
  const {stands, begun} = screen.data;
  const [stand, fix] = [stands.get(point.id), place.fresh()];
  const far =
    stand && fix && metres !== null
      ? t('map.far', {wind: t(`wind.${windOf(fix, stand)}`), distance: distanceText(metres)})
      : null;
  return html`
    <section class="card stack-tight map-card" data-card=${point.id} aria-labelledby="map-card">
      <div class="map-card-head"><h2 id="map-card" class="card-title grow">${point.name}</h2>
        <button type="button" class="icon-button" aria-label=${t('close')} @click=${() => screen.open(null)}>${icon('cross')}</button></div>
      <p class="muted small">${screen.about(point)}</p>
      <p>${screen.mark(point)}${far ? html` <b class="map-far number">${far}</b>` : nothing}</p>
      <button type="button" class="button button-primary button-wide" data-visit @click=${(/** @type {Event} */ event) => screen.call(event, point)}>${icon('verdict')}<span>${t(begun.has(point.id) ? 'map.go-on' : 'map.visit')}</span></button>
      ${stand ? handOver(point.name, stand) : html`<p class="muted small">${icon('info')} ${t('map.unplaced-text')}</p>`}
    </section>`;
}

/** @param {string} name @param {Stand} stand */
function handOver(name, stand) {
  const source = t(`map.from-${stand.source}`, {
    day: stand.day ? nearDayText(stand.day) : '',
    n: Math.round(stand.accuracy ?? 0),
  });
  return html`
    <p class="muted small">${source}</p>
    <div class="map-apps" role="group" aria-label=${t('map.open-in')}>
      ${mapLinks({...stand, name}, navigator.userAgent).map(({app, href}) => html`<a class="button button-small" data-app=${app} href=${href} target="_blank" rel="noopener noreferrer">${icon('out')}<span>${t(`map.${app}`)}</span></a>`)}
    </div>
    <p class="muted small">${t('map.open-hint')}</p>`;
}

/** @param {Relay} screen @param {Row[]} rows */
function unplaced(screen, rows) {
  return html`
    <section class="stack-tight" data-unplaced aria-labelledby="unplaced">
      <h2 id="unplaced" class="section-title">${t('map.unplaced', {n: rows.length})}</h2>
      <p class="muted small">${t('map.unplaced-text')}</p>
      <ul class="points">${rows.map((row) => screen.row(row))}</ul>
    </section>`;
}

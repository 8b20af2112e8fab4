/** What a visit's position says about the register: who keeps it can say with one tap that the point stands here; nobody else changes it. */

import {html, nothing} from 'lit';
import {freeze} from '../domain/facts.js';
import {metresTo} from '../domain/places.js';
import {pointFact} from '../domain/register.js';
import {doubtOf} from '../domain/round.js';
import {keeperOf, mends} from '../domain/work.js';
import {icon} from '../ui/icons.js';
import {t} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {notSaved} from '../ui/room.js';
import {notice} from '../ui/screen.js';
import {ask} from '../ui/sheet.js';
import {distanceText} from './point-card.js';

/**
 * @typedef {import('./check.js').Check} Check
 * @typedef {import('../domain/types.js').Point} Point
 * @typedef {import('../domain/types.js').Position} Position
 */

const FAR = 500; // metres from the register's place that are worth a word to whoever does not keep it

/** The register's place, with what this phone said of it. @param {Check} screen @param {Point} point */
function placeOf(screen, point) {
  const own = screen.data.said.get(point.id)?.values ?? {};
  const {latitude, longitude} = 'latitude' in own ? own : point;
  return latitude == null || longitude == null ? null : {latitude, longitude};
}

/** How far from the register's place, in words; empty where that is not known or far. @param {Check} screen @param {Point|null} point @param {Position} fix */
export function fromRegister(screen, point, fix) {
  const known = point && placeOf(screen, point);
  const metres = known ? metresTo(known, fix) : null;
  if (metres === null || metres > FAR) return '';
  return ` · ${t('place.from-register', {distance: distanceText(metres)})}`;
}

/** @param {Check} screen @param {Point|null} point @param {Position} fix of this visit */
export function placeOffer(screen, point, fix) {
  const {draft, data} = screen;
  if (!point || !draft) return nothing;
  const known = placeOf(screen, point);
  const metres = known && metresTo(known, fix);
  const doubt = mends(draft) ? null : doubtOf(known, fix);
  const said = data.said.get(point.id);
  if (said && 'latitude' in said.values && doubt !== 'other')
    return html`<p><span class="chip chip-quiet" data-placed>${icon('phone')}${t('place.said')}</span></p>`;
  const keeper = data.unit && keeperOf(data.unit, data.units);
  if (!keeper || !doubt) {
    if (metres && metres > FAR + fix.accuracy) return notice('warn', t('place.far', {distance: distanceText(metres)}));
    return doubt === 'new' ? html`<p class="muted small">${t('place.unknown-yet')}</p>` : nothing;
  }
  const text = doubt === 'new' ? t('place.new') : t('place.other', {distance: distanceText(metres ?? 0)});
  return notice(
    doubt === 'new' ? 'info' : 'warn',
    html`<p>${text}</p><p><button type="button" class="button button-small" data-place=${doubt} @click=${() => put(screen, point, fix, keeper, known && metres)}>${icon('point')}<span>${t(`place.set-${doubt}`)}</span></button></p>`,
  );
}

/**
 * A change of the register as any other; one that moves a known place asks first.
 * @param {Check} screen @param {Point} point @param {Position} fix @param {string} acting @param {number|null} metres from the known place
 */
async function put({draft}, point, {latitude, longitude, accuracy}, acting, metres) {
  if (!draft || putting) return;
  putting = true;
  try {
    const words = {name: point.name, distance: distanceText(metres ?? 0), n: Math.round(accuracy)};
    const question = {
      title: t('place.move-title', words),
      text: t('place.move-text', words),
      yes: t('place.set-other'),
    };
    if (metres !== null && !(await ask(question))) return;
    const change = {unit: draft.unit, acting, point: point.id, op: /** @type {const} */ ('change')};
    await phone.store.commitFact(await freeze(pointFact({...change, values: {latitude, longitude}}, Date.now())));
    phone.say(t('place.said'));
  } catch (error) {
    notSaved(error);
  } finally {
    putting = false;
  }
}

let putting = false; // two taps are one change

/** A call at one relay point: what the register says, the criteria, a photo, and where the phone stood. */

import {html, nothing} from 'lit';
import {clear, NO_POSITION, noPlace, passWhole, place as setPlace, verdictOf} from '../domain/checks.js';
import {subjectOf} from '../domain/subjects.js';
import {mends} from '../domain/work.js';
import {icon} from '../ui/icons.js';
import {t} from '../ui/language.js';
import {place} from '../ui/place.js';
import {notice} from '../ui/screen.js';
import {detail} from './check-row.js';
import {pointCard} from './point-card.js';
import {fromRegister, placeOffer} from './point-place.js';

/**
 * @typedef {import('./check.js').Check} Check
 * @typedef {import('../domain/types.js').Draft} Draft
 * @typedef {import('../domain/types.js').Kind} Kind
 * @typedef {import('../domain/types.js').Point} Point
 */

/** Looks for the position while something that has one is on the screen. @param {Check} screen @returns {() => void} ends it */
export function watchPlace(screen) {
  let holding = false;
  const news = () => {
    note(screen);
    screen.requestUpdate();
  };
  const begin = () => {
    if (holding || !screen.kind || !subjectOf(screen.kind)?.located(screen.kind) || !screen.isConnected) return;
    holding = true;
    place.addEventListener('place', news);
    place.hold();
    news();
  };
  screen.addController({hostUpdated: begin});
  return () => {
    if (holding) place.release();
    holding = false;
    place.removeEventListener('place', news);
  };
}

/** Why this phone gives no position, where the phone itself says so; null: only the person can tell. @returns {string|null} */
export function knownReason() {
  return NO_POSITION.includes(place.state) ? place.state : null;
}

/** The most exact position of this call is kept; it never replaces a reason that the person gave. @param {Check} screen */
function note(screen) {
  const fix = place.fresh();
  const given = screen.draft?.items[0]?.position;
  if (!fix || !screen.draft?.items.length || mends(screen.draft)) return;
  if (given && ('reason' in given || given.accuracy <= fix.accuracy)) return;
  screen.step(setPlace, 0, fix);
}

/** @param {Check} screen @param {Draft} draft @param {Kind} kind */
export function pointPage(screen, draft, kind) {
  const item = draft.items[0];
  const point = screen.data.points.find(({id}) => id === item?.subject);
  if (!item) return notice('bad', t('point.none'));
  const whole = item.verdict === 'pass' && !Object.keys(item.answers).length;
  return html`
    ${point ? pointCard(point, screen.data.unit?.routes ?? []) : notice('warn', t('point.unknown'))}
    ${positionCard(screen, item, point ?? null)}
    <section class="card stack" data-index="0" data-subject=${item.subject} data-verdict=${verdictOf(item, kind) ?? nothing}>
      <h2 class="card-title">${t('point.criteria')}</h2>
      <button type="button" class="verdict verdict-pass" aria-pressed=${whole} @click=${() => screen.step(whole ? clear : passWhole, 0)}>${icon('check')}<span>${t('point.pass')}</span></button>
      ${whole ? nothing : html`<p class="muted small">${t('point.or')}</p>`}
      ${detail(screen, draft, whole ? {...kind, criteria: []} : kind, 0)}
    </section>`;
}

/** @param {Check} screen @param {import('../domain/types.js').Item} item @param {Point|null} point as registered, if it is a relay point */
export function positionCard(screen, {position: given}, point) {
  if (given && !('reason' in given)) return placed(screen, given, point);
  const failed = place.state !== 'waiting' && place.state !== 'found';
  return html`
    <section class="card stack-tight" data-position=${given ? 'reason' : place.state}>
      <p class="row-icon">${icon('target')}<span>${failed ? t(`place.${place.state}`) : given ? t('place.still') : t('place.waiting')}</span></p>
      <fieldset class="field">
        <legend>${t('place.why')}</legend>
        <div class="reasons">${NO_POSITION.map((reason) => reasonChoice(screen, reason, given?.reason === reason))}</div>
      </fieldset>
      ${failed ? html`<p><button type="button" class="button button-small" @click=${() => place.again()}>${icon('undo')}<span>${t('place.again')}</span></button></p>` : nothing}
    </section>`;
}

/** @param {Check} screen @param {string} reason @param {boolean} chosen */
function reasonChoice(screen, reason, chosen) {
  return html`
    <label class="choice">
      <input type="radio" class="visually-hidden" name="no-place" value=${reason} .checked=${chosen} @click=${() => screen.step(noPlace, 0, chosen ? '' : reason)}>
      <span class="choice-face">${t(`no-place.${reason}`)}</span>
    </label>`;
}

/** @param {Check} screen @param {import('../domain/types.js').Position} given @param {Point|null} point */
function placed(screen, given, point) {
  return html`
    <section class="card stack-tight" data-position="given">
      <p class="row-icon">${icon('target')}<span>${t('place.given', {n: Math.round(given.accuracy)})}${fromRegister(screen, point, given)}</span></p>
      ${placeOffer(screen, point, given)}
    </section>`;
}

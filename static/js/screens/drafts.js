/** What was begun and not handed in: named by what it is about. */

import {html, nothing} from 'lit';
import {isEmpty} from '../domain/checks.js';
import {subjectOf} from '../domain/subjects.js';
import {mends, placeOf} from '../domain/work.js';
import {dayText, momentText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {named, t} from '../ui/language.js';
import {grouped} from '../ui/numbers.js';
import {phone} from '../ui/phone.js';
import {subjectsText} from '../ui/subjects.js';
import {titleOf} from './case-title.js';

/**
 * @typedef {import('../domain/types.js').Draft & {saved: number}} Begun
 * @typedef {Map<string, string>} Names  of relay points, units and cases by id or code
 */

/** Those in which something was entered. @param {Begun[]} drafts */
export function begunOf(drafts) {
  return drafts.filter((draft) => draft.move || mends(draft) || !isEmpty(draft, phone.kind(draft.kind)));
}

/** What the drafts are about; nothing is read that none of them needs. @param {Begun[]} drafts @returns {Promise<Names>} */
export async function namesFor(drafts) {
  const {store} = phone;
  const about = {
    points: drafts.some(({kind}) => subjectOf(phone.kind(kind))?.counted === 'points'),
    below: drafts.some(({unit, acting}) => unit !== acting),
    cases: drafts.some(({move}) => move),
  };
  const [points, below, cases] = await Promise.all([
    about.points ? store.rows('points') : [],
    about.below ? store.rows('below') : [],
    about.cases ? store.rows('cases') : [],
  ]);
  return new Map([
    ...points.map(({id, name}) => /** @type {const} */ ([id, name])),
    ...below.map(({code, name}) => /** @type {const} */ ([code, name])),
    ...cases.map((row) => /** @type {const} */ ([row.id, titleOf(row)])),
  ]);
}

/** What sort of work it is. @param {Begun} draft */
export function draftTitle(draft) {
  if (draft.move) return t('type.case-move');
  const kind = named(phone.kind(draft.kind));
  return mends(draft) ? t('correcting', {kind}) : kind;
}

/** The thing itself: a point, a department, a case, the first of its numbers; empty where there is none. @param {Begun} draft @param {Names} names */
export function draftSubject({move, kind, unit, acting, items}, names) {
  if (move) return names.get(move.case) ?? '';
  const subject = items[0]?.subject;
  const place = unit === acting ? '' : (names.get(unit) ?? '');
  if (!subject) return place;
  if (names.has(subject)) return names.get(subject) ?? '';
  if (!subjectOf(phone.kind(kind))?.numbered) return place;
  const all = items.length > 1 ? t('draft.and-more', {number: grouped(subject), n: items.length}) : grouped(subject);
  return place ? `${place} · ${all}` : all;
}

/** The way back to it. @param {Begun} draft @param {Names} names */
export function draftCard(draft, names) {
  const subject = draftSubject(draft, names);
  const count = draft.move || subject ? '' : subjectsText(phone.kind(draft.kind), draft.items.length);
  const about = draft.about ? t('about', {day: dayText(draft.about)}) : '';
  const words = [t('draft.unsubmitted'), about, count, t('saved-at', {time: momentText(draft.saved)})];
  return html`
    <a class="card tile tile-draft" href=${pathOf(draft)} data-draft=${draft.id}>
      <span class="tile-icon">${icon('edit')}</span>
      <span class="grow"><b>${draftTitle(draft)}</b>
        ${subject ? html`<span class="tile-subject">${subject}</span>` : nothing}
        <small>${words.filter(Boolean).join(' · ')}</small></span>
      ${icon('next', 'tile-next')}
    </a>`;
}

/** @param {Begun} draft */
function pathOf(draft) {
  if (draft.move) return `/app/case/${draft.move.case}`;
  const kind = phone.kind(draft.kind);
  const receipts = kind?.type === 'capture' && !mends(draft) ? placeOf(kind, phone.kinds) : null;
  return receipts ?? `/app/check/${draft.id}`;
}

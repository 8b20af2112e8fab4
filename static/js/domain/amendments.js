/** A fact is immutable: it is mended by a new one that amends it, taken back by a withdrawal, vouched for by a confirmation. */

import {isoWithOffset, localDay} from './days.js';
import {openOf, personalOf} from './facts.js';
import {uuid7} from './ids.js';

/** @typedef {import('./types.js').Personal} Personal */

/**
 * A draft that holds everything the record said, ready to be changed; saving it makes a new fact.
 * A refused record never came into force: its second try amends what the first one amended, if anything, and takes
 * its place on the phone when it is saved.
 * @param {import('./types.js').Rec} record an inspection or capture of this phone
 * @param {number} now milliseconds
 * @returns {import('./types.js').Draft}
 */
export function correction(record, now) {
  const open = openOf(record);
  const personal = personalOf(record);
  const amends = record.state === 'refused' ? open.amends : record.id;
  return {
    id: uuid7(now),
    kind: open.kind ?? '',
    unit: open.unit,
    acting: open.acting,
    about: open.about ?? null,
    method: open.method ?? '',
    started: isoWithOffset(now),
    ...(amends ? {amends} : {}),
    ...(record.state === 'refused' ? {replaces: record.id} : {}),
    header: {...open.header, ...textsIn(personal)},
    ...(personal.marks ? {marks: personal.marks} : {}),
    items: (open.items ?? []).map((item, i) => draftItem(item, personal, i)),
  };
}

/**
 * A draft that was saved in another tab meanwhile: what this one says becomes a correction of that record.
 * @param {import('./types.js').Draft} draft @param {import('./types.js').Rec} record of the draft's id
 * @param {number} now milliseconds @returns {import('./types.js').Draft}
 */
export function rebased(draft, record, now) {
  const {amends, replaces} = correction(record, now);
  const {amends: _amends, replaces: _replaces, ...said} = draft;
  return {...said, id: uuid7(now), ...(amends ? {amends} : {}), ...(replaces ? {replaces} : {})};
}

/** @param {import('./types.js').OpenItem} item @param {Personal} personal @param {number} index @returns {import('./types.js').Item} */
function draftItem(item, {notes = {}, positions = {}, photos = {}}, index) {
  const reason = item.position && item.position !== 'given' ? {reason: item.position} : null;
  return {
    subject: item.subject,
    class: item.class ?? null,
    verdict: item.verdict ?? null,
    answers: item.answers ?? {},
    ...(item.none_came ? {none: item.none_came} : {}),
    photos: item.photos.map((photo) => ({...photo, ...photos[photo.sha256]})),
    note: notes[index] ?? '',
    ...(item.voice ? {voice: item.voice} : {}),
    position: positions[index] ?? reason,
    warning: item.warning ?? null,
    captures: item.captures ?? [],
    stratum: item.stratum ?? null,
    tag: item.tag ?? null,
    route: item.route ?? null,
  };
}

/** The head's texts: the open part knows only how long they were. @param {Personal} personal */
function textsIn({notes = {}}) {
  const texts = Object.entries(notes).filter(([key]) => key.startsWith('header.'));
  return Object.fromEntries(texts.map(([key, text]) => [key.slice('header.'.length), text]));
}

/**
 * @param {{id: string, unit: string, acting: string}} record the fact to take back, of this phone or as pulled
 * @param {string} reason required; throws RangeError without one
 * @param {number} now milliseconds
 * @returns {import('./types.js').Content}
 */
export function withdrawal(record, reason, now) {
  if (!reason.trim()) throw new RangeError('a withdrawal gives its reason');
  return {open: {...about(record, 'withdrawal', now), reason: reason.trim()}, personal: null};
}

/**
 * The author or the director says that a held fact is rightly dated, or on which day its work was done.
 * @param {{id: string, unit: string, acting: string}} record @param {number} now milliseconds
 * @param {string|null} [day] null: as it is dated
 * @returns {import('./types.js').Content}
 */
export function confirmation(record, now, day = null) {
  return {open: {...about(record, 'confirmation', now), ...(day ? {day} : {})}, personal: null};
}

/** @param {{id: string, unit: string, acting: string}} record @param {string} type @param {number} now */
function about({id, unit, acting}, type, now) {
  return {v: 1, type, unit, acting, date: localDay(now), target: id};
}

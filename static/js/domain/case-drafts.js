/** A move of a case while it is written: a draft like any other, with the move in place of a kind, until it is a fact. */

import {MOVE} from './cases.js';
import {addItem, head, MOST_NOTE, MOST_PHOTOS, newDraft} from './checks.js';
import {isoWithOffset, localDay} from './days.js';
import {openOf, personalOf} from './facts.js';
import {lengthOf, tidy} from './text-lengths.js';

/**
 * @typedef {import('./types.js').Draft} Draft
 * @typedef {import('./cases.js').Case} Case
 * @typedef {import('./cases.js').Way} Way
 * @typedef {'text'|'too-long'|'cause'|'photo'|'photo-used'|'photo-old'|'too-many-photos'|'day'|'day-range'|'owner'} Fault
 */

/** @param {Case} row @param {Way} way @param {number} now ms @returns {Draft} */
export function newMove({id, unit}, {move, acting}, now) {
  const draft = newDraft({kind: '', unit, acting, method: '', started: isoWithOffset(now)});
  return {...addItem(draft, {subject: '-'}), move: {case: id, code: move.code}};
}

/** Whether nothing was said in it yet. @param {Draft} draft */
export function isBlankMove({items: [{note, photos}], header = {}}) {
  return !note && !photos.length && !Object.values(header).some(Boolean);
}

/** A choice in it: cause, owner or day; empty takes it back. @param {Draft} draft @param {'cause'|'owner'|'day'} field @param {string} value @returns {Draft} */
export function choose(draft, field, value) {
  return head(draft, field, value || undefined);
}

/** @param {Draft} draft @param {'cause'|'owner'|'day'} field */
export function chosen({header = {}}, field) {
  return typeof header[field] === 'string' ? header[field] : '';
}

/**
 * What is wrong with it, in the order of the form; empty: it can be submitted.
 * @param {Draft} draft @param {Way} way @param {{found: string, used: Set<string>}} about `found`: the day of the finding,
 *   `used`: photos that are evidence already @returns {{need: string, code: Fault}[]}
 */
export function faultsOf(draft, {move, days}, about) {
  const checks = {
    text: textFault(draft, move.needs.includes('text')),
    cause: move.needs.includes('cause') && !chosen(draft, 'cause') ? 'cause' : null,
    owner: move.needs.includes('owner') && !chosen(draft, 'owner') ? 'owner' : null,
    day: move.needs.includes('day') ? dayFault(chosen(draft, 'day'), days) : null,
    photo: photoFault(draft.items[0].photos, move.needs.includes('photo'), about),
  };
  return Object.entries(checks).flatMap(([need, code]) => (code ? [{need, code: /** @type {Fault} */ (code)}] : []));
}

/** @param {Draft} draft @param {boolean} needed @returns {Fault|null} */
function textFault({items: [{note}]}, needed) {
  if (needed && !tidy(note)) return 'text';
  return lengthOf(tidy(note)) > MOST_NOTE ? 'too-long' : null;
}

/** @param {string} day @param {Way['days']} days @returns {Fault|null} */
function dayFault(day, days) {
  if (!day) return 'day';
  return days && (day < days.first || day > days.last) ? 'day-range' : null;
}

/** @param {import('./types.js').PhotoNote[]} photos @param {boolean} needed @param {{found: string, used: Set<string>}} about @returns {Fault|null} */
function photoFault(photos, needed, {found, used}) {
  if (needed && !photos.length) return 'photo';
  if (photos.length > MOST_PHOTOS) return 'too-many-photos';
  if (photos.some(({sha256}) => used.has(sha256))) return 'photo-used';
  return photos.some(({taken}) => taken && localDay(Date.parse(taken)) < found) ? 'photo-old' : null;
}

/** The content to freeze. @param {Draft} draft @param {number} now ms @returns {import('./types.js').Content} */
export function moveFact(draft, now) {
  const {unit, acting, move, items} = draft;
  const [{photos, note}] = items;
  const text = tidy(note);
  const said = ['cause', 'owner', 'day'].map((field) => [field, chosen(draft, /** @type {'cause'} */ (field))]);
  const noted = photos.map(({sha256, size: _size, type: _type, ...taken}) => [sha256, taken]);
  const personal = {
    ...(text ? {notes: {text}} : {}),
    ...(noted.length ? {photos: Object.fromEntries(noted)} : {}),
  };
  return {
    open: {
      v: 1,
      type: MOVE,
      unit,
      acting,
      date: localDay(now),
      made: isoWithOffset(now),
      case: move?.case,
      move: move?.code,
      ...Object.fromEntries(said.filter(([, value]) => value)),
      photos: photos.map(({sha256, size, type}) => ({sha256, size, type})),
    },
    personal: Object.keys(personal).length ? personal : null,
  };
}

/**
 * What was refused, to be said anew: saving takes its place. Photos that were no evidence are left behind.
 * @param {import('./types.js').Rec} record @param {number} now ms @returns {Draft}
 */
export function moveAgain(record, now) {
  const open = openOf(record);
  const {notes = {}, photos: taken = {}} = personalOf(record);
  const stale = record.problem?.code === 'evidence-old';
  const draft = newDraft({kind: '', unit: open.unit, acting: open.acting, method: '', started: isoWithOffset(now)});
  const [item] = addItem(draft, {subject: '-'}).items;
  const photos = stale ? [] : (open.photos ?? []).map((photo) => ({...photo, ...taken[photo.sha256]}));
  const {cause, owner, day} = open;
  const header = Object.fromEntries(Object.entries({cause, owner, day}).filter(([, value]) => value));
  return {
    ...draft,
    items: [{...item, note: notes.text ?? '', photos}],
    header,
    move: {case: open.case ?? '', code: open.move ?? ''},
    replaces: record.id,
  };
}

/** Photos that are evidence already: of the case itself, and of what this phone recorded. @param {Case} row @param {import('./types.js').Rec[]} records @param {string} [except] a record that is made anew @returns {Set<string>} */
export function usedPhotos(row, records, except) {
  const others = records.filter(({id}) => id !== except);
  const shown = [row, ...row.history, ...others].flatMap(({photos}) => photos);
  return new Set(shown.map(({sha256}) => sha256));
}

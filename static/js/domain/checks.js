/** A draft of an inspection or capture: pure steps from empty to a fact. Nothing is ever answered beforehand. */

import {firstDayOf, isDay, localDay} from './days.js';
import {headerLacks, openHeader, textsOf} from './form-heads.js';
import {uuid7} from './ids.js';
import {unmark} from './marks.js';
import {givenItems, isSingle, mayBeEmpty} from './subjects.js';
import {lengthOf, tidy} from './text-lengths.js';

export const METHODS = ['on-site', 'open', 'covert', 'unannounced', 'recording', 'system', 'records'];
export const NO_POSITION = ['no-signal', 'refused', 'no-device', 'other'];
export const MOST_ITEMS = 200; // of one record
export const MOST_PHOTOS = 12; // of one item
export const MOST_NOTE = 500; // characters as a person sees them
export const MOST_TAG = 40;
export const MOST_SPOKEN = 60; // seconds of a voice note

/**
 * @typedef {import('./types.js').Draft} Draft
 * @typedef {import('./types.js').Item} Item
 * @typedef {import('./types.js').Kind} Kind
 */

/**
 * @param {{kind: string, unit: string, acting: string, about?: string|null, method?: string, started: string}} what
 *   `unit` the one it is about, `acting` the one that acts, `about` the list's day, `started` ISO with offset
 * @returns {Draft}
 */
export function newDraft({kind, unit, acting, about = null, method = 'on-site', started}) {
  return {id: uuid7(), kind, unit, acting, about, method, started, items: [], header: {}};
}

/**
 * @param {Draft} draft
 * @param {{subject: string, class?: string|null, warning?: string|null, captures?: string[], stratum?: string|null,
 *   tag?: string|null, route?: string|null}} item
 * @returns {Draft}
 */
export function addItem(draft, item) {
  /** @type {Item} */
  const row = {
    subject: item.subject,
    class: item.class ?? null,
    verdict: null,
    answers: {},
    photos: [],
    note: '',
    position: null,
    warning: item.warning ?? null,
    captures: item.captures ?? [],
    stratum: item.stratum ?? null,
    tag: item.tag ?? null,
    route: item.route ?? null,
  };
  return {...draft, items: [...draft.items, row]};
}

/** @param {Draft} draft @param {number} index @returns {Draft} */
export function removeItem(draft, index) {
  const gone = draft.items[index].photos.map(({sha256}) => sha256);
  return {...unmark(draft, gone), items: draft.items.filter((_, i) => i !== index)};
}

/** What was said of a subject as it was before; null: nothing was. @param {Draft} draft @param {string} subject @param {Item|null} before @returns {Draft} */
export function putBack(draft, subject, before) {
  const items = draft.items.flatMap((item) => (item.subject === subject ? (before ?? []) : item));
  return {...draft, items};
}

/** A removed item to its old place, unless its number is there again. @param {Draft} draft @param {number} index @param {Item} item @returns {Draft} */
export function putItemBack(draft, index, item) {
  if (draft.items.some(({subject}) => subject === item.subject)) return draft;
  return {...draft, items: [...draft.items.slice(0, index), item, ...draft.items.slice(index)]};
}

/** @param {Draft} draft @param {number} index @param {Partial<Item>} part @returns {Draft} */
function change(draft, index, part) {
  return {...draft, items: draft.items.map((item, i) => (i === index ? {...item, ...part} : item))};
}

/** What an item is: its class, stratum, tag or route. @param {Draft} draft @param {number} index @param {Partial<Item>} part */
export function describe(draft, index, part) {
  return change(draft, index, part);
}

/** One field of the head; undefined takes it back. @param {Draft} draft @param {string} code @param {import('./types.js').HeadValue} value @returns {Draft} */
export function head(draft, code, value) {
  const {[code]: _, ...header} = draft.header ?? {};
  return {...draft, header: value === undefined ? header : {...header, [code]: value}};
}

/** @param {Draft} draft @param {string} method @returns {Draft} */
export function by(draft, method) {
  return {...draft, method};
}

/** The day that a fresh check is about, where its kind is about one: that of its duty's line, else today. @param {Kind} kind @param {string} period of the line, or empty @param {string} today */
export function aboutOf({about}, period, today) {
  if (!about) return null;
  return isDay(period) ? period : today;
}

/** @param {Draft} draft @param {string} about the day that it is about @returns {Draft} */
export function aboutDay(draft, about) {
  return {...draft, about};
}

/**
 * Whether nobody said anything yet: what the record is about was fixed before, and where the phone stands is no entry.
 * @param {Draft} draft @param {Kind|null} kind null: of an edition that is gone @returns {boolean}
 */
export function isEmpty({items, header, marks}, kind) {
  if (marks && Object.keys(marks).length) return false;
  if (Object.values(header ?? {}).some((value) => value !== undefined)) return false;
  return !items.length || (isSingle(kind) && items.every(isUntouched));
}

/** @param {Item} item */
function isUntouched({verdict, answers, photos, note: text, voice, position, none = []}) {
  const reason = position !== null && 'reason' in position;
  return !verdict && !Object.keys(answers).length && !none.length && !photos.length && !text && !voice && !reason;
}

/**
 * One criterion of one item; null takes the answer back.
 * @param {Draft} draft @param {number} index @param {string} criterion
 * @param {import('./types.js').Answer|null} value @returns {Draft}
 */
export function answer(draft, index, criterion, value) {
  const {[criterion]: _, ...answers} = draft.items[index].answers;
  if (value) answers[criterion] = value;
  // A pass as a whole is another statement than single answers: the first single one takes its place.
  const verdict = draft.items[index].verdict === 'pass' ? null : draft.items[index].verdict;
  return change(draft, index, {answers, verdict});
}

/**
 * Of a group nothing came, so its criteria have nothing to answer; again takes that back.
 * @param {Draft} draft @param {number} index @param {{criteria: {code: string, group?: string|null}[]}} kind @param {string} group @returns {Draft}
 */
export function noneCame(draft, index, {criteria}, group) {
  const {answers, none = [], verdict} = draft.items[index];
  if (none.includes(group)) return change(draft, index, {none: none.filter((one) => one !== group)});
  const emptied = new Set(criteria.filter((one) => one.group === group).map(({code}) => code));
  const left = Object.fromEntries(Object.entries(answers).filter(([code]) => !emptied.has(code)));
  return change(draft, index, {none: [...none, group], answers: left, verdict: verdict === 'pass' ? null : verdict});
}

/**
 * One tap: the item passes as a whole. Where nothing came of a group, that is a pass of each criterion of the others: a
 * record in which anything was said single is no whole pass for the ledger.
 * @param {Draft} draft @param {number} index @param {Pick<Kind, 'criteria'|'groups'>} [kind]
 */
export function passWhole(draft, index, kind = undefined) {
  const none = kind ? noneOf(draft.items[index], kind) : [];
  if (!kind || !none.length) return change(draft, index, {verdict: 'pass', answers: {}});
  const others = kind.criteria.filter(({group}) => !none.includes(group ?? ''));
  /** @type {Record<string, import('./types.js').Answer>} */
  const answers = Object.fromEntries(others.map(({code}) => [code, 'pass']));
  return change(draft, index, {verdict: null, answers});
}

/** Opens the criteria: it fails once one of them does. @param {Draft} draft @param {number} index */
export function fail(draft, index) {
  return change(draft, index, {verdict: 'fail'});
}

/** Takes everything said about the item back. @param {Draft} draft @param {number} index */
export function clear(draft, index) {
  return change(draft, index, {verdict: null, answers: {}});
}

/** @param {Draft} draft @param {number} index @param {import('./types.js').PhotoNote} photo */
export function addPhoto(draft, index, photo) {
  const others = draft.items[index].photos.filter(({sha256}) => sha256 !== photo.sha256);
  return change(draft, index, {photos: [...others, photo]});
}

/** @param {Draft} draft @param {number} index @param {string} sha256 */
export function removePhoto(draft, index, sha256) {
  const photos = draft.items[index].photos.filter((photo) => photo.sha256 !== sha256);
  return unmark(change(draft, index, {photos}), [sha256]);
}

/** A removed photo to its old place. @param {Draft} draft @param {number} index @param {import('./types.js').PhotoNote} photo @param {number} at */
export function putPhotoBack(draft, index, photo, at) {
  const others = draft.items[index].photos.filter(({sha256}) => sha256 !== photo.sha256);
  return change(draft, index, {photos: [...others.slice(0, at), photo, ...others.slice(at)]});
}

/** @param {Draft} draft @param {number} index @param {string} text */
export function note(draft, index, text) {
  return change(draft, index, {note: text});
}

/** What was said into the phone, in place of what was said before; null takes it away. @param {Draft} draft @param {number} index @param {import('./types.js').VoiceName|null} voice */
export function speak(draft, index, voice) {
  return change(draft, index, {voice});
}

/** @param {Draft} draft @param {number} index @param {import('./types.js').Position} position */
export function place(draft, index, {latitude, longitude, accuracy}) {
  return change(draft, index, {position: {latitude, longitude, accuracy}});
}

/** @param {Draft} draft @param {number} index @param {string} reason why there is no position */
export function noPlace(draft, index, reason) {
  return change(draft, index, {position: reason ? {reason} : null});
}

/**
 * What the answers amount to; null while it is open. A failed criterion decides at once; without one,
 * single answers make a pass only when every criterion has one.
 * @param {Item} item @param {Kind} kind
 * @returns {'pass'|'fail'|null}
 */
export function verdictOf(item, kind) {
  const answers = answersOf(item, kind);
  const given = Object.values(answers);
  if (given.includes('fail')) return 'fail';
  const none = noneOf(item, kind);
  if (!given.length && !none.length) return item.verdict === 'pass' ? 'pass' : null;
  return kind.criteria.every(({code, group}) => answers[code] || none.includes(group ?? '')) ? 'pass' : null;
}

/** Groups of the form as it stands, of which nothing came. @param {Item} item @param {Pick<Kind, 'groups'>} kind @returns {string[]} */
export function noneOf({none = []}, {groups = []}) {
  return groups.map(({code}) => code).filter((code) => none.includes(code));
}

/** Those of the form as it stands: a draft may be older than the edition in force. @param {Item} item @param {Kind} kind */
function answersOf(item, kind) {
  const none = noneOf(item, kind);
  const known = new Set(kind.criteria.filter(({group}) => !none.includes(group ?? '')).map(({code}) => code));
  const {answers} = item;
  return Object.fromEntries(Object.entries(answers).filter(([code]) => known.has(code)));
}

/** How many items still have no answer (captures: no photo). @param {Draft} draft @param {Kind} kind */
export function unanswered(draft, kind) {
  return draft.items.filter((item) => !answered(item, kind)).length;
}

/** @param {Item} item @param {Kind} kind */
function answered(item, kind) {
  if (!isJudged(kind)) return !isCapture(kind) || item.photos.length > 0;
  return verdictOf(item, kind) !== null;
}

/** @typedef {'repeat'|'class'|'stratum'|'unanswered'|'criterion'|'photo'|'too-many-photos'|'position'|'too-long'} ItemLack */

/**
 * What is missing before it can be saved: nothing, when empty. `index` is the item, or null for the whole.
 * @param {Draft} draft @param {Kind} kind @param {string} [today] the day of the work
 * @returns {{code: 'no-items'|'too-many'|'subject'|'about'|'about-day'|'method'|'header'|ItemLack, index: number|null, field?: string}[]}
 */
export function ready(draft, kind, today = localDay(Date.now())) {
  /** @type {ReturnType<typeof ready>} */
  const missing = [];
  if (!draft.items.length && !mayBeEmpty(kind)) missing.push({code: 'no-items', index: null});
  if (isOfAnother(draft, kind)) missing.push({code: 'subject', index: null});
  if (draft.items.length > MOST_ITEMS) missing.push({code: 'too-many', index: null});
  if (kind.about && !draft.about) missing.push({code: 'about', index: null});
  if (isWrongDay(draft, kind, today)) missing.push({code: 'about-day', index: null});
  if (kind.methods?.length && !kind.methods.includes(draft.method)) missing.push({code: 'method', index: null});
  for (const field of headerLacks(draft.header, kind)) missing.push({code: 'header', index: null, field});
  const seen = new Set();
  draft.items.forEach((item, index) => {
    for (const code of itemLacks(item, kind, seen.has(item.subject))) missing.push({code, index});
    seen.add(item.subject);
  });
  return missing;
}

/** A list of a day to come is not checked yet, nor chosen from when its day is over. @param {Draft} draft @param {Kind} kind @param {string} today */
function isWrongDay({about}, kind, today) {
  if (!kind.about || !about) return false;
  if (kind.period && about !== firstDayOf(kind.period, about)) return true;
  return kind.type === 'selection' ? about < today : about > today;
}

/** What the form itself puts in is about nothing else. @param {Draft} draft @param {Kind} kind */
function isOfAnother({items, unit}, kind) {
  const given = givenItems(kind, unit);
  if (!given.length || !items.length) return false;
  return items.length > 1 || items[0].subject !== given[0].subject;
}

/**
 * @param {Item} item @param {Kind} kind @param {boolean} again
 * @returns {ItemLack[]}
 */
function itemLacks(item, kind, again) {
  /** @type {ItemLack[]} */
  const codes = again ? ['repeat'] : [];
  const verdict = verdictOf(item, kind);
  if (kind.classes?.length && !kind.classes.includes(item.class ?? '')) codes.push('class');
  if (isOfNoStratum(item, kind)) codes.push('stratum');
  if (isJudged(kind) && !verdict) codes.push(item.verdict === 'fail' ? 'criterion' : 'unanswered');
  const photo = isCapture(kind) || kind.photo === 'always' || (kind.photo === 'fail' && verdict === 'fail');
  if (photo && !item.photos.length) codes.push('photo');
  if (item.photos.length > MOST_PHOTOS) codes.push('too-many-photos');
  if (kind.position && !item.position) codes.push('position');
  if (isLong(item)) codes.push('too-long');
  return codes;
}

/** @param {Item} item @param {Kind} kind */
function isOfNoStratum({stratum}, {strata = []}) {
  return strata.length > 0 && !strata.some(({code}) => code === stratum);
}

/** @param {Item} item */
function isLong({note: text, tag}) {
  return lengthOf(tidy(text)) > MOST_NOTE || lengthOf(tidy(tag ?? '')) > MOST_TAG;
}

/** Whether its items carry a verdict: a capture and a choice made in advance do not, nor what has no criteria. @param {Kind} kind */
export function isJudged({type, criteria}) {
  return type === 'inspection' && criteria.length > 0;
}

/** @param {Kind} kind */
function isCapture(kind) {
  return kind.type === 'capture';
}

/**
 * The content to freeze. The day of the work is the one on which it was ended: a draft that lay overnight
 * is work of the day when somebody stood by it.
 * @param {Draft} draft @param {Kind} kind
 * @param {{ended: string, elapsed?: number|null}} context `ended` ISO with offset; `elapsed` ms of one page life, or null
 * @returns {import('./types.js').Content}
 */
export function toFact(draft, kind, {ended, elapsed = null}) {
  const open = {
    v: 1,
    type: kind.type,
    unit: draft.unit,
    acting: draft.acting,
    date: localDay(new Date(ended)),
    kind: draft.kind,
    ...(kind.about ? {about: draft.about} : {}),
    method: draft.method,
    started: draft.started,
    ended,
    elapsed_ms: elapsed === null ? null : Math.round(elapsed),
    ...(draft.amends ? {amends: draft.amends} : {}),
    ...(kind.fields?.length ? {header: openHeader(draft.header, kind)} : {}),
    items: draft.items.map((item) => openItem(item, kind)),
  };
  return {open, personal: personalPart(draft, kind)};
}

/** @param {Item} item @param {Kind} kind */
function openItem(item, kind) {
  return {
    subject: item.subject,
    ...(item.class ? {class: item.class} : {}),
    ...(item.stratum ? {stratum: item.stratum} : {}),
    ...(kind.tag !== 'none' && tidy(item.tag ?? '') ? {tag: tidy(item.tag ?? '')} : {}),
    ...(item.route ? {route: item.route} : {}),
    ...(isJudged(kind) ? {verdict: verdictOf(item, kind), answers: answersOf(item, kind)} : {}),
    ...(noneOf(item, kind).length ? {none_came: noneOf(item, kind)} : {}),
    photos: item.photos.map(({sha256, size, type}) => ({sha256, size, type})),
    ...(item.voice ? {voice: item.voice} : {}),
    ...(item.captures.length ? {captures: item.captures} : {}),
    ...(item.warning ? {warning: item.warning} : {}),
    ...(item.position ? {position: 'reason' in item.position ? item.position.reason : 'given'} : {}),
  };
}

/** Notes, positions, marks on photos, and what a photo knows of its taking: the part that is deleted after 180 days. @param {Draft} draft @param {Kind} kind */
function personalPart({items, header, marks = {}}, kind) {
  /** @type {Required<Pick<import('./types.js').Personal, 'notes'|'positions'|'photos'|'marks'>>} */
  const part = {notes: textsOf(header, kind), positions: {}, photos: {}, marks};
  items.forEach((item, i) => {
    if (tidy(item.note)) part.notes[i] = tidy(item.note);
    if (item.position && !('reason' in item.position)) part.positions[i] = item.position;
    for (const {sha256, size, type, ...about} of item.photos) {
      if (about.taken) part.photos[sha256] = about;
    }
  });
  return Object.fromEntries(Object.entries(part).filter(([, inner]) => Object.keys(inner).length));
}

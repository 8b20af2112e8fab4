/** A record: a frozen fact with what became of it. Pure: from a record and news to the next record. */

import {openOf} from '../domain/facts.js';

/**
 * @typedef {import('../domain/types.js').Rec} Rec
 * @typedef {import('../domain/types.js').Problem} Problem
 * @typedef {import('../domain/types.js').PhotoState} PhotoState
 * @typedef {import('../domain/types.js').Open} Open
 */

// How the server answers a fact that it now holds.
const TAKEN = new Map([
  ['stored', 'stored'],
  ['known', 'stored'], // sent before, and the answer was lost
  ['waiting', 'waiting'],
  ['conflict', 'conflict'],
]);
/** @type {Map<string, 'gone'|'damaged'>} */
const REASONS = new Map([
  ['photo-lost', 'gone'],
  ['photo-digest', 'damaged'],
]);

/** @param {import('../domain/types.js').Fact} fact @param {number} now @returns {Rec} */
export function newRecord(fact, now) {
  const open = openOf(fact);
  return {
    ...fact,
    type: open.type,
    kind: open.kind ?? null,
    unit: open.unit,
    acting: open.acting,
    date: open.date,
    day: open.about ?? open.date,
    created: now,
    subjects: (open.items ?? []).map(({subject}) => subject),
    amends: open.amends ?? null,
    target: open.target ?? null,
    photos: photosOf(open),
    state: 'unsent',
    held: null,
    problem: null,
    sent: null,
    due: 'fact',
  };
}

/** Each photo once, however many items show it; that of a relay point, those of a case's move and voice notes too. @param {Open} open @returns {PhotoState[]} */
function photosOf(open) {
  const ofItems = (open.items ?? []).flatMap(({photos}) => photos);
  const ofPoint = open.values?.photo ? [open.values.photo] : [];
  const voices = (open.items ?? []).flatMap(({voice}) => voice ?? []);
  const shown = [...ofItems, ...ofPoint, ...(open.photos ?? []), ...voices];
  /** @type {Map<string, PhotoState>} */
  const once = new Map();
  for (const {sha256, size, type} of shown) once.set(sha256, {sha256, size, type, state: 'waiting', problem: null});
  return [...once.values()];
}

/**
 * The record after the server's answer; the same record when the answer says nothing that is understood.
 * @param {Rec} record @param {import('../domain/types.js').PushResult} result @param {number} now @returns {Rec}
 */
export function withResult(record, result, now) {
  const news = {held: result.held ?? null, problem: result.problem ?? null, sent: now};
  if (result.state === 'refused') return settled({...record, ...news, state: 'refused'});
  const state = /** @type {Rec['state']|undefined} */ (TAKEN.get(result.state));
  if (!state) return record;
  const missing = new Set(result.photos_missing ?? []);
  const photos = record.photos.map((photo) => withState(photo, missing.has(photo.sha256) ? 'missing' : 'arrived'));
  return settled({...record, ...news, state, photos});
}

/**
 * @param {Rec} record @param {string} sha256
 * @param {'missing'|'arrived'|'refused'} state @param {Problem|null} [problem] @returns {Rec}
 */
export function withPhoto(record, sha256, state, problem = null) {
  const photos = record.photos.map((photo) => (photo.sha256 === sha256 ? withState(photo, state, problem) : photo));
  return settled({...record, photos});
}

/**
 * Photos that cannot be sent, and of which the server has not heard yet.
 * @param {Rec} record @returns {{sha256: string, reason: 'gone'|'damaged'|'refused'}[]}
 */
export function losses({state, photos}) {
  if (state === 'unsent' || state === 'refused') return []; // of what the server does not hold it cannot lack a photo
  const untold = photos.filter((photo) => photo.state === 'refused' && !photo.told);
  return untold.map(({sha256, problem}) => ({sha256, reason: REASONS.get(problem?.code ?? '') ?? 'refused'}));
}

/** The server has heard of these losses. @param {Rec} record @param {Set<string>} told @returns {Rec} */
export function withTold(record, told) {
  const photos = record.photos.map((photo) =>
    photo.state === 'refused' && told.has(photo.sha256) ? {...photo, told: true} : photo,
  );
  return settled({...record, photos});
}

/** A person wants what was refused to be sent again. @param {Rec} record @returns {Rec} */
export function again(record) {
  if (record.state === 'refused') return settled({...record, state: 'unsent', problem: null});
  const photos = record.photos.map((photo) => (photo.state === 'refused' ? withState(photo, 'missing') : photo));
  return settled({...record, photos});
}

/**
 * The server tells later that it lacks photos that it once had (restored from a backup): they are due again.
 * @param {Rec} record @param {string[]} missing @returns {Rec}
 */
export function reopened(record, missing) {
  const lost = new Set(missing);
  const photos = record.photos.map((photo) =>
    photo.state === 'arrived' && lost.has(photo.sha256) ? withState(photo, 'missing') : photo,
  );
  return settled({...record, photos});
}

/**
 * The server was put back to an older copy: what it had confirmed is sent again, which changes nothing where it is there.
 * @param {Rec} record @returns {Rec} the same where the server never had it
 */
export function unconfirmed(record) {
  if (record.state === 'unsent' || record.state === 'refused') return record;
  const photos = record.photos.map((photo) => withState(photo, 'waiting'));
  return settled({...record, state: 'unsent', held: null, problem: null, sent: null, photos, once: true});
}

/**
 * Photos that this phone cannot send, and that the server has all the same: from another phone, or from a file.
 * @param {Rec} record @param {string[]} missing what the server lacks of it @returns {Rec} the same where nothing changed
 */
export function arrivedElsewhere(record, missing) {
  const taken = record.state !== 'unsent' && record.state !== 'refused';
  const here = (/** @type {import('../domain/types.js').PhotoState} */ {state, sha256}) =>
    taken && state === 'refused' && !missing.includes(sha256);
  if (!record.photos.some(here)) return record;
  return settled({
    ...record,
    photos: record.photos.map((photo) => (here(photo) ? withState(photo, 'arrived') : photo)),
  });
}

/**
 * What was in once, and is refused by a server that was put back: a point, a role or a list that it names may be there again
 * by now, from another phone or the desk.
 * @param {Rec} record
 */
export function isWorthAnotherTry({state, once}) {
  return state === 'refused' && Boolean(once);
}

/** Whether the server confirmed it and each of its photos: only then may the phone forget it. @param {Rec} record */
export function isConfirmed({state, photos}) {
  return state !== 'unsent' && state !== 'refused' && photos.every((photo) => photo.state === 'arrived');
}

/**
 * @param {import('../domain/types.js').PhotoState} photo
 * @param {import('../domain/types.js').PhotoState['state']} state @param {Problem|null} [problem]
 */
function withState({told, ...photo}, state, problem = null) {
  return {...photo, state, problem};
}

/** Sets what is due: the fact, its missing photos, the word that some are lost, or nothing. @param {Rec} record @returns {Rec} */
function settled({due, ...record}) {
  if (record.state === 'unsent') return {...record, due: 'fact'};
  if (record.state !== 'refused' && record.photos.some(({state}) => state === 'missing'))
    return {...record, due: 'photos'};
  return losses(record).length ? {...record, due: 'word'} : record;
}

/** Whether two facts of one id tell the same: their salts differ, and the moment of the second tap. @param {import('../domain/types.js').Fact} a @param {import('../domain/types.js').Fact} b */
export function sameWork(a, b) {
  const [one, two] = [a, b].map(({open, personal}) => {
    const {ended: _ended, elapsed_ms: _elapsed, made: _made, ...said} = JSON.parse(open);
    return JSON.stringify(said) + personal;
  });
  return one === two;
}

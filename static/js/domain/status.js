/** The state of a record and of everything together, as codes; screens find the words. */
/**
 * @typedef {import('./types.js').Rec} Rec
 * @typedef {'phone'|'sending'|'photos'|'arrived'|'conflict'|'refused'|'held'|'waiting'|'withdrawn'|'superseded'} StateCode
 * @typedef {{phase: string, done: number, total: number, reason: string|null}} EngineState
 */

// What the server says later about a fact that it took in.
const LATER = new Set(['withdrawn', 'superseded', 'held', 'waiting', 'refused']);

/**
 * @param {Rec} record
 * @param {{sending?: boolean, row?: {state: string, judged?: boolean}|null}} [context] `row`: the pulled row of the same id, if any
 * @returns {{code: StateCode, missing: number, problem: import('./types.js').Problem|null, held: string|null, judged: boolean}}
 *   `missing`: photos that the server lacks; `problem`: why it or one of its photos was refused; `judged`: somebody has checked it
 */
export function recordState(record, {sending = false, row = null} = {}) {
  const missing = record.photos.filter(({state}) => state !== 'arrived').length;
  const refused = record.photos.find(({problem}) => problem)?.problem ?? null;
  const code = codeOf(record, sending, row, missing);
  const judged = code === 'arrived' && Boolean(row?.judged);
  return {code, missing, problem: record.problem ?? refused, held: record.held, judged};
}

/** @param {Rec} record @param {boolean} sending @param {{state: string}|null} row @param {number} missing @returns {StateCode} */
function codeOf(record, sending, row, missing) {
  if (record.state === 'unsent') return sending ? 'sending' : 'phone';
  if (record.state === 'refused' || record.state === 'conflict') return record.state;
  if (row && LATER.has(row.state)) return /** @type {StateCode} */ (row.state);
  if (!row && record.state === 'waiting') return 'waiting';
  if (!row && record.held) return 'held';
  return missing ? 'photos' : 'arrived';
}

const OF_ROWS = new Set([...LATER, 'conflict']);

/**
 * The same of a record that was made on another phone, by its pulled row.
 * @param {{state: string, conflict?: boolean, judged?: boolean, photos_missing?: string[]}} row
 * @returns {{code: string, missing: number, judged: boolean, problem: null, held: string|null}}
 */
export function rowState({state, conflict, judged, photos_missing: lacking = []}) {
  const missing = lacking.length;
  const code = conflict ? 'conflict' : OF_ROWS.has(state) ? state : missing ? 'photos' : 'arrived';
  return {code, missing, judged: code === 'arrived' && Boolean(judged), problem: null, held: null};
}

/** Photos that have yet to be sent, each once. @param {Rec[]} records */
export function photosWaiting(records) {
  const photos = records.filter(waits).flatMap((record) => record.photos);
  return new Set(photos.filter(({state}) => state === 'waiting' || state === 'missing').map(({sha256}) => sha256)).size;
}

/** Whether something of it has yet to be sent; a word about a lost photo (`due`: word) is nothing that waits. @param {Rec} record */
export function waits({due}) {
  return due === 'fact' || due === 'photos';
}

/**
 * Whether a record waits for a person: refused, in conflict, or with a photo that cannot be sent; and not corrected or
 * withdrawn since, here or elsewhere, by what was not refused or withdrawn itself. Of a photo the server must have heard, too.
 * @param {Rec[]} records all of this phone @param {{id: string, state: string, conflict?: boolean}[]} [rows] as pulled
 * @returns {(record: Rec) => boolean}
 */
export function needsSomebody(records, rows = []) {
  const pulled = new Map(rows.map((row) => [row.id, row]));
  const taken = records.filter(({state}) => state !== 'refused');
  const withdrawn = new Set(taken.filter(({type}) => type === 'withdrawal').map(({target}) => target));
  for (const {id, state} of rows) if (state === 'withdrawn') withdrawn.add(id);
  const mended = new Set(taken.filter(({id}) => !withdrawn.has(id)).map(({amends}) => amends));
  return ({id, state, photos}) => {
    const row = pulled.get(id);
    const done = withdrawn.has(id) || mended.has(id) || row?.state === 'superseded';
    const contested = state === 'conflict' && !done && row?.conflict !== false;
    const lost = photos.some((photo) => photo.state === 'refused' && !(done && photo.told));
    return state === 'refused' || contested || lost;
  };
}

/**
 * What this phone still holds.
 * @param {Rec[]} records @param {{id: string, state: string, conflict?: boolean}[]} [rows] as pulled
 * @returns {{waiting: number, refused: number, conflicts: number, photos: number, oldest: number|null}}
 *   `waiting`: records of which something has yet to be sent; `photos`: records of which a photo cannot be sent; `oldest`: when made, ms
 */
export function summary(records, rows = []) {
  const due = records.filter(waits);
  const open = records.filter(needsSomebody(records, rows));
  return {
    waiting: due.length,
    refused: open.filter(({state}) => state === 'refused').length,
    conflicts: open.filter(({state}) => state === 'conflict').length,
    photos: open.filter(({state, photos}) => state !== 'refused' && photos.some((photo) => photo.state === 'refused'))
      .length,
    oldest: due.length ? Math.min(...due.map(({created}) => created)) : null,
  };
}

// Waiting does not mend these: a person must do something.
const BLOCKING = new Set(['sign-in', 'other-person', 'wrong-origin', 'temporary-password', 'storage']);

/**
 * One line for the whole phone. What is still a draft was never submitted: then not all is in.
 * @param {ReturnType<typeof summary>} held
 * @param {EngineState} engine
 * @param {number} [drafts]
 * @returns {{code: 'all-in'|'draft'|'waiting'|'sending'|'stuck', n: number, of: number, reason: string|null}}
 */
export function overall(held, engine, drafts = 0) {
  if (engine.reason && BLOCKING.has(engine.reason) && (held.waiting || engine.reason !== 'storage')) {
    return {code: 'stuck', n: held.waiting, of: 0, reason: engine.reason};
  }
  if ((engine.phase === 'sending' || engine.phase === 'photos') && engine.total) {
    return {code: 'sending', n: Math.min(engine.done + 1, engine.total), of: engine.total, reason: null};
  }
  if (held.refused + held.photos) return {code: 'stuck', n: held.refused + held.photos, of: 0, reason: 'refused'};
  if (held.waiting) return {code: 'waiting', n: held.waiting, of: 0, reason: engine.reason};
  if (drafts) return {code: 'draft', n: drafts, of: 0, reason: null};
  return {code: 'all-in', n: 0, of: 0, reason: null};
}

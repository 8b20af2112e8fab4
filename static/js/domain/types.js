/**
 * The shapes that travel between domain, store, sync and screens. Types only: what crosses the wire comes from wire.d.ts,
 * which is made of the server's own description; here stands what the phone makes of it, and what it alone knows.
 *
 * @typedef {import('../wire.js').components['schemas']} Wire
 * @typedef {Wire['PullAnswer']} Pull
 * @typedef {Pull['sections'][number]} Section
 * @typedef {Section['name']} SectionName
 * @typedef {Omit<NonNullable<Pull['person']>, 'login'|'language'> & {login?: string, language?: string}} Person
 *   without `login` and `language`: as this phone remembers who used it last
 * @typedef {NonNullable<Pull['kinds']>[number]} Kind
 * @typedef {NonNullable<Pull['notices']>[number]} Notice
 * @typedef {NonNullable<Pull['articles']>[number]} Article  the Measures' own words for a duty
 * @typedef {Kind['criteria'][number]} Criterion
 * @typedef {Kind['strata'][number]} Stratum
 * @typedef {Kind['fields'][number]} Field
 * @typedef {Row<'points'>} Point
 * @typedef {Row<'unit'>} Unit
 * @typedef {Unit['routes'][number]} Route
 * @typedef {Row<'duties'> & {unit: string, distinct?: string[]}} Duty  `distinct`: strata that count by their tags
 * @typedef {{zh: string, en: string}} Named
 *
 * @typedef {'pass'|'fail'|'na'} Answer
 * @typedef {{latitude: number, longitude: number, accuracy: number}} Position  degrees WGS 84, accuracy in metres
 * @typedef {{reason: string}} NoPosition  why there is none
 * @typedef {{sha256: string, size: number, type: string}} PhotoName
 * @typedef {PhotoName & {taken?: string, latitude?: number, longitude?: number, accuracy?: number}} PhotoNote
 * @typedef {PhotoName & {seconds: number}} VoiceName  a voice note, kept and sent like a photo
 * @typedef {number|string|string[]|null|undefined} HeadValue  of one field: a count, fen, a text or option, rows
 * @typedef {Record<string, HeadValue>} Head  of a form, by its kind's fields; a `text` is the text itself until it is frozen
 * @typedef {{subject: string, class: string|null, verdict: 'pass'|'fail'|null, answers: Record<string, Answer>,
 *   photos: PhotoNote[], note: string, position: Position|NoPosition|null, warning: string|null,
 *   captures: string[], stratum?: string|null, tag?: string|null, route?: string|null, none?: string[], voice?: VoiceName|null}} Item
 *   `none`: groups of which nothing came
 * @typedef {{id: string, kind: string, unit: string, acting: string, about: string|null, method: string,
 *   started: string, amends?: string, replaces?: string, items: Item[], header?: Head, move?: {case: string, code: string},
 *   marks?: import('./marks.js').Marks, discarded?: number, since?: number}} Draft  `discarded`: when, by the phone's
 *   clock; `since`: what the server's clock said first thereafter
 *   `move`: of a case, in place of a kind; its words and photos are those of the one item, its choices stand in the head
 *
 * @typedef {{subject: string, class?: string, stratum?: string, tag?: string, route?: string, verdict?: 'pass'|'fail'|null,
 *   answers?: Record<string, Answer>, none_came?: string[], photos: PhotoName[], voice?: VoiceName, captures?: string[], warning?: string,
 *   position?: string, drawn?: boolean}} OpenItem
 * @typedef {{type: string, unit: string, acting: string, date: string, kind?: string, about?: string|null, method?: string,
 *   started?: string, ended?: string, elapsed_ms?: number|null, amends?: string, header?: Head, items?: OpenItem[],
 *   target?: string, reason?: string, day?: string, point?: string, op?: string, values?: PointValues, returned?: number|null,
 *   volumes?: Record<string, {items: number|null, returned: number|null}>, case?: string, move?: string, made?: string,
 *   cause?: string, owner?: string, photos?: PhotoName[]}} Open  of a fact of any type: docs/architecture.md "A fact"
 * @typedef {{notes?: Record<string, string>, positions?: Record<string, Position>,
 *   photos?: Record<string, Omit<PhotoNote, 'sha256'|'size'|'type'>>, keeper?: string|null, contact?: string|null,
 *   note?: string|null, marks?: import('./marks.js').Marks}} Personal
 * @typedef {{name?: string, kind?: string, address?: string|null, route?: string|null, agreement?: string,
 *   latitude?: number|null, longitude?: number|null, photo?: PhotoName|null}} PointValues
 * @typedef {{open: Open & {v: number}, personal: Personal|null}} Content  what is frozen into a fact, before it is text
 * @typedef {{id: string, open: string, personal: string, salt: string, digest: string}} Fact
 * @typedef {{code: string, message?: string, fields?: Record<string, string>}} Problem  the server's, or one that this phone found
 * @typedef {PhotoName & {state: 'waiting'|'missing'|'arrived'|'refused', problem: Problem|null, told?: boolean}} PhotoState
 *   `told`: the server knows that it will not come
 * @typedef {Fact & {type: string, kind: string|null, unit: string, acting: string, date: string, day: string,
 *   created: number, subjects: string[], amends: string|null, target: string|null, photos: PhotoState[],
 *   state: 'unsent'|'stored'|'waiting'|'conflict'|'refused', held: string|null, problem: Problem|null,
 *   sent: number|null, due?: 'fact'|'photos'|'word', once?: boolean}} Rec  `once`: the server had confirmed it, and was put back
 * @typedef {{id: string, state: Wire['Result']['state'], held?: string|null, problem?: Problem|null, photos_missing?: string[]}} PushResult
 * @typedef {Record<string, [number, string]>} Heads  by unit: number and hash of a journal's row
 */

/**
 * @template {SectionName} N
 * @typedef {Extract<Section, {name: N}>['rows'][number]} Row  of a section of that name
 */

/**
 * @template {SectionName} N
 * @typedef {Row<N> & {unit: string}} UnitRow  with the unit whose section it stands in
 */
export {};

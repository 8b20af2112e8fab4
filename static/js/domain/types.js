/**
 * The shapes that travel between domain, store, sync and screens. Types only.
 *
 * @typedef {'pass'|'fail'|'na'} Answer
 * @typedef {{latitude: number, longitude: number, accuracy: number}} Position  degrees WGS 84, accuracy in metres
 * @typedef {{reason: string}} NoPosition  why there is none
 * @typedef {{sha256: string, size: number, type: string, taken?: string, latitude?: number, longitude?: number,
 *   accuracy?: number}} PhotoNote
 * @typedef {{subject: string, class: string|null, verdict: 'pass'|'fail'|null, answers: Record<string, Answer>,
 *   photos: PhotoNote[], note: string, position: Position|NoPosition|null, warning: string|null,
 *   captures: string[], stratum?: string|null, tag?: string|null, route?: string|null}} Item
 * @typedef {{id: string, kind: string, unit: string, acting: string, about: string|null, method: string,
 *   started: string, amends?: string, replaces?: string, items: Item[],
 *   header?: Record<string, any>}} Draft  `header`: by the kind's fields; a `text` is the text itself until it is frozen
 * @typedef {{code: string, zh: string, en: string}} Criterion
 * @typedef {Criterion & {fail_zh?: string, fail_en?: string}} Judged  `fail_`: what is found where it fails; servers of before 0.2 leave it out
 * @typedef {Criterion & {distinct: null|'tag'}} Stratum
 * @typedef {Criterion & {type: string, required: boolean, options?: Criterion[]}} Field
 * @typedef {{code: string, type: string, subject: 'item'|'letter'|'point'|'department'|'none', about: boolean, photo: 'none'|'fail'|'always',
 *   position: boolean, batch: number|null, roles: string[], zh: string, en: string, criteria: Judged[], methods?: string[], classes?: string[],
 *   tag?: string, strata?: Stratum[], fields?: Field[], sums?: {came: string[], went: string[]}|null}} Kind
 * @typedef {{open: any, personal: any}} Content  what is frozen into a fact, before it is text
 * @typedef {{id: string, open: string, personal: string, salt: string, digest: string}} Fact
 * @typedef {{code: string, message?: string, fields?: Record<string, string>}} Problem
 * @typedef {{sha256: string, size: number, type: string, state: 'waiting'|'missing'|'arrived'|'refused',
 *   problem: Problem|null, told?: boolean}} PhotoState  `told`: the server knows that it will not come
 * @typedef {{id: string, type: string, kind: string|null, unit: string, acting: string, date: string, day: string,
 *   created: number, subjects: string[], amends: string|null, target: string|null, open: string, personal: string,
 *   salt: string, digest: string, photos: PhotoState[],
 *   state: 'unsent'|'stored'|'waiting'|'conflict'|'refused', held: string|null, problem: Problem|null,
 *   sent: number|null, due?: 'fact'|'photos'|'word', once?: boolean}} Rec  `once`: the server had confirmed it, and was put back
 * @typedef {{id: string, name: string, kind: string, initials: string, address: string, keeper: string, contact: string,
 *   route: string|null, latitude: number|null, longitude: number|null, checked: string|null, closed?: string|null, closes?: string|null, unit?: string}} Point
 * @typedef {{code: string, article: string, zh: string, en: string, kind: string, period: string, required: number|null,
 *   done: number, measure: 'items'|'sessions'|'points'|'records', items: number, closes_at: string, status: string,
 *   batch: number|null, roles: string[], unit: string, strata?: Record<string, number>|null, distinct?: string[],
 *   why?: {zh: string, en: string}[], days?: {day: string, counts: boolean, zh: string, en: string}[], pairs?: boolean}} Duty
 *   `batch`: how many a session asks for;
 *   `distinct`: strata that count by their tags; `days`: what the line says of single days of work; `pairs`: see sessions.js
 * @typedef {{id: string, state: string, held?: string|null, problem?: Problem|null, photos_missing?: string[]}} PushResult
 * @typedef {{unit: string, name: string, rows: any[]}} Section
 * @typedef {{id: string, name: string, login?: string, language?: string, roles: {role: string, unit: string}[]}} Person
 * @typedef {{cursor: string, complete: boolean, server_time?: string, version?: string, person?: Person, kinds?: Kind[],
 *   sections: Section[]}} Pull
 */
export {};

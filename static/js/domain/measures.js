/** The ways in which a duty's line counts, a small object each; the line says which (`measure`). */

import {itemsOf, sessionsIn} from './sessions.js';

/**
 * @typedef {import('./types.js').Duty} Duty
 * @typedef {import('./types.js').Rec} Rec
 * @typedef {import('./day-lists.js').DayLists} DayLists
 * @typedef {object} Measure
 * @property {'items'|'sessions'|'points'|'records'|'departments'|'counties'|'leagues'|'parts'} code in whose words it is told
 * @property {(line: Duty, records: Rec[], lists?: DayLists) => number} count what the records add to it
 * @property {(line: Pick<Duty, 'batch'|'required'>) => number|null} asked how many things a single check is asked for; null: not
 *   known before the volume is
 * @property {boolean} occasions whether it counts occasions: any day of the period adds one, and few of them are shown one by one
 * @property {string|null} home where its work is done when no kind of record does it
 */

/** Things, each once in the period. @type {Measure['count']} */
function distinct({kind}, records, lists) {
  const items = records.flatMap((record) => itemsOf(record).map((item) => ({...item, day: record.day})));
  const counted = items.filter((item) => !lists?.fault(kind ?? '', item.day, item));
  return new Set(counted.map(({subject}) => subject)).size;
}

/** @type {Omit<Measure, 'code'>} */
const THINGS = {count: distinct, asked: ({required}) => required, occasions: false, home: null};

/** @type {Record<string, Measure>} */
const MEASURES = {
  items: {...THINGS, code: 'items'},
  points: {...THINGS, code: 'points', home: '/app/register'}, // what is asked of the register itself
  records: {...THINGS, code: 'records'},
  departments: {...THINGS, asked: () => null, code: 'departments'},
  counties: {...THINGS, asked: () => null, code: 'counties'},
  leagues: {...THINGS, asked: () => null, code: 'leagues'},
  parts: {...THINGS, count: () => 0, asked: () => null, code: 'parts'}, // whether one is done only the server can tell
  sessions: {code: 'sessions', count: sessionsIn, asked: ({batch}) => batch, occasions: true, home: null},
};

/** @param {{measure: string}} line @returns {Measure} one that this version does not know is told as records */
export function measureOf({measure}) {
  return MEASURES[measure] ?? MEASURES.records;
}

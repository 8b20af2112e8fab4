/** Rules of cases and rows as the pull brings them, under codes of our own: the phone knows none by heart. */

import {freeze} from '../../static/js/domain/facts.js';
import {newRecord} from '../../static/js/store/records.js';

const named = (code) => ({code, zh: code, en: code});
const move = (code, to, needs = []) => ({...named(code), done_zh: code, done_en: code, to, needs});

export const RULES = {
  types: [
    {
      ...named('fault'),
      states: [
        {...named('begun'), ends: false},
        {...named('mended'), ends: false},
        {...named('over'), ends: true},
      ],
      moves: [
        move('mend', 'mended', ['text', 'cause', 'photo']),
        move('accept', 'over'),
        move('reject', 'begun', ['text']),
        move('delay', null, ['day', 'text']),
        move('stamp', 'over', ['seal']), // asks for what this version does not know
      ],
    },
  ],
  severities: ['light', 'middling', 'heavy'].map(named),
  causes: [named('weather')],
};

/** A case that its owner has to answer. */
export function row(id, more = {}) {
  return {
    id,
    unit: 'D1',
    type: 'fault',
    state: 'begun',
    number: null,
    kind: null,
    criterion: null,
    severity: 'light',
    recurs: false,
    place: {kind: 'unit', name: null},
    subjects: [],
    count: 1,
    found: '2026-11-18',
    opened: '2026-11-18',
    by: {unit: 'D1', name: 'D1'},
    finder: null,
    owner: null,
    mine: true,
    ended: false,
    late: 'owner',
    deadline: '2026-11-25',
    due: '2026-11-25',
    asked: false,
    parent: null,
    text: null,
    photos: [],
    may: [may('mend')],
    desk: false,
    history: [],
    ...more,
  };
}

export const may = (code, more = {}) => ({move: code, acting: 'D1', until: null, days: null, ...more});

export const step = (id, more = {}) => ({id, move: 'mend', day: '2026-11-19', photos: [], text: null, ...more});

let clock = 0;

/** A record of this phone by which something is done with a case; the later one is the later made. */
export async function said(of, code, more = {}) {
  const open = {
    v: 1,
    type: 'case-move',
    unit: 'D1',
    acting: 'D1',
    date: '2026-11-20',
    case: of,
    move: code,
    photos: [],
  };
  return {...newRecord(await freeze({open, personal: null}), ++clock), ...more};
}

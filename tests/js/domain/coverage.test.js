import assert from 'node:assert/strict';
import test from 'node:test';
import {noneCame, passWhole, verdictOf} from '../../../static/js/domain/checks.js';
import {isDone, membersOf, waitingOf, withGroups} from '../../../static/js/domain/coverage.js';
import {tally} from '../../../static/js/domain/duties.js';
import {actingFor, hasScreen, uppers} from '../../../static/js/domain/work.js';

const EACH = {
  methods: ['on-site'],
  groups: ['express', 'letters', 'periodicals'],
  header: ['findings'],
  items: null,
  points: null,
  strata: [],
  daily: false,
  told: true,
};
const member = (unit, more) => ({
  unit,
  name: unit,
  setting: 'city',
  counts: false,
  left: false,
  done: 0,
  required: 3,
  zh: '',
  en: '',
  ...more,
});
const DUTY = {
  code: 'onsite-depts',
  unit: 'C1',
  kind: 'dept-visit',
  kinds: ['dept-visit'],
  period: '2026-11',
  measure: 'departments',
  required: 3,
  done: 1,
  parts: [
    {setting: 'city', required: 2, done: 1},
    {setting: 'rural', required: 1, done: 0},
  ],
  each: EACH,
  covered: [
    member('D1', {counts: true, done: 3}),
    member('D2'),
    member('D3'),
    member('D4', {setting: 'rural'}),
    member('D5', {left: true, counts: true}),
  ],
};
const KIND = {
  code: 'dept-visit',
  groups: [{code: 'express'}, {code: 'letters'}, {code: 'periodicals'}],
  criteria: [
    {code: 'upload', group: 'express'},
    {code: 'stamp', group: 'letters'},
    {code: 'backlog', group: 'periodicals'},
  ],
};
const visit = (unit, item = {answers: {upload: 'pass', stamp: 'pass'}, none_came: ['periodicals']}, more = {}) => ({
  id: unit,
  type: 'inspection',
  kind: 'dept-visit',
  unit,
  acting: 'C1',
  day: '2026-11-30',
  state: 'unsent',
  amends: null,
  target: null,
  open: JSON.stringify({method: 'on-site', header: {findings: 4}, items: [{subject: unit, ...item}], ...more}),
});
const told = (...records) => withGroups(records, [KIND]);

test('a visit that waits counts where each group was answered or nothing came of it', () => {
  const [first] = membersOf(DUTY, told(visit('D2'))).filter(({unit}) => unit === 'D2');
  assert.equal(first.waiting, true);
  const na = {answers: {upload: 'na', stamp: 'pass'}, none_came: ['periodicals']};
  assert.equal(waitingOf(DUTY, told(visit('D2', na))), 0);
  assert.equal(waitingOf(DUTY, told(visit('D2', {answers: {}}))), 1, 'passed as a whole');
  assert.equal(waitingOf(DUTY, told(visit('D2', undefined, {header: {}}))), 0, 'without findings');
  assert.equal(waitingOf(DUTY, told(visit('D2', undefined, {method: 'system'}))), 0, 'not on site');
});

test('no surplus of the city helps the country, and who left is asked for no more', () => {
  assert.equal(waitingOf(DUTY, told(visit('D2'), visit('D3'))), 1);
  assert.equal(waitingOf(DUTY, told(visit('D2'), visit('D4'))), 2);
  assert.deepEqual(
    membersOf(DUTY, [])
      .filter((one) => !isDone(one))
      .map(({unit}) => unit),
    ['D2', 'D3', 'D4'],
  );
  assert.deepEqual(tally(DUTY, told(visit('D2'), visit('D4'))), {waiting: 2, done: 3, left: 0});
});

test("another unit's work is not one's own, and what the server alone can tell is not claimed", () => {
  assert.equal(waitingOf({...DUTY, unit: 'L1'}, told(visit('D2'))), 0);
  assert.equal(waitingOf({...DUTY, each: {...EACH, told: false}}, told(visit('D2'))), 0);
});

test('five letters make a department count only on one day', () => {
  const each = {...EACH, groups: [], header: ['route'], items: 5, strata: ['nonlocal'], daily: true};
  const duty = {...DUTY, each, kinds: ['letter-follow'], covered: [member('D2', {required: 5})]};
  const letters = (n, day) => ({
    ...visit('D2'),
    kind: 'letter-follow',
    day,
    open: JSON.stringify({
      method: 'on-site',
      header: {route: 'r'},
      items: Array.from({length: n}, (_, i) => ({subject: `${day}-${i}`, stratum: 'nonlocal'})),
    }),
  });
  assert.equal(waitingOf(duty, [letters(3, '2026-11-03'), letters(2, '2026-11-04')]), 0);
  assert.equal(waitingOf(duty, [letters(5, '2026-11-03')]), 1);
});

test('of a group nothing came: its criteria are not asked, and all correct answers the others one by one', () => {
  const item = {subject: 'D1', verdict: null, answers: {backlog: 'fail'}, photos: [], note: '', position: null};
  const draft = noneCame({items: [item]}, 0, KIND, 'periodicals');
  assert.deepEqual(draft.items[0].answers, {});
  assert.equal(verdictOf(draft.items[0], KIND), null);
  const passed = passWhole(draft, 0, KIND);
  assert.deepEqual(passed.items[0].answers, {upload: 'pass', stamp: 'pass'});
  assert.equal(verdictOf(passed.items[0], KIND), 'pass');
  assert.deepEqual(noneCame(passed, 0, KIND, 'periodicals').items[0].none, []);
});

test('who works at two levels acts by the lowest that lies above the place; a period is reviewed at the desk', () => {
  const unit = (code, level, above, roles = []) => ({code, level, above, roles});
  const league = unit('L1', 'league', ['R1'], ['league_inspector']);
  const county = unit('C1', 'county', ['R1', 'L1'], ['county_manager']);
  const here = unit('D1', 'department', ['R1', 'L1', 'C1']);
  const beside = unit('D9', 'department', ['R1', 'L1', 'C9']);
  const kind = {roles: ['county_manager', 'league_inspector'], levels: ['department'], subject: 'unit'};
  const units = [county, league, here, beside];
  assert.equal(actingFor(kind, here, units), 'C1');
  assert.equal(actingFor(kind, beside, units), 'L1');
  assert.equal(actingFor(kind, beside, [county, beside]), null);
  assert.equal(actingFor({...kind, levels: ['league']}, here, units), null);
  assert.deepEqual(
    uppers(units).map(({code}) => code),
    ['C1', 'L1'],
  );
  assert.equal(hasScreen({subject: 'record', period: 'week'}), false);
});

/** What is still to be photographed or judged on this phone. */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {countOf, judgedHere, toCapture, toJudge, withTaken} from '../../../static/js/domain/draws.js';
import {actingFor, placeOf, pointsFor, workplaces} from '../../../static/js/domain/work.js';

const item = (number, more = {}) => ({
  number,
  class: 'registered',
  mine: true,
  captured: false,
  judged: false,
  ...more,
});
const draw = (items, more = {}) => ({unit: 'D1', day: '2026-11-20', announced: false, items, ...more});
const record = (more) => ({
  id: 'r',
  type: 'capture',
  kind: 'capture',
  unit: 'D1',
  day: '2026-11-20',
  state: 'unsent',
  subjects: [],
  target: null,
  ...more,
});

test('a carrier sees only the own drawn items', () => {
  const [list] = toCapture([draw([item('A'), item('B', {mine: false})])], []);
  assert.deepEqual(
    list.items.map(({number}) => number),
    ['A'],
  );
});

test('an item that was judged without a photo is not asked for any more', () => {
  const [list] = toCapture(
    [draw([item('A', {judged: true}), item('B', {judged: true, captured: true}), item('C')])],
    [],
  );
  assert.deepEqual([list.items.map(({number}) => number).sort(), list.done], [['C'], 1]);
  assert.deepEqual(toCapture([draw([item('A', {judged: true})])], []), []);
});

test('an item photographed on this phone is done before the server knows it', () => {
  const lists = toCapture([draw([item('A'), item('B')])], [record({subjects: ['A']})]);
  assert.equal(countOf(lists), 1);
  assert.equal(lists[0].done, 1);
});

test('a refused or withdrawn photo leaves the item open', () => {
  const draws = [draw([item('A')])];
  assert.equal(countOf(toCapture(draws, [record({subjects: ['A'], state: 'refused'})])), 1);
  const withdrawn = [record({subjects: ['A']}), record({id: 'w', type: 'withdrawal', target: 'r'})];
  assert.equal(countOf(toCapture(draws, withdrawn)), 1);
});

test('the same number on another day is another item', () => {
  const draws = [draw([item('A')]), draw([item('A')], {day: '2026-11-19'})];
  assert.equal(countOf(toCapture(draws, [record({subjects: ['A']})])), 1);
});

test('two lists of one day are one list', () => {
  const lists = toCapture([draw([item('A')]), draw([item('B')])], []);
  assert.equal(lists.length, 1);
  assert.equal(lists[0].items.length, 2);
});

test('nobody judges the own deliveries', () => {
  const captures = [
    {id: 'c', unit: 'D1', day: '2026-11-20', author: {id: 'me', name: 'M'}, items: [{subject: 'A', photos: []}]},
  ];
  const lists = toJudge(
    [draw([item('A'), item('B', {mine: false})])],
    captures,
    [],
    'me',
    (code) => code === 'receipt',
  );
  assert.deepEqual(
    lists[0].items.map(({number}) => number),
    ['B'],
  );
});

test('a photo stands beside the drawn item that it shows', () => {
  const photos = [{sha256: 'f'.repeat(64), size: 1, type: 'image/webp'}];
  const captures = [
    {
      id: 'c',
      unit: 'D1',
      day: '2026-11-20',
      author: {id: 'x', name: 'X'},
      items: [{subject: 'A', class: 'parcel', photos}],
    },
  ];
  const [list] = toJudge([draw([item('A', {mine: false})])], captures, [], 'me', (code) => code === 'receipt');
  assert.deepEqual(list.items[0].captures, [{id: 'c', author: 'X', photos, voice: null}]);
});

test('what the carrier said about it stands beside it, too', () => {
  const voice = {sha256: 'e'.repeat(64), size: 1, type: 'audio/webm', seconds: 5};
  const items = [{subject: 'A', class: 'parcel', photos: [], voice}];
  const captures = [{id: 'c', unit: 'D1', day: '2026-11-20', author: {id: 'x', name: 'X'}, items}];
  const [list] = toJudge([draw([item('A', {mine: false})])], captures, [], 'me', (code) => code === 'receipt');
  assert.equal(list.items[0].captures[0].voice, voice);
});

test('a verdict given on this phone takes the item off the list', () => {
  const done = record({type: 'inspection', kind: 'receipt', subjects: ['A']});
  const [list] = toJudge([draw([item('A', {mine: false})])], [], [done], 'me', (code) => code === 'receipt');
  assert.equal(list.items.length, 0);
  assert.equal(list.done, 1);
});

test('a verdict that was taken back leaves the item to be judged again', () => {
  const verdict = record({type: 'inspection', kind: 'receipt', subjects: ['A']});
  const taken = record({id: 'w', type: 'withdrawal', kind: null, target: 'r'});
  const [list] = toJudge([draw([item('A', {mine: false})])], [], [taken, verdict], 'me', (code) => code === 'receipt');
  assert.deepEqual([list.items.length, list.done], [1, 0]);
  const check = {kind: 'receipt', unit: 'D1', about: '2026-11-20'};
  assert.deepEqual([...judgedHere([verdict], check)], ['A']);
  assert.deepEqual([...judgedHere([taken, verdict], check)], []);
});

const kind = {
  code: 'parcel',
  type: 'inspection',
  subject: 'item',
  about: false,
  roles: ['team_lead', 'county_manager'],
};
const department = (code, roles) => ({code, name: code, level: 'department', roles, routes: []});

test('a county manager acts for the county in its departments', () => {
  const units = [{...department('C', ['county_manager']), level: 'county'}, department('D1', [])];
  assert.equal(actingFor(kind, units[1], units), 'C');
  assert.deepEqual(
    workplaces(units, [kind]).map(({code}) => code),
    ['D1'],
  );
});

test('what was photographed stays in sight though its item has left the list', () => {
  const list = {
    unit: 'D1',
    day: '2026-11-20',
    announced: false,
    items: [{number: 'A', class: 'express', captures: []}],
    done: 1,
  };
  const draft = (/** @type {string} */ about, /** @type {string[]} */ ...subjects) => ({
    unit: 'D1',
    about,
    items: subjects.map((subject) => ({subject, class: 'parcel'})),
  });
  const shown = withTaken([list], /** @type {any} */ ([draft('2026-11-20', 'A', 'B'), draft('2026-11-21', 'C')]));
  assert.deepEqual(
    shown.map(({day, items}) => [day, items.map(({number}) => number)]),
    [
      ['2026-11-21', ['C']],
      ['2026-11-20', ['A', 'B']],
    ],
  );
  assert.equal(list.items.length, 1, 'the list itself stays as it is');
});

test('a team lead acts for the own department and for no other', () => {
  const units = [department('D1', ['team_lead']), department('D2', ['carrier'])];
  assert.equal(actingFor(kind, units[0], units), 'D1');
  assert.equal(actingFor(kind, units[1], units), null);
});

test('each kind of work has its place', () => {
  assert.equal(placeOf(kind), null);
  assert.equal(placeOf({...kind, list: 'draws', about: true}), '/app/verdicts');
  assert.equal(placeOf({...kind, list: 'returns', about: true}), null);
  assert.equal(placeOf({...kind, subject: 'point'}), '/app/relay');
  assert.equal(placeOf({...kind, type: 'capture', about: true}), '/app/receipts');
});

test('a carrier calls at the points of the own routes, an inspector at all', () => {
  const routes = [
    {id: 'r1', code: '1', name: '', mine: true},
    {id: 'r2', code: '2', name: '', mine: false},
  ];
  const points = [{route: 'r1'}, {route: 'r2'}, {route: null}];
  assert.deepEqual(pointsFor({...department('D1', ['carrier']), routes}, points), [{route: 'r1'}]);
  assert.equal(pointsFor({...department('D1', ['carrier', 'inspector']), routes}, points).length, 3);
  assert.equal(pointsFor({...department('D1', []), routes}, points).length, 3);
});

/** Letters by stratum, lists of the day, volumes and the relay register. */

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {tally} from '../../../static/js/domain/duties.js';
import {ahead, byConfirmation, changes, isShut, pointFact} from '../../../static/js/domain/register.js';
import {countOf, doubtOf, enough} from '../../../static/js/domain/strata.js';
import {volumeFact, volumeFaults} from '../../../static/js/domain/volumes.js';
import {ownNumbers, picked, returned, watched} from '../../../static/js/domain/waiting.js';
import {keeperOf, pointsFor} from '../../../static/js/domain/work.js';

const letters = (stratum, tags) => tags.map((tag, n) => ({subject: `${stratum}${n}`, stratum, tag}));

test('nonlocal letters count by address, and one without an address does not', () => {
  const all = letters('nonlocal', ['1号楼', ' 1号楼 ', '2号楼', null]);
  assert.equal(countOf(all, 'nonlocal', true), 2);
  assert.equal(countOf(all, 'nonlocal', false), 4);
  assert.deepEqual(
    all.map((_, i) => doubtOf(all, i)),
    [null, 'tag-twice', null, 'tag-missing'],
  );
  assert.equal(enough(all, {nonlocal: 2, local: 1}, ['nonlocal']), false);
});

test('a letter session on this phone counts only with enough of each stratum', () => {
  const duty = {
    code: 'letter-check-city',
    kind: 'letter',
    unit: 'D1',
    period: '2026-W47',
    measure: 'sessions',
    required: 2,
    done: 0,
    batch: null,
    strata: {nonlocal: 2, local: 1},
    distinct: ['nonlocal'],
  };
  const record = (items) => ({
    id: 'a',
    type: 'inspection',
    kind: 'letter',
    unit: 'D1',
    acting: 'D1',
    day: '2026-11-20',
    subjects: items.map(({subject}) => subject),
    state: 'unsent',
    sent: null,
    open: JSON.stringify({items}),
  });
  const local = letters('local', [null]);
  assert.equal(tally(duty, [record([...letters('nonlocal', ['1', '1']), ...local])]).waiting, 0);
  assert.equal(tally(duty, [record([...letters('nonlocal', ['1', '2']), ...local])]).waiting, 1);
});

test("the phone knows the own deliveries by the draws and the returned items, of the list's day or of any", () => {
  const draws = [
    {
      day: '2026-11-20',
      items: [
        {number: 'A', mine: true},
        {number: 'B', mine: false},
      ],
    },
    {day: '2026-11-19', items: [{number: 'C', mine: true}]},
  ];
  const returns = [{day: '2026-11-20', number: 'D', mine: true}];
  assert.deepEqual([...ownNumbers(draws, returns, '2026-11-20')], ['A', 'D']);
  assert.deepEqual([...ownNumbers(draws, returns, null)], ['A', 'C', 'D']);
});

test('returned items of the day that nobody judged wait, not those one delivered', () => {
  const row = {day: '2026-11-20', class: 'parcel', reason: '拒收', mine: false, judged: false};
  const rows = [
    {...row, number: 'A'},
    {...row, number: 'B', judged: true},
    {...row, number: 'C', mine: true},
    {...row, number: 'D', day: '2026-11-19'},
    {...row, number: 'E'},
  ];
  assert.deepEqual(
    returned(rows, '2026-11-20', new Set(['E'])).map(({number}) => number),
    ['A'],
  );
});

test('items chosen on this phone stand on the watch list before the server tells of them', () => {
  const open = JSON.stringify({items: [{subject: 'W1', class: 'letter', tag: '1号楼'}]});
  const record = {type: 'selection', kind: 'watch-pick', unit: 'D1', day: '2026-11-20', state: 'unsent', open};
  const own = picked([record, {...record, state: 'refused'}, {...record, unit: 'D2'}], 'D1');
  const pulled = [{day: '2026-11-20', subject: 'W2', class: 'express', drawn: true, judged: false}];
  assert.deepEqual(
    watched(pulled, '2026-11-20', new Set(), own).map(({number, drawn}) => [number, drawn]),
    [
      ['W2', true],
      ['W1', false],
    ],
  );
});

test('a blank volume says nothing, a zero says zero', () => {
  const typed = {express: {items: 0}, parcel: {items: null}, letter: {items: 4, returned: 1}};
  const {open} = volumeFact('D1', '2026-11-19', typed, '2026-11-20');
  assert.deepEqual(open.volumes, {express: {items: 0, returned: null}, letter: {items: 4, returned: 1}});
  assert.deepEqual([open.about, open.date, open.acting], ['2026-11-19', '2026-11-20', 'D1']);
  assert.equal(volumeFact('D1', '2026-11-19', {parcel: {items: null}}, '2026-11-20'), null);
  assert.equal(volumeFact('D1', '2026-11-19', {parcel: {items: Number.NaN}}, '2026-11-20'), null);
});

test('what came back of all numbered classes may be one number', () => {
  const {open} = volumeFact('D1', '2026-11-19', {}, '2026-11-20', 3);
  assert.deepEqual([open.volumes, open.returned], [{}, 3]);
  assert.equal('returned' in volumeFact('D1', '2026-11-19', {parcel: {items: 4}}, '2026-11-20').open, false);
  const both = {parcel: {items: 4, returned: 1}};
  assert.deepEqual(volumeFaults(both, 1), {returned: 'both'});
  assert.equal(volumeFact('D1', '2026-11-19', both, '2026-11-20', 1), null);
});

test('the phone takes the volumes that the server takes, and no others', () => {
  const cases = JSON.parse(readFileSync(new URL('../../vectors/volumes.json', import.meta.url), 'utf8'));
  for (const {volumes, returned, taken} of cases) {
    const fact = volumeFact('D1', '2026-11-19', volumes, '2026-11-20', returned);
    assert.equal(fact !== null, taken, JSON.stringify({volumes, returned}));
  }
});

test('who keeps a point travels apart from what the register says of it', () => {
  const now = Date.parse('2026-11-20T12:00:00+08:00');
  const values = changes({name: '收发室', keeper: '张'}, {name: '收发室 ', keeper: '李', address: ''});
  assert.deepEqual(values, {keeper: '李'});
  const {open, personal} = pointFact({unit: 'D1', point: 'p', op: 'change', values}, now);
  assert.deepEqual([open.type, open.op, 'values' in open, personal], ['point', 'change', false, {keeper: '李'}]);
  assert.equal(pointFact({unit: 'D1', point: 'p', op: 'confirm'}, now).personal, null);
});

test('the register is kept by the director, and by the county manager in the county’s name', () => {
  const city = {code: 'D1', level: 'department', roles: [], routes: []};
  const county = {code: 'C1', level: 'county', roles: ['county_manager'], routes: []};
  assert.equal(keeperOf(city, [city, county]), 'C1');
  assert.equal(keeperOf({...city, roles: ['director']}, [city, county]), 'D1');
  assert.equal(keeperOf({...city, roles: ['inspector']}, [city]), null);
  assert.equal(keeperOf(county, [city, county]), null);
});

test('nobody is sent to a closed point', () => {
  const points = [
    {id: 'a', route: null, closed: null},
    {id: 'b', route: 'r', closed: '2026-11-20'},
    {id: 'c', route: 'r'},
  ];
  const unit = {code: 'D1', level: 'department', roles: ['inspector'], routes: [{id: 'r', mine: true}]};
  const ids = (roles) => pointsFor({...unit, roles}, points).map(({id}) => id);
  assert.deepEqual(ids(['inspector']), ['a', 'c']);
  assert.deepEqual(ids(['carrier']), ['c']);
});

test('a county manager changes a point in the county’s name', () => {
  const {open} = pointFact({unit: 'D1', acting: 'C1', point: 'p', op: 'reopen'}, 0);
  assert.deepEqual([open.unit, open.acting, open.op], ['D1', 'C1', 'reopen']);
});

test('the last word on a point stands until the register tells it', () => {
  const record = (op, point, more) => {
    const open = JSON.stringify({op, point, ...(op === 'open' ? {values: {name: '新'}} : {})});
    return {type: 'point', unit: 'D1', state: 'unsent', sent: null, open, ...more};
  };
  const newest = [
    record('close', 'p'),
    record('change', 'p'),
    record('open', 'q'),
    record('confirm', 'r', {state: 'refused'}),
    record('confirm', 's', {state: 'stored', sent: 10}),
    record('confirm', 't', {state: 'stored', sent: 30}),
    record('confirm', 'u', {unit: 'D2'}),
  ];
  const said = [...ahead(newest, 'D1', 20)].map(([id, {op, values}]) => [id, op, values.name]);
  assert.deepEqual(said.sort(), [
    ['p', 'close', undefined],
    ['q', 'open', '新'],
    ['t', 'confirm', undefined],
  ]);
});

test('points that nobody ever confirmed stand first', () => {
  const points = [
    {name: 'a', confirmed: '2026-11-01'},
    {name: 'b', confirmed: null},
    {name: 'c', confirmed: '2026-10-01'},
  ];
  assert.deepEqual(
    byConfirmation(points).map(({name}) => name),
    ['b', 'c', 'a'],
  );
});

test('a point is closed from a day on, and called at until that day', () => {
  const now = Date.parse('2026-11-20T12:00:00+08:00');
  const {open} = pointFact({unit: 'D1', point: 'p', op: 'close', day: '2026-12-01', reason: '拆迁'}, now);
  assert.deepEqual([open.date, open.day], ['2026-11-20', '2026-12-01']);
  const point = {route: 'r1', closed: null, closes: '2026-12-01'};
  assert.deepEqual([isShut(point, '2026-11-30'), isShut(point, '2026-12-01')], [false, true]);
  const unit = {code: 'D1', name: '', level: 'department', roles: ['inspector'], routes: []};
  assert.equal(pointsFor(unit, [point], '2026-11-30').length, 1);
  assert.equal(pointsFor(unit, [point], '2026-12-01').length, 0); // the phone was not heard of since
});

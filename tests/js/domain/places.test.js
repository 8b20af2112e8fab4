import assert from 'node:assert/strict';
import {test} from 'node:test';
import {distance, matches, nearest, search} from '../../../static/js/domain/places.js';

const HALL = {
  id: '1',
  name: '锡林郭勒盟宾馆收发室',
  initials: 'xlglmbgsfs',
  address: '贝子庙大街12号',
  route: 'r1',
  latitude: 43.9333,
  longitude: 116.0833,
};
const VILLAGE = {
  id: '2',
  name: '巴彦宝拉格村邮站',
  initials: 'byblgcyz',
  address: '',
  route: 'r2',
  latitude: 44.0333,
  longitude: 116.0833,
};
const UNKNOWN = {
  id: '3',
  name: '希日塔拉嘎查',
  initials: 'xrtlgc',
  address: '',
  route: null,
  latitude: null,
  longitude: null,
};
const ROUTES = new Map([
  ['r1', 'S03'],
  ['r2', 'X11'],
]);

test('a tenth of a degree of latitude is eleven kilometres', () => {
  assert.ok(Math.abs(distance(HALL, VILLAGE) - 11119.5) < 1);
  assert.equal(distance(HALL, HALL), 0);
});

test('the nearest point comes first, those without coordinates last', () => {
  const rows = nearest([UNKNOWN, HALL, VILLAGE], {latitude: 44.03, longitude: 116.08});
  assert.deepEqual(
    rows.map(({point}) => point.id),
    ['2', '1', '3'],
  );
  assert.equal(rows[2].metres, null);
});

test('without a position the register keeps its order', () => {
  assert.deepEqual(
    nearest([VILLAGE, HALL], null).map(({point}) => point.id),
    ['2', '1'],
  );
});

for (const [query, ids] of [
  ['宾馆', ['1']],
  ['XLGL', ['1']],
  ['cyz', ['2']],
  ['x11', ['2']],
  ['贝子庙', ['1']],
  ['s03 宾馆', ['1']],
  ['s03 村', []],
  ['ｘｌｇｌ', ['1']],
  ['  ', ['1', '2', '3']],
]) {
  test(`searching ${JSON.stringify(query)} finds ${ids.length}`, () => {
    assert.deepEqual(
      search([HALL, VILLAGE, UNKNOWN], query, ROUTES).map(({id}) => id),
      ids,
    );
  });
}

test('a point without a route is found by name alone', () => {
  assert.equal(matches(UNKNOWN, '嘎查'), true);
  assert.equal(matches(UNKNOWN, 'S03', ROUTES), false);
});

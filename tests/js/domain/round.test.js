import assert from 'node:assert/strict';
import {test} from 'node:test';
import {distance} from '../../../static/js/domain/places.js';
import {doubtOf, inOrder, lengthOf, proposed, shifted, standsOf, statesOf} from '../../../static/js/domain/round.js';

const TODAY = '2026-11-20';
const point = (id, more = {}) => ({id, checked: null, latitude: null, longitude: null, ...more});
const visit = (day, items, positions = {}) => ({
  day,
  created: Date.parse(day),
  open: JSON.stringify({type: 'inspection', items}),
  personal: JSON.stringify({positions}),
});
const problem = (subject, found) => ({subject, found});

function state(one, known = {}) {
  return statesOf([one], {visits: [], problems: [], today: TODAY, ...known}).get(one.id);
}

test('visited is visited in this month, by anybody or on this phone', () => {
  assert.deepEqual(state(point('a')), {visited: false, failed: false});
  assert.deepEqual(state(point('a', {checked: '2026-10-31'})), {visited: false, failed: false});
  assert.deepEqual(state(point('a', {checked: '2026-11-01'})), {visited: true, failed: false});
  const visits = [visit('2026-11-19', [{subject: 'a', verdict: 'pass'}])];
  assert.deepEqual(state(point('a', {checked: '2026-10-31'}), {visits}), {visited: true, failed: false});
});

test('what failed stays so until a later visit, and is still to be visited in a new month', () => {
  const problems = [problem('a', '2026-10-20')];
  assert.deepEqual(state(point('a', {checked: '2026-10-20'}), {problems}), {visited: false, failed: true});
  assert.deepEqual(state(point('a', {checked: '2026-11-03'}), {problems}), {visited: true, failed: false});
  const fails = [visit('2026-11-20', [{subject: 'a', verdict: 'fail'}])];
  assert.deepEqual(state(point('a', {checked: '2026-11-03'}), {visits: fails}), {visited: true, failed: true});
});

test('a place is the register’s, then what this phone said, then where it stood itself', () => {
  const visits = [
    visit('2026-11-02', [{subject: 'a'}, {subject: 'b'}], {
      0: {latitude: 1, longitude: 2, accuracy: 12},
      1: {latitude: 3, longitude: 4, accuracy: 300},
    }),
    visit('2026-11-05', [{subject: 'a'}], {0: {latitude: 1.1, longitude: 2, accuracy: 20}}),
  ];
  const said = new Map([
    ['c', {op: 'change', values: {latitude: 7, longitude: 8}}],
    ['d', {op: 'change', values: {address: '东街'}}],
    ['e', {op: 'change', values: {latitude: null, longitude: null}}],
  ]);
  const points = [
    point('a'),
    point('b'),
    point('c', {latitude: 5, longitude: 6}),
    point('d', {latitude: 5, longitude: 6}),
    point('e', {latitude: 5, longitude: 6}),
  ];
  const stands = standsOf(points, {visits, said});
  assert.deepEqual(stands.get('a'), {latitude: 1.1, longitude: 2, accuracy: 20, source: 'visit', day: '2026-11-05'});
  assert.equal(stands.has('b'), false, 'too vague');
  assert.deepEqual([stands.get('c').latitude, stands.get('c').source], [7, 'phone']);
  assert.deepEqual([stands.get('d').latitude, stands.get('d').source], [5, 'register']);
  assert.equal(stands.has('e'), false, 'taken away');
});

test('a visit says something about the register only where it is exact and far away', () => {
  const fix = {latitude: 43.9, longitude: 116, accuracy: 20};
  assert.equal(doubtOf(null, fix), 'new');
  assert.equal(doubtOf(null, {...fix, accuracy: 51}), null);
  assert.equal(doubtOf({latitude: 43.9005, longitude: 116}, fix), null);
  assert.equal(doubtOf({latitude: 43.901, longitude: 116}, fix), 'other');
});

test('not yet visited comes first, inside as it was put, new ones last', () => {
  const states = statesOf([point('a', {checked: TODAY}), point('b'), point('c'), point('d')], {
    visits: [],
    problems: [],
    today: TODAY,
  });
  const ids = (kept) => inOrder([point('a'), point('b'), point('c'), point('d')], kept, states).map(({id}) => id);
  assert.deepEqual(ids(['a', 'd', 'b']), ['d', 'b', 'c', 'a']);
  assert.deepEqual(ids([]), ['b', 'c', 'd', 'a']);
});

test('one is moved, at most to an end', () => {
  assert.deepEqual(shifted(['a', 'b', 'c'], 'c', -1), ['a', 'c', 'b']);
  assert.deepEqual(shifted(['a', 'b', 'c'], 'a', 9), ['b', 'c', 'a']);
  assert.deepEqual(shifted(['a', 'b', 'c'], 'a', -1), ['a', 'b', 'c']);
  assert.deepEqual(shifted(['a', 'b'], 'x', 1), ['a', 'b']);
});

/** The same random places each time. */
function scattered(count) {
  let seed = 7;
  const dice = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
  return Array.from({length: count}, (_, i) => ({
    id: String(i),
    latitude: 43.9 + dice() * 0.2,
    longitude: 116 + dice() * 0.3,
  }));
}

test('points on a line are walked from one end to the other', () => {
  const line = [3, 0, 4, 1, 2].map((n) => ({id: `p${n}`, latitude: 43.9 + n / 100, longitude: 116}));
  assert.deepEqual(proposed(line, {latitude: 43.89, longitude: 116}), ['p0', 'p1', 'p2', 'p3', 'p4']);
  assert.deepEqual(proposed(line, {latitude: 43.95, longitude: 116}), ['p4', 'p3', 'p2', 'p1', 'p0']);
  assert.equal(proposed(line, null)[0], 'p3');
  assert.deepEqual(proposed([], null), []);
});

test('the proposal is shorter than going always to the nearest, no part of it is better turned around, and it is one', () => {
  const spots = scattered(60);
  const from = {latitude: 43.95, longitude: 116.1};
  const started = performance.now();
  const ids = proposed(spots, from);
  assert.ok(performance.now() - started < 500, 'some milliseconds; a test machine may be busy');
  assert.deepEqual(ids, proposed(spots, from));
  assert.deepEqual([...ids].sort(), spots.map(({id}) => id).sort());
  const byId = new Map(spots.map((spot) => [spot.id, spot]));
  const way = ids.map((id) => byId.get(id));
  const greedy = [from];
  const left = [...spots];
  while (left.length) {
    left.sort((a, b) => distance(greedy[greedy.length - 1], a) - distance(greedy[greedy.length - 1], b));
    greedy.push(left.shift());
  }
  const best = lengthOf([from, ...way]);
  assert.ok(best < lengthOf(greedy));
  for (let i = 0; i < way.length; i += 1)
    for (let j = i + 1; j <= way.length; j += 1) {
      const turned = [...way.slice(0, i), ...way.slice(i, j).reverse(), ...way.slice(j)];
      assert.ok(lengthOf([from, ...turned]) >= best - 0.01);
    }
});

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {overall, recordState, summary} from '../../../static/js/domain/status.js';

const photo = (state, problem = null) => ({sha256: state, size: 1, type: 'image/jpeg', state, problem});
const record = (more) => ({
  id: 'x',
  amends: null,
  target: null,
  state: 'stored',
  photos: [],
  held: null,
  problem: null,
  created: 5,
  ...more,
});
const engine = (more) => ({phase: 'idle', done: 0, total: 0, reason: null, ...more});
const code = (...args) => recordState(...args).code;

test('each record tells where it is', () => {
  assert.equal(code(record({state: 'unsent'})), 'phone');
  assert.equal(code(record({state: 'unsent'}), {sending: true}), 'sending');
  assert.equal(code(record({photos: [photo('missing'), photo('arrived')]})), 'photos');
  assert.equal(code(record({photos: [photo('arrived')]})), 'arrived');
  assert.equal(code(record({state: 'conflict'})), 'conflict');
  assert.equal(code(record({state: 'refused', problem: {code: 'own-delivery'}})), 'refused');
  assert.equal(code(record({state: 'waiting'})), 'waiting');
  assert.equal(code(record({held: 'clock'})), 'held');
});

test('what the server tells later overrules what it answered at first', () => {
  assert.equal(code(record({held: 'clock'}), {row: {state: 'in-force'}}), 'arrived');
  assert.equal(code(record({}), {row: {state: 'withdrawn'}}), 'withdrawn');
  assert.equal(code(record({state: 'waiting'}), {row: {state: 'in-force'}}), 'arrived');
});

test('a photo that was refused says why, and counts as missing', () => {
  const state = recordState(record({photos: [photo('refused', {code: 'photo-broken'})]}));
  assert.deepEqual([state.code, state.missing, state.problem.code], ['photos', 1, 'photo-broken']);
});

test('the whole phone: everything in, waiting, sending 3 of 20, stuck', () => {
  const none = summary([record({})]);
  const two = summary([record({due: 'fact'}), record({due: 'photos', created: 2})]);
  assert.deepEqual(overall(none, engine()), {code: 'all-in', n: 0, of: 0, reason: null});
  assert.equal(two.oldest, 2);
  assert.deepEqual(overall(two, engine({reason: 'offline'})), {code: 'waiting', n: 2, of: 0, reason: 'offline'});
  assert.deepEqual(overall(two, engine({phase: 'photos', done: 2, total: 20})), {
    code: 'sending',
    n: 3,
    of: 20,
    reason: null,
  });
  assert.deepEqual(overall(two, engine({reason: 'sign-in'})), {code: 'stuck', n: 2, of: 0, reason: 'sign-in'});
  assert.equal(overall(none, engine({reason: 'offline'})).code, 'all-in');
});

test('while a check is not submitted, not all is uploaded; what waits to be uploaded comes before it', () => {
  const none = summary([record({})]);
  assert.deepEqual(overall(none, engine(), 2), {code: 'draft', n: 2, of: 0, reason: null});
  assert.equal(overall(summary([record({due: 'fact'})]), engine(), 1).code, 'waiting');
  assert.equal(overall(none, engine({phase: 'sending', total: 3}), 1).code, 'sending');
});

test('a record that somebody has checked says so, and only once it has been uploaded', () => {
  const row = {state: 'in-force', judged: true};
  assert.equal(recordState(record({}), {row}).judged, true);
  assert.equal(recordState(record({state: 'unsent'}), {row}).judged, false);
  assert.equal(recordState(record({}), {row: {...row, state: 'withdrawn'}}).judged, false);
});

test('a refused record or photo needs a person, so it is never called all in', () => {
  const held = summary([record({state: 'refused'}), record({photos: [photo('refused')]})]);
  assert.deepEqual(overall(held, engine()), {code: 'stuck', n: 2, of: 0, reason: 'refused'});
});

test('what was corrected or withdrawn since no longer waits for a person', () => {
  const lost = record({id: 'a', photos: [{...photo('refused'), told: true}]});
  const contested = record({id: 'b', state: 'conflict'});
  const count = (...more) => {
    const {photos, conflicts} = summary([lost, contested, ...more]);
    return [photos, conflicts];
  };
  assert.deepEqual(count(), [1, 1]);
  assert.deepEqual(count(record({id: 'c', amends: 'a'})), [0, 1]);
  const untold = record({id: 'd', photos: [photo('refused')]});
  assert.deepEqual(count(record({id: 'c', amends: 'd'}), untold), [2, 1], 'the server has not heard of it yet');
  assert.deepEqual(count(record({id: 'c', target: 'b', type: 'withdrawal'})), [1, 0]);
  assert.deepEqual(count(record({id: 'c', target: 'b', type: 'confirmation'})), [1, 1]);
  assert.deepEqual(
    count(record({id: 'c', amends: 'a', state: 'refused'})),
    [1, 1],
    'a refused correction mends nothing',
  );
  assert.deepEqual(
    count(record({id: 'c', amends: 'a'}), record({id: 'd', target: 'c', type: 'withdrawal'})),
    [1, 1],
    'nor does one that was withdrawn',
  );
  const {photos, conflicts} = summary(
    [lost, contested],
    [
      {id: 'a', state: 'superseded'},
      {id: 'b', state: 'in-force', conflict: false},
    ],
  );
  assert.deepEqual([photos, conflicts], [0, 0], 'what was settled elsewhere is settled');
  const three = record({id: 'e', photos: [photo('refused'), photo('refused'), photo('refused')]});
  assert.equal(summary([three]).photos, 1, 'records are counted');
});

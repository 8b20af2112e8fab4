/** Whose turn it is, by when, and how a case stands with what waits on this phone. */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {deadlineOf, standingOf, standings, waitingFor} from '../../../static/js/domain/cases.js';
import {localDay} from '../../../static/js/domain/days.js';
import {weightOf} from '../../../static/js/domain/severities.js';
import {may, RULES, row, said, step} from '../cases.js';

const TODAY = '2026-11-20';
const ids = (all) => all.map(({row: {id}}) => id);

for (const [due, code, n, tone] of [
  ['2026-11-27', 'left', 7, 'quiet'],
  ['2026-11-23', 'left', 3, 'quiet'],
  ['2026-11-22', 'left', 2, 'warn'],
  ['2026-11-21', 'left', 1, 'warn'],
  ['2026-11-20', 'today', 0, 'warn'],
  ['2026-11-19', 'over', 1, 'bad'],
  ['2025-11-20', 'over', 365, 'bad'],
]) {
  test(`due on ${due}, seen on ${TODAY}: ${code} ${n}, ${tone}`, () => {
    assert.deepEqual(deadlineOf(due, TODAY), {code, n, tone});
  });
}

test('the day turns at midnight in Inner Mongolia, wherever the phone believes to be', () => {
  const late = localDay(Date.parse('2026-11-20T15:59:59Z'));
  const early = localDay(Date.parse('2026-11-20T16:00:00Z'));
  assert.deepEqual(
    [late, early].map((today) => deadlineOf('2026-11-20', today).code),
    ['today', 'over'],
  );
});

test('the own turn comes first, what is due first in it; then what is looked at again, what waits, what ended last', () => {
  const answered = {state: 'mended', late: 'checker', mine: false};
  const rows = [
    row('ended', {state: 'over', ended: true, late: null, may: [], history: [step('a', {day: '2026-11-10'})]}),
    row('ended-later', {state: 'over', ended: true, late: null, may: [], history: [step('b', {day: '2026-11-12'})]}),
    row('others', {may: [], due: '2026-11-01'}),
    row('again', {...answered, may: [may('accept'), may('reject')], due: '2026-11-21'}),
    row('later', {due: '2026-11-25'}),
    row('never', {due: null}),
    row('sooner', {due: '2026-11-20'}),
    row('may-delay', {may: [may('delay')], due: '2026-11-02'}), // somebody else's, though its time can be asked for
  ];
  assert.deepEqual(ids(standings(rows, [], RULES, TODAY)), [
    ...['sooner', 'later', 'never'],
    'again',
    ...['others', 'may-delay'],
    ...['ended-later', 'ended'],
  ]);
});

test('what only the desk can decide stands with what is looked at again, while its owner has nothing to do', () => {
  const group = (more) => standingOf(row('a', {may: [], desk: true, ...more}), [], RULES, TODAY).group;
  assert.equal(group({late: 'county'}), 'check');
  assert.equal(group({late: 'owner'}), 'waiting');
  assert.equal(group({late: 'county', desk: false}), 'waiting');
});

test('counts: due today, overdue, all of the own, and what is to be looked at again', () => {
  const rows = [
    row('a', {due: '2026-11-20'}),
    row('b', {due: '2026-11-19'}),
    row('c'),
    row('d', {late: 'checker', state: 'mended', may: [may('accept')], due: '2026-11-01'}),
    row('e', {may: [], due: '2026-11-01'}),
  ];
  assert.deepEqual(waitingFor(standings(rows, [], RULES, TODAY), TODAY), {turn: 3, over: 1, today: 1, check: 1});
});

test('what was answered here stands as it will, has no more moves and is nobody’s turn on this phone', async () => {
  const one = standingOf(row('a'), [await said('a', 'mend')], RULES, TODAY);
  assert.deepEqual(
    [one.state, one.changed, one.group, one.ways, one.due, one.ended],
    ['mended', true, 'waiting', [], null, false],
  );
});

test('what will end by what was done here stands among the ended, as expected', async () => {
  const answered = row('a', {state: 'mended', late: 'checker', may: [may('accept'), may('reject')]});
  const one = standingOf(answered, [await said('a', 'accept')], RULES, TODAY);
  assert.deepEqual([one.state, one.changed, one.group, one.ended], ['over', true, 'ended', true]);
});

test('once the server tells of the move, its word counts', async () => {
  const record = await said('a', 'mend', {state: 'stored'});
  const told = row('a', {state: 'mended', late: 'checker', may: [], history: [step(record.id)]});
  const one = standingOf(told, [record], RULES, TODAY);
  assert.deepEqual([one.state, one.changed, one.ahead], ['mended', false, []]);
});

test('taken in, but not told of yet: nothing more can be done', async () => {
  const one = standingOf(row('a'), [await said('a', 'mend', {state: 'stored'})], RULES, TODAY);
  assert.deepEqual([one.state, one.ways], ['mended', []]);
});

test('a refused move leaves the case where it stood, and is kept beside it', async () => {
  const record = await said('a', 'mend', {state: 'refused', problem: {code: 'case-moved'}});
  const one = standingOf(row('a'), [record], RULES, TODAY);
  assert.deepEqual([one.state, one.changed, one.refused, one.ways.length], ['begun', false, [record], 1]);
});

test('after a move that leaves the state the others are left, that one is not; after one that takes it on, none', async () => {
  const open = row('a', {may: [may('mend'), may('delay')]});
  const delay = await said('a', 'delay');
  const codes = (records) => standingOf(open, records, RULES, TODAY).ways.map(({move: {code}}) => code);
  assert.deepEqual(codes([]), ['mend', 'delay']);
  assert.deepEqual(codes([delay]), ['mend']);
  assert.deepEqual(codes([delay, await said('a', 'mend')]), []);
});

test('what the rules do not know, what asks for what is unknown here, and what is too late is not offered', () => {
  const codes = (...ways) => standingOf(row('a', {may: ways}), [], RULES, TODAY).ways.map(({move: {code}}) => code);
  assert.deepEqual(codes(may('mend'), may('vanish'), may('stamp')), ['mend']);
  assert.deepEqual(codes(may('delay', {until: '2026-11-20'})), ['delay']);
  assert.deepEqual(codes(may('delay', {until: '2026-11-19'})), []);
  assert.deepEqual(codes(may('delay', {days: {first: '2026-11-10', last: '2026-11-19'}})), []);
});

test('a move of rules that are gone waits all the same: nothing is done beside it', async () => {
  const one = standingOf(row('a'), [await said('a', 'vanish')], RULES, TODAY);
  assert.deepEqual([one.state, one.ways, one.group], ['begun', [], 'waiting']);
});

test('a server without cases has none', () => {
  assert.deepEqual(standings([row('a')], [], null, TODAY), []);
});

test('how heavy: by the order of the rules, not by a code', () => {
  const weights = ['light', 'middling', 'heavy', 'unheard'].map((code) => weightOf(RULES, code));
  assert.deepEqual(weights, [0, 1, 2, 0]);
});

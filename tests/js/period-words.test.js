/** A line that is about another week than this one says which: two reviews of one name stand on Today at once. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {otherPeriodText} from '../../static/js/ui/dates.js';

const MONDAY = Date.parse('2026-11-30T12:00:00+08:00');

for (const [period, said] of [
  ['2026-11-30', ''],
  ['2026-11-29', '昨天'],
  ['2026-11-20', '11月20日'],
  ['2026-W49', ''],
  ['2026-W48', '11月23日–11月29日'],
  ['2026-11', ''],
  ['2026-10', '10月1日–10月31日'],
  ['2025-Q4', '2025年10月1日–2025年12月31日'],
  ['2026-F2', ''], // a form of a later release
]) {
  test(`${period} on 30 November 2026: ${said || 'nothing'}`, () => {
    assert.equal(otherPeriodText(period, MONDAY), said);
  });
}

test('the last minute of a week belongs to it in Inner Mongolia, wherever the phone believes to be', () => {
  assert.equal(otherPeriodText('2026-W48', Date.parse('2026-11-29T15:59:59Z')), '');
  assert.notEqual(otherPeriodText('2026-W48', Date.parse('2026-11-29T16:00:00Z')), '');
});

/** What a person says about a record that is on its way: rightly dated, or of another day. */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {confirmation} from '../../../static/js/domain/amendments.js';

const NOW = Date.parse('2026-11-29T09:00:00+08:00');
const HELD = {id: '0193f0a1-0000-7000-8000-000000000001', unit: '152502002', acting: '152502002'};

test('a confirmation as dated says no day, as a phone of the first release says it', () => {
  const {open, personal} = confirmation(HELD, NOW);
  assert.equal(personal, null);
  assert.deepEqual(open, {
    v: 1,
    type: 'confirmation',
    unit: HELD.unit,
    acting: HELD.acting,
    date: '2026-11-29',
    target: HELD.id,
  });
});

test('work of another day is confirmed with that day, beside the date on which it is said', () => {
  const {open} = confirmation(HELD, NOW, '2026-11-27');
  assert.deepEqual([open.day, open.date], ['2026-11-27', '2026-11-29']);
});

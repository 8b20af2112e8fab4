import assert from 'node:assert/strict';
import {test} from 'node:test';
import {holds} from '../../../static/js/ui/filter-rows.js';

test('a name holds every typed word, in any form of writing; of no word all names do', () => {
  assert.ok(holds('宝力根街道投递部', '根街道'));
  assert.ok(holds('Ａbaga Branch', 'branch abaga'));
  assert.ok(!holds('宝力根街道投递部', '根街道 支局'));
  assert.ok(holds('宝力根街道投递部', '  '));
});

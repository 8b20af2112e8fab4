/** What the plan of a special check lets somebody do, as the phone knows it. */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {actingFor, deskOf, keeperOf, kindsAt} from '../../../static/js/domain/work.js';

const unit = (code, level, above, roles = [], more = {}) => ({code, level, above, roles, routes: [], ...more});
const RELAY = {code: 'relay', subject: 'point', roles: ['carrier', 'county_manager', 'campaign_inspector']};
const LETTER = {code: 'letter', subject: 'letter', roles: ['inspector']};
const OWN = unit('D1', 'department', ['R', 'L', 'C1'], ['carrier'], {checked_for: null});
const NAMED = unit('D2', 'department', ['R', 'L', 'C2'], [], {checked_for: 'L'});

test('who is named in a plan acts there for whoever owns it, and nowhere else', () => {
  const units = [OWN, NAMED];
  assert.equal(actingFor(RELAY, NAMED, units), 'L');
  assert.equal(actingFor(RELAY, OWN, units), 'D1');
  assert.equal(actingFor(LETTER, NAMED, units), null);
  assert.equal(actingFor(RELAY, {...NAMED, checked_for: null}, units), null);
  assert.deepEqual(
    kindsAt(NAMED, units, [RELAY, LETTER]).map(({code}) => code),
    ['relay'],
  );
});

test('the own role goes before the plan', () => {
  const county = unit('C2', 'county', ['R', 'L'], ['county_manager']);
  assert.equal(actingFor(RELAY, NAMED, [county, NAMED]), 'C2');
});

test('a plan makes nobody a keeper of the register there, nor does it open the desk', () => {
  const county = unit('C1', 'county', ['R', 'L'], ['county_manager']);
  assert.equal(keeperOf(NAMED, [county, NAMED]), null);
  assert.equal(keeperOf(OWN, [county, OWN]), 'C1');
  assert.equal(deskOf([{role: 'carrier'}, {role: 'campaign_inspector'}]), null);
});

/** A name is found on the phone however it is written, as at the desk. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {matches} from '../../../static/js/domain/places.js';
import {sought} from '../../../static/js/domain/spelling.js';

const rows = JSON.parse(readFileSync(new URL('../../vectors/names.json', import.meta.url), 'utf8'));
const bracketless = (/** @type {string} */ text) => text.replace(/[（）()]/g, '');

for (const row of rows) {
  test(`${JSON.stringify(row.written)} is sought as the server seeks it`, () => {
    assert.equal(bracketless(sought(row.written)), bracketless(row.sought));
  });
}

test('a relay point is found in any form: full width, other dots and dashes, spaces, zero width', () => {
  const point = /** @type {any} */ ({
    name: '孟和·巴图小卖部 A-3',
    initials: 'mhbtxmb',
    address: '团结路 ２号',
    route: 'r',
  });
  for (const query of [
    '孟和•巴图',
    '孟和巴图',
    '孟和　巴图',
    '小卖部Ａ－３',
    'a–3',
    '\u200b巴图',
    'ｍｈｂｔ',
    '团结路2号',
    '2号 巴图',
  ]) {
    assert.ok(matches(point, query), query);
  }
  assert.ok(matches(point, '１', new Map([['r', '１－１']])));
  assert.ok(!matches(point, '孟和苏木'));
});

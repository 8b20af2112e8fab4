import assert from 'node:assert/strict';
import {test} from 'node:test';
import {numbersOn, Sightings} from '../../../static/js/domain/labels.js';

const [FIRST, SECOND, ABROAD] = ['9880200000101', '9880200000102', 'RR123456785CN'];
const bars = (text, format = 'Code128') => ({text, format});
const square = (text) => ({text, format: 'QRCode'});
const GOODS = bars('6901234567892', 'EAN13');

const CASES = [
  ['a label', [bars(FIRST)], [FIRST], null],
  ['a label in Code 39, in small letters', [bars('rr123456785cn', 'Code39')], [ABROAD], null],
  ['two labels', [bars(FIRST), bars(SECOND)], [FIRST, SECOND], null],
  ['one label read twice', [bars(FIRST), square(FIRST)], [FIRST], null],
  ['a label beside the number of a shop', [bars('SHOP-77'), bars(FIRST)], [FIRST], null],
  ['a label beside a code of goods', [GOODS, bars(FIRST)], [FIRST], null],
  ['a code of goods alone: thirteen digits, and no item', [GOODS], [], 'goods'],
  ['the number within an address', [square(`https://e.example/t?mail=${FIRST}&x=1`)], [FIRST], null],
  ['an address without one', [square('https://e.example/app')], [], 'no-number'],
  ['an address with two', [square(`https://e.example/?a=${FIRST}&b=${SECOND}`)], [], 'no-number'],
  ['thirteen digits among more digits', [square(`${FIRST}77`)], [], 'no-number'],
  ['a label in no known form, alone', [bars('SHOP-77')], ['SHOP-77'], null],
  ['a wrong check digit, alone: the person decides', [bars('RR123456784CN')], ['RR123456784CN'], null],
  ['two labels in no known form', [bars('SHOP-77'), bars('SHOP-78')], [], 'no-number'],
  ['nothing', [], [], null],
];

for (const [name, labels, numbers, remark] of CASES)
  test(`of ${name}`, () => assert.deepEqual(numbersOn(labels), {numbers, remark}));

const look = (labels = [], striped = false) => ({labels, striped});

test('a label that stays in the picture is one look; it is a second one when it comes again', () => {
  const sightings = new Sightings(0);
  const found = [100, 200, 2600, 5000].map((now) => sightings.news(look([bars(FIRST)]), now).numbers.length);
  assert.deepEqual(found, [1, 0, 0, 0]);
  assert.deepEqual(sightings.news(look([bars(FIRST)]), 7500).numbers, [FIRST]);
});

test('two labels that are seen in turn are two looks, however often they are seen', () => {
  const sightings = new Sightings(0);
  const found = [0, 100, 200, 300].map((now, i) => sightings.news(look([bars([FIRST, SECOND][i % 2])]), now).numbers);
  assert.deepEqual(found, [[FIRST], [SECOND], [], []]);
});

test('a number that could not be asked about comes again', () => {
  const sightings = new Sightings(0);
  sightings.news(look([bars(FIRST)]), 0);
  sightings.forget(FIRST);
  assert.deepEqual(sightings.news(look([bars(FIRST)]), 100).numbers, [FIRST]);
});

test('bars that nothing reads are said after a second and a half, and once', () => {
  const sightings = new Sightings(0);
  const said = [0, 1000, 1500, 1600, 9000].map((now) => sightings.news(look([], true), now).remark);
  assert.deepEqual(said, [null, null, 'unreadable', null, null]);
});

test('a camera that sees no bars says so after eight seconds, and once', () => {
  const sightings = new Sightings(1000);
  const said = [2000, 8999, 9000, 20_000].map((now) => sightings.news(look(), now).remark);
  assert.deepEqual(said, [null, null, 'nothing', null]);
});

test('what was said may be said again after something was read', () => {
  const sightings = new Sightings(0);
  assert.equal(sightings.news(look([GOODS]), 0).remark, 'goods');
  assert.equal(sightings.news(look([GOODS]), 100).remark, null);
  sightings.news(look([bars(FIRST)]), 200);
  assert.equal(sightings.news(look([GOODS]), 300).remark, 'goods');
});

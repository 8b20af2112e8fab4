import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {prepareZXingModule, readBarcodes} from 'zxing-wasm/reader';
import {numbersOn} from '../../../static/js/domain/labels.js';
import {greyOf} from '../../../static/js/domain/picture/grey.js';
import {isStriped} from '../../../static/js/domain/picture/stripes.js';
import {LOOKS, turned} from '../../../static/js/ui/looks.js';
import {fill, pictureOf} from '../labels.js';

const WASM = new URL('../../../node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url);
prepareZXingModule({overrides: {wasmBinary: readFileSync(WASM)}});

const [FIRST, SECOND, ABROAD] = ['9880200000101', '9880200000102', 'RR123456785CN'];

/** What one round of looks finds. */
async function numbers(picture) {
  const found = new Set();
  for (const {options, inverted} of LOOKS) {
    const copy = {...picture, data: picture.data.slice()};
    const labels = await readBarcodes(inverted ? turned(copy) : copy, options);
    for (const number of numbersOn(labels).numbers) found.add(number);
  }
  return [...found].sort();
}

const READ = [
  ['Code 128', [{text: FIRST}], [FIRST]],
  ['two labels in one picture', [{text: FIRST}, {text: SECOND, x: 700}], [FIRST, SECOND]],
  ['Code 39', [{text: ABROAD, format: 'Code39'}], [ABROAD]],
  ['a QR code', [{text: FIRST, format: 'QRCode'}], [FIRST]],
  ['a QR code with an address', [{text: `https://e.example/t?mail=${FIRST}`, format: 'QRCode'}], [FIRST]],
  ['a label beside a code of goods', [{text: FIRST}, {text: '6901234567892', format: 'EAN13', x: 700}], [FIRST]],
  ['a code of goods alone', [{text: '6901234567892', format: 'EAN13'}], []],
];

for (const [name, labels, expected] of READ)
  test(`the camera reads ${name}`, async () => assert.deepEqual(await numbers(await pictureOf(labels)), expected));

for (const format of ['Code128', 'Code39', 'QRCode'])
  test(`light bars on dark ground are read: ${format}`, async () => {
    const picture = await pictureOf([{text: ABROAD, format, inverted: true}], {ground: 20});
    assert.deepEqual(await numbers(picture), [ABROAD]);
  });

test('a scratched label is not read, and seen to be one', async () => {
  const picture = await pictureOf([{text: FIRST}]);
  for (const x of [200, 320, 400]) fill(picture, {x, y: 100, wide: 24, high: 200}, () => 235);
  assert.deepEqual(await numbers(picture), []);
  assert.equal(isStriped(greyOf(picture)), true);
});

test('so is one whose end is cut off, also when it stands upright', async () => {
  const {width, height, data} = await pictureOf([{text: FIRST, x: 0}]);
  fill({width, data}, {x: 0, y: 0, wide: 100, high: height}, () => 235);
  const upright = {width: height, height: width, data: new Uint8ClampedArray(data.length)};
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      upright.data.set(data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4), (x * height + y) * 4);
  assert.deepEqual(await numbers(upright), []);
  assert.equal(isStriped(greyOf(upright)), true);
});

test('writing, an empty sheet and noise are no label', () => {
  let state = 7;
  const rng = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const grey = (light) => {
    const picture = {width: 640, height: 216, data: new Uint8Array(640 * 216)};
    for (let at = 0; at < picture.data.length; at++) picture.data[at] = light(at % 640, Math.floor(at / 640));
    return picture;
  };
  assert.equal(isStriped(grey(() => 235)), false);
  assert.equal(isStriped(grey(() => Math.floor(rng() * 256))), false);
  const strokes = Array.from({length: 40 * 20}, () => rng());
  const letter = (x, y) => strokes[Math.floor(y / 20) * 40 + Math.floor(x / 16)];
  const written = (x, y) => {
    const [u, v] = [x % 16, y % 20];
    if (v > 13 || u > 11) return 235;
    const kind = Math.floor(letter(x, y) * 4);
    return [u < 3, v < 3, Math.abs(u - v) < 2, Math.abs(11 - u - v) < 2][kind] ? 30 : 235;
  };
  assert.equal(isStriped(grey(written)), false);
});

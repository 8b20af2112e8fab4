import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {readNumber} from '../../../static/js/domain/numbers.js';

const vectors = JSON.parse(readFileSync(new URL('../../vectors/numbers.json', import.meta.url), 'utf8'));

for (const {text, ...expected} of vectors.numbers) {
  test(`the number ${JSON.stringify(text)} reads as ${expected.warning ?? 'good'}`, () => {
    assert.deepEqual(readNumber(text), expected);
  });
}

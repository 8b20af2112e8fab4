import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {characters, isBlank, lengthOf, tidy} from '../../../static/js/domain/text-lengths.js';

const {texts} = JSON.parse(readFileSync(new URL('../../vectors/texts.json', import.meta.url), 'utf8'));

for (const {text, length, blank} of texts) {
  test(`${JSON.stringify(text)} has ${length} characters for whoever reads it`, () => {
    assert.equal(lengthOf(text), length);
    assert.equal(isBlank(text), blank);
    assert.equal(characters(text).join(''), text);
  });
}

test('what a browser takes for one character is one here', () => {
  const segmenter = new Intl.Segmenter('zh', {granularity: 'grapheme'});
  for (const {text} of texts.slice(1, 17)) {
    assert.deepEqual(
      characters(text),
      [...segmenter.segment(text)].map(({segment}) => segment),
      text,
    );
  }
});

test('half a character and NUL are not written down, nor a text of which nothing is to be seen', () => {
  assert.equal(tidy('a\ud83d\0 b \n'), 'a b');
  assert.equal(tidy('\u200b\ufeff '), '');
});

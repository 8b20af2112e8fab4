import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {led} from '../../../static/js/ui/grid-keys.js';
import {KEYS, pressed, shownKey} from '../../../static/js/ui/keys.js';
import {forgetOthers, recent, remember, turnTo} from '../../../static/js/ui/palette.js';

const template = (name) => readFileSync(new URL(`../../../templates/${name}`, import.meta.url), 'utf8');

/** A browser's storage. */
const storage = () => {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
};

test('the sheet has words for each key, and for none that does nothing', () => {
  const said = [...template('parts/keys.html').matchAll(/"([a-z-]+)": _\(/g)].map(([, code]) => code);
  assert.deepEqual(said.sort(), KEYS.map(({code}) => code).sort());
});

test('where two keys are alike they belong to different pages, and what the browser does itself is left to it', () => {
  const seen = new Set();
  for (const {keys, where} of KEYS)
    for (const key of keys) {
      assert.ok(!seen.has(`${key} ${where}`), key);
      seen.add(`${key} ${where}`);
    }
  for (const {code, deed} of KEYS)
    assert.equal(
      Boolean(deed),
      !(['row-open', 'cell-open', 'close'].includes(code) || code.startsWith('photo-')),
      code,
    );
});

test('a key is called alike on every keyboard: Ctrl or Cmd, and what a Chinese keyboard writes', () => {
  const key = (name, more = {}) => ({
    key: name,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...more,
  });
  assert.equal(pressed(key('K', {ctrlKey: true})), 'Mod+k');
  assert.equal(pressed(key('k', {metaKey: true})), 'Mod+k');
  assert.equal(pressed(key('Home', {ctrlKey: true})), 'Mod+Home');
  assert.equal(pressed(key('？')), '?');
  assert.equal(pressed(key('、')), '/');
  assert.equal(pressed(key('?', {shiftKey: true})), '?');
  assert.equal(pressed(key('j', {altKey: true})), '');
  assert.equal(pressed(key('ArrowUp', {shiftKey: true})), '');
  assert.deepEqual(shownKey('Mod+k', true), ['⌘', 'K']);
  assert.deepEqual(shownKey('Mod+End', false), ['Ctrl', 'End']);
  assert.deepEqual(shownKey('ArrowUp', false), ['↑']);
  assert.deepEqual(shownKey('+', false), ['+']);
});

test('from cell to cell, and no further than the edges', () => {
  const from = {row: 1, column: 1};
  const to = (key) => Object.values(led(from, key, 3, 4));
  assert.deepEqual(to('ArrowUp'), [0, 1]);
  assert.deepEqual(to('ArrowDown'), [2, 1]);
  assert.deepEqual(to('ArrowLeft'), [1, 0]);
  assert.deepEqual(to('ArrowRight'), [1, 2]);
  assert.deepEqual(to('Home'), [1, 0]);
  assert.deepEqual(to('End'), [1, 3]);
  assert.deepEqual(to('Mod+Home'), [0, 0]);
  assert.deepEqual(to('Mod+End'), [2, 3]);
  assert.deepEqual(led({row: 0, column: 0}, 'ArrowUp', 3, 4), {row: 0, column: 0});
  assert.deepEqual(led({row: 2, column: 3}, 'ArrowRight', 3, 4), {row: 2, column: 3});
});

test('the options are a ring with the text before the first', () => {
  assert.deepEqual([turnTo(-1, 1, 2), turnTo(0, 1, 2), turnTo(1, 1, 2)], [0, 1, -1]);
  assert.deepEqual([turnTo(-1, -1, 2), turnTo(0, -1, 2)], [1, -1]);
  assert.equal(turnTo(-1, 1, 0), -1);
});

test('what was opened lately is the person’s own, each once, the latest first, and only of this server', () => {
  const kept = storage();
  const row = (url) => ({label: url, hint: '', url, icon: 'unit'});
  for (const url of ['/a', '/b', '/a', ...'12345'.split('').map((n) => `/${n}`)]) remember(kept, 'me', row(url));
  assert.deepEqual(
    recent(kept, 'me').map(({url}) => url),
    ['/5', '/4', '/3', '/2', '/1', '/a'],
  );
  assert.deepEqual(recent(kept, 'you'), []);
  kept.setItem(
    'toucha-recent',
    JSON.stringify({person: 'me', rows: [row('javascript:1'), row('//a.b'), row('/\\a'), null]}),
  );
  assert.deepEqual(recent(kept, 'me'), []);
  kept.setItem('toucha-recent', '{');
  assert.deepEqual(recent(kept, 'me'), []);
});

test('of somebody else, and of nobody any more, nothing stays', () => {
  for (const person of ['you', '-', undefined]) {
    const kept = storage();
    remember(kept, 'me', {label: '王芳', hint: '', url: '/people/1', icon: 'people'});
    forgetOthers(kept, 'me');
    assert.equal(recent(kept, 'me').length, 1);
    forgetOthers(kept, person);
    assert.equal(kept.getItem('toucha-recent'), null);
  }
});

/** Both languages say everything, and nothing is said that has no words. */

import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {test} from 'node:test';
import {zh as casesZh} from '../../static/js/messages/cases.js';
import {en} from '../../static/js/messages/en.js';
import {zh as screensZh} from '../../static/js/messages/screens.js';
import {zh as firstZh} from '../../static/js/messages/zh.js';
import {failed} from '../../static/js/ui/language.js';

// What comes with the app, and what comes with the screens behind Today.
const zh = {...firstZh, ...screensZh, ...casesZh};

const ROOT = new URL('../../static/js/', import.meta.url);

function sources() {
  const folders = ['./', 'ui/', 'screens/'];
  const files = folders.flatMap((folder) => readdirSync(new URL(folder, ROOT)).map((name) => folder + name));
  return files.filter((name) => name.endsWith('.js')).map((name) => [name, readFileSync(new URL(name, ROOT), 'utf8')]);
}

/** Places of a text: `{n}`; of a function, what it takes apart. */
function places(text) {
  const source = String(text);
  const found = typeof text === 'function' ? [] : [...source.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return found.sort().join();
}

test('both languages have the same keys', () => {
  assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort());
});

test('no text is said twice', () => {
  const said = [firstZh, screensZh, casesZh].flatMap((words) => Object.keys(words));
  assert.deepEqual(
    said.filter((key, place) => said.indexOf(key) < place),
    [],
  );
});

/** The files that stand before Today does: what app.js imports, and what that imports. */
function before(file = 'app.js', seen = new Set()) {
  if (seen.has(file) || !file.endsWith('.js')) return seen;
  seen.add(file);
  const source = readFileSync(new URL(file, ROOT), 'utf8');
  for (const [, path] of source.matchAll(/^(?:import|export)[^;'"]*'(\.[^']+)';/gm))
    before(new URL(path, new URL(file, ROOT)).href.slice(ROOT.href.length), seen);
  return seen;
}

test('what is said before the other screens have come has come with the app', () => {
  const files = [...before()].filter((name) => !name.startsWith('messages/'));
  assert.ok(files.length > 40 && files.includes('screens/today.js') && !files.includes('screens/check.js'));
  const all = files.map((name) => readFileSync(new URL(name, ROOT), 'utf8')).join('\n');
  const families = [...all.matchAll(/`([a-z][\w-]*\.)(?:[\w-]+\.)?\$\{/g)].map(([, family]) => family);
  const late = [...Object.keys(screensZh), ...Object.keys(casesZh)].filter(
    (key) => all.includes(`'${key}'`) || families.some((family) => key.startsWith(family)),
  );
  assert.deepEqual(late, []);
  assert.ok(Object.keys(firstZh).length < 250, 'words of other screens belong into messages/screens.js');
});

test('no text is empty', () => {
  for (const [key, text] of [...Object.entries(zh), ...Object.entries(en)]) assert.ok(text, key);
});

test('Chinese texts are Chinese', () => {
  const latin = new Set(['of', 'language.en', 'list.and', 'need.and', 'case.says']);
  for (const [key, text] of Object.entries(zh)) {
    if (!latin.has(key)) assert.match(String(text), /[一-鿿]/, key);
  }
});

test('a plain text names the same places in both languages', () => {
  for (const key of Object.keys(zh)) {
    if (typeof en[key] === 'function') continue;
    assert.equal(places(en[key]), places(zh[key]), key);
  }
});

test('an English text with a plural can be said of one, of none and of many', () => {
  for (const [key, text] of Object.entries(en)) {
    if (typeof text !== 'function') continue;
    for (const n of [0, 1, 21]) {
      const said = text({n, records: n, photos: n});
      assert.match(said, new RegExp(`\\b${n}\\b`), `${key}: ${said}`);
      assert.doesNotMatch(said, /undefined|\b1 \w+s\b/, `${key}: ${said}`);
    }
  }
});

test('every sentence that a screen asks for exists', () => {
  const asked = new Set();
  for (const [, source] of sources()) {
    for (const [call] of source.matchAll(/\bt\(([^`()]|\([^()]*\))*/g)) {
      const first = call.slice(2).split(/,\s*\{/)[0]; // what comes before the values
      for (const [, key] of first.matchAll(/(?<![=!]=\s)'([a-z][\w.-]*)'/g)) asked.add(key);
    }
  }
  assert.ok(asked.size > 150, `found only ${asked.size} keys`);
  const missing = [...asked].filter((key) => !(key in zh));
  assert.deepEqual(missing, []);
});

test('no sentence is left that no screen asks for', () => {
  const all = sources()
    .map(([, source]) => source)
    .join('\n');
  const families = [...all.matchAll(/`([a-z][\w-]*\.)(?:[\w-]+\.)?\$\{/g)].map(([, family]) => family);
  const unused = Object.keys(zh).filter(
    (key) => !all.includes(`'${key}'`) && !families.some((family) => key.startsWith(family)),
  );
  assert.deepEqual(unused, []);
});

// What the core and the server can answer; each must have its words.
const CODES = {
  state: [
    'phone',
    'sending',
    'photos',
    'arrived',
    'judged',
    'conflict',
    'refused',
    'held',
    'waiting',
    'withdrawn',
    'superseded',
  ],
  stuck: ['sign-in', 'other-person', 'wrong-origin', 'temporary-password', 'storage', 'refused'],
  why: [
    'offline',
    'sign-in',
    'other-person',
    'wrong-origin',
    'temporary-password',
    'busy',
    'server',
    'storage',
    'error',
  ],
  lack: ['no-items', 'about', 'repeat', 'unanswered', 'criterion', 'photo', 'position'],
  number: ['check-digit', 'strange', 'repeat'],
  warning: ['check-digit', 'strange', 'repeat'],
  'no-place': ['no-signal', 'refused', 'no-device', 'other'],
  left: ['items', 'sessions', 'points', 'records'],
  answer: ['pass', 'fail', 'na'],
  role: [
    'carrier',
    'team_lead',
    'inspector',
    'director',
    'county_manager',
    'league_inspector',
    'region_supervisor',
    'admin',
  ],
  class: ['express', 'registered', 'parcel', 'letter', 'periodical'],
  point: ['mail-room', 'property', 'village'],
  'photo-hint': ['dark', 'blurred', 'glare', 'cut-off', 'no-paper'],
};

test('every code that reaches a screen has words', () => {
  const wanted = Object.entries(CODES).flatMap(([family, codes]) => codes.map((code) => `${family}.${code}`));
  assert.deepEqual(
    wanted.filter((key) => !(key in zh)),
    [],
  );
});

test('what fails is said as it was found; a server of before said only what is right', () => {
  const signed = {code: 'signed', zh: '有签收', en: 'Signed at all'};
  assert.equal(failed({...signed, fail_zh: '无签收', fail_en: 'Not signed'}), '无签收');
  assert.equal(failed(signed), '不符合“有签收”');
});

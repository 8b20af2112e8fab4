/** Who may import whom in the browser code, and which of it touches no page: docs/architecture.md "The house". */

import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';

const ROOT = fileURLToPath(new URL('../../static/js/', import.meta.url));

// Each knows those named beside it and itself.
const KNOWS = {
  domain: [],
  store: ['domain'],
  sync: ['store', 'domain'],
  messages: [],
  ui: ['domain', 'messages'], // the one store and engine are handed to ui/phone.js
  screens: ['ui', 'sync', 'store', 'domain'],
};
// What is not the language: a page, a store, the network. WebCrypto is there wherever the code runs, in Node too.
const OF_A_PAGE =
  /(?<![\w.'-])(window|document|localStorage|sessionStorage|location|history|navigator|HTMLElement|customElements|requestAnimationFrame)\b(?!['-])/;
const OUTSIDE = /(?<![\w.'-])(indexedDB|IDBKeyRange|fetch\(|XMLHttpRequest|WebSocket|caches)\b(?!['-])/;

const FILES = readdirSync(ROOT, {recursive: true, encoding: 'utf8'}).filter((name) => name.endsWith('.js'));
const code = (name) => readFileSync(join(ROOT, name), 'utf8');
/** Without comments: there a type may name anything. */
const bare = (source) => source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$|\s\/\/ .*$/gm, '');
const floorOf = (name) => (name.includes('/') ? name.split('/')[0] : null);

/** [floor or package, as written] of every import, late ones too. */
function importsOf(name, source) {
  const written = [...bare(source).matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\()'([^']+)'/g)].map(([, path]) => path);
  return written.map((path) => {
    if (!path.startsWith('.')) return [path.split('/')[0], path];
    return [floorOf(relative(ROOT, join(ROOT, dirname(name), path))) ?? 'the entry points', path];
  });
}

/** Imports that the floor may not have. */
function forbidden(name, source) {
  const floor = floorOf(name);
  const outside = {domain: [], store: ['idb'], sync: ['client-zip'], messages: []}[floor] ?? ['lit', 'zxing-wasm'];
  const allowed = new Set([floor, ...KNOWS[floor], ...outside]);
  return importsOf(name, source)
    .filter(([where]) => !allowed.has(where))
    .map(([, path]) => path);
}

test('no floor of the browser code knows the floors above it', () => {
  const inside = FILES.filter(floorOf);
  assert.ok(inside.length > 90, `found only ${inside.length} files`);
  for (const name of inside) assert.deepEqual(forbidden(name, code(name)), [], name);
});

test('what is pure, stored or sent touches no page', () => {
  for (const name of FILES.filter((one) => ['domain', 'store', 'sync'].includes(floorOf(one)))) {
    if (PAGE[name]) continue;
    assert.doesNotMatch(bare(code(name)), OF_A_PAGE, name);
  }
});

// Each with its reason: it is given the page, or reads the one place that is there before any database is open.
const PAGE = {
  'sync/wake.js': 'turns events of a page that is handed to it into calls',
  'store/person.js': 'localStorage holds a hint of who used this phone last',
};

test('the domain asks nobody outside', () => {
  for (const name of FILES.filter((one) => floorOf(one) === 'domain'))
    assert.doesNotMatch(bare(code(name)), OUTSIDE, name);
});

test('the check sees each way to look up', () => {
  assert.deepEqual(forbidden('domain/a.js', "import {x} from '../store/store.js';"), ['../store/store.js']);
  assert.deepEqual(forbidden('domain/subjects/a.js', "import {x} from '../../ui/icons.js';"), ['../../ui/icons.js']);
  assert.deepEqual(forbidden('domain/a.js', "import {html} from 'lit';"), ['lit']);
  assert.deepEqual(forbidden('store/a.js', "export {x} from '../sync/push.js';"), ['../sync/push.js']);
  assert.deepEqual(forbidden('sync/a.js', "const late = () => import('../ui/phone.js');"), ['../ui/phone.js']);
  assert.deepEqual(forbidden('sync/a.js', "import '../screens/check.js';"), ['../screens/check.js']);
  assert.deepEqual(
    forbidden('sync/a.js', "/** @type {import('../ui/phone.js').Kind} */\nimport '../domain/days.js';"),
    [],
  );
  assert.match(bare('const a = document.title;'), OF_A_PAGE);
  assert.doesNotMatch(bare("/** the document */ const a = {reason: 'location'};"), OF_A_PAGE);
  assert.match('await fetch(address)', OUTSIDE);
});

/** The colours of tokens.css: what stands on what can be read: in light, in the street, WCAG 2.2 AAA; in dark AA. */

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';

const source = readFileSync(new URL('../../static/css/tokens.css', import.meta.url), 'utf8');
const [light, dark, chosen] = source
  .split(/@media \(prefers-color-scheme: dark\)|:root\[data-theme="dark"\]/)
  .map((part) =>
    Object.fromEntries([...part.matchAll(/--([\w-]+): ([^;]+);/g)].map(([, name, value]) => [name, value])),
  );
const SCHEMES = {light, dark: {...light, ...dark}};
const LEAST = {light: 7, dark: 4.5};

const STATES = ['ok', 'warn', 'bad', 'info'];
const GROUNDS = ['paper', 'surface', 'sunken'];
const pairs = (fronts, backs) => fronts.flatMap((front) => backs.map((back) => [front, back]));
const TEXT = [
  ...pairs(['ink', 'ink-soft', 'accent', ...STATES], GROUNDS),
  ...pairs(['ink', 'ink-soft'], [...STATES.map((state) => `${state}-soft`), 'quiet-soft']),
  ...STATES.map((state) => [state, `${state}-soft`]),
  ...pairs(['on-accent'], ['accent', 'accent-hover']),
  ...pairs(['on-bar', 'on-bar-soft'], ['bar']),
  ['on-accent-soft', 'accent-soft'],
  ['on-bad', 'bad'],
  ['surface', 'ok'], // an answered criterion
  ['surface', 'ink-soft'],
  ...pairs(
    [0, 1, 2, 3, 4, 5].map((n) => `route-${n}`),
    ['surface', 'paper'],
  ), // names of routes on the map
];
const SHAPES = [...pairs(['line-strong'], GROUNDS), ...pairs(['focus'], ['paper', 'surface'])];

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255);
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

function contrast(a, b) {
  const [bright, dim] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (bright + 0.05) / (dim + 0.05);
}

test('dark by choice is dark as by the system', () => assert.deepEqual(chosen, dark));

for (const [name, colours] of Object.entries(SCHEMES)) {
  test(`every text can be read on its ground, ${name}`, () => {
    for (const [front, back] of TEXT) {
      const found = contrast(colours[front], colours[back]);
      assert.ok(found >= LEAST[name], `${front} on ${back}: ${found.toFixed(2)}`);
    }
  });

  test(`borders of controls and the focus ring can be seen, ${name}`, () => {
    for (const [front, back] of SHAPES) {
      const found = contrast(colours[front], colours[back]);
      assert.ok(found >= 3, `${front} on ${back}: ${found.toFixed(2)}`);
    }
  });
}

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {digestOf, freeze} from '../../../static/js/domain/facts.js';
import {uuid7} from '../../../static/js/domain/ids.js';

const vectors = JSON.parse(readFileSync(new URL('../../vectors/facts.json', import.meta.url), 'utf8'));

for (const {name, digest, ...texts} of vectors.facts) {
  test(`phone and server agree on the digest of ${name || 'nothing'}`, async () => {
    assert.equal(await digestOf(texts), digest);
  });
}

test('freezing gives the texts, a salt of 32 hex characters and their digest', async () => {
  const fact = await freeze({open: {v: 1}, personal: {notes: {0: '缺签名'}}}, {random: (bytes) => bytes.fill(0xab)});
  assert.equal(fact.open, '{"v":1}');
  assert.equal(fact.personal, '{"notes":{"0":"缺签名"}}');
  assert.equal(fact.salt, 'ab'.repeat(16));
  assert.equal(fact.digest, await digestOf(fact));
});

test('a fact without anything personal has an empty personal text', async () => {
  assert.equal((await freeze({open: {v: 1}, personal: {}})).personal, '');
  assert.equal((await freeze({open: {v: 1}, personal: null})).personal, '');
});

test('the same content twice has two salts, so nobody can guess a note from its digest', async () => {
  const content = {open: {v: 1}, personal: {notes: {0: 'x'}}};
  assert.notEqual((await freeze(content)).digest, (await freeze(content)).digest);
});

test('ids are UUIDv7 and sort in the order of making, even within a millisecond', () => {
  const ids = Array.from({length: 200}, () => uuid7(1_800_000_000_000));
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(ids).size, 200);
});

test('a clock that was set back by a day is believed again', () => {
  uuid7(1_900_000_000_000);
  assert.equal(Number.parseInt(uuid7(1_899_900_000_000).replace('-', '').slice(0, 12), 16), 1_899_900_000_000);
});

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {settled, track} from '../../static/js/ui/pending.js';

test('a photo that is made small, then written, is waited for to the end', async () => {
  const done = [];
  const later = () => new Promise((resolve) => setTimeout(resolve, 5));
  track(
    (async () => {
      await later();
      done.push('small');
      track(later().then(() => done.push('written')));
    })(),
  );
  await settled();
  assert.deepEqual(done, ['small', 'written']);
});

test('what fails is not waited for for ever, and is still heard by whoever began it', async () => {
  const work = track(Promise.reject(new Error('no picture')));
  await settled();
  await assert.rejects(work, /no picture/);
});

test('what hangs is not waited for for ever', async () => {
  track(new Promise(() => {}));
  assert.equal(await settled(20), false);
});

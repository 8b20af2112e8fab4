import assert from 'node:assert/strict';
import {beforeEach, mock, test} from 'node:test';

/** The browser's side of a service worker. */
class Workers extends EventTarget {
  controller = {postMessage() {}};
  registration = Object.assign(new EventTarget(), {
    waiting: null,
    installing: null,
    update: mock.fn(async () => {
      throw new TypeError('no signal');
    }),
  });

  async register() {
    return this.registration;
  }
}

const workers = new Workers();
Object.defineProperty(globalThis, 'navigator', {value: {serviceWorker: workers}});
globalThis.document = /** @type {any} */ (Object.assign(new EventTarget(), {visibilityState: 'visible'}));
globalThis.location = /** @type {any} */ ({pathname: '/app/', reload: mock.fn()});

const {phone} = await import('../../static/js/ui/phone.js');
const {track} = await import('../../static/js/ui/pending.js');
const {router} = await import('../../static/js/ui/router.js');
const {takeOver, watchWorker} = await import('../../static/js/ui/worker.js');

const turn = () => new Promise((resolve) => setImmediate(resolve));
const taken = () => workers.dispatchEvent(new Event('controllerchange'));
const reloads = () => /** @type {any} */ (location.reload).mock.callCount();
const arrive = (path) => {
  location.pathname = path;
  router.arrive(0);
};

workers.registration.waiting = {postMessage: mock.fn()};
phone.store = {};
await watchWorker();
beforeEach(() => /** @type {any} */ (location.reload).mock.resetCalls());

test('a version that waits is offered, and nothing changes before the person agrees', () => {
  assert.equal(phone.newer, workers.registration.waiting);
  taken(); // another tab agreed
  assert.deepEqual([reloads(), phone.switching], [0, null]);
});

test('it is said that it takes over, and after a while that the browser puts it off', (context) => {
  context.mock.timers.enable({apis: ['setTimeout']});
  const said = [];
  phone.addEventListener('switching', () => said.push(phone.switching));
  takeOver();
  context.mock.timers.tick(60_000);
  assert.deepEqual(said, ['now', 'later']);
  assert.deepEqual(phone.newer.postMessage.mock.calls[0].arguments, [{type: 'take-over'}]);
});

test('on a screen between two checks the page opens anew at once', async () => {
  arrive('/app/records');
  taken();
  await turn();
  assert.equal(reloads(), 1);
});

test('a check that was begun while the browser was busy is finished first, and what it writes is on the disk', async () => {
  arrive('/app/check/0199-aa');
  taken();
  arrive('/app/check/0199-ab');
  await turn();
  assert.equal(reloads(), 0);
  let written = () => {};
  track(new Promise((resolve) => (written = resolve)));
  arrive('/app/');
  await turn();
  assert.equal(reloads(), 0);
  written();
  await turn();
  assert.equal(reloads(), 1);
});

test('an app that is only brought to the front looks for a newer version now and then', (context) => {
  const {update} = workers.registration;
  const shown = () => document.dispatchEvent(new Event('visibilitychange'));
  shown();
  assert.equal(update.mock.callCount(), 0);
  context.mock.timers.enable({apis: ['Date'], now: Date.now() + 7 * 3600e3});
  shown();
  shown();
  assert.equal(update.mock.callCount(), 1);
});

/** Serves phones over stdio: one JSON line in, one out, until the input ends. `--mutate` breaks a promise on purpose. */

import {readSync, writeSync} from 'node:fs';
import {registerHooks} from 'node:module';
import {here, pump, restart, world} from './kernel.js';

const [mutation] = process.argv.slice(2);
if (mutation) mutate(JSON.parse(mutation));
const {answer, breakOff, forget, lost, Page, Phone, ring, told} = await import('./page.js');
const {acts} = await import('./person.js');
const {uuid7} = await import('../../../static/js/domain/ids.js');

/** @type {Map<string, any>} */
let phones = new Map();

/** Replaces a text of one module as it is loaded. @param {{file: string, before: string, after: string}} change */
function mutate({file, before, after}) {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.endsWith(file)) return loaded;
      const source = String(loaded.source);
      if (!source.includes(before)) throw new Error(`${file} does not say: ${before}`);
      return {...loaded, source: source.replace(before, after)};
    },
  });
}

/** @param {{phone: string, page: string}} where */
const pageOf = ({phone, page}) => phones.get(phone)?.pages.get(page);

/** @param {{phone: string}} where */
function phoneOf({phone: name}) {
  if (!phones.has(name)) phones.set(name, new Phone(name));
  return phones.get(name);
}

function unreadable() {
  throw new DOMException('Failed to read large IndexedDB value', 'DataError');
}

/** @param {any} photo as it lies on the disk */
function isReadable(photo) {
  return 'value' in /** @type {any} */ (Object.getOwnPropertyDescriptor(photo, 'bytes'));
}

/** @type {Record<string, (how: any) => any>} */
const commands = {
  reset({seed, time}) {
    phones = new Map();
    restart(seed, time);
    forget();
  },
  load: (how) => void new Page(phoneOf(how), how.page).load(),
  act(how) {
    const page = pageOf(how);
    uuid7(0); // each page would count its milliseconds for itself
    if (page?.store) page.run(() => acts[how.act](page, how));
  },
  greet(how) {
    void new Page(phoneOf(how), 'door').greet(how.person);
  },
  wake: (how) => pageOf(how)?.wake(how.reason),
  ring: ({id}) => ring(id),
  answer,
  fail: ({id}) => breakOff(id),
  idle() {},
  kill(how) {
    for (const page of [...phoneOf(how).pages.values()]) if (!how.page || page.name === how.page) page.kill();
  },
  set(how) {
    const {skew, full, locked} = how;
    const given = Object.entries({skew, full, locked}).filter(([, value]) => value !== undefined);
    Object.assign(phoneOf(how), Object.fromEntries(given));
  },
  /** What lies on the disk; never asked while a transaction is under way. */
  look(how) {
    const phone = phoneOf(how);
    return phone.people().map((/** @type {string} */ person) => ({
      person,
      records: phone.lying(person, 'records'),
      drafts: phone.lying(person, 'drafts'),
      photos: phone.lying(person, 'photos').map(({sha256}) => sha256),
      unit: phone.lying(person, 'sections').find(({name}) => name === 'unit')?.rows[0] ?? null,
    }));
  },
  /** Every photo that lies there, as base64. */
  bytes({phone, person}) {
    const lying = phoneOf({phone}).lying(person, 'photos').filter(isReadable);
    return Object.fromEntries(lying.map(({sha256, bytes}) => [sha256, Buffer.from(bytes).toString('base64')]));
  },
  /** The bytes of a photo decay, are gone, or the browser cannot give them back: they lay in a file of its own. */
  spoil({phone, person, sha256, how}) {
    const raw = phoneOf({phone}).factory._databases.get(`toucha-${person}`).rawObjectStores.get('photos');
    const row = raw.records.get(sha256);
    if (how === 'gone') raw.records.delete(sha256);
    else if (how === 'unreadable') Object.defineProperty(row.value, 'bytes', {enumerable: true, get: unreadable});
    else if (isReadable(row.value)) new Uint8Array(row.value.bytes)[row.value.size >> 1] ^= 0x10;
  },
};

/** @param {any} command */
async function serve(command) {
  if (command.time !== undefined && command.do !== 'reset') world.time = command.time;
  const found = commands[command.do](command);
  const left = await pump(command.tasks ?? undefined);
  if (!left) for (const phone of phones.values()) for (const page of phone.pages.values()) page.speak();
  return {events: told(), left, found: found ?? null};
}

// A page that was killed may leave promises behind; one that lives may not.
process.on('unhandledRejection', (error) => {
  const page = here.getStore();
  const ours = !page && /** @type {any} */ (error)?.name === 'AbortError'; // of a transaction that a kill undid
  if (!ours && page?.alive !== false) lost(page, error);
});

console.error = () => {}; // the engine notes what the simulation itself brought about
const chunk = Buffer.alloc(1 << 16);
let rest = Buffer.alloc(0);
for (;;) {
  const end = rest.indexOf(10);
  if (end < 0) {
    const size = readSync(0, chunk);
    if (!size) break;
    rest = Buffer.concat([rest, chunk.subarray(0, size)]);
    continue;
  }
  const command = JSON.parse(rest.subarray(0, end).toString());
  rest = rest.subarray(end + 1);
  const reply = await serve(command);
  const line = Buffer.from(`${JSON.stringify(reply)}\n`);
  for (let sent = 0; sent < line.length; ) sent += writeSync(1, line, sent);
}

/** A server for tests: it keeps what it is given, as the contract says, unless the script says otherwise. */

import {createHash} from 'node:crypto';

const json = (data, status = 200, headers = {}) =>
  new Response(JSON.stringify(data), {status, headers: {'Content-Type': 'application/json', ...headers}});

export const problem = (status, code, headers) => json({code, message: code, fields: {}}, status, headers);
export const sha = (bytes) => createHash('sha256').update(Buffer.from(bytes)).digest('hex');

/** As a line that is down. */
export async function offline() {
  throw new TypeError('Failed to fetch');
}

/** Carries the request out, then loses the answer. */
export async function lostAnswer(_call, real) {
  await real();
  throw new TypeError('network changed');
}

/** Never answers: only the phone's own timeout ends it. */
export function silence({signal}) {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

export class Server {
  constructor(person = 'lead') {
    this.person = {id: person, name: '李娜', login: person, language: 'zh', roles: [{role: 'team_lead', unit: 'D1'}]};
    this.facts = new Map();
    this.photos = new Map();
    this.losses = []; // what pushes said of photos that cannot be sent
    this.sections = [{unit: 'D1', name: 'unit', rows: [{code: 'D1', name: '投递部', head: [7, 'h7']}]}];
    this.journal = [[7, 'h7']]; // of D1: numbers and hashes
    this.answers = new Map(); // fact id → a result that stands in place of the honest one
    this.calls = [];
    this.script = [];
    this.seq = 0;
    this.cursors = new Map(); // cursor → the head that it stood at
    this.fetch = (url, options) => this.take(url, options);
  }

  /** The next request that fits is answered so; `times` Infinity: every one. */
  next(pattern, reply, times = 1) {
    this.script.push({pattern, reply, times});
  }

  count(pattern) {
    return this.calls.filter(({line}) => line.startsWith(pattern)).length;
  }

  async take(url, {method = 'GET', body, headers = {}, signal} = {}) {
    const call = {line: `${method} ${url}`, url, body, headers, signal};
    this.calls.push(call);
    if (signal?.aborted) throw signal.reason;
    const step = this.script.find(({pattern, times}) => times > 0 && call.line.startsWith(pattern));
    if (!step) return this.answer(call);
    step.times -= 1;
    return step.reply(call, () => this.answer(call));
  }

  answer({line, url, body, headers}) {
    if (line === 'GET /api/ping') return json({toucha: 'ok', time: '2026-11-20T04:00:00Z'});
    if (line === 'POST /api/sync/push') return this.push(JSON.parse(body), headers);
    if (line.startsWith('PUT /api/photos/')) return this.putPhoto(url.split('/').pop(), body, headers);
    if (line.startsWith('GET /api/photos/')) return this.getPhoto(url.split('/').pop());
    if (line.startsWith('GET /api/sync/pull'))
      return json(this.pull(new URL(url, 'http://toucha').searchParams.get('cursor')));
    return problem(404, 'not-found');
  }

  /** A copy of all it has, to be put back with {@link restore}. */
  copy() {
    return {facts: new Map(this.facts), photos: new Map(this.photos), journal: [...this.journal]};
  }

  restore(copy) {
    Object.assign(this, {facts: new Map(copy.facts), photos: new Map(copy.photos), journal: [...copy.journal]});
  }

  append(digest) {
    const [seq, hash] = this.journal.at(-1);
    this.journal.push([seq + 1, sha(Buffer.from(`${hash}${digest}`))]);
  }

  push({facts, lost = [], heads = {}, confirmed = {}}, headers) {
    if (headers['X-Toucha'] !== '1') return problem(403, 'wrong-origin');
    if (facts.length > 100) return problem(413, 'too-large');
    this.losses.push(...lost);
    const seen = [heads.D1, confirmed.D1].filter(Boolean);
    const lacks = ([seq, hash]) => !this.journal.some((row) => row[0] === seq && row[1] === hash);
    const rewound = seen.some(lacks) ? ['D1'] : [];
    const results = facts.map((fact) => this.store(fact));
    const told = {heads: {D1: this.journal.at(-1)}, rewound};
    return json({server_time: '2026-11-20T04:00:00Z', skew_ms: 1200, results, ...told});
  }

  store(fact) {
    const scripted = this.answers.get(fact.id);
    if (scripted) return {id: fact.id, held: null, problem: null, photos_missing: [], ...scripted};
    const known = this.facts.get(fact.id);
    this.facts.set(fact.id, known ?? fact);
    if (!known) this.append(fact.digest);
    const state = !known ? 'stored' : known.digest === fact.digest ? 'known' : 'conflict';
    const {items = [], values} = JSON.parse(fact.open);
    const ofItems = items.flatMap(({photos, voice}) => (voice ? [...photos, voice] : photos));
    const listed = [...ofItems, ...(values?.photo ? [values.photo] : [])].map(({sha256}) => sha256);
    const missing = [...new Set(listed)].filter((name) => !this.photos.has(name));
    return {id: fact.id, state, held: null, problem: null, photos_missing: missing};
  }

  putPhoto(name, body, headers) {
    if (!/^image\/|^audio\/(webm|mp4)$/.test(headers['Content-Type'])) return problem(415, 'wrong-type');
    if (sha(body) !== name) return problem(422, 'photo-digest');
    this.photos.set(name, body);
    return json({sha256: name, state: 'stored'}, 201);
  }

  getPhoto(name) {
    return this.photos.has(name) ? new Response(this.photos.get(name)) : problem(404, 'not-found');
  }

  /** The row of a unit has the head as it is now. */
  row(row) {
    return row.head ? {...row, head: this.journal.at(-1)} : row;
  }

  pull(partial) {
    const cursor = `c${++this.seq}`;
    const all = this.sections.map(({rows, ...section}) => ({...section, rows: rows.map((row) => this.row(row))}));
    const [from] = this.cursors.get(partial) ?? [];
    this.cursors.set(cursor, this.journal.at(-1));
    const moved = from !== this.journal.at(-1)[0];
    const sections = moved ? all.filter(({name}) => name === 'unit') : [];
    if (from) return {cursor, complete: false, server_time: '', version: '1', sections};
    return {cursor, complete: true, server_time: '', version: '1', person: this.person, kinds: [], sections: all};
  }
}

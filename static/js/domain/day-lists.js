/** Whether a number counts by the day's lists, asked of short keyed marks: the phone holds no list that could leak. */

const MARK = 5; // bytes of HMAC-SHA256, as webapp/sampling/listed.py makes them
const BYTES = new TextEncoder();

/**
 * @typedef {{duty: string, kind: string, day: string, key: string, marks: string, own: string, classes: string[]|null, least: number|null}} Row
 *   as pulled: `classes` of which any number counts, null: any whatever; `least` of a session, 0: the day holds none
 * @typedef {'off-list'|'not-asked'|'own'|'zero-day'} Fault  why a number does not count; `not-asked`: a list of the day bears it, but as another thing
 * @typedef {{subject: string, class?: string|null}} Item
 */

/** The lists of some days. A number is learned once; what it counts for is then known at once. */
export class DayLists {
  /** @param {Row[]} rows */
  constructor(rows = []) {
    this.rows = rows.map((row) => ({...row, marks: marksIn(row.marks), own: marksIn(row.own)}));
    /** @type {Map<string, string>} marks by key and number */ this.known = new Map();
    /** @type {Map<string, Promise<CryptoKey>>} */ this.keys = new Map();
  }

  /** Must have been awaited before `fault` is asked. @param {string} kind @param {string|null} day @param {Iterable<string>} numbers */
  async learn(kind, day, numbers) {
    const keys = new Set(this.of(kind, day).map(({key}) => key));
    await Promise.all([...keys].flatMap((key) => [...numbers].map((number) => this.mark(key, number))));
  }

  /** @param {string} kind @param {string|null} day */
  of(kind, day) {
    return this.rows.filter((row) => row.kind === kind && row.day === day);
  }

  /** @param {string} key @param {string} number */
  async mark(key, number) {
    const name = `${key} ${number}`;
    if (!this.known.has(name)) this.known.set(name, await markOf(await this.secret(key), number));
  }

  /** @param {string} key hex */
  secret(key) {
    const secret = this.keys.get(key) ?? secretOf(key);
    this.keys.set(key, secret);
    return secret;
  }

  /** Why it does not count; null: it does, or nobody here knows. @param {string} kind @param {string|null} day @param {Item} item @returns {Fault|null} */
  fault(kind, day, item) {
    const faults = this.of(kind, day).map((row) => this.faultIn(row, item));
    return faults.includes(null) ? null : (faults[0] ?? null);
  }

  /** @param {DayLists['rows'][number]} row @param {Item} item @returns {Fault|null} */
  faultIn(row, {subject, class: mail}) {
    const mark = this.known.get(`${row.key} ${subject}`);
    if (mark === undefined) return null;
    if (row.least === 0) return 'zero-day';
    if (row.own.has(mark)) return 'own';
    if (row.marks.has(mark) || !row.classes) return null;
    if (this.isListed(row.key, mark)) return 'not-asked';
    return mail && row.classes.includes(mail) ? null : 'off-list';
  }

  /** Whether any list of that day bears it, for whatever duty. @param {string} key @param {string} mark */
  isListed(key, mark) {
    return this.rows.some((row) => row.key === key && row.marks.has(mark));
  }

  /** How many make a session of that day; 0: it holds none; null: not told. @param {string} kind @param {string|null} day */
  least(kind, day) {
    return this.of(kind, day)[0]?.least ?? null;
  }
}

/** @param {string} hex @returns {Promise<CryptoKey>} */
function secretOf(hex) {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return crypto.subtle.importKey('raw', bytes, {name: 'HMAC', hash: 'SHA-256'}, false, ['sign']);
}

/** @param {CryptoKey} secret @param {string} number */
async function markOf(secret, number) {
  return hexOf(new Uint8Array(await crypto.subtle.sign('HMAC', secret, BYTES.encode(number))).subarray(0, MARK));
}

/** @param {string} base64 @returns {Set<string>} */
function marksIn(base64) {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return new Set(Array.from({length: bytes.length / MARK}, (_, i) => hexOf(bytes.subarray(i * MARK, (i + 1) * MARK))));
}

/** @param {Uint8Array} bytes */
function hexOf(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** One request to the server, and what its outcome means. Online means that the right content came back. */

// Refusals of the whole phone, not of what it sent: the run ends, and everything stays.
const WHOLE = new Set(['wrong-origin', 'other-person', 'temporary-password']);

const GRACE = 30e3;
const SLOWEST = 2; // bytes a millisecond: on 20 kbit/s a photo of 300 kB takes two minutes

/** How long a request may take that carries so many bytes, ms. @param {number} bytes */
export const patience = (bytes) => GRACE + bytes / SLOWEST;

/** Why a run cannot go on; `after` is the least wait in ms that the server asked for. */
export class Stop extends Error {
  /** @param {string} reason @param {{after?: number, person?: import('../domain/types.js').Person|null}} [more] */
  constructor(reason, {after = 0, person = null} = {}) {
    super(reason);
    this.reason = reason;
    this.after = after;
    this.person = person;
  }
}

/**
 * What came is whatever the other side sent, a proxy perhaps: nothing is known of it but what is looked at.
 * @typedef {{[name: string]: unknown}|null} Data
 * @typedef {{method?: string, headers?: Record<string, string>, body?: BodyInit, timeout: number}} Request
 */

/**
 * @template [T=Data]
 * @typedef {{ok: true, data: T}|{ok: false, status: number, data: Data}} Outcome  not ok: a 4xx with its problem
 */

export class Wire {
  /**
   * @param {{fetch: typeof globalThis.fetch, after: (ms: number, call: () => void) => () => void}} browser `after` starts a
   *   timer and returns its end
   * @param {string} personId
   */
  constructor({fetch, after}, personId) {
    this.fetch = fetch;
    this.after = after;
    this.personId = personId;
    /** @type {Set<AbortController>} */
    this.open = new Set();
  }

  /** Ends every request under way. */
  abort() {
    for (const controller of this.open) controller.abort();
  }

  /**
   * Fetches and reads the whole answer within `timeout` ms; throws {@link Stop} when the run must end.
   * @param {string} path @param {Request} request @returns {Promise<Outcome>}
   */
  request(path, request) {
    return this.ask(path, request, json);
  }

  /** What stands there, as it is. @param {string} path @param {Request} request @returns {Promise<Outcome<ArrayBuffer>>} */
  bytes(path, request) {
    return this.ask(path, request, (response) => response.arrayBuffer());
  }

  /** @template T @param {string} path @param {Request} request @param {(response: Response) => Promise<T>} read */
  async ask(path, {timeout, ...init}, read) {
    const controller = new AbortController();
    const cancel = this.after(timeout, () => controller.abort());
    this.open.add(controller);
    try {
      const options = {...init, signal: controller.signal};
      return await judge(await this.fetch(path, options), read);
    } catch (error) {
      throw error instanceof Stop ? error : new Stop('offline');
    } finally {
      cancel();
      this.open.delete(controller);
    }
  }

  /**
   * Says whose store this is: another person may have signed in from another tab meanwhile.
   * @param {string} path @param {Request} request
   */
  personal(path, request) {
    return this.request(path, {...request, headers: {...request.headers, 'X-Toucha-Person': this.personId}});
  }

  /** @param {string} path @param {Request} request */
  write(path, request) {
    return this.personal(path, {...request, headers: {...request.headers, 'X-Toucha': '1'}});
  }
}

/** @template T @param {Response} response @param {(response: Response) => Promise<T>} read its body @returns {Promise<Outcome<T>>} */
export async function judge(response, read) {
  const {status} = response;
  if (response.ok) return {ok: true, data: await read(response)};
  if (status === 429 || status === 503) throw new Stop('busy', {after: wait(response)});
  if (status >= 500 || status < 400) throw new Stop('server');
  const data = await response.json().catch(() => null);
  // A proxy asks for a password of its own: that is no word of the server's, and waiting may mend it.
  if (status === 401) throw new Stop(data?.code === 'sign-in' ? 'sign-in' : 'offline');
  if (WHOLE.has(data?.code)) throw new Stop(data.code);
  return {ok: false, status, data};
}

/** A page instead of JSON is somebody else's: a hotel's sign-in, an operator's notice. @param {Response} response @returns {Promise<Data>} */
export async function json(response) {
  try {
    return await response.json();
  } catch {
    throw new Stop('offline');
  }
}

/** @param {Response} response */
function wait(response) {
  return Math.min(Number(response.headers.get('Retry-After')) || 0, 600) * 1000;
}

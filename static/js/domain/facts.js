/** Freezing a fact: two JSON texts, a salt, a digest, exactly as docs/architecture.md "A fact". */

import {hex, uuid7} from './ids.js';

const encoder = new TextEncoder();

/**
 * Freezes content into the texts that are sent for ever after.
 * @param {import('./types.js').Content} content `personal` may be null or empty: then there is no personal part
 * @param {{id?: string, random?: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array}} [options] `id`: that of the draft
 * @returns {Promise<import('./types.js').Fact>}
 */
export async function freeze({open, personal}, {id = uuid7(), random = fill} = {}) {
  const texts = {open: JSON.stringify(open), personal: isEmpty(personal) ? '' : JSON.stringify(personal)};
  const salt = hex(random(new Uint8Array(16)));
  return {id, ...texts, salt, digest: await digestOf({...texts, salt})};
}

/**
 * SHA-256(open ‖ SHA-256(salt ‖ personal)) in lower-case hex; the inner digest as raw bytes.
 * @param {{open: string, personal: string, salt: string}} texts
 */
export async function digestOf({open, personal, salt}) {
  const inner = await crypto.subtle.digest('SHA-256', encoder.encode(salt + personal));
  const head = encoder.encode(open);
  const whole = new Uint8Array(head.length + 32);
  whole.set(head);
  whole.set(new Uint8Array(inner), head.length);
  return sha256(whole);
}

/** The name of a photo: SHA-256 of its bytes in lower-case hex. @param {BufferSource} bytes */
export async function sha256(bytes) {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** What a fact says in the open. @param {{open: string}} fact @returns {import('./types.js').Open} */
export function openOf({open}) {
  return JSON.parse(open);
}

/** What of it is personal; empty where it has no such part, or no longer. @param {{personal: string}} fact @returns {import('./types.js').Personal} */
export function personalOf({personal}) {
  return personal ? JSON.parse(personal) : {};
}

/** @param {object|null} part */
function isEmpty(part) {
  return !part || Object.keys(part).length === 0;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function fill(bytes) {
  return crypto.getRandomValues(bytes);
}

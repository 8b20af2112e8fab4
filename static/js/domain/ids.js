/** UUIDv7 (RFC 9562): ids that a phone can make alone, and that sort by creation time. */

let last = 0;

/**
 * A fresh lower-case UUIDv7. Two of one page never share a millisecond, so their order is the order of making.
 * @param {number} [now] milliseconds since 1970
 */
export function uuid7(now = Date.now()) {
  last = now > last || last - now > 1000 ? now : last + 1;
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  bytes[0] = (bytes[0] & 0x0f) | 0x70;
  bytes[2] = (bytes[2] & 0x3f) | 0x80;
  const text = last.toString(16).padStart(12, '0') + hex(bytes);
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Bytes as lower-case hex. @param {Uint8Array} bytes */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * UUIDs (RFC 9562): new ones, and those made of what they name.
 *
 * @module
 */

/**
 * @param {string} uuid
 * @returns {Uint8Array} Its 16 bytes.
 */
export function bytesOf(uuid) {
  return Uint8Array.from(uuid.replaceAll('-', '').match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/**
 * @param {Uint8Array} bytes At least 16, of which the first are taken.
 * @returns {string}
 */
export function uuidOf(bytes) {
  const hex = hexOf(bytes.slice(0, 16));
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/**
 * @param {Uint8Array} bytes
 * @returns {string} In hexadecimal.
 */
export function hexOf(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The UUID of version 5 of a name: the same on every node and device.
 *
 * @param {string} namespace A UUID.
 * @param {Uint8Array | string} name
 * @returns {Promise<string>}
 */
export async function nameUuid(namespace, name) {
  const text = typeof name === 'string' ? new TextEncoder().encode(name) : name;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-1', Uint8Array.of(...bytesOf(namespace), ...text)));
  hash[6] = (hash[6] & 0x0f) | 0x50;
  hash[8] = (hash[8] & 0x3f) | 0x80;
  return uuidOf(hash);
}

/**
 * A new UUID of version 7, which sorts by when it was made.
 *
 * @param {number} [now] In milliseconds since 1970.
 * @returns {string}
 */
export function newUuid(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(now / 0x10000));
  view.setUint16(4, now % 0x10000);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return uuidOf(bytes);
}

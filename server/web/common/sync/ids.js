/**
 * Ids that devices make.
 *
 * @module
 */

/** A new id whose order is that of making (a UUID of version 7). */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = time % 256;
    time = Math.floor(time / 256);
  }
  return format(bytes, 7);
}

/**
 * The id that a name has within a namespace (a UUID of version 5): every device makes the same one.
 *
 * @param {string} namespace A UUID.
 * @param {Uint8Array} name
 */
export async function nameId(namespace, name) {
  const hashed = new Uint8Array([...parse(namespace), ...name]);
  return format(new Uint8Array(await crypto.subtle.digest('SHA-1', hashed)).slice(0, 16), 5);
}

/**
 * The bytes of a UUID.
 *
 * @param {string} id
 */
export function parse(id) {
  const digits = id.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, at) => Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}

/**
 * @param {Uint8Array} bytes
 * @param {number} version
 */
function format(bytes, version) {
  bytes[6] = (bytes[6] & 0x0f) | (version << 4);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [0, 8, 12, 16, 20].map((at, n, all) => digits.slice(at, all[n + 1] ?? 32)).join('-');
}

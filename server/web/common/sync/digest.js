/**
 * Divergence: how a device and the server find that their rows differ.
 *
 * @module
 */

/** @typedef {[number, number]} Digest How many rows a scope has, and the sum of their checks modulo 2^32. */

/** The digest of no rows. @type {Readonly<Digest>} */
export const EMPTY = [0, 0];

/**
 * The check of one row: the first four bytes, big endian, of SHA-256(`collection \0 id \0 rev`). The
 * server sends it with each row; it is counted here only where that is to be verified.
 *
 * @param {string} collection
 * @param {string} id
 * @param {number | bigint | string} rev
 */
export async function rowCheck(collection, id, rev) {
  const text = new TextEncoder().encode(`${collection}\0${id}\0${rev}`);
  return new DataView(await crypto.subtle.digest('SHA-256', text)).getUint32(0);
}

/**
 * The digest after a row with this check was added.
 *
 * @param {Readonly<Digest>} digest
 * @param {number} check
 * @returns {Digest}
 */
export function add([count, sum], check) {
  return [count + 1, (sum + check) >>> 0];
}

/**
 * The digest after a row with this check was taken away.
 *
 * @param {Readonly<Digest>} digest
 * @param {number} check
 * @returns {Digest}
 */
export function remove([count, sum], check) {
  return [Math.max(0, count - 1), (sum - check) >>> 0];
}

/**
 * @param {Readonly<Digest>} one
 * @param {Readonly<Digest>} other
 */
export function isEqual(one, other) {
  return one[0] === other[0] && one[1] === other[1];
}

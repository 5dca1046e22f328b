/**
 * Badges: a signed text that a code carries, which verifies with no data but the event's keys.
 *
 * The layout is in `shared/src/badge`; a badge is 102 bytes in base45.
 *
 * @module
 */

import { decode, encode } from './base45.js';
import { bytesOf, uuidOf } from './uuid.js';

const VERSION = 1;
const CLAIMS_BYTES = 38;
const TEXT_CHARS = 153;

/** Keys from this number on belong to desks, for walk-ins. */
const FIRST_DESK_KEY = 128;

/** What stands before the claims where they are signed. */
const CONTEXT = ascii('cumbre badge\0');

/** Marks of access. */
export const ACCESS = { confirmed: 1, companion: 2, onDuty: 4, protocol: 8 };

/**
 * @typedef {object} Claims What a badge says, without the signature.
 * @property {number} key The number of the key that signs.
 * @property {Uint8Array} event The event's mark.
 * @property {Uint8Array} secret The registration's secret.
 * @property {number} carrier Which of the registration's badges it is.
 * @property {number} category The category's mark.
 * @property {number} access Marks of access.
 * @property {number} notBefore From when on it is valid, in seconds since 1970.
 * @property {number} expires Until when, in seconds since 1970.
 */

/**
 * @typedef {object} BadgeKey A row of a roster's `badge_keys`.
 * @property {number} number Its number in badges.
 * @property {string} public The 32 bytes that verify, in base64url.
 * @property {string} [revoked_at] When what it signed stopped being valid.
 */

/** That a text is no badge that counts. Its `fault` is the word for it. */
export class BadgeFault extends Error {
  /** @param {string} fault */
  constructor(fault) {
    super(`The code is ${fault}.`);
    this.fault = fault;
  }
}

/** The keys that badges of one event are verified with. */
export class BadgeKeys {
  #event;
  #keys;

  /**
   * The keys of an event. One that cannot be read is left out: its badges name an unknown key.
   *
   * @param {string} event The event's id.
   * @param {Iterable<BadgeKey>} keys
   */
  static async open(event, keys) {
    const read = await Promise.all(Array.from(keys, importKey));
    return new BadgeKeys(await eventMark(event), new Map(read.flatMap((one) => (one ? [one] : []))));
  }

  /**
   * @param {Uint8Array} event The event's mark.
   * @param {Map<number, {key: CryptoKey, isRevoked: boolean}>} keys By number.
   */
  constructor(event, keys) {
    this.#event = event;
    this.#keys = keys;
  }

  /** How many there are. */
  get size() {
    return this.#keys.size;
  }

  /**
   * What a badge says. When it is valid is another question ({@link timeFault}).
   *
   * @param {string} text What a scanner read.
   * @returns {Promise<Claims>}
   * @throws {BadgeFault} The first thing that is wrong with it.
   */
  async verify(text) {
    const { claims, bytes, signature } = read(text);
    if (!isEqual(claims.event, this.#event)) throw new BadgeFault('other_event');
    const known = this.#keys.get(claims.key);
    if (!known) throw new BadgeFault('unknown_key');
    const isSigned = await crypto.subtle.verify('Ed25519', known.key, signature, join(CONTEXT, bytes));
    if (!isSigned || !isWithinKey(claims)) throw new BadgeFault('forged');
    if (known.isRevoked) throw new BadgeFault('revoked_key');
    return claims;
  }
}

/** @param {BadgeKey} key @returns {Promise<[number, {key: CryptoKey, isRevoked: boolean}] | undefined>} */
async function importKey({ number, public: encoded, revoked_at }) {
  try {
    const key = await crypto.subtle.importKey('raw', fromBase64Url(encoded), 'Ed25519', false, ['verify']);
    return [number, { key, isRevoked: revoked_at !== undefined }];
  } catch {
    return undefined;
  }
}

/**
 * Reads a badge, before anybody looks at its signature. What a scanner that types puts behind it, a line
 * end or a tab, is no part of it; neither is it missed where a space in front got lost.
 */
function read(text) {
  const plain = text.replace(/^[\r\n\t]+|[\r\n\t]+$/g, '');
  // Some keys' numbers make the first character a space.
  const whole = plain.length === TEXT_CHARS - 1 ? ` ${plain}` : plain;
  const all = whole.length === TEXT_CHARS ? decode(whole) : undefined;
  if (!all) throw new BadgeFault('malformed');
  const bytes = all.slice(0, CLAIMS_BYTES);
  if (bytes[0] !== VERSION) throw new BadgeFault('unsupported_version');
  return { claims: claimsOf(bytes), bytes, signature: all.slice(CLAIMS_BYTES) };
}

/** @returns {Claims} */
function claimsOf(bytes) {
  const view = new DataView(bytes.buffer);
  return {
    key: bytes[1],
    event: bytes.slice(2, 6),
    secret: bytes.slice(6, 22),
    carrier: view.getUint32(22),
    category: view.getUint16(26),
    access: view.getUint16(28),
    notBefore: view.getUint32(30),
    expires: view.getUint32(34),
  };
}

/**
 * The badge that says this.
 *
 * @param {CryptoKey} key That signs.
 * @param {Claims} claims
 * @returns {Promise<string>} Its text, as a code carries it.
 */
export async function signBadge(key, claims) {
  const bytes = new Uint8Array(CLAIMS_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set([VERSION, claims.key]);
  bytes.set(claims.event, 2);
  bytes.set(claims.secret, 6);
  view.setUint32(22, claims.carrier);
  view.setUint16(26, claims.category);
  view.setUint16(28, claims.access);
  view.setUint32(30, claims.notBefore);
  view.setUint32(34, claims.expires);
  const signature = await crypto.subtle.sign('Ed25519', key, join(CONTEXT, bytes));
  return encode(join(bytes, new Uint8Array(signature)));
}

/**
 * @param {Claims} claims
 * @returns {boolean} Whether a desk issued it, to somebody who walked in.
 */
export function isProvisional({ key }) {
  return key >= FIRST_DESK_KEY;
}

/** A desk's key makes nobody staff or a guest of the protocol. */
function isWithinKey(claims) {
  return !(isProvisional(claims) && claims.access & (ACCESS.onDuty | ACCESS.protocol));
}

/**
 * By how much the clock of whoever reads a badge may be behind that of whoever signed it, in milliseconds
 * (RFC 7519, 4.1.5): a badge is shown as soon as it is printed.
 */
const LEEWAY_MS = 10 * 60_000;

/**
 * What is wrong at a time with a badge that is valid from one, less a leeway for clocks, until another, all in
 * milliseconds since 1970.
 *
 * @param {number} from
 * @param {number} until
 * @param {number} now
 * @returns {'not_yet' | 'expired' | undefined}
 */
export function timeFault(from, until, now) {
  if (now < from - LEEWAY_MS) return 'not_yet';
  return now >= until ? 'expired' : undefined;
}

/**
 * By what rows that name nobody know the guest.
 *
 * @param {Uint8Array} secret
 * @returns {Promise<string>} A UUID.
 */
export async function indexOf(secret) {
  return uuidOf(await sha256(join(ascii('cumbre badge index\0'), secret)));
}

/**
 * @param {string} event Its id.
 * @returns {Promise<Uint8Array>} How a badge names it: four bytes.
 */
export async function eventMark(event) {
  return (await sha256(bytesOf(event))).slice(0, 4);
}

/**
 * @param {string} category Its id.
 * @returns {Promise<number>} How a badge names it.
 */
export async function categoryMark(category) {
  const [high, low] = await sha256(bytesOf(category));
  return (high << 8) | low;
}

/**
 * Opens details of a guest, which only their badge opens.
 *
 * @param {Uint8Array} secret The badge's.
 * @param {string} event The event's id.
 * @param {string} sealed In base64url.
 * @returns {Promise<string | undefined>} Undefined where they are not this badge's, or were changed.
 */
export async function openDetails(secret, event, sealed) {
  try {
    const bytes = fromBase64Url(sealed);
    const [iv, additionalData] = [bytes.slice(0, 12), bytesOf(await indexOf(secret))];
    const key = await detailsKey(secret, event);
    const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: Uint8Array.from(additionalData) }, key, bytes.slice(12));
    return new TextDecoder().decode(opened);
  } catch {
    return undefined;
  }
}

async function detailsKey(secret, event) {
  const parent = await crypto.subtle.importKey('raw', Uint8Array.from(secret), 'HKDF', false, ['deriveKey']);
  const info = ascii('cumbre badge details');
  const how = { name: 'HKDF', hash: 'SHA-256', salt: bytesOf(event), info };
  return crypto.subtle.deriveKey(how, parent, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
}

/**
 * The SHA-256 of a code that names nobody, in a scan.
 *
 * @param {string} code
 * @returns {Promise<Uint8Array>}
 */
export function hashOfCode(code) {
  return sha256(new TextEncoder().encode(code));
}

async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function ascii(text) {
  return new TextEncoder().encode(text);
}

function join(one, other) {
  return Uint8Array.of(...one, ...other);
}

function isEqual(one, other) {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

/**
 * @param {Uint8Array} bytes
 * @returns {string} In base64url.
 */
export function toBase64Url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text) {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
}

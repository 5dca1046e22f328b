/**
 * The key with which a desk signs badges of those who walk in. It is made in this browser and never leaves it; the
 * server gives its public half a number and puts it into every roster.
 *
 * @module
 */

import { ACCESS, categoryMark, eventMark, signBadge, toBase64Url } from '../admission/badge.js';
import { startOfDay } from '../common/time.js';

/** For how many days after the event's last one badges are valid. */
const VALID_AFTER_DAYS = 7;

/** By how much a badge is valid before it was made, so that a door whose clock is behind takes it; in milliseconds. */
const EARLIER_MS = 10 * 60_000;

/** The setting that holds it. */
const SETTING = 'key';

/**
 * The key of this desk: made the first time, and anew where what the one that it has signs is void; the public half of a
 * new one is handed in.
 *
 * @param {import('./book.js').Book} book
 * @param {import('../common/sync/client.js').Client} client
 * @param {string} device
 * @returns {Promise<{device: string, public: string, key: CryptoKey}>}
 */
export async function ensureKey(book, client, device) {
  const known = await book.find(SETTING);
  if (known?.device === device && !isRevoked(client, known)) return known;
  const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']));
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const made = { device, public: toBase64Url(raw), key: pair.privateKey };
  await client.mutate({ op: 'desk_key.register', args: { public: made.public } });
  await book.set(SETTING, made);
  return made;
}

/**
 * Whether what a key signs is void, as far as the device has heard.
 *
 * @param {import('../common/sync/client.js').Client} client
 * @param {{public: string}} key
 */
export function isRevoked(client, key) {
  return client.rows('badge_keys').some(({ value }) => value.public === key.public && Boolean(value.revoked_at));
}

/**
 * A badge for somebody of whom the server does not know yet.
 *
 * @param {{public: string, key: CryptoKey}} own The desk's key.
 * @param {import('./roster.js').Roster} roster
 * @param {{category: string, now: number}} wanted
 * @returns {Promise<string | undefined>} Undefined before the server has given the key its number.
 */
export async function makeBadge(own, roster, { category, now }) {
  const number = roster.ownKeys.find((key) => key.public === own.public)?.number;
  if (number === undefined) return undefined;
  const random = crypto.getRandomValues(new Uint8Array(20));
  return signBadge(own.key, {
    key: number,
    event: await eventMark(roster.event.id),
    secret: random.slice(0, 16),
    carrier: new DataView(random.buffer).getUint32(16),
    category: await categoryMark(category),
    access: roster.needsApproval(category) ? 0 : openToEverybody(roster),
    notBefore: Math.floor((now - EARLIER_MS) / 1_000),
    expires: Math.floor(expiry(roster.event) / 1_000),
  });
}

/** When the last day is over on which badges are valid, where the event is. */
function expiry({ ends_on: last, time_zone: zone }) {
  const over = Date.parse(`${last}T00:00:00Z`) + (VALID_AFTER_DAYS + 1) * 86_400_000;
  return startOfDay(new Date(over).toISOString().slice(0, 10), zone);
}

/** The marks of somebody who is confirmed and invited nowhere. */
function openToEverybody({ places }) {
  const open = [...places.parts.values()].filter((part) => !part.restricted_by && part.state === 'published');
  return open.reduce((marks, { mark = 0 }) => marks | mark, ACCESS.confirmed);
}

/**
 * Positions: how far a device has got in one scope. Devices compare them for equality only; of two
 * `covers` of one epoch, the one of the later commit is the newer.
 *
 * @module
 */

/**
 * @typedef {{seq: bigint, nonce: string}} Head One commit of an event.
 * @typedef {{rev: bigint, collection: string, id: string}} Place The row that a page ended with.
 * @typedef {{epoch: string, head: Head, place?: Place, resetBegan?: Head}} Position
 */

const EPOCH = /^[0-9a-f]{8}$/;
const NUMBER = /^(0|[1-9][0-9]{0,18})$/;
const PLAIN = /^[a-z0-9_-]{1,64}$/;
const LARGEST = 2n ** 63n - 1n;

/**
 * @param {string} text `epoch.seq.nonce`, and while a device pages `:rev.collection.id`, and inside a reset `:seq.nonce`.
 * @returns {Position | undefined} Undefined for what is no position.
 */
export function parsePosition(text) {
  const [commit, place, began, ...rest] = text.split(':');
  const [epoch, ...head] = commit.split('.');
  if (rest.length > 0 || !EPOCH.test(epoch)) return undefined;
  const parsed = { head: parseHead(head), place: undefined, resetBegan: undefined };
  if (!parsed.head) return undefined;
  /** @type {Position} */
  const position = { epoch, head: parsed.head };
  if (place !== undefined) {
    position.place = parsePlace(place);
    if (!position.place) return undefined;
  }
  if (began !== undefined) {
    position.resetBegan = parseHead(began.split('.'));
    if (!position.resetBegan) return undefined;
  }
  return position;
}

/**
 * @param {Position} position
 * @returns {string}
 */
export function formatPosition({ epoch, head, place, resetBegan }) {
  let text = `${epoch}.${head.seq}.${head.nonce}`;
  if (place) text += `:${place.rev}.${place.collection}.${place.id}`;
  if (resetBegan) text += `:${resetBegan.seq}.${resetBegan.nonce}`;
  return text;
}

/**
 * Whether a `covers` is newer than another: of one epoch, and of a later commit.
 *
 * @param {string} covers
 * @param {string} other
 */
export function isNewer(covers, other) {
  const [one, two] = [parsePosition(covers), parsePosition(other)];
  return one !== undefined && two !== undefined && one.epoch === two.epoch && one.head.seq > two.head.seq;
}

/**
 * The newer of two `covers`; one of another epoch replaces what was known.
 *
 * @param {string | undefined} known
 * @param {string} covers
 */
export function newer(known, covers) {
  if (known === undefined) return covers;
  return parsePosition(known)?.epoch === parsePosition(covers)?.epoch && !isNewer(covers, known) ? known : covers;
}

/** @param {string} text */
function parseNumber(text) {
  if (!NUMBER.test(text)) return undefined;
  const number = BigInt(text);
  return number <= LARGEST ? number : undefined;
}

/**
 * @param {string[]} parts
 * @returns {Head | undefined}
 */
function parseHead(parts) {
  const [seq, nonce] = [parseNumber(parts[0] ?? ''), parts[1]];
  const isNonce = nonce === '0' || (nonce !== '00000000' && EPOCH.test(nonce ?? ''));
  return parts.length === 2 && seq !== undefined && isNonce ? { seq, nonce } : undefined;
}

/**
 * @param {string} text
 * @returns {Place | undefined}
 */
function parsePlace(text) {
  const [first, collection, ...rest] = text.split('.');
  const [rev, id] = [parseNumber(first), rest.join('.')];
  if (rev === undefined || !PLAIN.test(collection ?? '') || !PLAIN.test(id)) return undefined;
  return { rev, collection, id };
}

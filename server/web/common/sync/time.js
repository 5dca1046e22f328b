/**
 * The server's time as a device knows it without asking.
 *
 * @module
 */

/**
 * @typedef {object} Reading A look at the device's own clocks.
 * @property {number} wall
 * @property {number} monotonic Milliseconds of a clock that never jumps, since `boot`.
 * @property {string} boot Names the page's start.
 *
 * @typedef {object} ServerTime What the server's clock showed at a reading.
 * @property {Reading} reading
 * @property {number} at
 * @property {number} uncertainty How far from it the truth may lie either way, in milliseconds.
 */

/** How much two clocks may drift apart, in milliseconds a second: more than the worst quartz. */
const DRIFT_PER_S = 0.1;

const BOOT = crypto.randomUUID?.() ?? String(Math.random());

/** @returns {Reading} The clocks now. */
export function readClock() {
  return { wall: Date.now(), monotonic: Math.round(performance.now()), boot: BOOT };
}

/** A reading as it travels. @param {Reading} reading */
export function wireClock({ wall, monotonic, boot }) {
  return { wall: new Date(wall).toISOString(), monotonic_ms: monotonic, boot };
}

/**
 * From a request's journey: the server looked at its clock somewhere between `sent` and `received`.
 *
 * @param {Reading} sent
 * @param {Reading} received
 * @param {string} serverTime RFC 3339.
 * @returns {ServerTime}
 */
export function measure(sent, received, serverTime) {
  const half = Math.ceil(Math.max(0, received.monotonic - sent.monotonic) / 2);
  return { reading: received, at: Date.parse(serverTime) + half, uncertainty: half };
}

/**
 * The server's time at a later reading, with its uncertainty; undefined where nobody can say how far
 * the wall clock was moved meanwhile.
 *
 * Within one page the clock that never jumps counts. It stands still while a machine sleeps, so a wall
 * clock that has gone on further is believed.
 *
 * @param {ServerTime} known
 * @param {Reading} now
 * @returns {{at: number, uncertainty?: number}}
 */
export function timeAt({ reading, at, uncertainty }, now) {
  const byWall = now.wall - reading.wall;
  if (now.boot !== reading.boot) return { at: at + byWall };
  const passed = now.monotonic - reading.monotonic;
  if (byWall > passed + 5_000) return { at: at + byWall };
  return { at: at + passed, uncertainty: uncertainty + Math.ceil((passed / 1_000) * DRIFT_PER_S) };
}

/** By how much a clock is put right without anybody having moved it, in milliseconds. */
const PUT_RIGHT_MS = 2_000;

/**
 * How old something is that was the server's at `freshAt` by its clock; undefined where it would be of the future: the
 * wall clock was put back, and nobody knows how long ago that time was.
 *
 * @param {number} freshAt
 * @param {{at: number, uncertainty?: number}} now The server's time now.
 * @returns {number | undefined} In milliseconds.
 */
export function ageOf(freshAt, { at, uncertainty = 0 }) {
  const age = at - freshAt;
  if (age < -uncertainty - PUT_RIGHT_MS) return undefined;
  return Math.max(0, Math.round(age));
}

/**
 * Whether a measurement says more than what is known: that is of another page, or no more certain by then.
 *
 * @param {ServerTime | undefined} known
 * @param {ServerTime} measured
 */
export function isOutdoneBy(known, measured) {
  const then = known && timeAt(known, measured.reading).uncertainty;
  return then === undefined || measured.uncertainty <= then;
}

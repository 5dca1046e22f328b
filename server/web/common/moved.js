/**
 * What has moved since the reader last looked: where a session was and when, until they have seen where
 * it is now.
 *
 * @module
 */

import { recall, remember } from './kept.js';

/**
 * @typedef {import('./programme.js').Session} Session
 * @typedef {{start?: number, end?: number, room?: string, venue?: string, cancelled?: boolean}} Known
 */

export class Moves {
  #name;

  /** What the reader knows of each session. @type {Record<string, Known>} */
  #known;

  /** @param {string} event */
  constructor(event) {
    this.#name = `known-${event}`;
    this.#known = recall(this.#name) ?? {};
  }

  /**
   * What the reader knew of a session that is otherwise now; undefined where they know it as it is.
   *
   * @param {Session} session
   * @returns {Known | undefined}
   */
  before(session) {
    const known = this.#known[session.id];
    if (!known || session.isStub) return undefined;
    const present = describe(session);
    return JSON.stringify(known) === JSON.stringify(present) ? undefined : known;
  }

  /**
   * Learns what the reader meets for the first time. What has moved stays as they knew it.
   *
   * @param {Session[]} sessions
   */
  meet(sessions) {
    let hasLearnt = false;
    for (const session of sessions) {
      if (session.isStub || this.#known[session.id]) continue;
      this.#known[session.id] = describe(session);
      hasLearnt = true;
    }
    if (hasLearnt) remember(this.#name, this.#known);
  }

  /** The reader has seen a session as it is now. @param {Session} session */
  see(session) {
    if (!this.before(session)) return;
    this.#known[session.id] = describe(session);
    remember(this.#name, this.#known);
  }
}

/** @param {Session} session @returns {Known} */
function describe({ start, end, place, isCancelled }) {
  return {
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(place.roomId && { room: place.roomId }),
    ...(place.venueId && { venue: place.venueId }),
    ...(isCancelled && { cancelled: true }),
  };
}

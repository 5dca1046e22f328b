/**
 * Where a registration may be moved to from where it stands, by whom of those who use this page.
 *
 * @module
 */

/** As the server's table has it, what is done most often first. */
const ORGANISER = {
  requested: ['confirmed', 'declined', 'waitlisted', 'cancelled'],
  waitlisted: ['confirmed', 'declined', 'cancelled'],
  invited: ['confirmed', 'declined', 'waitlisted', 'cancelled'],
  confirmed: ['cancelled', 'waitlisted'],
  declined: ['confirmed', 'waitlisted', 'invited'],
  cancelled: ['confirmed', 'waitlisted', 'invited'],
};

const PROTOCOL = {
  invited: ['confirmed', 'declined', 'waitlisted', 'cancelled'],
  confirmed: ['cancelled'],
  declined: ['invited'],
  cancelled: ['invited'],
};

/** Statuses in the order in which they are offered. */
export const STATUSES = ['requested', 'waitlisted', 'invited', 'confirmed', 'declined', 'cancelled'];

/**
 * The statuses that a registration may be moved to.
 *
 * @param {import('./app.js').App} app
 * @param {string} status Where it stands.
 * @returns {string[]}
 */
export function movesFrom({ rights }, status) {
  return (rights.organises ? ORGANISER : PROTOCOL)[status] ?? [];
}

/**
 * Moves a registration.
 *
 * @param {import('./app.js').App} app
 * @param {string} attendee
 * @param {{status: string, reason?: string, override?: boolean}} to
 * @returns {Promise<string>} What became of it, in words.
 */
export async function move(app, attendee, to) {
  const { status } = await app.ask('POST', `/attendees/${attendee}/registration/status`, to);
  return app.say('movedTo', { status: app.words[`status.${status}`] });
}

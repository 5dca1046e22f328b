/**
 * What goes out to many at once, as views tell of it.
 *
 * @module
 */

/**
 * @typedef {import('./app.js').App} App
 * @typedef {import('../common/sync/shown.js').ShownRow} ShownRow
 */

/** States in which nothing is out yet, and something is still to come. */
const WAITING = ['draft', 'to_approve', 'to_confirm', 'scheduled'];

/** How states are shown. @type {Record<string, string>} */
const LOOKS = { to_approve: 'warn', to_confirm: 'warn', sending: 'info', scheduled: 'info', sent: 'good', withdrawn: 'bad' };

/** Every dispatch, the newest first. @param {App} app */
export function listDispatches({ client }) {
  const at = (/** @type {ShownRow} */ { value }) => value.sent_at ?? value.created_at;
  return [...client.rows('dispatches')].sort((one, other) => (at(one) < at(other) ? 1 : -1));
}

/** Whether a dispatch waits to go out. @param {ShownRow} row */
export const isWaiting = ({ value }) => WAITING.includes(value.state);

/** Whether people have a dispatch, or are getting it. @param {ShownRow} row */
export const isOut = ({ value }) => ['sending', 'sent'].includes(value.state);

/** What a dispatch is called. @param {App} app @param {any} value */
export function nameOf(app, value) {
  return app.text(value.title) || app.words[value.kind === 'changes' ? 'changesTold' : 'announcement'];
}

/** How a dispatch stands, and how that is shown. @param {App} app @param {any} value */
export function stateOf(app, { state, sent_at: sentAt, send_at: sendAt }) {
  const at = state === 'scheduled' ? sendAt : sentAt;
  return { text: app.say(`dispatch.${state}`, { time: at ? app.moment(at) : '' }).trim(), look: LOOKS[state] ?? '' };
}

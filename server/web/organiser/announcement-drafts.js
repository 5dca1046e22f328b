/**
 * Announcements that are being written, kept on this device until they are sent or discarded.
 *
 * @module
 */

import { recall, remember } from '../common/kept.js';

/** @typedef {import('./app.js').App} App */

/** @param {App} app */
const keyOf = ({ event, client }) => `announcements-${event}-${client.session?.account.id}`;

/**
 * What was written.
 *
 * @param {App} app
 * @param {string} of The announcement that is changed; empty for a new one.
 * @returns {any} Undefined where nothing was.
 */
export function recallDraft(app, of) {
  return recall(keyOf(app))?.[of];
}

/**
 * Keeps what is written.
 *
 * @param {App} app
 * @param {string} of
 * @param {object} draft
 */
export function keepDraft(app, of, draft) {
  remember(keyOf(app), { ...recall(keyOf(app)), [of]: draft });
}

/** Forgets what was written. @param {App} app @param {string} of */
export function forgetDraft(app, of) {
  const { [of]: _, ...others } = recall(keyOf(app)) ?? {};
  remember(keyOf(app), Object.keys(others).length > 0 ? others : undefined);
}

/** Forgets everything that somebody wrote, as they sign out. @param {App} app */
export function forgetDrafts(app) {
  remember(keyOf(app), undefined);
}

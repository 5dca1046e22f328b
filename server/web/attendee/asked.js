/**
 * What is asked of the server for a view, since no device holds it: the last answer stays while there is no network.
 *
 * @module
 */

import { Unreachable } from '../common/api.js';
import { askSignedIn } from '../common/session.js';

/**
 * @typedef {import('./app.js').App} App
 *
 * @typedef {object} Asked
 * @property {any} body The last good answer; undefined before it.
 * @property {string} fault Why there is no newer one, by the name of its text; empty where there is nothing in the way.
 * @property {boolean} isUnder Whether an answer is awaited.
 * @property {number} askedAt
 * @property {string} mark What it depends on, as it was when it was asked.
 */

/** How long an answer counts as fresh, in milliseconds. */
const FRESH_MS = 60_000;

/** By the event and the path. @type {Map<string, Asked>} */
const answers = new Map();

/** The path of something of the event. @param {App} app @param {string} path */
export const pathOf = (app, path) => `/v1/events/${encodeURIComponent(app.client.event)}${path}`;

/**
 * What the server says of a path, as far as it is known; it is asked where that is not known or old.
 *
 * @param {App} app
 * @param {string} path From the event on.
 * @param {string} [mark] What the answer depends on: another one asks again.
 * @returns {Asked}
 */
export function askedOf(app, path, mark = '') {
  const key = pathOf(app, path);
  const known = answers.get(key) ?? { body: undefined, fault: '', isUnder: false, askedAt: 0, mark };
  answers.set(key, known);
  const isOld = Date.now() - known.askedAt > FRESH_MS;
  const isBack = known.fault === 'data.offline' && app.client.state.isOnline === true;
  if (!known.isUnder && (isOld || isBack || known.mark !== mark)) {
    known.mark = mark;
    load(app, key, known);
  }
  return known;
}

/** @param {App} app @param {string} key @param {Asked} known */
async function load(app, key, known) {
  known.isUnder = true;
  known.askedAt = Date.now();
  const answer = await askSignedIn('GET', key).catch((error) => {
    if (!(error instanceof Unreachable)) throw error;
    return undefined;
  });
  known.isUnder = false;
  known.fault = faultOf(answer);
  if (answer?.status === 200) known.body = answer.body;
  if (answer?.status === 404) known.body = undefined;
  app.redraw();
}

/** @param {import('../common/api.js').Answer | undefined} answer */
function faultOf(answer) {
  if (!answer) return 'data.offline';
  if (answer.status === 200) return '';
  return answer.status === 404 ? 'problem.not_found' : 'notNow';
}

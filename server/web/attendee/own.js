/**
 * Somebody's own registration, with what is on its way to the server and what the server refused.
 *
 * @module
 */

import { icon } from '../common/icons.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { merge } from './form.js';
import { emptyNote, heading } from './parts.js';
import { reasonOf } from './views/session.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {import('../common/sync/client.js').SentEdit} SentEdit
 */

/** What says what somebody needs to take part. */
export const NEEDS_OPS = ['access_needs.put', 'access_needs.delete'];

/** The row of a registration; undefined where there is none. @param {App} app @param {string} attendee */
export function registrationOf(app, attendee) {
  return app.client.rows('registrations', `own:${attendee}`)[0];
}

/**
 * What somebody's edits of these kinds wait for the server's answer.
 *
 * @param {App} app
 * @param {string} attendee
 * @param {string[]} ops
 * @returns {SentEdit[]}
 */
export function waitingOf(app, attendee, ops) {
  return app.client.outbox.filter(({ mutation }) => mutation.for === attendee && ops.includes(mutation.op));
}

/** Those that the server refused. @param {App} app @param {string} attendee @param {string[]} ops @returns {SentEdit[]} */
export function refusedOf(app, attendee, ops) {
  return app.client.refused.filter(({ mutation }) => mutation.for === attendee && ops.includes(mutation.op));
}

/**
 * The registration as it will be once the server has taken what waits.
 *
 * @param {App} app
 * @param {string} attendee
 * @returns {any} With the attendee's `name`; undefined where there is none.
 */
export function registrationWanted(app, attendee) {
  const row = registrationOf(app, attendee);
  if (!row) return undefined;
  const known = { name: app.nameOf(attendee), ...row.value };
  return waitingOf(app, attendee, ['registration.change']).reduce((value, { mutation }) => merge(value, mutation.args), known);
}

/** What was refused, and why, until it is read. @param {App} app @param {SentEdit[]} refused @param {string} [label] */
export function drawRefused(app, refused, label = app.words['changes.dismiss']) {
  return refused.map(
    ({ id, mutation, result }) => html`<div class="banner bad"><p class="grow">${icon('warning')} ${app.words[`op.${mutation.op}`]}: ${reasonOf(app, result)}</p>
      <button type="button" class="small quiet" @click=${() => app.client.dismiss(id)}>${label}</button></div>`,
  );
}

/** That something is not sent yet. @param {App} app @param {boolean} isWaiting */
export function notSent(app, isWaiting) {
  return isWaiting ? html` <span class="quiet-text">(${app.words.notSent})</span>` : nothing;
}

/**
 * A view of one of the attendees, where this device holds what is theirs.
 *
 * @param {App} app
 * @param {string} attendee
 * @param {string} title
 * @param {(name: string) => any} draw
 */
export function drawOf(app, attendee, title, draw) {
  const known = app.attendees.find(({ id }) => id === attendee);
  if (!known) return html`${heading(title)} ${emptyNote(app.words.gone)}`;
  return html`${heading(title)} ${app.attendees.length > 1 ? html`<p class="kicker">${known.name}</p>` : nothing} ${draw(known.name)}`;
}

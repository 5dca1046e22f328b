/**
 * What a file of the programme would take out, and whom that concerns, as the organiser's device knows it.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { nameOfAttendee } from './attendees.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {{collection: string, slug: string}} Named
 * @typedef {{name: string, seats: number, invitations: number}} Loss What goes with one session or part.
 */

/** How many are named. */
const MOST_NAMES = 100;

/** States in which somebody has a seat, or waits for one. */
const HELD = ['confirmed', 'offered', 'waitlisted', 'requested'];

/**
 * What goes with the sessions and parts that a file lacks.
 *
 * @param {App} app
 * @param {{cancelled: Named[], removed: Named[]}} report
 * @returns {{sessionCount: number, losses: Loss[], people: Set<string>}}
 */
export function lossesOf(app, { cancelled, removed }) {
  const gone = [...removed, ...cancelled].filter(({ collection }) => collection === 'sessions' || collection === 'parts');
  const people = new Set();
  const losses = gone.map(({ collection, slug }) => {
    const row = app.client.rows(collection).find(({ value }) => value.slug === slug);
    const seats = app.client.rows('sign_ups', 'organiser').filter(({ value }) => value.session === row?.id && HELD.includes(value.state));
    const invitations = app.client.rows('invitations', 'organiser').filter(({ value }) => value.object === row?.id && !value.withdrawn_at);
    for (const { value } of [...seats, ...invitations]) people.add(value.attendee);
    return { name: (row && app.text(row.value.title)) || slug, seats: seats.length, invitations: invitations.length };
  });
  return { sessionCount: gone.filter(({ collection }) => collection === 'sessions').length, losses, people };
}

/**
 * The losses, and the box by which they are agreed to; nothing where there are none.
 *
 * @param {App} app
 * @param {{cancelled: Named[], removed: Named[], removes_too_much: boolean}} report
 * @param {(isAgreed: boolean) => void} agree
 */
export function removalsToAgree(app, report, agree) {
  const { words } = app;
  const { sessionCount, losses, people } = lossesOf(app, report);
  if (losses.length === 0) return nothing;
  const about = (/** @type {Loss} */ { seats, invitations }) =>
    [seats > 0 && app.plural('seatsGo', seats), invitations > 0 && app.plural('invitationsGo', invitations)].filter(Boolean).join(' · ');
  const names = [...people].slice(0, MOST_NAMES).map((attendee) => nameOfAttendee(app, attendee) ?? words.somebody);
  const concerned = people.size === 0 ? words.removalsNobody : app.plural('removalsConcern', people.size);
  return html`
    <div class="banner bad" role="group" aria-labelledby="removals">
      <div class="grow stack">
        <h4 id="removals">${app.plural('sessionsGo', sessionCount)}</h4>
        ${report.removes_too_much ? html`<p>${words.removesTooMuch}</p>` : nothing}
        <ul>${losses.map((loss) => html`<li>${[loss.name, about(loss)].filter(Boolean).join(': ')}</li>`)}</ul>
        <p>${concerned}</p>
        ${names.length > 0 ? html`<details><summary>${words.whoIsConcerned}</summary><ul>${names.map((name) => html`<li>${name}</li>`)}</ul></details>` : nothing}
        <div class="check"><input type="checkbox" id="agree-removals" @change=${(/** @type {any} */ { target }) => agree(target.checked)}>
          <label for="agree-removals">${app.plural('agreeRemovals', sessionCount)} ${concerned}</label></div>
      </div>
    </div>
  `;
}

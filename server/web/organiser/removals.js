/**
 * What a file of the programme would take out and what ends by that, as the server says; and who they are, as this device knows them.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { nameOfAttendee } from './attendees.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {{collection: string, slug: string}} Named
 * @typedef {Named & {sign_ups: number, invitations: number, favourites: number, speakers: number, duties: number}} Ends What ends in
 *   one session, part, room or vehicle.
 * @typedef {{cancelled: Named[], removed: Named[], removes_too_much: boolean, ends: {people: number, records: Ends[]}}} Report What the
 *   server says would become of a file.
 */

/** How many are named. */
const MOST_NAMES = 100;

/** Where nothing ends. */
const NOTHING = { sign_ups: 0, invitations: 0, favourites: 0, speakers: 0, duties: 0 };

/** States in which somebody has a seat, or waits for one. */
const HELD = ['confirmed', 'offered', 'waitlisted', 'requested'];

/**
 * The sessions and parts that a file lacks, and others in which something ends by that, each with how much.
 *
 * @param {Report} report
 * @returns {{sessionCount: number, losses: Ends[]}}
 */
export function lossesOf({ cancelled, removed, ends }) {
  const gone = [...removed, ...cancelled].filter(({ collection }) => collection === 'sessions' || collection === 'parts');
  const isOf = (/** @type {Named} */ one) => (/** @type {Named} */ other) => one.collection === other.collection && one.slug === other.slug;
  const others = ends.records.filter((one) => !gone.some(isOf(one)));
  const losses = [...gone, ...others].map((one) => ({ ...NOTHING, ...one, ...ends.records.find(isOf(one)) }));
  return { sessionCount: gone.filter(({ collection }) => collection === 'sessions').length, losses };
}

/** @param {App} app @param {Named} of */
function rowOf({ client }, { collection, slug }) {
  return client.rows(collection).find((/** @type {any} */ { value }) => value.slug === slug);
}

/** Who they are that lose something, as far as this device knows. @param {App} app @param {Ends[]} losses */
function namesOf(app, losses) {
  const people = losses.flatMap((loss) => {
    const id = rowOf(app, loss)?.id;
    const seats = app.client.rows('sign_ups', 'organiser').filter(({ value }) => loss.sign_ups > 0 && value.session === id && HELD.includes(value.state));
    const invitations = app.client.rows('invitations', 'organiser').filter(({ value }) => loss.invitations > 0 && value.object === id && !value.withdrawn_at);
    return [...seats, ...invitations].map(({ value }) => value.attendee);
  });
  return [...new Set(people)].slice(0, MOST_NAMES).map((attendee) => nameOfAttendee(app, attendee) ?? app.words.somebody);
}

/**
 * The losses, and the box by which they are agreed to; nothing where there are none.
 *
 * @param {App} app
 * @param {Report} report
 * @param {(isAgreed: boolean) => void} agree
 */
export function removalsToAgree(app, report, agree) {
  const { words } = app;
  const { sessionCount, losses } = lossesOf(report);
  if (losses.length === 0) return nothing;
  const nameOf = (/** @type {Ends} */ loss) => app.text(rowOf(app, loss)?.value.title) || loss.slug;
  const counted = /** @type {const} */ ([
    ['sign_ups', 'seatsGo'],
    ['invitations', 'invitationsGo'],
    ['favourites', 'starsGo'],
    ['speakers', 'speakersGo'],
    ['duties', 'dutiesGo'],
  ]);
  const about = (/** @type {Ends} */ loss) =>
    counted
      .filter(([field]) => loss[field] > 0)
      .map(([field, word]) => app.plural(word, loss[field]))
      .join(' · ');
  const names = namesOf(app, losses);
  const { people } = report.ends;
  const concerned = people === 0 ? words.removalsNobody : app.plural('removalsConcern', people);
  return html`
    <div class="banner bad" role="group" aria-labelledby="removals">
      <div class="grow stack">
        <h4 id="removals">${app.plural('sessionsGo', sessionCount)}</h4>
        ${report.removes_too_much ? html`<p>${words.removesTooMuch}</p>` : nothing}
        <ul>${losses.map((loss) => html`<li>${[nameOf(loss), about(loss)].filter(Boolean).join(': ')}</li>`)}</ul>
        <p>${concerned}</p>
        ${names.length > 0 ? html`<details><summary>${words.whoIsConcerned}</summary><ul>${names.map((name) => html`<li>${name}</li>`)}</ul></details>` : nothing}
        <div class="check"><input type="checkbox" id="agree-removals" @change=${(/** @type {any} */ { target }) => agree(target.checked)}>
          <label for="agree-removals">${app.plural('agreeRemovals', sessionCount)} ${concerned}</label></div>
      </div>
    </div>
  `;
}

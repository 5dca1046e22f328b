/**
 * What a person who comes holds: invitations, seats, access needs.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { emptyOr, listSection, section } from './person-section.js';

/** @typedef {import('./app.js').App} App */

/** The access needs that were asked for, and whose. Each reading is noted down, so they are asked for once. @type {{of: string, body?: any}} */
let asked = { of: '' };

/** What they are invited to, and what they said. @param {App} app @param {string} attendee */
export function invitationsOf(app, attendee) {
  const { words, client } = app;
  return listSection(app, {
    id: 'person-invitations',
    heading: words.invitations,
    path: `/attendees/${attendee}/invitations?limit=500`,
    line: ({ collection, object, answer, word }) => html`
      <span class="grow">${app.text(client.find(collection, object)?.value.title) || app.titleOf(object) || words.somethingElse}
        ${word ? html`<q>${word}</q>` : nothing}</span>
      <span class="chip ${answer === 'accepted' ? 'good' : ''}">${words[`answer.${answer}`]}</span>`,
  });
}

/** The seats that they have, wait for and had. @param {App} app @param {string} attendee */
export function seatsOf(app, attendee) {
  const { words } = app;
  return listSection(app, {
    id: 'person-seats',
    heading: words.seatsHeld,
    path: `/attendees/${attendee}/sign-ups?limit=500`,
    line: ({ session, state, number }) => html`
      <span class="grow">${app.titleOf(session) || words.somethingElse}</span>
      <span class="chip ${state === 'confirmed' ? 'good' : ''}">${words[`seat.${state}`]}${state === 'waitlisted' && number ? ` ${number}` : ''}</span>`,
  });
}

/** What they need to take part, once that is asked for. @param {App} app @param {string} attendee */
export function needsOf(app, attendee) {
  const { words } = app;
  if (asked.of !== attendee) asked = { of: attendee };
  const show = async () => {
    const body = await app.ask('GET', `/attendees/${attendee}/access-needs`);
    if (asked.of === attendee) asked.body = body;
  };
  if (!asked.body) {
    return html`<section class="panel" aria-labelledby="person-needs"><h2 id="person-needs">${words.accessNeeds}</h2>
      <p class="quiet-text">${words.needsNoted}</p><button type="button" class="quiet" @click=${() => app.run(show)}>${words.showNeeds}</button></section>`;
  }
  const draw = (/** @type {any} */ { needs, note }) => html`
    ${emptyOr(app, needs, html`<ul>${needs.map((/** @type {string} */ need) => html`<li>${words[`need.${need}`]}</li>`)}</ul>`)}
    ${note ? html`<p class="lines-kept">${note}</p>` : nothing}`;
  return section(app, { id: 'person-needs', heading: words.accessNeeds, read: asked, draw });
}

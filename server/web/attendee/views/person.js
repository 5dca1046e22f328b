/**
 * One person of the programme: who they are, and where they take part.
 *
 * @module
 */

import { html } from '../../vendor/lit-html/lit-html.js';
import { emptyNote, heading, paragraphs, sessionList } from '../parts.js';
import { describeAffiliation, initials } from './session.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'programme';

/** @param {App} app @param {import('../views.js').Given} given */
export const title = (app, { of }) => app.programme.people.find(({ id }) => id === of)?.person.name ?? app.words.person;

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { of }) {
  const { words, programme } = app;
  const found = programme.people.find(({ id }) => id === of);
  if (!found) return html`${heading(words.person)} ${emptyNote(words.gone)}`;
  const { person, sessions } = found;
  const biography = programme.text(app.client.find('people', of)?.value.biography);
  return html`<article class="detail">
    <header class="person-head"><span class="face large" aria-hidden="true">${initials(person.name)}</span>
      <div><h1 tabindex="-1" id="title">${person.form_of_address ? `${person.form_of_address} ` : ''}${person.name}</h1>
        ${(person.affiliations ?? []).map((/** @type {any} */ one) => html`<p class="quiet-text">${describeAffiliation(app, programme, one)}</p>`)}</div></header>
    ${paragraphs(app, biography)}
    <section><h2>${words['person.sessions']}</h2>${sessionList(app, sessions, { withDay: true })}</section>
  </article>`;
}

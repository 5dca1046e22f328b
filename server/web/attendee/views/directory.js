/**
 * Other attendees, as far as each of them allows it. It is asked of the server, since no device holds it.
 *
 * @module
 */

import { Unreachable } from '../../common/api.js';
import { icon } from '../../common/icons.js';
import { askSignedIn } from '../../common/session.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { emptyNote, heading } from '../parts.js';
import { initials } from './session.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {{attendee: string, name: string, form_of_address?: string, position?: string, organisation?: string, country?: string, email?: string, phone?: string}} Listed
 */

export const tab = 'more';

/** How many are asked for at a time. */
const AT_ONCE = 50;

/** What is looked for. */
let query = '';

/** Who was found; undefined before the first answer. @type {{people: Listed[], next?: string} | undefined} */
let found;

/** Why nobody could be, by the name of its text. */
let fault = '';

/** Counts what was asked, so that a late answer to an earlier question is left. */
let turn = 0;

/** @param {App} app */
export const title = (app) => app.words.directory;

/** @param {App} app */
export function draw(app) {
  const { words } = app;
  if (turn === 0) look(app);
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    look(app);
  };
  return html`${heading(words.directory)}
    <p>${words['directory.text']}</p>
    <form role="search" class="directory-search" @submit=${submit}>
      <label class="unseen" for="directory-query">${words['directory.label']}</label>
      <input id="directory-query" type="search" maxlength="200" autocomplete="off" placeholder=${words['directory.label']} .value=${query}
        @input=${(/** @type {InputEvent} */ { target }) => {
          query = /** @type {HTMLInputElement} */ (target).value;
        }}>
      <button type="submit" class="quiet">${icon('search')} ${words.search}</button>
    </form>
    ${fault ? html`<p class="banner bad" role="alert">${words[fault]}</p>` : nothing}
    <p role="status" class="unseen">${found && !fault ? words[found.people.length > 0 ? 'directory.found' : 'directory.none'] : ''}</p>
    ${found ? drawFound(app, found) : nothing}`;
}

/** @param {App} app @param {{people: Listed[], next?: string}} found */
function drawFound(app, { people, next }) {
  if (people.length === 0) return emptyNote(app.words['directory.none']);
  return html`<ul class="list people">${people.map((person) => html`<li class="row">${drawPerson(app, person)}</li>`)}</ul>
    ${next ? html`<p class="actions"><button type="button" class="quiet" @click=${() => look(app, next)}>${app.words.showMore}</button></p>` : nothing}`;
}

/** @param {App} app @param {Listed} person */
function drawPerson(app, { name, form_of_address: address, position, organisation, country, email, phone }) {
  const region = country && (new Intl.DisplayNames(app.locale, { type: 'region' }).of(country) ?? country);
  const affiliation = [position, organisation, region].filter(Boolean).join(', ');
  return html`<span class="face" aria-hidden="true">${initials(name)}</span>
    <div class="grow"><p class="title">${address ? `${address} ` : ''}${name}</p>
      ${affiliation ? html`<p class="place">${affiliation}</p>` : nothing}
      ${email || phone
        ? html`<p class="links">${email ? html`<a href="mailto:${encodeURIComponent(email).replace('%40', '@')}">${email}</a> ` : nothing}${phone ? html`<a href="tel:${phone.replace(/[^+\d]/g, '')}">${phone}</a>` : nothing}</p>`
        : nothing}</div>`;
}

/** @param {App} app @param {string} [cursor] Where those found go on. */
async function look(app, cursor) {
  turn += 1;
  const own = turn;
  const text = query.trim();
  const body = { limit: AT_ONCE, ...(text && { text }), ...(cursor && { cursor }) };
  const answer = await askSignedIn('POST', `/v1/events/${encodeURIComponent(app.client.event)}/directory/search`, body).catch((error) => {
    if (!(error instanceof Unreachable)) throw error;
    return undefined;
  });
  if (own !== turn) return;
  fault = faultOf(answer);
  if (answer?.status === 200) found = { people: [...(cursor && found ? found.people : []), ...answer.body.items], next: answer.body.next };
  app.redraw();
}

/** @param {import('../../common/api.js').Answer | undefined} answer */
function faultOf(answer) {
  if (!answer) return 'data.offline';
  if (answer.status === 403) return 'problem.not_registered';
  return answer.status === 200 ? '' : 'notNow';
}

/**
 * Who comes: registrations by status, approvals and the waitlist; delegations.
 *
 * @module
 */

import { repeat } from '../../vendor/lit-html/directives/repeat.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';

const STATUSES = ['requested', 'waitlisted', 'invited', 'confirmed', 'declined', 'cancelled'];

/** What a registration may be moved to by an organiser, from where it stands. */
const MOVES = {
  requested: ['confirmed', 'declined'],
  waitlisted: ['confirmed', 'declined'],
  invited: ['confirmed'],
  confirmed: ['cancelled'],
  declined: ['confirmed'],
  cancelled: ['confirmed'],
};

/** What was found by a search, and for what. @type {{text: string, items: any[]} | undefined} */
let found;

/** @param {import('../app.js').App} app */
export const title = ({ words }) => words.people;

/**
 * @param {import('../app.js').App} app
 * @param {{choices: URLSearchParams}} given
 */
export function draw(app, { choices }) {
  const { words } = app;
  const status = choices.get('status') ?? 'requested';
  const delegation = choices.get('delegation');
  const isWithdrawn = choices.has('withdrawn');
  const filter = isWithdrawn ? 'withdrawn_consents=true' : delegation ? `delegation=${delegation}` : `status=${status}`;
  const isByStatus = !found && !delegation && !isWithdrawn;
  const { body, fault } = app.read(`/registrations?limit=100&${filter}`);
  const items = found?.items ?? body?.items ?? [];
  const ofDelegation = delegation && app.text(app.client.find('delegations', delegation)?.value.name);
  const heading = isWithdrawn ? words.consentWithdrawn : (ofDelegation ?? words[`status.${status}`]);
  return html`
    <h1 tabindex="-1">${words.people}</h1>
    <form class="beside" role="search" @submit=${(event) => search(app, event)}>
      <label class="unseen" for="people-search">${words.searchPeople}</label>
      <input id="people-search" name="text" type="search" maxlength="200" autocomplete="off" placeholder=${words.searchPeople}>
      <button type="submit">${words.search}</button>
    </form>
    <nav class="choices" aria-label=${words.status}>
      ${STATUSES.map((one) => html`<a class="choice" href="#/people?status=${one}" aria-current=${isByStatus && one === status ? 'page' : nothing}
        @click=${() => (found = undefined)}>${words[`status.${one}`]}</a>`)}
      <a class="choice" href="#/people?withdrawn" aria-current=${!found && isWithdrawn ? 'page' : nothing} @click=${() => (found = undefined)}>${words.consentWithdrawn}</a>
    </nav>
    <section aria-labelledby="people-list">
      <h2 id="people-list">${found ? app.say('foundFor', { text: found.text }) : heading}</h2>
      ${fault && !found ? html`<p class="message fault">${fault}</p>` : nothing}
      ${items.length === 0 && (body || found) ? html`<p class="empty">${words.nobody}</p>` : nothing}
      <ul class="list">${repeat(items, byPerson, (one) => row(app, one, isByStatus))}</ul>
      ${!found && body?.next ? html`<p class="quiet-text">${words.onlyFirst}</p>` : nothing}
    </section>
    ${delegations(app)}
  `;
}

/** Each has elements of their own, so that a second press never meets the next person. @param {any} one */
const byPerson = ({ attendee }) => attendee;

/** @param {import('../app.js').App} app @param {any} one @param {boolean} isListed Whether the list is of those with this status. */
function row(app, { attendee, name, status, category, delegation_name: delegation, waitlist_number: number, details, withdrawn_consents: withdrawn = [] }, isListed) {
  const { words } = app;
  const texts = app.client.find('categories', category)?.value.consents ?? [];
  const about = [
    app.text(app.client.find('categories', category)?.value.title),
    delegation && app.text(delegation),
    details?.position,
    details?.organisation,
  ].filter(Boolean);
  return html`
    <li class="row">
      <span class="grow"><b>${name}</b><span class="quiet-text small-text">${about.join(' · ')}</span>
        ${withdrawn.map((key) => html`<span class="small-text">${words.consentWithdrawn}: ${app.text(texts.find((one) => one.key === key)?.text) || key}</span>`)}</span>
      ${isListed && !number ? nothing : html`<span class="chip">${words[`status.${status}`]}${number ? ` ${number}` : ''}</span>`}
      <span class="actions">
        ${repeat(
          MOVES[status] ?? [],
          (to) => to,
          (to) => html`<button type="button" class="small ${to === 'confirmed' ? '' : 'quiet'}" aria-label="${words[`move.${to}`]}: ${name}"
            @click=${() => app.run(() => move(app, attendee, to))}>${words[`move.${to}`]}</button>`,
        )}
      </span>
    </li>
  `;
}

async function move(app, attendee, status) {
  const { status: now } = await app.ask('POST', `/attendees/${attendee}/registration/status`, { status });
  if (found) found.items = found.items.map((one) => (one.attendee === attendee ? { ...one, status: now ?? status } : one));
  return app.say('movedTo', { status: app.words[`status.${now ?? status}`] });
}

function search(app, event) {
  event.preventDefault();
  const text = String(new FormData(event.target).get('text')).trim();
  if (!text) {
    found = undefined;
    app.draw();
    return;
  }
  app.run(async () => {
    const { items } = await app.ask('POST', '/registrations/search', { text, limit: 100 });
    found = { text, items };
  });
}

function delegations(app) {
  const { words, client } = app;
  const list = client.rows('delegations').map(({ id, value }) => ({ id, name: app.text(value.name) || value.slug }));
  list.sort((one, other) => one.name.localeCompare(other.name, app.locale));
  if (list.length === 0) return nothing;
  return html`
    <section aria-labelledby="delegations">
      <h2 id="delegations">${words.delegations}</h2>
      <ul class="tiles">${list.map(({ id, name }) => html`<li><a class="button quiet small" href="#/people?delegation=${id}" @click=${() => (found = undefined)}>${name}</a></li>`)}</ul>
    </section>
  `;
}

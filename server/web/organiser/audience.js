/**
 * Whom something is for, as fields: everybody, audiences, delegations, those whom sessions concern, single people.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { nameOfAttendee } from './attendees.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {{everybody?: boolean, audiences?: string[], delegations?: string[], sessions?: string[], attendees?: string[]}} Audience
 */

const KINDS = /** @type {const} */ (['audiences', 'delegations', 'sessions']);

/** People found by the last search. @type {{attendee: string, name: string}[]} */
let found = [];

/**
 * The fields. People who are chosen are put into the audience at once, the rest is read when the form is sent.
 *
 * @param {App} app
 * @param {Audience} audience
 */
export function audienceForm(app, audience) {
  const { words, client, programme } = app;
  const audiences = app.read('/audiences?limit=500').body?.items ?? [];
  const delegations = client.rows('delegations').map(({ id, value }) => ({ id, name: app.text(value.name) || value.slug }));
  delegations.sort((one, other) => one.name.localeCompare(other.name, app.locale));
  const sessions = programme.sessions.filter(({ isStub }) => !isStub);
  return html`
    <fieldset class="audience">
      <legend>${words.forWhom}</legend>
      <div class="check"><input type="checkbox" name="everybody" id="for-everybody" ?checked=${audience.everybody}><label for="for-everybody">${words.forEverybody}</label></div>
      ${choice(app, { kind: 'audiences', heading: words.audiences, chosen: audience.audiences, options: audiences.map(({ id, title, slug }) => ({ id, name: app.text(title) || slug })) })}
      ${choice(app, { kind: 'delegations', heading: words.delegations, chosen: audience.delegations, options: delegations })}
      ${choice(app, {
        kind: 'sessions',
        heading: words.forSessions,
        chosen: audience.sessions,
        options: sessions.map(({ id, day, start, title }) => ({ id, name: `${app.dayName(day)}${start ? `, ${app.hour(start)}` : ''} · ${title.text}` })),
      })}
      ${people(app, audience)}
    </fieldset>
  `;
}

/**
 * Some of many, folded away while none is chosen.
 *
 * @param {App} app
 * @param {{kind: string, heading: string, chosen?: string[], options: {id: string, name: string}[]}} given `kind` names the fields.
 */
export function choice(app, { kind, heading, chosen = [], options }) {
  if (options.length === 0) return nothing;
  return html`
    <details ?open=${chosen.length > 0}>
      <summary>${heading} (${options.length})${chosen.length > 0 ? html` <span class="chip info">${app.say('chosenCount', { count: chosen.length })}</span>` : nothing}</summary>
      <div class="options" role="group" aria-label=${heading}>
        ${options.map(
          ({ id, name }) => html`<div class="check"><input type="checkbox" name=${kind} id="${kind}-${id}" value=${id} ?checked=${chosen.includes(id)}><label for="${kind}-${id}">${name}</label></div>`,
        )}
      </div>
    </details>
  `;
}

/** @param {App} app @param {Audience} audience */
function people(app, audience) {
  const { words } = app;
  const chosen = audience.attendees ?? [];
  const set = (/** @type {string[]} */ attendees) => {
    audience.attendees = attendees;
    app.draw();
  };
  const search = (/** @type {Event} */ event) => {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (document.getElementById('audience-search'));
    if (!field.value.trim()) return;
    app.run(async () => {
      const { items } = await app.ask('POST', '/registrations/search', { text: field.value.trim(), limit: 20 });
      found = items;
      return items.length === 0 ? words.nobody : undefined;
    });
  };
  return html`
    <details ?open=${chosen.length > 0}>
      <summary>${words.forPeople}${chosen.length > 0 ? html` <span class="chip info">${app.say('chosenCount', { count: chosen.length })}</span>` : nothing}</summary>
      <div class="beside">
        <label class="unseen" for="audience-search">${words.searchPeople}</label>
        <input id="audience-search" type="search" maxlength="200" autocomplete="off" placeholder=${words.searchPeople}
          @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === 'Enter' && search(event)}>
        <button type="button" @click=${search}>${words.search}</button>
      </div>
      <ul class="list">
        ${found
          .filter(({ attendee }) => !chosen.includes(attendee))
          .map(({ attendee, name }) => html`<li class="row"><span class="grow">${name}</span>
            <button type="button" class="small" aria-label="${words.add}: ${name}" @click=${() => set([...chosen, attendee])}>${words.add}</button></li>`)}
      </ul>
      <ul class="tiles">
        ${chosen.map((attendee) => {
          const name = nameOfAttendee(app, attendee) ?? words.somebody;
          return html`<li class="chip info">${name} <button type="button" class="bare small" aria-label="${words.remove}: ${name}" @click=${() => set(chosen.filter((one) => one !== attendee))}>×</button></li>`;
        })}
      </ul>
    </details>
  `;
}

/**
 * Whom the form's sender chose; empty lists are left out.
 *
 * @param {HTMLFormElement} form
 * @param {Audience} former Who has the people that were chosen.
 * @returns {Audience}
 */
export function readAudience(form, former) {
  const given = new FormData(form);
  /** @type {Audience} */
  const audience = {};
  if (given.has('everybody')) audience.everybody = true;
  for (const kind of KINDS) {
    const chosen = given.getAll(kind).map(String);
    if (chosen.length > 0) audience[kind] = chosen;
  }
  if (former.attendees && former.attendees.length > 0) audience.attendees = former.attendees;
  return audience;
}

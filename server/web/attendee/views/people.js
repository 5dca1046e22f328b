/**
 * Everybody in the programme.
 *
 * @module
 */

import { Index } from '../../common/search.js';
import { icon } from '../../common/icons.js';
import { html } from '../../vendor/lit-html/lit-html.js';
import { emptyNote, heading } from '../parts.js';
import { describeAffiliation, initials } from './session.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'programme';

let query = '';

/** @param {App} app */
export const title = (app) => app.words.people;

/** @param {App} app */
export function draw(app) {
  const { words, programme } = app;
  const { people } = programme;
  const texts = (/** @type {{person: any}} */ { person }) => [
    person.name,
    ...(person.affiliations ?? []).flatMap((/** @type {any} */ one) => Object.values(one.organisation ?? {})),
  ];
  const found = query.trim() === '' ? people : new Index(people, texts).find(query);
  return html`${heading(words.people)}
    <search class="search">
      <label class="unseen" for="people-query">${words.search}</label>${icon('search')}
      <input id="people-query" type="search" autocomplete="off" placeholder=${words.search} .value=${query} @input=${(/** @type {InputEvent} */ event) => {
        query = /** @type {HTMLInputElement} */ (event.target).value;
        app.redraw();
      }}>
    </search>
    ${found.length === 0
      ? emptyNote(app.say('search.none', { query: query.trim() }))
      : html`<ul class="list people">${found.map(
          ({ id, person }) => html`<li><a class="row" href="#/person/${id}">
            <span class="face" aria-hidden="true">${initials(person.name)}</span>
            <span class="grow"><span class="title">${person.form_of_address ? `${person.form_of_address} ` : ''}${person.name}</span>
              ${(person.affiliations ?? []).slice(0, 1).map((/** @type {any} */ one) => html`<span class="place">${describeAffiliation(app, programme, one)}</span>`)}</span>
          </a></li>`,
        )}</ul>`}`;
}

/**
 * Where things take place.
 *
 * @module
 */

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { icon } from '../../common/icons.js';
import { emptyNote, heading, spoken } from '../parts.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

/** @param {App} app */
export const title = (app) => app.words.venues;

/** @param {App} app */
export function draw(app) {
  const { words, programme } = app;
  const venues = app.client.rows('venues');
  return html`${heading(words.venues)}
    ${venues.length === 0 ? emptyNote(words['programme.none']) : nothing}
    <ul class="list">${venues.map(
      ({ id, value }) => html`<li><a class="row" href="#/venue/${id}">${icon('place')}<span class="grow"><span class="title">${spoken(app, programme.text(value.name))}</span>
        ${value.address ? html`<span class="place">${value.address}${value.city ? `, ${value.city}` : ''}</span>` : nothing}</span></a></li>`,
    )}</ul>`;
}

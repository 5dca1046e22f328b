/**
 * Everybody who may be registered twice.
 *
 * @module
 */

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { member, readDuplicates, reasonsText } from '../duplicates.js';

/** How many pages are shown. */
let pages = 1;

/** @param {import('../app.js').App} app */
export const title = ({ words }) => words.duplicates;

/** @param {import('../app.js').App} app */
export function draw(app) {
  const { words } = app;
  const { items, isRead, hasMore, fault } = readDuplicates(app, pages);
  const more = () => {
    pages += 1;
    app.draw();
  };
  return html`
    <div class="head"><h1 tabindex="-1">${words.duplicates}</h1><a href="#/people">${words.people}</a></div>
    <p class="quiet-text">${words.duplicatesHow} ${words.neverMerged}</p>
    ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
    ${isRead && items.length === 0 ? html`<p class="empty">${words.noDuplicates}</p>` : nothing}
    ${items.map((group) => html`<section class="stack" aria-label=${group.attendees[0].name}>
      <p>${reasonsText(app, group)}${group.attendee_count > group.attendees.length ? html` · ${app.plural('allPeople', group.attendee_count)}` : nothing}</p>
      <ul class="list">${group.attendees.map((one) => member(app, one))}</ul></section>`)}
    ${hasMore ? html`<button type="button" class="quiet" @click=${more}>${words.showMore}</button>` : nothing}
  `;
}

/**
 * Registrations that may be one person's, which are shown and never merged.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { readPages } from './paged.js';

/** @typedef {import('./app.js').App} App */

/** How many groups are read at once. */
const PAGE = 500;

/** Groups of registrations, as many pages as are wanted. @param {App} app @param {number} count */
export function readDuplicates(app, count) {
  return readPages(app, { path: '/registrations/duplicates', query: { limit: String(PAGE) } }, count);
}

/**
 * Who else may be the same person; nothing where there is nobody.
 *
 * @param {App} app
 * @param {string} attendee
 */
export function duplicatesOf(app, attendee) {
  const groups = readDuplicates(app, 1).items.filter(({ attendees }) => attendees.some((one) => one.attendee === attendee));
  if (groups.length === 0) return nothing;
  return html`
    <section class="banner warn" aria-labelledby="may-be-twice">
      <div class="grow stack">
        <h2 id="may-be-twice">${app.words.mayBeTwice}</h2>
        ${groups.map((group) => html`<p>${reasonsText(app, group)}</p><ul class="list">${group.attendees.filter((one) => one.attendee !== attendee).map((one) => member(app, one))}</ul>`)}
        <p class="quiet-text">${app.words.neverMerged}</p>
      </div>
    </section>
  `;
}

/** Why they may be one person. @param {App} app @param {{reasons: string[]}} group */
export function reasonsText({ words, locale }, { reasons }) {
  return new Intl.ListFormat(locale).format(reasons.map((reason) => words[`alike.${reason}`]));
}

/** One of a group. @param {App} app @param {any} one */
export function member(app, { attendee, name, email, category, delegation, status }) {
  const { words, client } = app;
  const about = [app.text(client.find('categories', category)?.value.title), delegation && app.text(client.find('delegations', delegation)?.value.name), email];
  return html`<li class="row"><span class="grow"><a class="strong" href="#/person/${attendee}">${name}</a>
      <span class="quiet-text small-text">${about.filter(Boolean).join(' · ')}</span></span>
    <span class="chip">${words[`status.${status}`]}</span></li>`;
}

/**
 * Who of the programme is which of those who come.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { readPages } from './paged.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {{attendee: string, name: string, reasons: string[]}} Suggestion
 * @typedef {{person: string, slug: string, name: string, session_count: number, attendee?: string, attendee_name?: string, suggestions: Suggestion[]}} Link
 */

/** How many people of the programme are read at once. */
const PAGE = 500;

/**
 * People of the programme with whom they are, or may be.
 *
 * @param {App} app
 * @param {Record<string, string>} query Which of them, as the API has it.
 * @param {number} count How many pages.
 */
export function readLinks(app, query, count) {
  return readPages(app, { path: '/people/links', query: { limit: String(PAGE), ...query } }, count);
}

/** Says that somebody of the programme is an attendee. @param {App} app @param {string} person @param {string} attendee */
export async function link(app, person, attendee) {
  await app.ask('PUT', `/people/${person}/link`, { attendee });
  app.client.exchange();
  return app.words.wasLinked;
}

/** Takes that back. @param {App} app @param {string} person */
export async function unlink(app, person) {
  await app.ask('DELETE', `/people/${person}/link`);
  app.client.exchange();
  return app.words.wasUnlinked;
}

/** Why somebody may be it. @param {App} app @param {string[]} reasons */
export function whyText({ words, locale }, reasons) {
  return new Intl.ListFormat(locale).format(reasons.map((reason) => words[`alike.${reason}`]));
}

/** Who of the programme a person who comes is, or may be. @param {App} app @param {{attendee: string, name: string}} registration */
export function linkOf(app, { attendee, name }) {
  const { words, client } = app;
  const linked = client.rows('people').find(({ value }) => value.attendee === attendee);
  return html`
    <section class="panel" aria-labelledby="person-link">
      <h2 id="person-link">${words.inProgramme}</h2>
      ${
        linked
          ? html`<div class="row"><span class="grow">${linked.value.name}</span>
              <button type="button" class="quiet small" aria-label="${words.unlink}: ${linked.value.name}" @click=${() => app.run(() => unlink(app, linked.id))}>${words.unlink}</button></div>`
          : mayBe(app, attendee, name)
      }
    </section>
  `;
}

/** @param {App} app @param {string} attendee @param {string} name */
function mayBe(app, attendee, name) {
  const { words } = app;
  const { items, isRead, fault } = readLinks(app, { linked: 'false' }, 1);
  const likely = items.filter(({ suggestions }) => suggestions.some((one) => one.attendee === attendee));
  return html`
    ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
    ${isRead && likely.length === 0 ? html`<p class="quiet-text">${words.noneLikely}</p>` : nothing}
    <ul class="list">${likely.map(
      ({ person, name: printed, session_count: count, suggestions }) => html`<li class="row">
        <span class="grow">${printed}<span class="quiet-text small-text">${[app.plural('inSessions', count), whyText(app, suggestions.find((one) => one.attendee === attendee)?.reasons ?? [])].join(' · ')}</span></span>
        <button type="button" class="small" aria-label="${words.linkThem}: ${printed}, ${name}" @click=${() => app.run(() => link(app, person, attendee))}>${words.linkThem}</button></li>`,
    )}</ul>
    <p><a href="#/links">${words.speakersLinked}</a></p>
  `;
}

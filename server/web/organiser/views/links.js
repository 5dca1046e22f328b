/**
 * Everybody in the programme, and who of those who come they are: suggested, accepted, taken back.
 *
 * @module
 */

import { repeat } from '../../vendor/lit-html/directives/repeat.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { link, readLinks, unlink, whyText } from '../person-link.js';

/** @typedef {import('../app.js').App} App */

/** How many are shown at once. */
const AT_ONCE = 50;

const LISTS = ['open', 'linked'];

let shownCount = AT_ONCE;

/** People found for one of the programme. @type {{person: string, text: string, items: {attendee: string, name: string}[]}} */
let found = { person: '', text: '', items: [] };

/** @param {App} app */
export const title = ({ words }) => words.speakersLinked;

/**
 * @param {App} app
 * @param {{choices: URLSearchParams}} given
 */
export function draw(app, { choices }) {
  const { words } = app;
  const isLinked = choices.get('list') === 'linked';
  const { items, isRead, hasMore, fault } = readLinks(app, { linked: String(isLinked) }, Math.ceil(shownCount / 500));
  const shown = items.slice(0, shownCount);
  const more = () => {
    shownCount += AT_ONCE;
    app.draw();
  };
  return html`
    <div class="head"><h1 tabindex="-1">${words.speakersLinked}</h1><a href="#/people">${words.people}</a></div>
    <p class="quiet-text">${words.linksHow}</p>
    <nav class="choices" aria-label=${words.status}>
      ${LISTS.map((one) => html`<a class="choice" href="#/links?list=${one}" aria-current=${(one === 'linked') === isLinked ? 'page' : nothing}>${words[`links.${one}`]}</a>`)}
    </nav>
    ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
    ${isRead && items.length === 0 ? html`<p class="empty">${words.nobody}</p>` : nothing}
    <ul class="list">${repeat(shown, ({ person }) => person, (one) => (isLinked ? linkedRow(app, one) : openRow(app, one)))}</ul>
    ${hasMore || items.length > shownCount ? html`<button type="button" class="quiet" @click=${more}>${words.showMore}</button>` : nothing}
  `;
}

/** @param {App} app @param {import('../person-link.js').Link} one */
function linkedRow(app, { person, name, attendee, attendee_name: comes, session_count: count }) {
  const { words } = app;
  return html`<li class="row"><span class="grow"><b>${name}</b><span class="quiet-text small-text">${app.plural('inSessions', count)}</span>
      <a href="#/person/${attendee}">${comes}</a></span>
    <button type="button" class="quiet small" aria-label="${words.unlink}: ${name}" @click=${() => app.run(() => unlink(app, person))}>${words.unlink}</button></li>`;
}

/** @param {App} app @param {import('../person-link.js').Link} one */
function openRow(app, { person, name, session_count: count, suggestions }) {
  const { words } = app;
  const others = found.person === person ? found.items.filter(({ attendee }) => !suggestions.some((one) => one.attendee === attendee)) : [];
  const candidate = (/** @type {{attendee: string, name: string, reasons?: string[]}} */ { attendee, name: comes, reasons = [] }) => html`<li class="row">
    <span class="grow"><a href="#/person/${attendee}">${comes}</a>${reasons.length > 0 ? html` <span class="quiet-text small-text">${whyText(app, reasons)}</span>` : nothing}</span>
    <button type="button" class="small" aria-label="${words.linkThem}: ${name}, ${comes}" @click=${() => app.run(() => link(app, person, attendee))}>${words.linkThem}</button></li>`;
  const search = (/** @type {any} */ event) => {
    event.preventDefault();
    const text = String(new FormData(event.target).get('text')).trim();
    if (!text) return;
    app.run(async () => {
      const { items } = await app.ask('POST', '/registrations/search', { text, limit: 10 });
      found = { person, text, items };
      return items.length === 0 ? words.nobody : undefined;
    });
  };
  return html`<li class="row"><div class="grow stack"><div><b>${name}</b><span class="quiet-text small-text">${app.plural('inSessions', count)}</span></div>
    <ul class="list">${[...suggestions, ...others].map(candidate)}</ul>
    <details><summary aria-label="${words.findOther}: ${name}">${words.findOther}</summary>
      <form class="beside" role="search" aria-label="${words.findOther}: ${name}" @submit=${search}>
        <label class="unseen" for="find-${person}">${words.searchPeople}: ${name}</label>
        <input id="find-${person}" name="text" type="search" maxlength="200" autocomplete="off" placeholder=${words.searchPeople}>
        <button type="submit" class="small">${words.search}</button>
      </form></details></div></li>`;
}

/**
 * Who comes: registrations by status, category and delegation, approvals and the waitlist; delegations.
 *
 * @module
 */

import { repeat } from '../../vendor/lit-html/directives/repeat.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { listDelegations } from '../delegations.js';
import { move, movesFrom, STATUSES } from '../moves.js';
import { readPages } from '../paged.js';
import { entryForm } from '../person-entry.js';

/** @typedef {import('../app.js').App} App */

/**
 * @typedef {object} Wanted Whom the list is of.
 * @property {string} status Empty for all.
 * @property {string} category
 * @property {string} delegation
 * @property {boolean} isWithdrawn Only those who took back what is required.
 */

/** How many are read at once. */
const PAGE = 100;

/** How many ways to move somebody a line offers; the person's own page has all. */
const MOST_MOVES = 2;

/** What is searched for; it is no part of the address, which holds no names. */
let searched = '';

/** How many pages are shown, and of which list. */
let shown = { of: '', pages: 1 };

/** @param {App} app */
export const title = ({ words }) => words.people;

/**
 * @param {App} app
 * @param {{choices: URLSearchParams}} given
 */
export function draw(app, { choices }) {
  const { words } = app;
  const wanted = wantedOf(choices);
  const asked = askedOf(wanted);
  const of = JSON.stringify(asked);
  if (shown.of !== of) shown = { of, pages: 1 };
  const { items, isRead, hasMore, fault } = readPages(app, asked, shown.pages);
  return html`
    <div class="head"><h1 tabindex="-1">${words.people}</h1>
      <span class="actions"><a href="#/duplicates">${words.duplicates}</a>${app.rights.organises ? html`<a href="#/links">${words.speakersLinked}</a>` : nothing}</span></div>
    ${searchForm(app, wanted)}
    ${filters(app, wanted)}
    ${entryForm(app)}
    <section aria-labelledby="people-list">
      <h2 id="people-list">${headingOf(app, wanted)}</h2>
      ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
      <p class="quiet-text" role="status">${isRead && items.length > 0 ? app.plural(hasMore ? 'firstPeople' : 'allPeople', items.length) : ''}</p>
      ${isRead && items.length === 0 ? html`<p class="empty">${words.nobody}</p>` : nothing}
      <ul class="list">${repeat(items, byPerson, (one) => row(app, one, wanted))}</ul>
      ${hasMore ? html`<button type="button" class="quiet" @click=${() => more(app)}>${words.showMore}</button>` : nothing}
    </section>
    ${delegations(app)}
  `;
}

/** Each has elements of their own, so that a second press never meets the next person. @param {any} one */
const byPerson = ({ attendee }) => attendee;

/** What the address asks for; those who wait for a word, where it asks for nothing. @param {URLSearchParams} choices @returns {Wanted} */
function wantedOf(choices) {
  const of = (/** @type {string} */ name) => choices.get(name) ?? '';
  const isWithdrawn = choices.has('withdrawn');
  const isOfSome = isWithdrawn || searched || of('category') || of('delegation');
  const status = choices.get('status') ?? (isOfSome ? 'all' : 'requested');
  return { status: STATUSES.includes(status) ? status : '', category: of('category'), delegation: of('delegation'), isWithdrawn };
}

/** @param {Wanted} wanted */
function askedOf({ status, category, delegation, isWithdrawn }) {
  const filter = { ...(status && { status }), ...(category && { category }), ...(delegation && { delegation }) };
  if (searched) {
    const body = { text: searched, limit: PAGE, ...filter, ...(isWithdrawn && { withdrawn_consents: true }) };
    return { path: '/registrations/search', body };
  }
  return { path: '/registrations', query: { limit: String(PAGE), ...filter, ...(isWithdrawn && { withdrawn_consents: 'true' }) } };
}

/** The address of another list. @param {Wanted} wanted */
function addressOf({ status, category, delegation, isWithdrawn }) {
  const query = new URLSearchParams({ status: status || 'all', ...(category && { category }), ...(delegation && { delegation }) });
  if (isWithdrawn) query.set('withdrawn', '');
  return `#/people?${query}`;
}

/** @param {App} app @param {Wanted} wanted */
function headingOf(app, { status, category, delegation, isWithdrawn }) {
  const { words } = app;
  const parts = [
    searched && app.say('foundFor', { text: searched }),
    isWithdrawn && words.consentWithdrawn,
    status && words[`status.${status}`],
    category && titleOfCategory(app, category),
    delegation && app.text(app.client.find('delegations', delegation)?.value.name),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : words.everybody;
}

/** @param {App} app @param {string} id */
const titleOfCategory = (app, id) => app.text(app.client.find('categories', id)?.value.title);

/** @param {App} app @param {Wanted} wanted */
function searchForm(app, wanted) {
  const { words } = app;
  const search = (/** @type {any} */ event) => {
    event.preventDefault();
    searched = String(new FormData(event.target).get('text')).trim();
    // Whoever is looked for may stand anywhere.
    const address = addressOf({ ...wanted, status: searched ? '' : 'requested' });
    if (location.hash === address) app.draw();
    else location.hash = address;
  };
  return html`
    <form class="beside" role="search" @submit=${search}>
      <label class="unseen" for="people-search">${words.searchPeople}</label>
      <input id="people-search" name="text" type="search" maxlength="200" autocomplete="off" placeholder=${words.searchPeople} .defaultValue=${searched}>
      <button type="submit">${words.search}</button>
    </form>
  `;
}

/** @param {App} app @param {Wanted} wanted */
function filters(app, wanted) {
  const { words, client, locale } = app;
  const categories = client.rows('categories').map(({ id }) => ({ id, name: titleOfCategory(app, id) }));
  categories.sort((one, other) => one.name.localeCompare(other.name, locale));
  const choice = (/** @type {string} */ name, /** @type {string} */ label, /** @type {{id: string, name: string}[]} */ options) =>
    options.length === 0
      ? nothing
      : html`<div><label for="only-${name}">${label}</label>
          <select id="only-${name}" @change=${(/** @type {any} */ { target }) => {
            location.hash = addressOf({ ...wanted, [name]: target.value });
          }}>
            <option value="" ?selected=${!wanted[name]}>${words.all}</option>
            ${options.map(({ id, name: text }) => html`<option value=${id} ?selected=${id === wanted[name]}>${text}</option>`)}
          </select></div>`;
  const link = (/** @type {Wanted} */ to, /** @type {string} */ text, /** @type {boolean} */ isCurrent) =>
    html`<a class="choice" href=${addressOf(to)} aria-current=${isCurrent ? 'page' : nothing}>${text}</a>`;
  const { status, isWithdrawn } = wanted;
  return html`
    <nav class="choices" aria-label=${words.status}>
      ${STATUSES.map((one) => link({ ...wanted, status: one, isWithdrawn: false }, words[`status.${one}`], !isWithdrawn && one === status))}
      ${link({ ...wanted, status: '', isWithdrawn: false }, words.everybody, !isWithdrawn && !status)}
      ${link({ ...wanted, status: '', isWithdrawn: true }, words.consentWithdrawn, isWithdrawn)}
    </nav>
    <div class="columns narrowing">${choice('category', words['field.category'], categories)}${choice('delegation', words['field.delegation'], listDelegations(app))}</div>
  `;
}

/** @param {App} app @param {any} one @param {Wanted} wanted */
function row(app, { attendee, name, status, category, delegation_name: delegation, waitlist_number: number, details, withdrawn_consents: withdrawn = [], is_placeholder: isPlaceholder }, wanted) {
  const { words } = app;
  const texts = app.client.find('categories', category)?.value.consents ?? [];
  const about = [titleOfCategory(app, category), delegation && app.text(delegation), details?.position, details?.organisation].filter(Boolean);
  return html`
    <li class="row">
      <span class="grow"><a class="strong" href="#/person/${attendee}">${name}</a>${isPlaceholder ? html` <span class="chip">${words.placeholder}</span>` : nothing}
        <span class="quiet-text small-text">${about.join(' · ')}</span>
        ${withdrawn.map((key) => html`<span class="small-text">${words.consentWithdrawn}: ${app.text(texts.find((one) => one.key === key)?.text) || key}</span>`)}</span>
      ${wanted.status && !number ? nothing : html`<span class="chip">${words[`status.${status}`]}${number ? ` ${number}` : ''}</span>`}
      <span class="actions">
        ${repeat(
          movesFrom(app, status).slice(0, MOST_MOVES),
          (to) => to,
          (to) => html`<button type="button" class="small ${to === 'confirmed' ? '' : 'quiet'}" aria-label="${words[`move.${to}`]}: ${name}"
            @click=${() => app.run(() => move(app, attendee, { status: to }))}>${words[`move.${to}`]}</button>`,
        )}
      </span>
    </li>
  `;
}

/** Shows one page more. @param {App} app */
function more(app) {
  shown.pages += 1;
  app.draw();
}

/** @param {App} app */
function delegations(app) {
  const { words } = app;
  const list = listDelegations(app);
  if (list.length === 0) return nothing;
  return html`
    <section aria-labelledby="delegations">
      <h2 id="delegations">${words.delegations}</h2>
      <p class="quiet-text">${words.delegationsHow}</p>
      <ul class="tiles">${list.map(({ id, name }) => html`<li><a class="button quiet small" href="#/delegation/${id}">${name}</a></li>`)}</ul>
    </section>
  `;
}

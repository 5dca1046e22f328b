/**
 * Who changed what.
 *
 * @module
 */

import { momentIn } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { nameOfAttendee } from '../attendees.js';

/** @typedef {import('../app.js').App} App */

/** How many changes are read at once. */
const PAGE = 100;

/** How many fields are named. */
const MOST_FIELDS = 8;

/** How much is shown of a value that is neither a text nor a time. */
const MOST_LETTERS = 80;

const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

/** Fields that only programs read, or that other columns show. */
const UNNAMED = ['id', 'rev', 'slug', 'collection', 'attendee', 'account'];

/** @param {App} app */
export const title = ({ words }) => words.audit;

/** What was read of the log, as it was asked for. @type {{of: string, entries: Map<string, any>, next?: string}} */
let kept = { of: '', entries: new Map() };

/**
 * @param {App} app
 * @param {{choices: URLSearchParams}} given `day`, `account` and `record` say what is shown.
 */
export function draw(app, { choices }) {
  const { words } = app;
  const query = queryOf(app, choices);
  const { body, fault } = app.read(`/audit?${query}`, `${app.client.position('public')} ${app.client.position('organiser')}`);
  if (body) keep(query, body);
  const { entries, next } = kept.of === query ? kept : { entries: new Map(), next: undefined };
  const shown = [...entries.values()].sort((one, other) => other.seq - one.seq || other.ordinal - one.ordinal);
  const accounts = new Map((app.read('/roles?limit=500').body?.items ?? []).map(({ account, name, email }) => [account, name || email]));
  const heads = [words.when, words.who, words.operation, words.what, words.how];
  return html`
    <h1 tabindex="-1">${words.audit}</h1>
    ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
    ${choiceOf(app, choices, accounts)}
    <p role="status">${body ? app.plural(next ? 'auditNewest' : 'auditAll', shown.length) : fault ? '' : words.loading}</p>
    <div class="grid-frame" tabindex="0" role="region" aria-label=${words.audit}>
      <table class="lines">
        <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
        <tbody>
          ${shown.map(
            (entry) => html`<tr>
              <td>${app.moment(entry.at)}</td><td>${whoOf(app, entry, accounts)}</td>
              <td>${deedOf(app, entry.operation)}</td>
              <td><span class="quiet-text small-text">${words[`collection.${entry.collection}`] ?? entry.collection}</span><br>
                <a href=${addressWith(choices, { record: entry.id })}>${nameOf(app, entry)}</a></td>
              <td>${difference(app, entry)}</td></tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${next ? html`<button type="button" class="quiet" @click=${() => app.run(() => readOlder(app, query))}>${words.auditOlder}</button>` : nothing}
  `;
}

/** What is asked of the server. @param {App} app @param {URLSearchParams} choices */
function queryOf(app, choices) {
  const query = new URLSearchParams({ limit: String(PAGE) });
  for (const name of ['account', 'record']) {
    const value = choices.get(name);
    if (value) query.set(name, value);
  }
  const begin = Date.parse(`${choices.get('day')}T00:00:00Z`);
  if (Number.isNaN(begin)) return String(query);
  for (const [name, at] of /** @type {const} */ ([['from', begin], ['to', begin + 86_400_000]])) {
    query.set(name, new Date(momentIn(app.zone, new Date(at).toISOString().slice(0, 16))).toISOString());
  }
  return String(query);
}

/** Keeps the newest page with what was read before; where they do not meet, it begins anew. @param {string} query @param {any} page */
function keep(query, { items, next }) {
  const key = (/** @type {any} */ { seq, ordinal }) => `${seq}-${ordinal}`;
  const meets = kept.of === query && (kept.entries.size === 0 || !next || items.some((/** @type {any} */ entry) => kept.entries.has(key(entry))));
  if (!meets) kept = { of: query, entries: new Map(), next };
  if (kept.entries.size === 0) kept.next = next;
  for (const entry of items) kept.entries.set(key(entry), entry);
}

/** @param {App} app @param {string} query */
async function readOlder(app, query) {
  const { items, next } = await app.ask('GET', `/audit?${query}&cursor=${encodeURIComponent(kept.next ?? '')}`);
  if (kept.of !== query) return;
  for (const entry of items) kept.entries.set(`${entry.seq}-${entry.ordinal}`, entry);
  kept.next = next;
}

/** Of which day, by whom, and of what. @param {App} app @param {URLSearchParams} choices @param {Map<string, string>} accounts */
function choiceOf(app, choices, accounts) {
  const { words } = app;
  const go = (/** @type {Record<string, string>} */ change) => {
    location.hash = addressWith(choices, change);
  };
  const people = [...accounts].sort(([, one], [, other]) => one.localeCompare(other, app.locale));
  return html`
    <div class="beside">
      <div><label for="audit-day">${words.auditDay}</label>
        <input type="date" id="audit-day" .value=${choices.get('day') ?? ''} @change=${(/** @type {any} */ event) => go({ day: event.target.value })}></div>
      <div><label for="audit-account">${words.who}</label>
        <select id="audit-account" .value=${choices.get('account') ?? ''} @change=${(/** @type {any} */ event) => go({ account: event.target.value })}>
          <option value="">${words.everybody}</option>
          ${people.map(([id, name]) => html`<option value=${id} ?selected=${choices.get('account') === id}>${name}</option>`)}
        </select></div>
    </div>
    ${choices.get('record') ? html`<p>${words.auditOneRecord} <a href=${addressWith(choices, { record: '' })}>${words.auditAllRecords}</a></p>` : nothing}
  `;
}

/** The address of what is shown with another choice. @param {URLSearchParams} choices @param {Record<string, string>} change */
function addressWith(choices, change) {
  const query = new URLSearchParams(choices);
  for (const [name, value] of Object.entries(change)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  return `#/audit?${query}`;
}

/** Who did it, and for whom. @param {App} app @param {any} entry @param {Map<string, string>} accounts */
function whoOf(app, { account, attendee }, accounts) {
  const { words } = app;
  const forWhom = attendee && nameOfAttendee(app, attendee);
  if (account === null) return words.byCommand;
  const name = accounts.get(account);
  if (!name) return forWhom || words.somebody;
  return forWhom && forWhom !== name ? html`${name}<br><span class="quiet-text small-text">${app.say('forAttendee', { name: forWhom })}</span>` : name;
}

/** What was done, such as `session.move`, in a word. @param {App} app @param {string} operation */
function deedOf({ words }, operation) {
  const word = words[`did.${operation.split('.').at(-1)}`];
  return word ?? html`<code>${operation}</code>`;
}

/** @param {App} app @param {any} entry */
function nameOf(app, { collection, id, attendee, before, after }) {
  const value = app.client.find(collection, id)?.value ?? after ?? before;
  const name = value?.title ?? value?.name;
  const text = typeof name === 'string' ? name : app.text(name);
  return text || nameOfAttendee(app, value?.attendee ?? attendee ?? id) || value?.slug || id.slice(0, 8);
}

/** The fields that differ, and how they were before and are now. @param {App} app @param {any} entry */
function difference(app, { before, after }) {
  const { words } = app;
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changed = fields.filter((field) => !UNNAMED.includes(field) && JSON.stringify(before?.[field]) !== JSON.stringify(after?.[field]));
  const nameOfField = (/** @type {string} */ field) => words[`field.${field}`] ?? words.otherField;
  const named = [...new Set(changed.map(nameOfField))];
  const names = named.slice(0, MOST_FIELDS).join(', ') + (named.length > MOST_FIELDS ? ' …' : '');
  if (!before || !after || changed.length === 0) return names;
  return html`<details><summary>${names}</summary>
    ${changed.map((field) => html`<span class="quiet-text small-text">${nameOfField(field)}: ${valueText(app, before[field])} → ${valueText(app, after[field])}</span>`)}</details>`;
}

/** A value of a record: what its id names, its time, or its text. @param {App} app @param {any} value @returns {string} */
function valueText(app, value) {
  if (value === undefined || value === null) return app.words.none;
  if (typeof value === 'string') {
    if (INSTANT.test(value)) return app.moment(value);
    return app.roomName(value) || app.programme.venue(value)?.name?.text || app.titleOf(value) || nameOfAttendee(app, value) || app.words[`state.${value}`] || value;
  }
  if (typeof value !== 'object') return String(value);
  const text = JSON.stringify(value);
  return app.text(value) || (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)} …` : text);
}

/**
 * Who changed what.
 *
 * @module
 */

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { nameOfAttendee } from '../attendees.js';

/** @typedef {import('../app.js').App} App */

/** How many fields are named. */
const MOST_FIELDS = 8;

/** Fields that only programs read, or that other columns show. */
const UNNAMED = ['id', 'rev', 'slug', 'collection', 'attendee', 'account'];

/** @param {App} app */
export const title = ({ words }) => words.audit;

/** @param {App} app */
export function draw(app) {
  const { words } = app;
  const { body, fault } = app.read('/audit?limit=100', `${app.client.position('public')} ${app.client.position('organiser')}`);
  const accounts = new Map((app.read('/roles?limit=500').body?.items ?? []).map(({ account, name, email }) => [account, name || email]));
  const heads = [words.when, words.who, words.operation, words.what, words.how];
  return html`
    <h1 tabindex="-1">${words.audit}</h1>
    ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
    <div class="grid-frame" tabindex="0" role="region" aria-label=${words.audit}>
      <table class="lines">
        <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
        <tbody>
          ${(body?.items ?? []).map(
            (entry) => html`<tr>
              <td>${app.moment(entry.at)}</td><td>${whoOf(app, entry, accounts)}</td>
              <td>${deedOf(app, entry.operation)}</td>
              <td><span class="quiet-text small-text">${words[`collection.${entry.collection}`] ?? entry.collection}</span><br>${nameOf(app, entry)}</td>
              <td>${difference(app, entry)}</td></tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
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

/** The fields that differ. @param {App} app @param {any} entry */
function difference({ words }, { before, after }) {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changed = fields.filter((field) => !UNNAMED.includes(field) && JSON.stringify(before?.[field]) !== JSON.stringify(after?.[field]));
  const named = changed.map((field) => words[`field.${field}`] ?? field);
  return named.slice(0, MOST_FIELDS).join(', ') + (named.length > MOST_FIELDS ? ' …' : '');
}

/**
 * Everybody who comes, by name, as the organiser's devices hold them.
 *
 * @module
 */

import { Index } from '../common/search.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {{id: string, name: string, about: string}} Attendee
 */

/** How many people a search names. */
const MOST_FOUND = 8;

/** What was made of the rows last. @type {{rows: unknown[], index: Index<Attendee>}} */
let kept = { rows: [], index: new Index([], () => []) };

/** Somebody's name; undefined where they are not known here. @param {App} app @param {string} id */
export function nameOfAttendee({ client }, id) {
  return client.find('attendees', id)?.value.name ?? client.find('registrations', id)?.value.name;
}

/**
 * Those whose names, organisations or positions hold every word.
 *
 * @param {App} app
 * @param {string} query
 * @returns {{found: Attendee[], count: number}} The first, and how many there are.
 */
export function findAttendees(app, query) {
  const rows = [app.client.rows('attendees'), app.client.rows('registrations')];
  if (rows.some((list, at) => list !== kept.rows[at])) kept = { rows, index: indexOf(app, rows) };
  const all = kept.index.find(query);
  return { found: all.slice(0, MOST_FOUND), count: all.length };
}

/** @param {App} app @param {import('../common/sync/shown.js').ShownRow[][]} rows */
function indexOf({ locale }, [attendees, registrations]) {
  const details = new Map(registrations.map(({ id, value }) => [id, value.details]));
  const people = attendees.map(({ id, value }) => {
    const { position, organisation } = details.get(id) ?? {};
    return { id, name: value.name, about: [position, organisation].filter(Boolean).join(', ') };
  });
  people.sort((one, other) => one.name.localeCompare(other.name, locale));
  return new Index(people, ({ name, about }) => [name, about]);
}

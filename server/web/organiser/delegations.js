/**
 * Delegations, as views tell of them.
 *
 * @module
 */

/** @typedef {import('./app.js').App} App */

/** Every delegation in the order in which they stand, then by name. @param {App} app @returns {{id: string, name: string}[]} */
export function listDelegations(app) {
  const { client, locale } = app;
  const all = client.rows('delegations').map(({ id, value }) => ({ id, order: value.order ?? Infinity, name: app.text(value.name) || value.slug }));
  return all.sort((one, other) => (one.order === other.order ? one.name.localeCompare(other.name, locale) : one.order - other.order));
}

/** A delegation as those who see everybody hold it, with its revision and its quotas. @param {App} app @param {string} id */
export function findDelegation({ client }, id) {
  return client.rows('delegation_details', 'organiser').find((/** @type {{id: string}} */ row) => row.id === id);
}

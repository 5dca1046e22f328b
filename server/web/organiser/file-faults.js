/**
 * What is wrong with a file of people, in the reader's language: made of the code that the server tells and of what
 * goes with it.
 *
 * @module
 */

import { html } from '../vendor/lit-html/lit-html.js';

/**
 * @typedef {import('./app.js').App} App
 *
 * @typedef {object} Coded
 * @property {string} code
 * @property {Record<string, any>} [details]
 */

/**
 * What is wrong with a row or one of its cells; the server's own English where the page does not know the code.
 *
 * @param {App} app
 * @param {Coded & {problem: string}} fault
 */
export function describeRowFault(app, { code, details = {}, problem }) {
  const { words } = app;
  if (code === 'refused' && words[`problem.${details.reason}`]) return words[`problem.${details.reason}`];
  return sayKnown(app, `row.${code}`, details) ?? html`<span lang="en">${problem}</span>`;
}

/**
 * Why a file is not read at all; undefined where the page does not know the code.
 *
 * @param {App} app
 * @param {Coded | undefined} fault
 */
export function describeFileFault(app, fault) {
  return fault && sayKnown(app, `unread.${fault.code}`, fault.details ?? {});
}

/** @param {App} app @param {string} name @param {Record<string, any>} details */
function sayKnown(app, name, { choices = [], among = '', ...details }) {
  if (!app.words[name]) return undefined;
  const list = new Intl.ListFormat(app.locale, { type: 'disjunction' }).format(choices);
  return app.say(name, { ...details, choices: list, among: app.words[`collection.${among}`] ?? among });
}

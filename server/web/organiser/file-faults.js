/**
 * What is wrong with a file of people or of the programme, in the reader's language: made of the code that the server
 * tells and of what goes with it.
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

/**
 * What is wrong with a file of the programme, or with something in it; the server's own English where the page does not
 * know the code.
 *
 * @param {App} app
 * @param {Coded & {problem: string}} fault
 */
export function describeProgrammeFault(app, { code, details = {}, problem }) {
  return sayKnown(app, `programme.${code}`, details) ?? html`<span lang="en">${problem}</span>`;
}

/** @param {App} app @param {string} name @param {Record<string, any>} details */
function sayKnown(app, name, { choices = [], words = [], known = [], among = '', ...details }) {
  if (!app.words[name]) return undefined;
  const anyOf = new Intl.ListFormat(app.locale, { type: 'disjunction' });
  const allOf = new Intl.ListFormat(app.locale, { type: 'conjunction' });
  const lists = { choices: anyOf.format(choices), words: anyOf.format(words), known: allOf.format(known) };
  return app.say(name, { ...details, ...lists, among: app.words[`collection.${among}`] ?? among });
}

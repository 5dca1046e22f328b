/**
 * The sections of a person's view: a heading with what is under it, which may still have to be read.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';

/** @typedef {import('./app.js').App} App */

/**
 * A heading with what is under it; what is being read or could not be takes its place.
 *
 * @param {App} app
 * @param {{id: string, heading: string, read: {body?: any, fault?: string}, draw: (body: any) => unknown}} made
 */
export function section(app, { id, heading, read, draw }) {
  const { words } = app;
  const { body, fault } = read;
  return html`
    <section class="panel" aria-labelledby=${id}>
      <h2 id=${id}>${heading}</h2>
      ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
      ${body ? draw(body) : fault ? nothing : html`<p class="quiet-text">${words.loading}</p>`}
    </section>
  `;
}

/** What is there, or that there is nothing. @param {App} app @param {unknown[]} items @param {unknown} drawn */
export const emptyOr = (app, items, drawn) => (items.length === 0 ? html`<p class="quiet-text">${app.words.nothingThere}</p>` : drawn);

/**
 * A section with what the server lists of the person, a line each.
 *
 * @param {App} app
 * @param {object} made
 * @param {string} made.id
 * @param {string} made.heading
 * @param {string} made.path Where it is read.
 * @param {(body: any) => any[]} [made.itemsOf] Where they stand in the answer.
 * @param {(item: any) => unknown} made.line What a line says; its row is drawn around it.
 * @param {(body: any) => unknown} [made.below] What follows the list.
 */
export function listSection(app, { id, heading, path, itemsOf = ({ items }) => items, line, below }) {
  const draw = (/** @type {any} */ body) => {
    const items = itemsOf(body);
    return html`${emptyOr(app, items, html`<ul class="list">${items.map((item) => html`<li class="row">${line(item)}</li>`)}</ul>`)}${below?.(body) ?? nothing}`;
  };
  return section(app, { id, heading, read: app.read(path), draw });
}

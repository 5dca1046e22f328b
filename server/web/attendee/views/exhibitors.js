/**
 * Who exhibits, and where.
 *
 * @module
 */

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { emptyNote, heading, paragraphs, sessionList, spoken } from '../parts.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

/** @param {App} app */
export const title = (app) => app.words.exhibitors;

/** @param {App} app */
export function draw(app) {
  const { words, programme, locale } = app;
  const exhibitors = app.client
    .rows('exhibitors')
    .map(({ id, value }) => ({ id, value, name: programme.text(value.name) }))
    .sort((one, other) => (one.name?.text ?? '').localeCompare(other.name?.text ?? '', locale));
  const sessions = programme.sessions.filter(({ value }) => value.kind === 'exhibition');
  return html`${heading(words.exhibitors)}
    ${sessions.length > 0 ? sessionList(app, sessions, { withDay: true }) : nothing}
    ${exhibitors.length === 0 ? emptyNote(words['programme.none']) : nothing}
    <ul class="list">${exhibitors.map(
      ({ value, name }) => html`<li class="row"><div class="grow">
        <p class="title">${spoken(app, name)}</p>
        ${value.stand ? html`<p class="place">${app.say('exhibitor.stand', { stand: value.stand })}</p>` : nothing}
        ${value.state === 'cancelled' ? html`<p class="chip bad">${words.cancelled}</p>` : nothing}
        ${paragraphs(app, programme.text(value.description))}</div></li>`,
    )}</ul>`;
}

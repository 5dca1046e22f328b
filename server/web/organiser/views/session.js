/**
 * A session: when and where it is, what can be done with it, and its texts side by side.
 *
 * @module
 */

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { changes, open } from '../change-flow.js';
import { textsForm } from './texts.js';

/**
 * @param {import('../app.js').App} app
 * @param {{of: string}} given
 */
export const title = (app, { of }) => app.titleOf(of) || app.words.texts;

/**
 * @param {import('../app.js').App} app
 * @param {{of: string}} given
 */
export function draw(app, { of: id }) {
  const { words, programme } = app;
  const session = programme.session(id);
  if (!session) return html`<h1 tabindex="-1">${words.texts}</h1><p class="empty">${words.notFound}</p>`;
  return html`
    <div class="head">
      <h1 tabindex="-1">${session.title.text}</h1>
      ${app.rights.organises ? html`<button type="button" class="quiet" aria-haspopup="dialog" @click=${() => open(app, changes.session(id))}>${words.change}</button>` : nothing}
    </div>
    <p class="quiet-text">${[session.start && `${app.dayName(session.day)}, ${app.hour(session.start)}`, session.place.room?.text].filter(Boolean).join(' · ')}</p>
    ${app.rights.organises ? textsForm(app, 'sessions', id) : nothing}
  `;
}

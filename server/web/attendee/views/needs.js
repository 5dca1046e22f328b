/**
 * What somebody needs to take part: oneself, whom one assists, or a member of a delegation that one looks after.
 *
 * @module
 */

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { findMember, mayDecide, needsOf } from '../delegation.js';
import { Drafts, drawFields, merge, needFields, patchOf } from '../form.js';
import { drawOf, drawRefused, NEEDS_OPS, refusedOf, waitingOf } from '../own.js';
import { emptyNote, heading } from '../parts.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

const drafts = new Drafts('needs');

/** @param {App} app */
export const title = (app) => app.words.needs;

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { of }) {
  const { words, client, attendees } = app;
  const member = attendees.some(({ id }) => id === of) ? undefined : findMember(app, of);
  if (!member) return drawOf(app, of, words.needs, () => drawForm(app, of, client.rows('access_needs', `own:${of}`)[0]?.value));
  return html`${heading(words.needs)} <p class="kicker"><a href="#/member/${of}">${member.value.name}</a></p>
    ${mayDecide(app, member.delegation) ? drawForm(app, of, needsOf(app, member)) : emptyNote(words['member.readOnly'])}`;
}

/** @param {App} app @param {string} of @param {any} known */
function drawForm(app, of, known = {}) {
  const { words, client } = app;
  const isOwn = app.attendees.some(({ id, relation }) => id === of && relation === 'self');
  const fields = needFields(app, { isOwn });
  const refused = refusedOf(app, of, NEEDS_OPS);
  const draft = drafts.of(app, of, fields, refused.at(-1));
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (!(await send(app, of, merge(known, patchOf(fields, draft, known))))) return;
    drafts.drop(of);
    for (const { id } of refused) await client.dismiss(id);
    app.tell({ note: words['needs.kept'] });
    scrollTo(0, 0);
  };
  return html`<p>${words[isOwn ? 'needs.text' : 'needs.theirText']}</p> ${drawRefused(app, refused, words['correct.drop'])}
    ${waitingOf(app, of, NEEDS_OPS).length > 0 ? html`<p class="banner">${words['correct.waiting']}</p>` : nothing}
    <form class="panel" novalidate @submit=${submit}>${drawFields(app, fields, draft, known)}
      <button type="submit">${words['needs.send']}</button></form>`;
}

/** @param {App} app @param {string} attendee @param {{needs?: string[], note?: string}} needs */
function send(app, attendee, needs) {
  const saysNothing = Object.keys(needs).length === 0;
  return app.edit({ op: saysNothing ? 'access_needs.delete' : 'access_needs.put', for: attendee, args: needs });
}

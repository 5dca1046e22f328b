/**
 * What somebody needs to take part.
 *
 * @module
 */

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { Drafts, drawFields, merge, patchOf } from '../form.js';
import { drawOf, drawRefused, refusedOf } from '../own.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

const OPS = ['access_needs.put', 'access_needs.delete'];

/** Needs that have a name. */
const NAMED = [
  'step_free', 'wheelchair', 'companion', 'sign_language', 'captions', 'hearing_loop', 'readable_documents', 'assistance_animal', 'quiet_room',
];

const drafts = new Drafts('needs');

/** @param {App} app */
export const title = (app) => app.words.needs;

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { of }) {
  const { words, client } = app;
  return drawOf(app, of, words.needs, () => {
    const row = client.rows('access_needs', `own:${of}`)[0];
    const known = row?.value ?? {};
    const fields = fieldsOf(app);
    const refused = refusedOf(app, of, OPS);
    const draft = drafts.of(app, of, fields, refused.at(-1));
    const isWaiting = client.outbox.some(({ mutation }) => mutation.for === of && OPS.includes(mutation.op));
    const submit = async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      if (!(await send(app, of, merge(known, patchOf(fields, draft, known))))) return;
      drafts.drop(of);
      for (const { id } of refused) await client.dismiss(id);
      app.tell({ note: words['needs.kept'] });
      scrollTo(0, 0);
    };
    return html`<p>${words['needs.text']}</p> ${drawRefused(app, refused, words['correct.drop'])}
      ${isWaiting ? html`<p class="banner">${words['correct.waiting']}</p>` : nothing}
      <form class="panel" novalidate @submit=${submit}>${drawFields(app, fields, draft, known)}
        <button type="submit">${words['needs.send']}</button></form>`;
  });
}

/** @param {App} app @returns {import('../form.js').Field[]} */
function fieldsOf({ words }) {
  const choices = NAMED.map((key) => ({ key, label: words[`needs.${key}`] }));
  return [
    { at: '/needs', label: words['needs.named'], kind: 'choices', choices },
    { at: '/note', label: words['needs.note'], kind: 'long_text', most: 2_000 },
  ];
}

/** @param {App} app @param {string} attendee @param {{needs?: string[], note?: string}} needs */
function send(app, attendee, needs) {
  const saysNothing = Object.keys(needs).length === 0;
  return app.edit({ op: saysNothing ? 'access_needs.delete' : 'access_needs.put', for: attendee, args: needs });
}

/**
 * What somebody said of themselves when they registered, to be put right.
 *
 * @module
 */

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { answerFields, check, Drafts, drawFields, patchOf, personFields, showFault } from '../form.js';
import { drawOf, drawRefused, refusedOf, registrationWanted, waitingOf } from '../own.js';
import { emptyNote } from '../parts.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

const OPS = ['registration.change'];

const drafts = new Drafts('correct');

/** @param {App} app */
export const title = (app) => app.words.correct;

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { of }) {
  return drawOf(app, of, app.words.correct, () => {
    const known = registrationWanted(app, of);
    return known ? drawForm(app, of, known) : emptyNote(app.words['registration.none']);
  });
}

/** @param {App} app @param {string} attendee @param {any} known */
function drawForm(app, attendee, known) {
  const { words, client, programme } = app;
  const category = client.find('categories', known.category)?.value;
  const [person, answers] = [personFields(app), answerFields(app, category)];
  const fields = [...person, ...answers];
  // What others may see is said in a view of its own.
  const refused = refusedOf(app, attendee, OPS).filter(({ mutation }) => !mutation.args.shares);
  const draft = drafts.of(app, attendee, fields, refused.at(-1));
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    send(app, attendee, { fields, draft, known, refused });
  };
  return html`${drawRefused(app, refused, words['correct.drop'])}
    ${waitingOf(app, attendee, OPS).length > 0 ? html`<p class="banner">${words['correct.waiting']}</p>` : nothing}
    <form class="panel" novalidate @submit=${submit}>
      ${drawFields(app, person, draft, known)}
      ${answers.length > 0 ? html`<h2>${programme.text(category.title)?.text}</h2>${drawFields(app, answers, draft, known)}` : nothing}
      <button type="submit">${words['correct.send']}</button>
    </form>`;
}

/**
 * @param {App} app
 * @param {string} attendee
 * @param {{fields: import('../form.js').Field[], draft: import('../form.js').Draft, known: any, refused: import('../own.js').SentEdit[]}} made
 */
async function send(app, attendee, { fields, draft, known, refused }) {
  const isGood = check(app, fields, draft, known);
  app.redraw();
  if (!isGood) {
    showFault(draft);
    return;
  }
  const args = patchOf(fields, draft, known);
  const hasChanged = Object.keys(args).length > 0;
  if (hasChanged && !(await app.edit({ op: 'registration.change', for: attendee, args }))) return;
  drafts.drop(attendee);
  for (const { id } of refused) await app.client.dismiss(id);
  app.tell({ note: app.words[hasChanged ? 'correct.kept' : 'correct.same'] });
  scrollTo(0, 0);
}

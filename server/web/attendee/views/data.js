/**
 * What is held about who is signed in, as the server says it: shown here, or saved as a page or a file.
 *
 * What is held about people one acts for is theirs to read, so it is not offered.
 *
 * @module
 */

import { save } from '../../common/save.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { NotGiven, readDocument, readPage } from '../held.js';
import { heading } from '../parts.js';

/** @typedef {import('../app.js').App} App */

/** @typedef {{key: string, name: string, path: string}} Subject What the server has a document of. */

export const tab = 'more';

/** What was last asked to be shown, and of what. @type {{key: string, nodes: Node[]} | undefined} */
let shown;

/** Of what a document is on its way. @type {string | undefined} */
let asked;

/** @param {App} app */
export const title = (app) => app.words.data;

/** @param {App} app */
export function draw(app) {
  const { words } = app;
  const ofOthers = app.attendees.filter(({ relation }) => relation !== 'self');
  return html`${heading(words.data)}
    <p>${words['data.text']}</p>
    ${subjectsOf(app).map((subject) => drawSubject(app, subject))}
    ${app.attendees.map(({ id, relation, name }) =>
      relation === 'self' ? html`<p><a class="button quiet" href="#/erase/${id}">${app.say('data.erase', { name })}</a></p>` : nothing,
    )}
    ${ofOthers.length > 0 ? html`<p class="quiet-text">${app.say('data.theirs', { names: namesOf(app, ofOthers) })}</p>` : nothing}`;
}

/** @param {App} app @returns {Subject[]} */
function subjectsOf(app) {
  const { client, words } = app;
  if (!client.session) return [];
  const own = app.attendees.filter(({ relation }) => relation === 'self');
  return [
    ...own.map(({ id, name }) => ({
      key: id,
      name: app.say('data.here', { name }),
      path: `/v1/events/${encodeURIComponent(client.event)}/attendees/${id}/data`,
    })),
    { key: 'account', name: words['data.account'], path: '/v1/account/data' },
  ];
}

/** @param {App} app @param {{name: string}[]} people */
function namesOf(app, people) {
  return new Intl.ListFormat(app.locale).format(people.map(({ name }) => name));
}

/** @param {App} app @param {Subject} subject */
function drawSubject(app, subject) {
  const { words } = app;
  const { key, name } = subject;
  const isShown = shown?.key === key;
  const press = (/** @type {() => Promise<void>} */ work) => () => run(app, key, work);
  return html`<section class="panel" aria-labelledby="data-${key}"><h2 id="data-${key}">${name}</h2>
    <div class="actions">
      <button type="button" aria-expanded=${isShown ? 'true' : 'false'} @click=${isShown ? () => hide(app) : press(() => show(app, subject))}>
        ${words[isShown ? 'data.hide' : 'data.show']}</button>
      <button type="button" class="quiet" @click=${press(() => savePage(app, subject))}>${words['data.page']}</button>
      <button type="button" class="quiet" @click=${press(() => saveFile(app, subject))}>${words['data.file']}</button>
    </div>
    <p role="status">${asked === key ? words['data.asked'] : nothing}</p>
    ${isShown ? html`<div class="held" tabindex="-1" id="held-${key}">${shown?.nodes}</div>` : nothing}
  </section>`;
}

/** @param {App} app @param {string} key @param {() => Promise<void>} work */
async function run(app, key, work) {
  if (asked !== undefined) return;
  asked = key;
  app.tell({});
  try {
    await work();
  } catch (error) {
    if (!(error instanceof NotGiven)) throw error;
    app.tell({ fault: app.words[error.status === 403 ? 'data.refused' : 'data.offline'] });
  } finally {
    asked = undefined;
    app.redraw();
  }
}

/** @param {App} app @param {Subject} subject */
async function show(app, { key, path }) {
  const { body } = await readPage(path, app.language);
  // The view has a heading of its own.
  body.querySelector('h1')?.remove();
  for (const above of body.querySelectorAll('h2')) {
    const below = document.createElement('h3');
    below.textContent = above.textContent;
    above.replaceWith(below);
  }
  shown = { key, nodes: [...body.childNodes] };
  app.redraw();
  queueMicrotask(() => document.getElementById(`held-${key}`)?.focus());
}

/** @param {App} app */
function hide(app) {
  shown = undefined;
  app.redraw();
}

/** @param {App} app @param {Subject} subject */
async function savePage(app, { path }) {
  const { head, body } = await readPage(path, app.language);
  save('cumbre-data.html', 'text/html', head + body.innerHTML);
  app.tell({ note: app.words['data.saved'] });
}

/** @param {App} app @param {Subject} subject */
async function saveFile(app, { path }) {
  const held = await readDocument(path);
  save('cumbre-data.json', 'application/json', `${JSON.stringify(held, undefined, 2)}\n`);
  app.tell({ note: app.words['data.saved'] });
}

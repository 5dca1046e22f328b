/**
 * What is held about who is signed in, as the server says it.
 *
 * @module
 */

import { save } from '../../common/save.js';
import { PERSON } from '../../common/session.js';
import { html } from '../../vendor/lit-html/lit-html.js';
import { heading } from '../parts.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

/** @param {App} app */
export const title = (app) => app.words.data;

/** @param {App} app */
export function draw(app) {
  const { words } = app;
  return html`${heading(words.data)}
    <div class="panel"><p>${words['data.text']}</p>
      <p class="actions"><button type="button" ?disabled=${!app.client.session} @click=${() => fetchData(app)}>${words['data.get']}</button></p></div>`;
}

/** @param {App} app */
async function fetchData(app) {
  const path = `/v1/account/data.html?language=${app.language}`;
  const response = await PERSON.send('GET', path, undefined, AbortSignal.timeout(30_000)).catch(() => undefined);
  if (!response?.ok) {
    app.tell({ fault: app.words['data.offline'] });
    return;
  }
  save('cumbre-data.html', 'text/html', await response.text());
  app.tell({ note: app.words['data.saved'] });
}

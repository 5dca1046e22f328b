/**
 * Everything that has no place in the navigation.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { signOut } from '../../common/session.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { heading } from '../parts.js';

/** @typedef {import('../app.js').App} App */

/** @param {App} app */
export const title = (app) => app.words.more;

/** @param {App} app */
export function draw(app) {
  const { words, client } = app;
  const { session } = client;
  const unseen = app.mine.notices.filter(({ value }) => !value.seen_at).length;
  const entry = (/** @type {string} */ address, /** @type {any} */ sign, /** @type {any} */ text, /** @type {any} */ beside = nothing) =>
    html`<li><a class="row" href=${address}>${icon(sign)}<span class="grow">${text}</span>${beside}${icon('forward', 'quiet-text')}</a></li>`;
  return html`${heading(words.more)}
    ${session
      ? html`<ul class="list">
          ${client.scopes.some((scope) => scope.startsWith('delegation:')) ? entry('#/delegation', 'people', words['delegation.mine']) : nothing}
          ${entry('#/inbox', 'inbox', words.inbox, unseen > 0 ? html`<span class="chip info">${unseen}</span>` : nothing)}
          ${entry('#/registration', 'check', words.registration)} ${entry('#/changes', 'sent', words.changes)}
        </ul>`
      : nothing}
    <ul class="list">
      ${app.attendees.length > 0 ? entry('#/directory', 'people', words.directory) : nothing}
      ${entry('#/people', 'people', words['programme.people'])} ${entry('#/venues', 'place', words.venues)}
      ${entry('#/exhibitors', 'stand', words.exhibitors)} ${entry('#/week', 'calendar', words['programme.week'])}
      ${entry('#/events', 'globe', words.events)}
    </ul>
    <ul class="list">
      ${entry('#/settings', 'settings', words.settings)} ${session ? entry('#/data', 'download', words.data) : nothing}
    </ul>
    <section class="panel">
      <h2>${words.account}</h2>
      ${session
        ? html`<p>${app.say('signedInAs', { name: session.account.name })}</p>
            <p class="actions"><button type="button" class="quiet" @click=${ask}>${words.signOut}</button></p>`
        : html`<p>${words.signInText}</p><p class="actions"><a class="button" href="/sign-in">${words.signIn}</a></p>`}
    </section>
    <dialog id="sign-out" aria-labelledby="sign-out-title">
      <h2 id="sign-out-title">${words['signOut.ask']}</h2>
      <p>${words['signOut.text']}</p>
      ${client.outbox.length > 0 ? html`<p class="banner warn">${words['signOut.unsent']}</p>` : nothing}
      <div class="actions">
        <button type="button" @click=${() => leave(app)}>${words.signOut}</button>
        <button type="button" class="quiet" @click=${close}>${words.cancel}</button>
      </div>
    </dialog>`;
}

const dialog = () => /** @type {HTMLDialogElement} */ (document.getElementById('sign-out'));
const ask = () => dialog().showModal();
const close = () => dialog().close();

/** @param {App} app */
async function leave(app) {
  await app.client.forgetOwn();
  app.know([]);
  await signOut();
  location.assign('/');
}

/**
 * The language, notices by mail, and what a phone needs.
 *
 * @module
 */

import { recall, remember } from '../../common/kept.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { heading } from '../parts.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

const LANGUAGES = { en: 'English', es: 'Español', pt: 'Português', fr: 'Français' };

/** @param {App} app */
export const title = (app) => app.words.settings;

/** @param {App} app */
export function draw(app) {
  const { words } = app;
  const chosen = recall('language') ?? '';
  return html`${heading(words.settings)}
    <section class="panel">
      <label for="language">${words.language}</label>
      <select id="language" @change=${chooseLanguage}>
        <option value="" ?selected=${chosen === ''}>${words['language.auto']}</option>
        ${Object.entries(LANGUAGES).map(([tag, name]) => html`<option value=${tag} lang=${tag} ?selected=${chosen === tag}>${name}</option>`)}
      </select>
    </section>
    ${app.attendees.length > 0
      ? html`<section class="panel"><h2>${words.mail}</h2>${app.attendees.map(({ id, name }) => drawMail(app, id, name))}</section>`
      : nothing}
    ${/iPhone|iPad/.test(navigator.userAgent)
      ? html`<section class="panel"><h2>${words['iphone.title']}</h2><p>${words['iphone.text']}</p></section>`
      : nothing}`;
}

/** @param {App} app @param {string} attendee @param {string} name */
function drawMail(app, attendee, name) {
  const waiting = app.client.outbox.filter(({ mutation }) => mutation.op === 'notice.mail' && mutation.for === attendee).at(-1);
  const known = app.known.find(({ id }) => id === attendee);
  const isOn = waiting ? waiting.mutation.args.on : !known?.refuses_mail;
  return html`<div class="check"><input type="checkbox" id="mail-${attendee}" .checked=${isOn} @change=${(/** @type {Event} */ event) => {
      const on = /** @type {HTMLInputElement} */ (event.target).checked;
      app.edit({ op: 'notice.mail', for: attendee, args: { on } });
      app.know(app.known.map((one) => (one.id === attendee ? { ...one, refuses_mail: !on } : one)));
    }}>
    <label for="mail-${attendee}">${app.say('mail.on', { name })}${waiting ? html` <span class="quiet-text">(${app.words.notSent})</span>` : nothing}</label></div>`;
}

/** @param {Event} event */
function chooseLanguage({ target }) {
  const { value } = /** @type {HTMLSelectElement} */ (target);
  remember('language', value === '' ? undefined : value);
  location.reload();
}

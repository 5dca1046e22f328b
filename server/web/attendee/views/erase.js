/**
 * Having oneself erased: what goes, what stays, and one's name to confirm it.
 *
 * @module
 */

import { Unreachable } from '../../common/api.js';
import { icon } from '../../common/icons.js';
import { fold } from '../../common/search.js';
import { askSignedIn, signOut } from '../../common/session.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { drawOf } from '../own.js';
import { emptyNote, heading } from '../parts.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

const GOES = ['details', 'own', 'words', 'place', 'account'];
const STAYS = ['counts', 'log', 'programme', 'copies', 'backups'];

/** What is written to confirm it. */
let typed = '';

/** What is wrong with that, or why it was not done; by the name of its text. */
let fault = '';

let isUnderWay = false;

/** @param {App} app */
export const title = (app) => app.words.erase;

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { of }) {
  const { words } = app;
  const { erased } = history.state ?? {};
  if (erased) {
    return html`${heading(words['erase.done'])} <p>${words[`erase.done.${erased}`]}</p>
      <p><a class="button" href="/">${words['nav.programme']}</a></p>`;
  }
  return drawOf(app, of, words.erase, (name) => {
    const isSelf = app.attendees.some(({ id, relation }) => id === of && relation === 'self');
    return isSelf ? drawForm(app, of, name) : emptyNote(words['erase.theirs']);
  });
}

/** @param {App} app @param {string} attendee @param {string} name */
function drawForm(app, attendee, name) {
  const { words } = app;
  const list = (/** @type {any} */ sign, /** @type {string} */ what, /** @type {string[]} */ names) =>
    html`<section class="panel" aria-labelledby="erase-${what}"><h2 id="erase-${what}">${words[`erase.${what}`]}</h2>
      <ul class="facts">${names.map((one) => html`<li>${icon(sign)}<span>${words[`erase.${what}.${one}`]}</span></li>`)}</ul></section>`;
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    erase(app, attendee, name);
  };
  return html`<p>${words['erase.text']} <a href="#/data">${words.data}</a></p>
    ${list('close', 'goes', GOES)} ${list('check', 'stays', STAYS)}
    <form class="panel" novalidate @submit=${submit}>
      <p class="strong">${words['erase.forGood']}</p>
      <div class="field"><label for="erase-name">${app.say('erase.confirm', { name })}</label>
        <input id="erase-name" autocomplete="off" autocapitalize="words" spellcheck="false" aria-describedby=${fault ? 'erase-fault' : nothing}
          aria-invalid=${fault ? 'true' : nothing} .value=${typed} @input=${(/** @type {InputEvent} */ { target }) => {
            typed = /** @type {HTMLInputElement} */ (target).value;
          }}>
        ${fault ? html`<p class="field-fault" id="erase-fault" role="alert">${words[fault]}</p>` : nothing}</div>
      <button type="submit" class="grave" aria-disabled=${isUnderWay ? 'true' : nothing}>${words['erase.do']}</button>
    </form>`;
}

/** Texts that a reader takes for the same. @param {string} text */
const plain = (text) => fold(text).replace(/\s+/g, ' ').trim();

/** @param {App} app @param {string} attendee @param {string} name */
async function erase(app, attendee, name) {
  if (isUnderWay) return;
  fault = plain(typed) === plain(name) ? '' : 'erase.otherName';
  if (fault) {
    tell(app);
    return;
  }
  isUnderWay = true;
  app.redraw();
  fault = faultOf(await askFor('POST', `/v1/events/${encodeURIComponent(app.client.event)}/attendees/${attendee}/erase`, { confirm: attendee }));
  isUnderWay = false;
  if (fault) {
    tell(app);
    return;
  }
  // The account goes with the attendee, unless it is more than that.
  const isSignedOut = (await askFor('GET', '/v1/account'))?.status === 401;
  // What was done is told of this place alone, also after the page was opened anew for nobody.
  history.replaceState({ erased: isSignedOut ? 'account' : 'person' }, '', '/#/erase');
  if (!isSignedOut) {
    app.client.exchange();
    app.know(app.known.filter(({ id }) => id !== attendee));
    scrollTo(0, 0);
    return;
  }
  await app.client.forgetOwn();
  app.know([]);
  await signOut();
  location.reload();
}

/** Leads to what is wrong. @param {App} app */
function tell(app) {
  app.redraw();
  queueMicrotask(() => document.getElementById('erase-name')?.focus());
}

/** @param {string} method @param {string} path @param {object} [body] The answer; undefined where there was none. */
function askFor(method, path, body) {
  return askSignedIn(method, path, body).catch((error) => {
    if (!(error instanceof Unreachable)) throw error;
    return undefined;
  });
}

/** @param {import('../../common/api.js').Answer | undefined} answer */
function faultOf(answer) {
  if (!answer) return 'data.offline';
  if (answer.status === 403) return 'erase.theirs';
  return answer.status === 200 ? '' : 'notNow';
}

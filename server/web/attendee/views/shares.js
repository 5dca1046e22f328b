/**
 * What somebody lets other attendees see.
 *
 * @module
 */

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { drawOf, drawRefused, notSent, refusedOf, registrationWanted, waitingOf } from '../own.js';
import { emptyNote } from '../parts.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

const OPS = ['registration.change'];

/** What there is to share, in the order in which it is kept. */
const ALL = /** @type {const} */ (['name', 'affiliation', 'email', 'phone']);

/** @param {App} app */
export const title = (app) => app.words.shares;

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { of }) {
  const { words } = app;
  return drawOf(app, of, words.shares, () => {
    const known = registrationWanted(app, of);
    if (!known) return emptyNote(words['registration.none']);
    const isShares = (/** @type {import('../own.js').SentEdit} */ { mutation }) => mutation.args.shares;
    const shares = known.shares ?? [];
    const isWaiting = waitingOf(app, of, OPS).some(isShares);
    return html`<p>${words['shares.text']}</p> ${drawRefused(app, refusedOf(app, of, OPS).filter(isShares))}
      <fieldset class="panel field"><legend class="unseen">${words.shares}</legend>
        ${ALL.map((what) => drawShare(app, of, what, shares, known))}
        ${isWaiting ? html`<p>${notSent(app, true)}</p>` : nothing}
      </fieldset>
      ${shares.length > 0 && !shares.includes('name') ? html`<p class="banner warn">${words['shares.nameless']}</p>` : nothing}
      <p><a class="button quiet" href="#/directory">${words['shares.directory']}</a></p>`;
  });
}

/** @param {App} app @param {string} attendee @param {typeof ALL[number]} what @param {string[]} shares @param {any} known */
function drawShare(app, attendee, what, shares, known) {
  const id = `share-${what}`;
  const shown = shownOf(app, what, known);
  const change = () => {
    const wanted = ALL.filter((one) => (one === what ? !shares.includes(one) : shares.includes(one)));
    app.edit({ op: 'registration.change', for: attendee, args: { shares: wanted } });
  };
  return html`<div class="check"><input type="checkbox" id=${id} aria-describedby="${id}-shown" .checked=${shares.includes(what)} @change=${change}>
    <label for=${id}>${app.words[`shares.${what}`]}</label>
    <p class="hint" id="${id}-shown">${shown || app.words['shares.nothing']}</p></div>`;
}

/** What others would see. @param {App} app @param {typeof ALL[number]} what @param {any} known */
function shownOf(app, what, { name, details = {} }) {
  const country = details.country && new Intl.DisplayNames(app.locale, { type: 'region' }).of(details.country);
  const parts = {
    name: [[details.form_of_address, details.badge_name ?? name].filter(Boolean).join(' ')],
    affiliation: [details.position, details.organisation, country],
    email: [details.email],
    phone: [details.phone],
  }[what];
  return parts.filter(Boolean).join(', ');
}

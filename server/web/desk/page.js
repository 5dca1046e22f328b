/**
 * The page `/desk`: a registration desk, a door or a bus, with or without a network.
 *
 * It decides on its own replica, and keeps each scan before it answers. The secret of a link that enrols leaves
 * the address bar at once.
 *
 * @module
 */

import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { App } from './app.js';
import { letInDialog } from './dialogs.js';
import { enrolView } from './enrol.js';
import { bar, nav, placeView, plainView } from './frame.js';
import { delegationsView, handOutDialog } from './hand-out.js';
import { incidentsView } from './incidents.js';
import { guestsView, personView } from './people-view.js';
import { scanView } from './scan-view.js';
import { loansView, missingView, walkInView } from './work-view.js';

/** The views beside scanning, by name. @type {Record<string, (app: any) => unknown>} */
const VIEWS = {
  guests: guestsView,
  incidents: incidentsView,
  missing: missingView,
  walkIn: walkInView,
  loans: loansView,
  delegations: delegationsView,
  person: (app) => (app.person ? personView(app) : nothing),
};

/** The views that say themselves what went wrong. */
const SAY_FAULTS = ['person', 'walkIn', 'loans', 'delegations'];

/** @param {App} app */
function draw(app) {
  const root = document.getElementById('app');
  if (root) render(whole(app), root);
  app.photos?.paint();
}

/** @param {App} app */
function whole(app) {
  const { words } = app;
  if (app.ended) return plainView(words.desk, words[app.ended]);
  if (app.enrolling) return enrolView(app);
  if (!app.client) return plainView(words.desk, words.loading);
  const { isSignedOut } = app.client.state;
  if (isSignedOut) return html`${bar(app)}${plainView(words.ended, words.endedText, anew(app))}`;
  if (!app.roster) return html`${bar(app)}${withoutRoster(app)}`;
  if (!app.station) return html`${bar(app)}${placeView(app)}`;
  return html`
    ${bar(app)}${nav(app)}
    ${app.fault && !SAY_FAULTS.includes(app.view) ? html`<p class="message fault" role="alert">${app.fault}</p>` : nothing}
    ${app.roster.canVerify ? nothing : html`<p class="message fault" role="alert">${words.keyless}</p>`}
    ${scanView(app)}
    ${VIEWS[app.view]?.(app) ?? nothing}
    ${letInDialog(app)}${handOutDialog(app)}
  `;
}

/** @param {App} app */
function withoutRoster(app) {
  const { words, client } = app;
  const isHere = client.rows('events').length > 0 && client.state.freshAt !== undefined;
  return isHere ? plainView(words.notInUse, words.notInUseText, anew(app)) : plainView(words.waiting, words.waitingText);
}

/** @param {App} app */
function anew(app) {
  return html`<button type="button" class="quiet" @click=${() => app.enrolAnew()}>${app.words.leave}</button>`;
}

new App(draw).begin();

/**
 * What stands around every view: the bar with how it stands, the navigation, what is to be known everywhere, and whom one
 * looks at.
 *
 * @module
 */

import { icon } from '../common/icons.js';
import { remember, recall } from '../common/kept.js';
import { STATUS_WORDS } from '../common/status-words.js';
import { statusLine } from '../common/status.js';
import { areZonesAlike, describeClock, describeZone } from '../common/time.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { emptyNote, heading, placeOf, timeUntil } from './parts.js';
import { TABS } from './views.js';

/** @typedef {import('./app.js').App} App */

/**
 * A view with what stands around it.
 *
 * @param {App} app
 * @param {{name: string, tab: string, content: any}} view
 */
export function shell(app, { name, tab, content }) {
  const { client, programme, words } = app;
  const title = programme.text(programme.event?.title)?.text ?? 'Cumbre';
  const unseen = app.mine.notices.filter(({ value }) => !value.seen_at).length;
  const line = { words: STATUS_WORDS[/** @type {'en'} */ (app.language)], locale: app.locale, zone: programme.zone, details: '#/changes' };
  return html`
    <a class="skip" href="#main" @click=${skip}>${words.skip}</a>
    <header class="top-bars">
      <div class="bar">
        ${TABS.some((one) => one === name) ? nothing : html`<button type="button" class="bare bar-link" aria-label=${words.back} @click=${goBack}>${icon('back')}</button>`}
        ${brand(title)}
      ${client.session
        ? html`<a class="bar-link" href="#/inbox" aria-label=${unseen > 0 ? `${words.inbox}: ${unseen}` : words.inbox}>
            ${icon('inbox')}${unseen > 0 ? html`<span class="count">${unseen}</span>` : nothing}
          </a>`
        : html`<a class="button small bar-button" href="/sign-in">${words.signIn}</a>`}
      </div>
      ${statusLine(client, line)}
    </header>
    <nav class="tabs" aria-label=${words.nav}>
      ${TABS.map(
        (one) => html`<a href="#/${one}" aria-current=${tab === one ? 'page' : nothing}>${icon(one)}<span>${words[`nav.${one}`]}</span></a>`,
      )}
    </nav>
    <main class="content" id="main" tabindex="-1">
      ${reminders(app)} ${banners(app, tab)} ${personSwitch(app, tab)}
      <div role="status"><p class="message">${app.note}</p></div>
      <div role="alert"><p class="message fault">${app.fault}</p></div>
      ${content}
    </main>
  `;
}

/** What leads to where everything begins. @param {any} name */
export function brand(name) {
  const mark = new URL('../common/mark.svg', import.meta.url).href;
  return html`<a href="#/now" class="brand"><img src=${mark} alt="" width="36" height="36"><span class="name">${name}</span></a>`;
}

/** To where one came from: an app on the home screen has no button of the browser's for it. */
function goBack() {
  if (history.length > 1) history.back();
  else location.assign('#/now');
}

/** @param {MouseEvent} event */
function skip(event) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** @param {App} app @param {string} tab */
function banners(app, tab) {
  const { client, programme, now, locale, words } = app;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const hasTimes = ['now', 'day', 'programme', 'session'].includes(tab);
  const isElsewhere = hasTimes && programme.event && !areZonesAlike(zone, programme.zone, now);
  return html`
    ${client.state.isSignedOut
      ? html`<div class="banner bad"><p class="grow">${words.signedOutHere}</p><a class="button small" href="/sign-in">${words.signIn}</a></div>`
      : nothing}
    ${programme.isCancelled ? html`<p class="banner bad">${icon('close')} ${words.eventCancelled}</p>` : nothing}
    ${client.state.mustUpdate ? html`<p class="banner bad">${words['update.must']}</p>` : nothing}
    ${app.takeUpdate
      ? html`<div class="banner no-print"><p class="grow">${words['update.text']}</p>
          <button type="button" class="small" @click=${app.takeUpdate}>${words['update.take']}</button></div>`
      : nothing}
    ${isElsewhere
      ? html`<p class="zones">${app.say('eventTime', {
          zone: describeZone(locale, programme.zone, new Date(now).toISOString()),
          time: describeClock(locale, programme.zone, now),
        })} ${app.say('yourTime', { time: describeClock(locale, zone, now) })}</p>`
      : nothing}
  `;
}

/** What begins soon. @param {App} app */
function reminders(app) {
  const { words, reminding } = app;
  return (reminding?.current ?? []).map((reminder) => {
    const about = app.programme.session(reminder.session);
    if (!about) return nothing;
    const who = app.attendees.length > 1 ? html` <span class="quiet-text">(${app.nameOf(reminder.attendee)})</span>` : nothing;
    return html`<div class="banner no-print reminder" role="status">
      <p class="grow"><a href="#/session/${about.id}">${app.say('reminder.title', { title: about.title.text })}</a>${who}
        <span class="quiet-text">${app.say('inTime', { time: timeUntil(app, about.start ?? 0) })} · ${placeOf(app, about)}</span></p>
      <button type="button" class="small quiet" @click=${() => reminding?.putAway(reminder)}>${words['reminder.putAway']}</button>
    </div>`;
  });
}

/** How many people are chosen by buttons; of more there is a list, so that what one came for stays in view. */
const MOST_BUTTONS = 4;

/** Whom one looks at, where one acts for several. @param {App} app @param {string} tab */
function personSwitch(app, tab) {
  const { attendees, words } = app;
  if (attendees.length < 2 || tab === 'more') return nothing;
  const isAll = app.looked.length === attendees.length;
  if (attendees.length > MOST_BUTTONS) {
    const choose = (/** @type {Event} */ { target }) => app.choose(/** @type {HTMLSelectElement} */ (target).value || undefined);
    return html`<div class="field people-list no-print"><label for="for-whom">${words.forWhom}</label>
      <select id="for-whom" @change=${choose}><option value="" ?selected=${isAll}>${words.everybody}</option>
        ${attendees.map(({ id, name }) => html`<option value=${id} ?selected=${!isAll && app.chosen === id}>${name}</option>`)}</select></div>`;
  }
  return html`<div class="choices people-switch no-print" role="group" aria-label=${words.forWhom}>
    <button type="button" class="choice" aria-pressed=${isAll ? 'true' : 'false'} @click=${() => app.choose(undefined)}>${icon('people')} ${words.everybody}</button>
    ${attendees.map(
      ({ id, name }) => html`<button type="button" class="choice" aria-pressed=${!isAll && app.chosen === id ? 'true' : 'false'}
        @click=${() => app.choose(id)}>${icon('person')} ${name}</button>`,
    )}
  </div>`;
}

/** In place of a view of which there is nothing yet. @param {App} app */
export function drawEmpty({ client, words }) {
  const { isOnline, isGone } = client.state;
  const text = isGone ? words.eventGone : isOnline === false ? words.emptyOffline : words.loading;
  // The bare address leads to what there is, next time.
  if (isGone && recall('event') === client.event) remember('event', undefined);
  return html`${heading('Cumbre')} ${emptyNote(text)}
    ${isGone ? html`<p class="empty"><a href="#/events">${words['events.choose']}</a></p>` : nothing}`;
}

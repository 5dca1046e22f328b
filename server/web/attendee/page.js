/**
 * The app of attendees, at `/`: the programme, one's own day, badge, seats and inbox.
 *
 * A view is named after `#/`, with what it is of and what was chosen in it: `#/session/<id>`,
 * `#/programme?day=2018-11-26`. Views that are rarely opened come with their first opening.
 *
 * @module
 */

import { ask, Unreachable } from '../common/api.js';
import { StorageRefused } from '../common/database.js';
import { icon } from '../common/icons.js';
import { keepPage, recall, remember } from '../common/kept.js';
import { chooseLanguage, chooseLocale } from '../common/language.js';
import { askSignedIn, loadSession } from '../common/session.js';
import { STATUS_WORDS } from '../common/status-words.js';
import { statusLine } from '../common/status.js';
import { openClient } from '../common/sync/client.js';
import { areZonesAlike, describeClock, describeZone } from '../common/time.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { App } from './app.js';
import { emptyNote, heading, placeOf, timeOf, timeUntil } from './parts.js';
import { notify, Reminding } from './reminding.js';
import * as changes from './views/changes.js';
import * as day from './views/day.js';
import * as now from './views/now.js';
import * as programme from './views/programme.js';
import * as session from './views/session.js';

/** What the page speaks, by language. @type {Record<string, () => Promise<{default: Record<string, string>}>>} */
const LANGUAGES = {
  en: () => import('./words/en.js'),
  es: () => import('./words/es.js'),
  pt: () => import('./words/pt.js'),
  fr: () => import('./words/fr.js'),
};

/** What the views of one's own registration and data say beside; it comes with the first of them. @type {typeof LANGUAGES} */
const OWN_WORDS = {
  en: () => import('./words/own/en.js'),
  es: () => import('./words/own/es.js'),
  pt: () => import('./words/own/pt.js'),
  fr: () => import('./words/own/fr.js'),
};

/** What the views of a delegation say beside. @type {typeof LANGUAGES} */
const DELEGATION_WORDS = {
  en: () => import('./words/delegation/en.js'),
  es: () => import('./words/delegation/es.js'),
  pt: () => import('./words/delegation/pt.js'),
  fr: () => import('./words/delegation/fr.js'),
};

/**
 * @typedef {object} View
 * @property {(app: App, given: Given) => string} title
 * @property {(app: App, given: Given) => any} draw
 * @property {string} [tab] The entry of the navigation that it belongs to.
 * @typedef {{of: string, choices: URLSearchParams}} Given What a view is of, and what was chosen in it.
 */

/** The views by their names; a function brings one that is not here yet. @type {Record<string, View | (() => Promise<View>)>} */
const VIEWS = {
  now,
  day,
  programme,
  session,
  changes,
  badge: () => import('./views/badge.js'),
  consents: withOwnWords(() => import('./views/consents.js')),
  correct: withOwnWords(() => import('./views/correct.js')),
  data: withOwnWords(() => import('./views/data.js')),
  delegation: withDelegationWords(() => import('./views/delegation.js')),
  directory: withOwnWords(() => import('./views/directory.js')),
  erase: withOwnWords(() => import('./views/erase.js')),
  events: () => import('./views/events.js'),
  exhibitors: () => import('./views/exhibitors.js'),
  inbox: () => import('./views/inbox.js'),
  member: withDelegationWords(() => import('./views/member.js')),
  'member-form': withDelegationWords(() => import('./views/member-form.js')),
  more: () => import('./views/more.js'),
  needs: withOwnWords(() => import('./views/needs.js')),
  people: () => import('./views/people.js'),
  person: () => import('./views/person.js'),
  print: () => import('./views/print.js'),
  registration: withOwnWords(() => import('./views/registration.js')),
  settings: () => import('./views/settings.js'),
  shares: withOwnWords(() => import('./views/shares.js')),
  'stand-ins': withOwnWords(() => import('./views/stand-ins.js')),
  venue: () => import('./views/venue.js'),
  venues: () => import('./views/venues.js'),
  week: () => import('./views/week.js'),
};

const TABS = /** @type {const} */ (['now', 'day', 'programme', 'badge', 'more']);

/** The views that need nothing of the event. */
const WITHOUT_DATA = ['settings', 'changes', 'events'];

const root = /** @type {HTMLElement} */ (document.getElementById('app'));

/** @type {App | undefined} */
let app;

/** @type {Reminding | undefined} */
let reminding;

/** @type {Record<string, string>} */
let words;
let language = 'en';

/** Takes a new version of the app, where one is ready. @type {(() => void) | undefined} */
let takeUpdate;

/** The view that was drawn last, so that a new one begins at its top. */
let drawn = '';
let isDrawing = false;

/** The address whose choices were brought into view. */
let shownAddress = '';

/** Whether a link was followed, rather than the browser's way back. */
let isForward = false;

async function begin() {
  // What stands in the page until then says its name without a script.
  root.replaceChildren();
  const chosen = recall('language');
  language = chosen && LANGUAGES[chosen] ? chosen : chooseLanguage(Object.keys(LANGUAGES));
  words = (await LANGUAGES[language]()).default;
  document.documentElement.lang = language;
  try {
    const session = await loadSession();
    const event = await chooseEvent(session);
    if (!event) return;
    const client = await openClient(event, { session });
    const locale = chosen ? chosen : chooseLocale(language);
    app = new App(client, { words, language, locale }, draw);
    reminding = new Reminding(client, remind, draw);
    client.subscribe(changed);
    // Minutes pass without any change.
    setInterval(draw, 20_000);
    addEventListener('hashchange', draw);
    addEventListener('click', follow);
    navigator.serviceWorker?.addEventListener('message', hear);
    changed();
    await readProfile();
    navigator.storage?.persist?.().catch(() => {});
    keepPage('attendee', (take) => {
      takeUpdate = take;
      draw();
    });
  } catch (error) {
    if (!(error instanceof StorageRefused)) throw error;
    fail(words.storageRefused);
  }
}

/**
 * The event: the one in the address, else the last one, else the only one or the next.
 *
 * @param {import('../common/session.js').Session | undefined} session
 */
async function chooseEvent(session) {
  const named = new URLSearchParams(location.search).get('event') ?? recall('event');
  if (named) {
    remember('event', named);
    return named;
  }
  const path = '/v1/events';
  try {
    const answer = session ? await askSignedIn('GET', path) : await ask('GET', path);
    const [event] = answer.body?.items ?? [];
    if (event) remember('event', event.slug);
    else fail(words.noEvent);
    return event?.slug;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    fail(words.emptyOffline);
    addEventListener('online', () => location.reload(), { once: true });
    return undefined;
  }
}

/** Names people, and so what the server has of it is read anew once it is taken. */
const NAMING = ['registration.request', 'registration.change'];

/** The last edit that may have named somebody when the names were read. @type {string | undefined} */
let namedBy;

/** Reads the names of people again where an edit may have changed them. */
function readNames() {
  const last = app?.client.journal.findLast(({ mutation }) => NAMING.includes(mutation.op) && mutation.args.name)?.id;
  if (last === namedBy) return;
  namedBy = last;
  readProfile();
}

/** Whom the account is or acts for, by their names. */
async function readProfile() {
  if (!app?.client.session) return;
  const answer = await askSignedIn('GET', '/v1/account').catch(() => undefined);
  if (answer?.status !== 200) return;
  const here = answer.body.attendees.filter((/** @type {any} */ one) => one.event.slug === app?.client.event);
  app.know(here);
}

/** @param {string} text */
function fail(text) {
  render(html`<header class="bar">${brand('Cumbre')}</header><main class="content"><p class="banner bad">${text}</p></main>`, root);
}

/** @param {any} name */
function brand(name) {
  const mark = new URL('../common/mark.svg', import.meta.url).href;
  return html`<a href="#/now" class="brand"><img src=${mark} alt="" width="36" height="36"><span class="name">${name}</span></a>`;
}

function changed() {
  if (!app) return;
  app.refresh();
  readNames();
  app.moves.meet(app.programme.sessions);
  reminding?.look();
  draw();
}

/** Draws once for all that happens until the browser paints. */
function draw() {
  if (isDrawing) return;
  isDrawing = true;
  queueMicrotask(() => {
    isDrawing = false;
    drawNow();
  });
}

/** @returns {{name: string, given: Given}} */
function readAddress() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, of = ''] = path.split('/');
  const isKnown = Object.hasOwn(VIEWS, name);
  return { name: isKnown ? name : 'now', given: { of: decodeURIComponent(of), choices: new URLSearchParams(query) } };
}

function drawNow() {
  if (!app) return;
  const { name, given } = readAddress();
  const view = VIEWS[name];
  if (typeof view === 'function') {
    bring(name, view);
    return;
  }
  const isNew = drawn !== `${name}/${given.of}`;
  if (isNew) {
    app.note = '';
    app.fault = '';
  }
  const focused = document.activeElement;
  const isEmpty = app.client.state.phase === 'empty' && !WITHOUT_DATA.includes(name);
  render(shell(app, { tab: view.tab ?? name, isInner: !TABS.some((one) => one === name), content: isEmpty ? drawEmpty(app) : view.draw(app, given) }), root);
  const title = isEmpty ? '' : view.title(app, given);
  const event = app.programme.text(app.programme.event?.title)?.text ?? 'Cumbre';
  document.title = title ? `${title} · ${event}` : event;
  // Who used a button that is gone goes on from here, not from the top of the page.
  const isLost = focused !== null && !focused.isConnected;
  if ((isNew && drawn !== '') || isLost) document.getElementById('title')?.focus({ preventScroll: true });
  if (isNew && drawn !== '' && isForward) scrollTo(0, 0);
  if (location.hash !== shownAddress) showChosen();
  isForward = false;
  drawn = `${name}/${given.of}`;
}

/** Of choices that are wider than the screen the one that holds is in view. */
function showChosen() {
  shownAddress = location.hash;
  for (const choice of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('.choices > [aria-current]'))) {
    const line = /** @type {HTMLElement} */ (choice.parentElement);
    line.scrollLeft = choice.offsetLeft - line.offsetLeft - (line.clientWidth - choice.clientWidth) / 2;
  }
}

/** Brings a view that is not here yet, and says so where that cannot be. @param {string} name @param {() => Promise<View>} load */
async function bring(name, load) {
  if (!app) return;
  try {
    VIEWS[name] = await load();
    draw();
  } catch {
    if (readAddress().name !== name) return;
    render(shell(app, { tab: '', content: html`${heading('Cumbre')} ${emptyNote(words.notLoaded)}` }), root);
    drawn = '';
  }
}

/** A view that speaks of one's registration or data, with the texts for it. @param {() => Promise<View>} load */
function withOwnWords(load) {
  return withWords(load, [OWN_WORDS]);
}

/** A view of a delegation; its forms ask what one's own do. @param {() => Promise<View>} load */
function withDelegationWords(load) {
  return withWords(load, [OWN_WORDS, DELEGATION_WORDS]);
}

/** @param {() => Promise<View>} load @param {(typeof LANGUAGES)[]} sources */
function withWords(load, sources) {
  return async () => {
    const [view, ...texts] = await Promise.all([load(), ...sources.map((source) => source[language]())]);
    Object.assign(words, ...texts.map((text) => text.default));
    return view;
  };
}

/** @param {App} app */
function drawEmpty({ client }) {
  const { isOnline, isGone } = client.state;
  const text = isGone ? words.eventGone : isOnline === false ? words.emptyOffline : words.loading;
  // The bare address leads to what there is, next time.
  if (isGone && recall('event') === client.event) remember('event', undefined);
  return html`${heading('Cumbre')} ${emptyNote(text)}
    ${isGone ? html`<p class="empty"><a href="#/events">${words['events.choose']}</a></p>` : nothing}`;
}

/** A reminder as a notification. @param {import('../common/reminders.js').Reminder} reminder */
async function remind({ id, session: of }) {
  const about = app?.programme.session(of);
  if (!app || !about) return;
  const { room, venue } = about.place;
  const where = [room, venue].map((place) => place?.text).filter(Boolean);
  const text = [timeOf(app, about), ...where].join(', ');
  await notify({ id, title: app.say('reminder.title', { title: about.title.text }), text, url: `/#/session/${of}` });
}

/** What begins soon. @param {App} app */
function reminders(app) {
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

/** What the service worker says: a push arrived, or a notification was tapped. @param {MessageEvent} event */
function hear({ data }) {
  if (data?.kind === 'open') location.assign(data.url);
  // Thousands of devices were told at once: they do not all ask at once.
  if (data?.kind === 'push' && app) setTimeout(() => app?.client.exchange(), Math.random() * (data.spreadS ?? 0) * 1_000);
}

/** @param {MouseEvent} event */
function follow({ target }) {
  if (target instanceof Element && target.closest('a[href^="#/"]')) isForward = true;
}

/**
 * @param {App} app
 * @param {{tab: string, isInner?: boolean, content: any}} view
 */
function shell(app, { tab, isInner = false, content }) {
  const { client, programme } = app;
  const title = programme.text(programme.event?.title)?.text ?? 'Cumbre';
  const unseen = app.mine.notices.filter(({ value }) => !value.seen_at).length;
  const line = { words: STATUS_WORDS[/** @type {'en'} */ (language)], locale: app.locale, zone: programme.zone, details: '#/changes' };
  return html`
    <a class="skip" href="#main" @click=${skip}>${words.skip}</a>
    <header class="top-bars">
      <div class="bar">
        ${isInner ? html`<button type="button" class="bare bar-link" aria-label=${words.back} @click=${goBack}>${icon('back')}</button>` : nothing}
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
        (name) => html`<a href="#/${name}" aria-current=${tab === name ? 'page' : nothing}>${icon(name)}<span>${words[`nav.${name}`]}</span></a>`,
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
function banners({ client, programme, now, locale }, tab) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const hasTimes = ['now', 'day', 'programme', 'session'].includes(tab);
  const isElsewhere = hasTimes && programme.event && !areZonesAlike(zone, programme.zone, now);
  return html`
    ${client.state.isSignedOut
      ? html`<div class="banner bad"><p class="grow">${words.signedOutHere}</p><a class="button small" href="/sign-in">${words.signIn}</a></div>`
      : nothing}
    ${client.state.mustUpdate ? html`<p class="banner bad">${words['update.must']}</p>` : nothing}
    ${takeUpdate
      ? html`<div class="banner no-print"><p class="grow">${words['update.text']}</p>
          <button type="button" class="small" @click=${takeUpdate}>${words['update.take']}</button></div>`
      : nothing}
    ${isElsewhere
      ? html`<p class="zones">${app?.say('eventTime', {
          zone: describeZone(locale, programme.zone, new Date(now).toISOString()),
          time: describeClock(locale, programme.zone, now),
        })} ${app?.say('yourTime', { time: describeClock(locale, zone, now) })}</p>`
      : nothing}
  `;
}

/** Whom one looks at, where one acts for several. @param {App} app @param {string} tab */
function personSwitch(app, tab) {
  const { attendees } = app;
  if (attendees.length < 2 || tab === 'more') return nothing;
  const isAll = app.looked.length === attendees.length;
  return html`<div class="choices people-switch no-print" role="group" aria-label=${words.forWhom}>
    <button type="button" class="choice" aria-pressed=${isAll ? 'true' : 'false'} @click=${() => app.choose(undefined)}>${icon('people')} ${words.everybody}</button>
    ${attendees.map(
      ({ id, name }) => html`<button type="button" class="choice" aria-pressed=${!isAll && app.chosen === id ? 'true' : 'false'}
        @click=${() => app.choose(id)}>${icon('person')} ${name}</button>`,
    )}
  </div>`;
}

begin();

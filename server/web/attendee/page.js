/**
 * The app of attendees, at `/`: the programme, one's own day, badge, seats and inbox.
 *
 * A view is named after `#/`, with what it is of and what was chosen in it: `#/session/<id>`,
 * `#/programme?day=2018-11-26`. Views that are rarely opened come with their first opening.
 *
 * @module
 */

import { showChosen } from '../common/choices.js';
import { StorageRefused } from '../common/database.js';
import { keepPage, recall } from '../common/kept.js';
import { chooseLanguage, chooseLocale } from '../common/language.js';
import { loadSession } from '../common/session.js';
import { openClient } from '../common/sync/client.js';
import { html, render } from '../vendor/lit-html/lit-html.js';
import { App } from './app.js';
import { chooseEvent } from './event.js';
import { Names } from './names.js';
import { emptyNote, heading, timeOf } from './parts.js';
import { notify, Reminding } from './reminding.js';
import { brand, drawEmpty, shell } from './shell.js';
import { bringView, findView, isView, WITHOUT_DATA } from './views.js';
import { LANGUAGES } from './words.js';

const root = /** @type {HTMLElement} */ (document.getElementById('app'));

/** @type {App | undefined} */
let app;

/** @type {Names | undefined} */
let names;

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
  const language = chosen && LANGUAGES[chosen] ? chosen : chooseLanguage(Object.keys(LANGUAGES));
  const words = { ...(await LANGUAGES[language]()).default };
  document.documentElement.lang = language;
  try {
    const session = await loadSession();
    const { slug, fault } = await chooseEvent(session);
    if (!slug) {
      fail(words[fault ?? 'noEvent']);
      if (fault === 'emptyOffline') addEventListener('online', () => location.reload(), { once: true });
      return;
    }
    const client = await openClient(slug, { session });
    const locale = chosen ? chosen : chooseLocale(language);
    app = new App(client, { words, language, locale }, draw);
    app.reminding = new Reminding(client, remind, draw);
    names = new Names(app);
    client.subscribe(changed);
    // Minutes pass without any change.
    setInterval(draw, 20_000);
    addEventListener('hashchange', draw);
    addEventListener('click', follow);
    navigator.serviceWorker?.addEventListener('message', hear);
    changed();
    await names.read();
    navigator.storage?.persist?.().catch(() => {});
    keepPage('attendee', (take) => {
      if (app) app.takeUpdate = take;
      draw();
    });
  } catch (error) {
    if (!(error instanceof StorageRefused)) throw error;
    fail(words.storageRefused);
  }
}

/** @param {string} text */
function fail(text) {
  render(html`<header class="bar">${brand('Cumbre')}</header><main class="content"><p class="banner bad">${text}</p></main>`, root);
}

function changed() {
  if (!app) return;
  app.refresh();
  names?.look();
  app.moves.meet(app.programme.sessions);
  app.reminding?.look();
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

/** @returns {{name: string, given: import('./views.js').Given}} */
function readAddress() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, of = ''] = path.split('/');
  return { name: isView(name) ? name : 'now', given: { of: decodeURIComponent(of), choices: new URLSearchParams(query) } };
}

function drawNow() {
  if (!app) return;
  const { name, given } = readAddress();
  const view = findView(name);
  if (!view) {
    bring(name);
    return;
  }
  const isNew = drawn !== `${name}/${given.of}`;
  if (isNew) {
    app.note = '';
    app.fault = '';
  }
  const focused = document.activeElement;
  const isEmpty = app.client.state.phase === 'empty' && !WITHOUT_DATA.includes(name);
  render(shell(app, { name, tab: view.tab ?? name, content: isEmpty ? drawEmpty(app) : view.draw(app, given) }), root);
  const title = isEmpty ? '' : view.title(app, given);
  const event = app.programme.text(app.programme.event?.title)?.text ?? 'Cumbre';
  document.title = title ? `${title} · ${event}` : event;
  // Who used a button that is gone goes on from here, not from the top of the page.
  const isLost = focused !== null && !focused.isConnected;
  if ((isNew && drawn !== '') || isLost) document.getElementById('title')?.focus({ preventScroll: true });
  if (isNew && drawn !== '' && isForward) scrollTo(0, 0);
  if (location.hash !== shownAddress) {
    shownAddress = location.hash;
    showChosen(root);
  }
  isForward = false;
  drawn = `${name}/${given.of}`;
}

/** Brings a view that is not here yet, and says so where that cannot be. @param {string} name */
async function bring(name) {
  if (!app) return;
  try {
    await bringView(name, app.language, app.words);
    draw();
  } catch {
    if (readAddress().name !== name) return;
    render(shell(app, { name: '', tab: '', content: html`${heading('Cumbre')} ${emptyNote(app.words.notLoaded)}` }), root);
    drawn = '';
  }
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

begin();

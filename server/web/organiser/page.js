/**
 * The page `/organiser`: today's board, changes of the day, and everything that an organiser looks after.
 *
 * A view is named after `#/`, with what it is of and what was chosen in it, as `#/programme?day=2018-11-26`.
 *
 * @module
 */

import { Unreachable } from '../common/api.js';
import { showChosen } from '../common/choices.js';
import { StorageRefused } from '../common/database.js';
import { icon } from '../common/icons.js';
import { keepPage, recall, remember } from '../common/kept.js';
import { chooseLanguage, fill } from '../common/language.js';
import { askSignedIn, loadSession, signOut } from '../common/session.js';
import { statusLine } from '../common/status.js';
import { STATUS_WORDS } from '../common/status-words.js';
import { openClient } from '../common/sync/client.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { forgetDrafts } from './announcement-drafts.js';
import { App } from './app.js';
import { changeDialog } from './change.js';
import { ROLES, Rights } from './rights.js';
import { SignIn } from './sign-in.js';
import * as board from './views/board.js';
import * as programme from './views/programme.js';
import * as session from './views/session.js';
import { WORDS } from './words.js';

/** The views by name; a function brings one that is not here yet. */
const VIEWS = {
  board,
  programme,
  session,
  notices: () => import('./views/notices.js'),
  notice: () => import('./views/notice.js'),
  announce: () => import('./views/announce.js'),
  texts: () => import('./views/texts.js'),
  people: () => import('./views/people.js'),
  person: () => import('./views/person.js'),
  delegation: () => import('./views/delegation.js'),
  duplicates: () => import('./views/duplicates.js'),
  links: () => import('./views/links.js'),
  invitations: () => import('./views/invitations.js'),
  duties: () => import('./views/duties.js'),
  duty: () => import('./views/duty.js'),
  liaison: () => import('./views/liaison.js'),
  approval: () => import('./views/approval.js'),
  findings: () => import('./views/findings.js'),
  audit: () => import('./views/audit.js'),
  files: () => import('./views/files.js'),
  devices: () => import('./views/devices.js'),
};

const TABS = ['board', 'notices', 'programme', 'texts', 'people', 'invitations', 'duties', 'devices', 'findings', 'files', 'audit'];

/** Under which tab the views are that have none. @type {Record<string, string>} */
const TAB_OF = {
  session: 'programme',
  notice: 'notices',
  announce: 'notices',
  approval: 'notices',
  duty: 'duties',
  liaison: 'duties',
  person: 'people',
  delegation: 'people',
  duplicates: 'people',
  links: 'people',
};

/** Where a tab leads those for whom its own view is not. @type {Record<string, string>} */
const INSTEAD = { duties: 'liaison' };

/** What a view needs; the others are for everybody with a role. @type {Record<string, 'organises' | 'seesEverybody' | 'leadsDesks'>} */
const NEEDS = {
  notices: 'seesEverybody',
  notice: 'seesEverybody',
  announce: 'organises',
  approval: 'organises',
  texts: 'organises',
  people: 'seesEverybody',
  person: 'seesEverybody',
  delegation: 'seesEverybody',
  duplicates: 'seesEverybody',
  links: 'organises',
  invitations: 'seesEverybody',
  duties: 'organises',
  duty: 'organises',
  liaison: 'seesEverybody',
  devices: 'leadsDesks',
  findings: 'organises',
  audit: 'organises',
};

const root = /** @type {HTMLElement} */ (document.getElementById('app'));
const language = chooseLanguage(Object.keys(WORDS));
const words = WORDS[language];
document.documentElement.lang = language;

/** @type {App | undefined} */
let app;

/** @type {SignIn | undefined} */
let signIn;

/** Where the account has roles, by the events' slugs. @typedef {{slug: string, roles: string[]}} Work */

/** @type {Work[]} */
let events = [];

/** Where nothing can be shown: why. */
let ended = '';

/** Takes a new version of the page, where one is ready. @type {(() => void) | undefined} */
let takeUpdate;

/** The view that was drawn last, so that its heading gets the focus once. */
let lastShown = '';

/** The address for which the choices that hold were brought into view. */
let shownAddress = '';

function explain(error) {
  if (error instanceof Unreachable) return words.unreachable;
  if (error instanceof StorageRefused) return words.storageRefused;
  reportError(error);
  return words.failed;
}

async function begin() {
  document.title = `${words.organiser} · Cumbre`;
  keepPage('organiser', (take) => {
    takeUpdate = take;
    draw();
  });
  try {
    const known = await loadSession();
    if (known) await openEvent(known);
    else askToSignIn();
  } catch (error) {
    ended = explain(error);
  }
  draw();
}

function askToSignIn() {
  app = undefined;
  signIn = new SignIn({ words, language, draw, explain, done: begin });
}

/** Opens the event that the account works at. */
async function openEvent(known) {
  signIn = undefined;
  const work = await findWork(known);
  if (!work) {
    if (!signIn) ended = words.noRole;
    return;
  }
  const client = await openClient(work.slug, { session: known });
  app = new App({ client, words, language, event: work.slug, rights: new Rights(work.roles), draw });
  client.subscribe(draw);
  setInterval(draw, 15_000);
}

/**
 * The event with the account's roles: the one in the address, else the one shown last, else the first. They are kept for
 * when there is no network.
 *
 * @returns {Promise<Work | undefined>}
 */
async function findWork({ account }) {
  const key = `works-at-${account.id}`;
  try {
    const { status, body } = await askSignedIn('GET', '/v1/account');
    if (status === 401) {
      askToSignIn();
      return undefined;
    }
    events = workOf(body?.roles ?? []);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    events = recall(key) ?? [];
  }
  const wanted = [new URLSearchParams(location.search).get('event'), recall(key)?.[0]?.slug];
  const named = wanted.map((slug) => events.find((one) => one.slug === slug)).find(Boolean);
  const chosen = named ?? events[0];
  remember(key, chosen && [chosen, ...events.filter((one) => one !== chosen)]);
  return chosen;
}

/** Roles by event. @param {{event: {slug: string}, role: string}[]} held @returns {Work[]} */
function workOf(held) {
  const mine = held.filter(({ role }) => ROLES.includes(role));
  const slugs = [...new Set(mine.map(({ event }) => event.slug))];
  return slugs.map((slug) => ({ slug, roles: mine.filter(({ event }) => event.slug === slug).map(({ role }) => role) }));
}

/** What the address asks for. */
function route() {
  const [path, query] = location.hash.slice(2).split('?');
  const [name, ...of] = path.split('/');
  return { name: Object.hasOwn(VIEWS, name) ? name : 'board', of: of.join('/'), choices: new URLSearchParams(query) };
}

function draw() {
  const focused = document.activeElement;
  render(whole(), root);
  const { name, of } = route();
  const shown = `${Boolean(app)} ${name} ${of}`;
  const title = root.querySelector('main h1');
  // Who used a button that is gone goes on from here, not from the top of the page.
  if (title instanceof HTMLElement && focused !== null && !focused.isConnected) title.focus({ preventScroll: true });
  if (title instanceof HTMLElement && shown !== lastShown) {
    if (lastShown) title.focus({ preventScroll: true });
    root.querySelector('.side [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    lastShown = shown;
  }
  if (app && location.hash !== shownAddress) {
    shownAddress = location.hash;
    showChosen(root);
  }
}

function whole() {
  if (ended) return html`<main class="sign-in panel"><h1>${words.organiser}</h1><p>${ended}</p>${signOutButton()}</main>`;
  if (signIn) return signIn.view();
  if (!app) return html`<main class="sign-in panel"><p>${words.loading}</p></main>`;
  if (app.client.state.isSignedOut) return html`<main class="sign-in panel"><h1>${words.organiser}</h1><p>${words.signedOut}</p>${signOutButton()}</main>`;
  return html`
    <a class="skip" href="#main" @click=${skip}>${words.skip}</a>
    ${bar(app)}
    <div class="frame">
      ${nav(app)}
      <main id="main" tabindex="-1">
        <div role="status">${app.note ? html`<p class="message">${app.note}</p>` : nothing}</div>
        <div role="alert">${app.fault ? html`<p class="message fault">${app.fault}</p>` : nothing}</div>
        ${app.programme.event ? viewOf(app, route()) : html`<p class="empty">${words.loading}</p>`}
      </main>
    </div>
    ${changeDialog(app)}
  `;
}

/** @param {App} app @param {{name: string, of: string, choices: URLSearchParams}} given */
function viewOf(app, given) {
  const need = NEEDS[given.name];
  if (need && !app.rights[need]) return html`<h1 tabindex="-1">${words.organiser}</h1><p class="empty">${words.forbidden}</p>`;
  const view = VIEWS[given.name];
  if (typeof view === 'function') {
    view().then((module) => {
      VIEWS[given.name] = module;
      draw();
    });
    return html`<p class="empty">${words.loading}</p>`;
  }
  document.title = `${view.title(app, given)} · Cumbre`;
  return view.draw(app, given);
}

function skip(event) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** @param {App} app */
function bar(app) {
  const { event } = app.programme;
  return html`
    <header>
      <div class="bar">
        <span class="name">${app.text(event?.title) || words.organiser}</span>
        ${takeUpdate ? html`<button type="button" class="bare" @click=${takeUpdate}>${words.update}</button>` : nothing}
        <button type="button" class="bare" aria-label=${words.signOut} @click=${leave}>${icon('person')}</button>
      </div>
      ${statusLine(app.client, { words: STATUS_WORDS[language], locale: app.locale, zone: app.zone, details: '#/board' })}
    </header>
  `;
}

function signOutButton() {
  return html`<button type="button" @click=${leave}>${words.signOut}</button>`;
}

async function leave() {
  try {
    if (app) forgetDrafts(app);
    await app?.client.forgetOwn();
    await signOut();
  } catch (error) {
    ended = explain(error);
    draw();
    return;
  }
  location.reload();
}

/** @param {App} app */
function nav(app) {
  const { name } = route();
  const current = TAB_OF[name] ?? name;
  const others = events.filter(({ slug }) => slug !== app.event);
  return html`
    <nav class="side" aria-label=${words.views}>
      <ul>${tabsOf(app).map(({ tab, view }) => html`<li><a href="#/${view}" aria-current=${tab === current ? 'page' : nothing}>${words[tab === 'devices' ? 'desks' : tab]}</a></li>`)}
        ${others.map(({ slug }) => html`<li><a href="/organiser?event=${slug}">${fill(words.otherEvent, { event: slug })}</a></li>`)}</ul>
    </nav>
  `;
}

/** The tabs that the account may open, each with the view that it leads to. @param {App} app */
function tabsOf({ rights }) {
  const isOpen = (/** @type {string} */ view) => !NEEDS[view] || rights[NEEDS[view]];
  return TABS.flatMap((tab) => {
    const view = [tab, INSTEAD[tab]].find((one) => one && isOpen(one));
    return view ? [{ tab, view }] : [];
  });
}

addEventListener('hashchange', () => {
  if (app) Object.assign(app, app.isLed ? { isLed: false } : { note: '', fault: '' });
  scrollTo(0, 0);
  draw();
});

begin();

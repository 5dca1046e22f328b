/**
 * The views of the phone by their names, and how those come that are rarely opened.
 *
 * @module
 */

import * as changes from './views/changes.js';
import * as day from './views/day.js';
import * as now from './views/now.js';
import * as programme from './views/programme.js';
import * as session from './views/session.js';
import { DELEGATION_WORDS, OWN_WORDS } from './words.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {import('./words.js').Texts} Texts
 *
 * @typedef {object} View
 * @property {(app: App, given: Given) => string} title
 * @property {(app: App, given: Given) => any} draw
 * @property {string} [tab] The entry of the navigation that it belongs to.
 *
 * @typedef {object} Rare A view that comes with its first opening.
 * @property {() => Promise<View>} load
 * @property {Texts[]} texts What it says beside what all views do.
 *
 * @typedef {{of: string, choices: URLSearchParams}} Given What a view is of, and what was chosen in it.
 */

/** @param {() => Promise<View>} load @param {Texts[]} texts @returns {Rare} */
const rare = (load, ...texts) => ({ load, texts });

/** The views by their names. @type {Record<string, View | Rare>} */
const VIEWS = {
  now,
  day,
  programme,
  session,
  changes,
  badge: rare(() => import('./views/badge.js')),
  consents: rare(() => import('./views/consents.js'), OWN_WORDS),
  correct: rare(() => import('./views/correct.js'), OWN_WORDS),
  data: rare(() => import('./views/data.js'), OWN_WORDS),
  delegation: rare(() => import('./views/delegation.js'), OWN_WORDS, DELEGATION_WORDS),
  directory: rare(() => import('./views/directory.js'), OWN_WORDS),
  erase: rare(() => import('./views/erase.js'), OWN_WORDS),
  events: rare(() => import('./views/events.js')),
  exhibitors: rare(() => import('./views/exhibitors.js')),
  inbox: rare(() => import('./views/inbox.js')),
  member: rare(() => import('./views/member.js'), OWN_WORDS, DELEGATION_WORDS),
  'member-form': rare(() => import('./views/member-form.js'), OWN_WORDS, DELEGATION_WORDS),
  more: rare(() => import('./views/more.js')),
  needs: rare(() => import('./views/needs.js'), OWN_WORDS, DELEGATION_WORDS),
  people: rare(() => import('./views/people.js')),
  person: rare(() => import('./views/person.js')),
  print: rare(() => import('./views/print.js')),
  registration: rare(() => import('./views/registration.js'), OWN_WORDS),
  settings: rare(() => import('./views/settings.js')),
  shares: rare(() => import('./views/shares.js'), OWN_WORDS),
  'stand-ins': rare(() => import('./views/stand-ins.js'), OWN_WORDS),
  venue: rare(() => import('./views/venue.js')),
  venues: rare(() => import('./views/venues.js')),
  week: rare(() => import('./views/week.js')),
};

/** The entries of the navigation. */
export const TABS = /** @type {const} */ (['now', 'day', 'programme', 'badge', 'more']);

/** The views that need nothing of the event. */
export const WITHOUT_DATA = ['settings', 'changes', 'events'];

/** Whether there is a view of a name. @param {string} name */
export function isView(name) {
  return Object.hasOwn(VIEWS, name);
}

/** A view that is here; undefined while it has yet to come. @param {string} name */
export function findView(name) {
  const view = VIEWS[name];
  return 'load' in view ? undefined : view;
}

/**
 * Brings a view that is not here yet, with its texts.
 *
 * @param {string} name
 * @param {string} language
 * @param {Record<string, string>} words Where its texts are added.
 */
export async function bringView(name, language, words) {
  const rarely = VIEWS[name];
  if (!('load' in rarely)) return;
  const [view, ...texts] = await Promise.all([rarely.load(), ...rarely.texts.map((text) => text[language]())]);
  Object.assign(words, ...texts.map((text) => text.default));
  VIEWS[name] = view;
}

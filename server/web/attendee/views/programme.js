/**
 * The programme: by day, in the order of time, rooms, tracks or parts; and what a search finds in it.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { Index } from '../../common/search.js';
import { describeDay } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { cancelledMark, dayChoices, emptyNote, heading, sessionList, spoken } from '../parts.js';
import { chooseDay } from './day.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../../common/programme.js').Session} Session
 */

const GROUPS = /** @type {const} */ (['time', 'room', 'track', 'part']);

/** How many entries are drawn at once; more follow when one comes to their end. */
const PAGE = 60;

let limit = PAGE;
let query = '';
let shown = '';

/** What is searched, made anew when the programme changes. @type {{of: Session[], index: Index<Session>} | undefined} */
let searched;

/** @param {App} app */
export const title = (app) => app.words.programme;

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { choices }) {
  const { words, programme } = app;
  const wanted = choices.get('day');
  const day = wanted === 'all' ? 'all' : chooseDay(app, wanted);
  const group = GROUPS.find((one) => one === choices.get('by')) ?? 'time';
  if (shown !== `${day} ${group} ${query}`) {
    shown = `${day} ${group} ${query}`;
    limit = PAGE;
  }
  const address = (/** @type {string} */ toDay, /** @type {string} */ by = group) => `#/programme?day=${toDay}&by=${by}`;
  return html`
    ${heading(
      words.programme,
      html`<div class="actions no-print">
        <a class="button quiet small" href="#/week">${icon('calendar')} ${words['programme.week']}</a>
        <a class="button quiet small" href="#/people">${icon('people')} ${words['programme.people']}</a>
      </div>`,
    )}
    <search class="search no-print">
      <label class="unseen" for="query">${words['search.label']}</label>
      ${icon('search')}
      <input id="query" type="search" autocomplete="off" placeholder=${words['search.label']} .value=${query} @input=${(/** @type {InputEvent} */ event) => {
        query = /** @type {HTMLInputElement} */ (event.target).value;
        app.redraw();
      }}>
    </search>
    ${query.trim() === ''
      ? html`
          ${dayChoices(app, programme.days, day, address)}
          <div class="choices no-print" role="group" aria-label=${words['programme.group']}>
            ${GROUPS.map(
              (by) => html`<a class="button choice" href=${address(day, by)} aria-current=${by === group ? 'true' : nothing}>${words[`group.${by}`]}</a>`,
            )}
          </div>
          ${drawDay(app, day, group)}
        `
      : drawFound(app)}
  `;
}

/** @param {App} app @param {string} day @param {typeof GROUPS[number]} group */
function drawDay(app, day, group) {
  const sessions = day === 'all' ? app.programme.sessions : app.programme.onDay(day);
  if (sessions.length === 0) return emptyNote(app.words['programme.none']);
  if (group === 'time') {
    return html`<h2>${day === 'all' ? app.words['programme.all'] : describeDay(app.locale, day, 'long')}</h2>${drawSome(app, sessions)}`;
  }
  return groupsOf(app, sessions, group).map(
    ({ id, name, of }) => html`<section aria-labelledby="group-${id}"><h2 id="group-${id}">${name}</h2>${sessionList(app, of)}</section>`,
  );
}

/**
 * @param {App} app
 * @param {Session[]} sessions
 * @param {'room' | 'track' | 'part'} group
 */
function groupsOf({ programme, words, ...app }, sessions, group) {
  const whole = /** @type {App} */ ({ programme, words, ...app });
  const all = {
    room: () => programme.rooms.map(({ id, name, venue }) => ({ id, name: html`${spoken(whole, name)} <span class="quiet-text">${spoken(whole, venue?.name)}</span>` })),
    track: () => programme.tracks.map(({ id, title: name }) => ({ id, name: spoken(whole, name) })),
    part: () => programme.parts.map((part) => ({ id: part.id, name: html`${spoken(whole, part.title)}${cancelledMark(whole, part)}` })),
  }[group]();
  const belongs = (/** @type {Session} */ { value }, /** @type {string | undefined} */ id) => {
    if (group === 'track') return id ? value.tracks?.includes(id) : !value.tracks?.length;
    return value[group] === id;
  };
  const none = { room: words['programme.noRoom'], track: words['programme.noTrack'], part: words['programme.noPart'] }[group];
  return [...all, { id: 'none', name: none }]
    .map(({ id, name }) => ({ id, name, of: sessions.filter((session) => belongs(session, id === 'none' ? undefined : id)) }))
    .filter(({ of }) => of.length > 0);
}

/** @param {App} app */
function drawFound(app) {
  const { programme, words } = app;
  const { sessions } = programme;
  if (searched?.of !== sessions) {
    searched = { of: sessions, index: new Index(sessions, (session) => textsOf(app, session)) };
  }
  const found = searched.index.find(query);
  const count = found.length === 1 ? words['search.count.one'] : app.say('search.count.other', { count: found.length });
  return html`<p role="status" class="quiet-text">${found.length > 0 ? count : app.say('search.none', { query: query.trim() })}</p>
    ${found.length > 0 ? drawSome(app, found, true) : nothing}`;
}

/** What a session is found by: all its languages. @param {App} app @param {Session} session */
function textsOf({ programme }, session) {
  const { value, place } = session;
  const all = (/** @type {Record<string, string> | undefined} */ texts) => Object.values(texts ?? {});
  const people = programme.peopleOf(session).flatMap((/** @type {any} */ { name, affiliations = [] }) => [
    name,
    ...affiliations.flatMap((/** @type {any} */ one) => [...all(one.organisation), ...all(one.position)]),
  ]);
  const talks = (value.talks ?? []).flatMap((/** @type {any} */ talk) => all(talk.title));
  const tracks = (value.tracks ?? []).flatMap((/** @type {string} */ id) => all(programme.tracks.find((one) => one.id === id)?.value.title));
  return [session.title.text, ...all(value.title), value.number, place.room?.text, place.venue?.text, ...talks, ...people, ...tracks];
}

/** The beginning of a list, and more of it once one comes to its end. @param {App} app @param {Session[]} sessions @param {boolean} [withDay] */
function drawSome(app, sessions, withDay = false) {
  const rest = sessions.length - limit;
  return html`${sessionList(app, sessions.slice(0, limit), { withDay })}
    ${rest > 0
      ? html`<p class="actions"><button type="button" class="quiet" @click=${() => {
          limit += PAGE;
          app.redraw();
        }}>${app.words.showMore}</button></p>`
      : nothing}`;
}

/**
 * Today's board: what is on, who has come, how the desks stand, what is odd.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { describeMinutes } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { changes, open } from '../change-flow.js';
import { closuresToCome, closureText } from '../closing.js';
import { isOut, isWaiting, listDispatches } from '../dispatches.js';
import { heldNotices } from '../held.js';
import { incidentsOf } from '../incidents.js';
import { bars } from '../plots.js';
import { dispatchRow } from './notices.js';

/** How many notices are shown. */
const NOTICES = 4;

/** What is shown of the time to come, in milliseconds. */
const AHEAD_MS = 3 * 3_600_000;

/** After how long a device that said nothing counts as away, in milliseconds. */
const AWAY_MS = 10 * 60_000;

/** @param {import('../app.js').App} app */
export const title = ({ words }) => words.board;

/** @param {import('../app.js').App} app */
export function draw(app) {
  const { words } = app;
  return html`
    <div class="head">
      <h1 tabindex="-1">${words.board}</h1>
      ${app.rights.organises ? html`<button type="button" @click=${() => open(app, changes.shift())}>${icon('now')} ${words.everythingLater}</button>` : nothing}
    </div>
    ${app.rights.organises ? heldNotices(app) : nothing}
    <div class="board">
      <div class="stacked">
        <section aria-labelledby="on-now" class="panel">${sessions(app)}</section>
        <section aria-labelledby="rooms" class="panel">${rooms(app)}</section>
      </div>
      <div class="stacked">
        ${app.rights.seesEverybody ? html`<section aria-labelledby="notices" class="panel">${notices(app)}</section>` : nothing}
        ${
          app.rights.leadsDesks
            ? html`<section aria-labelledby="incidents" class="panel">${incidentsOf(app)}</section>
                <section aria-labelledby="arrivals" class="panel">${arrivals(app)}</section>
                <section aria-labelledby="devices" class="panel">${devices(app)}</section>`
            : nothing
        }
      </div>
    </div>
  `;
}

function sessions(app) {
  const { words, programme, client } = app;
  const now = client.now();
  const shown = programme.onDay(app.today).filter(({ start, end, value }) => {
    if (!start) return false;
    const late = (value.progress?.minutes_late ?? 0) * 60_000;
    return start < now + AHEAD_MS && (end ?? start) + late > now && value.progress?.state !== 'ended';
  });
  return html`
    <h2 id="on-now">${words.onNow}</h2>
    ${shown.length === 0 ? html`<p class="quiet-text">${nothingOn(app, now)}</p>` : nothing}
    <ul class="list">
      ${shown.map(
        (session) => html`
          <li>${deedRow(
            app,
            () => changes.session(session.id),
            html`<span class="time">${app.hour(session.start)}</span>
              <span class="grow"><b>${session.title.text}</b>
                <span class="quiet-text small-text">${session.place.room?.text ?? session.place.venue?.text ?? words.noRoomYet}</span></span>
              ${stateChip(app, session, now)}`,
          )}</li>
        `,
      )}
    </ul>
  `;
}

/** A line from which an organiser changes what it is of; to others it only says how that stands. */
function deedRow(app, changeOf, content) {
  if (!app.rights.organises) return html`<div class="row">${content}</div>`;
  return html`<button type="button" class="bare row wide" aria-haspopup="dialog" @click=${() => open(app, changeOf())}>${content}</button>`;
}

function nothingOn(app, now) {
  const next = app.programme.sessions.find(({ start }) => start > now);
  return next ? app.say('nextIs', { title: next.title.text, time: app.moment(next.start) }) : app.words.nothingOn;
}

function stateChip(app, session, now) {
  const { words } = app;
  const { value, start, isCancelled } = session;
  const minutes = Math.round((start - now) / 60_000);
  if (isCancelled) return html`<span class="chip bad">${words.cancelled}</span>`;
  if (value.progress?.state === 'running_late') return html`<span class="chip warn">${icon('warning')} +${value.progress.minutes_late}</span>`;
  if (value.progress?.state === 'started' || minutes <= 0) return html`<span class="chip good">${words.isOn}</span>`;
  return html`<span class="chip">${app.say('inTime', { time: describeMinutes(app.locale, minutes) })}</span>`;
}

/** What waits to go out, then what went out today or did not reach everybody it must. */
function notices(app) {
  const { words, programme } = app;
  const counts = ({ value }) => programme.dayOf(Date.parse(value.sent_at ?? value.created_at)) === app.today || value.reach?.must_still_be_told > 0;
  const all = listDispatches(app);
  const shown = [...all.filter(isWaiting), ...all.filter((row) => isOut(row) && counts(row))].slice(0, NOTICES);
  return html`
    <div class="head"><h2 id="notices">${words.notices}</h2><span class="actions"><a href="#/notices">${words.all}</a>${app.rights.organises ? html`<a href="#/announce">${words.announce}</a>` : nothing}</span></div>
    ${shown.length === 0 ? html`<p class="quiet-text">${words.noNotices}</p>` : nothing}
    <ul class="list">${shown.map((row) => dispatchRow(app, row))}</ul>
  `;
}

function arrivals(app) {
  const { words } = app;
  const { body, fault } = app.read('/check-in/arrivals?limit=500');
  const { body: uses } = app.read('/check-in/occupancy');
  const hours = (body?.hours ?? []).filter(({ from }) => app.programme.dayOf(Date.parse(from)) === app.today);
  const sum = hours.reduce((all, { count }) => all + count, 0);
  const inside = (uses?.uses ?? []).reduce((most, { guests }) => Math.max(most, guests), 0);
  return html`
    <h2 id="arrivals">${words.arrivals}</h2>
    ${fault ? html`<p class="quiet-text">${fault}</p>` : nothing}
    <p><b class="figure">${sum}</b> ${words.arrivedToday} <b class="figure">${inside}</b> ${words.insideNow}</p>
    ${
      hours.length > 0
        ? bars({
            title: words.arrivalsByHour,
            head: [words.hour, words.arrivals],
            bars: hours.map(({ from, count }) => ({ name: app.hour(from), value: count })),
            show: words.asTable,
          })
        : html`<p class="quiet-text">${words.nobodyYet}</p>`
    }
  `;
}

function devices(app) {
  const { words, client } = app;
  const { body, fault } = app.read('/enrolments?limit=500');
  const inUse = (body?.items ?? []).filter(({ state }) => state === 'active');
  const isReady = (one) => one.is_up_to_date && client.now() - Date.parse(one.last_seen_at ?? 0) < AWAY_MS;
  const ready = inUse.filter(isReady);
  return html`
    <div class="head"><h2 id="devices">${words.desks}</h2><a href="#/devices">${words.all}</a></div>
    ${fault ? html`<p class="quiet-text">${fault}</p>` : nothing}
    ${body ? html`<p>${inUse.length > 0 ? app.say('readyOf', { ready: ready.length, all: inUse.length }) : words.noDesks}</p>` : nothing}
    <ul class="list">
      ${inUse
        .filter((one) => !isReady(one) || one.unsent_scans > 0)
        .map((one) => html`<li class="row"><span class="grow"><b>${one.name}</b>
          <span class="quiet-text small-text">${lastSeen(app, one)}</span></span>
          ${one.unsent_scans > 0 ? html`<span class="chip warn">${app.plural('unsent', one.unsent_scans)}</span>` : html`<span class="chip warn">${words.notReady}</span>`}</li>`)}
    </ul>
  `;
}

/**
 * When a device was last heard of.
 *
 * @param {import('../app.js').App} app
 * @param {{last_seen_at?: string}} device
 */
export function lastSeen(app, { last_seen_at: at }) {
  return at ? app.say('lastSeen', { time: app.moment(at) }) : app.words.neverSeen;
}

function rooms(app) {
  const { words, programme, client } = app;
  const now = client.now();
  const used = new Set(programme.onDay(app.today).map(({ value }) => value.room));
  const isShown = ({ id, value }) => used.has(id) || closuresToCome(value, now).length > 0;
  // On a day without sessions, as the eve is, any room may have to be closed.
  const shown = programme.rooms.some(isShown) ? programme.rooms.filter(isShown) : programme.rooms;
  return html`
    <h2 id="rooms">${words.rooms}</h2>
    <ul class="list">
      ${shown.map(({ id, value, name, venue }) => {
        const on = programme.on(now).find((session) => session.value.room === id);
        const content = html`<span class="grow"><b>${name?.text}</b><span class="quiet-text small-text">${on ? on.title.text : venue?.name?.text}</span></span>
          ${closureChip(app, value, now)}`;
        return html`<li>${deedRow(app, () => changes.room(id), content)}</li>`;
      })}
    </ul>
  `;
}

/** Whether a room is closed, or will be; else that it can be. */
function closureChip(app, room, now) {
  const coming = closuresToCome(room, now).sort((one, other) => Date.parse(one.from) - Date.parse(other.from));
  if (coming.length === 0) return app.rights.organises ? html`<span class="chip">${app.words.closeRoom}</span>` : nothing;
  const [first] = coming;
  return html`<span class="chip ${Date.parse(first.from) <= now ? 'bad' : 'warn'}">${closureText(app, first)}</span>`;
}

/**
 * The dialog in which a change of the day is picked and thought over before it is made.
 *
 * @module
 */

import { icon } from '../common/icons.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { close, focusFirst, preview } from './change-flow.js';
import { roomDeeds } from './closing.js';
import { foreseenOf } from './foreseen.js';
import { listRooms } from './rooms-for.js';

/** By how much everything may move, in minutes. */
const MINUTES = [5, 10, 15, 20, 25, 30, 45, 60];

/**
 * The dialog.
 *
 * @param {import('./app.js').App} app
 */
export function changeDialog(app) {
  const { change, words } = app;
  return html`
    <dialog class="change" aria-labelledby="change-title" @cancel=${() => close(app)} @close=${() => app.change && close(app)}>
      ${
        change
          ? html`
              <div class="head">
                <h2 id="change-title" tabindex="-1">${titleOf(app)}</h2>
                <button type="button" class="bare" aria-label=${words.close} @click=${() => close(app)}>${icon('close')}</button>
              </div>
              <div role="alert">${change.fault ? html`<p class="message fault">${change.fault}</p>` : nothing}</div>
              ${change.step === 'preview' || change.step === 'sending' ? foreseenOf(app) : pickOf(app)}
            `
          : nothing
      }
    </dialog>
  `;
}

function titleOf(app) {
  const { change, words } = app;
  if (change.order) return change.order.title;
  if (change.kind === 'session') return app.titleOf(change.id);
  if (change.kind === 'room') return app.roomName(change.id);
  return words.everythingLater;
}

function pickOf(app) {
  const { change, words } = app;
  if (change.step === 'waiting') return html`<p role="status">${words.asking}</p>`;
  if (change.kind === 'room') return roomDeeds(app);
  if (change.kind === 'shift') return shiftOf(app);
  return change.picks === 'room' ? roomsOf(app) : deedsOf(app);
}

/** What can be done with a session. */
function deedsOf(app) {
  const { change, words } = app;
  const { start, end, day, place, value, isCancelled } = app.programme.session(change.id);
  const when = start ? `${app.dayName(day)}, ${app.hour(start)}${end ? ` – ${app.hour(end)}` : ''}` : app.dayName(day);
  return html`
    <p class="quiet-text">${[when, place.room?.text ?? place.venue?.text].filter(Boolean).join(' · ')}</p>
    <div class="stack">
      ${isCancelled ? html`<button type="button" data-first @click=${() => changeState(app, 'restore')}>${icon('check')} ${words.restoreIt}</button>` : goingOn(app)}
      ${value.state === 'published' ? html`<button type="button" class="quiet" @click=${() => changeState(app, 'cancel')}>${icon('close')} ${words.cancelIt}</button>` : nothing}
      <a class="button quiet" href="#/session/${change.id}" @click=${() => close(app)}>${words.texts}</a>
    </div>
  `;
}

/** What can be done with a session that takes place. */
function goingOn(app) {
  const { change, words } = app;
  const late = (minutes) => () =>
    preview(app, {
      path: `/sessions/${change.id}/progress`,
      body: { state: 'running_late', minutes_late: minutes },
      title: app.say('lateBy', { title: app.titleOf(change.id), minutes }),
      done: words.doneLate,
    });
  return html`
    <button type="button" data-first @click=${() => pick(app, 'room')}>${icon('moved')} ${words.otherRoom}</button>
    <div class="actions" role="group" aria-label=${words.runsLate}>
      <span>${words.runsLate}</span>
      ${[5, 10, 15, 30].map((minutes) => html`<button type="button" class="quiet small" @click=${late(minutes)}>+${minutes}</button>`)}
    </div>
    <button type="button" class="quiet" @click=${() => progress(app, 'started')}>${words.started}</button>
    <button type="button" class="quiet" @click=${() => progress(app, 'ended')}>${words.ended}</button>
  `;
}

/** Asks what it would mean to cancel a session, or to let it take place after all. */
function changeState(app, verb) {
  const { id } = app.change;
  const name = app.titleOf(id);
  preview(app, {
    path: `/sessions/${id}/${verb}`,
    body: {},
    title: app.say(`${verb}Title`, { title: name }),
    done: app.say(`${verb}Done`, { title: name }),
    meaning: app.words[`${verb}Means`],
  });
}

function pick(app, picks) {
  app.change = { ...app.change, picks };
  app.draw();
  focusFirst();
}

function progress(app, state) {
  const { id } = app.change;
  const title = `${app.titleOf(id)}: ${app.words[state]}`;
  preview(app, { path: `/sessions/${id}/progress`, body: { state }, title, done: app.words.doneProgress });
}

/** The rooms that a session may go to, the best first. */
function roomsOf(app) {
  const { change, words } = app;
  const rooms = listRooms(app, change.id);
  return html`
    <h3 tabindex="-1" ?data-first=${rooms.length === 0}>${words.whichRoom}</h3>
    ${rooms.length === 0 ? html`<p class="quiet-text">${words.noOtherRoom}</p>` : nothing}
    <ul class="list">
      ${rooms.map(
        ({ id, name, facts, faults }, place) => html`
          <li><button type="button" class="bare row wide" ?data-first=${place === 0} @click=${() => moveTo(app, change.id, { room: id })}>
            <span class="grow"><b>${name}</b><span class="quiet-text small-text">${facts}</span></span>
            ${faults.length > 0 ? html`<span class="chip warn">${icon('warning')} ${faults.join(', ')}</span>` : html`<span class="chip good">${icon('check')} ${words.free}</span>`}
          </button></li>
        `,
      )}
    </ul>
  `;
}

/**
 * Asks what it would mean to move a session.
 *
 * @param {import('./app.js').App} app
 * @param {string} id
 * @param {{room?: string, starts_at?: string}} to
 */
export function moveTo(app, id, to) {
  const parts = [to.room && app.roomName(to.room), to.starts_at && app.hour(to.starts_at)].filter(Boolean).join(', ');
  const title = app.say('moveTo', { title: app.titleOf(id), place: parts });
  return preview(app, { path: `/sessions/${id}/move`, body: to, title, done: app.say('doneMove', { title: app.titleOf(id), place: parts }) });
}

/** Everything later, from now on, until the next meal or the day's end. */
function shiftOf(app) {
  const { change, words } = app;
  const meal = nextMeal(app);
  const until = change.until === 'meal' && meal ? new Date(meal.start).toISOString() : undefined;
  const shift = (minutes) => () =>
    preview(app, {
      path: '/sessions/shift',
      body: {
        day: app.today,
        from: new Date(app.client.now()).toISOString(),
        minutes,
        breaks_absorb: true,
        ...(until && { until }),
      },
      title: app.say('everythingBy', { minutes }),
      done: app.say('doneShift', { minutes }),
    });
  const set = (value) => () => {
    app.change = { ...app.change, until: value };
    app.draw();
  };
  return html`
    <p>${words.fromNowOn}</p>
    ${
      meal
        ? html`
            <div class="choices" role="group" aria-label=${words.until}>
              <button type="button" class="choice" aria-pressed=${String(change.until === 'meal')} @click=${set('meal')}>
                ${app.say('untilMeal', { title: meal.title.text, time: app.hour(meal.start) })}</button>
              <button type="button" class="choice" aria-pressed=${String(change.until === 'day')} @click=${set('day')}>${words.untilEvening}</button>
            </div>
          `
        : nothing
    }
    <div class="minutes" role="group" aria-label=${words.byMinutes}>
      ${MINUTES.map((minutes, place) => html`<button type="button" class="quiet" ?data-first=${place === 0} @click=${shift(minutes)}>+${minutes}</button>`)}
    </div>
    <p class="quiet-text small-text">${words.breaksAbsorb}</p>
  `;
}

function nextMeal(app) {
  const now = app.client.now();
  return app.programme.onDay(app.today).find(({ value, start, isCancelled }) => value.kind === 'meal' && !isCancelled && start > now);
}

/**
 * A change of the day, thought over before it is made: what is picked, what the server says would follow, whom it
 * concerns, and then the change itself.
 *
 * @module
 */

import { icon } from '../common/icons.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { findingText } from './finding-text.js';

/** By how much everything may move, in minutes. */
const MINUTES = [5, 10, 15, 20, 25, 30, 45, 60];

/** What begins a change. Each is an object that the dialog shows, and that says what to send. */
export const changes = {
  /** @param {string} id The session's. */
  session: (id) => ({ kind: 'session', id }),
  /** @param {string} id The room's. */
  room: (id) => ({ kind: 'room', id }),
  shift: () => ({ kind: 'shift', until: 'meal' }),
};

/** @returns {HTMLDialogElement | null} The dialog. */
function find() {
  return document.querySelector('dialog.change');
}

/** Leads to what a step offers first. */
function focusFirst() {
  const first = find()?.querySelector('[data-first]');
  if (first instanceof HTMLElement) first.focus();
}

/**
 * Opens the dialog with a change.
 *
 * @param {import('./app.js').App} app
 * @param {any} change
 */
export function open(app, change) {
  app.change = { ...change, step: 'pick', fault: '', returnTo: document.activeElement };
  app.draw();
  const dialog = find();
  if (!dialog?.open) dialog?.showModal();
}

/** @param {import('./app.js').App} app */
export function close(app) {
  const former = app.change;
  app.change = undefined;
  app.draw();
  find()?.close();
  if (former?.returnTo?.isConnected) former.returnTo.focus();
}

/**
 * Asks the server what would follow.
 *
 * @param {import('./app.js').App} app
 * @param {{path: string, body: any, done: string, title: string}} order What is sent, and what is said when it is done.
 */
export async function preview(app, order) {
  const change = { ...app.change, order, step: 'waiting', fault: '' };
  app.change = change;
  app.draw();
  try {
    const answer = await app.ask('POST', order.path, { ...order.body, preview: true });
    if (app.change === change) app.change = { ...change, step: 'preview', preview: answer };
  } catch (error) {
    if (app.change === change) app.change = { ...change, step: 'pick', fault: app.faultOf(error) };
  }
  app.draw();
  focusFirst();
}

/** Makes the change. @param {import('./app.js').App} app */
async function commit(app) {
  const { order } = app.change;
  app.change = { ...app.change, step: 'sending', fault: '' };
  app.draw();
  try {
    const base = app.client.position('organiser') ?? app.client.position('public');
    await app.ask('POST', `${order.path}?base=${encodeURIComponent(base)}`, order.body);
    app.client.exchange();
    app.forget();
    close(app);
    app.note = order.done;
  } catch (error) {
    app.change = { ...app.change, step: 'preview', fault: app.faultOf(error) };
  }
  app.draw();
}

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
              ${change.step === 'preview' || change.step === 'sending' ? previewOf(app) : pickOf(app)}
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
  if (change.kind === 'room') return closingOf(app);
  if (change.kind === 'shift') return shiftOf(app);
  return change.picks === 'room' ? roomsOf(app) : deedsOf(app);
}

/** What can be done with a session. */
function deedsOf(app) {
  const { change, words } = app;
  const session = app.programme.session(change.id);
  const { start, end, place } = session;
  const when = start ? `${app.dayName(session.day)}, ${app.hour(start)}${end ? ` – ${app.hour(end)}` : ''}` : app.dayName(session.day);
  const late = (minutes) => () =>
    preview(app, {
      path: `/sessions/${change.id}/progress`,
      body: { state: 'running_late', minutes_late: minutes },
      title: app.say('lateBy', { title: app.titleOf(change.id), minutes }),
      done: words.doneLate,
    });
  return html`
    <p class="quiet-text">${[when, place.room?.text ?? place.venue?.text].filter(Boolean).join(' · ')}</p>
    <div class="stack">
      <button type="button" data-first @click=${() => pick(app, 'room')}>${icon('moved')} ${words.otherRoom}</button>
      <div class="actions" role="group" aria-label=${words.runsLate}>
        <span>${words.runsLate}</span>
        ${[5, 10, 15, 30].map((minutes) => html`<button type="button" class="quiet small" @click=${late(minutes)}>+${minutes}</button>`)}
      </div>
      <button type="button" class="quiet" @click=${() => progress(app, 'started')}>${words.started}</button>
      <button type="button" class="quiet" @click=${() => progress(app, 'ended')}>${words.ended}</button>
      <a class="button quiet" href="#/session/${change.id}" @click=${() => close(app)}>${words.texts}</a>
    </div>
  `;
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

/** Every room but the session's own, with what is known to speak against it; the server's preview knows more. */
function listRooms(app, id) {
  const { words, programme } = app;
  const session = programme.session(id);
  const wanted = session.value.needs?.features ?? [];
  const rooms = programme.rooms.filter((room) => room.id !== session.value.room);
  const described = rooms.map(({ id: room, value, name, venue }) => {
    const taken = programme.sessions.find((one) => one.id !== id && one.value.room === room && !one.isCancelled && overlaps(one, session));
    const isSmall = value.capacity !== undefined && (session.value.expected_people ?? 0) > value.capacity;
    const isClosed = (value.closures ?? []).some((closure) => isWithin(closure, session));
    const lacks = wanted.filter((feature) => !(value.features ?? []).includes(feature));
    const faults = [
      ...(isClosed ? [words.isClosed] : []),
      ...(taken ? [app.say('takenBy', { title: taken.title.text })] : []),
      ...(isSmall ? [words.tooSmall] : []),
      ...lacks.map((feature) => app.say('lacks', { feature: words[`feature.${feature}`] ?? feature })),
    ];
    const facts = [venue?.name?.text, value.capacity && app.say('seats', { count: value.capacity })].filter(Boolean).join(' · ');
    const isNear = value.venue === programme.room(session.value.room)?.value.venue;
    return { id: room, name: name?.text ?? room, facts, faults, rank: faults.length * 2 + (isNear ? 0 : 1) };
  });
  return described.sort((one, other) => one.rank - other.rank);
}

function overlaps(one, other) {
  if (!one.start || !other.start) return false;
  return one.start < (other.end ?? other.start) && other.start < (one.end ?? one.start);
}

function isWithin({ from, to }, { start, end }) {
  return start !== undefined && Date.parse(from) < (end ?? start) && (!to || start < Date.parse(to));
}

/** What a room that closes takes with it, and where each session goes. */
function closingOf(app) {
  const { change, words } = app;
  const taken = sessionsToCome(app, change.id);
  const choices = change.choices ?? Object.fromEntries(taken.map(({ id }) => [id, suggest(app, id, change.id)]));
  const choose = (id, room) => {
    app.change = { ...app.change, choices: { ...choices, [id]: room } };
    app.draw();
  };
  const rehouse = taken.map(({ id }) => ({ session: id, room: choices[id] || null }));
  const order = {
    path: `/rooms/${change.id}/close`,
    body: { from: new Date(app.client.now()).toISOString(), rehouse },
    title: app.say('closeTitle', { room: app.roomName(change.id) }),
    done: app.say('doneClose', { room: app.roomName(change.id) }),
  };
  return html`
    <p>${taken.length === 0 ? words.closesNothing : app.plural('takesWith', taken.length)}</p>
    <ul class="list">
      ${taken.map(
        (session) => html`
          <li class="row"><label class="grow" for="rehouse-${session.id}">
            <b>${session.title.text}</b>
            <span class="quiet-text small-text">${app.dayName(session.day)}, ${session.start ? app.hour(session.start) : ''}</span>
          </label>
          <select id="rehouse-${session.id}" @change=${(event) => choose(session.id, event.target.value)}>
            <option value="" ?selected=${!choices[session.id]}>${words.noRoomYet}</option>
            ${listRooms(app, session.id).map(
              ({ id, name, faults }) => html`<option value=${id} ?selected=${choices[session.id] === id}>${faults.length > 0 ? `⚠ ${name}` : name}</option>`,
            )}
          </select></li>
        `,
      )}
    </ul>
    <button type="button" data-first @click=${() => preview(app, order)}>${words.seeWhatFollows}</button>
  `;
}

function sessionsToCome(app, room) {
  const now = app.client.now();
  const inside = app.programme.sessions.filter((one) => one.value.room === room && !one.isCancelled && !one.isStub);
  return inside.filter(({ start, end }) => (end ?? start ?? 0) > now);
}

function suggest(app, id, closed) {
  return listRooms(app, id).find((room) => room.id !== closed && room.faults.length === 0)?.id ?? '';
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

/** What the server says would follow. */
function previewOf(app) {
  const { change, words } = app;
  const { changes: list, collisions, resolved, concerns, notice, sharing_transfers: transfers } = change.preview;
  const isSending = change.step === 'sending';
  return html`
    <div role="status">
      ${
        collisions.length === 0
          ? html`<p class="banner"><span class="chip good">${icon('check')} ${words.noCollisions}</span></p>`
          : html`<div class="banner bad"><div class="grow"><b>${icon('warning')} ${app.plural('collisions', collisions.length)}</b>
              <ul>${collisions.map((one) => html`<li>${findingText(app, one, timesAfter(list))}</li>`)}</ul></div></div>`
      }
      <p>${concernsText(app, concerns)}</p>
    </div>
    <details ?open=${list.length < 4}>
      <summary>${app.plural('changesOf', list.length)}</summary>
      <ul class="list">${list.map((one) => html`<li class="row"><span class="grow"><b>${app.text(one.title) || one.slug}</b>
        ${inOrder(one.fields).map((field) => html`<span class="quiet-text small-text">${fieldText(app, field)}</span>`)}</span></li>`)}</ul>
    </details>
    ${notice ? noticeOf(app, notice) : nothing}
    ${transfers.length > 0 ? html`<p>${app.say('sharing', { titles: transfers.map((one) => app.titleOf(one.id) || one.slug).join(', ') })}</p>` : nothing}
    ${resolved.length > 0 ? html`<p class="quiet-text">${app.plural('resolved', resolved.length)}</p>` : nothing}
    <div class="actions">
      <button type="button" data-first aria-disabled=${String(isSending)} @click=${() => isSending || commit(app)}>
        ${collisions.length > 0 ? words.doAllTheSame : words.doIt}</button>
      <button type="button" class="quiet" @click=${() => back(app)}>${words.back}</button>
    </div>
  `;
}

function back(app) {
  app.change = { ...app.change, order: undefined, step: 'pick', fault: '' };
  app.draw();
  focusFirst();
}

/** What people would be told, and why it is them. */
function noticeOf(app, { concerns, texts, at_once: isAtOnce }) {
  const { words } = app;
  const reasons = Object.entries(concerns.by_reason).map(([reason, count]) => `${words[`told.${reason}`] ?? reason}: ${count}`);
  if (concerns.people === 0) return html`<p class="quiet-text">${words['told.nobody']}</p>`;
  return html`<details class="would-tell">
    <summary>${app.plural('told', concerns.people)} ${isAtOnce ? words['told.atOnce'] : words['told.waits']}</summary>
    <p class="quiet-text">${reasons.join(' · ')}</p>
    ${Object.entries(texts).map(
      ([tag, { title, text }]) => html`<div lang=${tag} class="row"><span class="grow"><b>${title}</b>
        ${text.split('\n').map((line) => html`<span class="quiet-text small-text">${line}</span>`)}</span></div>`,
    )}
  </details>`;
}

function concernsText(app, { favourites, gate_holders: holders, speakers, people }) {
  if (people !== undefined) return app.plural('concernsPeople', people);
  const parts = [
    speakers > 0 && app.plural('speakers', speakers),
    favourites > 0 && app.plural('favourites', favourites),
    holders > 0 && app.plural('holders', holders),
  ].filter(Boolean);
  return parts.length > 0 ? app.say('concerns', { who: parts.join(', ') }) : app.words.concernsNobody;
}

/** When sessions would be, of what changes. @param {{id: string, fields: {field: string, after: any}[]}[]} list */
function timesAfter(list) {
  const timesOf = ({ fields }) => Object.fromEntries(fields.filter(({ field }) => ['starts_at', 'ends_at'].includes(field)).map(({ field, after }) => [field, after]));
  return new Map(list.map((one) => [one.id, timesOf(one)]));
}

/** Where and from when, then the rest. */
function inOrder(fields) {
  const order = ['room', 'venue', 'starts_at', 'ends_at'];
  const rank = ({ field }) => (order.includes(field) ? order.indexOf(field) : order.length);
  return fields.toSorted((one, other) => rank(one) - rank(other));
}

function fieldText(app, { field, before, after }) {
  const told = (value) => {
    if (value === null) return app.words.none;
    if (field === 'room') return app.roomName(value) || app.words.none;
    if (field === 'venue') return app.programme.venue(value)?.name?.text ?? app.words.none;
    if (field === 'starts_at' || field === 'ends_at') return app.hour(value);
    if (field === 'progress') return app.words[value.state === 'running_late' ? 'runsLate' : value.state];
    return typeof value === 'object' ? '…' : String(value);
  };
  const name = app.words[`field.${field}`] ?? field;
  return `${name}: ${told(before)} → ${told(after)}`;
}

/**
 * A room that closes, from when to when, with where its sessions go; and one that opens again.
 *
 * @module
 */

import { icon } from '../common/icons.js';
import { clockIn, momentIn } from '../common/time.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { preview } from './change-flow.js';
import { listRooms } from './rooms-for.js';

/** How long a closing with an end is at first, in milliseconds. */
const SPAN_MS = 2 * 3_600_000;

/**
 * @typedef {object} Closure When a room is closed.
 * @property {string} from
 * @property {string} [to] It stays closed where absent.
 * @property {Record<string, string>} [reason]
 */

/** What can be done with a room. @param {import('./app.js').App} app */
export function roomDeeds(app) {
  const { value } = app.programme.room(app.change.id) ?? { value: {} };
  const now = app.client.now();
  const open = closuresToCome(value, now);
  const isClosedForGood = open.some(({ from, to }) => !to && Date.parse(from) <= now);
  return html`
    ${open.length > 0 ? openingOf(app, value.closures, open) : nothing}
    ${isClosedForGood ? nothing : closingOf(app, open.length === 0)}
  `;
}

/**
 * The closures of a room that are not over.
 *
 * @param {{closures?: Closure[]}} room
 * @param {number} now
 */
export const closuresToCome = ({ closures = [] }, now) => closures.filter(({ to }) => !to || now < Date.parse(to));

/**
 * When a room is closed, in words.
 *
 * @param {import('./app.js').App} app
 * @param {Closure} closure
 */
export function closureText(app, { from, to }) {
  const now = app.client.now();
  const told = (/** @type {string} */ at) => (app.programme.dayOf(Date.parse(at)) === app.today ? app.hour(at) : app.moment(at));
  if (Date.parse(from) <= now) return to ? app.say('closedUntil', { to: told(to) }) : app.words.isClosed;
  return to ? app.say('closedSpan', { from: told(from), to: told(to) }) : app.say('closedFrom', { from: told(from) });
}

function openingOf(app, all, open) {
  const { change, words } = app;
  const room = app.roomName(change.id);
  const ask = (closure) => {
    const rest = all.filter((one) => one !== closure);
    preview(app, {
      method: 'PATCH',
      path: `/rooms/${change.id}`,
      body: { closures: rest.length > 0 ? rest : null },
      title: app.say('openTitle', { room }),
      done: app.say('doneOpen', { room }),
      meaning: words.openMeans,
    });
  };
  return html`
    <ul class="list">
      ${open.map(
        (closure, place) => html`<li class="row"><span class="grow"><b>${icon('warning')} ${closureText(app, closure)}</b>
          ${closure.reason ? html`<span class="quiet-text small-text">${app.text(closure.reason)}</span>` : nothing}</span>
          <button type="button" ?data-first=${place === 0} @click=${() => ask(closure)}>${words.openAgain}</button></li>`,
      )}
    </ul>
  `;
}

/** From when to when a room closes, what that takes with it, and where each session goes. @param {import('./app.js').App} app @param {boolean} isFirst Whether nothing is offered before. */
function closingOf(app, isFirst) {
  const { change, words } = app;
  const span = spanOf(app);
  const taken = sessionsIn(app, change.id, span);
  const choices = { ...Object.fromEntries(taken.map(({ id }) => [id, suggest(app, id, change.id)])), ...change.choices };
  const choose = (id, room) => set(app, { choices: { ...change.choices, [id]: room } });
  const rehouse = taken.map(({ id }) => ({ session: id, room: choices[id] || null }));
  const ask = () => {
    const fault = faultOf(app, span);
    if (fault) {
      set(app, { fault: words[fault.word] });
      document.getElementById(fault.at)?.focus();
      return;
    }
    preview(app, {
      path: `/rooms/${change.id}/close`,
      body: { from: new Date(span.from).toISOString(), ...(span.to && { to: new Date(span.to).toISOString() }), rehouse },
      title: app.say('closeTitle', { room: app.roomName(change.id) }),
      done: app.say(change.from === undefined ? 'doneClose' : 'doneCloseLater', { room: app.roomName(change.id) }),
    });
  };
  return html`
    ${timeOf(app, 'from', { label: words.closeFrom, none: words.fromNow, begin: () => roundUp(app.client.now()) })}
    ${timeOf(app, 'to', { label: words.closeTo, none: words.noEnd, begin: () => roundUp(span.from) + SPAN_MS })}
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
    <button type="button" ?data-first=${isFirst} @click=${ask}>${words.seeWhatFollows}</button>
  `;
}

/** One border of the time: as it mostly is, or what a clock in the event's zone shows. */
function timeOf(app, name, { label, none, begin }) {
  const { change, words } = app;
  const isSet = change[name] !== undefined;
  const pick = (value) => {
    set(app, { [name]: value, [`${name}At`]: value, fault: '' });
    document.getElementById(`close-${name}`)?.focus();
  };
  return html`
    <div class="actions" role="group" aria-label=${label}>
      <b>${label}</b>
      <button type="button" class="choice" aria-pressed=${String(!isSet)} @click=${() => pick(undefined)}>${none}</button>
      <button type="button" class="choice" aria-pressed=${String(isSet)} @click=${() => isSet || pick(clockIn(app.zone, begin()))}>${words.atTime}</button>
      ${
        isSet
          ? html`<input type="datetime-local" id="close-${name}" aria-label=${label} .defaultValue=${change[`${name}At`]}
              @change=${(event) => set(app, { [name]: event.target.value, fault: '' })}>`
          : nothing
      }
    </div>
  `;
}

function set(app, values) {
  app.change = { ...app.change, ...values };
  app.draw();
}

/** From when to when it is to be closed; without an end, until further notice. */
function spanOf(app) {
  const { from, to } = app.change;
  const now = app.client.now();
  return { from: from === undefined ? now : momentIn(app.zone, from), to: to === undefined ? undefined : momentIn(app.zone, to) };
}

/** What is wrong with the times, and where. */
function faultOf(app, { from, to }) {
  if (Number.isNaN(from)) return { word: 'timeMissing', at: 'close-from' };
  if (to !== undefined && !(to > Math.max(from, app.client.now()))) return { word: 'closeEndsBefore', at: 'close-to' };
  return undefined;
}

/** The next quarter of an hour. @param {number} at */
const roundUp = (at) => Math.ceil((Number.isNaN(at) ? 0 : at) / 900_000) * 900_000;

/** What takes place in a room within a time. */
function sessionsIn(app, room, { from, to }) {
  const inside = app.programme.sessions.filter((one) => one.value.room === room && !one.isCancelled && !one.isStub);
  return inside.filter(({ start, end }) => (end ?? start ?? 0) > from && (to === undefined || start < to));
}

function suggest(app, id, closed) {
  return listRooms(app, id).find((room) => room.id !== closed && room.faults.length === 0)?.id ?? '';
}

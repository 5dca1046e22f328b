/**
 * The board at `/board`, for screens in a foyer and at doors: what is on, what is next and what has moved,
 * room by room. It needs no sign-in and nobody who touches it.
 *
 * `?event=` names the event, `?room=` and `?venue=` by slug what it is at, `?language=` what it speaks.
 *
 * @module
 */

import { ask, Unreachable } from '../common/api.js';
import { StorageRefused } from '../common/database.js';
import { icon } from '../common/icons.js';
import { keepPage, recall, remember } from '../common/kept.js';
import { KIND_WORDS } from '../common/kind-words.js';
import { chooseLanguage, chooseLocale, fill } from '../common/language.js';
import { Moves } from '../common/moved.js';
import { isOn, isOver, isToCome, Programme } from '../common/programme.js';
import { openClient } from '../common/sync/client.js';
import { describeClock, describeDay, describeMinutes } from '../common/time.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { WORDS } from './words.js';

/** @typedef {import('../common/programme.js').Session} Session */

const root = /** @type {HTMLElement} */ (document.getElementById('board'));
const choices = new URLSearchParams(location.search);

/** How often the board asks, in seconds: a room that has changed is on it soon. */
const POLL_S = 1.5;

/** How many rooms there is space for at once; of more, one page follows the other. */
const ROOMS = 8;

/** How many sessions that have moved are named. */
const MOVED = 4;

/** How long a page of rooms stays, in milliseconds. */
const PAGE_MS = 15_000;

const spoken = Object.keys(WORDS);
const wanted = choices.get('language');
const language = wanted && spoken.includes(wanted) ? wanted : chooseLanguage(spoken);
const locale = wanted ? language : chooseLocale(language);
const words = WORDS[language];
document.documentElement.lang = language;

/** The event's. */
let slug = '';
/** @type {import('../common/sync/client.js').Client} */
let client;
/** @type {Programme} */
let programme;
/** @type {Moves} */
let moves;

async function begin() {
  root.replaceChildren();
  try {
    const event = await chooseEvent();
    if (!event) return;
    slug = event;
    client = await openClient(event, { pollS: POLL_S });
    programme = new Programme(client, locale, KIND_WORDS[language]);
    moves = new Moves(`${event}-board`);
    client.subscribe(draw);
    drawAgain();
    keepPage('board', (take) => take());
    navigator.wakeLock?.request('screen').catch(() => {});
  } catch (error) {
    if (!(error instanceof StorageRefused)) throw error;
    say(words.storageRefused);
  }
}

/** The event in the address, else the one shown last, else the first there is. */
async function chooseEvent() {
  const named = choices.get('event') ?? recall('board-event');
  if (named) return named;
  try {
    const [event] = (await ask('GET', '/v1/events')).body?.items ?? [];
    if (!event) say(words.noEvent);
    return event?.slug;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    say(words.emptyOffline);
    setTimeout(() => location.reload(), 10_000);
    return undefined;
  }
}

/** @param {string} text */
function say(text) {
  render(html`<main class="message-only"><h1>${words.board}</h1><p>${text}</p></main>`, root);
}

/** Draws now, and whenever another page of rooms has its turn. */
function drawAgain() {
  draw();
  setTimeout(drawAgain, PAGE_MS - (Math.floor(client.now()) % PAGE_MS));
}

function draw() {
  const { event } = programme;
  if (!event) {
    sayWhatIsMissing();
    return;
  }
  // Only what is there is what the bare address shows next time.
  if (recall('board-event') !== slug) remember('board-event', slug);
  const unknown = unknownPlace();
  if (unknown) {
    say(unknown);
    return;
  }
  moves.meet(programme.sessions);
  const now = client.now();
  const title = programme.text(event.title);
  document.title = `${words.board} · ${title?.text}`;
  render(
    html`
      <header class="top">
        <img src=${new URL('../common/mark.svg', import.meta.url).href} alt="" width="64" height="64">
        <h1 lang=${title?.tag ?? language}>${title?.text}</h1>
        <p class="clock"><span class="hour">${describeClock(locale, programme.zone, now)}</span> <span>${describeDay(locale, programme.dayOf(now), 'long')}</span></p>
      </header>
      ${drawMoved(now)}
      <main class="rooms">${drawRooms(now)}</main>
      <footer>${drawState(now)}</footer>
    `,
    root,
  );
}

/** Why there is no event to show. */
function sayWhatIsMissing() {
  const { isOnline, isGone } = client.state;
  if (isGone && !choices.has('event') && recall('board-event') === slug) {
    // What was shown last is there no more: the bare address shows what is.
    remember('board-event', undefined);
    location.reload();
  }
  const text = isOnline === false ? words.emptyOffline : words.loading;
  say(isGone ? fill(words.noSuchEvent, { event: slug }) : text);
}

/** That the place in the address is none of the event's; undefined where it is. */
function unknownPlace() {
  const [room, venue] = [choices.get('room'), choices.get('venue')];
  const isThere = (/** @type {'rooms' | 'venues'} */ collection, /** @type {string} */ name) =>
    client.rows(collection).some(({ id, value }) => value.slug === name || id === name);
  if (room) return isThere('rooms', room) ? undefined : fill(words.noSuchRoom, { room });
  if (venue) return isThere('venues', venue) ? undefined : fill(words.noSuchVenue, { venue });
  return undefined;
}

/** Where something is on this board: its room, else its venue. @param {Session} session */
const placeKey = ({ place }) => place.roomId ?? place.venueId ?? '';

/** Whether a place is one that this screen stands at. @param {Session} session */
function isHere({ place }) {
  const [room, venue] = [choices.get('room'), choices.get('venue')];
  if (room) return programme.room(place.roomId)?.value.slug === room || place.roomId === room;
  if (venue) return programme.venue(place.venueId)?.value.slug === venue || place.venueId === venue;
  return true;
}

/** @param {number} now */
function drawRooms(now) {
  if (programme.isCancelled) return html`<p class="quiet">${words.eventCancelled}</p>`;
  const today = programme.dayOf(now);
  const sessions = programme.onDay(today).filter((session) => isHere(session) && !session.isCancelled && session.value.kind !== 'transfer');
  const open = sessions.filter((session) => !isOver(session, now));
  if (open.length === 0) return html`<p class="quiet">${sessions.length > 0 ? words.nothingMore : nothingToday(today)}</p>`;
  /** @type {Map<string, Session[]>} */
  const places = new Map();
  for (const session of open) places.set(placeKey(session), [...(places.get(placeKey(session)) ?? []), session]);
  const all = [...places.values()];
  const page = Math.floor(now / PAGE_MS) % Math.ceil(all.length / ROOMS);
  // Where there is space, more of what is to come.
  const following = all.length <= 2 ? 4 : all.length <= 4 ? 2 : 1;
  return all.slice(page * ROOMS, (page + 1) * ROOMS).map((of) => drawRoom(of, now, following));
}

/** What is said on a day on which nothing takes place here. @param {string} today */
function nothingToday(today) {
  const { days } = programme;
  const coming = days.find((day) => day > today && programme.onDay(day).some((session) => isHere(session) && !session.isCancelled));
  if (!coming) return words.nothingHere;
  return fill(days[0] <= today ? words.nextHere : words.before, { day: describeDay(locale, coming, 'long') });
}

/** What has its day and no time is on when somebody says so, and else is still to come. @param {Session} session @param {number} now */
function isNow(session, now) {
  return session.start === undefined ? session.value.progress?.state === 'started' : isOn(session, now);
}

/** @param {Session[]} sessions @param {number} now @param {number} following How many entries that are to come. */
function drawRoom(sessions, now, following) {
  const [{ place }] = sessions;
  const on = sessions.filter((session) => isNow(session, now));
  const next = sessions.filter((session) => !on.includes(session) && (session.start === undefined || isToCome(session, now))).slice(0, following);
  const isTimed = sessions.some(({ start }) => start !== undefined);
  const [name, beside] = place.room ? [place.room, place.venue] : [place.venue, undefined];
  return html`<section class="room" aria-label=${name?.text ?? words.byInvitation}>
    <h2 lang=${name?.tag ?? language}>${name?.text ?? words.byInvitation}${beside ? html` <span class="venue" lang=${beside.tag}>${beside.text}</span>` : nothing}</h2>
    ${on.length > 0
      ? on.map((session) => drawSession(session, words.now, session.end ? fill(words.until, { time: time(session.end) }) : '', 'on'))
      : isTimed ? html`<p class="free">${words.free}</p>` : nothing}
    ${next.map((session, at) => drawSession(session, at === 0 && isTimed ? words.next : '', describeStart(session, now), 'next'))}
  </section>`;
}

/** When something begins, and how soon. @param {Session} session @param {number} now */
function describeStart({ start }, now) {
  if (start === undefined) return words.today;
  const minutes = Math.max(1, Math.ceil((start - now) / 60_000));
  return `${time(start)} · ${fill(words.inTime, { time: describeMinutes(locale, minutes) })}`;
}

/** @param {number} at */
function time(at) {
  return describeClock(locale, programme.zone, at);
}

/** @param {Session} session @param {string} label @param {string} when @param {string} kind */
function drawSession(session, label, when, kind) {
  const { progress } = session.value;
  const late = progress?.state === 'running_late' && progress.minutes_late;
  return html`<div class="entry ${kind}">
    <p class="label">${label ? html`<span>${label}</span>` : nothing} <span class="when">${when}</span>
      ${late ? html`<span class="chip warn">${icon('now')}${fill(words.late, { time: describeMinutes(locale, progress.minutes_late) })}</span>` : nothing}
      ${moves.before(session) ? html`<span class="chip warn">${icon('moved')}${words.moved}</span>` : nothing}
      ${session.isStub ? html`<span class="chip">${icon('lock')}${words.byInvitation}</span>` : nothing}</p>
    <p class="title" lang=${session.title.tag === 'und' ? language : session.title.tag}>${session.number ? `${session.number} · ` : ''}${session.title.text}</p>
  </div>`;
}

/** What of today is cancelled, or has moved since the screen first knew it, and is not over. @param {number} now */
function drawMoved(now) {
  // Where nothing takes place, that is said in place of the rooms.
  if (programme.isCancelled) return nothing;
  const today = programme.dayOf(now);
  const sessions = programme.sessions.filter(
    (session) => session.day === today && (session.isCancelled || moves.before(session)) && !isOver(session, now),
  );
  const parts = programme.parts.filter((part) => part.isCancelled && sessions.some(({ value }) => value.part === part.id));
  const single = sessions.filter(({ value }) => !parts.some(({ id }) => id === value.part));
  const moved = [
    ...parts.map((part) => html`<li>${icon('close')} ${describeCancelled(part.title)}</li>`),
    ...single.map((session) => html`<li>${icon(session.isCancelled ? 'close' : 'moved')} ${describeMove(session)}</li>`),
  ];
  if (moved.length === 0) return nothing;
  return html`<section class="moved" aria-label=${words.moved}>
    <ul>${moved.slice(0, MOVED)}
      ${moved.length > MOVED ? html`<li><b>${fill(words.moreMoved, { count: String(moved.length - MOVED) })}</b></li>` : nothing}</ul>
  </section>`;
}

/** @param {import('../common/programme.js').Text | undefined} title */
function describeCancelled(title) {
  return html`<span>${strongTitle(title)}: ${words.cancelled}</span>`;
}

/** @param {import('../common/programme.js').Text | undefined} title */
function strongTitle(title) {
  return html`<strong lang=${!title || title.tag === 'und' ? language : title.tag}>${title?.text}</strong>`;
}

/** @param {Session} session */
function describeMove(session) {
  if (session.isCancelled) return describeCancelled(session.title);
  const before = moves.before(session) ?? {};
  const place = session.place.room ?? session.place.venue;
  const [wasRoom, isRoom] = [before.room ?? before.venue, session.place.roomId ?? session.place.venueId];
  const was = wasRoom !== isRoom ? (programme.room(before.room)?.name ?? programme.venue(before.venue)?.name)?.text : undefined;
  const wasAt = before.start !== undefined && before.start !== session.start ? time(before.start) : undefined;
  const former = [wasAt, was].filter(Boolean).join(', ');
  return html`<span>${strongTitle(session.title)}: <b>${[session.start !== undefined ? time(session.start) : '', place?.text].filter(Boolean).join(', ')}</b>
    ${former ? html`<span class="was">(${fill(words.was, { before: former })})</span>` : nothing}</span>`;
}

/** @param {number} now */
function drawState(now) {
  const { isOnline, freshAt } = client.state;
  if (isOnline) return html`<span class="dot good"></span> ${words.upToDate}`;
  if (isOnline === undefined) return words.connecting;
  const at = freshAt === undefined ? words.nothingYet : fill(words.asOf, { time: describeClock(locale, programme.zone, freshAt, programme.dayOf(freshAt) !== programme.dayOf(now)) });
  return html`${icon('offline')} ${words.offline} · ${at}`;
}

begin();

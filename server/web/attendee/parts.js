/**
 * What several views show: a session in a list, its state in chips, headings.
 *
 * @module
 */

import { icon } from '../common/icons.js';
import { describeClock, describeDay, describeMinutes, describeSpan } from '../common/time.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {import('../common/programme.js').Session} Session
 * @typedef {import('../common/programme.js').Text} Text
 */

/** A text in the language that it is in, for who reads it aloud. @param {App} app @param {Text | undefined} text */
export function spoken(app, text) {
  if (!text) return nothing;
  return isOwnLanguage(app, text.tag) ? text.text : html`<span lang=${text.tag}>${text.text}</span>`;
}

/** A text of several paragraphs. @param {App} app @param {Text | undefined} text */
export function paragraphs(app, text) {
  if (!text) return nothing;
  const lang = isOwnLanguage(app, text.tag) ? app.language : text.tag;
  return text.text.split(/\n{2,}/).map((part) => html`<p lang=${lang}>${part}</p>`);
}

/** @param {App} app @param {string} tag */
function isOwnLanguage(app, tag) {
  return tag === 'und' || tag.split('-')[0] === app.language;
}

/** When a session is, in the event's time. @param {App} app @param {Session} session */
export function timeOf(app, { start, end }) {
  if (start === undefined) return app.words.wholeDay;
  return describeSpan(app.locale, app.programme.zone, start, end ?? start);
}

/** Where a session is, in words. @param {App} app @param {Session} session */
export function placeOf(app, session) {
  const { transfer } = session.value;
  if (transfer) {
    const [from, to] = [app.programme.venue(transfer.from)?.name, app.programme.venue(transfer.to)?.name];
    if (from && to) return html`${spoken(app, from)} → ${spoken(app, to)}`;
    return to ? html`→ ${spoken(app, to)}` : spoken(app, from);
  }
  const { room, venue } = session.place;
  if (room && venue) return html`${spoken(app, room)} · ${spoken(app, venue)}`;
  return spoken(app, room ?? venue);
}

/** How many minutes there are until a moment, in words. @param {App} app @param {number} at */
export function timeUntil(app, at) {
  return describeMinutes(app.locale, Math.max(0, Math.ceil((at - app.now) / 60_000)));
}

/**
 * What is to be known of a session at a glance: that it is late, over, cancelled or moved, and how one
 * stands to it oneself.
 *
 * @param {App} app
 * @param {Session} session
 */
export function chipsOf(app, session) {
  const { words } = app;
  const { progress } = session.value;
  /** @type {any[]} */
  const chips = [];
  const chip = (/** @type {string} */ kind, /** @type {any} */ sign, /** @type {any} */ text) =>
    chips.push(html`<li class="chip ${kind}">${sign ? icon(sign) : nothing}${text}</li>`);
  const before = app.moves.before(session);
  if (session.isCancelled) chip('bad', 'close', words.cancelled);
  else if (before) chip('warn', 'moved', before.cancelled ? words.restored : words.moved);
  if (progress?.state === 'running_late' && progress.minutes_late && !session.isCancelled) {
    chip('warn', 'now', app.say('late', { time: describeMinutes(app.locale, progress.minutes_late) }));
  }
  if (progress?.state === 'ended') chip('', 'check', words.ended);
  for (const tie of app.mine.ties(session)) {
    const of = app.mine.attendees.length > 1 ? `${app.nameOf(tie.attendee)}: ` : '';
    const pending = (/** @type {import('../common/sync/shown.js').ShownRow} */ row) => (row.isPending ? ` (${words.notSent})` : '');
    if (tie.seat) {
      const { state } = tie.seat.value;
      const text = words[`seat.short.${state}`] ?? state;
      chip(state === 'confirmed' ? 'good' : 'warn', 'seat', of + text + pending(tie.seat));
    }
    if (tie.invitation) {
      const given = app.answerOf(tie.invitation);
      const text = given.isSent ? words[given.answer === 'pending' ? 'invited' : given.answer] : `${words[given.answer]} (${words.notSent})`;
      chip(given.answer === 'accepted' ? 'good' : 'info', 'inbox', of + text);
    }
    if (tie.star && app.mine.attendees.length > 1) chip('info', 'star', of + words.starred + pending(tie.star));
  }
  if (session.isStub) chip('', 'lock', words.byInvitation);
  else if (session.scope.startsWith('gate:')) chip('info', 'lock', words.letIn);
  return chips.length > 0 ? html`<ul class="chips">${chips}</ul>` : nothing;
}

/** That something does not take place, where it is shown by its name. @param {App} app @param {{isCancelled: boolean} | undefined} of */
export function cancelledMark(app, of) {
  return of?.isCancelled ? html` <span class="chip bad">${icon('close')}${app.words.cancelled}</span>` : nothing;
}

/** What a session was before it moved, in words. @param {App} app @param {Session} session */
export function describeBefore(app, session) {
  const before = app.moves.before(session);
  if (!before || session.isCancelled) return nothing;
  const { programme, locale } = app;
  const parts = [];
  if (before.start !== undefined && before.start !== session.start) {
    const isOtherDay = programme.dayOf(before.start) !== session.day;
    parts.push(describeClock(locale, programme.zone, before.start, isOtherDay));
  }
  if (before.room !== session.place.roomId || before.venue !== session.place.venueId) {
    const name = programme.room(before.room)?.name ?? programme.venue(before.venue)?.name;
    if (name) parts.push(name.text);
  }
  return parts.length > 0 ? html`<p class="before">${app.say('moved.was', { before: parts.join(' · ') })}</p>` : nothing;
}

/** The star of a session for whom one looks at; nothing where it is nobody's to star. @param {App} app @param {Session} session */
export function starOf(app, session) {
  if (app.mine.attendees.length !== 1 || session.isStub) return nothing;
  const [attendee] = app.mine.attendees;
  const { star } = app.mine.tie(session, attendee);
  const label = `${star ? app.words.unstar : app.words.star}: ${session.title.text}`;
  return html`<button type="button" class="bare star-button ${star ? 'on' : ''}" aria-pressed=${star ? 'true' : 'false'}
    aria-label=${label} title=${star?.isPending ? app.words.notSent : nothing} @click=${() => app.star(session, attendee, !star)}>
    ${icon('star', star ? 'filled' : '')}${star?.isPending ? html`<span class="dot hollow small-dot"></span>` : nothing}
  </button>`;
}

/**
 * A session as an entry of a list.
 *
 * @param {App} app
 * @param {Session} session
 * @param {{withDay?: boolean, until?: boolean, extra?: any}} [options]
 */
export function sessionRow(app, session, { withDay = false, extra = nothing } = {}) {
  const { words } = app;
  const kind = session.value.kind;
  const hasTime = session.start !== undefined;
  const place = placeOf(app, session);
  const colour = app.trackColour(session);
  return html`<div class="session ${session.isCancelled ? 'is-cancelled' : ''} kind-${kind}">
    <a class="row" href="#/session/${session.id}">
      <span class="time">
        ${withDay ? html`<span class="day">${describeDay(app.locale, session.day, 'short')}</span>` : nothing}
        ${hasTime
          ? html`<span class="start">${describeClock(app.locale, app.programme.zone, session.start ?? 0)}</span>
              <span class="end">${session.end ? describeClock(app.locale, app.programme.zone, session.end) : nothing}</span>`
          : html`<span class="end">${words.wholeDay}</span>`}
      </span>
      ${colour ? html`<span class="stripe ${colour}" aria-hidden="true"></span>` : html`<span class="stripe" aria-hidden="true"></span>`}
      <span class="grow">
        <span class="title">${session.number ? html`<span class="number">${session.number}</span> ` : nothing}${spoken(app, session.title)}</span>
        ${place === nothing ? nothing : html`<span class="place">${icon(kind === 'transfer' ? 'bus' : 'place')} ${place}</span>`}
      </span>
    </a>
    ${starOf(app, session)}
    <div class="below">${chipsOf(app, session)} ${describeBefore(app, session)} ${extra}</div>
  </div>`;
}

/**
 * Sessions as a list.
 *
 * @param {App} app
 * @param {Session[]} sessions
 * @param {{withDay?: boolean}} [options]
 */
export function sessionList(app, sessions, options) {
  return html`<ul class="list sessions">
    ${repeat(
      sessions,
      (/** @type {Session} */ { id, scope }) => `${scope} ${id}`,
      (/** @type {Session} */ session) => html`<li>${sessionRow(app, session, options)}</li>`,
    )}
  </ul>`;
}

/** The heading of a view. @param {any} title @param {any} [beside] */
export function heading(title, beside = nothing) {
  return html`<div class="head view-head"><h1 tabindex="-1" id="title">${title}</h1>${beside}</div>`;
}

/**
 * Days to choose from, of which one is shown.
 *
 * @param {App} app
 * @param {string[]} days
 * @param {string} chosen
 * @param {(day: string) => string} addressOf
 */
export function dayChoices(app, days, chosen, addressOf) {
  const today = app.programme.dayOf(app.now);
  return html`<nav class="choices no-print" aria-label=${app.words['day.choose']}>
    ${days.map(
      (day) => html`<a class="button choice" href=${addressOf(day)} aria-current=${day === chosen ? 'true' : nothing}>
        ${day === today ? app.words.today : describeDay(app.locale, day, 'tiny')}
      </a>`,
    )}
  </nav>`;
}

/** @param {any} content */
export function emptyNote(content) {
  return html`<p class="empty">${content}</p>`;
}

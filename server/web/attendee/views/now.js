/**
 * Now and next: what is on, what follows, what is one's own next, what has moved.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { describeDay } from '../../common/time.js';
import { isOver, isToCome } from '../../common/programme.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { emptyNote, sessionList, sessionRow, spoken, timeUntil } from '../parts.js';

/** @typedef {import('../app.js').App} App */

/** @param {App} app */
export const title = (app) => app.words['now.title'];

/** @param {App} app */
export function draw(app) {
  const { words, programme, mine, now } = app;
  const today = programme.dayOf(now);
  const on = programme.on(now).filter(({ value }) => value.kind !== 'exhibition');
  const standing = programme.on(now).filter(({ value }) => value.kind === 'exhibition');
  const untimed = programme.onDay(today).filter(({ start, value, isCancelled }) => start === undefined && !isCancelled && value.progress?.state !== 'ended');
  const next = programme.next(now);
  const ownNext = findOwnNext(app);
  const isMine = new Set([today, ...next.map(({ day }) => day)].flatMap((day) => mine.day(day)).map(({ session }) => session.id));
  // Where nothing takes place, that says it for all.
  const moved = programme.isCancelled ? [] : programme.sessions.filter((session) => app.moves.before(session) && !isOver(session, now));
  const own = (/** @type {import('../../common/programme.js').Session[]} */ sessions) =>
    [...sessions].sort((one, other) => Number(isMine.has(other.id)) - Number(isMine.has(one.id)));
  return html`
    ${hero(app)}
    ${moved.length > 0
      ? html`<section aria-labelledby="moved-title">
          <div class="head"><h2 id="moved-title">${words['moved.title']}</h2>
            <button type="button" class="quiet small" @click=${() => see(app, moved)}>${icon('check')} ${words['moved.seen']}</button></div>
          ${sessionList(app, moved, { withDay: true })}
        </section>`
      : nothing}
    ${ownNext
      ? html`<section aria-labelledby="own-title"><h2 id="own-title">${words.nextMine}
          <span class="quiet-text">${whenNext(app, ownNext)}</span></h2>
          <div class="list own-next">${sessionRow(app, ownNext)}</div></section>`
      : nothing}
    <section aria-labelledby="on-title">
      <h2 id="on-title">${words.now}</h2>
      ${on.length > 0 ? sessionList(app, own(on)) : emptyNote(words['now.nothing'])}
    </section>
    ${untimed.length > 0 ? html`<section aria-labelledby="today-title"><h2 id="today-title">${words.today}</h2>${sessionList(app, own(untimed))}</section>` : nothing}
    ${next.length > 0
      ? html`<section aria-labelledby="next-title">
          <h2 id="next-title">${words.next} <span class="quiet-text">${whenNext(app, next[0])}</span></h2>
          ${sessionList(app, own(next))}
        </section>`
      : nothing}
    ${standing.length > 0
      ? html`<section aria-labelledby="standing-title"><h2 id="standing-title">${words.exhibitors}</h2>${sessionList(app, standing)}</section>`
      : nothing}
  `;
}

/** What is one's own next, today or on a later day. @param {App} app */
function findOwnNext({ programme, mine, now }) {
  for (const day of programme.days.filter((one) => one >= programme.dayOf(now))) {
    const found = mine.day(day).find(({ session }) => isToCome(session, now));
    if (found) return found.session;
  }
  return undefined;
}

/** How soon something begins, and of what is not today the day. @param {App} app @param {import('../../common/programme.js').Session} session */
function whenNext(app, { day, start }) {
  const { programme, locale, now } = app;
  return day === programme.dayOf(now) ? app.say('inTime', { time: timeUntil(app, start ?? 0) }) : `· ${describeDay(locale, day, 'long')}`;
}

/** The event, and where in it one is. @param {App} app */
function hero(app) {
  const { words, programme, locale, now } = app;
  const { event } = programme;
  const today = programme.dayOf(now);
  const timed = programme.onDay(today).filter(({ start }) => start !== undefined);
  const isDone = timed.length > 0 && programme.on(now).length === 0 && !timed.some((session) => isToCome(session, now));
  let line = '';
  if (today < event.starts_on) line = app.say('now.before', { day: describeDay(locale, event.starts_on, 'long') });
  else if (today > event.ends_on) line = words['now.after'];
  else if (isDone) line = words['now.todayOver'];
  return html`<div class="hero">
    <h1 tabindex="-1" id="title"><span class="unseen">${words['now.title']}: </span>${spoken(app, programme.text(event.title))}</h1>
    ${event.theme ? html`<p class="theme">${spoken(app, programme.text(event.theme))}</p>` : nothing}
    <p class="today">${describeDay(locale, today, 'long')}${event.place ? html` · ${spoken(app, programme.text(event.place))}` : nothing}</p>
    ${line ? html`<p>${line}</p>` : nothing}
    ${app.client.session ? nothing : html`<p>${words.signInText}</p>`}
  </div>`;
}

/**
 * @param {App} app
 * @param {import('../../common/programme.js').Session[]} moved
 */
function see(app, moved) {
  for (const session of moved) app.moves.see(session);
  app.redraw();
}

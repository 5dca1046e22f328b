/**
 * My day: what one has starred, has a seat in or is invited to, with the transfers to it, what is free in
 * between and what cannot be done at once.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { describeMinutes } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { dayChoices, emptyNote, heading, sessionRow } from '../parts.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../mine.js').DayItem} DayItem
 */

/** @param {App} app */
export const title = (app) => app.words.dayTitle;

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { choices }) {
  const { words, programme, mine } = app;
  if (!app.client.session) {
    return html`${heading(words.dayTitle)}
      <div class="panel empty"><p>${words['day.signIn']}</p><p><a class="button" href="/sign-in">${words.signIn}</a></p></div>`;
  }
  const { days } = programme;
  const chosen = chooseDay(app, choices.get('day'));
  const items = mine.day(chosen);
  return html`
    ${heading(
      words.dayTitle,
      html`<div class="actions no-print">
        <a class="button quiet small" href="#/print?day=${chosen}">${icon('print')} ${words.print}</a>
        <button type="button" class="quiet small" @click=${() => saveCalendar(app)}>${icon('calendar')} ${words.calendar}</button>
      </div>`,
    )}
    ${dayChoices(app, days, chosen, (day) => `#/day?day=${day}`)}
    ${items.length > 0
      ? html`<ol class="my-day">${items.map((item) => drawItem(app, item))}</ol>`
      : emptyNote(words['day.empty'])}
  `;
}

/** The day shown: the one chosen, else today, else the first of the event. @param {App} app @param {string | null} wanted */
export function chooseDay({ programme, now }, wanted) {
  const { days } = programme;
  const today = programme.dayOf(now);
  const day = [wanted, today].find((one) => one && days.includes(one));
  return day ?? days.find((one) => one > today) ?? days[0] ?? today;
}

/** @param {App} app @param {DayItem} item */
function drawItem(app, { session, clashes, gap }) {
  const { words, locale } = app;
  const notes = clashes.map(
    (other) => html`<p class="clash">${icon('warning')} ${app.say('day.clash', { title: other.session.title.text })}</p>`,
  );
  return html`${gap ? html`<li class="gap">${describeGap(app, session, gap)}</li>` : nothing}
    <li class="list">${sessionRow(app, session, { extra: notes.length > 0 ? notes : nothing })}</li>`;

  /** @param {any} app @param {any} session @param {NonNullable<DayItem['gap']>} gap */
  function describeGap(app, session, { minutes, hasToTravel }) {
    const time = describeMinutes(locale, minutes);
    const place = session.place.venue?.text ?? '';
    if (!hasToTravel) return app.say('day.gap', { time });
    const travel = describeMinutes(locale, hasToTravel);
    if (hasToTravel > minutes) return html`<span class="clash">${icon('warning')} ${app.say('day.tight', { time, place, travel })}</span>`;
    return `${app.say('day.gap', { time })} · ${words['day.travel'] ? app.say('day.travel', { time: travel, place }) : ''}`;
  }
}

/** @param {App} app */
async function saveCalendar(app) {
  const { writeCalendar } = await import('../calendar.js');
  const sessions = app.mine.days.flatMap((day) => app.mine.day(day).map(({ session }) => session));
  const { save } = await import('../../common/save.js');
  save(`${app.client.event}.ics`, 'text/calendar', writeCalendar(sessions, app));
  app.tell({ note: app.words['calendar.saved'] });
}

/**
 * The order of the day, to be printed: one's own, or the whole programme of a day.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { describeDay, describeSpan } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { dayChoices, emptyNote, heading, placeOf, spoken } from '../parts.js';
import { chooseDay } from './day.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'day';

/** @param {App} app */
export const title = (app) => app.words['print.title'];

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { choices }) {
  const { words, programme, locale } = app;
  const day = chooseDay(app, choices.get('day'));
  const isWhole = choices.get('of') === 'all' || app.attendees.length === 0;
  const sessions = isWhole ? programme.onDay(day) : app.mine.day(day).map(({ session }) => session);
  const names = app.looked.map(({ name }) => name).join(', ');
  return html`
    ${heading(words['print.title'], html`<button type="button" class="no-print" @click=${() => print()}>${icon('print')} ${words.print}</button>`)}
    ${dayChoices(app, programme.days, day, (one) => `#/print?day=${one}&of=${isWhole ? 'all' : 'mine'}`)}
    ${app.attendees.length > 0
      ? html`<div class="choices no-print">
          <a class="button choice" href="#/print?day=${day}&of=mine" aria-current=${isWhole ? nothing : 'true'}>${words.dayTitle}</a>
          <a class="button choice" href="#/print?day=${day}&of=all" aria-current=${isWhole ? 'true' : nothing}>${words.programme}</a>
        </div>`
      : nothing}
    <div class="sheet" role="region" tabindex="0" aria-label=${words['print.title']}>
      <p class="sheet-event">${spoken(app, programme.text(programme.event?.title))}</p>
      <h2>${describeDay(locale, day, 'long')}${isWhole || !names ? nothing : html` · ${names}`}</h2>
      ${sessions.length === 0 ? emptyNote(words['day.empty']) : nothing}
      <table>
        <thead><tr><th scope="col">${words.when}</th><th scope="col">${words.session}</th><th scope="col">${words.where}</th></tr></thead>
        <tbody>${sessions.map(
          (session) => html`<tr class=${session.isCancelled ? 'is-cancelled' : ''}>
            <td class="when">${session.start === undefined ? words.wholeDay : describeSpan(locale, programme.zone, session.start, session.end ?? session.start)}</td>
            <td>${session.number ? `${session.number} · ` : ''}${spoken(app, session.title)}${session.isCancelled ? ` (${words.cancelled})` : ''}</td>
            <td>${placeOf(app, session)}</td></tr>`,
        )}</tbody>
      </table>
    </div>
  `;
}

/**
 * The week at a glance: a column for each day. What the organisers print as an overview, where they do;
 * else every session.
 *
 * @module
 */

import { describeDay, describeSpan } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { cancelledMark, emptyNote, heading, spoken } from '../parts.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'programme';

/** @param {App} app */
export const title = (app) => app.words['programme.week'];

/** @param {App} app */
export function draw(app) {
  const { words, programme, locale } = app;
  const entries = app.client.rows('overview_entries');
  const days = [...new Set([...programme.days, ...entries.map(({ value }) => value.day)])].sort();
  const today = programme.dayOf(app.now);
  if (days.length === 0) return html`${heading(words['programme.week'])} ${emptyNote(words['programme.none'])}`;
  return html`${heading(words['programme.week'])}
    <ol class="week">${days.map(
      (day) => html`<li class="panel ${day === today ? 'is-today' : ''}">
        <h2><a href="#/programme?day=${day}">${describeDay(locale, day, 'short')}</a></h2>
        <ol>${drawDay(app, day, entries)}</ol>
      </li>`,
    )}</ol>`;
}

/** @param {App} app @param {string} day @param {import('../../common/sync/shown.js').ShownRow[]} entries */
function drawDay(app, day, entries) {
  const { programme, locale } = app;
  const own = entries.filter(({ value }) => value.day === day).sort((one, other) => one.value.starts.localeCompare(other.value.starts));
  if (own.length > 0) {
    return own.map(({ value }) => {
      const sessions = (value.sessions ?? []).flatMap((/** @type {string} */ id) => programme.session(id) ?? []);
      const [session] = value.sessions?.length === 1 ? sessions : [];
      // Of several that it stands for one that takes place keeps it.
      const isCancelled = sessions.length > 0 && sessions.every((/** @type {import('../../common/programme.js').Session} */ one) => one.isCancelled);
      const name = html`<span class="title">${spoken(app, programme.text(value.title))}</span>`;
      return html`<li class=${isCancelled ? 'is-cancelled' : ''}><span class="when">${value.starts}${value.ends ? ` – ${value.ends}` : ''}</span>
        ${session ? html`<a href="#/session/${session.id}">${name}</a>` : name}${cancelledMark(app, { isCancelled })}</li>`;
    });
  }
  return programme.onDay(day).map(
    (session) => html`<li class=${session.isCancelled ? 'is-cancelled' : ''}>
      ${session.start === undefined ? nothing : html`<span class="when">${describeSpan(locale, programme.zone, session.start, session.end ?? session.start)}</span>`}
      <a href="#/session/${session.id}"><span class="title">${spoken(app, session.title)}</span></a>${cancelledMark(app, session)}</li>`,
  );
}

/**
 * What one was told: newest first, with what it was before and is now side by side.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { describeClock, describeMinutes, describeMoment } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { emptyNote, heading, paragraphs, spoken } from '../parts.js';
import { drawInvitation } from './session.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../../common/sync/shown.js').ShownRow} ShownRow
 */

export const tab = 'more';

/** @param {App} app */
export const title = (app) => app.words.inbox;

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { of }) {
  const { words, mine } = app;
  if (!app.client.session) return html`${heading(words.inbox)}<div class="panel empty"><p>${words.signInText}</p><p><a class="button" href="/sign-in">${words.signIn}</a></p></div>`;
  const open = mine.invitations.filter((row) => app.answerOf(row).answer === 'pending' && !aboutOf(app, row.value)?.isCancelled);
  const unseen = mine.notices.filter((row) => !isSeen(app, row));
  return html`
    ${heading(
      words.inbox,
      unseen.length > 0
        ? html`<button type="button" class="quiet small" @click=${() => see(app, unseen)}>${icon('check')} ${words['inbox.acknowledge']}</button>`
        : nothing,
    )}
    ${open.map((row) => html`<section class="panel"><h2>${titleOf(app, row.value)}</h2>
      ${app.mine.attendees.length > 1 ? html`<p class="quiet-text">${app.nameOf(row.value.attendee)}</p>` : nothing}
      ${drawInvitation(app, row)} ${link(app, row.value.collection, row.value.object)}</section>`)}
    ${mine.notices.length > 0
      ? html`<ol class="list">${mine.notices.map((row) => html`<li class="row notice ${isSeen(app, row) ? '' : 'is-new'} ${row.id === of ? 'is-meant' : ''}" aria-current=${row.id === of ? 'true' : nothing}>${drawNotice(app, row)}</li>`)}</ol>`
      : open.length > 0
        ? nothing
        : emptyNote(words['inbox.empty'])}
  `;
}

/** Whether a notice was seen, here or elsewhere. @param {App} app @param {ShownRow} row */
function isSeen(app, row) {
  return Boolean(row.value.seen_at) || isMarked(app, row, ['notice.seen', 'notice.acknowledge']);
}

/**
 * Whether an edit marks a notice whose row does not show it yet. A row that was written after the edit, such as a
 * correction, says itself how it stands.
 *
 * @param {App} app
 * @param {ShownRow} row
 * @param {string[]} operations
 */
function isMarked({ client }, { id, rev = 0 }, operations) {
  const marks = (/** @type {import('../../common/sync/client.js').SentEdit} */ { mutation }) => operations.includes(mutation.op) && mutation.args.ids?.includes(id);
  const doneIn = (/** @type {import('../../common/sync/client.js').SentEdit} */ { result }) => (result?.original ?? result)?.rev ?? 0;
  return client.outbox.some(marks) || client.journal.some((edit) => marks(edit) && doneIn(edit) > rev);
}

/** @param {App} app @param {ShownRow[]} notices */
async function see(app, notices) {
  for (const attendee of new Set(notices.map(({ value }) => value.attendee))) {
    const ids = notices.filter(({ value }) => value.attendee === attendee).map(({ id }) => id);
    for (let at = 0; at < ids.length; at += 200) {
      await app.edit({ op: 'notice.seen', for: attendee, args: { ids: ids.slice(at, at + 200) } });
    }
  }
}

/** @param {App} app @param {ShownRow} row */
function drawNotice(app, row) {
  const { words, programme, locale } = app;
  const { value } = row;
  const texts = value.texts && Object.fromEntries(Object.entries(value.texts).map(([tag, one]) => [tag, /** @type {any} */ (one).title]));
  const bodies = value.texts && Object.fromEntries(Object.entries(value.texts).map(([tag, one]) => [tag, /** @type {any} */ (one).text]));
  const head = texts ? spoken(app, programme.text(texts)) : (words[`notice.${value.kind}`] ?? words['notice.other']);
  return html`<div class="grow">
    <p class="title">${isSeen(app, row) ? nothing : html`<span class="chip info">${words['inbox.unseen']}</span> `}
      ${value.urgency === 'emergency' || value.urgency === 'urgent' ? icon('warning') : nothing} ${head}</p>
    <p class="place">${app.mine.attendees.length > 1 ? `${app.nameOf(value.attendee)} · ` : ''}${describeMoment(locale, programme.zone, value.at)}</p>
    ${value.is_correction ? html`<p class="chip warn">${words['notice.correction']}</p>` : nothing}
    ${value.is_withdrawn ? html`<p class="chip bad">${words['notice.withdrawn']}</p>` : nothing}
    ${bodies ? paragraphs(app, programme.text(bodies)) : nothing}
    ${value.kind === 'desk_message' ? html`<p>${value.details?.message}</p>` : nothing}
    ${(value.changes ?? []).map((/** @type {any} */ change) => drawChange(app, change))}
    ${value.changes ? nothing : link(app, value.collection, value.id)}
    ${value.asks_acknowledgement && !value.is_withdrawn && !isAcknowledged(app, row)
      ? html`<p class="actions"><button type="button" class="small" @click=${() => app.edit({ op: 'notice.acknowledge', for: value.attendee, args: { ids: [row.id] } })}>${words['notice.acknowledge']}</button></p>`
      : nothing}
    ${isAcknowledged(app, row) ? html`<p class="chip good">${icon('check')} ${words['notice.acknowledged']}</p>` : nothing}
  </div>`;
}

/** @param {App} app @param {ShownRow} row */
function isAcknowledged(app, row) {
  return Boolean(row.value.acknowledged_at) || isMarked(app, row, ['notice.acknowledge']);
}

/** What something was and is, side by side. @param {App} app @param {any} change */
function drawChange(app, { session, title: given, kinds = [], before = {}, after = {} }) {
  const { words, programme } = app;
  const known = programme.session(session);
  const name = known?.title ?? programme.text(given);
  const isCancelled = kinds.includes('cancelled');
  return html`<div class="change">
    <p class="strong">${known ? html`<a href="#/session/${session}">${spoken(app, name)}</a>` : spoken(app, name)}</p>
    ${isCancelled
      ? html`<p class="chip bad">${words.cancelled}</p>`
      : html`<dl class="before-after">
          <div><dt>${words.before}</dt><dd>${describeState(app, before)}</dd></div>
          <div><dt>${words.after}</dt><dd class="strong">${describeState(app, after)}</dd></div>
        </dl>`}
  </div>`;
}

/** @param {App} app @param {any} state */
function describeState({ programme, locale }, { starts_at: start, room, venue, minutes_late: late }) {
  const parts = [
    start && describeClock(locale, programme.zone, Date.parse(start), true),
    late !== undefined && describeMinutes(locale, late),
    programme.room(room)?.name?.text,
    programme.venue(venue)?.name?.text,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : '–';
}

/** What an invitation is to. @param {App} app @param {{object: string}} value */
function aboutOf({ programme }, { object }) {
  return programme.session(object) ?? programme.part(object);
}

/** @param {App} app @param {{object: string}} value */
function titleOf(app, value) {
  return aboutOf(app, value)?.title?.text ?? app.words.invitation;
}

/** @param {App} app @param {string | undefined} collection @param {string | undefined} id */
function link(app, collection, id) {
  if (!id) return nothing;
  const invitation = collection === 'invitations' ? app.client.find('invitations', id)?.value : undefined;
  const seat = collection === 'sign_ups' ? app.client.find('sign_ups', id)?.value : undefined;
  const session = app.programme.session(invitation?.object ?? seat?.session ?? id);
  if (session) return html`<p><a href="#/session/${session.id}">${spoken(app, session.title)}</a></p>`;
  if (collection === 'registrations') return html`<p><a href="#/registration">${app.words.registration}</a></p>`;
  return nothing;
}

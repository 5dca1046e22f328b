/**
 * Who sits in for somebody in a session or on a day, and for whom they sit in. Whoever acts for two people can have one
 * sit in for the other, and so does a focal point for two members of a delegation.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { newId } from '../../common/sync/ids.js';
import { describeDay } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { askedOf } from '../asked.js';
import { findMember, GROUPS, mayDecide, membersOf } from '../delegation.js';
import { drawOf, drawRefused, notSent, refusedOf, waitingOf } from '../own.js';
import { heading, timeOf } from '../parts.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {{attendee: string, stand_in: string, session?: string, day?: string}} StandIn
 */

export const tab = 'more';

const [CREATE, END] = ['stand_in.create', 'stand_in.end'];

/** Where nobody is needed in a delegate's place. */
const FOR_ALL = ['break', 'exhibition', 'registration', 'transfer'];

/** What is chosen in the form, by attendee. @type {Map<string, {who?: string, day?: string, session?: string}>} */
const chosen = new Map();

/** @param {App} app */
export const title = (app) => app.words['stand-ins'];

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { of, choices }) {
  const { words, client } = app;
  const member = client.scopes.includes(`own:${of}`) ? undefined : findMember(app, of);
  if (member && mayDecide(app, member.delegation)) {
    const back = html`<p class="kicker"><a href="#/member/${of}">${member.value.name}</a></p>`;
    const coming = membersOf(app, member.delegation).filter(({ value }) => GROUPS.coming.includes(value.status) && !value.is_placeholder);
    const others = coming.map(({ id, value }) => ({ id, name: value.name }));
    const whose = { of, name: member.value.name, others, invitedTo: invitedTo(app, member), session: choices.get('session') };
    return html`${heading(words['stand-ins'])} ${back} ${drawFor(app, whose, askedRows(app, of))}`;
  }
  return drawOf(app, of, words['stand-ins'], (name) =>
    drawFor(app, { of, name, others: app.attendees, invitedTo: [], session: choices.get('session') }, { rows: client.rows('stand_ins', `own:${of}`) }),
  );
}

/**
 * Of members no rows are held here: the server is asked, and asked anew after each arrangement.
 *
 * @param {App} app
 * @param {string} attendee
 * @returns {{rows: {id: string, value: StandIn}[], fault?: string}}
 */
function askedRows(app, attendee) {
  const isOne = (/** @type {import('../../common/sync/client.js').SentEdit} */ { mutation }) => mutation.op === CREATE || mutation.op === END;
  const { body, fault } = askedOf(app, `/attendees/${attendee}/stand-ins?limit=500`, app.client.journal.findLast(isOne)?.id ?? '');
  const there = (body?.items ?? []).filter((/** @type {any} */ one) => !one.ended_at);
  return { rows: there.map((/** @type {any} */ one) => ({ id: one.id, value: one })), fault };
}

/** The sessions and parts that a member is invited to: of some the reader holds a stub alone. @param {App} app @param {import('../delegation.js').Member} member */
function invitedTo({ client }, { id, delegation }) {
  return client.rows('invitations', `delegation:${delegation}`).filter(({ value }) => value.attendee === id).map(({ value }) => value.object);
}

/**
 * @typedef {object} Whose
 * @property {string} of The attendee.
 * @property {string} name
 * @property {{id: string, name: string}[]} others Who may sit in.
 * @property {string[]} invitedTo Where they are invited beside what the reader holds.
 * @property {string | null} session The one that the view was opened for.
 */

/**
 * @param {App} app
 * @param {Whose} whose
 * @param {{rows: {id: string, value: StandIn}[], fault?: string}} known
 */
function drawFor(app, whose, { rows, fault }) {
  const { words } = app;
  const { of, name } = whose;
  const ended = new Set(waitingOf(app, of, [END]).map(({ mutation }) => mutation.args.id));
  const made = waitingOf(app, of, [CREATE]).map(({ mutation }) => ({ id: mutation.args.id, value: { attendee: of, .../** @type {any} */ (mutation.args) } }));
  const isThere = (/** @type {{id: string}} */ { id }) => rows.every((row) => row.id !== id);
  const inPlaceOf = [...rows.filter(({ value }) => value.attendee === of), ...made.filter(isThere)];
  const forOthers = rows.filter(({ value }) => value.stand_in === of);
  return html`<p>${words['stand-ins.text']}</p> ${fault ? html`<p class="banner">${icon('offline')} ${words['stand-ins.unknown']}</p>` : nothing}
    ${drawRefused(app, refusedOf(app, of, [CREATE, END]))}
    ${inPlaceOf.length > 0
      ? html`<section aria-labelledby="sits-in"><h2 id="sits-in">${app.say('stand-ins.of', { name })}</h2><ul class="list">${inPlaceOf.map(
          ({ id, value }) => html`<li class="row"><div class="grow"><p class="title">${nameOf(app, value.stand_in)}</p><p class="place">${whenOf(app, value)}</p>
            ${ended.has(id) ? html`<p>${icon('sent')} ${words['op.stand_in.end']}${notSent(app, true)}</p>` : notSent(app, made.some((one) => one.id === id))}</div>
            ${rows.some((row) => row.id === id) && !ended.has(id)
              ? html`<button type="button" class="small quiet" @click=${() => app.edit({ op: END, for: of, args: { id } })}>${words['stand-ins.end']}</button>`
              : nothing}</li>`,
        )}</ul></section>`
      : nothing}
    ${forOthers.length > 0
      ? html`<section aria-labelledby="sits-for"><h2 id="sits-for">${app.say('stand-ins.for', { name })}</h2><ul class="list">${forOthers.map(
          ({ value }) => html`<li class="row"><div class="grow"><p class="title">${nameOf(app, value.attendee)}</p><p class="place">${whenOf(app, value)}</p></div></li>`,
        )}</ul></section>`
      : nothing}
    ${drawForm(app, whose)}`;
}

/** Somebody by name; whom staff chose has none here. @param {App} app @param {string} attendee */
function nameOf(app, attendee) {
  return app.nameOf(attendee) || app.words['standIn.somebody'];
}

/** When somebody sits in, in words. @param {App} app @param {StandIn} standIn */
function whenOf(app, { session: id, day }) {
  const session = id && app.programme.session(id);
  if (session) return `${session.title.text} · ${describeDay(app.locale, session.day, 'long')}, ${timeOf(app, session)}`;
  return day ? describeDay(app.locale, day, 'long') : app.words.session;
}

/** @param {App} app @param {Whose} whose */
function drawForm(app, { of: attendee, others: all, invitedTo: invited, session }) {
  const { words, programme } = app;
  const others = all.filter(({ id }) => id !== attendee);
  if (others.length === 0) return html`<p class="quiet-text">${words['stand-ins.byStaff']}</p>`;
  const today = programme.dayOf(app.now);
  const days = programme.days.filter((day) => day >= today);
  const opened = session ? programme.session(session) : undefined;
  const pick = chosen.get(attendee) ?? { day: opened?.day, session: opened?.id };
  const day = days.find((one) => one === pick.day) ?? days[0];
  const sessions = programme
    .onDay(day ?? '')
    .filter((one) => !one.isStub || invited.includes(one.id) || invited.includes(one.value.part))
    .filter((one) => !one.isCancelled && !FOR_ALL.includes(one.value.kind) && (one.end ?? Infinity) > app.now);
  const choose = (/** @type {'who' | 'day' | 'session'} */ what) => (/** @type {Event} */ { target }) => {
    chosen.set(attendee, { ...pick, [what]: /** @type {HTMLSelectElement} */ (target).value });
    app.redraw();
  };
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const at = sessions.some(({ id }) => id === pick.session) ? { session: pick.session } : { day };
    const args = { id: newId(), stand_in: pick.who ?? others[0].id, ...at };
    if (!(await app.edit({ op: CREATE, for: attendee, args }))) return;
    chosen.delete(attendee);
    app.tell({ note: words['stand-ins.kept'] });
    scrollTo(0, 0);
  };
  if (days.length === 0) return html`<p class="quiet-text">${words['now.after']}</p>`;
  return html`<form class="panel" @submit=${submit}><h2>${words['stand-ins.new']}</h2>
    <div class="field"><label for="stand-in-who">${words['stand-ins.who']}</label>
      <select id="stand-in-who" @change=${choose('who')}>${others.map(({ id, name }) => html`<option value=${id} ?selected=${id === pick.who}>${name}</option>`)}</select></div>
    <div class="field"><label for="stand-in-day">${words['day.choose']}</label>
      <select id="stand-in-day" @change=${choose('day')}>${days.map((one) => html`<option value=${one} ?selected=${one === day}>${describeDay(app.locale, one, 'long')}</option>`)}</select></div>
    <div class="field"><label for="stand-in-session">${words.session}</label>
      <select id="stand-in-session" @change=${choose('session')}>
        <option value="" ?selected=${!pick.session}>${words['stand-ins.wholeDay']}</option>
        ${sessions.map((one) => html`<option value=${one.id} ?selected=${one.id === pick.session}>${timeOf(app, one)} ${one.title.text}</option>`)}</select></div>
    <button type="submit">${words['stand-ins.send']}</button></form>`;
}

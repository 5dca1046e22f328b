/**
 * Who sits in for somebody in a session or on a day, and for whom they sit in. Whoever acts for two people can have one
 * sit in for the other.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { newId } from '../../common/sync/ids.js';
import { describeDay } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { drawOf, drawRefused, notSent, refusedOf, waitingOf } from '../own.js';
import { timeOf } from '../parts.js';

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
  return drawOf(app, of, words['stand-ins'], (name) => {
    const rows = client.rows('stand_ins', `own:${of}`);
    const ended = new Set(waitingOf(app, of, [END]).map(({ mutation }) => mutation.args.id));
    const made = waitingOf(app, of, [CREATE]).map(({ mutation }) => ({ id: mutation.args.id, value: { attendee: of, .../** @type {any} */ (mutation.args) } }));
    const isThere = (/** @type {{id: string}} */ { id }) => rows.every((row) => row.id !== id);
    const inPlaceOf = [...rows.filter(({ value }) => value.attendee === of), ...made.filter(isThere)];
    const forOthers = rows.filter(({ value }) => value.stand_in === of);
    return html`<p>${words['stand-ins.text']}</p> ${drawRefused(app, refusedOf(app, of, [CREATE, END]))}
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
      ${drawForm(app, of, choices.get('session'))}`;
  });
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

/** @param {App} app @param {string} attendee @param {string | null} session The one that the view was opened for. */
function drawForm(app, attendee, session) {
  const { words, programme } = app;
  const others = app.attendees.filter(({ id }) => id !== attendee);
  if (others.length === 0) return html`<p class="quiet-text">${words['stand-ins.byStaff']}</p>`;
  const today = programme.dayOf(app.now);
  const days = programme.days.filter((day) => day >= today);
  const opened = session ? programme.session(session) : undefined;
  const pick = chosen.get(attendee) ?? { day: opened?.day, session: opened?.id };
  const day = days.find((one) => one === pick.day) ?? days[0];
  const sessions = programme
    .onDay(day ?? '')
    .filter((one) => !one.isStub && !one.isCancelled && !FOR_ALL.includes(one.value.kind) && (one.end ?? Infinity) > app.now);
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

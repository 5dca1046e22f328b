/**
 * Changes that wait a moment before people are told of them: what will go out, when and in which words; they can be
 * sent at once, in other words, told to wait a little longer, as they do while words are found for them, or stopped.
 *
 * @module
 */

import { icon } from '../common/icons.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { readTexts, textColumns } from './texts-form.js';

/** @typedef {import('./app.js').App} App */

/** How often it is asked what is held, and for how long after a change, in milliseconds. */
const [ASKED_MS, SETTLED_MS] = [1_000, 3_000];

/** For how many minutes they wait that are told to. */
const WAIT_MINUTES = 10;

/** From how many seconds on it is told in minutes when they go out. */
const MANY_SECONDS = 90;

/** Whether the words are being changed. */
let isWriting = false;

/** What was seen when writing began, so that what arrives meanwhile does not take the words away. @type {any} */
let seen;

/** Whether something was held when that was asked last. */
let isHeld = false;

/** Where the programme was, and since when. */
let last = { positions: '', at: -Infinity };

/** @type {number | undefined} */
let timer;

/** What is held, with its words; nothing where nothing is. @param {App} app */
export function heldNotices(app) {
  const { words } = app;
  const { body } = app.read('/notices/held', stateOf(app));
  const held = isWriting ? seen : body;
  isHeld = Boolean(body?.due_at);
  if (!held?.due_at || (held.changes.length === 0 && !isWriting)) return nothing;
  const seconds = Math.max(0, Math.ceil((Date.parse((body?.due_at && isWriting ? body : held).due_at) - app.client.now()) / 1000));
  return html`
    <section class="panel held" aria-labelledby="held">
      <div class="head"><h2 id="held">${words.heldTitle}</h2>
        <span class="chip warn">${icon('now')} ${whenOf(app, seconds)}</span></div>
      <p class="quiet-text small-text">${words.heldHow}</p>
      ${isWriting ? form(app, held) : preview(app, held)}
    </section>
  `;
}

/** @param {App} app @param {number} seconds */
function whenOf(app, seconds) {
  if (seconds === 0) return app.words.heldNow;
  if (seconds < MANY_SECONDS) return app.say('heldIn', { seconds });
  return app.say('heldInMinutes', { minutes: Math.round(seconds / 60) });
}

/**
 * What changes when other changes may be held: the programme, and the time as long as something is held or the
 * programme has just changed, since what is held of it may be written down a moment later.
 *
 * @param {App} app
 */
function stateOf({ client, draw }) {
  const positions = `${client.position('public')} ${client.position('organiser')}`;
  if (positions !== last.positions) last = { positions, at: performance.now() };
  const isNew = performance.now() - last.at < SETTLED_MS;
  if (!isHeld && !isNew) return positions;
  clearTimeout(timer);
  timer = setTimeout(draw, 1_000);
  return `${positions} ${Math.floor(performance.now() / ASKED_MS)}`;
}

function preview(app, { texts, concerns }) {
  const { words } = app;
  return html`
    <div class="told">${Object.entries(texts).map(([language, { title, text }]) => html`<div lang=${language}><p><b>${title}</b></p><p>${text}</p></div>`)}</div>
    <p>${concerns.people === 0 ? words.concernsNobody : app.plural('concernsPeople', concerns.people)}
      ${Object.entries(concerns.by_reason).map(([reason, count]) => html`<span class="chip">${words[`reason.${reason}`]}: ${count}</span>`)}</p>
    <div class="actions">
      <button type="button" @click=${() => app.run(() => send(app, {}))}>${words.sendNow}</button>
      <button type="button" class="quiet" @click=${() => app.run(() => write(app))}>${words.heldWords}</button>
      <button type="button" class="quiet" @click=${() => app.run(() => wait(app))}>${words.heldWait}</button>
      <button type="button" class="quiet" @click=${() => app.run(() => stop(app))}>${words.tellNobody}</button>
    </div>
  `;
}

function form(app, { texts }) {
  const { words } = app;
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const { texts: given, isWhole } = readTexts(form);
    if (!isWhole || Object.keys(given).length === 0) {
      app.fault = words.textMissing;
      app.draw();
      return;
    }
    const isUrgent = new FormData(form).has('urgent');
    app.run(() => send(app, { texts: given, ...(isUrgent && { urgency: 'urgent' }) }));
  };
  return html`
    <form class="stacked" novalidate @submit=${submit}>
      ${textColumns(app, texts, 'held')}
      <div class="check"><input type="checkbox" id="held-urgent" name="urgent"><label for="held-urgent">${words['urgency.urgent']}</label></div>
      <div class="actions"><button type="submit">${words.sendNow}</button>
        <button type="button" class="quiet" @click=${() => leave(app)}>${words.cancel}</button></div>
    </form>
  `;
}

/** They wait while words are found for them. @param {App} app */
async function write(app) {
  seen = await app.ask('POST', '/notices/held/hold', { minutes: WAIT_MINUTES });
  isWriting = true;
  app.draw();
  const first = document.querySelector('.held input, .held textarea');
  if (first instanceof HTMLElement) first.focus();
}

function leave(app) {
  isWriting = false;
  app.draw();
}

async function send(app, body) {
  const { dispatch } = await app.ask('POST', '/notices/held/send', body);
  isWriting = false;
  app.client.exchange();
  return dispatch ? app.words.heldSent : app.words.heldNothing;
}

async function wait(app) {
  await app.ask('POST', '/notices/held/hold', { minutes: WAIT_MINUTES });
  return app.say('heldWaits', { minutes: WAIT_MINUTES });
}

async function stop(app) {
  await app.ask('POST', '/notices/held/discard', {});
  return app.words.heldStopped;
}

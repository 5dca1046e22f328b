/**
 * One dispatch: what it says and to whom, whom it reached, who must still be told and how to get hold of them.
 *
 * @module
 */

import { save } from '../../common/save.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { nameOfAttendee } from '../attendees.js';
import { isOut, nameOf, stateOf } from '../dispatches.js';
import { untoldPeople } from '../people-told.js';
import { coursePlot, loadCourse, reachFigures } from '../reach.js';
import { languageName } from '../texts-form.js';

/** Up to how many people the course of a dispatch is asked for without being asked to. */
const FEW = 1_000;

/** The course that was asked for, and of which state of which dispatch. @type {{of: string, course?: import('../reach.js').Course} | undefined} */
let known;

/** The text to paste that is shown, and of which dispatch. @type {{of: string, text: string} | undefined} */
let paste;

/** The dispatch that is to be withdrawn, once that is confirmed. */
let withdrawing = '';

/**
 * @param {import('../app.js').App} app
 * @param {{of: string}} given
 */
export const title = (app, { of }) => {
  const row = app.client.find('dispatches', of);
  return row ? nameOf(app, row.value) : app.words.notices;
};

/**
 * @param {import('../app.js').App} app
 * @param {{of: string}} given
 */
export function draw(app, { of: id }) {
  const { words } = app;
  const row = app.client.find('dispatches', id);
  if (!row) return html`<h1 tabindex="-1">${words.notices}</h1><p class="empty">${words.notFound}</p>`;
  const { value } = row;
  const { text, look } = stateOf(app, value);
  return html`
    <div class="head"><h1 tabindex="-1">${nameOf(app, value)}</h1><span class="chip ${look}">${text}</span></div>
    <p class="chips">
      <span class="chip">${words[value.kind === 'changes' ? 'changesTold' : 'announcement']}</span>
      ${value.is_correction ? html`<span class="chip warn">${words.isCorrection}</span>` : nothing}
      ${value.is_digest ? html`<span class="chip">${words.isDigest}</span>` : nothing}
      <span class="chip ${['urgent', 'emergency'].includes(value.urgency) ? 'bad' : ''}">${words[`level.${value.urgency}`]}</span>
      ${value.asks_acknowledgement ? html`<span class="chip">${words.asksAcknowledgement}</span>` : nothing}
    </p>
    ${deeds(app, row)}
    ${said(app, value)}
    ${isOut(row) && value.reach ? reached(app, row) : nothing}
  `;
}

function said(app, { texts, audience, session }) {
  const { words } = app;
  const about = session && app.programme.session(session);
  return html`
    <section class="panel" aria-labelledby="said">
      <h2 id="said">${words.textsIn}</h2>
      ${Object.entries(texts).map(
        ([language, { title: head, text }]) => html`<div><p class="quiet-text small-text">${languageName(app, language)}</p>
          <p lang=${language}><b>${head}</b></p><p lang=${language} class="lines-kept">${text}</p></div>`,
      )}
      ${audience ? html`<p><span class="quiet-text">${words.forWhom}:</span> ${audienceText(app, audience)}</p>` : nothing}
      ${about ? html`<p><span class="quiet-text">${words.aboutSession}:</span> <a href="#/session/${session}">${about.title.text}</a></p>` : nothing}
    </section>
  `;
}

/**
 * An audience in words.
 *
 * @param {import('../app.js').App} app
 * @param {any} audience
 */
export function audienceText(app, { everybody, audiences = [], delegations = [], sessions = [], attendees = [] }) {
  const { words, client } = app;
  const listed = app.read('/audiences?limit=500').body?.items ?? [];
  const named = (/** @type {any} */ texts, /** @type {string} */ id) => app.text(texts) || id.slice(0, 8);
  return [
    everybody && words.forEverybody,
    ...audiences.map((id) => named(listed.find((one) => one.id === id)?.title, id)),
    ...delegations.map((id) => named(client.find('delegations', id)?.value.name, id)),
    sessions.length > 0 && `${words.forSessions}: ${sessions.map((id) => app.titleOf(id)).join(', ')}`,
    attendees.length > 0 && `${words.forPeople}: ${attendees.map((id) => nameOfAttendee(app, id) ?? words.somebody).join(', ')}`,
  ]
    .filter(Boolean)
    .join('; ');
}

/** What may be done with it as it stands. */
function deeds(app, { id, value }) {
  const { words } = app;
  const { state, kind } = value;
  const isAnnouncement = kind === 'announcement';
  const isMine = value.created_by === app.client.session?.account.id;
  const deed = (/** @type {string} */ path, /** @type {string} */ done, /** @type {string} */ text, look = 'quiet') => html`<button type="button" class=${look} aria-disabled=${String(app.isBusy)}
    @click=${() => app.run(() => act(app, { path, done }))}>${text}</button>`;
  const announced = (verb) => `/announcements/${id}/${verb}`;
  const approval = state === 'to_approve' && !isMine ? deed(announced('approve'), words.wasApproved, words.approve, '') : nothing;
  if (!app.rights.organises) return html`<div class="actions">${approval}</div>`;
  return html`
    <div class="actions">
      ${approval}
      ${state === 'draft' ? deed(announced('send'), words.heldSent, value.needs_approval ? words.doHandIn : words.sendNow, '') : nothing}
      ${state === 'to_confirm' ? html`${deed(`/dispatches/${id}/confirm`, words.heldSent, words.confirmOut, '')}${deed(`/dispatches/${id}/discard`, words.wasStopped, words.doNotSend)}` : nothing}
      ${isAnnouncement && ['draft', 'to_approve', 'scheduled'].includes(state) ? html`<a class="button quiet" href="#/announce/${id}">${words.edit}</a>` : nothing}
      ${isAnnouncement && state === 'sent' && !value.needs_approval ? html`<a class="button quiet" href="#/announce/${id}">${words.correct}</a>` : nothing}
      ${isAnnouncement && ['draft', 'to_approve', 'scheduled'].includes(state) ? deed(announced('withdraw'), words.wasStopped, words.doNotSend) : nothing}
      ${state === 'sent' ? html`<button type="button" class="quiet" @click=${() => app.run(() => resend(app, id))}>${words.resend}</button>` : nothing}
      ${isAnnouncement && ['sending', 'sent'].includes(state) && withdrawing !== id
        ? html`<button type="button" class="quiet" @click=${() => ask(app, id)}>${words.withdrawIt}</button>`
        : nothing}
    </div>
    ${state === 'to_approve' && isMine ? html`<p class="quiet-text">${words.approveHow}</p>` : nothing}
    ${
      withdrawing === id && ['sending', 'sent'].includes(state)
        ? html`<div class="banner bad" role="group" aria-labelledby="withdraw-how"><p class="grow" id="withdraw-how">${words.withdrawHow}</p>
            <button type="button" data-first @click=${() => app.run(() => act(app, { path: announced('withdraw'), done: words.wasWithdrawn }))}>${words.withdrawIt}</button>
            <button type="button" class="quiet" @click=${() => ask(app, '')}>${words.cancel}</button></div>`
        : nothing
    }
  `;
}

/** Asks first; an empty id leaves it. */
function ask(app, id) {
  withdrawing = id;
  app.draw();
  const first = document.querySelector('main [data-first]');
  if (first instanceof HTMLElement) first.focus();
}

async function act(app, { path, done }) {
  await app.ask('POST', path, {});
  withdrawing = '';
  app.client.exchange();
  return done;
}

async function resend(app, id) {
  const { count } = await app.ask('POST', `/dispatches/${id}/resend`);
  return app.plural('wasResent', count);
}

function reached(app, row) {
  const { words } = app;
  const { id, value } = row;
  const shown = paste?.of === id ? paste : undefined;
  return html`
    <section class="panel" aria-labelledby="reach">
      <h2 id="reach">${words.reach}</h2>
      ${reachFigures(app, value.reach)}
      ${course(app, row)}
    </section>
    <section class="panel" aria-labelledby="by-hand">
      <h2 id="by-hand">${words.toldByHand}</h2>
      <div class="actions">
        <button type="button" class="quiet" @click=${() => app.run(() => takeSheet(app, id))}>${words.callSheet}</button>
        <button type="button" class="quiet" @click=${() => app.run(() => showPaste(app, id))}>${words.pasteText}</button>
      </div>
      ${
        shown
          ? html`<label for="paste">${words.pasteText}</label><textarea id="paste" readonly rows="8" .value=${shown.text}></textarea>
              <button type="button" class="small" @click=${() => app.run(() => copy(app))}>${words.copy}</button>`
          : nothing
      }
    </section>
    ${untoldPeople(app, row)}
  `;
}

/** Reach over time; of many it is fetched when that is asked for. */
function course(app, { id, rev, value }) {
  const of = `${id} ${rev}`;
  const isOfIt = known?.of.startsWith(`${id} `);
  const load = async () => {
    known = { of, course: isOfIt ? known?.course : undefined };
    const found = await loadCourse(app, id, Date.parse(value.sent_at ?? value.created_at));
    if (known?.of === of) known.course = found;
    app.draw();
  };
  if (known?.of !== of && (value.reach.people <= FEW || isOfIt)) load().catch((error) => app.fail(error));
  if (isOfIt && known?.course) return coursePlot(app, known.course, value.reach.people);
  if (value.reach.people <= FEW) return nothing;
  return html`<button type="button" class="quiet" @click=${() => app.run(load)}>${app.words.reachLater}</button>`;
}

async function takeSheet(app, id) {
  const text = await app.readText(`/dispatches/${id}/call-sheet?language=${app.language}`);
  save(`${app.event}-calls.txt`, 'text/plain;charset=utf-8', text);
}

async function showPaste(app, id) {
  paste = { of: id, text: await app.readText(`/dispatches/${id}/paste-text?language=${app.language}`) };
}

async function copy(app) {
  await navigator.clipboard.writeText(paste?.text ?? '');
  return app.words.copied;
}

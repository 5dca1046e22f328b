/**
 * Who is invited to what, what they said, and whom to remind.
 *
 * @module
 */

import { repeat } from '../../vendor/lit-html/directives/repeat.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { invitedLists, inviteMany } from '../invitation-lists.js';
import { readPages } from '../paged.js';

/** How many are read at once. */
const PAGE = 100;

const ANSWERS = ['pending', 'accepted', 'declined', 'delegated', 'withdrawn'];

/** People found to be invited. @type {any[] | undefined} */
let candidates;

/** How many pages are shown, and of which list. */
let shown = { of: '', pages: 1 };

/** @param {import('../app.js').App} app */
export const title = ({ words }) => words.invitations;

/**
 * @param {import('../app.js').App} app
 * @param {{choices: URLSearchParams}} given
 */
export function draw(app, { choices }) {
  const { words } = app;
  const objects = listObjects(app);
  const object = choices.get('object') ?? '';
  const answer = choices.get('answer') ?? 'pending';
  const query = { limit: String(PAGE), answer, ...(object && { object }) };
  const of = JSON.stringify(query);
  if (shown.of !== of) shown = { of, pages: 1 };
  const { items, isRead, hasMore, fault } = readPages(app, { path: '/invitations', query }, shown.pages);
  const go = (next) => {
    const query = new URLSearchParams({ answer, ...(object && { object }), ...next });
    if (!query.get('object')) query.delete('object');
    location.hash = `#/invitations?${query}`;
  };
  return html`
    <h1 tabindex="-1">${words.invitations}</h1>
    <div><label for="object">${words.invitedTo}</label>
    <select id="object" @change=${(event) => go({ object: event.target.value })}>
      <option value="" ?selected=${!object}>${words.everything}</option>
      ${objects.map(({ id, name }) => html`<option value=${id} ?selected=${id === object}>${name}</option>`)}
    </select></div>
    <nav class="choices" aria-label=${words.answers}>
      ${ANSWERS.map((one) => html`<button type="button" class="choice" aria-pressed=${String(one === answer)} @click=${() => go({ answer: one })}>
        ${words[`answer.${one}`]}</button>`)}
    </nav>
    <section aria-label=${words[`answer.${answer}`]}>
      ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
      <p class="quiet-text" role="status">${isRead && items.length > 0 ? app.plural(hasMore ? 'firstInvitations' : 'allInvitations', items.length) : ''}</p>
      ${isRead && items.length === 0 && !fault ? html`<p class="empty">${words.nobody}</p>` : nothing}
      <ul class="list">${repeat(items, ({ id }) => id, (one) => row(app, one, objects))}</ul>
      ${hasMore ? html`<button type="button" class="quiet" @click=${() => more(app)}>${words.showMore}</button>` : nothing}
    </section>
    ${invitedLists(app, objects, object)}
    ${object ? html`${forObject(app, objects.find(({ id }) => id === object))} ${inviteMany(app, objects.find(({ id }) => id === object))}` : nothing}
  `;
}

/** Shows one page more. */
function more(app) {
  shown.pages += 1;
  app.draw();
}

/** Parts and sessions that are by invitation. */
function listObjects(app) {
  const isClosed = ({ value }) => value.admission?.policy === 'by_invitation' || ['listed', 'hidden'].includes(value.admission?.visibility);
  const of = (collection) =>
    app.client
      .rows(collection)
      .filter(isClosed)
      .map(({ id, value }) => ({ id, collection, name: app.text(value.title) || value.slug }));
  const all = [...of('parts'), ...of('sessions')];
  return [...new Map(all.map((one) => [one.id, one])).values()];
}

function row(app, { id, name, object, answer, answered_at: at, withdrawn_at: withdrawn, word, reminded_at: reminded }, objects) {
  const { words } = app;
  const said = at ? app.moment(at) : reminded ? app.say('remindedAt', { time: app.moment(reminded) }) : '';
  const what = objects.find((one) => one.id === object)?.name ?? app.titleOf(object);
  return html`
    <li class="row">
      <span class="grow"><b>${name}</b><span class="quiet-text small-text">${[what, said].filter(Boolean).join(' · ')}</span>
        ${word ? html`<q>${word}</q>` : nothing}</span>
      <span class="chip ${answer === 'accepted' && !withdrawn ? 'good' : ''}">${words[`answer.${withdrawn ? 'withdrawn' : answer}`]}</span>
      ${
        withdrawn
          ? nothing
          : html`<span class="actions">
              ${answer === 'pending' ? html`<button type="button" class="small quiet" aria-label="${words.remind}: ${name}"
                @click=${() => app.run(() => act(app, `/invitations/${id}/remind`, words.reminded))}>${words.remind}</button>` : nothing}
              <button type="button" class="small quiet" aria-label="${words.withdraw}: ${name}"
                @click=${() => app.run(() => act(app, `/invitations/${id}/withdraw`, words.withdrawn))}>${words.withdraw}</button>
            </span>`
      }
    </li>
  `;
}

async function act(app, path, done) {
  await app.ask('POST', path, {});
  return done;
}

function forObject(app, object) {
  if (!object) return nothing;
  const { words } = app;
  const remind = async () => {
    const { reminded_count: count } = await app.ask('POST', '/invitations/remind', { collection: object.collection, object: object.id });
    return app.plural('remindedCount', count);
  };
  return html`
    <section class="panel" aria-labelledby="invite">
      <h2 id="invite">${words.invite}</h2>
      <form class="beside" role="search" @submit=${(event) => search(app, event)}>
        <label class="unseen" for="invite-search">${words.searchPeople}</label>
        <input id="invite-search" name="text" type="search" maxlength="200" autocomplete="off" placeholder=${words.searchPeople}>
        <button type="submit">${words.search}</button>
      </form>
      <ul class="list">
        ${(candidates ?? []).map(
          ({ attendee, name }) => html`<li class="row"><span class="grow">${name}</span>
            <button type="button" class="small" aria-label="${words.invite}: ${name}" @click=${() => app.run(() => invite(app, object, attendee))}>${words.invite}</button></li>`,
        )}
      </ul>
      <button type="button" class="quiet" @click=${() => app.run(remind)}>${words.remindAll}</button>
    </section>
  `;
}

function search(app, event) {
  event.preventDefault();
  const text = String(new FormData(event.target).get('text')).trim();
  if (!text) return;
  app.run(async () => {
    const { items } = await app.ask('POST', '/registrations/search', { text, limit: 20 });
    candidates = items;
    if (items.length === 0) return app.words.nobody;
    return undefined;
  });
}

async function invite(app, { collection, id }, attendee) {
  const { name } = await app.ask('POST', '/invitations', { attendee, collection, object: id });
  candidates = candidates?.filter((one) => one.attendee !== attendee);
  return app.say('wasInvited', { name });
}

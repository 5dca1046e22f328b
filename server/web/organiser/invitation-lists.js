/**
 * Whole delegations and audiences that are invited as one.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';

/** @typedef {import('./app.js').App} App */

/** What can be invited as one: delegations, then audiences. @param {App} app */
function listInvitees(app) {
  const delegations = app.client.rows('delegations').map(({ id, value }) => ({ id, collection: 'delegations', name: app.text(value.name) || value.slug }));
  const audiences = (app.read('/audiences?limit=500').body?.items ?? []).map(({ id, title, slug }) => ({ id, collection: 'audiences', name: app.text(title) || slug }));
  const byName = (/** @type {{name: string}} */ one, /** @type {{name: string}} */ other) => one.name.localeCompare(other.name, app.locale);
  return [...delegations.sort(byName), ...audiences.sort(byName)];
}

/**
 * The lists that were made, of everything or of one object.
 *
 * @param {App} app
 * @param {{id: string, name: string}[]} objects What can be invited to.
 * @param {string} object Only this one's; empty for all.
 */
export function invitedLists(app, objects, object) {
  const { words } = app;
  const { body } = app.read('/invitation-lists?limit=500', app.client.position('organiser') ?? '');
  const lists = (body?.items ?? []).filter((one) => !one.withdrawn_at && (!object || one.object === object));
  if (lists.length === 0) return nothing;
  const invitees = listInvitees(app);
  return html`
    <section aria-labelledby="invited-lists">
      <h2 id="invited-lists">${words.invitedLists}</h2>
      <ul class="list">
        ${lists.map(({ id, invitee, object: what, is_pending: isPending }) => {
          const name = invitees.find((one) => one.id === invitee)?.name ?? words.somebody;
          return html`<li class="row"><span class="grow"><b>${name}</b>
              <span class="quiet-text small-text">${[objects.find((one) => one.id === what)?.name ?? app.titleOf(what), countsText(app, id)].filter(Boolean).join(' · ')}</span></span>
            ${isPending ? html`<span class="chip warn">${words.beingInvited}</span>` : nothing}
            <button type="button" class="small quiet" aria-label="${words.withdraw}: ${name}" @click=${() => app.run(() => withdraw(app, id))}>${words.withdraw}</button></li>`;
        })}
      </ul>
    </section>
  `;
}

/** How many answered how. @param {App} app @param {string} id */
function countsText(app, id) {
  const { body } = app.read(`/invitation-lists/${id}`, app.client.position('organiser') ?? '');
  return Object.entries(body?.counts ?? {})
    .map(([answer, count]) => `${app.words[`answer.${answer}`]}: ${count}`)
    .join(', ');
}

/** @param {App} app @param {string} id */
async function withdraw(app, id) {
  await app.ask('POST', `/invitation-lists/${id}/withdraw`, {});
  app.client.exchange();
  return app.words.withdrawn;
}

/**
 * The form that invites a whole delegation or audience to an object.
 *
 * @param {App} app
 * @param {{id: string, collection: string} | undefined} object
 */
export function inviteMany(app, object) {
  if (!object) return nothing;
  const { words } = app;
  const invitees = listInvitees(app);
  const group = (/** @type {string} */ collection) => {
    const options = invitees.filter((one) => one.collection === collection);
    return options.length > 0
      ? html`<optgroup label=${words[`collection.${collection}`]}>${options.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}</optgroup>`
      : nothing;
  };
  return html`
    <section class="panel" aria-labelledby="invite-many">
      <h2 id="invite-many">${words.inviteMany}</h2>
      <form @submit=${(/** @type {Event} */ event) => submit(app, event, object)}>
        <label for="invitee">${words.whoIsInvited}</label>
        <select id="invitee" name="invitee">${group('delegations')}${group('audiences')}</select>
        <label for="invite-message">${words.inviteMessage}</label>
        <textarea id="invite-message" name="message" rows="3" maxlength="2000"></textarea>
        <button type="submit" aria-disabled=${String(app.isBusy)}>${words.inviteAll}</button>
      </form>
    </section>
  `;
}

/** @param {App} app @param {Event} event @param {{id: string, collection: string}} object */
function submit(app, event, object) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const given = new FormData(form);
  const invitee = listInvitees(app).find(({ id }) => id === given.get('invitee'));
  const message = String(given.get('message')).trim();
  if (!invitee) return;
  app.run(async () => {
    await app.ask('POST', '/invitation-lists', {
      collection: object.collection,
      object: object.id,
      invitee_collection: invitee.collection,
      invitee: invitee.id,
      ...(message && { message }),
    });
    form.reset();
    app.client.exchange();
    return app.say('wasListInvited', { name: invitee.name });
  });
}

/**
 * A guest's invitations at the desk: what they answered, and their answer given for them.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';

/**
 * @typedef {object} Invitation
 * @property {string} object A session's or part's id.
 * @property {string} title
 * @property {string} when
 * @property {string} answer As it stands, or as it was given here.
 * @property {boolean} isWaiting Whether the answer given here is still to be handed in.
 */

/**
 * What a guest is invited to and can still answer.
 *
 * @param {any} app
 * @param {import('./roster.js').Person} person
 * @returns {Invitation[]}
 */
function listInvitations({ roster, station, teller, client }, { attendee, guest }) {
  const { sessions, parts } = roster.places;
  const now = station.now();
  return (guest.claims ?? []).flatMap(({ object, invitations }) => {
    const [invitation] = invitations ?? [];
    const row = parts.get(object) ?? sessions.get(object);
    // The sessions of a part are answered with the part.
    const isOfPart = row?.restricted_by?.collection === 'parts' && sessions.has(object);
    if (!row || !invitation || invitation.is_withdrawn || isOfPart) return [];
    const { state, ends_at: endsAt } = row.terms ?? {};
    if (state !== 'published' || Date.parse(endsAt) <= now) return [];
    const given = client.outbox.findLast(({ mutation }) => mutation.op === 'invitation.answer' && mutation.for === attendee && mutation.args.object === object);
    return [
      {
        object,
        title: teller.text(row.title) || row.slug,
        when: row.starts_at ? teller.moment(row.starts_at) : '',
        answer: given?.mutation.args.answer ?? invitation.answer,
        isWaiting: given !== undefined,
      },
    ];
  });
}

/**
 * The invitations, each with what can be answered.
 *
 * @param {any} app
 */
export function invitationsOfPerson(app) {
  const { words, person, deskWork } = app;
  const invitations = listInvitations(app, person);
  if (invitations.length === 0) return nothing;
  return html`
    <section aria-labelledby="invitations">
      <h2 id="invitations">${words.invitations}</h2>
      <ul class="rows">
        ${invitations.map(
          (invitation) => html`<li class="row">
            <div><p class="name">${invitation.title}</p><p class="hint">${invitation.when}</p></div>
            <span class="chip ${invitation.answer === 'accepted' ? 'good' : ''}">${words[`answer.${invitation.answer}`]}</span>
            ${invitation.isWaiting ? html`<span class="chip warn">${words.notHandedIn}</span>` : nothing}
            ${deskWork.declining === invitation.object ? declineForm(app, invitation) : answers(app, invitation)}
          </li>`,
        )}
      </ul>
    </section>
  `;
}

/** @param {any} app @param {Invitation} invitation */
function answers({ words, deskWork }, { object, title, answer }) {
  // Whoever passed it on is spoken for by somebody else.
  if (answer === 'delegated') return nothing;
  return html`<span class="deeds">
    ${answer === 'accepted' ? nothing : html`<button type="button" class="small" aria-label="${words.accept}: ${title}" @click=${() => deskWork.answer(object, { answer: 'accepted' })}>${words.accept}</button>`}
    ${answer === 'declined' ? nothing : html`<button type="button" class="quiet small" aria-label="${words.decline}: ${title}" aria-expanded="false" @click=${() => deskWork.beginDecline(object)}>${words.decline}</button>`}
  </span>`;
}

/** @param {any} app @param {Invitation} invitation */
function declineForm({ words, deskWork }, { object, title }) {
  return html`<form class="beside" aria-label="${words.decline}: ${title}" @submit=${(event) => deskWork.submitDecline(event, object)}>
    <label for="decline-word">${words.declineWord}</label>
    <input id="decline-word" name="word" maxlength="1000" autocomplete="off">
    <button type="submit" class="small">${words.decline}</button>
    <button type="button" class="quiet small" @click=${() => deskWork.beginDecline('')}>${words.cancel}</button>
  </form>`;
}

/**
 * Seats for the guest who stands at the desk: asked for here, given by the server alone.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';

/** What asks for a seat, and what gives it back. */
const OPERATIONS = ['signup.request', 'signup.cancel'];

/**
 * Sessions to come with seats of their own, the next first. The roster has them all; of those behind a gate a desk holds no
 * row of the programme.
 *
 * @param {any} app
 */
function listSessions({ roster, station, teller }) {
  const now = station.now();
  return [...roster.places.sessions]
    .filter(([, { terms, starts_at: at }]) => terms.needs_seat && terms.state === 'published' && Date.parse(at ?? '') > now)
    .map(([id, { starts_at: at, title, slug }]) => ({ id, at, title: teller.text(title) || slug }))
    .sort((one, other) => one.at.localeCompare(other.at));
}

/** What was asked for a guest here, the newest of each session. @param {any} app @param {string} attendee */
function listAsked({ client }, attendee) {
  const edits = [...client.journal, ...client.outbox].filter(({ mutation }) => OPERATIONS.includes(mutation.op) && mutation.for === attendee);
  return [...new Map(edits.map((edit) => [edit.mutation.args.session, edit])).values()];
}

/**
 * The form, and what became of what was asked.
 *
 * @param {any} app
 */
export function seatsForPerson(app) {
  const { words, person, client, deskWork } = app;
  const sessions = listSessions(app);
  if (sessions.length === 0) return nothing;
  const asked = listAsked(app, person.attendee);
  const titleOf = (id) => sessions.find((one) => one.id === id)?.title ?? '';
  return html`
    <form class="beside" @submit=${(event) => deskWork.submitSeat(event)}>
      <label for="seat">${words.seatIn}</label>
      <select id="seat" name="session">
        ${sessions.map(({ id, at, title }) => {
          const fill = client.find('session_fills', id)?.value.label;
          return html`<option value=${id}>${[app.teller.moment(at), title, fill && words[`fill.${fill}`]].filter(Boolean).join(' · ')}</option>`;
        })}
      </select>
      <button type="submit" class="small">${words.seatAsk}</button>
    </form>
    ${
      asked.length > 0
        ? html`<ul class="rows" aria-label=${words.seats}>${asked.map(({ mutation, result }) => {
            const { session } = mutation.args;
            const state = result ? ((result.original ?? result).outcome ?? 'cancelled') : 'waiting';
            const isLive = mutation.op === 'signup.request' && ['waiting', 'confirmed', 'offered', 'waitlisted'].includes(state);
            return html`<li class="row"><div><p class="name">${titleOf(session)}</p><p class="hint">${words[`seat.${state}`]}</p></div>
              ${isLive ? html`<button type="button" class="quiet small" aria-label="${words.seatGive}: ${titleOf(session)}" @click=${() => deskWork.giveSeatBack(session)}>${words.seatGive}</button>` : nothing}</li>`;
          })}</ul>`
        : nothing
    }
  `;
}

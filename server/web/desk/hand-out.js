/**
 * Handing out: badges and envelopes of one person or of a delegation, against one signature.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { Signature } from './signature.js';

const THINGS = ['badge', 'envelope'];

/** How many names are told. */
const NAMES = 6;

/**
 * @typedef {object} Handing What is being handed out.
 * @property {import('./roster.js').Person[]} people
 * @property {string} [delegation]
 * @property {Signature} signature
 * @property {string} fault
 */

/**
 * Begins to hand out.
 *
 * @param {any} app
 * @param {{people: import('./roster.js').Person[], delegation?: string}} given
 */
export function beginHandOut(app, { people, delegation }) {
  app.handing = { people, delegation, signature: new Signature(), fault: '' };
  app.draw();
  const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector('dialog.hand-out'));
  if (!dialog?.open) dialog?.showModal();
}

/** @param {any} app */
export function endHandOut(app) {
  app.handing = undefined;
  const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector('dialog.hand-out'));
  if (dialog?.open) dialog.close();
  app.draw();
}

/**
 * The dialog.
 *
 * @param {any} app
 */
export function handOutDialog(app) {
  const { words, handing, teller } = app;
  return html`
    <dialog class="hand-out" aria-labelledby="hand-out-title" @close=${() => app.handing && endHandOut(app)}>
      ${handing ? form(app, words, handing, teller) : nothing}
    </dialog>
  `;
}

function form(app, words, handing, teller) {
  const { people, signature, fault } = handing;
  const names = people.slice(0, NAMES).map(({ details }) => teller.name(details));
  const all = people.length > NAMES ? [...names, '…'] : names;
  const canvas = () => /** @type {HTMLCanvasElement | null} */ (document.querySelector('.hand-out canvas'));
  return html`
    <form @submit=${(event) => submit(app, event)}>
      <h2 id="hand-out-title">${words.handOutTitle}</h2>
      <p>${people.length === 1 ? names[0] : app.fill(words.handOutTo, { count: String(people.length), names: all.join(', ') })}</p>
      <div role="group" class="things" aria-label=${words.whatIsHanded}>
        ${THINGS.map((thing) => html`<div class="check"><input type="checkbox" name="what" value=${thing} id="thing-${thing}" ?checked=${thing === 'badge'}><label for="thing-${thing}">${words[`thing.${thing}`]}</label></div>`)}
      </div>
      <label for="received-by">${words.receivedBy}</label>
      <input id="received-by" name="received_by" maxlength="200" autocomplete="off" aria-describedby="hand-out-fault">
      <canvas class="signature" width="600" height="200" role="img" aria-label=${words.signHere}
        @pointerdown=${(event) => signature.begin(event)} @pointermove=${(event) => signature.move(event)}
        @pointerup=${() => signature.end()} @pointercancel=${() => signature.end()}></canvas>
      <p class="hint">${words.signHere}</p>
      <p id="hand-out-fault" class="field-fault" role="alert">${fault}</p>
      <div class="deeds">
        <button type="submit">${words.handOutDo}</button>
        <button type="button" class="quiet" @click=${() => signature.clear(canvas())}>${words.signClear}</button>
        <button type="button" class="quiet" @click=${() => endHandOut(app)}>${words.cancel}</button>
      </div>
    </form>
  `;
}

function submit(app, event) {
  event.preventDefault();
  const given = new FormData(event.target);
  const { people, delegation, signature } = app.handing;
  const what = given.getAll('what').map(String);
  const receivedBy = String(given.get('received_by')).trim();
  const isSigned = signature.strokes.length > 0;
  // Who takes something for others says who they are; for oneself a tap is enough.
  const fault = what.length === 0 ? 'thingMissing' : people.length > 1 && !isSigned && !receivedBy ? 'receiverMissing' : '';
  if (fault) {
    app.handing.fault = app.words[fault];
    app.draw();
    event.target.querySelector(fault === 'thingMissing' ? '[name=what]' : '#received-by').focus();
    return;
  }
  const attendees = people.map(({ attendee }) => attendee);
  endHandOut(app);
  app.deskWork.handOut({
    attendees,
    what,
    ...(delegation && { delegation }),
    ...(receivedBy && { received_by: receivedBy }),
    ...(isSigned && { signature: signature.strokes }),
  });
}

/**
 * Delegations, and what of theirs is not handed out yet.
 *
 * @param {any} app
 */
export function delegationsView(app) {
  const { words, roster, teller } = app;
  const list = [...roster.delegations].map(([id, { name }]) => ({ id, name: teller.text(name) }));
  list.sort((one, other) => one.name.localeCompare(other.name));
  const chosen = app.delegation ?? list[0]?.id;
  const people = roster.people.filter(({ guest }) => guest.delegation === chosen);
  const papers = ({ carriers }) => carriers.filter((one) => one.kind === 'paper' && !one.void_reason);
  const waits = people.filter((person) => papers(person).some((one) => !one.handed_out_at));
  const isDone = waits.length === 0 && people.some((person) => papers(person).length > 0);
  return html`
    <main class="wide">
      <h1 tabindex="-1">${words.delegations}</h1>
      <div role="status">${app.note ? html`<p class="message">${app.note}</p>` : nothing}</div>
      <div role="alert">${app.fault ? html`<p class="message fault">${app.fault}</p>` : nothing}</div>
      ${list.length === 0 ? html`<p class="hint">${words.noDelegations}</p>` : nothing}
      ${
        list.length > 0
          ? html`<label for="delegation">${words.delegation}</label>
              <select id="delegation" @change=${(event) => {
                app.delegation = event.target.value;
                app.draw();
              }}>${list.map(({ id, name }) => html`<option value=${id} ?selected=${id === chosen}>${name}</option>`)}</select>
              ${isDone ? html`<p class="message">${words.nothingLeft}</p>` : nothing}
              <form @submit=${(event) => submitPeople(app, event, chosen)}>
                <div role="group" aria-label=${words.chooseWho}>
                  ${people.map(
                    (person) => html`<div class="check"><input type="checkbox" name="who" value=${person.attendee} id="who-${person.attendee}" .checked=${waits.includes(person)}>
                      <label for="who-${person.attendee}">${teller.name(person.details)}</label></div>`,
                  )}
                </div>
                ${people.length > 0 ? html`<div class="deeds"><button type="submit">${words.handOutSigned}</button></div>` : html`<p class="hint">${words.nobody}</p>`}
              </form>`
          : nothing
      }
    </main>
  `;
}

function submitPeople(app, event, delegation) {
  event.preventDefault();
  const chosen = new Set(new FormData(event.target).getAll('who'));
  const people = app.roster.people.filter(({ attendee }) => chosen.has(attendee));
  if (people.length > 0) beginHandOut(app, { people, delegation });
}

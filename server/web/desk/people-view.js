/**
 * One person at the desk, and the few guests of a session.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { deeds, personRow } from './scan-view.js';
import { kindOf } from './tell.js';
import { workForPerson } from './work-view.js';

/**
 * Somebody with what carries their badge.
 *
 * @param {any} app
 */
export function personView(app) {
  const { words, teller, person } = app;
  return html`
    <main class="card wide">
      <h1 tabindex="-1">${teller.name(person.details)}</h1>
      ${app.photos.view(person.photo, app.fill(words.photoOf, { name: person.details.name }))}
      <p class="quiet-text">${[teller.from(person.details), words[`status.${person.guest.status}`]].filter(Boolean).join(' · ')}</p>
      ${person.guest.note ? html`<p class="message"><b>${words.note}:</b> ${person.guest.note}</p>` : nothing}
      <div role="status">${app.note ? html`<p class="message">${app.note}</p>` : nothing}</div>
      <div role="alert">${app.fault ? html`<p class="message fault">${app.fault}</p>` : nothing}</div>
      <ul class="rows">
        ${repeat(person.carriers, ({ carrier }) => carrier, (carrier) => carrierRow(app, carrier))}
      </ul>
      <div class="deeds">
        ${person.index ? html`<button type="button" @click=${() => app.checks.take(person)}>${words.let}</button>` : nothing}
        <button type="button" class="quiet" aria-disabled=${app.isBusy ? 'true' : 'false'} @click=${() => app.deskWork.print(person)}>
          ${words.print}</button>
        <button type="button" class="quiet" @click=${() => app.show('scan')}>${words.close}</button>
      </div>
      ${workForPerson(app)}
    </main>
  `;
}

function carrierRow({ words, teller }, { kind, handed_out_at: handedOut, void_reason: voidReason }) {
  return html`
    <li class="row">
      <span>${words[`carrier.${kind}`]}</span>
      <span>
        ${voidReason ? html`<span class="chip warn">${words.isVoid}</span>` : nothing}
        ${handedOut ? html`<span class="chip">${words.handedOut.replace('{time}', teller.hour(handedOut))}</span>` : nothing}
      </span>
    </li>
  `;
}

/**
 * The few guests of one session: names, sight and one tap.
 *
 * @param {any} app
 */
export function guestsView(app) {
  const { words, roster } = app;
  const people = [...roster.people].sort((one, other) => one.details.name.localeCompare(other.details.name));
  return html`
    <main class="wide">
      <h1 tabindex="-1">${words.guests}</h1>
      <p class="hint">${app.plural('expected', people.length)}</p>
      <div role="status" @focusin=${() => app.checks.hold()} @focusout=${() => app.checks.release()}>${quietVerdict(app)}</div>
      <ul class="rows">
        ${repeat(people, ({ attendee }) => attendee, (person) => personRow(app, person))}
      </ul>
    </main>
  `;
}

/** What was said of the last guest, in a line: nothing that the guest hears, or sees from where they stand. */
function quietVerdict(app) {
  const { teller, words, checks } = app;
  const { told } = checks;
  if (checks.unkept) {
    return html`<div class="message fault"><p><b>${checks.unkept.isFull ? words.unkeptFull : words.unkeptRefused}</b></p><p>${words.unkeptNext}</p>
      <div class="deeds"><button type="button" class="small" @click=${() => checks.tryAgain()}>${words.tryAgain}</button></div></div>`;
  }
  if (!told) return nothing;
  const said = teller.verdict(told);
  const kind = kindOf(told);
  return html`
    <div class="message ${kind === 'no' ? 'fault' : ''}">
      <p><b>${teller.name(told.details)}:</b> ${said.sentence} ${kind === 'yes' ? nothing : said.next}</p>
      ${said.more.map((line) => html`<p class="hint">${line}</p>`)}
      <div class="deeds">${told.isUndone ? app.words.undone : deeds(app, told, kind)}</div>
    </div>
  `;
}

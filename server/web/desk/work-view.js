/**
 * Desk work: who walks in, what is lent, whom a coach waits for.
 *
 * @module
 */

import { code } from '../common/qr.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { beginHandOut } from './hand-out.js';
import { invitationsOfPerson } from './invitations.js';
import { listLoans } from './loans.js';
import { seatsForPerson } from './seats.js';

/** @param {any} app */
function messages({ note, fault }) {
  return html`
    <div role="status">${note ? html`<p class="message">${note}</p>` : nothing}</div>
    <div role="alert">${fault ? html`<p class="message fault">${fault}</p>` : nothing}</div>
  `;
}

/**
 * Somebody walks in.
 *
 * @param {any} app
 */
export function walkInView(app) {
  const { words, deskWork } = app;
  const { walkedIn } = deskWork;
  return html`
    <main class="card wide">
      <h1 tabindex="-1">${words.walkIn}</h1>
      ${messages(app)}
      ${walkedIn ? registered(app) : walkInForm(app)}
    </main>
  `;
}

function walkInForm(app) {
  const { words, teller, roster, deskWork } = app;
  const { walkInFault } = deskWork;
  const byName = (rows) => [...rows].map(([id, row]) => ({ id, name: teller.text(row.title ?? row.name) })).sort((a, b) => a.name.localeCompare(b.name));
  const categories = byName([...roster.categories].filter(([, one]) => one.takes_walk_ins));
  if (categories.length === 0) return html`<p class="quiet-text">${words.noWalkIns}</p>`;
  const line = (name, text, more = {}) => html`
    <label for="walk-in-${name}">${text}</label>
    <input id="walk-in-${name}" name=${name} type=${more.type ?? 'text'} maxlength="200" autocomplete="off">
  `;
  return html`
    <form novalidate @submit=${(event) => app.deskWork.submitWalkIn(event)}>
      <label for="walk-in-name">${words.name}</label>
      <input id="walk-in-name" name="name" maxlength="200" autocomplete="off" aria-describedby="walk-in-fault"
        aria-invalid=${walkInFault ? 'true' : 'false'}>
      <p id="walk-in-fault" class="field-fault">${walkInFault}</p>
      <label for="walk-in-category">${words.category}</label>
      <select id="walk-in-category" name="category">${categories.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}</select>
      ${line('organisation', words.organisation)}${line('position', words.position)}
      <label for="walk-in-delegation">${words.delegation}</label>
      <select id="walk-in-delegation" name="delegation"><option value="">${words.none}</option>
        ${byName(roster.delegations).map(({ id, name }) => html`<option value=${id}>${name}</option>`)}</select>
      ${line('email', words.email, { type: 'email' })}
      <button type="submit" aria-disabled=${app.isBusy ? 'true' : 'false'}>${words.register}</button>
    </form>
  `;
}

function registered(app) {
  const { words, teller, roster, deskWork } = app;
  const { walkedIn } = deskWork;
  return html`
    <p>${app.fill(words.wasRegistered, { name: walkedIn.name })}</p>
    ${walkedIn.needsApproval ? html`<p class="message">${words.needsApproval}</p>` : nothing}
    ${
      walkedIn.badge
        ? html`
            <section class="badge-print" aria-label=${words['carrier.provisional']}>
              <p class="event">${teller.text(roster.event.title)}</p>
              <p class="name">${walkedIn.name}</p>
              <p>${walkedIn.organisation}</p>
              ${code(walkedIn.badge, words['carrier.provisional'])}
            </section>
            <div class="deeds"><button type="button" @click=${() => print()}>${words.print}</button></div>
          `
        : html`<p class="message">${words.badgeLater}</p>`
    }
    <div class="deeds"><button type="button" class="quiet" @click=${() => app.deskWork.nextWalkIn()}>${words.next}</button></div>
  `;
}

/**
 * What is lent.
 *
 * @param {any} app
 */
export function loansView(app) {
  const { words, teller, roster } = app;
  const loans = listLoans(roster.loans, app.client.outbox);
  const nameOf = (attendee) => teller.name(roster.people.find((one) => one.attendee === attendee)?.details) || words.guest;
  return html`
    <main class="wide">
      <h1 tabindex="-1">${words.loans}</h1>
      ${messages(app)}
      ${loans.length === 0 ? html`<p class="hint">${words.noLoans}</p>` : nothing}
      <ul class="rows">
        ${loans.map(({ item, holders }) => {
          const title = `${item.kind === 'receiver' ? words.receiver : item.kind} ${item.number}`;
          return html`<li class="row">
            <div><p class="name">${title}</p>
              <p class="hint">${holders.map(({ attendee, at }) => `${nameOf(attendee)}, ${teller.hour(at)}`).join(' · ')}</p></div>
            ${holders.length > 1 ? html`<span class="chip warn">${words.lentTwice}</span>` : nothing}
            <button type="button" class="small" aria-label="${words.takeBack}: ${title}" @click=${() => app.deskWork.takeBack(item)}>${words.takeBack}</button>
          </li>`;
        })}
      </ul>
    </main>
  `;
}

/**
 * Whom this checkpoint waits for.
 *
 * @param {any} app
 */
export function missingView(app) {
  const { words, teller, awaited } = app;
  const called = ({ place, at }) => [teller.text(place), at && teller.hour(at)].filter(Boolean).join(' ');
  return html`
    <main class="wide">
      <h1 tabindex="-1">${words.missing}</h1>
      ${
        awaited
          ? html`
              <p role="status">${app.fill(words.comeOf, { come: String(awaited.come), expected: String(awaited.expected) })}
                ${awaited.seats === undefined ? nothing : app.fill(words.seatsOf, { aboard: String(awaited.aboard), seats: String(awaited.seats) })}</p>
              ${awaited.missing.length + awaited.nameless === 0 ? html`<p class="message">${words.nobodyMissing}</p>` : nothing}
              ${awaited.stops.map((stop) => html`<p class="hint">${called(stop)}: ${app.fill(words.comeOf, { come: String(stop.come), expected: String(stop.expected) })}</p>`)}
              <ul class="rows">${awaited.missing.map(
                ({ details, person, stop }) => html`<li class="row"><div><p class="name">${teller.name(details)}</p>
                  <p class="hint">${[teller.from(details), stop && called(stop)].filter(Boolean).join(' · ')}</p></div>
                  ${person?.index ? html`<button type="button" class="small" aria-label="${words.let}: ${teller.name(details)}"
                    @click=${() => app.checks.take(person)}>${words.let}</button>` : nothing}</li>`,
              )}</ul>
              ${awaited.nameless > 0 ? html`<p class="hint">${app.plural('nameless', awaited.nameless)}</p>` : nothing}
            `
          : html`<p class="hint">${words.loading}</p>`
      }
    </main>
  `;
}

/** Whether somebody waits because the desk that registered them was not trusted, which a desk lead settles. */
function isHeldBack({ roster }, { walkIn, guest }) {
  const waits = walkIn && !walkIn.settled_at && guest.status === 'requested';
  return Boolean(waits && roster.own?.is_lead && !roster.needsApproval(guest.category));
}

/**
 * What a desk does for one person.
 *
 * @param {any} app
 */
export function workForPerson(app) {
  const { words, person, teller, roster, deskWork } = app;
  const { signInCode, isPuttingRight } = deskWork;
  const paper = person.carriers.some((one) => one.kind === 'paper' && !one.void_reason && !one.handed_out_at);
  const likely = (person.walkIn?.settled_at ? [] : (person.walkIn?.may_be ?? [])).map((id) => roster.people.find((one) => one.attendee === id)).filter(Boolean);
  return html`
    ${
      likely.length > 0
        ? html`<section class="message" aria-label=${words.maybeKnown}>
            <p>${words.maybeKnown}</p>
            <div class="deeds">${likely.map((one) => html`<button type="button" class="quiet small" @click=${() => app.deskWork.settle(person, one)}>
                ${app.fill(words.sameAs, { name: teller.name(one.details) })}</button>`)}
              <button type="button" class="quiet small" @click=${() => app.deskWork.settle(person)}>${words.somebodyElse}</button></div>
          </section>`
        : nothing
    }
    ${
      isHeldBack(app, person) && likely.length === 0
        ? html`<section class="message" aria-label=${words.heldBack}>
            <p>${words.heldBack}</p>
            <div class="deeds"><button type="button" class="quiet small" @click=${() => app.deskWork.settle(person)}>${words.confirmWalkIn}</button></div>
          </section>`
        : nothing
    }
    <div class="deeds">
      ${paper ? html`<button type="button" class="quiet" @click=${() => deskWork.handOut({ attendees: [person.attendee], what: ['badge'] })}>${words.handOut}</button>` : nothing}
      <button type="button" class="quiet" aria-haspopup="dialog" @click=${() => beginHandOut(app, { people: [person] })}>${words.handOutSigned}</button>
      <button type="button" class="quiet" aria-expanded=${isPuttingRight ? 'true' : 'false'} @click=${() => deskWork.togglePuttingRight()}>${words.putRight}</button>
      <button type="button" class="quiet" @click=${() => app.deskWork.giveCode(person)}>${words.signInCode}</button>
    </div>
    ${signInCode ? html`<p class="message" role="status">${words.signInCode}: <b class="code">${signInCode}</b></p>` : nothing}
    ${isPuttingRight ? correctionForm(app) : nothing}
    ${invitationsOfPerson(app)}
    <form class="beside" @submit=${(event) => app.deskWork.submitLoan(event)}>
      <label for="lend">${words.lend}</label>
      <input id="lend" name="number" maxlength="60" autocomplete="off" placeholder="R-231">
      <button type="submit" class="small">${words.lendDo}</button>
    </form>
    ${seatsForPerson(app)}
    <form class="beside" @submit=${(event) => app.deskWork.submitNote(event)}>
      <label for="door-note">${words.doorNote}</label>
      <input id="door-note" name="text" maxlength="300" autocomplete="off" .defaultValue=${person.guest.note ?? ''}>
      <button type="submit" class="small">${words.noteDo}</button>
    </form>
    <form class="beside" @submit=${(event) => app.deskWork.submitMessage(event)}>
      <label for="message">${words.message}</label>
      <input id="message" name="message" maxlength="500" autocomplete="off" placeholder=${words.messageExample}>
      <button type="submit" class="small">${words.messageDo}</button>
    </form>
  `;
}

/** A name or an address that is wrong. */
function correctionForm(app) {
  const { words, person, deskWork } = app;
  const { details, listedName } = person;
  const line = (name, text, value, more = {}) => html`
    <label for="right-${name}">${text}</label>
    <input id="right-${name}" name=${name} type=${more.type ?? 'text'} maxlength="254" autocomplete="off" .defaultValue=${value}>
  `;
  return html`
    <form class="right" aria-label=${words.putRightTitle} @submit=${(event) => deskWork.submitCorrection(event)}>
      ${line('name', words.name, listedName || details.name)}
      ${line('badge_name', words.badgeName, listedName ? details.name : '')}
      ${line('form_of_address', words.formOfAddress, details.form_of_address ?? '')}
      ${line('email', words.emailAsWas, '', { type: 'email' })}
      <button type="submit" aria-disabled=${app.isBusy ? 'true' : 'false'}>${words.putRightDo}</button>
    </form>
  `;
}

/**
 * One person who comes: what their registration says and how it stands, what they hold, who acts for them, and who of
 * the programme they are; it can be moved, put right and given to somebody else.
 *
 * @module
 */

import { repeat } from '../../vendor/lit-html/directives/repeat.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { nameOfAttendee } from '../attendees.js';
import { duplicatesOf } from '../duplicates.js';
import { move, movesFrom } from '../moves.js';
import { accountsOf } from '../person-accounts.js';
import { answersOf } from '../person-answers.js';
import { badgesOf } from '../person-badges.js';
import { consentsOf } from '../person-consents.js';
import { invitationsOf, needsOf, seatsOf } from '../person-facts.js';
import { personForm } from '../person-form.js';
import { linkOf } from '../person-link.js';
import { replacementForm } from '../person-replacement.js';

/** @typedef {import('../app.js').App} App */

/** Moves with which the person is told a reason. */
const WITH_REASON = ['declined', 'cancelled'];

/** @param {App} app @param {{of: string}} given */
export const title = (app, { of }) => nameOfAttendee(app, of) ?? app.words.people;

/**
 * @param {App} app
 * @param {{of: string}} given An attendee.
 */
export function draw(app, { of: attendee }) {
  const { words } = app;
  const { body, fault } = app.read(`/attendees/${attendee}/registration`, stateOf(app, attendee));
  const heading = html`<div class="head"><h1 tabindex="-1">${body?.name ?? nameOfAttendee(app, attendee) ?? words.people}</h1><a href="#/people">${words.people}</a></div>`;
  if (!body) return html`${heading}${fault ? html`<p class="message fault">${fault}</p>` : html`<p class="empty">${words.loading}</p>`}`;
  return html`
    ${heading}
    ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
    ${summary(app, body)}
    ${state(app, body)}
    ${duplicatesOf(app, attendee)}
    ${personForm(app, body)}
    ${replacementForm(app, body)}
    ${repeat([attendee], (key) => key, () => facts(app, body))}
  `;
}

/** What they said and hold, and who acts for them. @param {App} app @param {any} registration */
function facts(app, registration) {
  const { attendee } = registration;
  return html`<div class="columns facts-of">
    ${answersOf(app, registration)}
    ${consentsOf(app, attendee)}
    ${invitationsOf(app, attendee)}
    ${seatsOf(app, attendee)}
    ${app.rights.organises ? html`${badgesOf(app, attendee)}${accountsOf(app, attendee)}${linkOf(app, registration)}${needsOf(app, attendee)}` : nothing}
  </div>`;
}

/** What changes when the registration may have. @param {App} app @param {string} attendee */
function stateOf({ client }, attendee) {
  return ['registrations', 'attendees'].map((collection) => client.find(collection, attendee)?.rev).join(' ');
}

/** Who they are, and how to get hold of them. @param {App} app @param {any} registration */
function summary(app, { details, category, part_categories: parts = [], delegation, delegation_name: name, delegation_role: role, is_placeholder: isPlaceholder, companion_of: companion, replaces, replaced_by: replaced }) {
  const { words, client } = app;
  const categoryName = (/** @type {string} */ id) => app.text(client.find('categories', id)?.value.title);
  const person = (/** @type {string} */ id) => html`<a href="#/person/${id}">${nameOfAttendee(app, id) ?? words.somebody}</a>`;
  const { form_of_address: address, position, organisation, country, email, phone } = details;
  const region = country && (new Intl.DisplayNames(app.locale, { type: 'region' }).of(country) ?? country);
  return html`
    <p>${[address, position, organisation, region].filter(Boolean).join(' · ')}</p>
    ${
      email || phone
        ? html`<p class="actions">${email ? html`<a href="mailto:${email}">${email}</a>` : nothing}${phone ? html`<a href="tel:${phone.replace(/[^+\d]/g, '')}">${phone}</a>` : nothing}</p>`
        : nothing
    }
    <dl class="pairs">
      <div><dt>${words['field.category']}</dt><dd>${categoryName(category)}
        ${parts.map(({ part, category: there }) => html`<br><span class="quiet-text">${app.text(client.find('parts', part)?.value.title)}: ${categoryName(there)}</span>`)}</dd></div>
      ${
        delegation
          ? html`<div><dt>${words['field.delegation']}</dt><dd><a href="#/delegation/${delegation}">${app.text(name) || app.text(client.find('delegations', delegation)?.value.name)}</a>, ${words[`delegationRole.${role}`]}</dd></div>`
          : nothing
      }
      ${isPlaceholder ? html`<div><dt>${words.placeholder}</dt><dd>${words.placeholderMeans}</dd></div>` : nothing}
      ${companion ? html`<div><dt>${words.companionOf}</dt><dd>${person(companion)}</dd></div>` : nothing}
      ${replaces ? html`<div><dt>${words.tookPlaceOf}</dt><dd>${person(replaces)}</dd></div>` : nothing}
      ${replaced ? html`<div><dt>${words.placeTakenBy}</dt><dd>${person(replaced)}</dd></div>` : nothing}
    </dl>
  `;
}

/** How the registration stands, and where it may be moved to. @param {App} app @param {any} registration */
function state(app, { attendee, name, status, waitlist_number: number, reason }) {
  const { words } = app;
  const moves = movesFrom(app, status);
  const submit = (/** @type {any} */ event) => {
    event.preventDefault();
    const given = new FormData(event.target);
    const to = event.submitter.value;
    const why = String(given.get('reason')).trim();
    app.run(() =>
      move(app, attendee, {
        status: to,
        ...(why && WITH_REASON.includes(to) && { reason: why }),
        ...(to === 'confirmed' && given.has('override') && { override: true }),
      }),
    );
  };
  const hasReason = moves.some((to) => WITH_REASON.includes(to));
  return html`
    <section class="panel" aria-labelledby="person-state">
      <div class="head"><h2 id="person-state">${words.registrationState}</h2>
        <span class="chip ${status === 'confirmed' ? 'good' : status === 'requested' ? 'warn' : ''}">${words[`status.${status}`]}${number ? ` ${number}` : ''}</span></div>
      ${reason ? html`<p>${words['field.reason']}: ${reason}</p>` : nothing}
      ${
        moves.length > 0
          ? html`<form class="stack" @submit=${submit}>
              ${hasReason ? html`<div><label for="move-reason">${words.moveReason}</label><input id="move-reason" name="reason" maxlength="500" autocomplete="off"></div>` : html`<input type="hidden" name="reason" value="">`}
              ${
                app.rights.organises && moves.includes('confirmed')
                  ? html`<div class="check"><input type="checkbox" name="override" id="move-override"><label for="move-override">${words.moveOverride}</label></div>`
                  : nothing
              }
              <div class="actions">${moves.map((to) => html`<button type="submit" name="to" value=${to} class=${to === 'confirmed' ? '' : 'quiet'} aria-label="${words[`move.${to}`]}: ${name}" aria-disabled=${String(app.isBusy)}>${words[`move.${to}`]}</button>`)}</div>
            </form>`
          : nothing
      }
    </section>
  `;
}

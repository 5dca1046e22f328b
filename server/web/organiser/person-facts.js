/**
 * What a person who comes has said and holds: answers, consents, invitations, seats, badges, accounts, access needs.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';

/** @typedef {import('./app.js').App} App */

/** The access needs that were asked for, and whose. Each reading is noted down, so they are asked for once. @type {{of: string, body?: any}} */
let asked = { of: '' };

/** A heading with what is under it; what is being read or could not be takes its place. */
function section(app, { id, heading, read, draw }) {
  const { words } = app;
  const { body, fault } = read;
  return html`
    <section class="panel" aria-labelledby=${id}>
      <h2 id=${id}>${heading}</h2>
      ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
      ${body ? draw(body) : fault ? nothing : html`<p class="quiet-text">${words.loading}</p>`}
    </section>
  `;
}

const emptyOr = (app, items, list) => (items.length === 0 ? html`<p class="quiet-text">${app.words.nothingThere}</p>` : list);

/** The answers to the form of their category. @param {App} app @param {any} registration */
export function answersOf(app, { category, answers = {} }) {
  const fields = app.client.find('categories', category)?.value.form ?? [];
  const known = new Set(fields.map(({ key }) => key));
  const all = [...fields, ...Object.keys(answers).filter((key) => !known.has(key)).map((key) => ({ key, kind: 'text' }))];
  const answered = all.filter(({ key }) => answers[key] !== undefined);
  const list = html`<dl class="pairs">${answered.map((field) => html`<div><dt>${app.text(field.label) || field.key}</dt><dd class="lines-kept">${answerText(app, field, answers[field.key])}</dd></div>`)}</dl>`;
  return section(app, { id: 'person-answers', heading: app.words['field.answers'], read: { body: answers }, draw: () => emptyOr(app, answered, list) });
}

/** An answer as its kind of question reads. */
function answerText(app, { kind, choices = [] }, answer) {
  const { words, locale } = app;
  const nameOf = (key) => app.text(choices.find((one) => one.key === key)?.label) || key;
  if (kind === 'yes_no') return answer ? words.yes : words.no;
  if (kind === 'choice') return nameOf(answer);
  if (Array.isArray(answer)) return new Intl.ListFormat(locale).format(answer.map(nameOf));
  return kind === 'date' ? app.dayName(answer) : String(answer);
}

/** What they agree to. @param {App} app @param {string} attendee */
export function consentsOf(app, attendee) {
  const { words } = app;
  const draw = ({ consents }) =>
    emptyOr(
      app,
      consents,
      html`<ul class="list">${consents.map(
        ({ consent, text, state, is_required: isRequired, history }) => html`<li class="row"><span class="grow">${app.text(text) || consent}
            <span class="quiet-text small-text">${[isRequired && words.isRequired, history[0] && app.moment(history[0].at)].filter(Boolean).join(' · ')}</span></span>
          <span class="chip ${state === 'given' ? 'good' : state === 'refused' ? 'bad' : 'warn'}">${words[`consent.${state}`]}</span></li>`,
      )}</ul>`,
    );
  return section(app, { id: 'person-consents', heading: words.consents, read: app.read(`/attendees/${attendee}/consents`), draw });
}

/** What they are invited to, and what they said. @param {App} app @param {string} attendee */
export function invitationsOf(app, attendee) {
  const { words, client } = app;
  const draw = ({ items }) =>
    emptyOr(
      app,
      items,
      html`<ul class="list">${items.map(
        ({ collection, object, answer, word }) => html`<li class="row"><span class="grow">${app.text(client.find(collection, object)?.value.title) || app.titleOf(object) || words.somethingElse}
            ${word ? html`<q>${word}</q>` : nothing}</span>
          <span class="chip ${answer === 'accepted' ? 'good' : ''}">${words[`answer.${answer}`]}</span></li>`,
      )}</ul>`,
    );
  return section(app, { id: 'person-invitations', heading: words.invitations, read: app.read(`/attendees/${attendee}/invitations?limit=500`), draw });
}

/** The seats that they have, wait for and had. @param {App} app @param {string} attendee */
export function seatsOf(app, attendee) {
  const { words } = app;
  const draw = ({ items }) =>
    emptyOr(
      app,
      items,
      html`<ul class="list">${items.map(
        ({ session, state, number }) => html`<li class="row"><span class="grow">${app.titleOf(session) || words.somethingElse}</span>
          <span class="chip ${state === 'confirmed' ? 'good' : ''}">${words[`seat.${state}`]}${state === 'waitlisted' && number ? ` ${number}` : ''}</span></li>`,
      )}</ul>`,
    );
  return section(app, { id: 'person-seats', heading: words.seatsHeld, read: app.read(`/attendees/${attendee}/sign-ups?limit=500`), draw });
}

/** What carries their badge. @param {App} app @param {string} attendee */
export function badgesOf(app, attendee) {
  const { words } = app;
  const draw = ({ items }) =>
    emptyOr(
      app,
      items,
      html`<ul class="list">${items.map(
        ({ kind, carrier, issued_at: issued, handed_out_at: handed, voided_at: voided, void_reason: reason }) => html`<li class="row">
          <span class="grow">${words[`carrier.${kind}`]} <span class="quiet-text small-text">${[
            app.say('badgeIssued', { number: carrier, time: app.moment(issued) }),
            handed && app.say('badgeHandedOut', { time: app.moment(handed) }),
            reason && words[`void.${reason}`],
          ]
            .filter(Boolean)
            .join(' · ')}</span></span>
          <span class="chip ${voided ? 'bad' : 'good'}">${voided ? words.isVoid : words.isValid}</span></li>`,
      )}</ul>`,
    );
  return section(app, { id: 'person-badges', heading: words.badges, read: app.read(`/attendees/${attendee}/badges`), draw });
}

/** The accounts that are theirs or act for them. @param {App} app @param {string} attendee */
export function accountsOf(app, attendee) {
  const { words } = app;
  const draw = ({ accounts }) =>
    emptyOr(
      app,
      accounts,
      html`<ul class="list">${accounts.map(
        ({ name, email, relation }) => html`<li class="row"><span class="grow">${name}${email ? html` <a class="small-text" href="mailto:${email}">${email}</a>` : nothing}</span>
          <span class="chip">${words[`relation.${relation}`]}</span></li>`,
      )}</ul>`,
    );
  return section(app, { id: 'person-accounts', heading: words.accounts, read: app.read(`/attendees/${attendee}`), draw });
}

/** What they need to take part, once that is asked for. @param {App} app @param {string} attendee */
export function needsOf(app, attendee) {
  const { words } = app;
  if (asked.of !== attendee) asked = { of: attendee };
  const show = async () => {
    const body = await app.ask('GET', `/attendees/${attendee}/access-needs`);
    if (asked.of === attendee) asked.body = body;
  };
  if (!asked.body) {
    return html`<section class="panel" aria-labelledby="person-needs"><h2 id="person-needs">${words.accessNeeds}</h2>
      <p class="quiet-text">${words.needsNoted}</p><button type="button" class="quiet" @click=${() => app.run(show)}>${words.showNeeds}</button></section>`;
  }
  const draw = ({ needs, note }) => html`
    ${emptyOr(app, needs, html`<ul>${needs.map((need) => html`<li>${words[`need.${need}`]}</li>`)}</ul>`)}
    ${note ? html`<p class="lines-kept">${note}</p>` : nothing}`;
  return section(app, { id: 'person-needs', heading: words.accessNeeds, read: asked, draw });
}

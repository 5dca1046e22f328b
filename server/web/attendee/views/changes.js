/**
 * What is on its way: edits that the server has not answered, and those that it refused, with why and
 * what had been typed.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { describeMoment } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { emptyNote, heading } from '../parts.js';
import { reasonOf } from './session.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

/** Where what was refused can be put right, by what it was. @type {Record<string, string>} */
const PLACES = {
  'registration.request': 'registration',
  'registration.change': 'correct',
  'consent.set': 'consents',
  'access_needs.put': 'needs',
  'stand_in.create': 'stand-ins',
};

/** Likewise of a member of a delegation that one looks after; somebody new is there no member yet. @type {typeof PLACES} */
const MEMBER_PLACES = { 'registration.change': 'member', 'registration.answer': 'member', 'registration.cancel': 'member', 'registration.replace': 'member',
  'access_needs.put': 'needs', 'access_needs.delete': 'needs', 'invitation.answer': 'member', 'signup.request': 'member', 'signup.cancel': 'member', 'signup.accept': 'member' };

/** Where a refused edit can be put right. @param {App} app @param {import('../../common/sync/overlay.js').Mutation} mutation */
function placeOf({ attendees, client }, { op, for: attendee, args }) {
  if (!attendee) return undefined;
  if (op === 'registration.request' && args.delegation && client.scopes.includes(`delegation:${args.delegation}`)) return `delegation/${args.delegation}`;
  const places = attendees.some(({ id }) => id === attendee) || !client.find('delegation_members', attendee) ? PLACES : MEMBER_PLACES;
  return Object.hasOwn(places, op) ? `${places[op]}/${attendee}` : undefined;
}

/** @param {App} app */
export const title = (app) => app.words.changes;

/** @param {App} app */
export function draw(app) {
  const { words, client, locale, programme } = app;
  const { outbox, refused } = client;
  return html`
    ${heading(words.changes)}
    <p class="quiet-text">${words['changes.text']}</p>
    ${refused.length > 0
      ? html`<section aria-labelledby="refused-title"><h2 id="refused-title">${words['changes.refused']}</h2>
          <ul class="list">${refused.map((edit) => html`<li class="panel plain">${drawRefused(app, edit)}</li>`)}</ul></section>`
      : nothing}
    ${outbox.length > 0
      ? html`<section aria-labelledby="waiting-title"><h2 id="waiting-title">${words['changes.waiting']}</h2>
          <ul class="list">${outbox.map(
            ({ mutation }) => html`<li class="row">${icon('sent')}<div class="grow"><p class="title">${nameOfEdit(app, mutation)}</p>
              <p class="place">${whomFor(app, mutation)}${describeMoment(locale, programme.zone, mutation.at ?? new Date(app.now).toISOString())}</p></div></li>`,
          )}</ul>
          <p class="actions"><button type="button" @click=${() => client.exchange()}>${words['changes.now']}</button></p></section>`
      : nothing}
    ${outbox.length + refused.length === 0 ? emptyNote(html`${icon('check')} ${words['changes.none']}`) : nothing}
  `;
}

/** @param {App} app @param {import('../../common/sync/client.js').SentEdit} edit */
function drawRefused(app, { id, mutation, result }) {
  const { words, client } = app;
  const theirs = result?.server?.value?.text;
  const place = placeOf(app, mutation);
  return html`<p class="strong">${nameOfEdit(app, mutation)}</p>
    <p>${icon('warning')} ${reasonOf(app, result)}</p>
    ${mutation.args.text ? html`<p class="quiet-text">${words['changes.youWrote']}</p><blockquote>${mutation.args.text}</blockquote>` : nothing}
    ${theirs ? html`<p class="quiet-text">${words['changes.serverHas']}</p><blockquote>${theirs}</blockquote>` : nothing}
    <div class="actions">
      ${place ? html`<a class="button small" href="#/${place}">${words['changes.open']}</a>` : nothing}
      ${mutation.op === 'note.put' && result?.status === 'conflict'
        ? html`<button type="button" class="small" @click=${() => keepBoth(app, id, mutation, theirs)}>${words['changes.again']}</button>`
        : nothing}
      <button type="button" class="small quiet" @click=${() => client.dismiss(id)}>${words['changes.dismiss']}</button>
    </div>`;
}

/**
 * Of a note that was changed in two places both texts are kept.
 *
 * @param {App} app
 * @param {string} id
 * @param {import('../../common/sync/overlay.js').Mutation} mutation
 * @param {string | undefined} theirs
 */
async function keepBoth(app, id, { for: attendee, args }, theirs) {
  const text = theirs ? `${theirs}\n\n${args.text}` : args.text;
  if (await app.edit({ op: 'note.put', for: attendee, args: { ...args, text }, base: `own:${attendee}` })) await app.client.dismiss(id);
}

/** Whom an edit is for, where that is not plain. @param {App} app @param {import('../../common/sync/overlay.js').Mutation} mutation */
function whomFor(app, mutation) {
  if (!mutation.for) return '';
  const isPlain = app.attendees.length === 1 && app.attendees[0].id === mutation.for;
  const name = app.nameOf(mutation.for) || (mutation.args.delegation ? mutation.args.name : '');
  return name && !isPlain ? `${name} · ` : '';
}

/** An edit in words. @param {App} app @param {import('../../common/sync/overlay.js').Mutation} mutation */
function nameOfEdit(app, { op, args }) {
  const invitation = args.id && app.client.find('invitations', args.id)?.value;
  const id = args.session ?? invitation?.object;
  const of = (id && (app.programme.session(id)?.title.text ?? app.programme.part(id)?.title?.text)) || app.words.session;
  const name = op === 'favourite.set' ? `op.favourite.set.${args.on ? 'on' : 'off'}` : `op.${op}`;
  return app.words[name] ? app.say(name, { title: of }) : app.words['op.other'];
}

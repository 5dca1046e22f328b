/**
 * A member of a delegation for who looks after it: how they are registered, how they are reached, what they are invited to
 * and which seats they have. A focal point changes all of it; a liaison officer reads.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { describeDay } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { askedOf } from '../asked.js';
import {
  companionsOf, contactOf, delegationsOf, findMember, GROUPS, mayDecide, MEMBER_OPS, missingOf, needsOf, seatMark,
} from '../delegation.js';
import { drawRefused, NEEDS_OPS, notSent, refusedOf, waitingOf } from '../own.js';
import { cancelledMark, emptyNote, heading, spoken, timeOf } from '../parts.js';
import { reasonOf } from './session.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../delegation.js').Member} Member
 * @typedef {import('../../common/programme.js').Session} Session
 */

export const tab = 'more';

const SEAT_OPS = ['signup.request', 'signup.cancel', 'signup.accept'];

/** What has ended of seats. */
const ENDED = ['cancelled', 'lapsed'];

/** @param {App} app @param {import('../views.js').Given} given */
export const title = (app, { of }) => findMember(app, of)?.value.name ?? app.words.member;

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { of }) {
  const { words } = app;
  const member = findMember(app, of);
  if (!member) return html`${heading(words.member)} ${emptyNote(words['member.gone'])}`;
  const delegation = delegationsOf(app).find(({ id }) => id === member.delegation);
  const isTheirs = mayDecide(app, member.delegation);
  return html`${heading(member.value.name)}
    <p class="kicker"><a href="#/delegation/${member.delegation}">${spoken(app, delegation?.name)}</a></p>
    ${drawRefused(app, refusedOf(app, of, [...MEMBER_OPS, ...NEEDS_OPS]))}
    ${drawRegistration(app, member, isTheirs)}
    ${isTheirs ? drawActions(app, member) : html`<p class="quiet-text">${words['member.readOnly']}</p>`}
    ${drawInvitations(app, member, isTheirs)} ${drawSeats(app, member, isTheirs)}`;
}

/** @param {App} app @param {Member} member @param {boolean} isTheirs */
function drawRegistration(app, member, isTheirs) {
  const { id, delegation, value } = member;
  const { words, programme, client } = app;
  const { status, details = {} } = value;
  const kind = { confirmed: 'good', declined: 'bad', cancelled: 'bad' }[/** @type {'confirmed'} */ (status)] ?? 'warn';
  const category = programme.text(client.find('categories', value.category)?.value.title);
  const needs = needsOf(app, member);
  const companions = companionsOf(app, member);
  const waiting = waitingOf(app, id, MEMBER_OPS);
  const isMissing = missingOf(app, delegation).body?.items.some((/** @type {any} */ one) => one.attendee === id);
  const line = (/** @type {any} */ name, /** @type {any} */ text) => (text ? html`<div><dt>${name}</dt><dd>${text}</dd></div>` : nothing);
  const region = details.country && (new Intl.DisplayNames(app.locale, { type: 'region' }).of(details.country) ?? details.country);
  const answer = (/** @type {'accepted' | 'declined'} */ said) => app.edit({ op: 'registration.answer', for: id, args: { answer: said } });
  return html`<section class="panel" aria-label=${words.registration}>
    <p class="chips"><span class="chip ${kind}">${app.say(`status.${status}`, { number: value.waitlist_number ?? '' })}</span>
      ${value.is_placeholder ? html`<span class="chip warn">${words.placeholder}</span>` : nothing}
      ${status === 'confirmed' && isMissing ? html`<span class="chip">${words['member.missing']}</span>` : nothing}</p>
    ${[...waiting, ...waitingOf(app, id, NEEDS_OPS)].map(({ mutation }) => html`<p>${icon('sent')} ${words[`op.${mutation.op}`]}${notSent(app, true)}</p>`)}
    ${value.reason ? html`<p>${value.reason}</p>` : nothing}
    ${value.is_placeholder ? html`<p>${words['placeholder.text']}</p>` : nothing}
    <dl class="pairs">
      ${line(words.category, category && spoken(app, category))}
      ${line(words['member.role'], words[`delegationRole.${value.delegation_role ?? 'member'}`])}
      ${line(words['person.position'], details.position)} ${line(words['person.organisation'], details.organisation)} ${line(words['person.country'], region)}
      ${line(words.needs, needs && [...(needs.needs ?? []).map((/** @type {string} */ one) => words[`needs.${one}`]), needs.note].filter(Boolean).join(', '))}
      ${line(words['member.replaces'], value.replaces && linkTo(app, value.replaces))} ${line(words['member.replacedBy'], value.replaced_by && linkTo(app, value.replaced_by))}
      ${line(words['member.accompanies'], value.companion_of && linkTo(app, value.companion_of))}
      ${line(words['member.accompaniedBy'], companions.length > 0 && companions.map((one) => html`<span>${linkTo(app, one.id)}</span> `))}
    </dl>
    ${contactOf(details)}
    ${isTheirs && status === 'invited' && waiting.length === 0
      ? html`<div class="actions"><button type="button" @click=${() => answer('accepted')}>${words['registration.accept']}</button>
          <button type="button" class="quiet" @click=${() => answer('declined')}>${words['registration.decline']}</button></div>`
      : nothing}
  </section>`;
}

/** @param {App} app @param {string} attendee */
function linkTo(app, attendee) {
  const name = app.nameOf(attendee);
  return name ? html`<a href="#/member/${attendee}">${name}</a>` : app.words['standIn.somebody'];
}

/** What a focal point does with a registration. @param {App} app @param {Member} member */
function drawActions(app, member) {
  const { words } = app;
  const { id, value, isPending } = member;
  const link = (/** @type {string} */ address, /** @type {any} */ sign, /** @type {string} */ text) =>
    html`<li><a class="row" href=${address}>${icon(sign)}<span class="grow">${text}</span>${icon('forward', 'quiet-text')}</a></li>`;
  const entry = (/** @type {string} */ what, /** @type {any} */ sign) => link(`#/member-form/${id}?do=${what}`, sign, words[`member.${what}`]);
  if (GROUPS.gone.includes(value.status)) return isPending ? nothing : html`<ul class="list">${entry('again', 'person')}</ul>`;
  const mayBeAccompanied = needsOf(app, member)?.needs?.includes('companion') && !value.companion_of && companionsOf(app, member).length === 0;
  return html`<ul class="list">${value.is_placeholder ? entry('name', 'person') : nothing} ${entry('correct', 'note')} ${link(`#/needs/${id}`, 'person', words.needs)}
      ${GROUPS.coming.includes(value.status) ? link(`#/stand-ins/${id}`, 'seat', words['stand-ins.new']) : nothing}
      ${waitingOf(app, id, ['registration.replace']).length === 0 ? entry('replace', 'people') : nothing}
      ${mayBeAccompanied ? entry('companion', 'people') : nothing}</ul>
    ${value.status !== 'invited' && !isPending
      ? html`<div class="actions"><button type="button" class="quiet" @click=${open}>${words['registration.cancel']}</button>
          <dialog aria-labelledby="cancel-title"><form method="dialog" @submit=${(/** @type {SubmitEvent} */ event) => cancel(app, id, event)}>
            <h2 id="cancel-title">${app.say('member.cancelAsk', { name: value.name })}</h2><p>${words['member.cancelText']}</p>
            <div class="field"><label for="cancel-reason">${words['member.reason']}</label><input id="cancel-reason" name="reason" maxlength="500" autocomplete="off"></div>
            <div class="actions"><button type="submit" value="cancel">${words['registration.cancel']}</button>
              <button type="submit" class="quiet" value="">${words.back}</button></div></form></dialog></div>`
      : nothing}`;
}

/** @param {MouseEvent} event */
function open({ currentTarget }) {
  /** @type {HTMLDialogElement} */ (/** @type {Element} */ (currentTarget).nextElementSibling).showModal();
}

/** @param {App} app @param {string} attendee @param {SubmitEvent} event */
function cancel(app, attendee, { submitter, target }) {
  if (/** @type {HTMLButtonElement} */ (submitter).value !== 'cancel') return;
  const reason = String(new FormData(/** @type {HTMLFormElement} */ (target)).get('reason')).trim();
  app.edit({ op: 'registration.cancel', for: attendee, args: reason ? { reason } : {} });
}

/** @param {App} app @param {Member} member @param {boolean} isTheirs */
function drawInvitations(app, { id, delegation }, isTheirs) {
  const { words, programme, client } = app;
  const rows = client.rows('invitations', `delegation:${delegation}`).filter(({ value }) => value.attendee === id);
  if (rows.length === 0) return nothing;
  return html`<section aria-labelledby="invitations"><h2 id="invitations">${words['member.invitations']}</h2>
    ${drawRefused(app, refusedOf(app, id, ['invitation.answer']))}
    <ul class="list">${rows.map((row) => {
      const { object } = row.value;
      const session = programme.session(object);
      const about = session ?? programme.part(object);
      const name = about?.title;
      const { answer, isSent } = app.answerOf(row);
      const isOpen = isTheirs && answer !== 'delegated' && !about?.isCancelled && (session?.end ?? Infinity) > app.now;
      const reply = (/** @type {'accepted' | 'declined'} */ said) => app.answer(row, { answer: said });
      return html`<li class="row"><div class="grow seat"><p class="title">${name ? spoken(app, name) : words.session}${cancelledMark(app, about)}</p>
        ${session ? html`<p class="place">${describeDay(app.locale, session.day, 'long')}, ${timeOf(app, session)}</p>` : nothing}
        <p>${words[`member.invitation.${answer}`]}${notSent(app, !isSent)}</p>
        ${isOpen
          ? html`<div class="actions" role="group" aria-label=${name?.text ?? words.session}>
              ${answer === 'accepted' ? nothing : html`<button type="button" class="small" @click=${() => reply('accepted')}>${words['invitation.accept']}</button>`}
              ${answer === 'declined' ? nothing : html`<button type="button" class="small quiet" @click=${() => reply('declined')}>${words['invitation.decline']}</button>`}</div>`
          : nothing}</div></li>`;
    })}</ul></section>`;
}

/**
 * Sessions with seats. Which ones a member has only the server knows; what is asked for here waits where there is no network.
 *
 * @param {App} app
 * @param {Member} member
 * @param {boolean} isTheirs
 */
function drawSeats(app, { id, value }, isTheirs) {
  const { words, programme } = app;
  const { body, fault } = askedOf(app, `/attendees/${id}/sign-ups?limit=500`, seatMark(app));
  const seats = new Map((body?.items ?? []).map((/** @type {any} */ one) => [one.session, one]));
  const mayAsk = isTheirs && value.status === 'confirmed';
  const sessions = programme.sessions.filter(
    (session) => seats.has(session.id) || (mayAsk && session.value.seats !== undefined && !session.isStub && !session.isCancelled && (session.start ?? Infinity) > app.now),
  );
  if (sessions.length === 0) return fault && !body ? html`<p class="quiet-text">${icon('offline')} ${words['member.seatsUnknown']}</p>` : nothing;
  return html`<section aria-labelledby="seats"><h2 id="seats">${words['member.seats']}</h2>
    ${fault ? html`<p class="banner">${icon('offline')} ${words[body ? 'member.seatsOld' : 'member.seatsUnknown']}</p>` : nothing}
    <ul class="list">${sessions.map((session) => html`<li class="row">${drawSeat(app, id, session, { seat: seats.get(session.id), mayAsk: mayAsk && Boolean(body || fault) })}</li>`)}</ul></section>`;
}

/** @param {App} app @param {string} attendee @param {Session} session @param {{seat: any, mayAsk: boolean}} known */
function drawSeat(app, attendee, session, { seat, mayAsk }) {
  const { words, programme, now, client } = app;
  const { sign_up: rules = {}, choice_group: group } = session.value;
  const isOf = (/** @type {import('../own.js').SentEdit} */ { mutation }) => mutation.args.session === session.id;
  const waiting = waitingOf(app, attendee, SEAT_OPS).filter(isOf);
  const refused = refusedOf(app, attendee, SEAT_OPS).filter(isOf);
  const state = seat && !ENDED.includes(seat.state) ? seat.state : undefined;
  const fill = client.find('session_fills', session.id)?.value.label;
  const choice = group && programme.text(client.find('choice_groups', group)?.value.title);
  const isOpen = !(Date.parse(rules.opens_at) > now) && !(Date.parse(rules.closes_at) <= now) && !session.isCancelled && (session.start ?? Infinity) > now;
  const act = (/** @type {'signup.request' | 'signup.cancel' | 'signup.accept'} */ op) => app.seat(op, session.id, attendee);
  return html`<div class="grow seat"><p class="title"><a href="#/session/${session.id}">${spoken(app, session.title)}</a></p>
    <p class="place">${describeDay(app.locale, session.day, 'long')}, ${timeOf(app, session)}${choice ? html` · ${spoken(app, choice)}` : nothing}</p>
    ${refused.map(
      ({ id, result }) => html`<div class="banner bad"><p class="grow">${icon('warning')} ${words[`member.reason.${result?.reason}`] ?? reasonOf(app, result)}</p>
        <button type="button" class="small quiet" @click=${() => client.dismiss(id)}>${words['changes.dismiss']}</button></div>`,
    )}
    ${state ? html`<p><span class="chip ${state === 'confirmed' ? 'good' : 'warn'}">${words[`seat.short.${state}`]}${seat.number ? ` (${seat.number})` : ''}</span></p>` : fill ? html`<p>${words[`fill.${fill}`]}</p>` : nothing}
    ${waiting.map(({ mutation }) => html`<p>${icon('sent')} ${app.say(`op.${mutation.op}`, { title: session.title.text })}${notSent(app, true)}</p>`)}
    ${mayAsk && isOpen && waiting.length === 0
      ? html`<div class="actions" role="group" aria-label=${session.title.text}>
          ${state === 'offered' ? html`<button type="button" class="small" @click=${() => act('signup.accept')}>${words['seat.accept']}</button>` : nothing}
          ${state
            ? html`<button type="button" class="small quiet" @click=${() => act('signup.cancel')}>${words[state === 'waitlisted' ? 'seat.leave' : 'seat.give']}</button>`
            : html`<button type="button" class="small" @click=${() => act('signup.request')}>${words['seat.ask']}</button>`}</div>`
      : mayAsk && !isOpen && !state ? html`<p class="quiet-text">${words['member.seatsClosed']}</p>` : nothing}</div>`;
}

/**
 * A delegation for who looks after it: its members, places and numbers, who waits, what each has today and who has not come.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { describeDay } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import {
  contactOf, delegationsOf, dutiesOf, GROUPS, holdersOf, membersOf, missingOf, newcomersOf, placesTaken, quotasOf, seatsOf,
} from '../delegation.js';
import { drawRefused, notSent } from '../own.js';
import { emptyNote, heading, spoken, timeOf } from '../parts.js';
import { initials } from './session.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../delegation.js').Delegation} Delegation
 * @typedef {import('../delegation.js').Member} Member
 * @typedef {import('../../common/programme.js').Session} Session
 */

export const tab = 'more';

/** The one that is looked at. @param {App} app @param {string} of */
function chosenOf(app, of) {
  const all = delegationsOf(app);
  return { all, chosen: all.find(({ id }) => id === of) ?? (of ? undefined : all[0]) };
}

/** @param {App} app @param {import('../views.js').Given} given */
export const title = (app, { of }) => chosenOf(app, of).chosen?.name?.text ?? app.words['delegation.mine'];

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { of }) {
  const { words } = app;
  const { all, chosen } = chosenOf(app, of);
  if (!chosen) return html`${heading(words['delegation.mine'])} ${emptyNote(words['delegation.none'])}`;
  const members = membersOf(app, chosen.id);
  const duties = dutiesOf(app, chosen.id);
  return html`${all.length > 1
      ? html`<nav class="choices" aria-label=${words['delegation.choose']}>${all.map(
          ({ id, name }) => html`<a class="button choice" href="#/delegation/${id}" aria-current=${id === chosen.id ? 'true' : nothing}>${spoken(app, name)}</a>`,
        )}</nav>`
      : nothing}
    ${heading(spoken(app, chosen.name))}
    <p class="kicker">${duties.map((duty) => words[`duty.${duty}`]).join(' · ') || words['duty.unknown']}</p>
    ${drawRefused(app, refusedIn(app, chosen.id))}
    ${drawNumbers(app, chosen, members)}
    ${duties.includes('focal_point')
      ? html`<p class="actions"><a class="button" href="#/member-form/${chosen.id}?do=register">${icon('person')} ${words['member.register']}</a></p>`
      : nothing}
    ${drawMembers(app, chosen.id, members)} ${drawToday(app, chosen.id, members)} ${drawHolders(app, chosen.id)}`;
}

/** Who was registered here and refused. @param {App} app @param {string} delegation */
function refusedIn({ client }, delegation) {
  return client.refused.filter(({ mutation }) => mutation.op === 'registration.request' && mutation.args.delegation === delegation);
}

/** @param {App} app @param {Delegation} delegation @param {Member[]} members */
function drawNumbers(app, delegation, members) {
  const { words } = app;
  const { capacity } = delegation.value;
  const count = (/** @type {(value: any) => boolean} */ is) => members.filter(({ value }) => is(value)).length;
  const taken = placesTaken(app, members);
  const line = (/** @type {any} */ name, /** @type {any} */ text) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`;
  const number = (/** @type {{used?: number, most?: number, inside?: number}} */ { used, most, inside }) => {
    const texts = [
      most === undefined ? '' : used === undefined ? app.say('quota.atMost', { most }) : app.say('quota.of', { used, most }),
      inside === undefined ? '' : app.say('quota.inside', { most: inside }),
    ];
    return texts.filter(Boolean).join(' · ');
  };
  const quotas = quotasOf(app, delegation, members);
  const missing = missingOf(app, delegation.id);
  return html`<section class="panel" aria-labelledby="numbers"><h2 id="numbers">${words['delegation.numbers']}</h2>
    <dl class="pairs">
      ${line(words['delegation.places'], capacity === undefined ? String(taken) : app.say('quota.of', { used: taken, most: capacity }))}
      ${line(words['delegation.waiting'], count(({ status }) => GROUPS.waiting.includes(status)))}
      ${line(words['delegation.placeholders'], count((value) => value.is_placeholder && !GROUPS.gone.includes(value.status)))}
      ${missing.body
        ? line(words['delegation.come'], app.say('quota.of', { used: missing.body.admitted, most: missing.body.expected }))
        : missing.fault && missing.fault !== 'problem.not_found' ? line(words['delegation.come'], words[missing.fault]) : nothing}
      ${quotas.map((quota) => line(spoken(app, quota.title), number(quota)))}
    </dl>
    ${quotas.some(({ most, used }) => most !== undefined && used === undefined) ? html`<p class="hint">${words['quota.seats']}</p>` : nothing}</section>`;
}

/** @param {App} app @param {string} delegation @param {Member[]} members */
function drawMembers(app, delegation, members) {
  const { words } = app;
  const newcomers = newcomersOf(app, delegation, members);
  const missing = new Set((missingOf(app, delegation).body?.items ?? []).map((/** @type {any} */ one) => one.attendee));
  const of = (/** @type {readonly string[]} */ group) => members.filter(({ value }) => group.includes(value.status));
  const list = (/** @type {Member[]} */ some) => html`<ul class="list people">${some.map((member) => html`<li>${drawMember(app, member, missing)}</li>`)}</ul>`;
  const [coming, waiting, gone] = [of(GROUPS.coming), of(GROUPS.waiting), of(GROUPS.gone)];
  return html`${members.length + newcomers.length === 0 ? emptyNote(words['delegation.empty']) : nothing}
    ${coming.length > 0 ? html`<section aria-labelledby="coming"><h2 id="coming">${words['delegation.coming']}</h2>${list(coming)}</section>` : nothing}
    ${waiting.length + newcomers.length > 0
      ? html`<section aria-labelledby="waiting"><h2 id="waiting">${words['delegation.waiting']}</h2>${waiting.length > 0 ? list(waiting) : nothing}
          ${newcomers.length > 0
            ? html`<ul class="list">${newcomers.map(
                ({ mutation }) => html`<li class="row">${icon('sent')}<div class="grow"><p class="title">${mutation.args.name}</p><p class="place">${words[`op.${mutation.op}`]}${notSent(app, true)}</p></div></li>`,
              )}</ul>`
            : nothing}</section>`
      : nothing}
    ${gone.length > 0 ? html`<details class="delegation"><summary>${app.say('delegation.gone', { count: gone.length })}</summary>${list(gone)}</details>` : nothing}`;
}

/** @param {App} app @param {Member} member @param {Set<string>} missing */
function drawMember(app, { id, value, isPending }, missing) {
  const { words, programme, client } = app;
  const category = programme.text(client.find('categories', value.category)?.value.title);
  const { position } = value.details ?? {};
  const isComing = GROUPS.coming.includes(value.status);
  return html`<a class="row" href="#/member/${id}"><span class="face" aria-hidden="true">${initials(value.name)}</span>
    <span class="grow"><span class="title">${value.name}</span>
      <span class="place">${position ? html`${position} · ` : nothing}${spoken(app, category)}</span>
      <span class="chips">
        ${value.delegation_role && value.delegation_role !== 'member' ? html`<span class="chip info">${words[`delegationRole.${value.delegation_role}`]}</span>` : nothing}
        ${isComing ? nothing : html`<span class="chip warn">${app.say(`status.${value.status}`, { number: value.waitlist_number ?? '' })}</span>`}
        ${value.is_placeholder ? html`<span class="chip warn">${words.placeholder}</span>` : nothing}
        ${isComing && missing.has(id) ? html`<span class="chip">${words['member.missing']}</span>` : nothing}
        ${isPending ? html`<span class="chip">${words.notSent}</span>` : nothing}
      </span></span>${icon('forward', 'quiet-text')}</a>`;
}

/**
 * What members are invited to and have seats in on a day, with who it is. Invitations are held here; seats are asked for.
 *
 * @param {App} app
 * @param {string} delegation
 * @param {Member[]} members
 */
function drawToday(app, delegation, members) {
  const { words, programme, client } = app;
  const days = programme.days;
  const today = programme.dayOf(app.now);
  const day = days.includes(today) ? today : days.find((one) => one > today);
  if (!day) return nothing;
  const coming = members.filter(({ value }) => GROUPS.coming.includes(value.status));
  const invited = client.rows('invitations', `delegation:${delegation}`);
  const sessions = programme.onDay(day).filter(({ isCancelled }) => !isCancelled);
  const withSeats = sessions.filter(({ isStub, value }) => !isStub && value.seats !== undefined);
  const asked = new Map(withSeats.map((session) => [session.id, seatsOf(app, session.id)]));
  const entries = sessions.flatMap((session) => {
    const seated = (asked.get(session.id)?.body?.items ?? []).filter((/** @type {any} */ { state }) => ['confirmed', 'offered', 'waitlisted'].includes(state));
    const who = coming.flatMap((member) => {
      const seat = seated.find((/** @type {any} */ one) => one.attendee === member.id);
      const row = invited.find(({ value }) => value.attendee === member.id && value.object === session.id);
      const answer = row && app.answerOf(row).answer;
      if (seat) return [{ member, note: words[`seat.short.${seat.state}`] }];
      return answer === 'pending' || answer === 'accepted' ? [{ member, note: words[answer === 'pending' ? 'invited' : 'accepted'] }] : [];
    });
    return who.length > 0 ? [{ session, who }] : [];
  });
  const fault = [...asked.values()].find((one) => one.fault && !one.body)?.fault;
  return html`<section aria-labelledby="their-day"><h2 id="their-day">${day === today ? words['delegation.today'] : describeDay(app.locale, day, 'long')}</h2>
    ${fault ? html`<p class="banner">${icon('offline')} ${words['delegation.seatsUnknown']}</p>` : nothing}
    ${entries.length === 0
      ? emptyNote(words['delegation.nothing'])
      : html`<ul class="list">${entries.map(
          ({ session, who }) => html`<li class="row"><div class="grow"><p class="title"><a href="#/session/${session.id}">${spoken(app, session.title)}</a></p>
            <p class="place">${timeOf(app, session)}</p>
            <ul>${who.map(({ member, note }) => html`<li>${member.value.name} <span class="quiet-text">(${note})</span></li>`)}</ul></div></li>`,
        )}</ul>`}</section>`;
}

/** Who looks after the delegation, and how to reach them. @param {App} app @param {string} delegation */
function drawHolders(app, delegation) {
  const { words } = app;
  const { body, fault } = holdersOf(app, delegation);
  if (!body && !fault) return nothing;
  return html`<section aria-labelledby="holders"><h2 id="holders">${words['delegation.holders']}</h2>
    ${body
      ? html`<ul class="list people">${body.items.map(
          (/** @type {any} */ { name, email, duties }) => html`<li class="row"><span class="face" aria-hidden="true">${initials(name)}</span>
            <div class="grow"><p class="title">${name}</p><p class="place">${duties.map((/** @type {string} */ duty) => words[`looksAfter.${duty}`]).join(' · ')}</p>${contactOf({ email })}</div></li>`,
        )}</ul>`
      : html`<p class="quiet-text">${words[fault]}</p>`}</section>`;
}

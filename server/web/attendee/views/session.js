/**
 * One session: when and where, the way there, its people and talks, and what one has to do with it.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { KIND_WORDS } from '../../common/kind-words.js';
import { explainProblem } from '../../common/problem.js';
import { describeClock, describeDay } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { cancelledMark, chipsOf, describeBefore, emptyNote, heading, paragraphs, spoken, timeOf } from '../parts.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../../common/programme.js').Session} Session
 */

/** Notes being written, by attendee and session. @type {Map<string, string>} */
const drafts = new Map();

/** @param {App} app @param {import('../views.js').Given} given */
export const title = (app, { of }) => app.programme.session(of)?.title.text ?? app.words.session;

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { of }) {
  const { words, programme } = app;
  const session = programme.session(of);
  if (!session) return html`${heading(words.session)} ${emptyNote(words.gone)}`;
  const { value } = session;
  const part = programme.part(value.part);
  return html`
    <article class="detail">
      <header>
        <p class="kicker">${KIND_WORDS[app.language][value.kind] ?? value.kind}${session.number ? html` · ${session.number}` : nothing}</p>
        <h1 tabindex="-1" id="title">${spoken(app, session.title)}</h1>
        ${chipsOf(app, session)}
        ${app.moves.before(session)
          ? html`<div class="banner warn"><div class="grow">${describeBefore(app, session)}</div>
              <button type="button" class="small quiet" @click=${() => see(app, session)}>${words['moved.seen']}</button></div>`
          : nothing}
      </header>
      ${session.isStub ? html`<p class="banner">${icon('lock')} ${words.stub}</p>` : nothing}
      <ul class="facts panel">
        <li>${icon('now')}<div><span class="unseen">${words.when}: </span>${describeDay(app.locale, session.day, 'long')}, ${timeOf(app, session)}</div></li>
        ${drawPlace(app, session)}
        ${part ? html`<li>${icon('programme')}<div><span class="unseen">${words.part}: </span>${spoken(app, part.title)}${cancelledMark(app, part)}</div></li>` : nothing}
        ${drawTracks(app, session)}
        ${value.openness?.length
          ? html`<li>${icon('globe')}<div><span class="unseen">${words.openness}: </span>${value.openness.map((/** @type {string} */ one) => words[`openness.${one}`]).join(' · ')}</div></li>`
          : nothing}
      </ul>
      ${app.mine.attendees.map((attendee) => drawOwn(app, session, attendee))}
      ${paragraphs(app, programme.text(value.objective))} ${paragraphs(app, programme.text(value.description))}
      ${drawVehicles(app, session)}
      ${value.people ? html`<section><h2>${words.people}</h2>${drawPeople(app, value.people)}</section>` : nothing}
      ${value.talks
        ? html`<section><h2>${words.talks}</h2><ol class="talks">${value.talks.map(
            (/** @type {any} */ talk) => html`<li class="panel"><h3>${spoken(app, programme.text(talk.title))}</h3>
              ${paragraphs(app, programme.text(talk.summary))} ${talk.people ? drawPeople(app, talk.people) : nothing}</li>`,
          )}</ol></section>`
        : nothing}
      ${drawDocuments(app, session)} ${drawLinks(app, value.links)}
    </article>
  `;
}

/** @param {App} app @param {Session} session */
function see(app, session) {
  app.moves.see(session);
  app.redraw();
}

/** @param {App} app @param {Session} session */
function drawPlace(app, session) {
  const { words, programme } = app;
  const { transfer } = session.value;
  const venueLink = (/** @type {string | undefined} */ id) => {
    const venue = programme.venue(id);
    return venue ? html`<a href="#/venue/${venue.id}">${spoken(app, venue.name)}</a>` : nothing;
  };
  if (transfer) {
    return html`${transfer.from ? html`<li>${icon('bus')}<div><p class="fact">${words.from}</p>${venueLink(transfer.from)}</div></li>` : nothing}
      ${transfer.to ? html`<li>${icon('place')}<div><p class="fact">${words.to}</p>${venueLink(transfer.to)}</div></li>` : nothing}`;
  }
  const { roomId, venueId } = session.place;
  if (!roomId && !venueId) return nothing;
  const [room, venue] = [programme.room(roomId), programme.venue(venueId)];
  const way = [programme.text(room?.value.directions), programme.text(venue?.value.directions)].filter(Boolean);
  return html`<li>${icon('place')}<div><span class="unseen">${words.where}: </span>${room ? html`<span class="strong">${spoken(app, room.name)}</span>${venue ? ' · ' : ''}` : nothing}${venueLink(venueId)}
        ${venue?.value.address ? html`<br><span class="quiet-text">${venue.value.address}</span>` : nothing}</div></li>
    ${way.length > 0
      ? html`<li>${icon('moved')}<div><p class="fact">${words.wayThere}</p>${way.map((text) => paragraphs(app, text))}</div></li>`
      : nothing}`;
}

/** @param {App} app @param {Session} session */
function drawTracks(app, { value }) {
  const tracks = (value.tracks ?? []).map((/** @type {string} */ id) => app.programme.tracks.find((one) => one.id === id)).filter(Boolean);
  if (tracks.length === 0) return nothing;
  return html`<li>${icon('star')}<div><span class="unseen">${app.words.track}: </span>${tracks.map((/** @type {any} */ track, /** @type {number} */ at) => html`${at > 0 ? ' · ' : nothing}${spoken(app, track.title)}`)}</div></li>`;
}

/** What one attendee has to do with the session. @param {App} app @param {Session} session @param {string} attendee */
function drawOwn(app, session, attendee) {
  const { words } = app;
  const tie = app.mine.tie(session, attendee);
  const isOne = app.mine.attendees.length === 1;
  if (session.isStub) return nothing;
  const refused = app.client.refused.filter(({ mutation }) => mutation.for === attendee && mutation.args.session === session.id);
  return html`<section class="panel own" aria-label=${isOne ? words.yours : app.nameOf(attendee)}>
    ${isOne ? nothing : html`<h2>${app.nameOf(attendee)}</h2>`}
    ${refused.map(
      ({ id, result }) => html`<div class="banner bad"><p class="grow">${icon('warning')} ${reasonOf(app, result)}</p>
        <button type="button" class="small quiet" @click=${() => app.client.dismiss(id)}>${words['changes.dismiss']}</button></div>`,
    )}
    ${tie.invitation ? drawInvitation(app, tie.invitation) : nothing} ${drawStandIns(app, session, attendee)} ${drawSeat(app, session, attendee, tie.seat)}
    <div class="actions">
      <button type="button" class="quiet" aria-pressed=${tie.star ? 'true' : 'false'} @click=${() => app.star(session, attendee, !tie.star)}>
        ${icon('star', tie.star ? 'filled' : '')} ${tie.star ? words.unstar : words.star}${tie.star?.isPending ? html` <span class="quiet-text">(${words.notSent})</span>` : nothing}
      </button>
      ${app.attendees.length > 1 && !session.isCancelled && (session.end ?? Infinity) > app.now
        ? html`<a class="button quiet" href="#/stand-ins/${attendee}?session=${session.id}">${words['standIn.arrange']}</a>`
        : nothing}
    </div>
    ${drawNote(app, session, attendee)}
  </section>`;
}

/** Who sits in for an attendee there, and for whom they do. @param {App} app @param {Session} session @param {string} attendee */
function drawStandIns(app, session, attendee) {
  const rows = app.client.rows('stand_ins', `own:${attendee}`);
  const isHere = (/** @type {any} */ { value }) => (value.session ? value.session === session.id : value.day === session.day);
  return rows.filter(isHere).map(({ value }) => {
    const isSatIn = value.attendee === attendee;
    const name = app.nameOf(isSatIn ? value.stand_in : value.attendee) || app.words['standIn.somebody'];
    return html`<p class="banner">${icon('person')} ${app.say(isSatIn ? 'standIn.by' : 'standIn.for', { name })}</p>`;
  });
}

/** Why an edit was refused, in words. @param {App} app @param {import('../../common/sync/replica.js').Result | undefined} result */
export function reasonOf(app, result) {
  return explainProblem(app.words, result?.reason);
}

/** @param {App} app @param {import('../../common/sync/shown.js').ShownRow} invitation */
export function drawInvitation(app, invitation) {
  const { words } = app;
  const { answer, isSent } = app.answerOf(invitation);
  const text = isSent
    ? app.say(`invitation.${answer}`, { name: invitation.value.delegated_to?.name ?? '' })
    : app.say('invitation.waiting', { answer: words[answer] });
  const said = html`<p class="grow">${icon('inbox')} ${text}</p>`;
  if (app.programme.session(invitation.value.object)?.isCancelled) return html`<div class="banner">${said}</div>`;
  return html`<div class="banner">${said}
    <div class="actions">
      ${answer !== 'accepted' && answer !== 'delegated'
        ? html`<button type="button" class="small" @click=${() => app.answer(invitation, { answer: 'accepted' })}>${words['invitation.accept']}</button>`
        : nothing}
    </div>
    ${answer !== 'declined' && answer !== 'delegated' ? drawDecline(app, invitation) : nothing}
    ${answer === 'delegated' ? nothing : drawDelegation(app, invitation)}</div>`;
}

/** Declining, with a word if one likes. @param {App} app @param {import('../../common/sync/shown.js').ShownRow} invitation */
function drawDecline(app, invitation) {
  const { words } = app;
  const id = `word-${invitation.id}`;
  return html`<details class="delegation"><summary>${words['invitation.decline']}</summary>
    <form @submit=${(/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const word = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('word')).trim();
      app.answer(invitation, { answer: 'declined', ...(word && { word }) });
    }}>
      <label for=${id}>${words['invitation.word']}</label>
      <textarea id=${id} name="word" rows="2" maxlength="1000"></textarea>
      <button type="submit" class="small quiet">${words['invitation.declineDo']}</button>
    </form></details>`;
}

/** Naming somebody to come instead. @param {App} app @param {import('../../common/sync/shown.js').ShownRow} invitation */
function drawDelegation(app, invitation) {
  const { words } = app;
  const [name, email] = [`delegate-${invitation.id}`, `delegate-email-${invitation.id}`];
  return html`<details class="delegation"><summary>${words['invitation.delegate']}</summary>
    <form @submit=${(/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
      const delegate = { name: String(data.get('name')).trim(), email: String(data.get('email')).trim() };
      app.answer(invitation, { answer: 'delegated', delegate });
    }}>
      <label for=${name}>${words['invitation.delegateName']}</label>
      <input id=${name} name="name" required maxlength="200" autocomplete="off" pattern=".*\\S.*">
      <label for=${email}>${words['invitation.delegateEmail']}</label>
      <input id=${email} name="email" type="email" required maxlength="254" autocomplete="off">
      <button type="submit" class="small">${words['invitation.delegateDo']}</button>
    </form></details>`;
}

/** @param {App} app @param {Session} session @param {string} attendee @param {import('../../common/sync/shown.js').ShownRow | undefined} seat */
function drawSeat(app, session, attendee, seat) {
  const { words, programme, locale, now } = app;
  const { seats, sign_up: rules = {}, choice_group: group } = session.value;
  if (seats === undefined && !seat) return nothing;
  const fill = app.client.find('session_fills', session.id)?.value.label;
  const choice = group && programme.text(app.client.find('choice_groups', group)?.value.title);
  const state = seat?.value.state;
  const time = (/** @type {string} */ at) => describeClock(locale, programme.zone, Date.parse(at), true);
  const [opens, closes] = [rules.opens_at && Date.parse(rules.opens_at), rules.closes_at && Date.parse(rules.closes_at)];
  const isOpen = (!opens || opens <= now) && (!closes || now < closes) && !session.isCancelled && (session.start ?? Infinity) > now;
  const texts = { time: seat?.value.offered_until ? time(seat.value.offered_until) : '', number: seat?.value.number ?? '' };
  const ask = app.client.outbox.some(({ mutation }) => mutation.op === 'signup.cancel' && mutation.for === attendee && mutation.args.session === session.id);
  return html`<div class="seat">
    <h2>${icon('seat')} ${words.seats}</h2>
    ${state ? html`<p class="strong">${app.say(`seat.${state}`, texts)}${seat?.isPending ? html` <span class="quiet-text">(${words.notSent})</span>` : nothing}</p>` : nothing}
    ${fill && state !== 'confirmed' ? html`<p>${words[`fill.${fill}`]}</p>` : nothing}
    ${choice ? html`<p class="quiet-text">${app.say('seat.choice', { title: choice.text })}</p>` : nothing}
    ${opens && opens > now ? html`<p class="quiet-text">${app.say('seat.opens', { time: time(rules.opens_at) })}</p>` : nothing}
    ${closes && closes <= now ? html`<p class="quiet-text">${app.say('seat.closed', { time: time(rules.closes_at) })}</p>` : nothing}
    ${ask ? html`<p class="quiet-text">${words['seat.give']} (${words.notSent})</p>` : nothing}
    <div class="actions">
      ${state === 'offered' ? html`<button type="button" @click=${() => app.seat('signup.accept', session.id, attendee)}>${words['seat.accept']}</button>` : nothing}
      ${state && state !== 'cancelled' && state !== 'lapsed'
        ? html`<button type="button" class="quiet" @click=${() => app.seat('signup.cancel', session.id, attendee)}>
            ${state === 'waitlisted' ? words['seat.leave'] : words['seat.give']}</button>`
        : isOpen && seats !== undefined
          ? html`<button type="button" @click=${() => app.seat('signup.request', session.id, attendee)}>${words['seat.ask']}</button>`
          : nothing}
    </div>
  </div>`;
}

/** @param {App} app @param {Session} session @param {string} attendee */
function drawNote(app, session, attendee) {
  const { words } = app;
  const note = app.mine.notes.get(session.id)?.find(({ scope }) => scope === `own:${attendee}`);
  const key = `${attendee} ${session.id}`;
  const kept = note?.value.text ?? '';
  const draft = drafts.get(key);
  const isChanged = draft !== undefined && draft !== kept;
  return html`<details class="note" ?open=${Boolean(note) || isChanged}>
    <summary>${icon('note')} ${words.note}${note?.isPending ? html` <span class="quiet-text">(${words.notSent})</span>` : nothing}</summary>
    <label class="unseen" for="note-${attendee}">${words.note}</label>
    <textarea id="note-${attendee}" maxlength="20000" aria-describedby="note-hint-${attendee}" .value=${draft ?? kept}
      @input=${(/** @type {InputEvent} */ event) => {
        drafts.set(key, /** @type {HTMLTextAreaElement} */ (event.target).value);
        app.redraw();
      }}></textarea>
    <p class="hint" id="note-hint-${attendee}">${words['note.hint']}</p>
    <div class="actions">
      <button type="button" class="small" ?disabled=${!isChanged} @click=${() => keepNote(app, session, attendee, note, draft ?? '')}>${words['note.save']}</button>
      ${isChanged ? html`<span class="quiet-text">${words['note.unsaved']}</span>` : nothing}
    </div>
  </details>`;
}

/**
 * @param {App} app
 * @param {Session} session
 * @param {string} attendee
 * @param {import('../../common/sync/shown.js').ShownRow | undefined} note
 * @param {string} text
 */
async function keepNote(app, session, attendee, note, text) {
  if (await app.writeNote(attendee, session.id, note, text.trim())) {
    drafts.delete(`${attendee} ${session.id}`);
    app.tell({ note: app.words['note.saved'] });
  }
}

/** @param {App} app @param {any[]} people */
export function drawPeople(app, people) {
  const { words, programme } = app;
  return html`<ul class="list people">${people.map(
    ({ person, name, form_of_address: address, role, presence, affiliations = [] }) => html`<li><a class="row" href="#/person/${person}">
      <span class="face" aria-hidden="true">${initials(name)}</span>
      <span class="grow"><span class="title">${address ? `${address} ` : ''}${name}</span>
        <span class="place">${words[`role.${role}`] ?? role}${presence === 'by_video' ? ` · ${words.byVideo}` : ''}</span>
        ${affiliations.map((/** @type {any} */ one) => html`<span class="place">${describeAffiliation(app, programme, one)}</span>`)}</span>
    </a></li>`,
  )}</ul>`;
}

/** @param {App} app @param {App['programme']} programme @param {any} affiliation */
export function describeAffiliation(app, programme, { position, organisation, country }) {
  const parts = [spoken(app, programme.text(position)), spoken(app, programme.text(organisation))].filter((one) => one !== nothing);
  if (country) parts.push(new Intl.DisplayNames(app.locale, { type: 'region' }).of(country) ?? country);
  return parts.map((one, at) => html`${at > 0 ? ', ' : nothing}${one}`);
}

/** The letters that stand for a face. @param {string} name */
export function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => [...(word ?? '')][0] ?? '').join('').toUpperCase();
}

/** @param {App} app @param {Session} session */
function drawVehicles(app, session) {
  const { words, programme, locale } = app;
  const vehicles = app.client.rows('vehicles').filter(({ value }) => value.session === session.id);
  if (vehicles.length === 0) return nothing;
  return html`<section><h2>${words.vehicles}</h2><ul class="list">${vehicles.map(
    ({ value }) => html`<li class="row">${icon('bus')}<div class="grow"><p class="title">${spoken(app, programme.text(value.name))}${value.plate ? ` · ${value.plate}` : ''}</p>
      ${(value.stops ?? []).map(
        (/** @type {any} */ stop) => html`<p class="place">${stop.at ? `${describeClock(locale, programme.zone, Date.parse(stop.at))} · ` : ''}${spoken(app, programme.text(stop.place))}</p>`,
      )}</div></li>`,
  )}</ul></section>`;
}

/** @param {App} app @param {Session} session */
function drawDocuments(app, session) {
  const documents = app.client.rows('documents').filter(({ value }) => value.session === session.id && value.state === 'published');
  if (documents.length === 0) return nothing;
  return html`<section><h2>${app.words.documents}</h2><ul class="list">${documents.map(
    ({ value }) => html`<li class="row"><div class="grow"><p class="title">${spoken(app, app.programme.text(value.title))}</p>
      ${value.symbol ? html`<p class="place">${value.symbol}${value.revision ? ` · ${value.revision}` : ''}</p>` : nothing} ${drawLinks(app, value.links)}</div></li>`,
  )}</ul></section>`;
}

/** Links to pages elsewhere. @param {App} app @param {any[] | undefined} links */
export function drawLinks(app, links) {
  if (!links?.length) return nothing;
  return html`<p class="links">${links.map(
    ({ url, title: of }) => html`<a href=${url} target="_blank" rel="noopener noreferrer">${of ? spoken(app, app.programme.text(of)) : new URL(url).host}</a> `,
  )}</p>`;
}

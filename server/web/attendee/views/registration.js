/**
 * How one is registered, and registering: for the first time, or again.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { newId } from '../../common/sync/ids.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { answerFields, check, Drafts, drawFields, merge, patchOf, personFields, showFault } from '../form.js';
import { drawRefused, notSent, refusedOf, registrationOf, registrationWanted, waitingOf } from '../own.js';
import { heading, paragraphs, spoken } from '../parts.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

/** What moves a registration from one status to another. */
const MOVES = ['registration.answer', 'registration.cancel'];

const drafts = new Drafts('register');

/** The categories chosen in the forms, by attendee; a first registration of one's own has none yet. @type {Map<string, string>} */
const chosen = new Map();

/** @param {App} app */
export const title = (app) => app.words.registration;

/** @param {App} app */
export function draw(app) {
  const { words } = app;
  if (!app.client.session) {
    return html`${heading(words.registration)}<div class="panel empty"><p>${words.signInText}</p><p><a class="button" href="/sign-in">${words.signIn}</a></p></div>`;
  }
  const attendees = app.looked;
  return html`${heading(words.registration)}
    ${attendees.map(({ id, name }) => {
      const row = registrationOf(app, id);
      return row ? drawStatus(app, id, name, row) : drawNone(app, name, id);
    })}
    ${attendees.length === 0 ? drawNone(app, undefined, undefined) : nothing}`;
}

/** Where there is no registration yet. @param {App} app @param {string | undefined} name @param {string | undefined} attendee */
function drawNone(app, name, attendee) {
  const { words, client } = app;
  // Whoever asks for the first time has no rows here before the server has answered.
  const isFirst = (/** @type {import('../own.js').SentEdit} */ { mutation }) =>
    mutation.op === 'registration.request' && (mutation.for === attendee || !attendee);
  const refused = client.refused.filter(isFirst);
  const isWaiting = client.outbox.some(isFirst);
  return html`<section class="panel">${name ? html`<h2>${name}</h2>` : nothing} ${drawRefused(app, refused)}
      <p>${isWaiting ? html`${icon('sent')} ${words['op.registration.request']}${notSent(app, true)}` : words['registration.none']}</p></section>
    ${isWaiting ? nothing : drawForm(app, attendee, refused)}`;
}

/**
 * @param {App} app
 * @param {string} attendee
 * @param {string} name
 * @param {import('../../common/sync/shown.js').ShownRow} row
 */
function drawStatus(app, attendee, name, row) {
  const { words, programme } = app;
  const { value } = row;
  const category = programme.text(app.client.find('categories', value.category)?.value.title);
  const delegation = programme.text(value.delegation_name ?? app.client.find('delegations', value.delegation)?.value.name);
  const kind = { confirmed: 'good', declined: 'bad', cancelled: 'bad' }[/** @type {'confirmed'} */ (value.status)] ?? 'warn';
  const move = (/** @type {string} */ op, /** @type {object} */ args) => app.edit({ op, for: attendee, args });
  const waiting = waitingOf(app, attendee, MOVES);
  const refused = refusedOf(app, attendee, ['registration.request']);
  const { email, phone } = value.details ?? {};
  const hasLeft = ['declined', 'cancelled'].includes(value.status);
  return html`<section class="panel" aria-label=${name}>
    <h2>${name}</h2>
    ${drawRefused(app, [...refusedOf(app, attendee, MOVES), ...refused])}
    <p><span class="chip ${kind}">${app.say(`status.${value.status}`, { number: value.waitlist_number ?? '' })}</span>
      ${notSent(app, row.isPending)}</p>
    ${waiting.map(({ mutation }) => html`<p>${icon('sent')} ${words[`op.${mutation.op}`]}${notSent(app, true)}</p>`)}
    ${value.reason ? html`<p>${value.reason}</p>` : nothing}
    <dl class="pairs">
      ${category ? html`<div><dt>${words.category}</dt><dd>${spoken(app, category)}</dd></div>` : nothing}
      ${delegation ? html`<div><dt>${words.delegation}</dt><dd>${spoken(app, delegation)}</dd></div>` : nothing}
      ${email ? html`<div><dt>${words['person.email']}</dt><dd>${email}</dd></div>` : nothing}
      ${phone ? html`<div><dt>${words['person.phone']}</dt><dd>${phone}</dd></div>` : nothing}
    </dl>
    <div class="actions">
      ${value.status === 'invited' && waiting.length === 0
        ? html`<button type="button" @click=${() => move('registration.answer', { answer: 'accepted' })}>${words['registration.accept']}</button>
            <button type="button" class="quiet" @click=${() => move('registration.answer', { answer: 'declined' })}>${words['registration.decline']}</button>`
        : nothing}
    </div>
    <ul class="list">${linksOf(app, attendee)}</ul>
    <div class="actions">
      ${['requested', 'waitlisted', 'confirmed'].includes(value.status) && waiting.length === 0 && !row.isPending
        ? html`<button type="button" class="quiet" @click=${confirmCancel}>${words['registration.cancel']}</button>
            <dialog aria-label=${words['registration.cancel']}><p class="strong">${words['registration.cancel']}: ${name}?</p>
              <p>${words['registration.cancelText']}</p><div class="actions">
              <button type="button" @click=${(/** @type {MouseEvent} */ event) => {
                dialogOf(event)?.close();
                move('registration.cancel', {});
              }}>${words['registration.cancel']}</button>
              <button type="button" class="quiet" @click=${(/** @type {MouseEvent} */ event) => dialogOf(event)?.close()}>${words.back}</button></div></dialog>`
        : nothing}
    </div>
  </section>
  ${hasLeft ? html`<section aria-labelledby="again-${attendee}"><h2 id="again-${attendee}">${words['registration.again']}</h2>
      <p class="quiet-text">${words['registration.againText']}</p>${drawForm(app, attendee, refused)}</section>` : nothing}`;
}

/** What there is to see and to say of a registration. @param {App} app @param {string} attendee */
function linksOf(app, attendee) {
  const { words } = app;
  /** @type {(view: string, sign: any, ops: string[], isOf?: (edit: import('../own.js').SentEdit) => boolean) => any} */
  const entry = (view, sign, ops, isOf = () => true) => {
    const count = refusedOf(app, attendee, ops).filter(isOf).length;
    const isWaiting = waitingOf(app, attendee, ops).some(isOf);
    return html`<li><a class="row" href="#/${view}/${attendee}">${icon(sign)}<span class="grow">${words[view]}</span>
      ${count > 0 ? html`<span class="chip bad">${words['changes.refused']}</span>` : notSent(app, isWaiting)}
      ${icon('forward', 'quiet-text')}</a></li>`;
  };
  const change = ['registration.change'];
  return html`${entry('correct', 'note', change, ({ mutation }) => !mutation.args.shares)}
    ${entry('needs', 'person', ['access_needs.put', 'access_needs.delete'])}
    ${entry('stand-ins', 'seat', ['stand_in.create', 'stand_in.end'])}
    ${entry('consents', 'check', ['consent.set'])}
    ${entry('shares', 'people', change, ({ mutation }) => Boolean(mutation.args.shares))}`;
}

/** @param {MouseEvent} event */
function confirmCancel({ currentTarget }) {
  /** @type {HTMLDialogElement} */ (/** @type {Element} */ (currentTarget).nextElementSibling).showModal();
}

/** @param {MouseEvent} event */
const dialogOf = ({ currentTarget }) => /** @type {Element} */ (currentTarget).closest('dialog');

/**
 * The form, where anybody may ask for a place.
 *
 * @param {App} app
 * @param {string | undefined} attendee
 * @param {import('../own.js').SentEdit[]} refused What was asked for and refused.
 */
function drawForm(app, attendee, refused) {
  const { words, programme, now } = app;
  const isOpen = (/** @type {any} */ { enrolment = 'closed', opens_at: opens, closes_at: closes }) =>
    enrolment !== 'closed' && (!opens || Date.parse(opens) <= now) && (!closes || now < Date.parse(closes));
  const categories = app.client.rows('categories').filter(({ value }) => isOpen(value));
  if (categories.length === 0) return html`<p class="quiet-text">${words['registration.closed']}</p>`;
  const name = attendee ?? 'new';
  const known = (attendee && registrationWanted(app, attendee)) ?? { name: attendee ? app.nameOf(attendee) : app.client.session?.account.name };
  const wished = chosen.get(name) ?? known.category;
  const category = categories.find(({ id }) => id === wished) ?? categories[0];
  const fields = [...personFields(app), ...answerFields(app, category.value)];
  const draft = drafts.of(app, name, fields, refused.at(-1));
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    send(app, attendee, { category, fields, draft, known, refused });
  };
  return html`<form class="panel" novalidate @submit=${submit}>
    <div class="field"><label for="category-${name}">${words.category}</label>
    <select id="category-${name}" @change=${(/** @type {Event} */ event) => {
      chosen.set(name, /** @type {HTMLSelectElement} */ (event.target).value);
      app.redraw();
    }}>${categories.map(({ id, value }) => html`<option value=${id} ?selected=${id === category.id}>${programme.text(value.title)?.text}</option>`)}</select></div>
    ${drawFields(app, fields, draft, known)}
    ${(category.value.consents ?? []).map((/** @type {any} */ consent) => drawConsent(app, consent, draft, known))}
    <button type="submit">${words['registration.register']}</button>
  </form>`;
}

/** Where a consent stands among what is written. @param {{key: string}} consent */
const placeOf = ({ key }) => `/consents/${key}`;

/** Whether somebody agrees to a text, by what is written or was said before. @param {any} consent @param {import('../form.js').Draft} draft @param {any} known @returns {boolean} */
function agrees(consent, draft, known) {
  const before = known.consents?.find((/** @type {any} */ one) => one.consent === consent.key);
  return draft.values.get(placeOf(consent)) ?? (before?.is_given === true && before.version === consent.version);
}

/** @param {App} app @param {any} consent @param {import('../form.js').Draft} draft @param {any} known */
function drawConsent(app, consent, draft, known) {
  const { words, programme } = app;
  const [at, id] = [placeOf(consent), draft.idOf(placeOf(consent))];
  const fault = draft.faults.get(at);
  return html`<div class="check"><input type="checkbox" id=${id} ?required=${consent.is_required} .checked=${agrees(consent, draft, known)}
      aria-describedby="${id}-text ${id}-fault" aria-invalid=${fault ? 'true' : nothing} @change=${(/** @type {Event} */ { target }) => {
        draft.values.set(at, /** @type {HTMLInputElement} */ (target).checked);
        draft.faults.delete(at);
        app.redraw();
      }}>
    <label for=${id}>${words.agree}${consent.is_required ? ` (${words.required})` : ''}</label>
    <div id="${id}-text">${paragraphs(app, programme.text(consent.text))}</div>
    <p class="field-fault" id="${id}-fault">${fault ?? nothing}</p></div>`;
}

/**
 * @param {App} app
 * @param {string | undefined} attendee
 * @param {{category: import('../../common/sync/shown.js').ShownRow, fields: import('../form.js').Field[], draft: import('../form.js').Draft, known: any, refused: import('../own.js').SentEdit[]}} made
 */
async function send(app, attendee, { category, fields, draft, known, refused }) {
  const consents = category.value.consents ?? [];
  check(app, fields, draft, known);
  for (const consent of consents) if (consent.is_required && !agrees(consent, draft, known)) draft.faults.set(placeOf(consent), app.words.missing);
  app.redraw();
  if (draft.faults.size > 0) {
    showFault(draft);
    return;
  }
  // The server takes a registration as it is asked for now, so what was said before goes along.
  const { name, details = {}, answers: all = {} } = merge(known, patchOf(fields, draft, known));
  const answers = Object.fromEntries(Object.entries(all).filter(([key]) => fields.some(({ at }) => at === `/answers/${key}`)));
  const given = consents.filter((/** @type {any} */ consent) => agrees(consent, draft, known));
  const args = {
    category: category.id,
    ...(attendee && name === known.name ? {} : { name }),
    ...(attendee ? {} : { relation: 'self' }),
    ...(Object.keys(details).length > 0 && { details }),
    ...(Object.keys(answers).length > 0 && { answers }),
    ...(known.shares && { shares: known.shares }),
    ...(given.length > 0 && {
      consents: given.map((/** @type {any} */ { key, version, text }) => ({
        consent: key,
        version,
        language: app.programme.text(text)?.tag,
        is_given: true,
      })),
    }),
  };
  if (!(await app.edit({ op: 'registration.request', for: attendee ?? newId(), args }))) return;
  drafts.drop(attendee ?? 'new');
  for (const { id } of refused) await app.client.dismiss(id);
  app.tell({ note: app.words['registration.sent'] });
  scrollTo(0, 0);
}

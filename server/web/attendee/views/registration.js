/**
 * How one is registered, and registering: for the first time, or again, and somebody whom one assists.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { newId } from '../../common/sync/ids.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { answerFields, check, Drafts, drawFields, merge, needFields, patchOf, personFields, showFault } from '../form.js';
import { drawRefused, notSent, refusedOf, registrationOf, registrationWanted, waitingOf } from '../own.js';
import { heading, paragraphs, spoken } from '../parts.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

/** What moves a registration from one status to another. */
const MOVES = ['registration.answer', 'registration.cancel'];

const REQUEST = ['registration.request'];

const drafts = new Drafts('register');

/** The categories chosen in the forms, by attendee, or by how one stands to who is not there yet. @type {Map<string, string>} */
const chosen = new Map();

/** Whether the form for somebody whom one assists is open: few want it, and it is long. */
let isAssisting = false;

/** @typedef {import('../app.js').Attendee['relation']} Relation How one stands to whom one registers. */

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
    ${attendees.length === 0 ? drawNone(app, undefined, undefined) : nothing}
    ${drawAssisted(app)}`;
}

/** Where there is no registration yet. @param {App} app @param {string | undefined} name @param {string | undefined} attendee */
function drawNone(app, name, attendee) {
  const { words, client } = app;
  // Whoever asks for the first time has no rows here before the server has answered.
  const isFirst = (/** @type {import('../own.js').SentEdit} */ edit) => (attendee ? edit.mutation.for === attendee && REQUEST.includes(edit.mutation.op) : isNewAs('self', edit));
  const refused = client.refused.filter(isFirst);
  const isWaiting = client.outbox.some(isFirst);
  return html`<section class="panel">${name ? html`<h2>${name}</h2>` : nothing} ${drawRefused(app, refused)}
      <p>${isWaiting ? html`${icon('sent')} ${words['op.registration.request']}${notSent(app, true)}` : words['registration.none']}</p></section>
    ${isWaiting ? nothing : drawForm(app, { attendee, refused })}`;
}

/** Whom one is to act for, and registers as their assistant. @param {App} app */
function drawAssisted(app) {
  const { words, client } = app;
  if (openCategories(app).length === 0) return nothing;
  const isAssisted = (/** @type {import('../own.js').SentEdit} */ edit) => isNewAs('assistant', edit);
  const toggle = (/** @type {Event} */ { target }) => {
    isAssisting = /** @type {HTMLDetailsElement} */ (target).open;
    app.redraw();
  };
  const [waiting, refused] = [client.outbox.filter(isAssisted), client.refused.filter(isAssisted)];
  return html`${waiting.map(({ mutation }) => html`<section class="panel"><h2>${mutation.args.name}</h2>
      <p>${icon('sent')} ${words['op.registration.request']}${notSent(app, true)}</p></section>`)}
    <details class="panel" ?open=${refused.length > 0} @toggle=${toggle}><summary>${words['registration.assist']}</summary>
      ${isAssisting ? html`<p class="quiet-text">${words['registration.assistText']}</p> ${drawRefused(app, refused)} ${drawForm(app, { relation: 'assistant', refused })}` : nothing}</details>`;
}

/** Whether an edit registers somebody new to whom one stands so. @param {Relation} relation @param {import('../own.js').SentEdit} edit */
const isNewAs = (relation, { mutation: { op, args } }) => REQUEST.includes(op) && args.relation === relation;

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
  const refused = refusedOf(app, attendee, REQUEST);
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
      <p class="quiet-text">${words['registration.againText']}</p>${drawForm(app, { attendee, refused })}</section>` : nothing}`;
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

/** In which anybody may ask for a place now. @param {App} app */
function openCategories({ client, now }) {
  const isOpen = (/** @type {any} */ { enrolment = 'closed', opens_at: opens, closes_at: closes }) =>
    enrolment !== 'closed' && (!opens || Date.parse(opens) <= now) && (!closes || now < Date.parse(closes));
  return client.rows('categories').filter(({ value }) => isOpen(value));
}

/**
 * The form, where anybody may ask for a place.
 *
 * @param {App} app
 * @param {{attendee?: string, relation?: Relation, refused: import('../own.js').SentEdit[]}} given Who it is for, or how one stands
 *   to who is new, and what was asked for and refused.
 */
function drawForm(app, { attendee, relation = 'self', refused }) {
  const { words, programme } = app;
  const categories = openCategories(app);
  if (categories.length === 0) return html`<p class="quiet-text">${words['registration.closed']}</p>`;
  const name = attendee ?? relation;
  const own = attendee ? app.nameOf(attendee) : app.client.session?.account.name;
  const known = (attendee && registrationWanted(app, attendee)) ?? (relation === 'self' ? { name: own } : {});
  const wished = chosen.get(name) ?? known.category;
  const category = categories.find(({ id }) => id === wished) ?? categories[0];
  const needs = attendee ? [] : needFields(app, { at: '/access_needs', isOwn: relation === 'self' });
  const fields = [...personFields(app), ...answerFields(app, category.value), ...needs];
  const draft = drafts.of(app, name, fields, refused.at(-1));
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    send(app, { attendee, relation, name }, { category, fields, draft, known, refused });
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
 * @param {{attendee?: string, relation: Relation, name: string}} whom With the name of what is written.
 * @param {{category: import('../../common/sync/shown.js').ShownRow, fields: import('../form.js').Field[], draft: import('../form.js').Draft, known: any, refused: import('../own.js').SentEdit[]}} made
 */
async function send(app, { attendee, relation, name: form }, { category, fields, draft, known, refused }) {
  const consents = category.value.consents ?? [];
  check(app, fields, draft, known);
  for (const consent of consents) if (consent.is_required && !agrees(consent, draft, known)) draft.faults.set(placeOf(consent), app.words.missing);
  app.redraw();
  if (draft.faults.size > 0) {
    showFault(draft);
    return;
  }
  // The server takes a registration as it is asked for now, so what was said before goes along.
  const { name, details = {}, answers: all = {}, access_needs: needs } = merge(known, patchOf(fields, draft, known));
  const answers = Object.fromEntries(Object.entries(all).filter(([key]) => fields.some(({ at }) => at === `/answers/${key}`)));
  const given = consents.filter((/** @type {any} */ consent) => agrees(consent, draft, known));
  const args = {
    category: category.id,
    ...(attendee && name === known.name ? {} : { name }),
    ...(attendee ? {} : { relation }),
    ...(Object.keys(details).length > 0 && { details }),
    ...(Object.keys(answers).length > 0 && { answers }),
    ...(needs && { access_needs: needs }),
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
  drafts.drop(form);
  for (const { id } of refused) await app.client.dismiss(id);
  app.tell({ note: app.words['registration.sent'] });
  scrollTo(0, 0);
}

/**
 * How one is registered, and registering.
 *
 * @module
 */

import { newId } from '../../common/sync/ids.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { heading, paragraphs, spoken } from '../parts.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

/** What is missing, by the key of its field. @type {Set<string>} */
let missing = new Set();

/** The category chosen in the form. @type {string | undefined} */
let chosen;

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
      const row = app.client.rows('registrations', `own:${id}`)[0];
      return row ? drawStatus(app, id, name, row) : html`<section class="panel"><h2>${name}</h2><p>${words['registration.none']}</p></section>${drawForm(app, id)}`;
    })}
    ${attendees.length === 0 ? html`<p class="panel">${words['registration.none']}</p>${drawForm(app, undefined)}` : nothing}`;
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
  return html`<section class="panel">
    <h2>${name}</h2>
    <p><span class="chip ${kind}">${app.say(`status.${value.status}`, { number: value.waitlist_number ?? '' })}</span>
      ${row.isPending ? html`<span class="quiet-text">(${words.notSent})</span>` : nothing}</p>
    ${value.reason ? html`<p>${value.reason}</p>` : nothing}
    <dl class="pairs">
      ${category ? html`<div><dt>${words.category}</dt><dd>${spoken(app, category)}</dd></div>` : nothing}
      ${delegation ? html`<div><dt>${words.delegation}</dt><dd>${spoken(app, delegation)}</dd></div>` : nothing}
    </dl>
    <div class="actions">
      ${value.status === 'invited'
        ? html`<button type="button" @click=${() => move('registration.answer', { answer: 'accepted' })}>${words['registration.accept']}</button>
            <button type="button" class="quiet" @click=${() => move('registration.answer', { answer: 'declined' })}>${words['registration.decline']}</button>`
        : nothing}
      ${['requested', 'waitlisted', 'confirmed'].includes(value.status)
        ? html`<button type="button" class="quiet" @click=${confirmCancel}>${words['registration.cancel']}</button>
            <dialog aria-label=${words['registration.cancel']}><p class="strong">${words['registration.cancel']}: ${name}?</p><div class="actions">
              <button type="button" @click=${(/** @type {MouseEvent} */ event) => {
                dialogOf(event)?.close();
                move('registration.cancel', {});
              }}>${words['registration.cancel']}</button>
              <button type="button" class="quiet" @click=${(/** @type {MouseEvent} */ event) => dialogOf(event)?.close()}>${words.back}</button></div></dialog>`
        : nothing}
    </div>
  </section>`;
}

/** @param {MouseEvent} event */
function confirmCancel({ currentTarget }) {
  /** @type {HTMLDialogElement} */ (/** @type {Element} */ (currentTarget).nextElementSibling).showModal();
}

/** @param {MouseEvent} event */
const dialogOf = ({ currentTarget }) => /** @type {Element} */ (currentTarget).closest('dialog');

/** The form, where anybody may ask for a place. @param {App} app @param {string | undefined} attendee */
function drawForm(app, attendee) {
  const { words, programme, now } = app;
  const isOpen = (/** @type {any} */ { enrolment = 'closed', opens_at: opens, closes_at: closes }) =>
    enrolment !== 'closed' && (!opens || Date.parse(opens) <= now) && (!closes || now < Date.parse(closes));
  const categories = app.client.rows('categories').filter(({ value }) => isOpen(value));
  if (categories.length === 0) return html`<p class="quiet-text">${words['registration.closed']}</p>`;
  const category = categories.find(({ id }) => id === chosen) ?? categories[0];
  const { form = [], consents = [] } = category.value;
  return html`<form class="panel" novalidate @submit=${(/** @type {SubmitEvent} */ event) => send(app, event, category, attendee)}>
    <label for="category">${words.category}</label>
    <select id="category" @change=${(/** @type {Event} */ event) => {
      chosen = /** @type {HTMLSelectElement} */ (event.target).value;
      app.redraw();
    }}>${categories.map(({ id, value }) => html`<option value=${id} ?selected=${id === category.id}>${programme.text(value.title)?.text}</option>`)}</select>
    ${form.map((/** @type {any} */ field) => drawField(app, field))}
    ${consents.map(
      (/** @type {any} */ consent) => html`<div class="check"><input type="checkbox" id="consent-${consent.key}" name="consent-${consent.key}" ?required=${consent.is_required}>
        <label for="consent-${consent.key}">${words.agree}${consent.is_required ? ` (${words.required})` : ''}</label>
        ${paragraphs(app, programme.text(consent.text))}
        ${missing.has(`consent-${consent.key}`) ? html`<p class="field-fault">${words.missing}</p>` : nothing}</div>`,
    )}
    <button type="submit">${words['registration.register']}</button>
  </form>`;
}

/** @param {App} app @param {any} field */
function drawField(app, { key, label, help, kind, choices = [], is_required: isRequired }) {
  const { words, programme } = app;
  const id = `field-${key}`;
  const text = (/** @type {any} */ one) => programme.text(one)?.text ?? '';
  const input = {
    long_text: () => html`<textarea id=${id} name=${id}></textarea>`,
    number: () => html`<input id=${id} name=${id} type="number" step="1">`,
    date: () => html`<input id=${id} name=${id} type="date">`,
    yes_no: () => html`<select id=${id} name=${id}><option value=""></option><option value="true">✓</option><option value="false">✗</option></select>`,
    choice: () => html`<select id=${id} name=${id}><option value=""></option>${choices.map((/** @type {any} */ one) => html`<option value=${one.key}>${text(one.label)}</option>`)}</select>`,
    choices: () => html`<select id=${id} name=${id} multiple>${choices.map((/** @type {any} */ one) => html`<option value=${one.key}>${text(one.label)}</option>`)}</select>`,
    text: () => html`<input id=${id} name=${id} type="text" maxlength="500">`,
  }[/** @type {'text'} */ (kind)];
  return html`<div class="field"><label for=${id}>${text(label)}${isRequired ? ` (${words.required})` : ''}</label>
    ${help ? html`<p class="hint">${text(help)}</p>` : nothing} ${input()}
    ${missing.has(id) ? html`<p class="field-fault">${words.missing}</p>` : nothing}</div>`;
}

/**
 * @param {App} app
 * @param {SubmitEvent} event
 * @param {import('../../common/sync/shown.js').ShownRow} category
 * @param {string | undefined} attendee
 */
async function send(app, event, category, attendee) {
  event.preventDefault();
  const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
  const { form = [], consents = [] } = category.value;
  missing = new Set();
  /** @type {Record<string, any>} */
  const answers = {};
  for (const { key, kind, is_required: isRequired } of form) {
    const given = data.getAll(`field-${key}`).map(String).filter(Boolean);
    if (given.length > 0) answers[key] = { number: Number(given[0]), yes_no: given[0] === 'true', choices: given }[/** @type {'number'} */ (kind)] ?? given[0];
    else if (isRequired) missing.add(`field-${key}`);
  }
  const given = consents.filter((/** @type {any} */ { key }) => data.has(`consent-${key}`));
  for (const { key, is_required: isRequired } of consents) if (isRequired && !data.has(`consent-${key}`)) missing.add(`consent-${key}`);
  app.redraw();
  if (missing.size > 0) {
    queueMicrotask(() => document.getElementById([...missing][0])?.focus());
    return;
  }
  const { name } = app.client.session?.account ?? { name: '' };
  const args = {
    category: category.id,
    ...(attendee ? {} : { name, relation: 'self' }),
    ...(Object.keys(answers).length > 0 && { answers }),
    ...(given.length > 0 && {
      consents: given.map((/** @type {any} */ { key, version, text }) => ({
        consent: key,
        version,
        language: app.programme.text(text)?.tag,
        is_given: true,
      })),
    }),
  };
  if (await app.edit({ op: 'registration.request', for: attendee ?? newId(), args })) app.tell({ note: app.words['registration.sent'] });
}

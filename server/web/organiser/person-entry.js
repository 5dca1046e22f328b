/**
 * The form by which somebody is registered who is not there yet, or a place is kept for whoever is still to be named.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { listDelegations } from './delegations.js';
import { Filling, lineField, selectField } from './fields.js';
import { offlineNote } from './offline.js';
import { languageName, languagesOf } from './texts-form.js';

/** @typedef {import('./app.js').App} App */

const DETAILS = [{ name: 'form_of_address' }, { name: 'position' }, { name: 'organisation' }, { name: 'country', most: 2, hint: 'countryHint' }, { name: 'phone', type: 'tel', most: 31, hint: 'phoneHint' }];

const ROLES = ['member', 'alternate', 'head'];

/** How an organiser registers somebody; whom a protocol officer registers is asked to come. */
const STATUSES = ['confirmed', 'invited'];

const NEEDS = ['step_free', 'wheelchair', 'companion', 'sign_language', 'captions', 'hearing_loop', 'readable_documents', 'assistance_animal', 'quiet_room'];

const filling = new Filling('entry');

/** @param {App} app */
export function entryForm(app) {
  const { words, client } = app;
  const categories = client.rows('categories').map(({ id, value }) => ({ id, name: app.text(value.title) || value.slug }));
  if (!app.rights.seesEverybody || categories.length === 0) return nothing;
  const line = (/** @type {{name: string, [key: string]: any}} */ { name, hint = '', label = words[`field.${name.split('-').at(-1)}`], ...more }) =>
    lineField(filling.faults, { id: `entry-${name}`, name, label, hint: hint && words[hint], ...more });
  const select = (/** @type {string} */ name, /** @type {{id: string, name?: string}[]} */ options, /** @type {{none?: string, label?: string}} */ { none, label = words[`field.${name}`] } = {}) =>
    selectField(filling.faults, { id: `entry-${name}`, name, label, options, none });
  const submit = (/** @type {any} */ event) => {
    event.preventDefault();
    register(app, event.target);
  };
  return html`<details class="panel correct" ?open=${Object.keys(filling.faults).length > 0}><summary>${words.registerPerson}</summary>
    <form class="stacked narrow" novalidate @submit=${submit}>
      ${offlineNote(app)}
      <p class="hint">${words.registerPersonHow}</p>
      <div class="columns">
        ${line({ name: 'name', isRequired: true })}
        ${line({ name: 'email', type: 'email', most: 254, label: words.ownAddress })}
        ${select('category', categories, { none: '' })}
        ${select('delegation', listDelegations(app), { none: words.noDelegation })}
        ${select('delegation_role', ROLES.map((id) => ({ id, name: words[`delegationRole.${id}`] })))}
        ${app.rights.organises ? select('status', STATUSES.map((id) => ({ id, name: words[`status.${id}`] })), { label: words.status }) : nothing}
        ${DETAILS.map(({ name, ...more }) => line({ name: `details-${name}`, ...more }))}
        ${select('language', languagesOf(app).map((id) => ({ id, name: languageName(app, id) })), { none: words.none })}
      </div>
      <div class="check"><input type="checkbox" id="entry-is_placeholder" name="is_placeholder"><label for="entry-is_placeholder">${words.isPlaceholder}</label></div>
      ${app.rights.organises ? needs(app) : nothing}
      <div class="actions"><button type="submit" aria-disabled=${String(app.isBusy)}>${words.registerNow}</button></div>
    </form></details>`;
}

/** What they need to take part. @param {App} app */
function needs({ words }) {
  return html`<details><summary>${words.accessNeeds}</summary>
    <fieldset><legend class="unseen">${words.accessNeeds}</legend>
      ${NEEDS.map((need) => html`<div class="check"><input type="checkbox" id="entry-need-${need}" name="needs" value=${need}><label for="entry-need-${need}">${words[`need.${need}`]}</label></div>`)}
    </fieldset>
    <div><label for="entry-note">${words.needsNote}</label><textarea id="entry-note" name="note" maxlength="2000"></textarea></div></details>`;
}

/** @param {App} app @param {HTMLFormElement} form */
function register(app, form) {
  const given = new FormData(form);
  const text = (/** @type {string} */ name) => String(given.get(name) ?? '').trim();
  const name = text('name');
  // What lets in goes by the category, so none is taken for granted.
  const missing = !name ? ['-name', app.words.nameMissing] : !text('category') ? ['-category', app.words.categoryMissing] : undefined;
  if (missing) {
    filling.blame(app, missing[0], missing[1]);
    return;
  }
  const said = ['email', 'category', 'delegation', 'delegation_role', 'status', 'language'].map((field) => [field, text(field)]);
  const details = DETAILS.map((field) => [field.name, field.name === 'country' ? text(`details-${field.name}`).toUpperCase() : text(`details-${field.name}`)]);
  const accessNeeds = { ...(given.has('needs') && { needs: given.getAll('needs') }), ...(text('note') && { note: text('note') }) };
  const body = {
    name,
    ...filled(said),
    ...nonEmpty('details', filled(details)),
    ...nonEmpty('access_needs', accessNeeds),
    ...(given.has('is_placeholder') && { is_placeholder: true }),
  };
  filling.submit(app, form, async () => {
    const { attendee, status } = await app.ask('POST', '/registrations', body);
    app.client.exchange();
    app.leaveFor(`#/person/${attendee}`);
    return app.say('wasRegistered', { name, status: app.words[`status.${status}`] });
  });
}

/** What was filled in. @param {string[][]} pairs */
const filled = (pairs) => Object.fromEntries(pairs.filter(([, value]) => value));

/** @param {string} name @param {Record<string, any>} value */
const nonEmpty = (name, value) => (Object.keys(value).length > 0 ? { [name]: value } : {});

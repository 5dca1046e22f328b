/**
 * The form by which a registration is put right: name, details, category, delegation and role.
 *
 * @module
 */

import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { listDelegations } from './delegations.js';
import { leadToFault, lineField, refusedField, selectField } from './fields.js';
import { offlineNote } from './offline.js';
import { explainProblem } from './problems.js';
import { languageName, languagesOf } from './texts-form.js';

/** @typedef {import('./app.js').App} App */

/** Details in the order in which they are asked for, with what a field for each is. */
const DETAILS = [
  { name: 'form_of_address' },
  { name: 'given_name' },
  { name: 'family_name' },
  { name: 'badge_name' },
  { name: 'position' },
  { name: 'organisation' },
  { name: 'country', most: 2, hint: 'countryHint' },
  { name: 'email', type: 'email', most: 254 },
  { name: 'phone', type: 'tel', most: 31, hint: 'phoneHint' },
];

const ROLES = ['head', 'alternate', 'member'];

/** Refusals that an organiser may set aside. */
const LACKS = ['full', 'quota_reached'];

/** What is wrong, by the field's id. @type {import('./fields.js').Faults} */
let faults = {};

/** Whether what is wrong is that there is no place. */
let isLacking = false;

/** Whose form it is, and the revision that was seen when writing began. @type {{of: string, rev?: number}} */
let begun = { of: '' };

/**
 * @param {App} app
 * @param {any} registration As the server has it.
 */
export function personForm(app, registration) {
  const { words } = app;
  const { attendee, rev } = registration;
  if (begun.of !== attendee) leaveFor(attendee);
  const note = () => {
    begun.rev ??= rev;
  };
  const submit = (/** @type {any} */ event) => {
    event.preventDefault();
    save(app, event.target, registration);
  };
  const form = () => html`
    <form class="stacked narrow" novalidate @input=${note} @submit=${submit}>
      ${offlineNote(app)}
      <div class="columns">
        ${line(words, { name: 'name', value: registration.name, isRequired: true })}
        ${DETAILS.map(({ name, ...more }) => line(words, { name: `details-${name}`, value: registration.details?.[name], ...more }))}
        ${line(words, { name: 'external_id', value: registration.external_id })}
        ${choices(app, registration)}
      </div>
      ${partChoices(app, registration)}
      <div class="check"><input type="checkbox" id="person-is_placeholder" name="is_placeholder" ?checked=${registration.is_placeholder}><label for="person-is_placeholder">${words.isPlaceholder}</label></div>
      ${isLacking ? html`<div class="check"><input type="checkbox" id="person-override" name="override"><label for="person-override">${words.changeOverride}</label></div>` : nothing}
      <div class="actions"><button type="submit" aria-disabled=${String(app.isBusy)}>${words.save}</button></div>
    </form>
  `;
  return html`<details class="panel correct" ?open=${Object.keys(faults).length > 0 || isLacking}><summary id="person-correct">${words.correctPerson}</summary>
    ${repeat([attendee], (key) => key, form)}</details>`;
}

/** @param {string} attendee */
function leaveFor(attendee) {
  [begun, faults, isLacking] = [{ of: attendee }, {}, false];
}

/** A field for a line of text. */
function line(words, { name, hint = '', ...more }) {
  const label = words[`field.${name.split('-').at(-1)}`];
  return lineField(faults, { id: `person-${name}`, name, label, hint: hint && words[hint], ...more });
}

/**
 * A field for one of several.
 *
 * @param {string} label
 * @param {{name: string, value?: string, options: {id: string, name?: string}[], none?: string}} made
 */
function select(label, made) {
  return selectField(faults, { id: `person-${made.name}`, label, ...made });
}

function listCategories(app) {
  return app.client.rows('categories').map(({ id, value }) => ({ id, name: app.text(value.title) || value.slug }));
}

/** Language, category, delegation and the role in it. */
function choices(app, { language, category, delegation, delegation_role: role }) {
  const { words } = app;
  const languages = [...new Set([...languagesOf(app), ...(language ? [language] : [])])].map((id) => ({ id, name: languageName(app, id) }));
  return html`
    ${select(words['field.language'], { name: 'language', value: language, options: languages, none: words.none })}
    ${app.rights.organises ? select(words['field.category'], { name: 'category', value: category, options: listCategories(app) }) : nothing}
    ${select(words['field.delegation'], { name: 'delegation', value: delegation, options: listDelegations(app), none: words.noDelegation })}
    ${select(words['field.delegation_role'], { name: 'delegation_role', value: role, options: ROLES.map((id) => ({ id, name: words[`delegationRole.${id}`] })) })}
  `;
}

/** A category for each part, where it is another there. */
function partChoices(app, { part_categories: chosen = [] }) {
  const parts = app.programme.parts.filter(({ isStub }) => !isStub);
  if (parts.length === 0) return nothing;
  return html`<details ?open=${chosen.length > 0}><summary>${app.words.partCategories}</summary><div class="columns">
    ${parts.map(({ id, title }) => select(title?.text, { name: `part-${id}`, value: chosen.find(({ part }) => part === id)?.category, options: listCategories(app), none: app.words.sameCategory }))}</div></details>`;
}

/** What the form says in another way than the registration, as a merge patch. */
function patchOf(app, given, registration) {
  const patch = {};
  const text = (name) => String(given.get(name) ?? '').trim();
  const set = (into, field, next, former) => {
    if (next !== (former ?? '')) into[field] = next || null;
  };
  for (const name of ['name', 'external_id', 'language', 'delegation']) set(patch, name, text(name), registration[name]);
  for (const name of ['category', 'delegation_role']) if (given.has(name)) set(patch, name, text(name), registration[name]);
  const details = {};
  for (const { name } of DETAILS) {
    const value = text(`details-${name}`);
    set(details, name, name === 'country' ? value.toUpperCase() : value, registration.details?.[name]);
  }
  if (Object.keys(details).length > 0) patch.details = details;
  if (given.has('is_placeholder') !== Boolean(registration.is_placeholder)) patch.is_placeholder = given.has('is_placeholder');
  const asked = app.programme.parts.filter(({ id }) => given.has(`part-${id}`)).map(({ id }) => id);
  const former = registration.part_categories ?? [];
  const kept = former.filter(({ part }) => !asked.includes(part));
  const next = [...kept, ...asked.flatMap((part) => (text(`part-${part}`) ? [{ part, category: text(`part-${part}`) }] : []))];
  const inOrder = (list) => JSON.stringify([...list].sort((one, other) => one.part.localeCompare(other.part)).map(({ part, category }) => [part, category]));
  if (inOrder(next) !== inOrder(former)) patch.part_categories = next.length > 0 ? next : null;
  return patch;
}

/** Sends what was changed; a fault is said at its field. */
async function save(app, form, registration) {
  const given = new FormData(form);
  const patch = patchOf(app, given, registration);
  if (Object.keys(patch).length === 0) return;
  faults = patch.name === null ? { 'person-name': app.words.nameMissing } : {};
  if (patch.name === null) app.draw();
  else await app.run(() => send(app, form, { ...patch, ...(given.has('override') && { override: true }) }, registration));
  leadToFault();
}

async function send(app, form, patch, { attendee, rev }) {
  try {
    await app.ask('PATCH', `/attendees/${attendee}/registration`, patch, { ifMatch: `"${begun.rev ?? rev}"` });
  } catch (error) {
    // Who saves again after they were told of another's change has seen it.
    begun = { of: attendee };
    app.forget();
    if (!tell(app, form, error)) throw error;
    return undefined;
  }
  leaveFor(attendee);
  app.client.exchange();
  return app.words.saved;
}

/** Says what is wrong at the field that it is of; whether there is one. */
function tell(app, form, error) {
  const refused = refusedField(error);
  if (!refused) return false;
  isLacking = app.rights.organises && LACKS.includes(refused.code);
  const id = `person${refused.field.replaceAll('/', '-')}`;
  if (!form.querySelector(`#${CSS.escape(id)}`)) return false;
  const { status, body } = error.cause;
  faults = { [id]: explainProblem(app, status, body) };
  return true;
}

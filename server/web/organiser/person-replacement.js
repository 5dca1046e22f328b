/**
 * The form by which another person takes somebody's place for good.
 *
 * @module
 */

import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { Filling, lineField, selectField } from './fields.js';
import { offlineNote } from './offline.js';
import { languageName, languagesOf } from './texts-form.js';

/** @typedef {import('./app.js').App} App */

/** What is asked of the person in the place of a detail of theirs. */
const DETAILS = [{ name: 'form_of_address' }, { name: 'position' }, { name: 'organisation' }, { name: 'country', most: 2, hint: 'countryHint' }];

/** Where a registration holds no place that could be given. */
const ENDED = ['declined', 'cancelled'];

const filling = new Filling('replace');

/** @param {App} app @param {any} registration */
export function replacementForm(app, registration) {
  const { words } = app;
  const { attendee, name, status, details } = registration;
  if (ENDED.includes(status)) return nothing;
  filling.show(attendee);
  const line = (/** @type {{name: string, [key: string]: any}} */ { name: field, hint = '', ...more }) =>
    lineField(filling.faults, { id: `replace-${field}`, name: field, label: words[`field.${field.split('-').at(-1)}`], hint: hint && words[hint], ...more });
  const submit = (/** @type {any} */ event) => {
    event.preventDefault();
    save(app, event.target, registration);
  };
  const form = () => html`<form class="stacked narrow" novalidate @submit=${submit}>
      ${offlineNote(app)}
      <p class="hint">${app.say('replaceHow', { name })}</p>
      <div class="columns">
        ${line({ name: 'name', isRequired: true })}
        ${line({ name: 'email', type: 'email', most: 254 })}
        ${DETAILS.map(({ name: field, ...more }) => line({ name: `details-${field}`, value: field === 'country' ? details.country : '', ...more }))}
        ${selectField(filling.faults, { id: 'replace-language', name: 'language', label: words['field.language'], options: languagesOf(app).map((id) => ({ id, name: languageName(app, id) })), none: words.none })}
        ${lineField(filling.faults, { id: 'replace-reason', name: 'reason', label: app.say('replaceReason', { name }) })}
      </div>
      <div class="actions"><button type="submit" aria-disabled=${String(app.isBusy)}>${words.replaceNow}</button></div>
    </form>`;
  return html`<details class="panel correct" ?open=${Object.keys(filling.faults).length > 0}><summary>${words.replacePerson}</summary>
    ${repeat([attendee], (key) => key, form)}</details>`;
}

/** @param {App} app @param {HTMLFormElement} form @param {any} registration */
function save(app, form, { attendee, name: former }) {
  const given = new FormData(form);
  const said = [...given].map(([field, value]) => [field, String(value).trim()]).filter(([, value]) => value);
  const { name, ...rest } = Object.fromEntries(said.filter(([field]) => !field.startsWith('details-')));
  if (!name) {
    filling.blame(app, '-name', app.words.nameMissing);
    return;
  }
  const details = said.filter(([field]) => field.startsWith('details-')).map(([field, value]) => [field.slice('details-'.length), value]);
  const spelt = details.map(([field, value]) => [field, field === 'country' ? value.toUpperCase() : value]);
  filling.submit(app, form, async () => {
    const next = await app.ask('POST', `/attendees/${attendee}/replace`, { name, ...rest, ...(spelt.length > 0 && { details: Object.fromEntries(spelt) }) });
    app.client.exchange();
    app.leaveFor(`#/person/${next.attendee}`);
    return app.say('wasReplaced', { name, former });
  });
}

/**
 * One delegation: its place in the order, how many it may be, in all and in parts and sessions, and its members.
 *
 * @module
 */

import { repeat } from '../../vendor/lit-html/directives/repeat.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { findDelegation } from '../delegations.js';
import { faultOf, isFaulty, leadToFault, refusedField } from '../fields.js';
import { offlineNote } from '../offline.js';
import { explainProblem } from '../problems.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {{part?: string, session?: string, at_most?: number, inside_at_most?: number}} Quota
 *
 * @typedef {object} Draft What is being written, or was saved last.
 * @property {string} of
 * @property {number} rev What was seen when writing began.
 * @property {Quota[]} quotas
 * @property {import('../fields.js').Faults} faults
 * @property {boolean} isWritten Whether something was written since.
 */

const NUMBERS = /** @type {const} */ (['at_most', 'inside_at_most']);

/** @type {Draft | undefined} */
let draft;

/** @param {App} app @param {{of: string}} given */
export const title = (app, { of }) => app.text(app.client.find('delegations', of)?.value.name) || app.words.delegations;

/**
 * @param {App} app
 * @param {{of: string}} given
 */
export function draw(app, { of }) {
  const { words, rights } = app;
  const row = findDelegation(app, of);
  const heading = html`<div class="head"><h1 tabindex="-1">${title(app, { of })}</h1><a href="#/people">${words.people}</a></div>`;
  if (!row) return html`${heading}<p class="empty">${words.notFound}</p>`;
  const { body } = app.read(`/delegations/${of}/members?status=confirmed&limit=500`);
  const count = body?.items.length;
  return html`
    ${heading}
    <p class="actions"><a href="#/people?delegation=${of}">${words.itsMembers}</a><a href="#/liaison/${of}">${words.looksAfterIt}</a></p>
    ${body ? html`<p>${app.plural('confirmedMembers', count)}${body.next ? '+' : ''}</p>` : nothing}
    ${repeat([of], (key) => key, () => form(app, row))}
    ${rights.organises ? nothing : quotaList(app, row.value.quotas ?? [])}
  `;
}

/** What somebody began to write, or saved and this device has yet to hear of; else what there is. @param {any} row @returns {Draft} */
function draftOf({ id, rev, value }) {
  if (draft && draft.of === id && (draft.isWritten || draft.rev > rev)) return draft;
  return { of: id, rev, quotas: value.quotas ?? [], faults: {}, isWritten: false };
}

/** @param {App} app @param {any} row */
function form(app, row) {
  const { words, rights } = app;
  const { value } = row;
  const { quotas, faults } = draftOf(row);
  const number = (/** @type {string} */ name, /** @type {string} */ label, /** @type {number | undefined} */ known, most = 1_000_000) => html`<div><label for="delegation-${name}">${label}</label>
    <input id="delegation-${name}" name=${name} type="number" inputmode="numeric" min="0" max=${most} .defaultValue=${String(known ?? '')}
      aria-invalid=${isFaulty(faults, `delegation-${name}`)} aria-describedby="delegation-${name}-fault">${faultOf(faults, `delegation-${name}`)}</div>`;
  return html`
    <form class="stacked narrow panel" novalidate aria-label=${words.placesAndOrder} @input=${() => begin(row)} @submit=${(/** @type {any} */ event) => submit(app, event, row)}>
      <h2>${words.placesAndOrder}</h2>
      ${offlineNote(app)}
      <div class="columns">
        ${number('order', words.delegationOrder, value.order, 10_000)}
        ${rights.organises ? number('capacity', words.delegationCapacity, value.capacity) : nothing}
      </div>
      ${
        rights.organises
          ? html`<h3>${words.quotas}</h3><p class="hint">${words.quotasHow}</p>
              ${repeat(quotas, placeOf, (quota, at) => quotaRow(app, row, quota, at))}
              ${faultOf(faults, 'delegation-quotas')}
              ${addQuota(app, row, quotas)}`
          : nothing
      }
      <div class="actions"><button type="submit" aria-disabled=${String(app.isBusy)}>${words.save}</button></div>
    </form>
  `;
}

/** The part or session of a quota. @param {Quota} quota */
const placeOf = ({ part, session }) => part ?? session ?? '';

/** What a quota's part or session is called. @param {App} app @param {Quota} quota */
function nameOfPlace(app, { part, session }) {
  return (part ? app.text(app.client.find('parts', part)?.value.title) : app.titleOf(session ?? '')) || app.words.somethingElse;
}

/** @param {App} app @param {any} row @param {Quota} quota @param {number} at */
function quotaRow(app, row, quota, at) {
  const { words } = app;
  const { faults } = draftOf(row);
  const name = nameOfPlace(app, quota);
  const remove = () => {
    const current = begin(row);
    current.quotas = current.quotas.filter((one) => placeOf(one) !== placeOf(quota));
    app.draw();
  };
  return html`<fieldset><legend>${name}</legend><div class="columns">
      ${NUMBERS.map((field) => {
        const id = `delegation-quotas-${at}-${field}`;
        return html`<div><label for=${id}>${words[`quota.${field}`]}</label>
          <input id=${id} name="${field}-${placeOf(quota)}" type="number" inputmode="numeric" min="0" max="1000000" .defaultValue=${String(quota[field] ?? '')}
            aria-invalid=${isFaulty(faults, id)} aria-describedby="${id}-fault">${faultOf(faults, id)}</div>`;
      })}</div>
    <button type="button" class="quiet small" aria-label="${words.remove}: ${name}" @click=${remove}>${words.remove}</button></fieldset>`;
}

/** One more part or session. @param {App} app @param {any} row @param {Quota[]} quotas */
function addQuota(app, row, quotas) {
  const { words, programme } = app;
  const has = (/** @type {string} */ id) => quotas.some((quota) => placeOf(quota) === id);
  const parts = programme.parts.filter(({ id, isStub }) => !isStub && !has(id)).map(({ id, title: name }) => ({ value: `part ${id}`, name: name?.text }));
  const sessions = programme.sessions.filter(({ id, isStub }) => !isStub && !has(id)).map(({ id, day, title: name }) => ({ value: `session ${id}`, name: `${app.dayName(day)} · ${name.text}` }));
  const add = (/** @type {any} */ { target }) => {
    const [kind, id] = target.value.split(' ');
    target.value = '';
    const current = begin(row);
    current.quotas = [...current.quotas, { [kind]: id }];
    app.draw();
    document.getElementById(`delegation-quotas-${current.quotas.length - 1}-at_most`)?.focus();
  };
  return html`<div><label for="add-quota">${words.addQuota}</label><select id="add-quota" @change=${add}>
    <option value="">${words.chooseOne}</option>${[...parts, ...sessions].map(({ value, name }) => html`<option value=${value}>${name}</option>`)}</select></div>`;
}

/** Quotas to be read. @param {App} app @param {Quota[]} quotas */
function quotaList(app, quotas) {
  const { words } = app;
  if (quotas.length === 0) return nothing;
  const numbers = (/** @type {Quota} */ quota) => NUMBERS.filter((field) => quota[field] !== undefined).map((field) => `${words[`quota.${field}`]}: ${quota[field]}`);
  return html`<section aria-labelledby="quotas"><h2 id="quotas">${words.quotas}</h2>
    <ul class="list">${quotas.map((quota) => html`<li class="row"><span class="grow"><b>${nameOfPlace(app, quota)}</b><span class="quiet-text small-text">${numbers(quota).join(' · ')}</span></span></li>`)}</ul></section>`;
}

/** Notes what was seen when writing began. @param {any} row @returns {Draft} */
function begin(row) {
  const current = draftOf(row);
  current.isWritten = true;
  draft = current;
  return current;
}

/** @param {App} app @param {any} event @param {any} row */
async function submit(app, event, row) {
  event.preventDefault();
  const current = begin(row);
  const given = new FormData(event.target);
  const numberOf = (/** @type {string} */ name) => (given.get(name) ? Number(given.get(name)) : undefined);
  current.faults = wrongNumbers(app, event.target);
  current.quotas = current.quotas.map(({ part, session }) => {
    const numbers = NUMBERS.map((field) => [field, numberOf(`${field}-${part ?? session}`)]).filter(([, count]) => count !== undefined);
    return { ...(part ? { part } : { session }), ...Object.fromEntries(numbers) };
  });
  const { value } = row;
  const patch = {};
  for (const name of app.rights.organises ? ['order', 'capacity'] : ['order']) {
    if (numberOf(name) !== value[name]) patch[name] = numberOf(name) ?? null;
  }
  if (JSON.stringify(current.quotas) !== JSON.stringify(value.quotas ?? [])) patch.quotas = current.quotas;
  if (Object.keys(current.faults).length > 0 || Object.keys(patch).length === 0) app.draw();
  else await app.run(() => save(app, current, patch));
  leadToFault();
}

/** Fields that hold no number that can be. @param {App} app @param {HTMLFormElement} form */
function wrongNumbers(app, form) {
  const fields = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('input[type=number]')]);
  return Object.fromEntries(fields.filter((field) => !field.validity.valid).map(({ id, max }) => [id, app.say('numberWrong', { most: max })]));
}

/** @param {App} app @param {Draft} current @param {any} patch */
async function save(app, current, patch) {
  try {
    const { rev, quotas = [] } = await app.ask('PATCH', `/delegations/${current.of}?base=${current.rev}`, patch);
    draft = { of: current.of, rev, quotas, faults: {}, isWritten: false };
  } catch (error) {
    const row = findDelegation(app, current.of);
    // Who saves again after they were told of another's change has seen it.
    current.rev = row?.rev ?? current.rev;
    const refused = refusedField(error);
    const id = refused && `delegation${refused.field.replaceAll('/', '-')}`;
    const field = id && document.getElementById(id) ? id : id?.startsWith('delegation-quotas') ? 'delegation-quotas' : undefined;
    if (!field) throw error;
    const { status, body } = /** @type {any} */ (error).cause;
    current.faults = { [field]: explainProblem(app, status, body) };
    return undefined;
  }
  app.client.exchange();
  return app.words.saved;
}

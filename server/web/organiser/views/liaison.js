/**
 * Who looks after delegations: focal points and liaison officers, by account.
 *
 * @module
 */

import { repeat } from '../../vendor/lit-html/directives/repeat.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { faultOf, isFaulty, leadToFault, refusedField } from '../fields.js';
import { offlineNote } from '../offline.js';
import { dutyChoices } from './duties.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {{account: string, name: string, email?: string, phone?: string, duties: string[]}} Holder
 */

/** How many delegations are shown at first, and more each time; who looks after each is asked for. */
const AT_ONCE = 30;

const DUTIES = ['liaison', 'focal_point'];

let shownCount = AT_ONCE;

/** What is wrong with the form, of one delegation. @type {import('../fields.js').Faults} */
let faults = {};
let faultsAreOf = '';

/** @param {App} app @param {{of: string}} given */
export const title = (app, { of }) => (of && nameOfDelegation(app, of)) || app.words.liaison;

/**
 * @param {App} app
 * @param {{of: string}} given A delegation, or none.
 */
export function draw(app, { of }) {
  return of ? one(app, of) : list(app);
}

/** @param {App} app @param {string} id */
function nameOfDelegation(app, id) {
  const value = app.client.find('delegations', id)?.value;
  return value && (app.text(value.name) || value.slug);
}

/** @param {App} app */
function list(app) {
  const { words, client } = app;
  const delegations = client.rows('delegations').map(({ id }) => ({ id, name: nameOfDelegation(app, id) }));
  delegations.sort((one, other) => one.name.localeCompare(other.name, app.locale));
  const shown = delegations.slice(0, shownCount).map((delegation) => ({ ...delegation, ...holdersOf(app, delegation.id) }));
  const fault = shown.find((delegation) => delegation.fault)?.fault;
  return html`
    <h1 tabindex="-1">${words.duties}</h1>
    <p class="quiet-text">${words.liaisonHow}</p>
    ${dutyChoices(app, 'liaison')}
    ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
    ${delegations.length === 0 ? html`<p class="empty">${words.noDelegations}</p>` : nothing}
    <ul class="list">
      ${shown.map(
        ({ id, name, holders }) => html`<li><a class="row" href="#/liaison/${id}">
          <span class="grow"><b>${name}</b>
            <span class="quiet-text small-text">${holders?.map((holder) => `${holder.name} (${dutiesText(app, holder)})`).join(' · ')}</span></span>
          ${holders?.length === 0 ? html`<span class="chip warn">${words.nobodyLooks}</span>` : nothing}
        </a></li>`,
      )}
    </ul>
    ${
      delegations.length > shownCount
        ? html`<button type="button" class="quiet" @click=${() => {
            shownCount += AT_ONCE;
            app.draw();
          }}>${words.showMore}</button>`
        : nothing
    }
  `;
}

/** @param {App} app @param {string} delegation @returns {{holders?: Holder[], fault?: string}} */
function holdersOf(app, delegation) {
  const { body, fault } = app.read(`/delegations/${delegation}/duties?limit=100`);
  return { holders: body?.items, fault };
}

/** @param {App} app @param {Holder} holder */
function dutiesText({ words, locale }, { duties }) {
  return new Intl.ListFormat(locale).format(duties.map((duty) => words[`looks.${duty}`]));
}

/** @param {App} app @param {string} id */
function one(app, id) {
  const { words } = app;
  const name = nameOfDelegation(app, id);
  if (!name) return html`<h1 tabindex="-1">${words.liaison}</h1><p class="empty">${words.notFound}</p>`;
  if (faultsAreOf !== id) [faults, faultsAreOf] = [{}, id];
  const { holders, fault } = holdersOf(app, id);
  return html`
    <div class="head"><h1 tabindex="-1">${name}</h1><a href="#/liaison">${words.liaison}</a></div>
    ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
    ${holders?.length === 0 ? html`<p class="empty">${words.nobodyLooks}</p>` : nothing}
    <ul class="list">
      ${(holders ?? []).flatMap((holder) =>
        holder.duties.map(
          (duty) => html`<li class="row"><span class="grow"><b>${holder.name || holder.email}</b>
            ${holder.email ? html`<a class="small-text" href="mailto:${holder.email}">${holder.email}</a>` : nothing}
            ${holder.phone ? html`<a class="small-text" href="tel:${holder.phone.replaceAll(' ', '')}">${holder.phone}</a>` : nothing}</span>
            <span class="chip info">${words[`looks.${duty}`]}</span>
            <button type="button" class="quiet small" aria-label="${words.endDuty}: ${holder.name}, ${words[`looks.${duty}`]}"
              @click=${() => app.run(() => end(app, id, holder, duty))}>${words.endDuty}</button></li>`,
        ),
      )}
    </ul>
    ${repeat([id], (key) => key, () => form(app, id))}
  `;
}

/** @param {App} app @param {string} id @param {Holder} holder @param {string} duty */
async function end(app, id, { account, name }, duty) {
  await app.ask('DELETE', `/delegations/${id}/duties/${account}/${duty}`);
  return app.say('looksEnded', { name, duty: app.words[`looks.${duty}`] });
}

/** @param {App} app @param {string} id */
function form(app, id) {
  const { words } = app;
  return html`
    <section class="panel" aria-labelledby="name-officer">
      <h2 id="name-officer">${words.nameOfficer}</h2>
      ${offlineNote(app)}
      <form class="narrow" novalidate @submit=${(/** @type {Event} */ event) => submit(app, event, id)}>
        <fieldset class="bare-set">
          <legend class="unseen">${words.dutyKind}</legend>
          ${DUTIES.map(
            (duty) => html`<div class="check"><input type="radio" name="duty" id="officer-${duty}" value=${duty} ?checked=${duty === 'liaison'}>
              <label for="officer-${duty}">${words[`looks.${duty}`]}<span class="quiet-text small-text"> · ${words[`looksHow.${duty}`]}</span></label></div>`,
          )}
        </fieldset>
        <label for="officer-name">${words['field.name']}</label>
        <input id="officer-name" name="name" maxlength="200" autocomplete="off" aria-invalid=${isFaulty(faults, 'officer-name')} aria-describedby="officer-name-fault">
        ${faultOf(faults, 'officer-name')}
        <label for="officer-email">${words.email}</label>
        <input id="officer-email" name="email" type="email" maxlength="254" autocomplete="off" aria-invalid=${isFaulty(faults, 'officer-email')} aria-describedby="officer-email-fault officer-email-hint">
        ${faultOf(faults, 'officer-email')}
        <p class="hint" id="officer-email-hint">${words.officerHow}</p>
        <label for="officer-phone">${words['field.phone']}</label>
        <input id="officer-phone" name="phone" type="tel" maxlength="31" autocomplete="off" placeholder="+56 2 2345 6789" aria-invalid=${isFaulty(faults, 'officer-phone')} aria-describedby="officer-phone-fault officer-phone-hint">
        ${faultOf(faults, 'officer-phone')}
        <p class="hint" id="officer-phone-hint">${words.officerPhoneHow}</p>
        <button type="submit" aria-disabled=${String(app.isBusy)}>${words.giveDuty}</button>
      </form>
    </section>
  `;
}

/** @param {App} app @param {Event} event @param {string} id */
async function submit(app, event, id) {
  event.preventDefault();
  const { words } = app;
  const form = /** @type {HTMLFormElement} */ (event.target);
  const given = Object.fromEntries([...new FormData(form)].map(([field, value]) => [field, String(value).trim()]));
  faults = {
    ...(!given.name && { 'officer-name': words.nameMissing }),
    ...(!/^\S+@\S+$/.test(given.email) && { 'officer-email': words.emailWrong }),
  };
  if (Object.keys(faults).length === 0) await app.run(() => give(app, id, form, given));
  else app.draw();
  leadToFault();
}

/** @param {App} app @param {string} id @param {HTMLFormElement} form @param {Record<string, string>} given */
async function give(app, id, form, { phone, ...given }) {
  const { words } = app;
  const refusals = /** @type {Record<string, import('../fields.js').Faults>} */ ({
    '/email': { 'officer-email': words.emailWrong },
    '/name': { 'officer-name': words.nameRefused },
    '/phone': { 'officer-phone': words.phoneWrong },
  });
  try {
    await app.ask('POST', `/delegations/${id}/duties`, { ...given, ...(phone && { phone }) });
  } catch (error) {
    const refused = refusals[refusedField(error)?.field ?? ''];
    if (!refused) throw error;
    faults = refused;
    return '';
  }
  form.reset();
  return app.say('looksGiven', { name: given.name, duty: words[`looks.${given.duty}`] });
}

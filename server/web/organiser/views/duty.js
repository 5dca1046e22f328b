/**
 * Giving somebody a duty, or changing one: who, what, where, and when if it is not all the time.
 *
 * @module
 */

import { clockIn, momentIn } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { repeat } from '../../vendor/lit-html/directives/repeat.js';
import { Refused } from '../app.js';
import { findAttendees, nameOfAttendee } from '../attendees.js';
import { KINDS, listPlaces, PLACES } from '../duties.js';
import { faultOf, isFaulty, leadToFault, refusedField } from '../fields.js';
import { offlineNote } from '../offline.js';
import { end } from './duties.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../duties.js').Duty} Duty
 *
 * @typedef {object} Draft What is being written.
 * @property {string} of The duty that is changed; empty for a new one.
 * @property {string} at Where it is, as `sessions/<id>`; empty where nobody has said.
 * @property {string} attendee Whose it is; empty while that is not chosen.
 * @property {string} query What somebody is looked for by.
 * @property {Partial<Duty>} former
 * @property {import('../fields.js').Faults} faults
 */

/** What the server finds at fault, by field and code, as the field here and what is said. @type {Record<string, [string, string]>} */
const REFUSALS = {
  '/attendee unknown_reference': ['duty-who', 'attendeeGone'],
  '/attendee too_large': ['duty-who', 'tooManyDuties'],
  '/object unknown_reference': ['duty-at', 'placeGone'],
  '/to invalid_value': ['duty-to', 'endsBefore'],
  '/note invalid_value': ['duty-note', 'noteRefused'],
};

/** @type {Draft | undefined} */
let draft;

/** @param {App} app @param {{of: string}} given */
export const title = ({ words }, { of }) => (of ? words.changeDuty : words.newDuty);

/**
 * @param {App} app
 * @param {{of: string, choices: URLSearchParams}} given
 */
export function draw(app, { of, choices }) {
  const { words, client } = app;
  const row = of ? client.find('duties', of) : undefined;
  const heading = html`<h1 tabindex="-1">${of ? words.changeDuty : words.newDuty}</h1>`;
  if (of && !row) return html`${heading}<p class="empty">${words.notFound}</p>`;
  const at = choices.get('at') ?? '';
  if (draft?.of !== of || (!of && draft.at !== at)) draft = begin(of, at, row?.value ?? {});
  const current = draft;
  return html`
    ${heading}
    ${offlineNote(app)}
    ${repeat([`${of} ${at}`], (key) => key, () => form(app, current))}
  `;
}

/** @param {string} of @param {string} at @param {Partial<Duty>} former @returns {Draft} */
function begin(of, at, former) {
  return { of, at, attendee: former.attendee ?? '', query: '', former, faults: {} };
}

/** @param {App} app @param {Draft} current */
function form(app, current) {
  const { words } = app;
  const { former, faults } = current;
  const at = former.object ? `${former.collection}/${former.object}` : current.at;
  const clock = (/** @type {string | undefined} */ time) => (time ? clockIn(app.zone, Date.parse(time)) : '');
  return html`
    <form class="stacked narrow" novalidate @submit=${(/** @type {SubmitEvent} */ event) => submit(app, event, current)}>
      ${who(app, current)}
      <fieldset aria-describedby="duty-kind-fault">
        <legend>${words.dutyKind}</legend>
        <div class="things">
          ${KINDS.map(
            (kind) => html`<div class="check"><input type="radio" name="kind" id="duty-kind-${kind}" value=${kind} ?checked=${kind === former.kind}
              aria-invalid=${isFaulty(faults, 'duty-kind')} aria-describedby="duty-kind-fault"><label for="duty-kind-${kind}">${words[`duty.${kind}`]}</label></div>`,
          )}
        </div>
        ${faultOf(faults, 'duty-kind')}
      </fieldset>
      <div>
        <label for="duty-at">${words.dutyAt}</label>
        <select id="duty-at" name="at" aria-invalid=${isFaulty(faults, 'duty-at')} aria-describedby="duty-at-fault">
          <option value="">${words.chooseOne}</option>
          ${PLACES.map((collection) => placeOptions(app, collection, at))}
        </select>
        ${faultOf(faults, 'duty-at')}
      </div>
      <fieldset>
        <legend>${words.dutyTimes}</legend>
        <p class="hint" id="duty-times-hint">${words.dutyTimesHow}</p>
        <div class="columns">
          <div><label for="duty-from">${words.dutyFrom}</label>
            <input type="datetime-local" id="duty-from" name="from" aria-describedby="duty-times-hint" .defaultValue=${clock(former.from)}></div>
          <div><label for="duty-to">${words.dutyTo}</label>
            <input type="datetime-local" id="duty-to" name="to" aria-invalid=${isFaulty(faults, 'duty-to')} aria-describedby="duty-to-fault duty-times-hint" .defaultValue=${clock(former.to)}>
            ${faultOf(faults, 'duty-to')}</div>
        </div>
      </fieldset>
      <div>
        <label for="duty-note">${words.dutyNote}</label>
        <input id="duty-note" name="note" maxlength="200" autocomplete="off" placeholder=${words.dutyNoteExample} .defaultValue=${former.note ?? ''}
          aria-invalid=${isFaulty(faults, 'duty-note')} aria-describedby="duty-note-fault">
        ${faultOf(faults, 'duty-note')}
      </div>
      <div class="actions">
        <button type="submit" aria-disabled=${String(app.isBusy)}>${current.of ? words.save : words.giveDuty}</button>
        ${current.of ? html`<button type="button" class="quiet" @click=${() => app.run(() => leaveEnded(app, current))}>${words.endDutyLong}</button>` : nothing}
        <a class="button quiet" href="#/duties">${words.cancel}</a>
      </div>
    </form>
  `;
}

/** @param {App} app @param {string} collection @param {string} chosen */
function placeOptions(app, collection, chosen) {
  const places = listPlaces(app, collection);
  if (places.length === 0) return nothing;
  return html`<optgroup label=${app.words[`collection.${collection}`]}>
    ${places.map(({ id, name, about }) => html`<option value="${collection}/${id}" ?selected=${chosen === `${collection}/${id}`}>${about ? `${name} · ${about}` : name}</option>`)}
  </optgroup>`;
}

/** Who has it: found by name among all who come, with or without a network. @param {App} app @param {Draft} current */
function who(app, current) {
  const { words } = app;
  const { attendee, query, faults } = current;
  const choose = (/** @type {string} */ id) => {
    Object.assign(current, { attendee: id, query: '', faults: { ...faults, 'duty-who': '' } });
    app.draw();
    document.getElementById(id ? 'duty-other' : 'duty-who')?.focus();
  };
  if (attendee) {
    return html`<div role="group" aria-labelledby="duty-who-label">
      <p class="label" id="duty-who-label">${words.who}</p>
      <div class="chosen"><b class="grow">${nameOfAttendee(app, attendee) ?? words.somebody}</b>
        <button type="button" class="quiet small" id="duty-other" aria-invalid=${isFaulty(faults, 'duty-who')} aria-describedby="duty-who-fault" @click=${() => choose('')}>${words.somebodyElse}</button></div>
      ${faultOf(faults, 'duty-who')}
    </div>`;
  }
  const { found, count } = findAttendees(app, query);
  const isAsked = query.trim() !== '';
  return html`<div>
    <label for="duty-who">${words.who}</label>
    <input id="duty-who" type="search" maxlength="100" autocomplete="off" placeholder=${words.findByName} .value=${query}
      aria-invalid=${isFaulty(faults, 'duty-who')} aria-describedby="duty-who-fault"
      @input=${(/** @type {Event} */ event) => {
        current.query = /** @type {HTMLInputElement} */ (event.target).value;
        app.draw();
      }}
      @keydown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        if (found.length === 1) choose(found[0].id);
      }}>
    ${faultOf(faults, 'duty-who')}
    <p class="hint" role="status">${isAsked ? (count > 0 ? app.plural('peopleFound', count) : words.nobodyNamed) : ''}</p>
    <ul class="list">${found.map(
      ({ id, name, about }) => html`<li><button type="button" class="bare row" @click=${() => choose(id)}>
        <span class="grow"><b>${name}</b><span class="quiet-text small-text">${about}</span></span><span class="chip">${words.choose}</span></button></li>`,
    )}</ul>
  </div>`;
}

/** @param {App} app @param {SubmitEvent} event @param {Draft} current */
async function submit(app, event, current) {
  event.preventDefault();
  const duty = readDuty(app, new FormData(/** @type {HTMLFormElement} */ (event.target)), current);
  current.faults = faultsOf(app, duty);
  if (Object.keys(current.faults).length === 0) await app.run(() => save(app, current, duty));
  else app.draw();
  leadToFault();
}

/** @param {App} app @param {FormData} given @param {Draft} current */
function readDuty(app, given, { attendee }) {
  const [collection, object] = String(given.get('at')).split('/');
  const note = String(given.get('note')).trim();
  const moment = (/** @type {string} */ name) => {
    const at = momentIn(app.zone, String(given.get(name)));
    return Number.isNaN(at) ? undefined : new Date(at).toISOString();
  };
  const [from, to] = [moment('from'), moment('to')];
  return { attendee, kind: given.get('kind'), collection, object, ...(from && { from }), ...(to && { to }), ...(note && { note }) };
}

/** What is missing, by field. @param {App} app @param {any} duty */
function faultsOf({ words }, { attendee, kind, object, from, to }) {
  return {
    ...(!attendee && { 'duty-who': words.whoMissing }),
    ...(!kind && { 'duty-kind': words.kindMissing }),
    ...(!object && { 'duty-at': words.whereMissing }),
    ...(from && to && to <= from && { 'duty-to': words.endsBefore }),
  };
}

/** Gives the duty; one that it takes the place of ends only then. @param {App} app @param {Draft} current @param {any} duty */
async function save(app, current, duty) {
  const { words } = app;
  const name = nameOfAttendee(app, duty.attendee) ?? words.somebody;
  try {
    if (!isSame(current.former, duty)) {
      await app.ask('POST', '/duties', duty);
      if (current.of) await endFormer(app, current.of);
    }
  } catch (error) {
    const refused = refusedField(error);
    const known = REFUSALS[`${refused?.field} ${refused?.code}`];
    if (!known) throw error;
    current.faults = { [known[0]]: words[known[1]] };
    return '';
  }
  return leave(app, current.of ? words.dutyChanged : app.say('dutyGiven', { name }));
}

/** @param {Partial<Duty>} former @param {any} duty */
function isSame(former, duty) {
  const fields = /** @type {const} */ (['attendee', 'kind', 'collection', 'object', 'note']);
  const at = (/** @type {string | undefined} */ time) => (time ? Date.parse(time) : undefined);
  return fields.every((field) => former[field] === duty[field]) && at(former.from) === at(duty.from) && at(former.to) === at(duty.to);
}

/** @param {App} app @param {string} id */
async function endFormer(app, id) {
  try {
    await app.ask('DELETE', `/duties/${id}`);
  } catch (error) {
    // Somebody else has ended it meanwhile.
    if (error instanceof Refused && /** @type {any} */ (error.cause).status === 404) return;
    app.client.exchange();
    throw new Refused(app.words.formerStays);
  }
}

/** @param {App} app @param {Draft} current */
async function leaveEnded(app, { of, former }) {
  const said = await end(app, of, nameOfAttendee(app, former.attendee ?? '') ?? app.words.somebody);
  return leave(app, said);
}

/** @param {App} app @param {string} said */
function leave(app, said) {
  draft = undefined;
  app.client.exchange();
  app.leaveFor('#/duties');
  return said;
}

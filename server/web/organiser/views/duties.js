/**
 * Who works where: interpreters, sound, ushers, drivers and others, by place.
 *
 * @module
 */

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { nameOfAttendee } from '../attendees.js';
import { groupByPlace, KINDS, listDuties } from '../duties.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../duties.js').Duty} Duty
 * @typedef {import('../duties.js').Place} Place
 */

/** @param {App} app */
export const title = ({ words }) => words.duties;

/**
 * @param {App} app
 * @param {{choices: URLSearchParams}} given
 */
export function draw(app, { choices }) {
  const { words } = app;
  const kind = choices.get('kind') ?? '';
  const all = listDuties(app);
  const groups = groupByPlace(app, all.filter((duty) => !kind || duty.kind === kind));
  return html`
    <div class="head">
      <h1 tabindex="-1">${words.duties}</h1>
      <a class="button" href="#/duty">${words.giveDuty}</a>
    </div>
    <p class="quiet-text">${words.dutiesHow}</p>
    ${dutyChoices(app, kind)}
    ${groups.length === 0 ? html`<p class="empty">${all.length === 0 ? words.noDuties : words.noSuchDuty}</p>` : nothing}
    <div class="columns places">${groups.map(({ place, duties }) => atPlace(app, place, duties))}</div>
  `;
}

/**
 * What of the duties is shown.
 *
 * @param {App} app
 * @param {string} chosen A kind; empty for all; `liaison` for those who look after delegations.
 */
export function dutyChoices(app, chosen) {
  const { words } = app;
  const counts = new Map();
  for (const { kind } of listDuties(app)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const choice = (/** @type {string} */ of, /** @type {string} */ address, /** @type {unknown} */ text) =>
    html`<a class="choice" href=${address} aria-current=${of === chosen ? 'page' : nothing}>${text}</a>`;
  if (!app.rights.organises) return nothing;
  return html`
    <nav class="choices" aria-label=${words.dutyKind}>
      ${choice('', '#/duties', words.all)}
      ${KINDS.map((kind) => choice(kind, `#/duties?kind=${kind}`, counts.has(kind) ? `${words[`duty.${kind}`]} (${counts.get(kind)})` : words[`duty.${kind}`]))}
      ${choice('liaison', '#/liaison', words.liaison)}
    </nav>
  `;
}

/** @param {App} app @param {Place} place @param {Duty[]} duties */
function atPlace(app, place, duties) {
  const { words } = app;
  const id = `at-${place.id}`;
  return html`
    <section class="panel at-place" aria-labelledby=${id}>
      <div class="head">
        <h2 id=${id}>${place.name}</h2>
        <a class="button quiet small" href="#/duty?at=${place.collection}/${place.id}" aria-label="${words.giveDuty}: ${place.name}">${words.add}</a>
      </div>
      <p class="quiet-text small-text">${[words[`collection.${place.collection}`], place.about].filter(Boolean).join(' · ')}</p>
      <ul class="list">${duties.map((duty) => row(app, duty))}</ul>
    </section>
  `;
}

/** @param {App} app @param {Duty} duty */
function row(app, duty) {
  const { words } = app;
  const name = nameOfAttendee(app, duty.attendee) ?? words.somebody;
  const what = words[`duty.${duty.kind}`];
  const about = [what, spanText(app, duty), duty.note].filter(Boolean).join(' · ');
  return html`
    <li class="row">
      <span class="grow"><b>${name}</b><span class="quiet-text small-text">${about}</span></span>
      <span class="actions">
        <a class="button quiet small" href="#/duty/${duty.id}" aria-label="${words.editIt}: ${name}, ${what}">${words.editIt}</a>
        <button type="button" class="quiet small" aria-label="${words.endDuty}: ${name}, ${what}"
          @click=${() => app.run(() => end(app, duty.id, name))}>${words.endDuty}</button>
      </span>
    </li>
  `;
}

/** When a duty is, where it is not as long as what it is at. @param {App} app @param {Duty} duty */
function spanText(app, { from, to }) {
  if (from && to) return `${app.moment(from)} – ${app.moment(to)}`;
  if (from) return app.say('fromTime', { time: app.moment(from) });
  return to ? app.say('untilTime', { time: app.moment(to) }) : '';
}

/**
 * Ends a duty.
 *
 * @param {App} app
 * @param {string} id
 * @param {string} name Whose it is.
 */
export async function end(app, id, name) {
  await app.ask('DELETE', `/duties/${id}`);
  app.client.exchange();
  return app.say('dutyEnded', { name });
}

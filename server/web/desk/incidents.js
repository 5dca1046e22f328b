/**
 * What is odd about scans, and settling it where the device is the desk lead's.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';

/**
 * Whether an incident is settled, or was here and is still to be handed in.
 *
 * @param {any} client
 * @param {{id: string, value: any}} incident
 */
export function isSettled(client, { id, value }) {
  return Boolean(value.resolved_at) || isWaiting(client, id);
}

/** @param {any} client @param {string} id */
function isWaiting({ outbox }, id) {
  return outbox.some(({ mutation }) => mutation.op === 'incident.resolve' && mutation.args.id === id);
}

/**
 * The view.
 *
 * @param {any} app
 */
export function incidentsView(app) {
  const { words, incidents, roster } = app;
  return html`
    <main class="wide">
      <h1 tabindex="-1">${words.incidents}</h1>
      <div role="status">${app.note ? html`<p class="message">${app.note}</p>` : nothing}</div>
      ${incidents.length === 0 ? html`<p class="hint">${words.incidentsNone}</p>` : nothing}
      ${incidents.length > 0 && !roster.own?.is_lead ? html`<p class="hint">${words.incidentsHow}</p>` : nothing}
      <ul class="rows">
        ${repeat(incidents, ({ id }) => id, (incident) => incidentRow(app, incident))}
      </ul>
    </main>
  `;
}

/** @param {any} app @param {{id: string, value: any}} incident */
function incidentRow(app, incident) {
  const { words, teller, roster, client } = app;
  const { id, value } = incident;
  const settled = isSettled(client, incident);
  return html`
    <li class="row">
      <div>
        <p class="name">${words[`incident.${value.kind}`] ?? value.kind}</p>
        <p>${(value.guests ?? []).map((guest) => teller.name(roster.findPerson(guest)?.details) || words.guest).join(', ')}</p>
        <p class="hint">${(value.scans ?? [])
          .map(({ at, checkpoint }) => `${teller.hour(at)} ${teller.text(roster.places.checkpoints.get(checkpoint)?.name)}`)
          .join(' · ')}</p>
        ${value.came ? cameRow(app, value.came) : nothing}
        ${value.work ? lateRow(app, value.work) : nothing}
        ${value.note ? html`<p class="hint">${value.note}</p>` : nothing}
      </div>
      <span class="chips">
        <span class="chip ${settled ? 'good' : 'warn'}">${settled ? words.settled : words.open}</span>
        ${!value.resolved_at && settled ? html`<span class="chip warn">${words.notHandedIn}</span>` : nothing}
      </span>
      ${!settled && value.work && roster.own?.is_lead ? html`<button type="button" class="small" @click=${() => app.deskWork.doLate(id, value.work)}>${words.doLate}</button>` : nothing}
      ${!settled && roster.own?.is_lead ? settleForm(app, id, words[`incident.${value.kind}`] ?? value.kind) : nothing}
    </li>
  `;
}

/** What came that cannot be read: when, from which device, which field is at fault, and how it begins. */
function cameRow({ words, teller, fill }, { received_at: at, device_name: device, field, problem, text }) {
  return html`
    <p class="hint">${fill(words.came, { time: teller.hour(at), device: device ?? words.unknownDevice })} ${field}: ${problem}</p>
    <p class="hint"><code>${text}</code></p>
  `;
}

/** What a desk did that was not in use any more: when, at which device, and what. */
function lateRow(app, { at, received_at: received, device_name: device, op, args }) {
  const { words, teller, fill } = app;
  return html`
    <p class="hint">${fill(words.late, { time: teller.hour(at ?? received), device: device ?? words.unknownDevice })} ${words[`did.${op}`] ?? op}</p>
    ${Object.entries(args).map(([name, value]) => html`<p>${detail(app, name, value)}</p>`)}
  `;
}

/** What was handed in with it, as far as the page knows what that is. */
function detail({ words, teller, roster }, name, value) {
  if (name === 'session' || name === 'object') {
    const { sessions, parts } = roster.places;
    return teller.text((sessions.get(value) ?? parts.get(value))?.title) || value;
  }
  if (name === 'text' || name === 'word' || name === 'note') return html`<q>${value}</q>`;
  return words[`answer.${value}`] ?? html`<code>${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}</code>`;
}

/** @param {any} app @param {string} id @param {string} what */
function settleForm({ words, deskWork }, id, what) {
  return html`<form class="beside" aria-label="${words.settle}: ${what}" @submit=${(event) => deskWork.submitSettled(event, id)}>
    <label for="settle-${id}">${words.settleNote}</label>
    <input id="settle-${id}" name="note" maxlength="500" autocomplete="off">
    <button type="submit" class="small">${words.settle}</button>
  </form>`;
}

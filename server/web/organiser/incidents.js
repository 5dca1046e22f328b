/**
 * What is odd at desks and doors, and settling it; what a desk did too late can be done in its place.
 *
 * @module
 */

import { explainProblem } from '../common/problem.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { nameOfAttendee } from './attendees.js';

/** @typedef {import('./app.js').App} App */

/** The operation that settles an incident. */
const RESOLVE = 'incident.resolve';

/** What nobody has settled. @param {App} app */
export function incidentsOf(app) {
  const { words } = app;
  const list = listOpen(app);
  return html`
    <h2 id="incidents">${words.incidents}</h2>
    ${list.length === 0 ? html`<p class="quiet-text">${words.noIncidents}</p>` : nothing}
    <ul class="list">${list.map((incident) => row(app, incident))}</ul>
  `;
}

/** Organisers hold it, and desk leads ask for it; what was just settled here is gone before that is heard. @param {App} app */
function listOpen(app) {
  const { client, rights } = app;
  const rows = rights.seesEverybody
    ? client.rows('incidents').filter(({ value }) => !value.resolved_at)
    : (app.read('/incidents?limit=500').body?.items ?? []).map((value) => ({ id: value.id, value }));
  return rows.filter(({ id }) => !settlementsIn(client.journal, id).length);
}

/** The edits that settle an incident. @param {import('../common/sync/client.js').SentEdit[]} edits @param {string} incident */
function settlementsIn(edits, incident) {
  return edits.filter(({ mutation }) => mutation.op === RESOLVE && mutation.args.id === incident);
}

function row(app, { id, value }) {
  const { words, client } = app;
  const isWaiting = settlementsIn(client.outbox, id).length > 0;
  return html`<li class="row"><span class="grow ${value.work || value.came ? 'whole' : ''}"><b>${words[`incident.${value.kind}`] ?? value.kind}</b>
      <span class="quiet-text small-text">${(value.scans ?? []).map(({ at }) => app.moment(at)).join(' · ')}</span>
      ${value.came ? cameRow(app, value.came) : nothing}
      ${value.work ? lateRow(app, value.work) : nothing}
      <span role="alert">${isWaiting ? nothing : refusal(app, id)}</span></span>
    ${isWaiting ? html`<span class="chip warn">${words.toHandIn}</span>` : deeds(app, id, value)}</li>`;
}

function deeds(app, id, { work }) {
  const { words } = app;
  return html`<span class="actions">
    ${work ? html`<button type="button" class="small" aria-label="${words.doLate}: ${whatWasDone(app, work)}" @click=${() => app.run(() => doLate(app, id, work))}>${words.doLate}</button>` : nothing}
    <button type="button" class="quiet small" @click=${() => app.run(() => settle(app, id))}>${words.settle}</button></span>`;
}

/** What came that cannot be read: when, from which device, which field is at fault, and how it begins. */
function cameRow(app, { received_at: at, device_name: device, field, problem, text }) {
  const from = app.say('came', { time: app.moment(at), device: device ?? app.words.unknownDevice });
  return html`<span class="quiet-text small-text">${from} <span lang="en">${field}: ${problem}</span> <code>${text}</code></span>`;
}

/** What a desk did that was not in use any more: when, at which device, what and for whom. */
function lateRow(app, work) {
  const { at, received_at: received, device_name: device, args } = work;
  const from = app.say('late', { time: app.moment(at ?? received), device: device ?? app.words.unknownDevice });
  return html`<span class="quiet-text small-text">${from} ${whatWasDone(app, work)}</span>
    ${Object.entries(args).map(([name, value]) => html`<span class="small-text">${detail(app, name, value)}</span>`)}`;
}

/** What was handed in with it, as far as the page knows what that is. */
function detail(app, name, value) {
  const { words } = app;
  if (name === 'session' || name === 'object') return app.titleOf(value) || app.text(app.client.find('parts', value)?.value.title) || value;
  if (name === 'text' || name === 'word' || name === 'note') return html`<q>${value}</q>`;
  const told = words[`answer.${value}`] ?? words[`void.${value}`] ?? (typeof value === 'string' ? value : JSON.stringify(value));
  return `${words[`field.${name}`] ?? name}: ${told}`;
}

function whatWasDone(app, { op, for: attendee }) {
  const name = attendee && nameOfAttendee(app, attendee);
  return [app.words[`work.${op}`] ?? op, name].filter(Boolean).join(', ');
}

/** Why the server did not take what was to be done in a desk's place. */
function refusal(app, id) {
  const { refused } = app.client;
  const [settlement] = settlementsIn(refused, id);
  if (!settlement) return nothing;
  const work = refused.find((edit) => edit.id === settlement.mutation.depends_on) ?? settlement;
  return html`<span class="field-fault">${app.say('lateRefused', { reason: explainProblem(app.words, work.result?.reason) })}</span>`;
}

/** Whoever decides anew has seen what was refused before. */
async function dismissRefused({ client }, id) {
  for (const { id: settlement, mutation } of settlementsIn(client.refused, id)) {
    if (mutation.depends_on) await client.dismiss(mutation.depends_on);
    await client.dismiss(settlement);
  }
}

/** Does it in the desk's place, which settles the incident unless the server refuses. */
async function doLate(app, id, { op, for: attendee, args }) {
  await dismissRefused(app, id);
  const dependsOn = await app.client.mutate({ op, ...(attendee && { for: attendee }), args });
  await app.client.mutate({ op: RESOLVE, args: { id }, dependsOn });
  return app.words.lateNoted;
}

async function settle(app, id) {
  await app.ask('POST', `/incidents/${id}/resolve`, {});
  await dismissRefused(app, id);
  app.client.exchange();
  return app.words.settled;
}

/**
 * What stands around every view: where this is, and how what the desk holds stands.
 *
 * @module
 */

import { explainProblem } from '../common/problem.js';
import { isCancelled } from '../common/programme.js';
import { ageOf } from '../common/sync/time.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { listUnsent } from './station.js';

/** From which age on data are marked as old, in milliseconds. */
const OLD_MS = 5 * 60_000;

/**
 * The bar above.
 *
 * @param {any} app
 */
export function bar(app) {
  const { words, session, station } = app;
  const place = station?.place;
  return html`
    <header class="bar">
      <div class="where">
        <span class="device">${session.enrolment.name}</span>
        ${
          place
            ? html`<button type="button" class="bare" aria-label="${words.changePlace}: ${app.teller.text(place.checkpoint.name)}"
                @click=${() => app.choosePlace()}>${app.teller.text(place.checkpoint.name)}</button>`
            : nothing
        }
      </div>
      ${app.takeUpdate ? html`<button type="button" class="bare" @click=${() => app.takeUpdate()}>${words.update}</button>` : nothing}
      ${standing(app)}
    </header>
    ${app.roster && isCancelled(app.roster.event) ? html`<p class="message fault">${words.eventCancelled}</p>` : nothing}
    ${refusals(app)}
  `;
}

function standing(app) {
  const { words, client } = app;
  const { isOnline, freshAt, isStorageFull } = client.state;
  const age = freshAt === undefined ? undefined : ageOf(freshAt, client.time());
  const isOld = age === undefined || age >= OLD_MS;
  const unsent = app.unsent;
  const kind = unsent === listUnsent(client).length ? 'unsent' : 'waiting';
  return html`
    <ul class="standing">
      <li class="chip ${isOnline ? 'good' : 'warn'}">${isOnline ? words.online : words.offline}</li>
      <li class="chip ${isOld ? 'warn' : ''}">${describeAge(app, age)}</li>
      <li class="chip ${unsent > 0 ? 'warn' : ''}">${unsent > 0 ? app.plural(kind, unsent) : words['unsent.none']}</li>
    </ul>
    ${isStorageFull ? html`<p class="message fault" role="alert">${words.storageFull}</p>` : nothing}
  `;
}

function describeAge(app, age) {
  const { words, client } = app;
  if (client.state.freshAt === undefined) return words.neverSynced;
  if (age === undefined) return words.ageUnknown;
  const time = age < 60_000 ? words.justNow : app.fill(words.ago, { time: app.duration(age) });
  return app.fill(words.asOf, { time });
}

function refusals(app) {
  const { words, client } = app;
  const { refused } = client;
  if (refused.length === 0) return nothing;
  return html`
    <section class="message fault" role="alert" aria-label=${words.refusedTitle}>
      ${refused.map(({ id, mutation, result }) => {
        const time = app.teller ? app.teller.hour(mutation.at) : mutation.at;
        const text = mutation.op.startsWith('scan.') ? words.refusedScan : words.refusedWork;
        const what = mutation.args.name ?? words[`did.${mutation.op}`] ?? mutation.op;
        const reason = explainProblem(words, result?.reason);
        return html`<p>${app.fill(text, { time, what, reason })}
          <button type="button" class="quiet small" @click=${() => client.dismiss(id)}>${words.dismiss}</button></p>`;
      })}
    </section>
  `;
}

/**
 * The views to choose from.
 *
 * @param {any} app
 */
export function nav(app) {
  const { words } = app;
  const views = ['scan', ...(app.isProtocol ? ['guests'] : []), 'missing', ...(app.isFull ? ['walkIn', 'delegations', 'loans', 'incidents'] : [])];
  return html`
    <nav class="views" aria-label=${words.views}>
      ${views.map(
        (view) => html`<button type="button" class="bare" aria-current=${app.view === view ? 'page' : nothing}
          @click=${() => app.show(view)}>${words[view]}${view === 'incidents' && app.openIncidents > 0 ? html` <span class="chip warn">${app.openIncidents}</span>` : nothing}</button>`,
      )}
    </nav>
  `;
}

/**
 * A view of words alone.
 *
 * @param {string} title
 * @param {string} text
 * @param {unknown} [more]
 */
export function plainView(title, text, more = nothing) {
  return html`<main class="card"><h1 tabindex="-1">${title}</h1><p class="quiet-text">${text}</p>${more}</main>`;
}

/**
 * Where the desk checks.
 *
 * @param {any} app
 */
export function placeView(app) {
  const { words, roster, teller } = app;
  const places = roster.listCheckpoints().map((place) => ({ ...place, text: teller.text(place.name) }));
  places.sort((one, other) => one.text.localeCompare(other.text));
  return html`
    <main class="card">
      <h1 tabindex="-1">${words.chooseTitle}</h1>
      <p class="quiet-text">${places.length > 0 ? words.chooseText : words.noCheckpoint}</p>
      <ul class="rows">
        ${places.map(
          ({ id, text, kind }) => html`
            <li><button type="button" class="quiet place" @click=${() => app.stand(id)}>
              <span>${text}</span><span class="hint">${words[`kind.${kind}`]}</span>
            </button></li>
          `,
        )}
      </ul>
    </main>
  `;
}

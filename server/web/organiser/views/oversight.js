/**
 * What is wrong with the programme, and who changed what.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { findingText } from '../finding-text.js';

const ORDER = ['error', 'warning', 'hint'];

/** The findings of the check. */
export const findings = {
  /** @param {import('../app.js').App} app */
  title: ({ words }) => words.findings,

  /** @param {import('../app.js').App} app */
  draw(app) {
    const { words } = app;
    const { body, fault } = app.read('/findings?limit=500');
    const items = body?.items ?? [];
    return html`
      <h1 tabindex="-1">${words.findings}</h1>
      ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
      ${body && items.length === 0 ? html`<p class="empty">${words.noFindings}</p>` : nothing}
      ${ORDER.map((severity) => {
        const list = items.filter((one) => one.severity === severity);
        if (list.length === 0) return nothing;
        return html`<section aria-labelledby="findings-${severity}">
          <h2 id="findings-${severity}">${words[`severity.${severity}`]} (${list.length})</h2>
          <ul class="list">${list.map((one) => findingRow(app, one))}</ul>
        </section>`;
      })}
    `;
  },
};

function findingRow(app, finding) {
  const session = finding.records.find(({ collection }) => collection === 'sessions');
  return html`<li class="row"><span class="chip ${finding.severity === 'error' ? 'bad' : finding.severity === 'warning' ? 'warn' : ''}">${icon('warning')}</span>
    <span class="grow">${findingText(app, finding)}</span>
    ${session ? html`<a href="#/session/${session.id}">${app.words.texts}<span class="unseen"> ${session.slug}</span></a>` : nothing}</li>`;
}

/** The audit log. */
export const audit = {
  /** @param {import('../app.js').App} app */
  title: ({ words }) => words.audit,

  /** @param {import('../app.js').App} app */
  draw(app) {
    const { words } = app;
    const { body, fault } = app.read('/audit?limit=100');
    return html`
      <h1 tabindex="-1">${words.audit}</h1>
      ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
      <div class="grid-frame" tabindex="0" role="region" aria-label=${words.audit}>
        <table class="lines">
          <thead><tr><th scope="col">${words.when}</th><th scope="col">${words.operation}</th><th scope="col">${words.what}</th><th scope="col">${words.how}</th></tr></thead>
          <tbody>
            ${(body?.items ?? []).map(
              ({ at, operation, collection, id, before, after }) => html`<tr>
                <td>${app.moment(at)}</td><td><code>${operation}</code></td>
                <td>${nameOf(app, collection, id, after ?? before)}</td>
                <td>${difference(before, after)}</td></tr>`,
            )}
          </tbody>
        </table>
      </div>
    `;
  },
};

function nameOf(app, collection, id, value) {
  const row = app.client.find(collection, id)?.value ?? value;
  const name = row?.title ?? row?.name;
  const text = typeof name === 'string' ? name : app.text(name);
  return `${collection} ${text || row?.slug || id.slice(0, 8)}`;
}

function difference(before, after) {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changed = fields.filter((field) => JSON.stringify(before?.[field]) !== JSON.stringify(after?.[field]));
  return changed.slice(0, 8).join(', ') + (changed.length > 8 ? ' …' : '');
}

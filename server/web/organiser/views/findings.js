/**
 * What is wrong with the programme.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { changes, open } from '../change-flow.js';
import { findingText } from '../finding-text.js';
import { hasTexts } from './texts.js';

const ORDER = ['error', 'warning', 'hint'];

/** From how many of one kind on they are folded away, so that the others are seen. */
const MANY = 8;

/** @param {import('../app.js').App} app */
export const title = ({ words }) => words.findings;

/** @param {import('../app.js').App} app */
export function draw(app) {
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
        ${listed(app, list)}
      </section>`;
    })}
  `;
}

function listed(app, findings) {
  const codes = [...new Set(findings.map(({ code }) => code))];
  const kinds = codes.map((code) => findings.filter((one) => one.code === code));
  const rows = (list) => html`<ul class="list">${list.map((one) => findingRow(app, one))}</ul>`;
  const few = kinds.filter(({ length }) => length < MANY).flat();
  return html`${few.length > 0 ? rows(few) : nothing}
    ${kinds
      .filter(({ length }) => length >= MANY)
      .map((alike) => html`<details class="panel"><summary>${app.words[`finding.${alike[0].code}`] ?? alike[0].code} (${alike.length})</summary>${rows(alike)}</details>`)}`;
}

function findingRow(app, finding) {
  const record = finding.records.find(({ collection }) => collection === 'sessions') ?? finding.records.find(({ collection }) => hasTexts(collection));
  const isOfTexts = finding.code === 'missing_translation';
  const texts = record && html`<a class="small-text" href="#/texts/${record.collection}/${record.id}">${app.words.texts}<span class="unseen"> ${record.slug}</span></a>`;
  return html`<li class="row"><span class="chip sign ${finding.severity === 'error' ? 'bad' : finding.severity === 'warning' ? 'warn' : ''}">${icon('warning')}</span>
    <span class="grow">${findingText(app, finding)}
      ${isOfTexts ? texts : mending(app, finding.records)}</span></li>`;
}

/** Where what is wrong is mended: each session by itself, and its day as a grid. */
function mending(app, records) {
  const sessions = records.filter(({ collection }) => collection === 'sessions').map(({ id }) => app.programme.session(id)).filter(Boolean);
  const days = [...new Set(sessions.map(({ day }) => day))];
  return html`<span class="actions">
    ${sessions.map(({ id, title: { text } }) => html`<button type="button" class="quiet small" aria-haspopup="dialog" @click=${() => open(app, changes.session(id))}>${text} …</button>`)}
    ${days.map((day) => html`<a class="small-text" href="#/programme?day=${day}">${app.words.programme}, ${app.dayName(day)}</a>`)}</span>`;
}

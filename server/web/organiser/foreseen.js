/**
 * What the server says would follow of a change: collisions, whom it concerns, what changes and what is told.
 *
 * @module
 */

import { icon } from '../common/icons.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { back, commit } from './change-flow.js';
import { findingText } from './finding-text.js';

/** What would follow, and the way on and back. @param {import('./app.js').App} app */
export function foreseenOf(app) {
  const { change, words } = app;
  const { changes: list, collisions, resolved, concerns, notice, sharing_transfers: transfers } = change.preview;
  const isSending = change.step === 'sending';
  return html`
    ${change.order.meaning ? html`<p>${change.order.meaning}</p>` : nothing}
    <div role="status">
      ${
        collisions.length === 0
          ? html`<p class="banner"><span class="chip good">${icon('check')} ${words.noCollisions}</span></p>`
          : html`<div class="banner bad"><div class="grow"><b>${icon('warning')} ${app.plural('collisions', collisions.length)}</b>
              <ul>${collisions.map((one) => html`<li>${findingText(app, one, timesAfter(list))}</li>`)}</ul></div></div>`
      }
      <p>${concernsText(app, concerns)}</p>
    </div>
    ${list.length > 0 ? changesOf(app, list) : nothing}
    ${notice ? noticeOf(app, notice) : nothing}
    ${transfers.length > 0 ? html`<p>${app.say('sharing', { titles: transfers.map((one) => app.titleOf(one.id) || one.slug).join(', ') })}</p>` : nothing}
    ${resolved.length > 0 ? html`<p class="quiet-text">${app.plural('resolved', resolved.length)}</p>` : nothing}
    <div class="actions">
      <button type="button" data-first aria-disabled=${String(isSending)} @click=${() => isSending || commit(app)}>
        ${collisions.length > 0 ? words.doAllTheSame : words.doIt}</button>
      <button type="button" class="quiet" @click=${() => back(app)}>${words.back}</button>
    </div>
  `;
}

function changesOf(app, list) {
  return html`<details ?open=${list.length < 4}>
    <summary>${app.plural('changesOf', list.length)}</summary>
    <ul class="list">${list.map((one) => html`<li class="row"><span class="grow"><b>${app.text(one.title) || one.slug}</b>
      ${inOrder(one.fields).map((field) => html`<span class="quiet-text small-text">${fieldText(app, field)}</span>`)}</span></li>`)}</ul>
  </details>`;
}

/** What people would be told, and why it is them. */
function noticeOf(app, { concerns, texts, at_once: isAtOnce }) {
  const { words } = app;
  const reasons = Object.entries(concerns.by_reason).map(([reason, count]) => `${words[`told.${reason}`] ?? reason}: ${count}`);
  if (concerns.people === 0) return html`<p class="quiet-text">${words['told.nobody']}</p>`;
  return html`<details class="would-tell">
    <summary>${app.plural('told', concerns.people)} ${isAtOnce ? words['told.atOnce'] : words['told.waits']}</summary>
    <p class="quiet-text">${reasons.join(' · ')}</p>
    ${Object.entries(texts).map(
      ([tag, { title, text }]) => html`<div lang=${tag} class="row"><span class="grow"><b>${title}</b>
        ${text.split('\n').map((line) => html`<span class="quiet-text small-text">${line}</span>`)}</span></div>`,
    )}
  </details>`;
}

function concernsText(app, { favourites, gate_holders: holders, speakers, people }) {
  if (people !== undefined) return app.plural('concernsPeople', people);
  const parts = [
    speakers > 0 && app.plural('speakers', speakers),
    favourites > 0 && app.plural('favourites', favourites),
    holders > 0 && app.plural('holders', holders),
  ].filter(Boolean);
  return parts.length > 0 ? app.say('concerns', { who: parts.join(', ') }) : app.words.concernsNobody;
}

/** When sessions would be, of what changes. @param {{id: string, fields: {field: string, after: any}[]}[]} list */
function timesAfter(list) {
  const timesOf = ({ fields }) => Object.fromEntries(fields.filter(({ field }) => ['starts_at', 'ends_at'].includes(field)).map(({ field, after }) => [field, after]));
  return new Map(list.map((one) => [one.id, timesOf(one)]));
}

/** Where and from when, then the rest. */
function inOrder(fields) {
  const order = ['room', 'venue', 'starts_at', 'ends_at'];
  const rank = ({ field }) => (order.includes(field) ? order.indexOf(field) : order.length);
  return fields.toSorted((one, other) => rank(one) - rank(other));
}

function fieldText(app, { field, before, after }) {
  const told = (value) => {
    if (value === null) return app.words.none;
    if (field === 'room') return app.roomName(value) || app.words.none;
    if (field === 'venue') return app.programme.venue(value)?.name?.text ?? app.words.none;
    if (field === 'starts_at' || field === 'ends_at') return app.hour(value);
    if (field === 'state') return app.words[`state.${value}`] ?? value;
    if (field === 'progress') return app.words[value.state === 'running_late' ? 'runsLate' : value.state];
    return typeof value === 'object' ? '…' : String(value);
  };
  const name = app.words[`field.${field}`] ?? field;
  return `${name}: ${told(before)} → ${told(after)}`;
}

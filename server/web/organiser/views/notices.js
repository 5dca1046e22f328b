/**
 * What people are told: what is on its way out, what waits, and what was sent, with whom that reached.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { isWaiting, listDispatches, nameOf, stateOf } from '../dispatches.js';
import { heldNotices } from '../held.js';
import { reachLine } from '../reach.js';

/** How many of what was sent are shown at first, and more each time. */
const AT_ONCE = 30;

let shownCount = AT_ONCE;

/** @param {import('../app.js').App} app */
export const title = ({ words }) => words.notices;

/** @param {import('../app.js').App} app */
export function draw(app) {
  const { words } = app;
  const all = listDispatches(app);
  const waiting = all.filter(isWaiting);
  const others = all.filter((row) => !isWaiting(row));
  return html`
    <div class="head">
      <h1 tabindex="-1">${words.notices}</h1>
      ${
        app.rights.organises
          ? html`<span class="actions"><a class="button quiet" href="#/approval">${words.approvalRules}</a><a class="button" href="#/announce">${words.announce}</a></span>`
          : nothing
      }
    </div>
    ${app.rights.organises ? heldNotices(app) : nothing}
    ${
      waiting.length > 0
        ? html`<section aria-labelledby="waiting"><h2 id="waiting">${words.waitingNotices}</h2><ul class="list">${waiting.map((row) => dispatchRow(app, row))}</ul></section>`
        : nothing
    }
    <section aria-labelledby="sent">
      <h2 id="sent">${words.sentNotices}</h2>
      ${others.length === 0 ? html`<p class="empty">${words.noNotices}</p>` : nothing}
      <ul class="list">${others.slice(0, shownCount).map((row) => dispatchRow(app, row))}</ul>
      ${
        others.length > shownCount
          ? html`<button type="button" class="quiet" @click=${() => {
              shownCount += AT_ONCE;
              app.draw();
            }}>${words.showMore}</button>`
          : nothing
      }
    </section>
  `;
}

/**
 * A dispatch in a list: what it says, how it stands, whom it reached.
 *
 * @param {import('../app.js').App} app
 * @param {import('../../common/sync/shown.js').ShownRow} row
 */
export function dispatchRow(app, { id, value }) {
  const { words } = app;
  const { text, look } = stateOf(app, value);
  const isUrgent = ['urgent', 'emergency'].includes(value.urgency);
  return html`<li><a class="row" href="#/notice/${id}">
    <span class="grow"><b>${isUrgent ? icon('warning') : nothing} ${nameOf(app, value)}</b>
      <span class="quiet-text small-text">${[words[value.kind === 'changes' ? 'changesTold' : 'announcement'], value.is_correction && words.isCorrection].filter(Boolean).join(' · ')}</span>
      ${value.state === 'sent' || value.state === 'sending' ? reachLine(app, value.reach) : nothing}</span>
    <span class="chip ${look}">${text}</span>
  </a></li>`;
}

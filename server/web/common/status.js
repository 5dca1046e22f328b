/**
 * How it stands, in words that are always in view: online or not, how fresh the data are, what is still
 * to be sent, what was refused.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icon } from './icons.js';
import { fill } from './language.js';
import { describeClock, isSameDay } from './time.js';

/** After how long data are called old while the server is said to be in reach, in milliseconds. */
const STALE_MS = 180_000;

/**
 * @param {import('./sync/client.js').Client} client
 * @param {object} view
 * @param {Record<string, string>} view.words Those of `common/words/status.js`.
 * @param {string} view.locale
 * @param {string} view.zone The event's.
 * @param {string} view.details Where the details are: the address of a view.
 */
export function statusLine(client, { words, locale, zone, details }) {
  const { state, outbox, refused } = client;
  return html`<a class="status" href=${details}>
    <span role="status">${describeConnection(client, words)}</span>
    <span>${describeFreshness(client, { words, locale, zone })}</span>
    ${outbox.length > 0
      ? html`<span class="warn">${icon('sent')} ${fill(words[outbox.length === 1 ? 'toSend.one' : 'toSend.other'], { count: String(outbox.length) })}</span>`
      : nothing}
    ${refused.length > 0
      ? html`<span class="bad">${icon('warning')} ${fill(words[refused.length === 1 ? 'refused.one' : 'refused.other'], { count: String(refused.length) })}</span>`
      : nothing}
    ${state.isStorageFull ? html`<span class="bad">${icon('warning')} ${words.storageFull}</span>` : nothing}
  </a>`;
}

/**
 * @param {import('./sync/client.js').Client} client
 * @param {Record<string, string>} words
 */
function describeConnection({ state }, words) {
  if (state.isSignedOut) return html`<span class="bad">${icon('warning')} ${words.signedOut}</span>`;
  if (state.isOnline === undefined) return html`<span class="dot hollow pulse"></span> ${words.connecting}`;
  if (!state.isOnline) return html`<span class="warn">${icon('offline')} ${words.offline}</span>`;
  return html`<span class="good"><span class="dot"></span> ${state.isLive ? words.live : words.online}</span>`;
}

/**
 * @param {import('./sync/client.js').Client} client
 * @param {{words: Record<string, string>, locale: string, zone: string}} view
 */
function describeFreshness(client, { words, locale, zone }) {
  const { freshAt, isOnline, isLive } = client.state;
  if (freshAt === undefined) return words.nothingYet;
  const now = client.now();
  if (isOnline && (isLive || now - freshAt < STALE_MS)) return words.upToDate;
  const time = describeClock(locale, zone, freshAt, !isSameDay(zone, freshAt, now));
  return fill(words.asOf, { time });
}

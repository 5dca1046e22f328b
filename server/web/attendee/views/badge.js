/**
 * The badge: a code on white, as bright and large as it can be, without a network.
 *
 * @module
 */

import { describeMoment } from '../../common/time.js';
import { correction, generate } from '../../vendor/lean-qr/index.mjs';
import { html, nothing, svg } from '../../vendor/lit-html/lit-html.js';
import { emptyNote, heading, spoken } from '../parts.js';
import { initials } from './session.js';

/** @typedef {import('../app.js').App} App */

/** Codes that were drawn, by their text. @type {Map<string, {size: number, path: string}>} */
const codes = new Map();

/** Keeps the screen on while a badge is shown. @type {any} */
let wakeLock;

/** @param {App} app */
export const title = (app) => app.words.badge;

/** @param {App} app */
export function draw(app) {
  const { words } = app;
  if (!app.client.session) {
    return html`${heading(words.badge)}<div class="panel empty"><p>${words.signInText}</p><p><a class="button" href="/sign-in">${words.signIn}</a></p></div>`;
  }
  stayAwake();
  return html`${heading(words.badge)}
    ${app.looked.map(({ id, name }) => drawBadge(app, id, name))}
    ${app.looked.length === 0 ? emptyNote(words['badge.none']) : nothing}`;
}

/** @param {App} app @param {string} attendee @param {string} name */
function drawBadge(app, attendee, name) {
  const { words, programme, locale } = app;
  const scope = `own:${attendee}`;
  const carriers = app.client.rows('badges', scope).filter(({ value }) => value.kind === 'phone');
  const valid = carriers.find(({ value }) => value.token && !value.voided_at);
  const voided = carriers.find(({ value }) => value.voided_at);
  const registration = app.client.rows('registrations', scope)[0]?.value;
  const category = registration && programme.text(app.client.find('categories', registration.category)?.value.title);
  const delegation = registration && programme.text(registration.delegation_name ?? app.client.find('delegations', registration.delegation)?.value.name);
  const details = registration?.details ?? {};
  return html`<section class="badge" aria-label=${name}>
    <div class="badge-head">
      <span class="face large" aria-hidden="true">${initials(name)}</span>
      <div><p class="badge-name">${details.badge_name ?? name}</p>
        ${details.position ? html`<p>${details.position}</p>` : nothing}
        <p>${[delegation?.text ?? details.organisation, category?.text].filter(Boolean).join(' · ')}</p></div>
    </div>
    ${valid
      ? html`<button type="button" class="bare badge-code" aria-label=${words['badge.large']} @click=${enlarge}>${drawCode(valid.value.token, app.say('badge.code', { name }))}</button>
          <p class="badge-hint">${words['badge.hint']}</p>
          <p class="badge-hint">${app.say('badge.until', { time: describeMoment(locale, programme.zone, valid.value.expires_at) })}</p>`
      : html`<p class="badge-hint">${voided ? app.say('badge.void', { reason: words[`void.${voided.value.void_reason}`] ?? '' }) : words['badge.none']}</p>`}
    ${category ? html`<p class="badge-band">${spoken(app, category)}</p>` : nothing}
  </section>`;
}

/** Shows a code over the whole screen, and back. @param {MouseEvent} event */
function enlarge({ currentTarget }) {
  const code = /** @type {HTMLElement} */ (currentTarget);
  if (document.fullscreenElement) document.exitFullscreen();
  else code.requestFullscreen?.().catch(() => {});
}

/** @param {string} token @param {string} label */
function drawCode(token, label) {
  let code = codes.get(token);
  if (!code) {
    const matrix = generate(token, { minCorrectionLevel: correction.M });
    let path = '';
    for (let y = 0; y < matrix.size; y += 1) {
      for (let x = 0; x < matrix.size; x += 1) if (matrix.get(x, y)) path += `M${x + 4} ${y + 4}h1v1h-1z`;
    }
    code = { size: matrix.size + 8, path };
    codes.set(token, code);
  }
  return svg`<svg viewBox="0 0 ${code.size} ${code.size}" role="img" aria-label=${label} shape-rendering="crispEdges">
    <rect width=${code.size} height=${code.size} fill="#fff"/><path d=${code.path} fill="#000"/></svg>`;
}

/** The screen stays on as long as the badge is looked at. */
function stayAwake() {
  if (wakeLock || !('wakeLock' in navigator)) return;
  wakeLock = navigator.wakeLock.request('screen').catch(() => undefined);
  const end = async () => {
    if (location.hash.startsWith('#/badge') && !document.hidden) return;
    removeEventListener('hashchange', end);
    document.removeEventListener('visibilitychange', end);
    (await wakeLock)?.release();
    wakeLock = undefined;
  };
  addEventListener('hashchange', end);
  document.addEventListener('visibilitychange', end);
}

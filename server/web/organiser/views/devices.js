/**
 * Desks and doors: what is enrolled, how it stands, and codes that enrol one more.
 *
 * @module
 */

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { code } from '../../common/qr.js';
import { lastSeen } from './board.js';

/** The code that is shown. @type {any} */
let shown;

/** @type {string} */
let profile = 'full';

/** @param {import('../app.js').App} app */
export const title = ({ words }) => words.desks;

/** @param {import('../app.js').App} app */
export function draw(app) {
  const { words } = app;
  const { body, fault } = app.read('/enrolments?limit=500');
  return html`
    <h1 tabindex="-1">${words.desks}</h1>
    ${offer(app)}
    ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
    <ul class="list">${(body?.items ?? []).map((device) => row(app, device))}</ul>
    ${body?.items.length === 0 ? html`<p class="empty">${words.noDesks}</p>` : nothing}
  `;
}

function offer(app) {
  const { words, client } = app;
  const { body } = app.read('/checkpoints?limit=500');
  const sessions = client.rows('sessions').filter(({ value }) => value.admission?.policy === 'by_invitation');
  return html`
    <section class="panel" aria-labelledby="enrol">
      <h2 id="enrol">${words.enrolOne}</h2>
      <form @submit=${(event) => submit(app, event)}>
        <label for="device-name">${words.deviceName}</label>
        <input id="device-name" name="name" maxlength="80" required autocomplete="off">
        <label for="profile">${words.profile}</label>
        <select id="profile" name="profile" @change=${(event) => {
          profile = event.target.value;
          app.draw();
        }}>
          ${['full', 'door', 'protocol'].map((one) => html`<option value=${one} ?selected=${one === profile}>${words[`profile.${one}`]}</option>`)}
        </select>
        ${
          profile === 'protocol'
            ? html`<label for="of-session">${words.session}</label>
                <select id="of-session" name="session">${sessions.map(({ id, value }) => html`<option value=${id}>${app.text(value.title) || value.slug}</option>`)}</select>`
            : html`<label for="checkpoint">${words.checkpoint}</label>
                <select id="checkpoint" name="checkpoint"><option value="">${words.anywhere}</option>
                  ${(body?.items ?? []).map(({ id, name }) => html`<option value=${id}>${app.text(name)}</option>`)}</select>`
        }
        ${profile === 'full' ? html`<div class="check"><input type="checkbox" name="lead" id="lead"><label for="lead">${words.isLead}</label></div>` : nothing}
        <button type="submit" aria-disabled=${String(app.isBusy)}>${words.makeCode}</button>
      </form>
      ${shown ? shownCode(app) : nothing}
    </section>
  `;
}

function shownCode(app) {
  const { words } = app;
  return html`
    <div class="code-card" role="status">
      ${code(shown.link, app.say('codeFor', { name: shown.name }))}
      <p>${app.say('codeHow', { name: shown.name, time: app.hour(shown.expires_at) })}</p>
      <p class="code">${shown.code}</p>
      <button type="button" class="quiet small" @click=${() => {
        shown = undefined;
        app.draw();
      }}>${words.hide}</button>
    </div>
  `;
}

function submit(app, event) {
  event.preventDefault();
  const given = new FormData(event.target);
  const name = String(given.get('name')).trim();
  if (!name) return;
  const checkpoint = given.get('checkpoint');
  const body = {
    name,
    profile,
    ...(profile === 'protocol' && { session: given.get('session') }),
    ...(checkpoint && { checkpoints: [checkpoint] }),
    ...(given.has('lead') && { is_lead: true }),
  };
  app.run(async () => {
    shown = { ...(await app.ask('POST', '/enrolments', body)), name };
  });
}

function row(app, device) {
  const { words } = app;
  const { name, device: id, profile: kind, state, is_lead: isLead = false, unsent_scans: unsent = 0, clock_skew_ms: skew = 0, is_up_to_date: isReady } = device;
  const deed = (path, text) => html`<button type="button" class="quiet small" aria-label="${text}: ${name}"
    @click=${() => app.run(() => act(app, device, path))}>${text}</button>`;
  return html`
    <li class="row">
      <span class="grow"><b>${name}</b>
        <span class="quiet-text small-text">${words[`profile.${kind}`]} · ${lastSeen(app, device)}${Math.abs(skew) > 60_000 ? ` · ${words.clockWrong}` : ''}</span></span>
      ${unsent > 0 ? html`<span class="chip warn">${app.plural('unsent', unsent)}</span>` : nothing}
      <span class="chip ${state === 'active' ? (isReady ? 'good' : 'warn') : 'bad'}">${state === 'active' ? (isReady ? words.ready : words.notReady) : words[`device.${state}`]}</span>
      ${isLead ? html`<span class="chip info">${words.deskLead}</span>` : nothing}
      <span class="actions">
        ${
          kind === 'full' && state === 'active'
            ? html`<button type="button" class="quiet small" aria-label="${isLead ? words.leadNoMore : words.makeLead}: ${name}"
                @click=${() => app.run(() => setLead(app, id, !isLead))}>${isLead ? words.leadNoMore : words.makeLead}</button>`
            : nothing
        }
        ${state === 'active' ? deed('suspend', words.suspend) : nothing}
        ${state === 'suspended' ? deed('resume', words.resume) : nothing}
        ${state === 'revoked' ? nothing : deed('revoke', words.revoke)}
      </span>
    </li>
  `;
}

/** Whether the device settles what is odd. */
async function setLead(app, device, isLead) {
  await app.ask('PATCH', `/enrolments/${device}`, { is_lead: isLead });
  return app.words.done;
}

async function act(app, { device }, path) {
  await app.ask('POST', `/enrolments/${device}/${path}`, {});
  return app.words.done;
}

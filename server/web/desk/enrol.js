/**
 * Enrolling: this browser becomes a desk or a door.
 *
 * @module
 */

import { ask } from '../common/api.js';
import { describeDevice } from '../common/device.js';
import { DESK } from '../common/session.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';

/** The form of a link's secret, and of a code that is typed. */
const SECRET = /^[A-Za-z0-9_-]{20,64}$/;
const CODE = /^[A-Za-z0-9]{10}$/;

/**
 * The secret in what was scanned or typed: a link, what follows `#` in it, or a code.
 *
 * @param {string} given
 * @returns {{link: string} | {code: string} | undefined}
 */
export function readCredential(given) {
  const text = given.trim();
  const secret = text.slice(text.lastIndexOf('#') + 1);
  if (SECRET.test(secret)) return { link: secret };
  const code = text.replace(/[\s-]/g, '');
  return CODE.test(code) ? { code: text } : undefined;
}

/**
 * Uses a credential up. With status 201 this browser is the desk that the answer describes.
 *
 * @param {{link: string} | {code: string}} credential
 * @param {string} name
 * @returns {Promise<import('../common/api.js').Answer>}
 */
export async function enrol(credential, name) {
  // First of all: what cannot be kept must not use the code up.
  await DESK.load();
  const answer = await ask('POST', '/v1/enrolments/redeem', { body: { ...credential, device: { name } } });
  if (answer.status === 201) {
    const { account, device, event, enrolment, ...tokens } = answer.body;
    const named = { ...account, name: enrolment.name };
    await DESK.save({ ...tokens, account: named, device: device.id, event, enrolment });
    await navigator.storage?.persist?.();
  }
  return answer;
}

/**
 * The view.
 *
 * @param {any} app
 */
export function enrolView(app) {
  const { words, enrolling } = app;
  const { link, faults, isScanning, former } = enrolling;
  return html`
    <main class="card">
      <h1 tabindex="-1">${words.enrolTitle}</h1>
      ${former ? html`<p class="message">${app.fill(words.enrolAgain, { name: former })}</p>` : nothing}
      <p class="quiet-text">${link ? words.enrolByLink : words.enrolText}</p>
      <div role="alert">${app.fault ? html`<p class="message fault">${app.fault}</p>` : nothing}</div>
      <form novalidate @submit=${(event) => enrolling.submit(event)}>
        ${link ? nothing : codeField(words, faults)}
        <label for="name">${words.deviceName}</label>
        <input id="name" name="name" maxlength="80" autocomplete="off" aria-describedby="name-fault"
          aria-invalid=${faults.name ? 'true' : 'false'} .defaultValue=${describeDevice().name}>
        <p id="name-fault" class="field-fault">${faults.name}</p>
        <button type="submit" aria-disabled=${app.isBusy ? 'true' : 'false'}>${words.enrol}</button>
      </form>
      ${link ? nothing : scanner(app, isScanning)}
      ${former ? html`<button type="button" class="quiet" @click=${() => enrolling.leave()}>${words.cancel}</button>` : nothing}
    </main>
  `;
}

function codeField(words, faults) {
  return html`
    <label for="code">${words.code}</label>
    <input id="code" name="code" class="code" autocomplete="off" autocapitalize="characters" autocorrect="off"
      spellcheck="false" maxlength="200" aria-describedby="code-fault code-hint"
      aria-invalid=${faults.code ? 'true' : 'false'}>
    <p id="code-fault" class="field-fault">${faults.code}</p>
    <p id="code-hint" class="hint">${words.codeHint}</p>
  `;
}

function scanner(app, isScanning) {
  const { words } = app;
  return html`
    <button type="button" class="quiet" @click=${() => app.enrolling.toggleCamera()}>
      ${isScanning ? words.stopCamera : words.scanCode}
    </button>
    <video class="sight" ?hidden=${!isScanning} muted playsinline aria-label=${words.cameraShows}></video>
  `;
}

/**
 * The language, notices by mail, and what a phone needs.
 *
 * @module
 */

import { recall, remember } from '../../common/kept.js';
import { REMINDER_KINDS, USUAL_LEAD } from '../../common/reminders.js';
import { describeMinutes } from '../../common/time.js';
import { readPush, sendTest, switchOff, switchOn } from '../../common/push.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { heading } from '../parts.js';
import { drawTold } from './told.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

/** How notifications stand; undefined until that was asked for. @type {import('../../common/push.js').Push | undefined} */
let push;
let isAsked = false;

/** What came of the last thing done about them. */
let said = '';

/** How long before sessions people can choose to be reminded of them. @type {(number | 'off')[]} */
const LEADS = ['off', 5, 10, 15, 30, 60, 120];

const LANGUAGES = { en: 'English', es: 'Español', pt: 'Português', fr: 'Français' };

/** @param {App} app */
export const title = (app) => app.words.settings;

/** @param {App} app */
export function draw(app) {
  const { words } = app;
  const chosen = recall('language') ?? '';
  return html`${heading(words.settings)}
    <section class="panel">
      <label for="language">${words.language}</label>
      <select id="language" @change=${chooseLanguage}>
        <option value="" ?selected=${chosen === ''}>${words['language.auto']}</option>
        ${Object.entries(LANGUAGES).map(([tag, name]) => html`<option value=${tag} lang=${tag} ?selected=${chosen === tag}>${name}</option>`)}
      </select>
    </section>
    ${app.attendees.length > 0
      ? html`<section class="panel"><h2>${words.mail}</h2>${app.attendees.map(({ id, name }) => drawMail(app, id, name))}</section>`
      : nothing}
    ${app.attendees.map(({ id, name }) => drawReminders(app, id, name))}
    ${app.client.session ? html`${drawPush(app)} ${drawTold(app)}` : nothing}
    ${/iPhone|iPad/.test(navigator.userAgent)
      ? html`<section class="panel"><h2>${words['iphone.title']}</h2><p>${words['iphone.text']}</p></section>`
      : nothing}`;
}

/** @param {App} app @param {string} attendee @param {string} name */
function drawMail(app, attendee, name) {
  const waiting = app.client.outbox.filter(({ mutation }) => mutation.op === 'notice.mail' && mutation.for === attendee).at(-1);
  const known = app.known.find(({ id }) => id === attendee);
  const isOn = waiting ? waiting.mutation.args.on : !known?.refuses_mail;
  return html`<div class="check"><input type="checkbox" id="mail-${attendee}" .checked=${isOn} @change=${(/** @type {Event} */ event) => {
      const on = /** @type {HTMLInputElement} */ (event.target).checked;
      app.edit({ op: 'notice.mail', for: attendee, args: { on } });
      app.know(app.known.map((one) => (one.id === attendee ? { ...one, refuses_mail: !on } : one)));
    }}>
    <label for="mail-${attendee}">${app.say('mail.on', { name })}${waiting ? html` <span class="quiet-text">(${app.words.notSent})</span>` : nothing}</label></div>`;
}

/** How long before sessions somebody is reminded of them. @param {App} app @param {string} attendee @param {string} name */
function drawReminders(app, attendee, name) {
  const { words } = app;
  const own = app.client.find('reminder_choices', attendee)?.value ?? {};
  const usual = app.programme.event?.reminders ?? {};
  return html`<section class="panel"><h2>${app.attendees.length > 1 ? app.say('reminders.of', { name }) : words.reminders}</h2>
    ${REMINDER_KINDS.map((kind) => {
      const said = `${own[kind] ?? ''}`;
      const known = LEADS.map(String).includes(said) || said === '' ? LEADS : [...LEADS, own[kind]];
      return html`<label for="reminder-${kind}-${attendee}">${words[`reminders.${kind}`]}</label>
        <select id="reminder-${kind}-${attendee}" @change=${choose(app, attendee, kind)}>
          <option value="" ?selected=${said === ''}>${app.say('reminders.usual', { lead: leadText(app, usual[kind] ?? USUAL_LEAD) })}</option>
          ${known.map((lead) => html`<option value=${lead} ?selected=${said === String(lead)}>${leadText(app, lead)}</option>`)}
        </select>`;
    })}</section>`;
}

/** @param {App} app @param {number | 'off'} lead */
function leadText(app, lead) {
  return lead === 'off' ? app.words['reminders.off'] : app.say('reminders.before', { time: describeMinutes(app.locale, lead) });
}

/** @param {App} app @param {string} attendee @param {import('../../common/reminders.js').ReminderKind} kind */
function choose(app, attendee, kind) {
  return (/** @type {Event} */ { target }) => {
    const { value } = /** @type {HTMLSelectElement} */ (target);
    const { [kind]: _, ...others } = app.client.find('reminder_choices', attendee)?.value ?? {};
    const chosen = value === '' ? {} : { [kind]: value === 'off' ? 'off' : Number(value) };
    app.edit({ op: 'reminders.set', for: attendee, args: { ...others, ...chosen } });
  };
}

/** Notifications on this device, and whether they arrive. @param {App} app */
function drawPush(app) {
  const { words } = app;
  if (!isAsked) {
    isAsked = true;
    run(app, readPush);
  }
  const test = async () => {
    said = words['push.testing'];
    app.redraw();
    said = words[`push.test.${await sendTest()}`];
    return readPush();
  };
  return html`<section class="panel"><h2>${words['push.title']}</h2>
    <p role="status">${push ? words[`push.${push.state}`] : ''}</p>
    ${push?.failure ? html`<p class="banner warn">${app.say('push.failure', { reason: push.failure })}</p>` : nothing}
    <div class="actions">
      ${push?.state === 'off' ? html`<button type="button" @click=${() => run(app, switchOn)}>${words['push.switchOn']}</button>` : nothing}
      ${push?.state === 'on'
        ? html`<button type="button" @click=${() => run(app, test)}>${words['push.sendTest']}</button>
            <button type="button" class="quiet" @click=${() => run(app, switchOff)}>${words['push.switchOff']}</button>`
        : nothing}
    </div>
    <p role="status">${said}</p>
  </section>`;
}

/** @param {App} app @param {() => Promise<import('../../common/push.js').Push | undefined>} work */
async function run(app, work) {
  said = '';
  try {
    const found = await work();
    if (found) push = found;
    else said = app.words['push.refused'];
  } catch {
    said = app.words['data.offline'];
  }
  app.redraw();
}

/** @param {Event} event */
function chooseLanguage({ target }) {
  const { value } = /** @type {HTMLSelectElement} */ (target);
  remember('language', value === '' ? undefined : value);
  location.reload();
}

/**
 * What carries a person's badge, and making one void.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { listSection } from './person-section.js';

/** @typedef {import('./app.js').App} App */

/** What people say of a badge that is to be void; other reasons come with the registration. */
const REASONS = ['lost', 'stolen', 'damaged'];

/** @param {App} app @param {string} attendee */
export function badgesOf(app, attendee) {
  const { words } = app;
  return listSection(app, {
    id: 'person-badges',
    heading: words.badges,
    path: `/attendees/${attendee}/badges`,
    line: ({ kind, carrier, issued_at: issued, handed_out_at: handed, voided_at: voided, void_reason: reason }) => {
      const about = [
        app.say('badgeIssued', { number: carrier, time: app.moment(issued) }),
        handed && app.say('badgeHandedOut', { time: app.moment(handed) }),
        reason && words[`void.${reason}`],
      ];
      return html`
        <span class="grow">${words[`carrier.${kind}`]} <span class="quiet-text small-text">${about.filter(Boolean).join(' · ')}</span></span>
        <span class="chip ${voided ? 'bad' : 'good'}">${voided ? words.isVoid : words.isValid}</span>
        ${voided ? nothing : form(app, carrier, kind)}`;
    },
  });
}

/** @param {App} app @param {number} carrier @param {string} kind */
function form(app, carrier, kind) {
  const { words } = app;
  const submit = (/** @type {any} */ event) => {
    event.preventDefault();
    const reason = String(new FormData(event.target).get('reason'));
    app.run(() => makeVoid(app, carrier, reason));
  };
  return html`<details class="deed"><summary>${words.makeVoid}<span class="unseen"> ${carrier}</span></summary>
    <form class="stack" @submit=${submit}>
      <p class="hint">${words[kind === 'phone' ? 'makeVoidPhone' : 'makeVoidHow']}</p>
      <div><label for="void-${carrier}">${words['field.reason']}</label>
        <select id="void-${carrier}" name="reason">${REASONS.map((reason) => html`<option value=${reason}>${words[`void.${reason}`]}</option>`)}</select></div>
      <div class="actions"><button type="submit" class="small" aria-label="${words.makeVoidNow}: ${carrier}" aria-disabled=${String(app.isBusy)}>${words.makeVoidNow}</button></div>
    </form></details>`;
}

/** @param {App} app @param {number} carrier @param {string} reason */
async function makeVoid(app, carrier, reason) {
  await app.ask('POST', `/badges/${carrier}/void`, { reason });
  app.client.exchange();
  return app.words.wasMadeVoid;
}

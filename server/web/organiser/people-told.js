/**
 * Who must still be told of something, by name: why it concerns them, what was tried, whom to call, and that a human
 * has told them.
 *
 * @module
 */

import { icon } from '../common/icons.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';

/** @typedef {import('./app.js').App} App */

const PAGE = 50;

/** How many are asked for, and of which dispatch. */
let shown = { of: '', count: PAGE };

/**
 * @param {App} app
 * @param {import('../common/sync/shown.js').ShownRow} row The dispatch's.
 */
export function untoldPeople(app, { id, rev, value }) {
  const { words } = app;
  if (shown.of !== id) shown = { of: id, count: PAGE };
  const { body, fault } = app.read(`/dispatches/${id}/people?told=false&limit=${shown.count}`, rev);
  const people = body?.items ?? [];
  return html`
    <section aria-labelledby="untold">
      <h2 id="untold">${words.stillList} (${value.reach.must_still_be_told})</h2>
      ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
      ${body && people.length === 0 ? html`<p class="empty">${words.everybodyTold}</p>` : nothing}
      <ul class="list">${people.map((person) => personRow(app, id, person))}</ul>
      ${
        body?.next && shown.count < 500
          ? html`<button type="button" class="quiet" @click=${() => {
              shown.count = 500;
              app.draw();
            }}>${words.showMore}</button>`
          : nothing
      }
    </section>
  `;
}

function personRow(app, dispatch, person) {
  const { words, client } = app;
  const { attendee = person.account, name, delegation, reasons, liaison = [], told_at: toldAt, channel } = person;
  const about = [delegation && app.text(client.find('delegations', delegation)?.value.name), ...reasons.map((reason) => words[`reason.${reason}`])];
  const stood = toldAt ? app.say('wasTold', { time: app.moment(toldAt), channel: words[`channel.${channel}`] }) : words.notTold;
  return html`
    <li class="row untold">
      <span class="grow"><b>${name}</b>
        <span class="quiet-text small-text">${about.filter(Boolean).join(' · ')}</span>
        <span class="quiet-text small-text">${[stood, deviceText(words, person)].filter(Boolean).join(' · ')}</span>
        ${liaison.map(({ name: who, phone }) => (phone ? html`<a class="small-text" href="tel:${phone.replace(/[^+\d]/g, '')}">${app.say('call', { name: who, phone })}</a>` : html`<span class="small-text">${who}</span>`))}
      </span>
      <span class="chips">
        ${person.has_access_needs ? html`<span class="chip warn">${icon('warning')} ${words.hasNeeds}</span>` : nothing}
        ${person.must_acknowledge ? html`<span class="chip warn">${words.mustAcknowledge}</span>` : nothing}
      </span>
      ${
        app.rights.organises
          ? html`<form class="beside" @submit=${(event) => submit(app, event, { dispatch, attendee, name })}>
              <label class="unseen" for="told-${attendee}">${words.toldNote}: ${name}</label>
              <input id="told-${attendee}" name="note" maxlength="500" autocomplete="off" placeholder=${words.toldNote}>
              <button type="submit" class="small" aria-label="${words.toldByHand}: ${name}">${words.toldByHand}</button>
            </form>`
          : nothing
      }
    </li>
  `;
}

/** What the devices of somebody say, where none has it. */
function deviceText(words, { devices }) {
  if (devices.length === 0) return words.noDevice;
  if (devices.some(({ holds }) => holds)) return '';
  return devices.some(({ state }) => state === 'waiting' || state === 'accepted') ? words.deviceWaits : words.deviceFailed;
}

function submit(app, event, { dispatch, attendee, name }) {
  event.preventDefault();
  const note = String(new FormData(event.target).get('note')).trim();
  app.run(async () => {
    await app.ask('POST', `/dispatches/${dispatch}/people/${attendee}/told`, note ? { note } : {});
    app.client.exchange();
    return app.say('wasToldByHand', { name });
  });
}

/**
 * The events of this server, to choose another.
 *
 * @module
 */

import { ask } from '../../common/api.js';
import { remember } from '../../common/kept.js';
import { chooseText } from '../../common/language.js';
import { askSignedIn } from '../../common/session.js';
import { describeDays } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { isCancelled } from '../../common/programme.js';
import { cancelledMark, emptyNote, heading } from '../parts.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

/** @type {any[] | undefined} */
let events;
let isAsked = false;

/** @param {App} app */
export const title = (app) => app.words.events;

/** @param {App} app */
export function draw(app) {
  const { words, locale } = app;
  if (!isAsked) load(app);
  return html`${heading(words['events.choose'])}
    ${events === undefined
      ? emptyNote(app.client.state.isOnline === false ? words['data.offline'] : words.loading)
      : html`<ul class="list">${events.map(
          (event) => html`<li><a class="row" href="/?event=${event.slug}" @click=${() => remember('event', event.slug)}>
            <span class="grow"><span class="title">${chooseText(event.title, locale, event.fallback_language).text}</span>
              <span class="place">${describeDays(locale, event.starts_on, event.ends_on)}</span></span>
            ${cancelledMark(app, { isCancelled: isCancelled(event) })}
            ${event.slug === app.client.event ? html`<span class="chip info">✓</span>` : nothing}</a></li>`,
        )}</ul>`}`;
}

/** @param {App} app */
async function load(app) {
  isAsked = true;
  const path = '/v1/events?limit=100';
  const answer = await (app.client.session ? askSignedIn('GET', path) : ask('GET', path)).catch(() => undefined);
  if (answer?.status === 200) events = answer.body.items;
  else isAsked = false;
  if (events) app.redraw();
}

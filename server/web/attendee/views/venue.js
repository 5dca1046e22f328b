/**
 * One venue: its address, the way there, its rooms and what takes place in it.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { describeMinutes } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { emptyNote, heading, paragraphs, sessionList, spoken } from '../parts.js';

/** @typedef {import('../app.js').App} App */

export const tab = 'more';

/** @param {App} app @param {import('../views.js').Given} given */
export const title = (app, { of }) => app.programme.venue(of)?.name?.text ?? app.words.venues;

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { of }) {
  const { words, programme, locale } = app;
  const venue = programme.venue(of);
  if (!venue) return html`${heading(words.venues)} ${emptyNote(words.gone)}`;
  const { value } = venue;
  const rooms = programme.rooms.filter((room) => room.value.venue === of);
  const sessions = programme.sessions.filter(({ place }) => place.venueId === of);
  const others = app.client
    .rows('venues')
    .map(({ id, value: other }) => ({ name: programme.text(other.name), minutes: programme.travelMinutes(of, id) }))
    .filter(({ minutes }) => minutes !== undefined);
  return html`<article class="detail">
    ${heading(spoken(app, venue.name))}
    <ul class="facts panel">
      ${value.address ? html`<li>${icon('place')}<div><span class="unseen">${words.copyPlace}: </span>${value.address}${value.city ? html`<br>${value.city}` : nothing}</div></li>` : nothing}
      <li>${icon('globe')}<div><span class="unseen">${words.map}: </span><a href=${mapOf(value, venue.name?.text ?? '')} target="_blank" rel="noopener noreferrer">${words.map}</a></div></li>
      ${value.directions ? html`<li>${icon('moved')}<div><p class="fact">${words.wayThere}</p>${paragraphs(app, programme.text(value.directions))}</div></li>` : nothing}
    </ul>
    ${others.length > 0
      ? html`<ul class="chips">${others.map(({ name, minutes }) => html`<li class="chip">${icon('bus')} ${app.say('venue.travel', { time: describeMinutes(locale, minutes ?? 0), place: name?.text ?? '' })}</li>`)}</ul>`
      : nothing}
    ${rooms.length > 0
      ? html`<section><h2>${words.rooms}</h2><ul class="list">${rooms.map(
          (room) => html`<li class="row"><div class="grow"><p class="title">${spoken(app, room.name)}</p>
            <p class="place">${[
              room.value.capacity && app.say('capacity', { count: room.value.capacity }),
              ...(room.value.features ?? []).map((/** @type {string} */ one) => words[`feature.${one}`]),
            ]
              .filter(Boolean)
              .join(' · ')}</p>${paragraphs(app, programme.text(room.value.directions))}</div></li>`,
        )}</ul></section>`
      : nothing}
    ${sessions.length > 0 ? html`<section><h2>${words['venue.here']}</h2>${sessionList(app, sessions, { withDay: true })}</section>` : nothing}
  </article>`;
}

/** A map of the place; another server's, so it is opened only when one asks. @param {any} value @param {string} name */
function mapOf({ latitude, longitude, address, city }, name) {
  if (latitude !== undefined) return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  return `https://www.openstreetmap.org/search?query=${encodeURIComponent([address ?? name, city].filter(Boolean).join(', '))}`;
}

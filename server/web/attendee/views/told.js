/**
 * What this device is told of while the app is closed: kinds of notices, quiet hours, the language, the person's own clock.
 *
 * @module
 */

import { readPreferences, writePreferences } from '../../common/push.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../../common/push.js').Preferences} Preferences
 * @typedef {import('../../common/push.js').Delivery} Delivery
 */

/** Kinds of notices as people choose them. @type {Record<string, string[]>} */
const GROUPS = {
  changes: ['room', 'time', 'cancelled', 'restored', 'new_in_part', 'transfer', 'changes'],
  late: ['late'],
  reminders: ['reminder'],
  announcements: ['announcement', 'desk_message'],
  invitations: ['invited', 'invitation_reminder', 'invitation_withdrawn', 'stand_in'],
  seats: ['seat_given', 'seat_offered', 'seat_lost', 'seat_moved'],
  places: ['place_offered', 'place_confirmed', 'place_waitlisted', 'place_declined', 'place_cancelled', 'place_replaced'],
};

/** @type {Delivery[]} */
const DELIVERIES = ['on', 'wake_up', 'off'];

const LANGUAGES = { en: 'English', es: 'Español', pt: 'Português', fr: 'Français' };

/** When it is quiet for whoever has said only that it is. */
const NIGHT = { from: '22:00', to: '07:00' };

/** What the server has; undefined until it was asked. @type {Preferences | undefined} */
let preferences;
let isAsked = false;

/** Whether the server could not be asked. */
let isUnknown = false;

/** What came of the last change. */
let said = '';

/** @param {App} app */
export function drawTold(app) {
  const { words } = app;
  if (!isAsked) {
    isAsked = true;
    readPreferences().then(
      (found) => {
        preferences = found;
        isUnknown = false;
        app.redraw();
      },
      () => {
        // It is asked again when the view is opened again.
        [isAsked, isUnknown] = [false, true];
      },
    );
  }
  const heading = html`<h2 id="told-title">${words['told.title']}</h2>`;
  if (!preferences) return isUnknown ? html`<section class="panel told" aria-labelledby="told-title">${heading}<p class="quiet-text">${words['data.offline']}</p></section>` : nothing;
  const known = preferences;
  return html`<section class="panel told" aria-labelledby="told-title">${heading}
    <p class="quiet-text">${words['told.how']}</p>
    ${Object.keys(GROUPS).map((group) => drawGroup(app, known, group))}
    ${drawQuietHours(app, known)}
    <div class="field"><label for="told-language">${words['told.language']}</label>
      <select id="told-language" @change=${(/** @type {Event} */ event) => {
        const { value } = /** @type {HTMLSelectElement} */ (event.target);
        keep(app, { ...known, language: value || undefined });
      }}>
        <option value="" ?selected=${!known.language}>${words['told.languageAuto']}</option>
        ${Object.entries(LANGUAGES).map(([tag, name]) => html`<option value=${tag} lang=${tag} ?selected=${known.language?.split('-')[0] === tag}>${name}</option>`)}
      </select></div>
    ${drawZone(app, known)}
    <p role="status">${said}</p>
  </section>`;
}

/** The zone of the person's own clock: the device's, or any other, for those whose office is elsewhere. @param {App} app @param {Preferences} known */
function drawZone(app, known) {
  const { words } = app;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const chosen = known.time_zone ?? '';
  const others = Intl.supportedValuesOf('timeZone').filter((zone) => zone !== here);
  // The server may know a zone by a name that this browser does not.
  if (chosen && chosen !== here && !others.includes(chosen)) others.unshift(chosen);
  return html`<div class="field"><label for="told-zone">${words['told.zone']}</label>
    <select id="told-zone" aria-describedby="told-zone-how" @change=${(/** @type {Event} */ event) => {
      const { value } = /** @type {HTMLSelectElement} */ (event.target);
      keep(app, { ...known, time_zone: value || undefined });
    }}>
      <option value="" ?selected=${chosen === ''}>${words['told.zoneNone']}</option>
      <option value=${here} ?selected=${chosen === here}>${app.say('told.zoneDevice', { zone: nameOfZone(here) })}</option>
      <optgroup label=${words['told.zoneOthers']}>
        ${others.map((zone) => html`<option value=${zone} ?selected=${chosen === zone}>${nameOfZone(zone)}</option>`)}
      </optgroup>
    </select>
    <p class="hint" id="told-zone-how">${words['told.zoneHow']}</p></div>`;
}

/** @param {string} zone IANA name. */
const nameOfZone = (zone) => zone.replaceAll('_', ' ');

/** @param {App} app @param {Preferences} known @param {string} group */
function drawGroup(app, known, group) {
  const { words } = app;
  const chosen = new Set(GROUPS[group].map((kind) => known.kinds?.[kind] ?? known.default ?? 'on'));
  const isMixed = chosen.size > 1;
  return html`<div class="field"><label for="told-${group}">${words[`told.${group}`]}</label>
    <select id="told-${group}" @change=${(/** @type {Event} */ event) => {
      const delivery = /** @type {Delivery} */ (/** @type {HTMLSelectElement} */ (event.target).value);
      keep(app, { ...known, kinds: { ...known.kinds, ...Object.fromEntries(GROUPS[group].map((kind) => [kind, delivery])) } });
    }}>
      ${isMixed ? html`<option value="" selected disabled>${words['told.mixed']}</option>` : nothing}
      ${DELIVERIES.map((one) => html`<option value=${one} ?selected=${!isMixed && chosen.has(one)}>${words[`told.${one}`]}</option>`)}
    </select></div>`;
}

/** @param {App} app @param {Preferences} known */
function drawQuietHours(app, known) {
  const { words } = app;
  const hours = known.quiet_hours;
  const zones = [...new Set([app.programme.zone, Intl.DateTimeFormat().resolvedOptions().timeZone])];
  const set = (/** @type {Partial<typeof NIGHT & {time_zone: string}>} */ change) => keep(app, { ...known, quiet_hours: { ...NIGHT, ...hours, ...change } });
  const field = (/** @type {'from' | 'to'} */ end) => html`<div class="field"><label for="quiet-${end}">${words[`quiet.${end}`]}</label>
    <input type="time" id="quiet-${end}" required .value=${hours?.[end] ?? NIGHT[end]} @change=${(/** @type {Event} */ event) => {
      const { value } = /** @type {HTMLInputElement} */ (event.target);
      if (value) set({ [end]: value });
    }}></div>`;
  return html`<div class="check"><input type="checkbox" id="quiet" .checked=${Boolean(hours)} @change=${(/** @type {Event} */ event) => {
      const { checked } = /** @type {HTMLInputElement} */ (event.target);
      if (checked) set({ time_zone: zones[0] });
      else keep(app, { ...known, quiet_hours: undefined });
    }}>
    <label for="quiet">${words['quiet.on']}</label></div>
    ${hours
      ? html`<div class="hours">${field('from')} ${field('to')}</div>
          ${zones.length > 1
            ? html`<div class="field"><label for="quiet-zone">${words['quiet.zone']}</label>
                <select id="quiet-zone" @change=${(/** @type {Event} */ event) => set({ time_zone: /** @type {HTMLSelectElement} */ (event.target).value })}>
                  ${zones.map((zone, at) => html`<option value=${zone} ?selected=${(hours.time_zone ?? zones[0]) === zone}>${app.say(at === 0 ? 'quiet.event' : 'quiet.device', { zone })}</option>`)}
                </select></div>`
            : nothing}`
      : nothing}`;
}

/** Has the server keep them; what it refuses stays as it was. @param {App} app @param {Preferences} next */
async function keep(app, next) {
  said = '';
  try {
    const kept = await writePreferences(next);
    if (kept) preferences = kept;
    said = app.words[kept ? 'told.kept' : 'told.refused'];
  } catch {
    said = app.words['data.offline'];
  }
  app.redraw();
}

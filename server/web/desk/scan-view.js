/**
 * Scanning: the verdict, how it is read, and what was read last.
 *
 * @module
 */

import { corrected } from '../admission/derive.js';
import { isSameDay } from '../common/time.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { sign } from './icons.js';
import { kindOf } from './tell.js';

/** From which length on a name is written smaller. */
const LONG_NAME = 36;

/**
 * The view.
 *
 * @param {any} app
 */
export function scanView(app) {
  return html`
    <main class="scan" ?hidden=${app.view !== 'scan'}>
      <h1 class="unseen" tabindex="-1">${app.words.scan}</h1>
      <section class="answer" aria-live="assertive" aria-atomic="true" @focusin=${() => app.checks.hold()}
        @focusout=${() => app.checks.release()}>
        ${app.checks.unkept ? unkept(app) : app.checks.told ? verdictOf(app, app.checks.told) : readiness(app)}
      </section>
      <section class="input">${inputs(app)}</section>
      <section class="last">${lastScans(app)}</section>
    </main>
  `;
}

function readiness(app) {
  const { words, station } = app;
  const { subject, area } = station.place ?? {};
  return html`
    <div class="panel ready ${app.lookup.found ? 'aside-of-search' : ''}">
      ${sign('ready')}
      <p class="word">${words.ready}</p>
      <p>${words.readyText}</p>
      ${area ? html`<p class="on-now"><b>${isOnNow(app, subject) ? words.onNow : words.checkedFor}:</b> ${describeSubject(app, area, subject)}</p>` : nothing}
    </div>
  `;
}

/** A badge that was not checked, since that could not be kept: nobody goes in by it. */
function unkept({ words, checks, isProtocol }) {
  return html`
    <div class="panel no ${isProtocol ? 'discreet' : ''}">
      ${sign('no')}
      <p class="word long">${words['word.wait']}</p>
      <div class="about">
        <p class="reason">${checks.unkept.isFull ? words.unkeptFull : words.unkeptRefused}</p>
        <p class="next">${words.unkeptNext}</p>
      </div>
      <div class="deeds">
        <button type="button" @click=${() => checks.tryAgain()}>${words.tryAgain}</button>
        <button type="button" class="quiet" @click=${() => checks.leaveUnkept()}>${words.nextGuest}</button>
      </div>
    </div>
  `;
}

/** Whether what is entered here has begun, and is not over. */
function isOnNow({ station }, subject) {
  const { starts_at: from, ends_at: to } = subject?.terms ?? {};
  const now = station.now();
  return !from || (Date.parse(from) <= now && (!to || now < Date.parse(to)));
}

function describeSubject({ words, teller, station }, area, subject) {
  if (!subject) return area.room ? words.nothingOn : words.wholeEvent;
  const { places } = station.roster;
  const row = (subject.collection === 'sessions' ? places.sessions : places.parts).get(subject.id);
  const { starts_at: from, ends_at: to } = row;
  const now = station.now();
  // The day stands once where it is the same.
  const ends = to && (from && isSameDay(station.roster.event.time_zone, Date.parse(from), Date.parse(to)) ? teller.hour(to) : teller.when(to, now));
  const times = [from && teller.when(from, now), ends].filter(Boolean);
  // The terms are those of a session together with its part and the event.
  const isOff = row.terms.state === 'cancelled';
  return html`${[teller.text(row.title) || row.slug, times.join(' – ')].filter(Boolean).join(', ')}
    ${isOff ? html`<span class="chip warn">${words.cancelled}</span>` : nothing}`;
}

function verdictOf(app, told) {
  const { words, teller } = app;
  const kind = kindOf(told);
  const said = teller.verdict(told, app.isProtocol);
  const name = teller.name(told.details);
  return html`
    <div class="panel ${kind} ${app.isProtocol ? 'discreet' : ''}">
      ${sign(kind)}
      <p class="word">${said.word}</p>
      <div class="about">
        ${told.scan.guest ? html`<p class="name ${name.length > LONG_NAME ? 'long' : ''}">${name || words.nameSealed}</p>` : nothing}
        <p class="from">${teller.from(told.details)}</p>
        <p class="reason">${said.sentence}</p>
        ${told.verdict.note ? html`<p class="note"><b>${words.note}:</b> ${told.verdict.note}</p>` : nothing}
        <p class="next">${said.next}</p>
        ${said.more.map((line) => html`<p class="aside">${line}</p>`)}
      </div>
      <div class="deeds">
        ${told.isUndone ? html`<p>${words.undone}</p>` : deeds(app, told, kind)}
      </div>
    </div>
  `;
}

/**
 * What can be done after a verdict.
 *
 * @param {any} app
 * @param {import('./station.js').Told} told
 * @param {'yes' | 'look' | 'no'} kind
 */
export function deeds(app, told, kind) {
  const { words } = app;
  const mayForce = kind === 'no' && told.scan.guest && app.station.direction === 'in';
  return html`
    ${mayForce ? html`<button type="button" @click=${() => app.checks.askToLetIn(told)}>${words.letIn}</button>` : nothing}
    <button type="button" class="quiet" @click=${() => app.checks.undo(told)}>${words.undo}</button>
  `;
}

function inputs(app) {
  const { words, sight, lookup } = app;
  return html`
    <div class="switches">
      ${directions(app)}
      <button type="button" class="quiet small" aria-pressed=${sight.isRunning ? 'true' : 'false'}
        @click=${() => sight.toggle()}>${sight.isRunning ? words.cameraStop : words.cameraStart}</button>
      <button type="button" class="quiet small" @click=${() => app.checks.count()}>${words.countOne}</button>
      ${app.isProtocol ? nothing : soundSwitch(app)}
    </div>
    <p class="field-fault" role="alert">${sight.fault}</p>
    <video class="sight" ?hidden=${!sight.isRunning} muted playsinline aria-label=${words.cameraShows}></video>
    <form class="typed" role="search" @submit=${(event) => lookup.submit(event)}>
      <label for="typed">${app.hasNames ? words.search : words.searchDoor}</label>
      <div class="beside">
        <input id="typed" name="typed" autocomplete="off" autocorrect="off" spellcheck="false" maxlength="300"
          aria-describedby="typed-hint" @input=${(event) => lookup.type(event.target.value)}>
        <button type="submit" class="small">${words.read}</button>
      </div>
      <p id="typed-hint" class="hint">${app.hasNames ? words.searchHint : words.searchDoorHint}</p>
    </form>
    ${lookup.found ? foundPeople(app) : nothing}
  `;
}

function soundSwitch(app) {
  return html`
    <button type="button" class="quiet small" aria-pressed=${app.sound.isOn ? 'true' : 'false'}
      @click=${() => app.toggleSound()}>${app.words.sound}</button>
  `;
}

function directions(app) {
  const { words, station } = app;
  const button = (direction, text) => html`
    <button type="button" class="quiet small" aria-pressed=${station.direction === direction ? 'true' : 'false'}
      @click=${() => app.turn(direction)}>${text}</button>
  `;
  return html`
    <div class="pair" role="group" aria-label=${words.direction}>
      ${button('in', words.directionIn)}${button('out', words.directionOut)}
    </div>
  `;
}

function foundPeople(app) {
  const { words } = app;
  const { found } = app.lookup;
  const shown = found.slice(0, 12);
  return html`
    <p role="status" class="hint">
      ${found.length === 0 ? words.nobody : app.plural('found', found.length)}
      ${found.length > shown.length ? words.more : nothing}
    </p>
    <ul class="rows">
      ${repeat(shown, ({ attendee }) => attendee, (person) => personRow(app, person))}
    </ul>
  `;
}

/**
 * Somebody in a list, with what can be done for them.
 *
 * @param {any} app
 * @param {import('./roster.js').Person} person
 */
export function personRow(app, person) {
  const { words, teller } = app;
  const isInside = app.checks.isInside(person);
  return html`
    <li class="row">
      ${app.isProtocol ? app.photos.view(person.photo, app.fill(words.photoOf, { name: person.details.name })) : nothing}
      <div>
        <p class="name">${teller.name(person.details)}</p>
        <p class="hint">${[teller.from(person.details), words[`status.${person.guest.status}`]].filter(Boolean).join(' · ')}
          ${isInside ? html`<span class="chip good">${words.inside}</span>` : nothing}</p>
      </div>
      <div class="deeds">
        ${
          person.index
            ? html`<button type="button" class="small" @click=${() => app.checks.take(person)}>${app.isProtocol ? words.receive : words.let}</button>`
            : html`<span class="hint">${words.noBadge}</span>`
        }
        ${app.isFull ? html`<button type="button" class="quiet small" @click=${() => app.show('person', person)}>${words.details}</button>` : nothing}
      </div>
    </li>
  `;
}

function lastScans(app) {
  const { words } = app;
  const { last } = app.checks;
  return html`
    <h2>${words.last}</h2>
    ${last.length === 0 ? html`<p class="hint">${words.lastNone}</p>` : nothing}
    <ul class="rows" tabindex=${last.length > 0 ? '0' : nothing} aria-label=${words.last}>
      ${repeat(last, ({ id }) => id, (entry) => lastRow(app, entry))}
    </ul>
  `;
}

function lastRow(app, entry) {
  const { words, teller } = app;
  const { scan, isUndone } = entry;
  const what = app.checks.nameOf(entry);
  const kind = scan.verdict ? kindOf(entry) : 'yes';
  return html`
    <li class="row ${isUndone ? 'undone' : kind}">
      <span class="when">${teller.hour(corrected(scan.at))}</span>
      <span class="what">
        <b>${what}</b>
        <span class="hint">${entry.verdict ? teller.verdict(entry).sentence : nothing}</span>
      </span>
      ${
        isUndone
          ? html`<span class="chip">${words.undone}</span>`
          : html`<button type="button" class="quiet small" aria-label=${app.fill(words.undoOf, { name: what })}
              @click=${() => app.checks.undo(entry)}>${words.undo}</button>`
      }
    </li>
  `;
}

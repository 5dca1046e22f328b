/**
 * Writing an announcement, changing one that is not out, or correcting one that is: the texts side by side, whom it is
 * for, how urgent it is and when it goes; it is looked at once more before it does.
 *
 * @module
 */

import { clockIn, momentIn } from '../../common/time.js';
import { repeat } from '../../vendor/lit-html/directives/repeat.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { forgetDraft, keepDraft, recallDraft } from '../announcement-drafts.js';
import { audienceForm, readAudience } from '../audience.js';
import { languageName, languagesOf, readTexts, textColumns } from '../texts-form.js';
import { audienceText } from './notice.js';

/**
 * @typedef {import('../app.js').App} App
 *
 * @typedef {object} Draft What is being written.
 * @property {string} of The announcement that is changed; empty for a new one.
 * @property {any} content
 * @property {boolean} isAtTime
 * @property {string} time As a field for it has it, in the event's zone.
 * @property {boolean} needsApproval
 * @property {boolean} isLooked Whether it is being looked at before it goes.
 * @property {boolean} isRecalled Whether it was written before the page was opened.
 */

const URGENCIES = ['quiet', 'normal', 'urgent', 'emergency'];

/** @type {Draft | undefined} */
let draft;

/** @param {App} app @param {{of: string}} given */
export const title = ({ words }, { of }) => (of ? words.changeAnnouncement : words.newAnnouncement);

/**
 * @param {App} app
 * @param {{of: string}} given
 */
export function draw(app, { of }) {
  const { words, client } = app;
  const row = of ? client.find('dispatches', of) : undefined;
  if (of && !row) return html`<h1 tabindex="-1">${words.announcement}</h1><p class="empty">${words.notFound}</p>`;
  if (draft?.of !== of) draft = begin(app, of, row?.value);
  const current = /** @type {Draft} */ (draft);
  const isOut = row?.value.state === 'sent';
  const heading = isOut ? words.correctAnnouncement : of ? words.changeAnnouncement : words.newAnnouncement;
  return html`
    <h1 tabindex="-1">${heading}</h1>
    ${isOut ? html`<p class="quiet-text">${words.correctHow}</p>` : nothing}
    ${current.isRecalled && !current.isLooked ? recalledNote(app, current) : nothing}
    ${current.isLooked ? review(app, current, row?.value.state) : repeat([current], (key) => key, () => form(app, current, isOut))}
  `;
}

/** What was written before the page was opened, and how to be rid of it. @param {App} app @param {Draft} current */
function recalledNote(app, { of }) {
  const { words } = app;
  const discard = () => {
    drop(app, of);
    app.draw();
    const first = document.querySelector('.announce input');
    if (first instanceof HTMLElement) first.focus();
  };
  return html`<p class="banner"><span class="grow">${words.draftFound}</span><button type="button" class="quiet small" @click=${discard}>${words.discardDraft}</button></p>`;
}

/** Forgets what was written. @param {App} app @param {string} of */
function drop(app, of) {
  draft = undefined;
  forgetDraft(app, of);
}

/** What was written before, else what there is. @param {App} app @param {string} of @param {any} value @returns {Draft} */
function begin(app, of, value) {
  const recalled = recallDraft(app, of);
  if (recalled) return { ...recalled, of, isLooked: false, isRecalled: true };
  const { texts = {}, audience = {}, urgency = 'normal', asks_acknowledgement: asks = false, send_at: sendAt, session } = value ?? {};
  return {
    of,
    content: { texts, audience, urgency, asks_acknowledgement: asks, session },
    isAtTime: Boolean(sendAt),
    time: clockIn(app.zone, sendAt ? Date.parse(sendAt) : app.client.now() + 3_600_000),
    needsApproval: Boolean(value?.needs_approval),
    isLooked: false,
    isRecalled: false,
  };
}

/** @param {App} app @param {Draft} current @param {boolean} isOut */
function form(app, current, isOut) {
  const { words } = app;
  const { content } = current;
  const keep = (/** @type {Event} */ event) => {
    // By buttons only people are chosen; others send what is written, or leave it.
    if (event.type === 'click' && !(/** @type {HTMLElement} */ (event.target).closest('.audience'))) return;
    const written = /** @type {HTMLFormElement} */ (event.currentTarget);
    keepDraft(app, current.of, readForm(written, current, isOut).draft);
  };
  const note = (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.name === 'when') {
      current.isAtTime = field.value === 'later';
      app.draw();
    }
    keep(event);
  };
  return html`
    <form class="stacked announce" novalidate @input=${keep} @change=${note} @click=${keep} @submit=${(event) => look(app, event, current, isOut)}>
      ${textColumns(app, content.texts, 'announce')}
      ${isOut ? nothing : audienceForm(app, content.audience)}
      <div class="columns">
        <fieldset>
          <legend>${words.urgency}</legend>
          ${URGENCIES.map(
            (one) => html`<div class="check"><input type="radio" name="urgency" id="urgency-${one}" value=${one} ?checked=${one === content.urgency}><label for="urgency-${one}">${words[`urgency.${one}`]}</label></div>`,
          )}
          <div class="check"><input type="checkbox" name="asks" id="asks" ?checked=${content.asks_acknowledgement}><label for="asks">${words.asksAcknowledgement}</label></div>
        </fieldset>
        ${isOut ? nothing : whenOut(app, current)}
      </div>
      <div>
        <label for="about">${words.aboutSession}</label>
        <select id="about" name="session">
          <option value="">${words.aboutNone}</option>
          ${app.programme.sessions
            .filter(({ isStub }) => !isStub)
            .map(({ id, day, start, title: name }) => html`<option value=${id} ?selected=${id === content.session}>${app.dayName(day)}${start ? `, ${app.hour(start)}` : ''} · ${name.text}</option>`)}
        </select>
      </div>
      <div class="actions">
        <button type="submit">${words.check}</button>
        ${current.of ? nothing : html`<button type="submit" class="quiet" name="keeps" value="draft">${words.keepDraft}</button>`}
        <a class="button quiet" href=${current.of ? `#/notice/${current.of}` : '#/notices'} @click=${() => drop(app, current.of)}>${words.cancel}</a>
      </div>
    </form>
  `;
}

/** @param {App} app @param {Draft} current */
function whenOut(app, current) {
  const { words } = app;
  return html`
    <fieldset>
      <legend>${words.whenOut}</legend>
      <div class="check"><input type="radio" name="when" id="when-now" value="now" ?checked=${!current.isAtTime}><label for="when-now">${words.outNow}</label></div>
      <div class="check"><input type="radio" name="when" id="when-later" value="later" ?checked=${current.isAtTime}><label for="when-later">${words.outAt}</label></div>
      ${
        current.isAtTime
          ? html`<label for="out-at">${words.outAtTime}</label><input type="datetime-local" id="out-at" name="time" .defaultValue=${current.time}>`
          : nothing
      }
      ${
        current.of
          ? nothing
          : html`<div class="check"><input type="checkbox" name="approval" id="approval" ?checked=${current.needsApproval}><label for="approval">${words.needsApproval}</label></div>`
      }
    </fieldset>
  `;
}

/** Takes over what was written, and shows it once more, or keeps it as a draft. @param {App} app @param {SubmitEvent} event @param {Draft} current @param {boolean} isOut */
function look(app, event, current, isOut) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const { draft: written, isWhole } = readForm(form, current, isOut);
  Object.assign(current, written);
  const problem = faultOf(app, current, isWhole);
  app.fault = problem ? app.words[problem.text] : '';
  app.note = '';
  if (problem) {
    app.draw();
    form.querySelector(problem.at)?.scrollIntoView({ block: 'center' });
    const field = form.querySelector(problem.at);
    if (field instanceof HTMLElement) field.focus({ preventScroll: true });
    return;
  }
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (button?.value === 'draft') {
    app.run(() => send(app, current, { is_draft: true }));
    return;
  }
  current.isLooked = true;
  app.draw();
  const first = document.querySelector('main [data-first]');
  if (first instanceof HTMLElement) first.focus();
}

/** What the form says now. @param {HTMLFormElement} form @param {Draft} current @param {boolean} isOut */
function readForm(form, { of, content, isAtTime, time, needsApproval }, isOut) {
  const given = new FormData(form);
  const { texts, isWhole } = readTexts(form);
  const written = {
    content: {
      texts,
      audience: isOut ? content.audience : readAudience(form, content.audience),
      urgency: given.get('urgency'),
      asks_acknowledgement: given.has('asks'),
      session: given.get('session') || undefined,
    },
    isAtTime,
    time: String(given.get('time') ?? time),
    needsApproval: isOut || of ? needsApproval : given.has('approval'),
  };
  return { draft: written, isWhole };
}

/** What is missing, and where. @param {App} app @param {Draft} current @param {boolean} isWhole */
function faultOf(app, current, isWhole) {
  const { texts, audience } = current.content;
  if (!isWhole || Object.keys(texts).length === 0) return { text: 'textMissing', at: 'input[name^="title-"]' };
  const isForSomebody = audience.everybody || ['audiences', 'delegations', 'sessions', 'attendees'].some((kind) => audience[kind]?.length > 0);
  if (!isForSomebody) return { text: 'audienceMissing', at: '#for-everybody' };
  if (current.isAtTime && !(momentIn(app.zone, current.time) > app.client.now())) return { text: 'timeMissing', at: '#out-at' };
  return undefined;
}

/** What goes out, as it goes out. @param {App} app @param {Draft} current @param {string | undefined} state */
function review(app, current, state) {
  const { words } = app;
  const { texts, audience, urgency, asks_acknowledgement: asks, session } = current.content;
  const missing = languagesOf(app).filter((language) => !texts[language]);
  const fallback = app.programme.event.fallback_language ?? 'en';
  const instead = texts[fallback] ? fallback : Object.keys(texts)[0];
  const names = new Intl.ListFormat(app.locale).format(missing.map((language) => languageName(app, language)));
  const when = current.isAtTime ? app.moment(momentIn(app.zone, current.time)) : words.outNow;
  return html`
    <section class="panel" aria-labelledby="review">
      <h2 id="review" tabindex="-1" data-first>${words.reviewTitle}</h2>
      <div class="told">${Object.entries(texts).map(([language, one]) => html`<div lang=${language}><p><b>${one.title}</b></p><p class="lines-kept">${one.text}</p></div>`)}</div>
      ${missing.length > 0 ? html`<p class="banner warn">${app.say('readsInstead', { languages: names, language: languageName(app, instead) })}</p>` : nothing}
      <dl class="pairs">
        <div><dt>${words.forWhom}</dt><dd>${audienceText(app, audience)}</dd></div>
        <div><dt>${words.urgency}</dt><dd>${words[`urgency.${urgency}`]}${asks ? html`<br>${words.asksAcknowledgement}` : nothing}</dd></div>
        ${state === 'sent' ? nothing : html`<div><dt>${words.whenOut}</dt><dd>${when}${current.needsApproval ? html`<br>${words.needsApproval}` : nothing}</dd></div>`}
        ${session ? html`<div><dt>${words.aboutSession}</dt><dd>${app.titleOf(session)}</dd></div>` : nothing}
      </dl>
      <div class="actions">
        <button type="button" aria-disabled=${String(app.isBusy)} @click=${() => app.run(() => send(app, current, {}, state))}>${words[sendWord(current, state)]}</button>
        <button type="button" class="quiet" @click=${() => back(app, current)}>${words.back}</button>
      </div>
    </section>
  `;
}

/** What sending means here. @param {Draft} current @param {string | undefined} state */
function sendWord(current, state) {
  if (state === 'sent') return 'doCorrect';
  if (state === 'draft') return 'save';
  if (current.needsApproval) return 'doHandIn';
  return current.isAtTime ? 'doSchedule' : 'doSend';
}

/** @param {App} app @param {Draft} current */
function back(app, current) {
  current.isLooked = false;
  app.draw();
  const first = document.querySelector('.announce input');
  if (first instanceof HTMLElement) first.focus();
}

/** @param {App} app @param {Draft} current @param {object} more @param {string} [state] */
async function send(app, current, more, state) {
  const { words } = app;
  const { of, content, needsApproval } = current;
  const sendAt = current.isAtTime ? new Date(momentIn(app.zone, current.time)).toISOString() : undefined;
  let id = of;
  if (of) {
    await app.ask('PATCH', `/announcements/${of}`, patchOf(app, current, { ...content, send_at: sendAt }, state));
  } else {
    const made = await app.ask('POST', '/announcements', {
      ...content,
      ...(sendAt && { send_at: sendAt }),
      ...(needsApproval && { needs_approval: true }),
      ...more,
    });
    id = made.id;
  }
  drop(app, of);
  app.client.exchange();
  const isDraft = 'is_draft' in more;
  // The view of what was made takes this one's place, and says how it went.
  app.leaveFor(`#/notice/${id}`);
  if (isDraft) return words.wasKept;
  if (state === 'sent') return words.wasCorrected;
  if (state === 'draft') return words.wasChanged;
  if (needsApproval) return words.wasHandedIn;
  return sendAt ? app.say('wasScheduled', { time: app.moment(sendAt) }) : words.wasSent;
}

/** What changes, as a merge patch: what is not there any more is null in it. @param {App} app @param {Draft} current @param {any} next @param {string} [state] */
function patchOf(app, { of }, next, state) {
  const former = app.client.find('dispatches', of)?.value ?? {};
  const gone = Object.keys(former.texts ?? {}).filter((language) => !next.texts[language]);
  return {
    texts: { ...next.texts, ...Object.fromEntries(gone.map((language) => [language, null])) },
    urgency: next.urgency,
    asks_acknowledgement: next.asks_acknowledgement,
    session: next.session ?? null,
    // What is out is with its audience, at its time.
    ...(state !== 'sent' && {
      audience: { everybody: false, audiences: [], delegations: [], sessions: [], attendees: [], ...next.audience },
      send_at: next.send_at ?? null,
    }),
  };
}

/**
 * What somebody agrees to, to be taken back or given by one tap.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { describeMoment } from '../../common/time.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { drawOf, drawRefused, notSent, refusedOf, registrationOf, waitingOf } from '../own.js';
import { emptyNote, paragraphs } from '../parts.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {{consent: string, version: number, language: string, is_given: boolean, at?: string, isPending?: boolean}} Word What somebody said to a text.
 * @typedef {{key: string, version: number, text: Record<string, string>, is_required?: boolean}} Asked A text of a category.
 */

export const tab = 'more';

const OPS = ['consent.set'];

/** @param {App} app */
export const title = (app) => app.words.consents;

/** @param {App} app @param {import('../views.js').Given} given */
export function draw(app, { of }) {
  const { words, client } = app;
  return drawOf(app, of, words.consents, () => {
    const value = registrationOf(app, of)?.value;
    if (!value) return emptyNote(words['registration.none']);
    const said = wordsOf(app, of, value);
    /** @type {Asked[]} */
    const asked = client.find('categories', value.category)?.value.consents ?? [];
    const former = [...said.values()].filter((word) => word.is_given && asked.every(({ key }) => key !== word.consent));
    return html`<p>${words['consents.text']}</p> ${drawRefused(app, refusedOf(app, of, OPS))}
      ${asked.length + former.length === 0 ? emptyNote(words['consents.none']) : nothing}
      <ul class="list">
        ${asked.map((text) => html`<li class="panel plain">${drawAsked(app, of, text, said.get(text.key))}</li>`)}
        ${former.map((word) => html`<li class="panel plain">${drawFormer(app, of, word)}</li>`)}
      </ul>`;
  });
}

/** What somebody said last to each text, what waits for the server included. @param {App} app @param {string} attendee @param {any} value */
function wordsOf(app, attendee, value) {
  /** @type {Map<string, Word>} */
  const said = new Map((value.consents ?? []).map((/** @type {Word} */ word) => [word.consent, word]));
  for (const { mutation } of waitingOf(app, attendee, OPS)) {
    for (const word of mutation.args.consents) said.set(word.consent, { ...word, at: mutation.at, isPending: true });
  }
  return said;
}

/** How somebody stands to a text. @param {Asked} text @param {Word | undefined} word */
function stateOf({ version }, word) {
  if (!word) return 'unanswered';
  if (!word.is_given) return 'refused';
  return word.version === version ? 'given' : 'outdated';
}

/** @param {App} app @param {string} attendee @param {Asked} text @param {Word | undefined} word */
function drawAsked(app, attendee, text, word) {
  const { words, programme } = app;
  const shown = programme.text(text.text);
  const state = stateOf(text, word);
  const id = `consent-${text.key}`;
  const say = (/** @type {boolean} */ isGiven) => () =>
    set(app, attendee, { consent: text.key, version: text.version, language: shown?.tag ?? app.language, is_given: isGiven });
  return html`<div id=${id}>${paragraphs(app, shown)}</div>
    ${drawState(app, state, word)}
    ${text.is_required ? html`<p class="quiet-text">${words[state === 'refused' ? 'consents.withdrawn' : 'consents.required']}</p>` : nothing}
    <div class="actions">
      ${state === 'given' ? nothing : html`<button type="button" aria-describedby=${id} @click=${say(true)}>${words[state === 'outdated' ? 'consents.renew' : 'agree']}</button>`}
      ${word?.is_given ? html`<button type="button" class="quiet" aria-describedby=${id} @click=${say(false)}>${words['consents.takeBack']}</button>` : nothing}
    </div>`;
}

/** What is not asked any more, and was agreed to. @param {App} app @param {string} attendee @param {Word} word */
function drawFormer(app, attendee, word) {
  const { consent, version, language } = word;
  const id = `consent-${consent}`;
  const takeBack = () => set(app, attendee, { consent, version, language, is_given: false });
  return html`<p id=${id}>${app.say('consents.former', { name: consent })}</p>
    ${drawState(app, 'given', word)}
    <div class="actions"><button type="button" class="quiet" aria-describedby=${id} @click=${takeBack}>${app.words['consents.takeBack']}</button></div>`;
}

/** @param {App} app @param {string} state @param {Word | undefined} word */
function drawState(app, state, word) {
  const kind = { given: 'good', refused: 'bad' }[/** @type {'given'} */ (state)] ?? 'warn';
  return html`<p><span class="chip ${kind}">${icon(state === 'given' ? 'check' : state === 'refused' ? 'close' : 'warning')}${app.words[`consents.${state}`]}</span>
    ${word?.at ? html` <span class="quiet-text small-text">${describeMoment(app.locale, app.programme.zone, word.at)}</span>` : nothing}${notSent(app, Boolean(word?.isPending))}</p>`;
}

/** @param {App} app @param {string} attendee @param {Word} word */
function set(app, attendee, word) {
  return app.edit({ op: 'consent.set', for: attendee, args: { consents: [word] } });
}

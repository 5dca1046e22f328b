/**
 * What a person agrees to, and the form for what they said on paper.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { Filling, selectField } from './fields.js';
import { listSection } from './person-section.js';
import { languageName } from './texts-form.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {{consent: string, state: string, version?: number, text?: Record<string, string>, is_required?: boolean, history: any[]}} Consent
 */

const filling = new Filling('person');

/** @param {App} app @param {string} attendee */
export function consentsOf(app, attendee) {
  const { words } = app;
  return listSection(app, {
    id: 'person-consents',
    heading: words.consents,
    path: `/attendees/${attendee}/consents`,
    itemsOf: ({ consents }) => consents,
    line: ({ consent, text, state, is_required: isRequired, history }) => html`
      <span class="grow">${app.text(text) || consent}
        <span class="quiet-text small-text">${[isRequired && words.isRequired, history[0] && app.moment(history[0].at)].filter(Boolean).join(' · ')}</span></span>
      <span class="chip ${state === 'given' ? 'good' : state === 'refused' ? 'bad' : 'warn'}">${words[`consent.${state}`]}</span>`,
    below: ({ consents }) => (app.rights.organises && consents.length > 0 ? form(app, attendee, consents) : nothing),
  });
}

/** @param {App} app @param {string} attendee @param {Consent[]} consents */
function form(app, attendee, consents) {
  const { words } = app;
  filling.show(attendee);
  const languages = [...new Set(consents.flatMap(({ text = {} }) => Object.keys(text)))];
  const submit = (/** @type {any} */ event) => {
    event.preventDefault();
    save(app, event.target, attendee, consents);
  };
  const answers = (/** @type {Consent} */ { version, state }) => [
    ...(version === undefined ? [] : [{ id: 'yes', name: words['consent.given'] }]),
    ...(state === 'refused' ? [] : [{ id: 'no', name: words['consent.refused'] }]),
  ];
  return html`<details class="correct"><summary>${words.onPaper}</summary>
    <form class="stacked" novalidate @submit=${submit}>
      <p class="hint">${words.onPaperHow}</p>
      ${consents.map((one) => selectField(filling.faults, { id: `person-consents-${one.consent}`, name: one.consent, label: app.text(one.text) || one.consent, options: answers(one), none: words.nothingNew }))}
      ${
        languages.length > 0
          ? selectField(filling.faults, {
              id: 'person-consents-language',
              name: '/language',
              label: words.paperLanguage,
              value: languages.includes(app.language) ? app.language : languages[0],
              options: languages.map((id) => ({ id, name: languageName(app, id) })),
            })
          : nothing
      }
      <div class="actions"><button type="submit" aria-disabled=${String(app.isBusy)}>${words.saveConsents}</button></div>
    </form></details>`;
}

/**
 * A word on a text; on one that is not asked any more, or not in that language, in the version and language that there is.
 *
 * @param {Consent} consent
 * @param {boolean} isGiven
 * @param {string} language
 */
function wordOn({ consent, version, text = {}, history }, isGiven, language) {
  const [last] = history;
  const shown = text[language] === undefined ? (Object.keys(text)[0] ?? last?.language) : language;
  return { consent, version: version ?? last?.version, language: shown, is_given: isGiven };
}

/** @param {App} app @param {HTMLFormElement} form @param {string} attendee @param {Consent[]} consents */
function save(app, form, attendee, consents) {
  const given = new FormData(form);
  const language = String(given.get('/language') ?? '');
  const said = consents.filter(({ consent }) => given.get(consent)).map((one) => wordOn(one, given.get(one.consent) === 'yes', language));
  if (said.length === 0) return;
  filling.submit(app, form, async () => {
    await app.ask('PUT', `/attendees/${attendee}/consents`, { consents: said });
    app.client.exchange();
    return app.words.saved;
  });
}

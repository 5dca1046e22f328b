/**
 * A session's texts, side by side in each of the event's languages.
 *
 * @module
 */

import { html } from '../../vendor/lit-html/lit-html.js';
import { changes, open } from '../change.js';

const FIELDS = ['title', 'objective', 'description'];

/** What was seen when the first letter was typed: by the session, the position of its row. @type {{of: string, base: string} | undefined} */
let begun;

/**
 * @param {import('../app.js').App} app
 * @param {{of: string}} given
 */
export const title = (app, { of }) => app.titleOf(of) || app.words.texts;

/**
 * @param {import('../app.js').App} app
 * @param {{of: string}} given
 */
export function draw(app, { of: id }) {
  const { words, programme } = app;
  const session = programme.session(id);
  if (!session) return html`<h1 tabindex="-1">${words.texts}</h1><p class="empty">${words.notFound}</p>`;
  const languages = programme.event.languages ?? ['en'];
  return html`
    <div class="head">
      <h1 tabindex="-1">${session.title.text}</h1>
      <button type="button" class="quiet" aria-haspopup="dialog" @click=${() => open(app, changes.session(id))}>${words.change}</button>
    </div>
    <p class="quiet-text">${[session.start && `${app.dayName(session.day)}, ${app.hour(session.start)}`, session.place.room?.text].filter(Boolean).join(' · ')}</p>
    <form class="texts" novalidate @input=${() => begin(app, session)} @submit=${(event) => submit(app, event, session)}>
      <div class="columns" role="group" aria-label=${words.texts}>
        ${languages.map((language) => column(app, session, language))}
      </div>
      <button type="submit" aria-disabled=${String(app.isBusy)}>${words.save}</button>
    </form>
  `;
}

function column(app, { value }, language) {
  const name = new Intl.DisplayNames([app.locale], { type: 'language' }).of(language);
  return html`
    <fieldset>
      <legend>${name}</legend>
      ${FIELDS.map((field) => {
        const id = `${field}-${language}`;
        return html`
          <label for=${id}>${app.words[`field.${field}`]}</label>
          <textarea id=${id} name=${id} lang=${language} rows=${field === 'title' ? 2 : 5} maxlength=${field === 'title' ? 300 : 10_000}
            .defaultValue=${value[field]?.[language] ?? ''}></textarea>
        `;
      })}
    </fieldset>
  `;
}

/** Notes what the reader saw when they began to write; what they saw. @returns {{of: string, base: string}} */
function begin(app, { id, scope }) {
  if (begun && begun.of === id) return begun;
  const seen = { of: id, base: app.client.position(scope) ?? '' };
  begun = seen;
  return seen;
}

function submit(app, event, { id, value, scope }) {
  event.preventDefault();
  const given = new FormData(event.target);
  const languages = app.programme.event.languages ?? ['en'];
  const patch = {};
  for (const field of FIELDS) {
    for (const language of languages) {
      const text = String(given.get(`${field}-${language}`)).trim();
      if (text === (value[field]?.[language] ?? '')) continue;
      // A field without any text is no field.
      patch[field] = { ...patch[field], [language]: text || null };
    }
    const left = { ...value[field], ...patch[field] };
    if (patch[field] && Object.values(left).every((text) => !text)) patch[field] = null;
  }
  if (Object.keys(patch).length === 0) return;
  const { base } = begin(app, { id, scope });
  // Who saves again after they were told of another's change has seen it.
  begun = undefined;
  app.run(async () => {
    await app.ask('PATCH', `/sessions/${id}${base && `?base=${encodeURIComponent(base)}`}`, patch);
    app.client.exchange();
    return app.words.saved;
  });
}

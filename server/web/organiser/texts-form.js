/**
 * A title and a text in each of the event's languages, side by side, as people will read them.
 *
 * @module
 */

import { html } from '../vendor/lit-html/lit-html.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {Record<string, {title: string, text: string}>} Texts
 */

/** The event's languages, and those besides in which there are texts. @param {App} app @param {object} [texts] */
export function languagesOf({ programme }, texts = {}) {
  return [...new Set([...(programme.event.languages ?? ['en']), ...Object.keys(texts)])];
}

/** What a language is called in the reader's. @param {App} app @param {string} language */
export function languageName({ locale }, language) {
  return new Intl.DisplayNames([locale], { type: 'language' }).of(language) ?? language;
}

/**
 * Fields for a title and a text by language.
 *
 * @param {App} app
 * @param {Texts} texts
 * @param {string} of Sets the fields apart from others of the page.
 */
export function textColumns(app, texts, of) {
  const { words } = app;
  return html`
    <div class="columns" role="group" aria-label=${words.textsIn}>
      ${languagesOf(app, texts).map(
        (language) => html`
          <fieldset>
            <legend>${languageName(app, language)}</legend>
            <label for="${of}-title-${language}">${words['notice.title']}</label>
            <input id="${of}-title-${language}" name="title-${language}" lang=${language} maxlength="200" autocomplete="off" .defaultValue=${texts[language]?.title ?? ''}>
            <label for="${of}-text-${language}">${words['notice.text']}</label>
            <textarea id="${of}-text-${language}" name="text-${language}" lang=${language} rows="4" maxlength="2000" .defaultValue=${texts[language]?.text ?? ''}></textarea>
          </fieldset>
        `,
      )}
    </div>
  `;
}

/**
 * What was written.
 *
 * @param {HTMLFormElement} form
 * @returns {{texts: Texts, isWhole: boolean}} Languages with something in them; whether each has both.
 */
export function readTexts(form) {
  const given = new FormData(form);
  /** @type {Texts} */
  const texts = {};
  for (const name of given.keys()) {
    const language = name.startsWith('title-') ? name.slice('title-'.length) : undefined;
    if (language === undefined) continue;
    const [title, text] = [String(given.get(name)).trim(), String(given.get(`text-${language}`)).trim()];
    if (title || text) texts[language] = { title, text };
  }
  return { texts, isWhole: Object.values(texts).every(({ title, text }) => title && text) };
}

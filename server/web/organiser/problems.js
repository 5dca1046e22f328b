/**
 * Why the server refused something, in the page's language.
 *
 * @module
 */

/** Codes of problems that are the field's which is named with them. */
const OF_FIELDS = ['invalid_value', 'invalid_request', 'unknown_reference', 'slug_taken'];

/**
 * A problem in a sentence: the page's own by its code, and the server's, in English, of a code that the page does not know.
 *
 * @param {import('./app.js').App} app
 * @param {number} status The answer's.
 * @param {any} body The problem (RFC 9457).
 * @returns {string}
 */
export function explainProblem(app, status, body) {
  const { words } = app;
  if (status === 401) return words.signedOut;
  if (status === 403) return words.forbidden;
  if (status >= 500) return words.failed;
  const known = words[`problem.${body?.code}`];
  if (!known) return app.say('refused', { detail: body?.detail ?? String(status) });
  const field = OF_FIELDS.includes(body.code) ? nameOfField(words, body.field) : '';
  return field ? app.say('problemAt', { problem: known, field }) : known;
}

/**
 * What a field is called; empty where the page has no name for it.
 *
 * @param {Record<string, string>} words
 * @param {string} [field] A JSON pointer, or the name of a parameter.
 */
export function nameOfField(words, field = '') {
  const names = field.split('/').filter((part) => part && !/^\d+$/.test(part));
  return words[`field.${names.at(-1)}`] ?? '';
}

/**
 * What is held about somebody, from the server: a document whose lists may go on in the next one, put together.
 *
 * @module
 */

import { PERSON } from '../common/session.js';

/** How long an answer may take, in milliseconds. */
const PATIENCE_MS = 30_000;

/** The most lines of a list that one answer may have. */
const LIMIT = 500;

/** The server did not give it. */
export class NotGiven extends Error {
  /** @param {number | undefined} status The status of its answer; undefined where there was none. */
  constructor(status) {
    super('What is held was not given.');
    this.status = status;
  }
}

/**
 * What is held, with its lists whole.
 *
 * @param {string} path
 * @returns {Promise<Record<string, any>>}
 * @throws {NotGiven}
 */
export async function readDocument(path) {
  /** @type {Record<string, any>} */
  const whole = {};
  let query = `limit=${LIMIT}`;
  for (;;) {
    const { next, ...sections } = JSON.parse(await fetchText(`${path}?${query}`));
    for (const [name, section] of Object.entries(sections)) {
      whole[name] = Array.isArray(whole[name]) ? [...whole[name], ...section] : section;
    }
    if (!next) return whole;
    query = `limit=${LIMIT}&cursor=${encodeURIComponent(next)}`;
  }
}

/**
 * The same as a page to read, in the language of the app.
 *
 * @param {string} path
 * @param {string} language
 * @returns {Promise<{head: string, body: HTMLElement}>} The head as it came, and what there is to read.
 * @throws {NotGiven}
 */
export async function readPage(path, language) {
  /** @type {{head: string, body: HTMLElement} | undefined} */
  let whole;
  let query = `language=${language}&limit=${LIMIT}`;
  for (;;) {
    const text = await fetchText(`${path}.html?${query}`);
    // Its style is for the page alone, and none that this one may parse.
    const begin = text.indexOf('<h1>');
    const { body } = new DOMParser().parseFromString(text.slice(begin), 'text/html');
    // What people wrote is text there, so the only link leads to the page after it.
    const next = body.querySelector('a');
    next?.parentElement?.remove();
    if (whole) goOn(whole.body, body);
    else whole = { head: text.slice(0, begin), body };
    if (!next) return whole;
    query = next.getAttribute('href')?.slice(1) ?? '';
  }
}

/** Puts the lists of a later page where they began. @param {HTMLElement} whole @param {HTMLElement} page */
function goOn(whole, page) {
  const began = [...whole.querySelectorAll('h2')];
  for (const heading of page.querySelectorAll('h2')) {
    const former = began.find(({ textContent }) => textContent === heading.textContent)?.nextElementSibling;
    const list = heading.nextElementSibling;
    if (former?.matches('ol') && list?.matches('ol')) former.append(...list.children);
  }
}

/** @param {string} address */
async function fetchText(address) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await PERSON.send('GET', address, undefined, signal).catch(() => undefined);
  if (!response?.ok) throw new NotGiven(response?.status);
  return response.text();
}

/**
 * A page of views, one of which is shown at a time, in the reader's language.
 *
 * A view is an element whose heading has the view's name and `-title` as its id. Elements with
 * `data-words` are filled by that name; `note` and `fault` are where messages are read out.
 *
 * @module
 */

import { Unreachable } from './api.js';
import { chooseLanguage, describeDuration, fill } from './language.js';

/** The element of an id, which the page has. @returns {any} @param {string} id */
export const element = (id) => document.getElementById(id);

export class Page {
  #views;
  /** @type {[Function, string][]} */
  #failures;

  /** Ends when the work under way does. */
  #turn = Promise.resolve();

  /** Whether a view was shown; focus is moved only when a later one takes its place. */
  #hasBegun = false;

  /**
   * @param {{words: Record<string, Record<string, string>>, views: string[], failures?: [Function, string][]}} made
   *   The texts by language, `unreachable`, `tooMany` and `failed` among them; the ids of the views; errors that work
   *   may end with, by the texts that tell of them.
   */
  constructor({ words, views, failures = [] }) {
    this.language = chooseLanguage(Object.keys(words));
    this.words = words[this.language];
    this.#views = views;
    this.#failures = [[Unreachable, 'unreachable'], ...failures];
    document.documentElement.lang = this.language;
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-words]'))) {
      place.textContent = this.words[place.dataset.words ?? ''];
    }
  }

  /** Shows a view with messages. */
  show(view, messages) {
    for (const id of this.#views) element(id).hidden = id !== view;
    this.tell(messages);
    document.title = `${element(`${view}-title`).textContent} · Cumbre`;
    if (this.#hasBegun) (element(view).querySelector('input, textarea') ?? element(`${view}-title`)).focus();
    this.#hasBegun = true;
  }

  /** Says something, and takes back what was said before. */
  tell({ note = '', fault = '' } = {}) {
    element('note').textContent = note;
    element('fault').textContent = fault;
    if (fault) element('fault').scrollIntoView({ block: 'nearest' });
  }

  /** Why an answer is none of those that were hoped for. */
  explain({ status, retryAfterS }) {
    if (status !== 429) return this.words.failed;
    return fill(this.words.tooMany, { time: describeDuration(this.language, retryAfterS) });
  }

  /**
   * Runs work after what is under way, and says what went wrong. A button that it was asked for by
   * takes no second press meanwhile, and stays for another try.
   */
  run(work, button) {
    if (button?.ariaDisabled === 'true') return;
    if (button) button.ariaDisabled = 'true';
    this.#turn = this.#turn.then(async () => {
      this.tell();
      try {
        await work();
      } catch (error) {
        const known = this.#failures.find(([kind]) => error instanceof kind);
        if (known) this.tell({ fault: this.words[known[1]] });
        else reportError(error);
      }
      if (button) button.ariaDisabled = null;
    });
  }

  /** Runs work when a button is pressed. */
  onClick(id, work) {
    const button = element(id);
    button.addEventListener('click', () => this.run(work, button));
  }

  /** Runs work when a form is sent. */
  onSubmit(id, work) {
    element(id).addEventListener('submit', (event) => {
      event.preventDefault();
      this.run(work, element(id).querySelector('[type=submit]'));
    });
  }
}

/** Says what is wrong with a field and leads there; an empty problem takes it back. Whether it is fine. */
export function judge(field, problem) {
  element(`${field.id}-fault`).textContent = problem;
  if (problem) {
    field.ariaInvalid = 'true';
    field.focus();
  } else {
    field.ariaInvalid = null;
  }
  return !problem;
}

/** Whether a field holds an address for mail. */
export function isAddress(field) {
  return field.value.trim() !== '' && field.validity.valid;
}

/**
 * What every view of the organiser's page uses: the replica, the server, and what to say.
 *
 * @module
 */

import { Unreachable } from '../common/api.js';
import { KIND_WORDS } from '../common/kind-words.js';
import { chooseLocale, fill } from '../common/language.js';
import { Programme } from '../common/programme.js';
import { askSignedIn, PERSON } from '../common/session.js';
import { hoursOf } from '../common/time.js';
import { explainProblem } from './problems.js';

/** How old what was asked of the server may be before it is asked for anew, in milliseconds. */
const FRESH_MS = 30_000;

/**
 * @typedef {object} Read What was read, or is being read.
 * @property {number} at
 * @property {string} of Of which state.
 * @property {any} [body]
 * @property {string} [fault]
 * @property {boolean} [isAsked]
 */

/** That something cannot be done, in words for the person. */
export class Refused extends Error {}

export class App {
  /** What was read by REST, by path. @type {Map<string, Read>} */
  #read = new Map();

  /** What is being read now. @type {Set<Promise<void>>} */
  #asked = new Set();

  note = '';
  fault = '';
  isBusy = false;

  /** Whether the view changes as part of something that says how it went. */
  isLed = false;

  /** The change that is being thought over; undefined while there is none. @type {any} */
  change;

  /**
   * @param {{client: any, words: Record<string, string>, language: string, event: string, rights: import('./rights.js').Rights, draw: () => void}} made
   */
  constructor({ client, words, language, event, rights, draw }) {
    this.client = client;
    this.words = words;
    this.language = language;
    this.locale = chooseLocale(language);
    this.event = event;
    this.rights = rights;
    this.draw = draw;
    this.programme = new Programme(client, this.locale, KIND_WORDS[language]);
  }

  get zone() {
    return this.programme.zone;
  }

  /** Today in the event's zone. */
  get today() {
    return this.programme.dayOf(this.client.now());
  }

  /**
   * What the reader is told of texts in several languages.
   *
   * @param {Record<string, string>} [texts]
   */
  text(texts) {
    return this.programme.text(texts)?.text ?? '';
  }

  /**
   * A text with its places filled.
   *
   * @param {string} name
   * @param {Record<string, string | number>} [values]
   */
  say(name, values = {}) {
    return fill(this.words[name], Object.fromEntries(Object.entries(values).map(([place, value]) => [place, String(value)])));
  }

  /**
   * A text for a number of things. That of one says the number itself, which zero, a singular in some languages, is not.
   *
   * @param {string} name
   * @param {number} count
   */
  plural(name, count) {
    const form = count === 1 ? 'one' : 'other';
    return this.say(`${name}.${form}`, { count: new Intl.NumberFormat(this.locale).format(count) });
  }

  /** @param {number | string} at */
  hour(at) {
    return new Intl.DateTimeFormat(this.locale, { ...hoursOf(this.locale), hour: '2-digit', minute: '2-digit', timeZone: this.zone }).format(new Date(at));
  }

  /** @param {number | string} at */
  moment(at) {
    const format = /** @type {const} */ ({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
    return new Intl.DateTimeFormat(this.locale, { ...hoursOf(this.locale), ...format, timeZone: this.zone }).format(new Date(at));
  }

  /** @param {string} day Such as `2018-11-26`. */
  dayName(day) {
    const format = /** @type {const} */ ({ weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
    return new Intl.DateTimeFormat(this.locale, format).format(new Date(`${day}T00:00:00Z`));
  }

  /**
   * A session as the programme has it, by what stands first in its line.
   *
   * @param {string} id
   */
  titleOf(id) {
    const session = this.programme.session(id);
    return session ? session.title.text : '';
  }

  /** @param {string} [id] */
  roomName(id) {
    return (id && this.programme.room(id)?.name?.text) || '';
  }

  /**
   * Asks the server.
   *
   * @param {string} method
   * @param {string} path Below the event.
   * @param {object} [body]
   * @param {{ifMatch?: string}} [options] The version that is changed, where another one is not to be.
   * @returns {Promise<any>} The body of the answer.
   * @throws {Refused | Unreachable}
   */
  async ask(method, path, body, options = {}) {
    const answer = await askSignedIn(method, `/v1/events/${this.event}${path}`, body, options);
    if (answer.status < 300) return answer.body;
    throw new Refused(this.explain(answer), { cause: answer });
  }

  /**
   * Why an answer is none that was hoped for.
   *
   * @param {import('../common/api.js').Answer} answer
   */
  explain({ status, body }) {
    return explainProblem(this, status, body);
  }

  /**
   * What a path says, as it was read last; it is asked for anew where that is old, or of another state.
   *
   * @param {string} path Below the event.
   * @param {string | number} [state] What changes when the answer may have changed, such as the revision of a row.
   * @param {object} [body] Of a search, which is posted.
   * @returns {{body?: any, fault?: string}}
   */
  read(path, state = '', body = undefined) {
    const of = String(state);
    const key = body ? `${path} ${JSON.stringify(body)}` : path;
    const known = this.#read.get(key) ?? { at: -Infinity, of };
    const isOld = performance.now() - known.at > FRESH_MS || known.of !== of;
    if (isOld && !known.isAsked) {
      known.isAsked = true;
      this.#read.set(key, known);
      const asked = this.#fetch(key, known, { path, of, body }).finally(() => this.#asked.delete(asked));
      this.#asked.add(asked);
    }
    return known;
  }

  /** @param {string} key @param {Read} known @param {{path: string, of: string, body?: object}} asked */
  async #fetch(key, known, { path, of, body }) {
    /** @type {Read} */
    const next = { at: performance.now(), of, body: known.body, fault: undefined };
    try {
      next.body = await this.ask(body ? 'POST' : 'GET', path, body);
    } catch (error) {
      next.fault = this.faultOf(error);
    }
    // What was asked before something was done may answer after what was asked since.
    if ((this.#read.get(key)?.at ?? -Infinity) <= next.at) this.#read.set(key, next);
    this.draw();
  }

  /** What was read before is old now, and what is being read is read again. */
  forget() {
    for (const known of this.#read.values()) Object.assign(known, { at: -Infinity, isAsked: false });
  }

  /** @param {unknown} error */
  faultOf(error) {
    if (error instanceof Refused) return error.message;
    if (error instanceof Unreachable) return this.words.unreachable;
    reportError(error);
    return this.words.failed;
  }

  /** Says what went wrong with what nobody waits for. @param {unknown} error */
  fail(error) {
    this.fault = this.faultOf(error);
    this.draw();
  }

  /**
   * Does something that the person asked for, and says how it went once the view shows what came of it: until then
   * a button may stand for something else than a moment later.
   *
   * @param {() => Promise<string | void>} work What to say when it is done.
   */
  async run(work) {
    if (this.isBusy) return;
    Object.assign(this, { isBusy: true, note: '', fault: '' });
    this.draw();
    try {
      const note = (await work()) ?? '';
      this.forget();
      this.draw();
      await Promise.all(this.#asked);
      this.note = note;
    } catch (error) {
      this.fault = this.faultOf(error);
    }
    this.isBusy = false;
    this.draw();
  }

  /**
   * A text that the server writes.
   *
   * @param {string} path Below the event.
   * @throws {Refused | Unreachable}
   */
  async readText(path) {
    const answer = await this.transfer('GET', path);
    if (answer.ok) return answer.text();
    throw new Refused(this.explain({ status: answer.status, body: await answer.json(), retryAfterS: 0 }));
  }

  /**
   * Leads to another view; what is said then is said there.
   *
   * @param {string} address Such as `#/notices`.
   */
  leaveFor(address) {
    this.isLed = true;
    location.hash = address;
  }

  /**
   * Sends a file, or asks for one.
   *
   * @param {string} method
   * @param {string} path Below the event.
   * @param {{body?: BodyInit, type?: string, isAgain?: boolean}} [file]
   * @returns {Promise<Response>}
   */
  async transfer(method, path, { body, type, isAgain = false } = {}) {
    const session = await PERSON.load();
    const headers = { Authorization: `Bearer ${session?.access_token}`, ...(type && { 'Content-Type': type }) };
    let response;
    try {
      response = await fetch(`/v1/events/${this.event}${path}`, { method, headers, body, cache: 'no-store', credentials: 'omit' });
    } catch (cause) {
      throw new Unreachable('The server cannot be reached.', { cause });
    }
    if (response.status === 401 && session && !isAgain) {
      await PERSON.renew(session.access_token);
      return this.transfer(method, path, { body, type, isAgain: true });
    }
    return response;
  }
}

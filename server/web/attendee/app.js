/**
 * What every view of the phone is given: the data, the reader, what they may do.
 *
 * @module
 */

import { KIND_WORDS } from '../common/kind-words.js';
import { fill } from '../common/language.js';
import { Moves } from '../common/moved.js';
import { Programme } from '../common/programme.js';
import { recall, remember } from '../common/kept.js';
import { StorageRefused } from '../common/database.js';
import { newId } from '../common/sync/ids.js';
import { Mine } from './mine.js';

/**
 * @typedef {import('../common/programme.js').Session} Session
 * @typedef {import('../common/sync/shown.js').ShownRow} ShownRow
 * @typedef {{id: string, name: string, relation: 'self' | 'assistant', refuses_mail?: boolean}} Attendee
 */

export class App {
  #mine = /** @type {Mine | undefined} */ (undefined);
  #redraw;

  /** What was last said to the reader. */
  note = '';

  /** @type {string} */
  fault = '';

  /** What begins soon. @type {import('./reminding.js').Reminding | undefined} */
  reminding;

  /** Takes a new version of the app, where one is ready. @type {(() => void) | undefined} */
  takeUpdate;

  /**
   * @param {import('../common/sync/client.js').Client} client
   * @param {object} reader
   * @param {Record<string, string>} reader.words
   * @param {string} reader.language
   * @param {string} reader.locale
   * @param {() => void} redraw
   */
  constructor(client, { words, language, locale }, redraw) {
    this.client = client;
    this.words = words;
    this.language = language;
    this.locale = locale;
    this.#redraw = redraw;
    this.programme = new Programme(client, locale, KIND_WORDS[language], { hidesDrafts: true });
    this.moves = new Moves(client.event);
    /** Whom the account is or acts for, as the server last said. @type {Attendee[]} */
    this.known = recall(this.#nameOfKnown) ?? [];
    /** The person looked at; undefined for all of them. @type {string | undefined} */
    this.chosen = recall(`person-${client.event}`);
  }

  /** The server's time. */
  get now() {
    return this.client.now();
  }

  /** A text with its places filled. @param {string} name @param {Record<string, string | number>} [values] */
  say(name, values = {}) {
    const texts = Object.entries(values).map(([key, value]) => [key, String(value)]);
    return fill(this.words[name] ?? name, Object.fromEntries(texts));
  }

  /** Everybody whose own rows this device holds. @returns {Attendee[]} */
  get attendees() {
    const held = this.client.scopes.filter((scope) => scope.startsWith('own:')).map((scope) => scope.slice(4));
    return held
      .map((id) => this.known.find((one) => one.id === id) ?? { id, name: this.#nameByRows(id), relation: /** @type {const} */ ('self') })
      .sort((one, other) => Number(one.relation !== 'self') - Number(other.relation !== 'self') || one.name.localeCompare(other.name));
  }

  /** Whom the reader looks at. @returns {Attendee[]} */
  get looked() {
    const { attendees } = this;
    const chosen = attendees.filter(({ id }) => id === this.chosen);
    return chosen.length > 0 ? chosen : attendees;
  }

  /** What is the own of those looked at. */
  get mine() {
    this.#mine ??= new Mine(this.client, this.programme, this.looked.map(({ id }) => id));
    return this.#mine;
  }

  /** Rows or the choice of a person may have changed. */
  refresh() {
    this.#mine = undefined;
  }

  /** @param {string | undefined} id Undefined for all. */
  choose(id) {
    this.chosen = id;
    remember(`person-${this.client.event}`, id);
    this.refresh();
    this.#redraw();
  }

  /** @param {Attendee[]} attendees */
  know(attendees) {
    this.known = attendees;
    remember(this.#nameOfKnown, attendees);
    this.refresh();
    this.#redraw();
  }

  get #nameOfKnown() {
    return `people-${this.client.event}-${this.client.session?.account.id ?? 'nobody'}`;
  }

  /** @param {string} id */
  #nameByRows(id) {
    const details = this.client.find('registrations', id)?.value.details ?? {};
    const name = [details.given_name, details.family_name].filter(Boolean).join(' ');
    return details.badge_name ?? (name || this.client.session?.account.name || '');
  }

  /** Somebody whom the reader is, acts for or looks after; empty for others. @param {string} id */
  nameOf(id) {
    return this.attendees.find((one) => one.id === id)?.name ?? this.client.find('delegation_members', id)?.value.name ?? '';
  }

  /** Marks a session by the first of its tracks: a class of the sheet, by the track's place among all. @param {Session} session */
  trackColour({ value }) {
    const [track] = value.tracks ?? [];
    if (!track) return undefined;
    const at = this.programme.tracks.findIndex(({ id }) => id === track);
    return at === -1 ? undefined : `track-${at % 8}`;
  }

  /**
   * How an invitation is answered, by an answer that is on its way before the one that is known.
   *
   * @param {ShownRow} invitation
   */
  answerOf({ id, value }) {
    const sent = this.client.outbox.filter(({ mutation }) => mutation.op === 'invitation.answer' && mutation.args.id === id).at(-1);
    return sent ? { answer: sent.mutation.args.answer, isSent: false } : { answer: value.answer, isSent: true };
  }

  /**
   * @param {Session} session
   * @param {string} attendee
   * @param {boolean} on
   */
  star(session, attendee, on) {
    return this.edit({ op: 'favourite.set', for: attendee, args: { session: session.id, on } });
  }

  /**
   * @param {'signup.request' | 'signup.cancel' | 'signup.accept'} op
   * @param {string} session
   * @param {string} attendee
   */
  seat(op, session, attendee) {
    return this.edit({ op, for: attendee, args: { session } });
  }

  /**
   * @param {ShownRow} invitation
   * @param {{answer: 'accepted' | 'declined' | 'delegated', delegate?: {name: string, email: string}}} reply
   */
  answer({ id, value }, reply) {
    return this.edit({ op: 'invitation.answer', for: value.attendee, args: { id, ...reply } });
  }

  /**
   * @param {string} attendee
   * @param {string} session
   * @param {ShownRow | undefined} note
   * @param {string} text Empty deletes it.
   */
  writeNote(attendee, session, note, text) {
    const base = `own:${attendee}`;
    if (text === '' && note) return this.edit({ op: 'note.delete', for: attendee, args: { id: note.id }, base });
    return this.edit({ op: 'note.put', for: attendee, args: { id: note?.id ?? newId(), session, text }, base });
  }

  /**
   * Makes an edit; says so where it cannot be kept. Whether it is kept.
   *
   * @param {Parameters<import('../common/sync/client.js').Client['mutate']>[0]} edit
   */
  async edit(edit) {
    try {
      await this.client.mutate(edit);
      return true;
    } catch (error) {
      if (!(error instanceof StorageRefused)) throw error;
      this.tell({ fault: this.words.notKept });
      return false;
    }
  }

  /** @param {{note?: string, fault?: string}} said */
  tell({ note = '', fault = '' }) {
    this.note = note;
    this.fault = fault;
    this.#redraw();
  }

  redraw() {
    this.#redraw();
  }
}

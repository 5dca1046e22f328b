/**
 * The programme as pages show it: rows with what they name looked up, in a reader's language and the
 * event's time.
 *
 * @module
 */

import { chooseText } from './language.js';

/**
 * @typedef {import('./sync/client.js').Client} Client
 * @typedef {import('./sync/shown.js').ShownRow} ShownRow
 *
 * @typedef {{text: string, tag: string}} Text A text, and the language that it is in.
 *
 * @typedef {object} Place Where something is.
 * @property {Text} [room]
 * @property {Text} [venue]
 * @property {string} [roomId]
 * @property {string} [venueId]
 *
 * @typedef {object} Session A session, or the stub of one that is not for the reader.
 * @property {string} id
 * @property {string} scope
 * @property {any} value
 * @property {boolean} isStub
 * @property {Text} title
 * @property {string} [number]
 * @property {number} [start] Milliseconds; absent where it has only its day.
 * @property {number} [end]
 * @property {string} day In the event's time, such as `2018-11-26`.
 * @property {Place} place
 * @property {boolean} isCancelled It does not take place: it, its part or the event is cancelled.
 */

/** What has no title of its own, such as a break, is called by its kind; pages say how. */
const NO_TITLE = { text: '', tag: 'und' };

/** The order of sessions: by day and time; what has no time stands by its order at the end of its day. @type {(one: Session, other: Session) => number} */
function byTime(one, other) {
  if (one.day !== other.day) return one.day < other.day ? -1 : 1;
  const [start, then] = [one.start ?? Number.MAX_SAFE_INTEGER, other.start ?? Number.MAX_SAFE_INTEGER];
  if (start !== then) return start - then;
  if (one.end !== other.end) return (one.end ?? 0) - (other.end ?? 0);
  const order = (one.value.order ?? 0) - (other.value.order ?? 0);
  return order || (one.id < other.id ? -1 : 1);
}

export class Programme {
  #client;
  #titles;
  #hidesDrafts;

  /** What was read, by what it was read from. @type {Map<string, {of: any[], made: any}>} */
  #kept = new Map();

  /** @type {Map<number, string>} */
  #days = new Map();

  /**
   * @param {Client} client
   * @param {string} locale The reader's.
   * @param {Record<string, string>} kinds What a session without a title is called, by its kind.
   * @param {{hidesDrafts?: boolean}} [options] Whether what organisers have not published stays out.
   */
  constructor(client, locale, kinds, { hidesDrafts = false } = {}) {
    this.#client = client;
    this.#hidesDrafts = hidesDrafts;
    this.locale = locale;
    this.#titles = kinds;
  }

  /** The event's own row; undefined before it is here. */
  get event() {
    return this.#client.rows('events', 'public')[0]?.value ?? this.#client.rows('events')[0]?.value;
  }

  /** The event's time zone. @returns {string} */
  get zone() {
    return this.event?.time_zone ?? 'UTC';
  }

  /** Whether the event as a whole does not take place. */
  get isCancelled() {
    return isCancelled(this.event);
  }

  /** The text for the reader. @param {Record<string, string> | undefined} texts */
  text(texts) {
    return texts ? chooseText(texts, this.locale, this.event?.fallback_language ?? 'en') : undefined;
  }

  /** The day of a moment in the event's time. @param {number} at */
  dayOf(at) {
    // Offsets change at quarters of an hour, if at all.
    const quarter = Math.floor(at / 900_000);
    let day = this.#days.get(quarter);
    if (!day) {
      day = this.#dayFormat.format(at);
      this.#days.set(quarter, day);
    }
    return day;
  }

  get #dayFormat() {
    return this.#keep('format', [this.zone], () => {
      const options = /** @type {const} */ ({ year: 'numeric', month: '2-digit', day: '2-digit' });
      this.#days.clear();
      return new Intl.DateTimeFormat('en-CA', { ...options, timeZone: this.zone });
    });
  }

  /** Every session and stub, in the order of the programme. @returns {Session[]} */
  get sessions() {
    const from = ['sessions', 'session_stubs', 'rooms', 'venues', 'events', 'parts', 'part_stubs'].map((name) => this.#client.rows(name));
    return this.#keep('sessions', from, () => {
      const read = (/** @type {ShownRow} */ row) => this.#readSession(row);
      const rows = this.#hidesDrafts ? from[0].filter(({ value }) => value.state !== 'draft') : from[0];
      return [...rows.map(read), ...from[1].map(read)].sort(byTime);
    });
  }

  /** @returns {Map<string, Session>} */
  get #byId() {
    const { sessions } = this;
    return this.#keep('byId', [sessions], () => new Map(sessions.map((session) => [session.id, session])));
  }

  /** @param {string} id */
  session(id) {
    return this.#byId.get(id);
  }

  /** The days that have sessions, in order. @returns {string[]} */
  get days() {
    const { sessions } = this;
    return this.#keep('days', [sessions], () => [...new Set(sessions.map(({ day }) => day))]);
  }

  /** @param {string} day */
  onDay(day) {
    return this.sessions.filter((session) => session.day === day);
  }

  /**
   * What is on at a moment: begun, not over, not cancelled. What was said on the day counts before
   * what was planned.
   *
   * @param {number} now
   */
  on(now) {
    return this.sessions.filter((session) => isOn(session, now));
  }

  /**
   * What begins next, today or on the first day after on which anything does: all that begins at the earliest
   * moment to come.
   *
   * @param {number} now
   */
  next(now) {
    const coming = this.sessions.filter((one) => isToCome(one, now));
    const first = Math.min(...coming.map(({ start }) => Number(start)));
    return coming.filter(({ start }) => start === first);
  }

  /** A room or venue by id, with its texts. @param {string | undefined} id */
  venue(id) {
    const row = id === undefined ? undefined : this.#client.find('venues', id);
    return row && { id: row.id, value: row.value, name: this.text(row.value.name) };
  }

  /** @param {string | undefined} id */
  room(id) {
    const row = id === undefined ? undefined : this.#client.find('rooms', id);
    return row && { id: row.id, value: row.value, name: this.text(row.value.name) };
  }

  /** The rooms in which something takes place, with their venues, by their names. */
  get rooms() {
    return this.#client
      .rows('rooms')
      .map(({ id, value }) => ({ id, value, name: this.text(value.name), venue: this.venue(value.venue) }))
      .sort((one, other) => `${one.venue?.name?.text} ${one.name?.text}`.localeCompare(`${other.venue?.name?.text} ${other.name?.text}`, this.locale));
  }

  /** The parts and stubs of parts, by their beginning. */
  get parts() {
    const rows = [...this.#client.rows('parts'), ...this.#client.rows('part_stubs')];
    return rows
      .map(({ id, value, collection }) => ({
        id,
        value,
        isStub: collection === 'part_stubs',
        title: this.text(value.title),
        isCancelled: isCancelled(value, this.event),
      }))
      .sort((one, other) => (one.value.starts_on ?? '').localeCompare(other.value.starts_on ?? ''));
  }

  /** @param {string | undefined} id */
  part(id) {
    return id === undefined ? undefined : this.parts.find((part) => part.id === id);
  }

  /** The tracks, by their titles. */
  get tracks() {
    return this.#client
      .rows('tracks')
      .map(({ id, value }) => ({ id, value, title: this.text(value.title) }))
      .sort((one, other) => (one.title?.text ?? '').localeCompare(other.title?.text ?? '', this.locale));
  }

  /**
   * Everybody in a session, with their role and talk, in the order printed.
   *
   * @param {Session} session
   * @returns {any[]}
   */
  peopleOf({ value }) {
    const talks = (value.talks ?? []).flatMap((/** @type {any} */ talk) => talk.people ?? []);
    return [...(value.people ?? []), ...talks];
  }

  /** Everybody in the programme with the sessions they take part in, by name. @returns {{id: string, person: any, sessions: Session[]}[]} */
  get people() {
    const { sessions } = this;
    return this.#keep('people', [sessions], () => {
      /** @type {Map<string, {id: string, person: any, sessions: Session[]}>} */
      const people = new Map();
      for (const session of sessions) {
        for (const person of this.peopleOf(session)) {
          const known = people.get(person.person) ?? { id: person.person, person, sessions: /** @type {Session[]} */ ([]) };
          if (!known.sessions.includes(session)) known.sessions.push(session);
          people.set(person.person, known);
        }
      }
      return [...people.values()].sort((one, other) => lastName(one.person.name).localeCompare(lastName(other.person.name), this.locale));
    });
  }

  /**
   * How many minutes the way between two venues takes, where the programme says so.
   *
   * @param {string | undefined} from
   * @param {string | undefined} to
   * @returns {number | undefined}
   */
  travelMinutes(from, to) {
    if (from === undefined || to === undefined || from === to) return undefined;
    const said = (/** @type {string} */ one, /** @type {string} */ other) =>
      this.venue(one)?.value.travel_times?.find((/** @type {any} */ way) => way.to === other)?.minutes;
    return said(from, to) ?? said(to, from);
  }

  /** The part that a session is in, as its row has it. @param {any} value */
  #partOf({ part }) {
    return part && (this.#client.find('parts', part) ?? this.#client.find('part_stubs', part))?.value;
  }

  /** @param {ShownRow} row @returns {Session} */
  #readSession({ id, scope, collection, value }) {
    const start = value.starts_at && Date.parse(value.starts_at);
    const end = value.ends_at && Date.parse(value.ends_at);
    const room = this.room(value.room);
    const venue = this.venue(room?.value.venue ?? value.venue ?? value.transfer?.to);
    return {
      id,
      scope,
      value,
      isStub: collection === 'session_stubs',
      title: this.text(value.title) ?? { ...NO_TITLE, text: this.#titles[value.kind] ?? value.kind },
      number: value.number,
      start,
      end,
      day: start === undefined ? value.day : this.dayOf(start),
      place: { room: room?.name, venue: venue?.name, roomId: room?.id, venueId: venue?.id },
      isCancelled: isCancelled(value, this.#partOf(value), this.event),
    };
  }

  /**
   * What was made from the same things before, or is made now.
   *
   * @template T
   * @param {string} name
   * @param {any[]} of
   * @param {() => T} make
   * @returns {T}
   */
  #keep(name, of, make) {
    const kept = this.#kept.get(name);
    if (kept && kept.of.length === of.length && kept.of.every((one, at) => one === of[at])) return kept.made;
    const made = make();
    this.#kept.set(name, { of, made });
    return made;
  }
}

/**
 * Whether something does not take place: it is cancelled, or what it is in is.
 *
 * @param {({state?: string} | undefined)[]} chain It, its part, its event; what there is none of is undefined.
 */
export function isCancelled(...chain) {
  return chain.some((one) => one?.state === 'cancelled');
}

/** Whether a session is on at a moment. @param {Session} session @param {number} now */
export function isOn({ start, end, value, isCancelled }, now) {
  if (start === undefined || end === undefined || isCancelled) return false;
  const said = value.progress?.state;
  if (said === 'ended') return false;
  if (said === 'started') return now < Math.max(end, Date.parse(value.progress.at)) + lateness(value);
  return start + lateness(value) <= now && now < end + lateness(value);
}

/** Whether a session is still to come on a day. @param {Session} session @param {number} now */
export function isToCome({ start, value, isCancelled }, now) {
  if (start === undefined || isCancelled || ['started', 'ended'].includes(value.progress?.state)) return false;
  return now < start + lateness(value);
}

/** Whether a session is over. @param {Session} session @param {number} now */
export function isOver({ end, value }, now) {
  return value.progress?.state === 'ended' || (end !== undefined && end + lateness(value) <= now);
}

/** @param {any} value */
function lateness({ progress }) {
  return progress?.state === 'running_late' ? (progress.minutes_late ?? 0) * 60_000 : 0;
}

/** The word of a name that lists go by. @param {string} name */
function lastName(name) {
  return name.split(' ').at(-1) ?? name;
}

/**
 * What is one's own: stars, seats, invitations and notes of the attendees that the reader looks at, and
 * the day that follows from them.
 *
 * @module
 */

/**
 * @typedef {import('../common/programme.js').Session} Session
 * @typedef {import('../common/sync/shown.js').ShownRow} ShownRow
 *
 * @typedef {object} Tie Why a session is in somebody's day.
 * @property {string} attendee
 * @property {ShownRow} [star]
 * @property {ShownRow} [seat]
 * @property {ShownRow} [invitation]
 *
 * @typedef {object} DayItem One entry of a day.
 * @property {Session} session
 * @property {Tie[]} ties
 * @property {DayItem[]} clashes What is on at the same time.
 * @property {{minutes: number, hasToTravel?: number}} [gap] The free time before it, and how much of it the way takes.
 */

/** Invitations that lead somewhere. */
const OPEN = ['pending', 'accepted'];

/** A gap worth a line, in minutes. */
const GAP_MINUTES = 15;

export class Mine {
  #programme;

  /**
   * @param {import('../common/sync/client.js').Client} client
   * @param {import('../common/programme.js').Programme} programme
   * @param {string[]} attendees Whose.
   */
  constructor(client, programme, attendees) {
    this.#programme = programme;
    this.attendees = attendees;
    const of = (/** @type {string} */ collection) => attendees.flatMap((id) => client.rows(collection, `own:${id}`));
    this.stars = bySession(of('favourites'));
    this.seats = bySession(of('sign_ups'));
    this.notes = bySession(of('notes'));
    this.invitations = of('invitations').filter(({ value }) => !value.withdrawn_at);
    this.notices = of('notices').sort((one, other) => (one.value.at < other.value.at ? 1 : -1));
  }

  /**
   * Somebody's ties to a session.
   *
   * @param {Session} session
   * @param {string} attendee
   * @returns {Tie}
   */
  tie(session, attendee) {
    const of = (/** @type {ShownRow[] | undefined} */ rows) => rows?.find(({ scope }) => scope === `own:${attendee}`);
    const invitation = this.invitations.find(
      ({ scope, value }) => scope === `own:${attendee}` && value.object === session.id,
    );
    return { attendee, star: of(this.stars.get(session.id)), seat: of(this.seats.get(session.id)), invitation };
  }

  /**
   * Why a session is in the day of those looked at; none if it is not.
   *
   * @param {Session} session
   */
  ties(session) {
    if (session.isStub && !this.stars.has(session.id)) return [];
    return this.attendees
      .map((attendee) => this.tie(session, attendee))
      .filter(({ star, seat, invitation }) => star || (seat && isHeld(seat)) || (invitation && OPEN.includes(invitation.value.answer)));
  }

  /**
   * The day of those looked at, with gaps and clashes. A transfer is in it that takes to or from
   * something in it. What lies behind a gate that the reader holds is in it too: they are let in there.
   *
   * @param {string} day
   * @returns {DayItem[]}
   */
  day(day) {
    const sessions = this.#programme.onDay(day);
    const isIn = (/** @type {Session} */ session) => this.ties(session).length > 0 || this.isLetIn(session);
    const chosen = new Set(sessions.filter(isIn).map(({ id }) => id));
    const takes = (/** @type {Session} */ { value }) => chosen.has(value.transfer?.before) || chosen.has(value.transfer?.after);
    const items = sessions
      .filter((session) => chosen.has(session.id) || (session.value.kind === 'transfer' && takes(session)))
      .map((session) => /** @type {DayItem} */ ({ session, ties: this.ties(session), clashes: [] }));
    for (const [at, item] of items.entries()) {
      item.clashes = items.filter((other) => other !== item && clash(item, other));
      item.gap = this.#gapBefore(items, at);
    }
    return items;
  }

  /** Whether a session is behind a gate that the reader holds, other than as staff. @param {Session} session */
  isLetIn({ scope }) {
    return this.attendees.length > 0 && (scope.startsWith('gate:') || scope.startsWith('own:'));
  }

  /** The days on which there is something of one's own. */
  get days() {
    return this.#programme.days.filter((day) => this.day(day).length > 0);
  }

  /**
   * @param {DayItem[]} items
   * @param {number} at
   */
  #gapBefore(items, at) {
    const { session } = items[at];
    const before = items.slice(0, at).filter((item) => item.session.end !== undefined && !item.session.isCancelled);
    if (session.start === undefined || session.isCancelled || before.length === 0) return undefined;
    const last = before.reduce((one, other) => ((other.session.end ?? 0) > (one.session.end ?? 0) ? other : one));
    const minutes = Math.round((session.start - (last.session.end ?? 0)) / 60_000);
    if (minutes < 0) return undefined;
    const isTransfer = [session, last.session].some(({ value }) => value.kind === 'transfer');
    const hasToTravel = isTransfer ? undefined : this.#programme.travelMinutes(last.session.place.venueId, session.place.venueId);
    if (minutes < GAP_MINUTES && !(hasToTravel && hasToTravel > minutes)) return undefined;
    return { minutes, hasToTravel };
  }
}

/** Whether a seat is one's own or may become it. @param {ShownRow} seat */
export function isHeld({ value }) {
  return ['requested', 'confirmed', 'offered', 'waitlisted'].includes(value.state);
}

/**
 * Whether two entries of one person cannot both be attended.
 *
 * @param {DayItem} one
 * @param {DayItem} other
 */
function clash(one, other) {
  const [first, second] = [one.session, other.session];
  if (first.isCancelled || second.isCancelled) return false;
  if ([first, second].some(({ value }) => ['break', 'exhibition', 'registration'].includes(value.kind))) return false;
  if (first.start === undefined || second.start === undefined) return false;
  const overlap = first.start < (second.end ?? 0) && second.start < (first.end ?? 0);
  if (!overlap) return false;
  // Of different people nothing clashes.
  if (one.ties.length === 0 || other.ties.length === 0) return true;
  return one.ties.some(({ attendee }) => other.ties.some((tie) => tie.attendee === attendee));
}

/** @param {ShownRow[]} rows */
function bySession(rows) {
  /** @type {Map<string, ShownRow[]>} */
  const found = new Map();
  for (const row of rows) {
    const { session } = row.value;
    if (session) found.set(session, [...(found.get(session) ?? []), row]);
  }
  return found;
}

/**
 * The judge of every checkpoint: a port of `shared/src/admission/judge.rs`, which tells in which order
 * things are looked at and why. Questions and verdicts are as they travel; times in them are RFC 3339.
 *
 * @module
 */

import { ACCESS, categoryMark, timeFault } from './badge.js';
import { check } from './check.js';
import { REASONS, reasonOfEntry, stepAfter } from './reasons.js';
import { closesAt, isEnteredAt, opensAt } from './room.js';

/**
 * @typedef {object} ReadBadge What a badge says that verifies, without the secret.
 * @property {boolean} [is_provisional]
 * @property {number} category
 * @property {number} access
 * @property {string} valid_from
 * @property {string} valid_until
 */

/**
 * @typedef {object} RosterGuest A guest in a roster.
 * @property {string} status Where the registration stands.
 * @property {string} category
 * @property {{part: string, category: string}[]} [part_categories]
 * @property {string} [delegation]
 * @property {string[]} [audiences]
 * @property {object[]} [claims]
 * @property {string} [note]
 * @property {boolean} [is_reported_stolen]
 */

/**
 * @typedef {object} Subject A part or session that is entered.
 * @property {'parts' | 'sessions'} collection
 * @property {string} id
 * @property {string} [part]
 * @property {string} [room]
 * @property {number} [mark]
 * @property {import('./check.js').EntryTerms} terms
 */

/**
 * @typedef {object} Question What is asked at a checkpoint.
 * @property {string} now
 * @property {string} [day] The day of it in the event's time zone.
 * @property {'in' | 'out'} [direction]
 * @property {'by_hand' | {badge: ReadBadge} | {fault: string}} presented
 * @property {boolean} [is_void]
 * @property {RosterGuest} [guest]
 * @property {string} kind
 * @property {any} area
 * @property {Subject} [subject]
 * @property {Subject[]} [moved_away]
 * @property {{first?: object, is_inside?: boolean}} [presence]
 * @property {{of: string, inside: number, at_most: number}[]} [limits]
 * @property {{age_ms?: number, as_of?: string, is_complete?: boolean}} [knowledge]
 */

/**
 * @typedef {object} Verdict Whether a guest is let in, why, and what to do next.
 * @property {boolean} admits
 * @property {string} reason
 * @property {string[]} [also]
 * @property {string} next
 * @property {string} [fault]
 * @property {string} [entry]
 * @property {any} [first]
 * @property {{session: string, room?: string}} [moved_to]
 * @property {string} [opens_at]
 * @property {string} [closed_at]
 * @property {object} [limit]
 * @property {string} [note]
 * @property {boolean} [is_reported_stolen]
 * @property {boolean} [is_by_badge_alone]
 * @property {object} knowledge
 */

/** What a code that is no badge is called at a checkpoint. */
const OF_FAULT = { other_event: 'other_event', revoked_key: 'badge_void', not_yet: 'badge_void', expired: 'badge_void' };

/** The whole event, where nothing in it is entered by itself. */
const WHOLE_EVENT = { collection: 'parts', id: '', terms: { state: 'published', policy: 'registered' } };

/** Reasons that may mean that the guest came for what has moved. */
const ELSEWHERE = ['wrong_part', 'not_invited', 'too_early', 'too_late'];

const ORDER = Object.keys(REASONS);

/**
 * The answer to a question. It never fails, and looks at nothing but the question.
 *
 * @param {Question} question
 * @returns {Promise<Verdict>}
 */
export async function judge(question) {
  const judgement = new Judgement(question);
  judgement.lookAtCode();
  const badge = trustedBadge(question);
  if (judgement.hasNoBadge) return judgement.told();
  if (question.direction === 'out') {
    if (!question.guest && !badge) judgement.find('unknown');
  } else if (question.guest) {
    judgement.lookAtGuest(new KnownByRoster(question.guest));
  } else if (badge) {
    judgement.lookAtGuest(await KnownByBadge.open(badge, question.area.categories));
  } else {
    judgement.find('unknown');
  }
  return judgement.told();
}

/** The badge, where it speaks for a guest whom the roster does not have. */
function trustedBadge(/** @type {Question} */ { presented, knowledge, now }) {
  const badge = presented === 'by_hand' || !('badge' in presented) ? undefined : presented.badge;
  if (!badge) return undefined;
  const { age_ms: age, as_of: stated, is_complete: isComplete } = knowledge ?? {};
  const byAge = age === undefined ? undefined : Date.parse(now) - age;
  const asOf = stated === undefined ? byAge : Date.parse(stated);
  const wouldBeKnown = isComplete && asOf !== undefined && Date.parse(badge.valid_from) < asOf;
  return badge.is_provisional || !wouldBeKnown ? badge : undefined;
}

/**
 * What the invitation check looks at, of what a roster says of a guest.
 *
 * @param {RosterGuest} guest
 * @param {string} object The part or session.
 * @param {import('./check.js').EntryTerms} terms
 * @param {string} [day] In the event's time zone.
 * @returns {import('./check.js').Facts}
 */
export function factsOf(guest, object, terms, day) {
  const claim = guest.claims?.find((one) => one.object === object) ?? {};
  const isToday = ({ day: only }) => only === undefined || only === day;
  const delegator = claim.sits_in_for?.find(isToday);
  return {
    terms,
    guest: { ...claim, registration: guest.status },
    sits_in_for: delegator && { attendee: delegator.guest, guest: delegator.has },
    stood_in_by: claim.stood_in_by?.find(isToday)?.guest,
  };
}

/**
 * Whether somebody is to come: their registration is confirmed, and the check would let them in to what is entered,
 * whatever the time. Where everybody registered may enter, everybody confirmed is expected.
 *
 * @param {RosterGuest} guest
 * @param {Subject} [subject]
 * @returns {boolean}
 */
export function isExpected(guest, subject) {
  if (guest.status !== 'confirmed' || !subject) return guest.status === 'confirmed';
  const terms = { ...subject.terms, starts_at: undefined, ends_at: undefined };
  return check(factsOf(guest, subject.id, terms), 0).may_enter;
}

class KnownByRoster {
  isByBadgeAlone = false;

  constructor(guest) {
    this.guest = guest;
    this.note = guest.note;
  }

  factsOf({ id }, terms, day) {
    return factsOf(this.guest, id, terms, day);
  }

  isOfCategory(categories, part) {
    const own = this.guest.part_categories?.find((one) => one.part === part);
    return categories.includes(own?.category ?? this.guest.category);
  }

  isInAudience(audiences) {
    return audiences.some((audience) => this.guest.audiences?.includes(audience));
  }
}

class KnownByBadge {
  isByBadgeAlone = true;
  note = undefined;

  static async open(badge, categories = []) {
    return new KnownByBadge(badge, await Promise.all(categories.map(categoryMark)));
  }

  constructor(badge, marks) {
    this.badge = badge;
    this.marks = marks;
  }

  factsOf({ mark }, terms) {
    const has = (marks) => (this.badge.access & marks) === marks;
    const guest = {
      registration: has(ACCESS.confirmed) ? 'confirmed' : undefined,
      is_in_audience: mark !== undefined && has(mark),
    };
    return { terms, guest };
  }

  isOfCategory() {
    return this.marks.includes(this.badge.category);
  }

  isInAudience() {
    return false;
  }
}

class Judgement {
  #question;
  #found = new Set();
  #verdict;

  constructor(question) {
    this.#question = question;
    this.now = Date.parse(question.now);
    this.#verdict = { is_reported_stolen: question.guest?.is_reported_stolen, first: question.presence?.first };
  }

  get hasNoBadge() {
    return Boolean(this.#question.presented.fault);
  }

  find(reason) {
    this.#found.add(reason);
  }

  lookAtCode() {
    const { presented, direction, is_void: isVoid } = this.#question;
    if (presented.fault) {
      this.#verdict.fault = presented.fault;
      this.find(OF_FAULT[presented.fault] ?? 'unknown');
    } else if (presented.badge && direction !== 'out') {
      const { valid_from: from, valid_until: until } = presented.badge;
      this.#verdict.fault = timeFault(Date.parse(from), Date.parse(until), this.now);
      if (isVoid || this.#verdict.fault) this.find('badge_void');
    }
  }

  lookAtGuest(known) {
    const { subject = WHOLE_EVENT, presence, area } = this.#question;
    this.#verdict.is_by_badge_alone = known.isByBadgeAlone;
    const facts = this.#factsOf(known, subject);
    const entry = check(facts, this.now).reason;
    this.#verdict.entry = entry;
    if (reasonOfEntry(entry)) this.find(reasonOfEntry(entry));
    const isOnDuty = entry === 'on_duty';
    const isAccepted = (one) => !one.is_withdrawn && one.answer === 'accepted';
    if (entry === 'invited' && !facts.guest.invitations?.some(isAccepted)) this.find('invitation_not_answered');
    if (!isOnDuty) this.#lookAtArea(known, area, subject.collection === 'parts' ? subject.id : subject.part);
    this.#lookAtTime(isOnDuty);
    this.#lookAtUses();
    if (!isOnDuty && !presence?.is_inside) this.#lookAtLimits();
    this.#lookForMoved(known);
    if (known.note !== undefined) {
      this.#verdict.note = known.note;
      this.find('needs_attention');
    }
  }

  /** Time is looked at by itself, so that it hides nothing. */
  #factsOf(known, subject) {
    return known.factsOf(subject, { ...subject.terms, starts_at: undefined, ends_at: undefined }, this.#question.day);
  }

  #lookAtArea(known, { categories = [], audiences = [] }, part) {
    if (categories.length > 0 && !known.isOfCategory(categories, part)) this.find('wrong_part');
    if (audiences.length > 0 && !known.isInAudience(audiences)) this.find('not_invited');
  }

  #lookAtTime(isOnDuty) {
    const { now } = this;
    const { area, subject } = this.#question;
    const windows = (area.windows ?? []).map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }));
    const isInWindow = windows.length === 0 || windows.some(({ from, to }) => from <= now && now < to);
    const next = least(windows.map(({ from }) => from).filter((from) => from > now));
    const doors = subject && opensAt(area, subject.terms);
    const opens = most([now < doors ? doors : undefined, isInWindow ? undefined : next]);
    const over = subject && closesAt(area, subject.terms);
    const last = most(windows.map(({ to }) => to));
    const closed = now >= over ? over : !isInWindow && next === undefined ? last : undefined;
    if (closed !== undefined) {
      this.#verdict.closed_at = new Date(closed).toISOString();
      this.find('too_late');
    } else if (opens !== undefined && !isOnDuty) {
      this.#verdict.opens_at = new Date(opens).toISOString();
      this.find('too_early');
    }
  }

  #lookAtUses() {
    const { area, presence } = this.#question;
    if (area.rule === 'once' && presence?.first) this.find('already_used');
    if (area.rule === 'in_and_out' && presence?.is_inside) this.find('already_inside');
  }

  #lookAtLimits() {
    const reached = (this.#question.limits ?? []).filter(({ inside, at_most: atMost }) => inside >= atMost);
    // What is full for everybody is no matter of the delegation.
    const limit = reached.find(({ of }) => of !== 'delegation') ?? reached[0];
    if (!limit) return;
    this.#verdict.limit = limit;
    this.find('full');
  }

  /** Whoever is not let in here, or finds an empty room, may have come for what has moved. */
  #lookForMoved(known) {
    const { area, subject, moved_away: movedAway = [] } = this.#question;
    const isTheirs = (one) =>
      isEnteredAt(area, one.terms, this.now) && check(this.#factsOf(known, one), this.now).may_enter;
    const moved = movedAway.find(isTheirs);
    if (!moved) return;
    this.#verdict.moved_to = { session: moved.id, ...(moved.room && { room: moved.room }) };
    if (!subject || ELSEWHERE.some((reason) => this.#found.has(reason))) this.find('moved');
  }

  /** @returns {Verdict} */
  told() {
    const { direction, kind, knowledge } = this.#question;
    const [reason = 'admitted', ...also] = ORDER.filter((one) => this.#found.has(one));
    const { admits } = REASONS[reason];
    const isOfGuest = this.#verdict.entry !== 'cancelled';
    const next = direction === 'out' && admits ? 'let_out' : stepAfter(reason, kind, isOfGuest);
    const verdict = { admits, reason, also, next, ...this.#verdict, knowledge: knowledge ?? {} };
    return /** @type {Verdict} */ (withoutDefaults(verdict));
  }
}

/** As it travels: without what says nothing. */
function withoutDefaults(verdict) {
  const isSaid = ([name, value]) =>
    name === 'admits' || !(value === undefined || value === false || (Array.isArray(value) && value.length === 0));
  return Object.fromEntries(Object.entries(verdict).filter(isSaid));
}

function least(numbers) {
  return numbers.length > 0 ? Math.min(...numbers) : undefined;
}

function most(numbers) {
  const known = numbers.filter((number) => number !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

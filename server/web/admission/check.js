/**
 * The invitation check: whether this person may enter this part or session now. A port of
 * `shared/src/invitation/check.rs`, in whose order everything is judged; times are RFC 3339.
 *
 * @module
 */

import { ENTRY_REASONS } from './entry-reasons.js';

/**
 * @typedef {object} EntryTerms A part or session as far as entering it is concerned.
 * @property {'draft' | 'published' | 'cancelled'} state
 * @property {'open' | 'registered' | 'by_invitation'} policy
 * @property {string} [starts_at]
 * @property {string} [ends_at]
 * @property {boolean} [needs_seat]
 */

/**
 * @typedef {object} Guest What somebody has that may let them in.
 * @property {string} [registration] Where their registration stands.
 * @property {boolean} [is_on_duty]
 * @property {boolean} [is_in_audience]
 * @property {{answer: string, is_withdrawn?: boolean}[]} [invitations]
 * @property {string} [seat]
 */

/**
 * @typedef {object} Facts What is known of a part or session and of somebody who wants to enter.
 * @property {EntryTerms} terms
 * @property {number} [opens_minutes_before]
 * @property {Guest} guest
 * @property {{attendee: string, guest: Guest}} [sits_in_for]
 * @property {string} [stood_in_by]
 */

/** Why a registration does not count, by its status; `confirmed` does. */
const UNCONFIRMED = {
  invited: 'registration_invited',
  requested: 'registration_requested',
  waitlisted: 'registration_waitlisted',
  declined: 'registration_declined',
  cancelled: 'registration_cancelled',
};

/**
 * Whether somebody may enter a part or session at a time.
 *
 * @param {Facts} facts
 * @param {number} at In milliseconds since 1970.
 * @returns {{may_enter: boolean, reason: string, whom?: string}}
 */
export function check(facts, at) {
  const out = outOfQuestion(facts.terms, at);
  if (out) return told(out);
  if (facts.guest.is_on_duty && !hasEnded(facts.guest.registration)) return told('on_duty');
  const verdict = judgeEntry(facts);
  const opens = opensAt(facts);
  return verdict.may_enter && opens !== undefined && at < opens ? told('not_yet') : verdict;
}

function told(reason, whom) {
  return { may_enter: ENTRY_REASONS[reason].letsIn, reason, ...(whom && { whom }) };
}

/** @param {EntryTerms} terms @param {number} at */
function outOfQuestion({ state, ends_at }, at) {
  if (state === 'draft') return 'not_published';
  if (state === 'cancelled') return 'cancelled';
  return ends_at && at >= Date.parse(ends_at) ? 'over' : undefined;
}

function hasEnded(registration) {
  return registration === 'declined' || registration === 'cancelled';
}

/** @param {Facts} facts */
function opensAt({ terms, opens_minutes_before: minutes }) {
  if (minutes === undefined || !terms.starts_at) return undefined;
  return Date.parse(terms.starts_at) - minutes * 60_000;
}

function judgeEntry({ terms, guest, ...others }) {
  if (terms.policy === 'open' && !terms.needs_seat) return told('open');
  const reason = unconfirmed(guest.registration);
  if (reason) return told(reason);
  // What everybody registered may enter has no places that one takes from another.
  const isForFew = terms.policy === 'by_invitation' || terms.needs_seat;
  const { sits_in_for: delegator, stood_in_by: standIn } = isForFew ? others : {};
  if (delegator && letsIn(claim(terms, delegator.guest))) return told('stand_in', delegator.attendee);
  if (standIn && letsIn(ground(terms, guest))) return told('stood_in_for', standIn);
  return told(claim(terms, guest));
}

function letsIn(reason) {
  return ENTRY_REASONS[reason].letsIn;
}

/** What somebody's own registration, invitation and seat say. */
function claim(terms, guest) {
  const reason = unconfirmed(guest.registration) ?? ground(terms, guest);
  return letsIn(reason) && terms.needs_seat ? seated(guest.seat) : reason;
}

function unconfirmed(registration) {
  return registration === undefined ? 'not_registered' : UNCONFIRMED[registration];
}

/** On what ground the admission lets in somebody registered, or why it does not. */
function ground({ policy }, { invitations = [], is_in_audience: isInAudience }) {
  if (policy !== 'by_invitation') return 'registered';
  const counts = ({ answer, is_withdrawn: isWithdrawn }) => !isWithdrawn && ['pending', 'accepted'].includes(answer);
  if (invitations.some(counts)) return 'invited';
  if (isInAudience) return 'audience';
  const [first] = invitations;
  if (!first) return 'not_invited';
  if (first.is_withdrawn) return 'invitation_withdrawn';
  return first.answer === 'delegated' ? 'invitation_delegated' : 'invitation_declined';
}

function seated(seat) {
  if (seat === 'confirmed' || seat === 'offered') return 'seat';
  return seat === 'waitlisted' ? 'seat_waiting' : 'no_seat';
}

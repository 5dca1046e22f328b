/**
 * Reminders of what begins soon, from the rows that this device shows: without a network, too. The server pushes the
 * same ones, under the same ids.
 *
 * @module
 */

import { isCancelled } from './programme.js';
import { nameId } from './sync/ids.js';

/** Minutes before a session where nobody says otherwise. */
export const USUAL_LEAD = 15;

/** The kinds of reminders, in their order. */
export const REMINDER_KINDS = /** @type {const} */ (['starred', 'seat', 'invited', 'transfer']);

/**
 * @typedef {(typeof REMINDER_KINDS)[number]} ReminderKind
 * @typedef {Partial<Record<ReminderKind, number | 'off'>>} Leads How long before, by why; absent, as is usual.
 *
 * @typedef {object} Row A row as it is shown.
 * @property {string} scope
 * @property {string} collection
 * @property {string} id
 * @property {any} value
 *
 * @typedef {object} Reminder
 * @property {string} id By which one that is pushed takes its place.
 * @property {string} attendee
 * @property {string} session
 * @property {string} at When it is to be shown.
 * @property {string} starts_at When the session begins.
 * @property {ReminderKind[]} kinds Why.
 *
 * @typedef {object} Own What one attendee has of sessions.
 * @property {Set<string>} starred
 * @property {Set<string>} seats
 * @property {Map<string, boolean>} invited
 * @property {Leads} leads
 */

const encoder = new TextEncoder();

/**
 * @param {number} startsAt
 * @param {ReminderKind[]} kinds
 * @param {Leads} own
 * @param {Leads} usual
 * @returns {number | undefined} When: as the person chose, else as the event does, the earliest of several.
 */
function remindAt(startsAt, kinds, own, usual) {
  const leads = kinds.map((kind) => own[kind] ?? usual[kind] ?? USUAL_LEAD);
  const minutes = leads.filter((lead) => typeof lead === 'number');
  return minutes.length > 0 ? startsAt - Math.max(...minutes) * 60_000 : undefined;
}

/**
 * @param {Row[]} rows
 * @returns {Map<string, Own>} By attendee.
 */
function listOwn(rows) {
  /** @type {Map<string, Own>} */
  const found = new Map();
  for (const { scope, collection, value } of rows) {
    if (!scope.startsWith('own:')) continue;
    const attendee = scope.slice('own:'.length);
    const own = found.get(attendee) ?? { starred: new Set(), seats: new Set(), invited: new Map(), leads: {} };
    found.set(attendee, own);
    if (collection === 'favourites') own.starred.add(value.session);
    if (collection === 'sign_ups' && value.state === 'confirmed') own.seats.add(value.session);
    if (collection === 'invitations' && !value.withdrawn_at) {
      const isComing = value.answer === 'pending' || value.answer === 'accepted';
      own.invited.set(value.object, own.invited.get(value.object) || isComing);
    }
    if (collection === 'reminder_choices') own.leads = value;
  }
  return found;
}

/**
 * Why a session is somebody's. Who holds the gate of a session is invited to it, unless they said that they do not come.
 *
 * @param {Own} own
 * @param {string} session
 * @param {Set<string>} gated
 * @returns {ReminderKind[]}
 */
function kindsOf(own, session, gated) {
  const isInvited = own.invited.get(session) ?? gated.has(session);
  const kinds = { starred: own.starred.has(session), seat: own.seats.has(session), invited: isInvited };
  return REMINDER_KINDS.filter((kind) => kind !== 'transfer' && kinds[kind]);
}

/**
 * The reminders that are to be shown after `after`, the first first: of those of everybody whose own rows are there.
 *
 * @param {Row[]} rows
 * @param {number} after
 * @returns {Promise<Reminder[]>}
 */
export async function listReminders(rows, after) {
  const event = rows.find((row) => row.collection === 'events')?.value;
  if (event?.state !== 'published') return [];
  const sessions = rows.filter(({ collection }) => collection === 'sessions' || collection === 'session_stubs');
  const parts = new Map(rows.filter(({ collection }) => collection === 'parts' || collection === 'part_stubs').map(({ id, value }) => [id, value]));
  const isGate = (/** @type {Row} */ row) => row.collection === 'sessions' && row.scope === `gate:${row.id}`;
  const gated = new Set(rows.filter(isGate).map((row) => row.id));
  /** @type {Reminder[]} */
  const found = [];
  for (const [attendee, own] of listOwn(rows)) {
    for (const { id: session, value } of sessions) {
      if (value.state !== 'published' || isCancelled(parts.get(value.part)) || !value.starts_at) continue;
      let kinds = kindsOf(own, session, gated);
      if (value.kind === 'transfer') {
        const served = [value.transfer?.after, value.transfer?.before].filter(Boolean);
        const isTaken = [session, ...served].some((one) => kindsOf(own, one, gated).length > 0);
        kinds = isTaken ? ['transfer'] : [];
      }
      const startsAt = Date.parse(value.starts_at);
      const at = remindAt(startsAt, kinds, own.leads, event.reminders ?? {});
      if (at === undefined || at <= after) continue;
      const id = await nameId(attendee, encoder.encode(`reminder ${session} ${startsAt}`));
      const [shownAt, begins] = [at, startsAt].map((time) => new Date(time).toISOString());
      found.push({ id, attendee, session, at: shownAt, starts_at: begins, kinds });
    }
  }
  const order = (/** @type {Reminder} */ { at, session, attendee }) => `${at} ${session} ${attendee}`;
  return found.sort((one, other) => (order(one) < order(other) ? -1 : 1));
}

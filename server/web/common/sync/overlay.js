/**
 * Overlays: what an edit will make of a row, shown before the server has answered.
 *
 * @module
 */

import { nameId } from './ids.js';

/**
 * @typedef {object} Mutation An edit, as it travels.
 * @property {string} id
 * @property {string} op
 * @property {string} [for] The attendee that it is for.
 * @property {Record<string, any>} args
 * @property {string} [base] The position of the scope when it was made.
 * @property {string} [at] When it was made.
 * @property {string} [depends_on] An edit without which it makes no sense.
 *
 * @typedef {object} Effect What an edit does to one row of what is shown.
 * @property {string} scope
 * @property {string} collection
 * @property {string} id
 * @property {any} [value] What it becomes; absent where it goes.
 */

const encoder = new TextEncoder();

/**
 * The id of what an attendee has of a session (a star, a seat): a UUID of version 5, so that every
 * device makes the same one.
 *
 * @param {string} attendee
 * @param {string} session
 */
export function idOfOwn(attendee, session) {
  return nameId(attendee, encoder.encode(session));
}

/** What a first registration says of itself. */
const REGISTERED = [
  'category',
  'part_categories',
  'delegation',
  'delegation_role',
  'is_placeholder',
  'details',
  'answers',
  'companion_of',
  'shares',
];

/**
 * What an edit of one's own settings or notes, or a first registration, will do. A seat is shown as
 * requested, since only the server gives it; one that is given back goes. What else is for the server
 * to decide has no overlay.
 *
 * @param {Mutation} mutation
 * @returns {Promise<Effect | undefined>}
 */
export async function effectOf({ op, for: attendee, args, at }) {
  if (!attendee) return undefined;
  const scope = `own:${attendee}`;
  const text = (/** @type {string} */ name) => (typeof args[name] === 'string' ? args[name] : undefined);
  const session = text('session');
  switch (op) {
    case 'favourite.set': {
      if (session === undefined || typeof args.on !== 'boolean') return undefined;
      const id = await idOfOwn(attendee, session);
      return { scope, collection: 'favourites', id, ...(args.on && { value: { session, attendee } }) };
    }
    case 'note.put': {
      const id = text('id');
      if (id === undefined || text('text') === undefined) return undefined;
      const value = { text: text('text'), ...(at && { updated_at: at }), ...(session && { session }) };
      return { scope, collection: 'notes', id, value };
    }
    case 'note.delete': {
      const id = text('id');
      return id === undefined ? undefined : { scope, collection: 'notes', id };
    }
    case 'access_needs.put':
      return { scope, collection: 'access_needs', id: attendee, value: args };
    case 'access_needs.delete':
      return { scope, collection: 'access_needs', id: attendee };
    case 'reminders.set':
      return { scope, collection: 'reminder_choices', id: attendee, ...(Object.keys(args).length > 0 && { value: args }) };
    case 'registration.request': {
      const said = Object.fromEntries(REGISTERED.filter((name) => name in args).map((name) => [name, args[name]]));
      const value = { status: 'requested', delegation_role: 'member', details: {}, ...said };
      return { scope, collection: 'registrations', id: attendee, value };
    }
    case 'signup.request':
    case 'signup.accept': {
      if (session === undefined) return undefined;
      const id = await idOfOwn(attendee, session);
      const value = { session, attendee, state: 'requested', ...(at && { requested_at: at }) };
      return { scope, collection: 'sign_ups', id, value };
    }
    case 'signup.cancel':
      if (session === undefined) return undefined;
      return { scope, collection: 'sign_ups', id: await idOfOwn(attendee, session) };
    default:
      return undefined;
  }
}

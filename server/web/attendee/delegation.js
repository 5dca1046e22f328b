/**
 * The delegations that somebody looks after: who belongs to them, how many may come, and what the reader may do there.
 *
 * @module
 */

import { recall, remember } from '../common/kept.js';
import { fold } from '../common/search.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { askedOf } from './asked.js';
import { merge } from './form.js';
import { NEEDS_OPS, waitingOf } from './own.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {import('../common/sync/shown.js').ShownRow} ShownRow
 * @typedef {import('../common/programme.js').Text} Text
 * @typedef {'focal_point' | 'liaison'} Duty
 *
 * @typedef {object} Delegation
 * @property {string} id
 * @property {Text | undefined} name
 * @property {any} value With its limits, which only who looks after it knows.
 *
 * @typedef {object} Member
 * @property {string} id The attendee's.
 * @property {string} delegation
 * @property {any} value As it will be once the server has taken what waits; with the `name`.
 * @property {boolean} isPending Whether something of it is not sent yet.
 */

/** What a status means for a list of members. */
export const GROUPS = /** @type {const} */ ({
  coming: ['confirmed'],
  waiting: ['invited', 'requested', 'waitlisted'],
  gone: ['declined', 'cancelled'],
});

const ROLES = ['head', 'alternate', 'member'];

/** What changes what a member's registration says or where it stands. */
export const MEMBER_OPS = ['registration.request', 'registration.change', 'registration.answer', 'registration.cancel', 'registration.replace'];

/** @param {string} delegation */
const scopeOf = (delegation) => `delegation:${delegation}`;

/** Those whose rows this device holds. @param {App} app @returns {Delegation[]} */
export function delegationsOf(app) {
  const { client, programme } = app;
  const ids = client.scopes.filter((scope) => scope.startsWith('delegation:')).map((scope) => scope.slice('delegation:'.length));
  return ids
    .map((id) => {
      const value = client.rows('delegation_details', scopeOf(id))[0]?.value ?? client.find('delegations', id)?.value ?? {};
      return { id, name: programme.text(value.name), value };
    })
    .sort((one, other) => (one.name?.text ?? '').localeCompare(other.name?.text ?? '', app.locale));
}

/** Who belongs to a delegation: its head, alternates, then by name. @param {App} app @param {string} delegation @returns {Member[]} */
export function membersOf(app, delegation) {
  const rank = (/** @type {Member} */ { value }) => ROLES.indexOf(value.delegation_role ?? 'member');
  return app.client
    .rows('delegation_members', scopeOf(delegation))
    .map((row) => memberOf(app, delegation, row))
    .sort((one, other) => rank(one) - rank(other) || one.value.name.localeCompare(other.value.name, app.locale));
}

/** One member, of whichever delegation. @param {App} app @param {string} attendee @returns {Member | undefined} */
export function findMember(app, attendee) {
  const row = app.client.rows('delegation_members').find(({ id }) => id === attendee);
  return row && memberOf(app, row.scope.slice('delegation:'.length), row);
}

/** @param {App} app @param {string} delegation @param {ShownRow} row @returns {Member} */
function memberOf(app, delegation, { id, value }) {
  const edits = app.client.outbox.filter(({ mutation }) => mutation.for === id && MEMBER_OPS.includes(mutation.op));
  const changes = edits.filter(({ mutation }) => mutation.op === 'registration.change');
  const wanted = changes.reduce((known, { mutation }) => merge(known, mutation.args), value);
  return { id, delegation, value: wanted, isPending: edits.length > 0 };
}

/** Who comes along with a member because of their access needs. @param {App} app @param {Member} member */
export function companionsOf(app, { id, delegation }) {
  return membersOf(app, delegation).filter(({ value }) => value.companion_of === id && !GROUPS.gone.includes(value.status));
}

/** What a member needs to take part, as it will be once the server has taken what waits. @param {App} app @param {Member} member */
export function needsOf(app, { id, delegation }) {
  const last = waitingOf(app, id, NEEDS_OPS).at(-1)?.mutation;
  if (last) return last.op === 'access_needs.put' ? last.args : undefined;
  return app.client.rows('access_needs', scopeOf(delegation)).find((row) => row.id === id)?.value;
}

/** The edits by which somebody comes who is not known to the server yet. @param {App} app @param {string} delegation @param {Member[]} members */
export function newcomersOf(app, delegation, members) {
  const isMember = (/** @type {string | undefined} */ attendee) => members.some(({ id }) => id === attendee);
  return app.client.outbox.filter(({ mutation: { op, for: attendee, args } }) =>
    op === 'registration.replace' ? isMember(attendee) : op === 'registration.request' && args.delegation === delegation && !isMember(attendee),
  );
}

/** Who looks after a delegation, the reader among them; it needs a network. @param {App} app @param {string} delegation */
export function holdersOf(app, delegation) {
  return askedOf(app, `/delegations/${delegation}/duties?limit=100`);
}

/**
 * What the reader does for a delegation, as the server last said.
 *
 * @param {App} app
 * @param {string} delegation
 * @returns {Duty[]} Empty until it is known; then nothing is changed here.
 */
export function dutiesOf(app, delegation) {
  const account = app.client.session?.account.id ?? '';
  const name = `duties-${app.client.event}-${account}-${delegation}`;
  const { body } = holdersOf(app, delegation);
  if (!body) return recall(name) ?? [];
  const duties = body.items.find((/** @type {any} */ one) => one.account === account)?.duties ?? [];
  remember(name, duties);
  return duties;
}

/** Whether the reader registers and chooses for a delegation. @param {App} app @param {string} delegation */
export function mayDecide(app, delegation) {
  return dutiesOf(app, delegation).includes('focal_point');
}

/** Whether a place counts in the numbers of a delegation. @param {App} app @param {any} value @param {string} [part] Where categories may differ. */
function counts(app, value, part) {
  const own = part && value.part_categories?.find((/** @type {any} */ one) => one.part === part);
  const category = app.client.find('categories', own ? own.category : value.category)?.value;
  return !value.companion_of && !category?.is_outside_quotas;
}

/** How many places of a delegation are taken. @param {App} app @param {Member[]} members */
export function placesTaken(app, members) {
  return members.filter(({ value }) => value.status === 'confirmed' && counts(app, value)).length;
}

/**
 * How many of a delegation may be where, and how many are.
 *
 * @param {App} app
 * @param {Delegation} delegation
 * @param {Member[]} members
 * @returns {{title: Text, most?: number, inside?: number, used?: number}[]} `used` is absent where only the
 *   server knows, and has not said it.
 */
export function quotasOf(app, { id, value }, members) {
  const { programme, client } = app;
  const accepted = client.rows('invitations', scopeOf(id)).filter((row) => app.answerOf(row).answer === 'accepted');
  return (value.quotas ?? []).flatMap((/** @type {any} */ { part, session: of, at_most: most, inside_at_most: inside }) => {
    const session = of && programme.session(of);
    const title = session ? session.title : programme.part(part)?.title;
    if (!title) return [];
    const within = part ?? session?.value.part;
    const hasSeats = session?.value.seats !== undefined;
    const seats = hasSeats ? seatsOf(app, session.id).body?.items : [];
    const taken = new Set([
      ...accepted.filter((row) => row.value.object === (part ?? of)).map((row) => row.value.attendee),
      ...(seats ?? []).filter((/** @type {any} */ one) => ['confirmed', 'offered'].includes(one.state)).map((/** @type {any} */ one) => one.attendee),
    ]);
    const used = members.filter((member) => taken.has(member.id) && counts(app, member.value, within)).length;
    return [{ title, most, inside, used: seats ? used : undefined }];
  });
}

/** The seats of members in a session; it needs a network. @param {App} app @param {string} session */
export function seatsOf(app, session) {
  return askedOf(app, `/sessions/${session}/sign-ups?limit=500`, seatMark(app));
}

/** Changes with each seat that was asked for here and answered. @param {App} app */
export function seatMark(app) {
  const isSeat = (/** @type {import('../common/sync/client.js').SentEdit} */ { mutation }) => mutation.op.startsWith('signup.');
  return [...app.client.journal, ...app.client.refused].filter(isSeat).at(-1)?.id ?? '';
}

/** Who of a delegation is expected and was not let in anywhere; it needs a network. @param {App} app @param {string} delegation */
export function missingOf(app, delegation) {
  return askedOf(app, `/check-in/missing?delegation=${delegation}&limit=500`);
}

/**
 * Who of a delegation may be the same person as one who is written down, by name or address.
 *
 * @param {Member[]} members
 * @param {{name?: string, email?: string}} person
 */
export function listLike(members, { name = '', email = '' }) {
  const wordsOf = (/** @type {string} */ text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1);
  const words = wordsOf(name);
  return members.filter(({ value }) => {
    if (GROUPS.gone.includes(value.status) || value.is_placeholder) return false;
    const others = wordsOf(value.name);
    const shared = words.filter((word) => others.includes(word)).length;
    const isMail = email.trim() !== '' && fold(email.trim()) === fold(value.details?.email ?? '');
    return (isMail && shared > 0) || (shared > 1 && shared === Math.min(words.length, others.length));
  });
}

/** How somebody is reached, as links. @param {{email?: string, phone?: string}} details */
export function contactOf({ email, phone }) {
  if (!email && !phone) return nothing;
  return html`<p class="links">${email ? html`<a href="mailto:${encodeURIComponent(email).replace('%40', '@')}">${email}</a> ` : nothing}${phone ? html`<a href="tel:${phone.replace(/[^+\d]/g, '')}">${phone}</a>` : nothing}</p>`;
}

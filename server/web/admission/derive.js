/**
 * Who was let in and what is odd about it, from all scans of one use. A port of `shared/src/admission/derive.rs`:
 * whoever hands scans in, in whatever order and however often, the result is the same.
 *
 * @module
 */

import { nameUuid } from './uuid.js';

/**
 * @typedef {object} Recorded
 * @property {any} scan As it travels.
 * @property {string} [device] The device that made it.
 */

/** The fields of a scan in the order in which it is written, and what in them says nothing. */
const FIELDS = [
  'id',
  'checkpoint',
  'area',
  'session',
  'guest',
  'carrier',
  'code_hash',
  'direction',
  'at',
  'verdict',
  'decided_on',
  'by_hand',
  'undoes',
  'count',
];

const INNER_FIELDS = {
  at: ['wall', 'monotonic_ms', 'boot', 'offset_ms', 'uncertainty_ms'],
  verdict: ['admits', 'reason'],
  decided_on: ['covers', 'age_ms'],
};

/**
 * Under what a scan is kept: a UUID of its whole content.
 *
 * @param {any} scan
 * @returns {Promise<string>}
 */
export function factOf(scan) {
  const pick = (value, fields) =>
    Object.fromEntries(fields.filter((field) => value[field] !== undefined).map((field) => [field, value[field]]));
  const whole = pick(scan, FIELDS);
  if (whole.direction === 'in') delete whole.direction;
  for (const [field, inner] of Object.entries(INNER_FIELDS)) {
    if (whole[field]) whole[field] = pick(whole[field], inner);
  }
  whole.at.wall = new Date(whole.at.wall).toISOString();
  if (whole.decided_on && Object.keys(whole.decided_on).length === 0) delete whole.decided_on;
  return nameUuid(scan.id, JSON.stringify(whole));
}

/**
 * @param {any} at A scan's time.
 * @returns {number} By the server's clock, as far as the device knew; in milliseconds since 1970.
 */
export function corrected(at) {
  return Date.parse(at.wall) + (at.offset_ms ?? 0);
}

/** The earliest and the latest that it can have been; undefined where nobody can say. */
function bounds(at) {
  if (at.offset_ms === undefined || at.uncertainty_ms === undefined) return undefined;
  return { earliest: corrected(at) - at.uncertainty_ms, latest: corrected(at) + at.uncertainty_ms };
}

/** Whether a scan says that a guest went through, in whichever direction. */
function passes(scan) {
  return scan.undoes === undefined && scan.guest !== undefined && Boolean(scan.verdict?.admits);
}

function letsIn(scan) {
  return passes(scan) && scan.direction !== 'out';
}

/**
 * The scans that nobody took back, each once, in their order: by corrected time, ties by id, and of those
 * with one id by what they are kept under.
 */
async function effective(recorded) {
  const undone = new Set(recorded.map(({ scan }) => scan.undoes).filter(Boolean));
  const counting = recorded.filter(({ scan }) => scan.undoes === undefined && !undone.has(scan.id));
  const facts = await Promise.all(counting.map(({ scan }) => factOf(scan)));
  const once = new Map();
  for (const [place, one] of counting.entries()) once.set(facts[place], one);
  const keyed = [...once].map(([fact, one]) => ({ one, key: [corrected(one.scan.at), one.scan.id, fact] }));
  keyed.sort((a, b) => compare(a.key, b.key));
  return keyed.map(({ one }) => one);
}

/**
 * @param {{area: string, session?: string}} of
 * @param {string} guest
 * @returns {Promise<string>} The id of a guest's admission to a use, the same on every node and device.
 */
export function admissionId(of, guest) {
  return nameUuid(of.area, `${of.session ?? ''}:${guest}`);
}

/**
 * What follows from the scans of one use, and from what is known of those that are not here: `known` are admissions.
 *
 * @param {{of: {area: string, session?: string}, rule?: string, scans: Recorded[], known?: any[],
 *   voided?: {guest: string, carrier: number, at: string}[], shareSeat?: [string, string][]}} facts
 * @returns {Promise<{admissions: any[], incidents: any[], occupancy: {guests: number, counted: number}}>} Admissions in
 *   the order of guests, incidents in that of ids.
 */
export async function derive({ of, rule = 'free', scans, voided = [], shareSeat = [], known = [] }) {
  const isOfUse = ({ scan }) => scan.area === of.area && scan.session === of.session;
  const here = (await effective(scans)).filter(isOfUse);
  const ofGuests = new Map();
  for (const one of here.filter(({ scan }) => passes(scan))) {
    ofGuests.set(one.scan.guest, [...(ofGuests.get(one.scan.guest) ?? []), one]);
  }
  const undone = new Set(scans.map(({ scan }) => scan.undoes));
  const standing = known.filter(({ first }) => !undone.has(first.scan));
  const admissionsOf = new Map(standing.map((one) => [one.guest, withoutTurn(one, ({ scan }) => undone.has(scan))]));
  const odd = [];
  for (const guest of [...ofGuests.keys()].sort()) {
    const passages = ofGuests.get(guest);
    const admission = admissionOf(of, guest, passages, admissionsOf.get(guest));
    if (admission) admissionsOf.set(guest, admission);
    odd.push(...secondUses(rule, guest, passages), ...voidCarriers(voided, guest, passages));
  }
  const admissions = [...admissionsOf.keys()].sort().map((guest) => admissionsOf.get(guest));
  odd.push(...seatsGivenTwice(shareSeat, admissions));
  const incidents = await Promise.all(odd.map((one) => incidentOf(of, one)));
  const byId = new Map(incidents.map((incident) => [incident.id, incident]));
  return {
    admissions,
    incidents: [...byId.keys()].sort().map((id) => byId.get(id)),
    occupancy: {
      guests: admissions.filter((one) => one.is_inside).length,
      counted: here.reduce((sum, { scan }) => sum + (scan.direction === 'out' ? -1 : 1) * (scan.count ?? 0), 0),
    },
  };
}

/** What follows for a guest from scans, which go on from what is known: these came after it, whatever the clocks say. */
function admissionOf(of, guest, passages, known) {
  const firstHere = passages.find(({ scan }) => letsIn(scan));
  const firsts = [known?.first, firstHere && entryOf(firstHere)].filter(Boolean);
  const order = (one, other) => Date.parse(one.at) - Date.parse(other.at) || (one.scan < other.scan ? -1 : 1);
  const [first] = firsts.sort(order);
  const last = passages.at(-1);
  const wasInside = passages.length > 1 ? letsIn(passages.at(-2).scan) : Boolean(known?.is_inside);
  const isTurn = letsIn(last.scan) !== wasInside && last.scan.id !== first?.scan;
  const turn = { scan: last.scan.id, ...(last.device && { device: last.device }) };
  return first && { ...of, guest, first, is_inside: letsIn(last.scan), ...(isTurn && { turn }) };
}

/**
 * An admission as it was before the last way through, where that is taken back.
 *
 * @returns {any}
 */
function withoutTurn({ turn, ...admission }, isTakenBack) {
  if (!turn) return admission;
  return isTakenBack(turn) ? { ...admission, is_inside: !admission.is_inside } : { ...admission, turn };
}

/** A way through a checkpoint. */
function entryOf(/** @type {Recorded} */ { scan, device }) {
  const at = new Date(corrected(scan.at)).toISOString();
  return { scan: scan.id, at, checkpoint: scan.checkpoint, ...(device && { device }) };
}

/** Entries beyond the one that the rule allows; all of one guest that belong together are one incident. */
function secondUses(rule, guest, passages) {
  if (rule === 'free') return [];
  /** @type {Recorded[][]} */
  const runs = [[]];
  for (const passage of passages) {
    if (letsIn(passage.scan)) runs.at(-1)?.push(passage);
    else if (rule === 'in_and_out') runs.push([]);
  }
  const tooMany = runs.filter((run) => run.length > 1);
  return tooMany.map((run) => ({ kind: 'second_use', guests: [guest], entries: run.map(entryOf) }));
}

/** Entries with a badge that was void by then, for certain. */
function voidCarriers(voided, guest, passages) {
  const isVoid = ({ scan }) => {
    const at = voided.find((one) => one.guest === guest && one.carrier === scan.carrier)?.at;
    const earliest = bounds(scan.at)?.earliest;
    return at !== undefined && earliest !== undefined && Date.parse(at) <= earliest;
  };
  const entered = passages.filter((passage) => letsIn(passage.scan) && isVoid(passage));
  return entered.map((passage) => ({ kind: 'void_carrier', guests: [guest], entries: [entryOf(passage)] }));
}

/**
 * Where a badge was shown that had been reported stolen, in either direction and whatever was decided.
 *
 * @param {Recorded[]} scans
 * @param {{guest: string, carrier: number, at: string}[]} stolen Since when which badges are.
 * @returns {Promise<any[]>} Incidents in the order of ids.
 */
export async function listStolen(scans, stolen) {
  const isStolen = ({ scan }) => {
    const badge = stolen.find(({ guest, carrier }) => guest === scan.guest && carrier === scan.carrier);
    return badge !== undefined && Date.parse(badge.at) <= corrected(scan.at);
  };
  const shown = (await effective(scans)).filter(isStolen);
  const incidents = await Promise.all(
    shown.map((one) => incidentOf(one.scan, { kind: 'stolen_shown', guests: [one.scan.guest], entries: [entryOf(one)] })),
  );
  return incidents.toSorted((a, b) => compare([a.id], [b.id]));
}

function seatsGivenTwice(shareSeat, admissions) {
  const firsts = new Map(admissions.map(({ guest, first }) => [guest, first]));
  const pairs = shareSeat.map((pair) => [...new Set(pair)].sort()).filter((pair) => pair.length === 2);
  const both = pairs.filter((pair) => pair.every((guest) => firsts.has(guest)));
  return both.map((guests) => ({ kind: 'seat_twice', guests, entries: guests.map((guest) => firsts.get(guest)) }));
}

/**
 * The order in which a subject names scans must not depend on clocks.
 *
 * @param {{area: string, session?: string}} of
 * @param {{kind: string, guests: string[], entries: any[]}} odd
 */
async function incidentOf({ area, session }, { kind, guests, entries }) {
  const scans = [...new Set(entries.map(({ scan }) => scan))].sort();
  const id = await nameUuid(area, `${session ?? ''}:${kind}:${guests.join(',')}:${scans.join(',')}`);
  const inOrder = entries.toSorted((a, b) => compare([a.at, a.scan], [b.at, b.scan]));
  return { id, kind, area, ...(session && { session }), guests, scans: inOrder };
}

function compare(one, other) {
  const place = one.findIndex((value, at) => value !== other[at]);
  return place < 0 ? 0 : one[place] < other[place] ? -1 : 1;
}

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
 * @property {'desk' | 'door' | 'none'} [authority] By what right; a door's where nothing is said.
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
 * What tells whether a scan is taken back by somebody who may: a desk, or the device that made it.
 *
 * @param {Recorded[]} recorded
 * @returns {(scan: string, device?: string) => boolean}
 */
function undoing(recorded) {
  const undos = recorded.filter(({ scan }) => scan.undoes !== undefined);
  return (scan, device) => {
    const mayTakeBack = (/** @type {Recorded} */ { authority = 'door', device: by }) =>
      authority === 'desk' || (authority === 'door' && by === device);
    return undos.some((undo) => undo.scan.undoes === scan && mayTakeBack(undo));
  };
}

/**
 * The scans that count: made by right, and taken back by nobody who may; each once, in their order: by corrected
 * time, ties by id, and of those with one id by what they are kept under.
 */
async function effective(recorded) {
  const isTakenBack = undoing(recorded);
  const counting = recorded.filter(
    ({ scan, device, authority }) => scan.undoes === undefined && authority !== 'none' && !isTakenBack(scan.id, device),
  );
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
  const isTakenBack = undoing(scans);
  const isOfTakenBack = ({ scan, device }) => isTakenBack(scan, device);
  const standing = known.filter(({ first }) => !isOfTakenBack(first));
  const admissionsOf = new Map(standing.map((one) => [one.guest, withoutTurn(one, isOfTakenBack)]));
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
  const tooMany = listRuns(rule, passages).filter((run) => run.length > 1);
  return tooMany.map((run) => ({ kind: 'second_use', guests: [guest], entries: run.map(entryOf) }));
}

/** The entries that belong together, of which one would have been allowed; but for those that a person decided. */
function listRuns(rule, passages) {
  if (rule === 'free') return [];
  const entries = passages.filter(({ scan }) => letsIn(scan) && !isDecided(scan));
  if (rule === 'once') return [entries];
  return splitAtExits(entries, passages.filter(({ scan }) => scan.direction === 'out'));
}

/** Entries between which nobody went out for certain: a way out is good for one gap, the first in which it can have been. */
function splitAtExits(entries, passages) {
  const span = (/** @type {any} */ { scan }) => bounds(scan.at) ?? { earliest: -Infinity, latest: Infinity };
  const exits = passages.map(span).sort((a, b) => (a.latest === b.latest ? 0 : a.latest - b.latest));
  /** @type {Recorded[][]} */
  const runs = [];
  for (const entry of entries) {
    const last = runs.at(-1)?.at(-1);
    const isBetween = (exit) => span(last).earliest <= exit.latest && exit.earliest <= span(entry).latest;
    const place = last === undefined ? -1 : exits.findIndex(isBetween);
    if (place >= 0) exits.splice(place, 1);
    if (last && place < 0) runs.at(-1)?.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

/** Whether a person recorded an entry by hand who was told of the first one. */
function isDecided({ by_hand: byHand, verdict }) {
  return byHand !== undefined && ['already_used', 'already_inside'].includes(verdict?.reason);
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

/**
 * One checkpoint: what is asked of it, what it answers, what it writes down.
 *
 * @module
 */

import { BadgeFault, hashOfCode, isProvisional } from '../admission/badge.js';
import { corrected, derive } from '../admission/derive.js';
import { isExpected, judge } from '../admission/judge.js';
import { useAt } from '../admission/places.js';
import { hexOf, newUuid } from '../admission/uuid.js';
import { ageOf, readClock } from '../common/sync/time.js';

/**
 * @typedef {object} Told What the desk says of one guest.
 * @property {any} scan The scan that was written down.
 * @property {import('../admission/judge.js').Verdict} verdict
 * @property {import('./roster.js').Details} [details]
 * @property {import('./roster.js').Person} [person]
 * @property {string} [code] The code that was shown, where somebody may be let in with it all the same.
 */

export class Station {
  direction = 'in';

  /** Scans that the server may not know of yet, by id; and since when they are no more in the outbox. */
  #own = new Map();

  /**
   * @param {{client: any, roster: import('./roster.js').Roster, checkpoint: string, device: string}} where
   */
  constructor({ client, roster, checkpoint, device }) {
    this.client = client;
    this.roster = roster;
    this.checkpoint = checkpoint;
    this.device = device;
  }

  /** The checkpoint, its area, and what is entered now; undefined where the checkpoint is gone. */
  get place() {
    const found = this.roster.places.find(this.checkpoint);
    if (!found) return undefined;
    const subject = this.roster.places.subjectAt(found.area, this.now());
    return { ...found, subject, use: useAt(found.checkpoint.area, found.area, subject) };
  }

  /** The server's time, as far as the device knows, in milliseconds since 1970. */
  now() {
    return this.client.now();
  }

  /** How old what the device holds is, in milliseconds; undefined where nobody knows. */
  age() {
    const { freshAt } = this.client.state;
    return freshAt === undefined ? undefined : ageOf(freshAt, this.client.time());
  }

  /**
   * A code was read.
   *
   * @param {string} code
   * @returns {Promise<Told>}
   */
  async read(code) {
    return this.#decide(await this.#guestOf(code));
  }

  async #guestOf(code) {
    try {
      const claims = await this.roster.keys.verify(code);
      const badge = {
        ...(isProvisional(claims) && { is_provisional: true }),
        category: claims.category,
        access: claims.access,
        valid_from: new Date(claims.notBefore * 1_000).toISOString(),
        valid_until: new Date(claims.expires * 1_000).toISOString(),
      };
      const found = await this.roster.findGuest(claims.secret);
      const isVoid = this.roster.isVoid(found.index, claims.carrier);
      return { ...found, code, presented: { badge }, carrier: claims.carrier, isVoid };
    } catch (error) {
      if (!(error instanceof BadgeFault)) throw error;
      return { presented: { fault: error.fault }, hash: hexOf(await hashOfCode(code)) };
    }
  }

  /**
   * Somebody was found by name or known by sight.
   *
   * @param {import('./roster.js').Person} person With an index.
   * @param {string} why
   * @returns {Promise<Told>}
   */
  take(person, why) {
    const { index, guest, details } = person;
    return this.#decide({ presented: 'by_hand', index, guest, details, person, byHand: why });
  }

  /**
   * Lets somebody in against the verdict.
   *
   * @param {Told} told What was said of them.
   * @param {string} why
   * @returns {Promise<Told>}
   */
  async letIn({ code, person, details, scan }, why) {
    const guest = code
      ? await this.#guestOf(code)
      : { presented: 'by_hand', index: scan.guest, guest: person?.guest, details, person };
    return this.#decide({ ...guest, byHand: why, isForced: true });
  }

  /** Asks the judge, writes the scan down, and only then answers. */
  async #decide(guest) {
    const place = this.#placeOrFault();
    const at = this.#time();
    const now = corrected(at);
    const verdict = await judge(await this.#question(guest, place, now));
    const age = this.age();
    const { covers } = this.client;
    const scan = {
      ...this.#blank(place.use, at),
      ...(guest.index && { guest: guest.index }),
      ...(guest.carrier !== undefined && { carrier: guest.carrier }),
      ...(guest.hash && { code_hash: guest.hash }),
      ...(this.direction === 'out' && { direction: 'out' }),
      verdict: { admits: verdict.admits || Boolean(guest.isForced), reason: verdict.reason },
      ...basisOf(covers, age),
      ...(guest.byHand && { by_hand: guest.byHand }),
    };
    await this.#write('scan.record', scan);
    return { scan, verdict, details: guest.details, person: guest.person, code: guest.index && guest.code };
  }

  /** The place; the page stands at another one where it is gone. */
  #placeOrFault() {
    const { place } = this;
    if (!place) throw new Error('the checkpoint is gone');
    return place;
  }

  /** @returns {Promise<any>} */
  async #question(guest, { checkpoint, area, subject, use }, now) {
    const { roster } = this;
    const age = this.age();
    const { freshAt } = this.client.state;
    return {
      now: new Date(now).toISOString(),
      day: dayIn(now, roster.event.time_zone),
      direction: this.direction,
      presented: guest.presented,
      is_void: guest.isVoid,
      guest: guest.guest,
      kind: checkpoint.kind,
      area,
      subject,
      moved_away: roster.places.listMoved(area),
      presence: guest.index && (await this.#presence(use, area, guest.index)),
      limits: this.direction === 'out' ? [] : await this.#limits({ checkpoint, area, subject, use }, guest.guest),
      knowledge: {
        ...(age !== undefined && { age_ms: age }),
        ...(freshAt !== undefined && { as_of: new Date(freshAt).toISOString() }),
        is_complete: roster.isComplete,
      },
    };
  }

  /**
   * Takes a scan back.
   *
   * @param {any} scan
   * @returns {Promise<any>} The scan that says so.
   */
  async undo(scan) {
    const { id, checkpoint, area, session, guest, direction } = scan;
    const blank = this.#blank({ area, session }, this.#time());
    const undo = { ...blank, checkpoint, ...(guest && { guest }), ...(direction && { direction }), undoes: id };
    await this.#write('scan.undo', undo);
    return undo;
  }

  /**
   * So many people went by.
   *
   * @param {number} count
   * @returns {Promise<any>} The scan that says so.
   */
  async count(count) {
    const blank = this.#blank(this.#placeOrFault().use, this.#time());
    const scan = { ...blank, ...(this.direction === 'out' && { direction: 'out' }), count };
    await this.#write('scan.record', scan);
    return scan;
  }

  /**
   * @param {{area: string, session?: string}} of
   * @param {any} at
   */
  #blank({ area, session }, at) {
    return { id: newUuid(), checkpoint: this.checkpoint, area, ...(session && { session }), at };
  }

  /** On the disk before anybody is told. */
  async #write(op, scan) {
    await this.client.mutate({ op, args: scan });
    this.#own.set(scan.id, { scan, device: this.device });
  }

  /** The scans that the server may not have put into the roster yet. */
  #unsent() {
    const waiting = listUnsent(this.client);
    const ids = new Set(waiting.map(({ id }) => id));
    const { freshAt = 0 } = this.client.state;
    for (const [id, own] of this.#own) {
      if (ids.has(id)) continue;
      own.settledAt ??= this.now();
      if (freshAt > own.settledAt) this.#own.delete(id);
    }
    const all = new Map(waiting.map((scan) => [scan.id, { scan, device: this.device }]));
    for (const [id, own] of this.#own) all.set(id, own);
    return [...all.values()];
  }

  /** What is known of a guest in a use: from the server, and from what was scanned here since. */
  async #presence(of, area, guest) {
    const mine = this.#unsent().filter(({ scan }) => scan.guest === guest);
    const there = this.roster.admission(of, guest);
    const known = there ? [there] : [];
    const [admission] = (await derive({ of, rule: area.rule, scans: mine, known })).admissions;
    return { ...(admission && { first: admission.first }), ...(admission?.is_inside && { is_inside: true }) };
  }

  /** How many are inside, of all, in the vehicle and of the delegation, where that is bounded. */
  async #limits({ checkpoint, area, subject, use }, known) {
    const seats = this.roster.vehicles.get(checkpoint.vehicle)?.seats;
    const bounds = this.roster.delegations.get(known?.delegation)?.limits ?? [];
    const ofSubject = bounds.filter((one) => subject && one.collection === subject.collection && one.id === subject.id);
    if (area.capacity === undefined && seats === undefined && ofSubject.length === 0) return [];
    const inside = [...(await this.#entries({ area, use })).values()].filter((one) => one.is_inside);
    const limits = [];
    if (area.capacity !== undefined) limits.push({ of: 'area', inside: inside.length, at_most: area.capacity });
    if (seats !== undefined) limits.push({ of: 'vehicle', inside: this.#aboard(inside, checkpoint.vehicle), at_most: seats });
    if (ofSubject.length > 0) {
      const ofDelegation = inside.filter(({ guest }) => this.roster.delegationOf(guest) === known.delegation);
      const most = Math.min(...ofSubject.map((one) => one.at_most));
      limits.push({ of: 'delegation', inside: ofDelegation.length, at_most: most });
    }
    return limits;
  }

  /** Who was let in to a use, by guest: from the server, and from what was scanned here since. */
  async #entries({ area, use }) {
    const known = this.roster.listAdmissions(use);
    const { admissions } = await derive({ of: use, rule: area.rule, scans: this.#unsent(), known });
    return new Map(admissions.map((one) => [one.guest, one]));
  }

  #aboard(inside, vehicle) {
    const isOf = ({ first }) => this.roster.places.checkpoints.get(first.checkpoint)?.vehicle === vehicle;
    return inside.filter(isOf).length;
  }

  /**
   * Who is expected here and has not come: what a coach waits for. One that people were told is theirs waits for those.
   *
   * @returns {Promise<{expected: number, come: number, aboard: number, seats?: number, nameless: number,
   *   stops: {place: Record<string, string>, at?: string, expected: number, come: number}[],
   *   missing: {details: import('./roster.js').Details, person?: import('./roster.js').Person, stop?: any}[]}>}
   */
  async listMissing() {
    const { checkpoint, area, subject, use } = this.#placeOrFault();
    const entries = await this.#entries({ area, use });
    const came = area.way_back_of && this.roster.listCame(area.way_back_of);
    const riders = this.roster.listRiders(this.checkpoint);
    const hasRiders = riders.some(({ vehicle }) => vehicle === checkpoint.vehicle);
    const ofIndex = new Map(riders.flatMap((rider) => (rider.index ? [[rider.index, rider]] : [])));
    const isAwaited = ({ index, guest }) => (came ? came.has(index) : isExpected(guest, subject));
    const known = ({ index, person }) => ({ details: person?.details, ...ofIndex.get(index), index, person });
    const awaited = hasRiders
      ? riders.filter(({ index }) => !came || came.has(index))
      : this.roster.listGuests().filter(isAwaited).map(known);
    const missing = awaited.filter(({ index }) => !entries.has(index));
    const stopOf = (/** @type {any} */ { vehicle, stop }) => this.roster.vehicles.get(vehicle)?.stops?.[stop];
    const inside = [...entries.values()].filter((one) => one.is_inside);
    return {
      expected: awaited.length,
      come: awaited.length - missing.length,
      aboard: checkpoint.vehicle ? this.#aboard(inside, checkpoint.vehicle) : inside.length,
      seats: this.roster.vehicles.get(checkpoint.vehicle)?.seats,
      stops: hasRiders ? this.#stops(checkpoint.vehicle, awaited, entries) : [],
      nameless: missing.filter(({ details }) => !details).length,
      missing: missing.filter(({ details }) => details).map((one) => ({ ...one, stop: stopOf(one) })),
    };
  }

  /** The stops of a vehicle at which somebody boards, with how many do and have. */
  #stops(vehicle, awaited, entries) {
    const stops = this.roster.vehicles.get(vehicle)?.stops ?? [];
    const counted = stops.map((stop, place) => {
      const here = awaited.filter((one) => one.vehicle === vehicle && one.stop === place);
      return { ...stop, expected: here.length, come: here.filter(({ index }) => entries.has(index)).length };
    });
    return counted.filter(({ expected }) => expected > 0);
  }

  /** When something is done, as facts say it. */
  time() {
    return this.#time();
  }

  #time() {
    const { wall, monotonic, boot } = readClock();
    const { at, uncertainty } = this.client.time();
    return {
      wall: new Date(wall).toISOString(),
      monotonic_ms: monotonic,
      boot,
      ...(this.client.state.serverTime && { offset_ms: Math.round(at - wall) }),
      ...(uncertainty !== undefined && { uncertainty_ms: Math.ceil(uncertainty) }),
    };
  }
}

/**
 * The scans that wait to be handed in.
 *
 * @param {any} client
 * @returns {any[]}
 */
export function listUnsent(client) {
  const scans = client.outbox.filter(({ mutation: { op } }) => op === 'scan.record' || op === 'scan.undo');
  return scans.map(({ mutation }) => mutation.args);
}

/** What something was decided on, as a scan says it. */
function basisOf(covers, age) {
  const basis = { ...(covers && { covers }), ...(age !== undefined && { age_ms: age }) };
  return Object.keys(basis).length > 0 ? { decided_on: basis } : {};
}

/** The day of a time in a zone, such as `2018-11-26`. */
export function dayIn(at, zone) {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return format.format(at);
}

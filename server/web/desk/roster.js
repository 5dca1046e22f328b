/**
 * What the desk holds: its roster, read from the replica whenever that has moved.
 *
 * @module
 */

import { BadgeKeys, indexOf, openDetails } from '../admission/badge.js';
import { Places } from '../admission/places.js';
import { distance, wordsOf } from './search.js';

/**
 * @typedef {object} Details Who a guest is.
 * @property {string} name
 * @property {string} [form_of_address]
 * @property {string} [position]
 * @property {string} [organisation]
 * @property {Record<string, string>} [delegation_name]
 */

/**
 * @typedef {object} Person Somebody whose name the device holds.
 * @property {string} attendee
 * @property {string} [index] By what scans know them; absent where they have no badge.
 * @property {Details} details
 * @property {import('../admission/judge.js').RosterGuest} guest
 * @property {{carrier: number, kind: string, handed_out_at?: string, void_reason?: string}[]} carriers
 * @property {string[]} words
 * @property {string} listedName Their name in the list of attendees, where the badge has another one; else empty.
 * @property {string} [photo] By its hash.
 * @property {{may_be?: string[], settled_at?: string}} [walkIn] How they were registered at a desk, where they were.
 */

/** What was read of rows, by the rows: of thousands of people one changes at a time. @type {WeakMap<object, Person>} */
const READ = new WeakMap();

/** @param {string} attendee @param {any} row @returns {Person} */
function readPerson(attendee, row) {
  const known = READ.get(row);
  if (known) return known;
  const { details, listed_name: listed = '', carriers = [], index, guest, photo, walk_in: walkIn } = row;
  const person = { attendee, details, listedName: listed, carriers, index, guest, photo, walkIn, words: wordsOf(`${details.name} ${listed}`) };
  READ.set(row, person);
  return person;
}

export class Roster {
  /** @type {Person[]} */
  people = [];

  /** Who was registered here and waits in the outbox: the server has not heard of them. @type {Person[]} */
  #unheard = [];

  /** The scope that it is. */
  scope = '';

  /** Whether it is here as a whole. */
  isComplete = false;

  /** The event's row, with its id. @type {any} */
  event;

  /** The device's own row; undefined where it has none. @type {{name: string, checkpoints: string[]} | undefined} */
  own;

  /** The rooms of the programme, by id. @type {Map<string, any>} */
  rooms = new Map();

  /** @type {BadgeKeys} */
  keys = new BadgeKeys(new Uint8Array(), new Map());

  /** Whether this browser can verify badges at all. */
  canVerify = true;

  /** `vehicles`, `roster_categories` and `roster_delegations`, by id. @type {Map<string, any>} */
  vehicles = new Map();

  /** @type {Map<string, any>} */
  categories = new Map();

  /** @type {Map<string, any>} */
  delegations = new Map();

  /** What is lent. @type {any[]} */
  loans = [];

  /** The keys of this desk. @type {any[]} */
  ownKeys = [];

  places = new Places({ areas: new Map(), checkpoints: new Map(), sessions: new Map(), parts: new Map(), moved: new Map() });

  /** Who rides behind the doors of the device, by attendee. @type {Map<string, any>} */
  #passengers = new Map();
  #ofIndex = new Map();
  #doors = new Map();
  #voids = new Set();
  #admissions = new Map();

  /**
   * Reads what the device holds.
   *
   * @param {any} client The sync client.
   * @param {string} device The device's own id.
   * @returns {Promise<Roster | undefined>} Undefined while the event or the roster has not arrived.
   */
  static async read(client, device) {
    const event = client.rows('events')[0];
    const scope = client.rows('checkpoints').find((row) => row.scope.startsWith('roster:'))?.scope;
    if (!event || !scope) return undefined;
    const byId = (collection) => new Map(client.rows(collection, scope).map(({ id, value }) => [id, value]));
    const roster = new Roster();
    roster.scope = scope;
    roster.isComplete = client.position(scope) !== undefined;
    roster.event = { id: event.id, ...event.value };
    roster.own = client.find('roster_devices', device)?.value;
    roster.rooms = new Map(client.rows('rooms').map(({ id, value }) => [id, value]));
    const keys = byId('badge_keys');
    roster.keys = await BadgeKeys.open(event.id, keys.values());
    roster.canVerify = keys.size === 0 || roster.keys.size > 0;
    roster.places = new Places({
      areas: byId('access_areas'),
      checkpoints: byId('checkpoints'),
      sessions: byId('roster_sessions'),
      parts: byId('roster_parts'),
      moved: byId('moved_sessions'),
    });
    roster.vehicles = byId('vehicles');
    roster.categories = byId('roster_categories');
    roster.delegations = byId('roster_delegations');
    roster.loans = [...byId('loans').values()];
    roster.ownKeys = [...keys.values()].filter((key) => key.device === device && !key.revoked_at);
    roster.#readGuests(byId);
    roster.#passengers = new Map(client.rows('passengers').map(({ id, value }) => [id, value]));
    return roster;
  }

  #readGuests(byId) {
    this.#doors = byId('door_guests');
    for (const { guest, carrier } of byId('void_badges').values()) this.#voids.add(`${guest} ${carrier}`);
    for (const admission of byId('admissions').values()) this.#admissions.set(keyOf(admission, admission.guest), admission);
    for (const collection of ['desk_people', 'protocol_guests']) {
      for (const [attendee, row] of byId(collection)) this.people.push(readPerson(attendee, row));
    }
    this.#ofIndex = new Map(this.people.filter(({ index }) => index).map((person) => [person.index, person]));
  }

  /**
   * Takes note of those whom the server has not heard of; whom it has told of counts as it says.
   *
   * @param {any} client The sync client.
   */
  async expect(client) {
    const waiting = client.outbox.map(({ mutation }) => mutation).filter(({ op }) => op === 'walk_in.register');
    const known = new Set(this.people.map(({ attendee }) => attendee));
    const unheard = waiting.filter((mutation) => !known.has(mutation.for));
    this.#unheard = await Promise.all(unheard.map((mutation) => this.#unheardOf(mutation)));
  }

  async #unheardOf({ for: attendee, args }) {
    const { name, form_of_address, position, organisation, category, delegation, badge } = args;
    const claims = badge && (await this.keys.verify(badge).catch(() => undefined));
    const status = this.needsApproval(category) ? 'requested' : 'confirmed';
    return readPerson(attendee, {
      details: { name, form_of_address, position, organisation },
      guest: { status, category, ...(delegation && { delegation }) },
      ...(claims && { index: await indexOf(claims.secret), carriers: [{ carrier: claims.carrier, kind: 'provisional' }] }),
    });
  }

  /** Everybody by name, those among them whom the server has not heard of. */
  listNamed() {
    return [...this.people, ...this.#unheard];
  }

  /** Whether an organiser has still to approve of whoever walks in in this category. @param {string} category */
  needsApproval(category) {
    return Boolean(this.categories.get(category)?.needs_approval);
  }

  /** Whether it is the roster of one session, whose few guests are received without a word. */
  get isProtocol() {
    return this.scope.startsWith('roster:protocol:');
  }

  /** Whether it holds the names of everybody. */
  get isFull() {
    return this.scope === 'roster:full';
  }

  /** The checkpoints where the device may check, by name. */
  listCheckpoints() {
    const own = this.own?.checkpoints ?? [];
    const all = [...this.places.checkpoints].map(([id, checkpoint]) => ({ id, ...checkpoint }));
    return all.filter(({ id }) => own.length === 0 || own.includes(id)).filter(({ id }) => this.places.find(id));
  }

  /**
   * A guest by the secret of their badge, with who they are as far as the badge tells.
   *
   * @param {Uint8Array} secret
   * @returns {Promise<{index: string, guest?: import('../admission/judge.js').RosterGuest, details?: Details,
   *   person?: Person}>}
   */
  async findGuest(secret) {
    const index = await indexOf(secret);
    const person = this.#ofIndex.get(index);
    if (person) return { index, person, guest: person.guest, details: person.details };
    const row = this.#doors.get(index);
    if (!row) {
      // Whom the server has not heard of their badge lets in, here as elsewhere.
      const unheard = this.#unheard.find((one) => one.index === index);
      return { index, person: unheard, details: unheard?.details };
    }
    const opened = await openDetails(secret, this.event.id, row.sealed);
    if (!opened) return { index };
    const { guest, details } = JSON.parse(opened);
    return { index, guest: { ...guest, ...(row.guest.claims && { claims: row.guest.claims }) }, details };
  }

  /** Who is called so in scans, where the device holds names. */
  findPerson(index) {
    return this.#ofIndex.get(index);
  }

  /** Whether the badge is one that was made void. */
  isVoid(index, carrier) {
    return this.#voids.has(`${index} ${carrier}`);
  }

  /** What the server says of a guest in a use. */
  admission(of, index) {
    return this.#admissions.get(keyOf(of, index));
  }

  /** The delegation of a guest, as far as it is known here. */
  delegationOf(index) {
    return (this.#ofIndex.get(index)?.guest ?? this.#doors.get(index)?.guest)?.delegation;
  }

  /** Every guest who is known by an index or not, with who they are where names are held. */
  listGuests() {
    const doors = [...this.#doors].map(([index, { guest }]) => ({ index, guest, person: undefined }));
    return [...this.people.map((person) => ({ index: person.index, guest: person.guest, person })), ...doors];
  }

  /** The guests who were let into an area, whatever the session. */
  listCame(area) {
    return new Set([...this.#admissions.values()].filter((one) => one.area === area).map(({ guest }) => guest));
  }

  /**
   * Who was told that the vehicle behind a checkpoint is theirs: a desk knows it of everybody, a door of those who ride
   * behind it. On a way back for which nobody was told, those of the way there.
   *
   * @param {string} checkpoint
   * @returns {{index?: string, details: Details, person?: Person, vehicle: string, stop?: number}[]}
   */
  listRiders(checkpoint) {
    if (this.#passengers.size > 0) return [...this.#passengers.values()];
    const { vehicle, area } = this.places.checkpoints.get(checkpoint) ?? {};
    const own = this.#ridersIn(vehicle);
    if (!vehicle || own.length > 0) return own;
    const there = this.places.areas.get(this.places.areas.get(area)?.way_back_of)?.session;
    const ofWayThere = [...this.vehicles].filter(([, { session }]) => there && session === there).map(([id]) => id);
    return ofWayThere.sort().flatMap((id) => this.#ridersIn(id));
  }

  #ridersIn(vehicle) {
    return (this.vehicles.get(vehicle)?.passengers ?? []).flatMap(({ attendee, stop }) => {
      const person = this.people.find((one) => one.attendee === attendee);
      if (person?.guest.status !== 'confirmed') return [];
      return [{ index: person.index, details: person.details, person, vehicle, ...(stop !== undefined && { stop }) }];
    });
  }

  /** What the server says of everybody in a use. */
  listAdmissions({ area, session }) {
    return [...this.#admissions.values()].filter((one) => one.area === area && one.session === session);
  }

  /**
   * The people whose names are like what was typed, the nearest first.
   *
   * @param {string} typed
   * @returns {Person[]}
   */
  findPeople(typed) {
    const words = wordsOf(typed);
    if (words.length === 0) return [];
    const found = [];
    for (const person of this.listNamed()) {
      const far = distance(words, person.words);
      if (far !== undefined) found.push({ far, person });
    }
    const byName = (one, other) => one.person.details.name.localeCompare(other.person.details.name);
    found.sort((one, other) => one.far - other.far || byName(one, other));
    return found.map(({ person }) => person);
  }
}

function keyOf({ area, session = '' }, guest) {
  return `${area} ${session} ${guest}`;
}

/**
 * The sync client of a page: rows in memory, edits that are kept until the server has them, and how it
 * all stands. Of several tabs one exchanges with the server; all read and all edit.
 *
 * @module
 */

import { StorageRefused } from '../database.js';
import { Engine } from './engine.js';
import { PERSON } from '../session.js';
import { newId } from './ids.js';
import { Leadership } from './leadership.js';
import { openEventDatabase, Replica } from './replica.js';
import { sentEdits } from './sent.js';
import { ShownRows } from './shown.js';
import { UNKNOWN } from './status.js';
import { readClock, timeAt } from './time.js';

/**
 * @typedef {import('./status.js').Status} Status
 * @typedef {import('./sent.js').SentEdit} SentEdit
 *
 * @typedef {object} Options
 * @property {import('../session.js').Session} [session] Absent: the public programme alone.
 * @property {import('../session.js').SessionKeeper} [keeper] Whose session it is; absent, that of who is signed in.
 * @property {string} [store] Keeps the data apart from those of other pages, such as a desk's.
 * @property {() => object | undefined} [desk] What an enrolled device says of itself with each exchange.
 * @property {number} [journalMinutes]
 * @property {number} [pollS] How often the public programme is asked for without a session, in seconds.
 */

/** What everybody may hold. */
const PUBLIC = 'public';

/**
 * Opens an event: what is kept of it is there when this resolves; the server is asked after that.
 *
 * @param {string} event Its slug.
 * @param {Options} [options]
 * @returns {Promise<Client>}
 * @throws {StorageRefused}
 */
export async function openClient(event, options = {}) {
  const client = new Client(event, options);
  await client.begin();
  return client;
}

export class Client {
  #options;

  /** Of the database, and of what tabs share beside it. */
  #name;
  #channel;
  #rows = new ShownRows();

  /** @type {import('./replica.js').Edit[]} */
  #edits = [];

  /** @type {Set<() => void>} */
  #listeners = new Set();
  #isTelling = false;
  #end = new AbortController();

  /** @type {IDBDatabase | undefined} */
  #database;

  /** @type {Replica | undefined} */
  #replicaOrNone;

  /** @type {Leadership | undefined} */
  #leadership;

  /** @type {Engine | undefined} */
  #engine;

  /** Changes that came while the store was read. @type {any[] | undefined} */
  #early = [];

  /** @type {Map<string, string | undefined>} */
  #positions = new Map();

  /** @type {string | undefined} */
  #covers;

  /** @type {Status} */
  #status = UNKNOWN;

  /**
   * @param {string} event
   * @param {Options} options
   */
  constructor(event, options) {
    this.event = event;
    this.#options = options;
    this.session = options.session;
    this.#name = `cumbre-${options.store ?? 'event'}-${event}`;
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
  }

  /** Reads what is kept, and begins to exchange. */
  async begin() {
    await this.#openStore();
    await this.#replica.begin();
    await this.#read();
    const { signal } = this.#end;
    addEventListener('online', () => this.exchange(), { signal });
    addEventListener('offline', () => this.#engine?.cut(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || this.exchange(), { signal });
    if (!navigator.onLine) this.#set({ isOnline: false });
    this.#post({ kind: 'hello' });
    const lock = `${this.#name}-exchanges`;
    this.#leadership = new Leadership(lock, (stop) => this.#lead(stop));
  }

  /** How it stands. */
  get state() {
    const phase = this.#positions.get(PUBLIC) === undefined ? 'empty' : 'ready';
    const isLeader = this.#leadership?.isLeader === true;
    return { ...this.#status, phase, isLeader };
  }

  /** The server's time in milliseconds, as far as it is known. */
  now() {
    const { serverTime } = this.#status;
    return serverTime ? timeAt(serverTime, readClock()).at : Date.now();
  }

  /** The server's time with how far the truth may lie from it, in milliseconds; undefined where nobody can say. */
  time() {
    const { serverTime } = this.#status;
    return serverTime ? timeAt(serverTime, readClock()) : { at: Date.now(), uncertainty: undefined };
  }

  /**
   * The rows shown of a collection.
   *
   * @param {string} collection
   * @param {string} [scope] Absent: of all.
   * @returns {import('./shown.js').ShownRow[]}
   */
  rows(collection, scope) {
    const rows = this.#rows.list(collection);
    return scope === undefined ? rows : rows.filter((row) => row.scope === scope);
  }

  /**
   * The row with this id, in whatever scope.
   *
   * @param {string} collection
   * @param {string} id
   */
  find(collection, id) {
    return this.#rows.find(collection, id);
  }

  /** The scopes that are held, by name. */
  get scopes() {
    return [...this.#positions.keys()];
  }

  /** The position of the rows shown of a scope: the `base` of an edit made now. @param {string} scope */
  position(scope) {
    return this.#positions.get(scope);
  }

  /** The newest state of the event that is here, as servers name it; undefined before the first answer. */
  get covers() {
    return this.#covers;
  }

  /** What the person made and the server has not answered, in the order of making. @returns {SentEdit[]} */
  get outbox() {
    return sentEdits(this.#edits, 'waiting');
  }

  /** What the server refused and the person has not dismissed, with what they had typed. @returns {SentEdit[]} */
  get refused() {
    return sentEdits(this.#edits, 'refused');
  }

  /** What the server applied lately. @returns {SentEdit[]} */
  get journal() {
    return sentEdits(this.#edits, 'applied');
  }

  /**
   * Calls a function after each change of rows or state.
   *
   * @param {() => void} listener
   * @returns {() => void} Ends it.
   */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Makes an edit. Once this resolves it is kept, and shown as pending; it is sent when that is possible.
   *
   * @param {object} edit
   * @param {string} edit.op
   * @param {string} [edit.for] The attendee that it is for.
   * @param {Record<string, any>} edit.args
   * @param {string} [edit.base] The scope whose present position is its base.
   * @param {string} [edit.dependsOn] Another edit, without which it makes no sense.
   * @returns {Promise<string>} Its id.
   * @throws {StorageRefused}
   */
  async mutate({ op, for: attendee, args, base, dependsOn }) {
    const id = newId();
    const position = base === undefined ? undefined : this.position(base);
    /** @type {import('./overlay.js').Mutation} */
    const mutation = {
      id,
      op,
      ...(attendee && { for: attendee }),
      args,
      ...(position && { base: position }),
      ...(dependsOn && { depends_on: dependsOn }),
      at: new Date(this.now()).toISOString(),
    };
    await this.#replica.edit(mutation);
    await this.#readEdits();
    this.#post({ kind: 'edits' });
    this.exchange();
    return id;
  }

  /** The person has seen a refusal. @param {string} id */
  async dismiss(id) {
    await this.#replica.dismiss(id);
    await this.#readEdits();
    this.#post({ kind: 'edits' });
  }

  /** Asks for an exchange now, in whatever tab exchanges. */
  exchange() {
    if (this.#engine) this.#engine.wake();
    else this.#post({ kind: 'exchange' });
  }

  /** Forgets what only who was signed in may see, at their sign-out. What was not sent waits for their return. */
  async forgetOwn() {
    this.#leadership?.close();
    await this.#replica.forgetOwn();
    this.#post({ kind: 'ended' });
  }

  /** Ends everything that this page does for the event. */
  close() {
    this.#end.abort();
    this.#leadership?.close();
    this.#channel.close();
    this.#database?.close();
    this.#listeners.clear();
  }

  get #replica() {
    if (!this.#replicaOrNone) throw new Error('the client has not begun');
    return this.#replicaOrNone;
  }

  async #openStore() {
    const { session, journalMinutes } = this.#options;
    this.#database = await openEventDatabase(this.#name);
    // The browser may take everything away, such as when somebody clears it: then it is fetched anew.
    this.#database.onclose = () => this.#reopen();
    this.#replicaOrNone = new Replica(this.#database, ownerOf(session), { device: session?.device, journalMinutes });
  }

  async #reopen() {
    if (this.#end.signal.aborted) return;
    this.#leadership?.close();
    try {
      await this.begin();
    } catch (error) {
      if (!(error instanceof StorageRefused)) throw error;
      this.#set({ isStorageFull: true });
    }
  }

  async #read() {
    const { rows, scopes, device, edits } = await this.#replica.load();
    this.#rows.load(rows);
    this.#positions = new Map(scopes.map(({ scope, position }) => [scope, position]));
    this.#covers = device.atLeast;
    this.#showEdits(edits);
    this.#set({ freshAt: device.freshAt, serverTime: device.serverTime });
    for (const changes of this.#early ?? []) this.#rows.change(changes);
    this.#early = undefined;
  }

  async #readEdits() {
    this.#showEdits(await this.#replica.listEdits());
  }

  /** @param {import('./replica.js').Edit[]} edits */
  #showEdits(edits) {
    this.#edits = edits;
    this.#rows.layOver(edits.flatMap(({ isShown, effect }) => (isShown && effect ? [effect] : [])));
    this.#changed();
  }

  /** @param {AbortSignal} stop */
  async #lead(stop) {
    // Another tab may have led until it was ended in the middle of a step.
    await this.#read();
    this.#post({ kind: 'rows' });
    const { desk, pollS, keeper = PERSON } = this.#options;
    const options = { desk, pollS, keeper: this.session && keeper };
    const engine = new Engine(
      this.#replica,
      this.event,
      options,
      (changes, haveEditsChanged) => this.#stored(changes, haveEditsChanged),
      (status) => this.#tell(status),
    );
    engine.useTime(() => this.now());
    this.#engine = engine;
    this.#changed();
    try {
      await engine.run(stop);
    } finally {
      if (this.#engine === engine) this.#engine = undefined;
    }
  }

  /**
   * @param {import('./shown.js').RowChange[]} changes
   * @param {boolean} haveEditsChanged
   */
  async #stored(changes, haveEditsChanged) {
    this.#rows.change(changes);
    if (changes.length > 0) this.#post({ kind: 'rows', changes });
    if (haveEditsChanged) this.#post({ kind: 'edits' });
    await this.#readPositions();
    if (haveEditsChanged) await this.#readEdits();
    this.#changed();
  }

  async #readPositions() {
    const { scopes, covers } = await this.#replica.readPositions();
    this.#covers = covers;
    this.#positions = new Map(scopes.map(({ scope, position }) => [scope, position]));
  }

  /** @param {Partial<Status>} status */
  #tell(status) {
    this.#set(status);
    this.#post({ kind: 'status', status: this.#status });
  }

  /** @param {Partial<Status>} status */
  #set(status) {
    this.#status = { ...this.#status, ...status };
    this.#changed();
  }

  /** @param {any} message */
  async #hear(message) {
    if (this.#end.signal.aborted || !this.#replicaOrNone) return;
    switch (message.kind) {
      case 'rows':
        if (!message.changes) await this.#read();
        else if (this.#early) this.#early.push(message.changes);
        else this.#rows.change(message.changes);
        await this.#readPositions();
        break;
      case 'edits':
        await this.#readEdits();
        break;
      case 'status':
        this.#status = message.status;
        break;
      case 'exchange':
        this.#engine?.wake();
        return;
      case 'hello':
        if (this.#engine) this.#post({ kind: 'status', status: this.#status });
        return;
      case 'ended':
        this.#status = { ...this.#status, isSignedOut: true };
        break;
    }
    this.#changed();
  }

  /** @param {any} message */
  #post(message) {
    if (!this.#end.signal.aborted) this.#channel.postMessage(message);
  }

  /** Tells listeners once for all that happens at a time. */
  #changed() {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      for (const listener of this.#listeners) listener();
    });
  }
}

/** Whom rows and edits are of: the account, or the device where it is nobody's. @param {Options['session']} session */
function ownerOf(session) {
  return session ? (session.account?.id ?? session.device) : null;
}

/**
 * The replica of one event: how a device applies exchanges, keeps its outbox, overlays and journal. It
 * follows the rules of `shared/src/replica`, on IndexedDB. Every step is one transaction, so a device
 * that dies between two steps is always in a state that the protocol knows.
 *
 * @module
 */

import { add, EMPTY, isEqual, remove } from './digest.js';
import { inTransaction, openDatabase, resultOf } from '../database.js';
import { effectOf } from './overlay.js';
import { isNewer, newer } from './position.js';
import { isOutdoneBy } from './time.js';

/**
 * @typedef {import('./digest.js').Digest} Digest
 * @typedef {import('./overlay.js').Mutation} Mutation
 * @typedef {import('./shown.js').HeldRow} HeldRow
 * @typedef {import('./shown.js').RowChange} RowChange
 * @typedef {import('./time.js').ServerTime} ServerTime
 *
 * @typedef {object} Change One row as it now is, or that it is gone.
 * @property {string} collection
 * @property {string} id
 * @property {number} rev
 * @property {number} [check]
 * @property {any} [value]
 * @property {boolean} [deleted]
 *
 * @typedef {object} ScopeEntry What an exchange or the live stream says of one scope.
 * @property {string} scope
 * @property {string} [from]
 * @property {string} [to]
 * @property {string} [reset]
 * @property {boolean} [gone]
 * @property {Digest} [digest]
 * @property {Change[]} [changes]
 * @property {boolean} [more]
 *
 * @typedef {object} Answer The answer to an exchange; that of the public programme has no `covers`.
 * @property {({id: string} & Result)[]} [results]
 * @property {string} [covers]
 * @property {string} [server_time]
 * @property {number} [next_poll_s]
 * @property {ScopeEntry[]} [scopes]
 * @property {boolean} more
 * @property {boolean} [resend]
 *
 * @typedef {object} Result What became of an edit.
 * @property {'applied' | 'duplicate' | 'rejected' | 'conflict' | 'retry'} status
 * @property {Result} [original]
 * @property {number} [rev] The commit that it was done in.
 * @property {string} [outcome]
 * @property {string} [reason]
 * @property {string} [detail]
 * @property {string} [field]
 * @property {number} [after_s]
 * @property {{collection: string, id: string, rev: number, value?: any}} [server]
 *
 * @typedef {object} Staging Pages of one scope that wait for their last one, or for the answer that has no `more`.
 * @property {string} position
 * @property {boolean} isReset
 * @property {boolean} isFinished
 * @property {Digest} [digest]
 *
 * @typedef {object} ScopeState What a device knows of one scope.
 * @property {string} scope
 * @property {string} [position] The position of the rows held; absent while the first pages arrive.
 * @property {Digest} digest That of the rows held.
 * @property {Staging} [staging]
 * @property {string} [divergedAt]
 * @property {boolean} [asksAnew]
 *
 * @typedef {object} DeviceState What the device keeps whoever is signed in.
 * @property {string} [token] That of the request under way.
 * @property {string} [atLeast] The newest `covers` stored.
 * @property {string | null} [account] Who is signed in; null for nobody.
 * @property {ServerTime} [serverTime]
 * @property {number} [freshAt] When the rows were last known to be the server's, by its clock.
 *
 * @typedef {object} AccountState What the device keeps of one account.
 * @property {string} [acknowledged]
 * @property {number} [notBefore] No edits are sent before; the server asked for patience.
 *
 * @typedef {'waiting' | 'applied' | 'refused' | 'dismissed'} EditState
 *
 * @typedef {object} Edit One edit of one account.
 * @property {number} order
 * @property {string} account
 * @property {string} id
 * @property {string} encoded These bytes are sent, the first time and every time.
 * @property {EditState} state
 * @property {boolean} isShown Whether its overlay is shown.
 * @property {import('./overlay.js').Effect} [effect]
 * @property {number} [settledAt]
 * @property {Result} [result]
 *
 * @typedef {object} Applied What an answer brought.
 * @property {boolean} more
 * @property {boolean} resend
 * @property {string[]} gone
 * @property {string[]} diverged
 * @property {string[]} divergedTwice
 * @property {boolean} isWhole Whether every entry was applied and its digest, where there was one, matched.
 * @property {RowChange[]} changes
 * @property {boolean} haveEditsChanged
 *
 * @typedef {{event: 'changes', data: ScopeEntry} | {event: 'covers', data: {covers: string}} | {event: 'scopes' | 'exchange', data: any}} LiveEvent
 * @typedef {{hasChanged: boolean, needsExchange: boolean, changes: RowChange[]}} LiveOutcome
 */

const STORES = ['rows', 'staged', 'scopes', 'states', 'edits'];

/** The most edits in one request, and its largest body, in bytes. */
const MAX_MUTATIONS = 200;
const MAX_BODY_BYTES = 256 * 1024;

/** The schema of rows that these pages read. */
const SCHEMA = 1;

/** How long an applied edit stays in a phone's journal. */
const JOURNAL_MINUTES = 72 * 60;

const encoder = new TextEncoder();

/** An edit that is too large to be sent. */
export class TooLarge extends Error {}

/**
 * The database of an event on this device.
 *
 * @param {string} name Of the database.
 */
export function openEventDatabase(name) {
  return openDatabase(name, 1, (database) => {
    for (const layer of ['rows', 'staged']) database.createObjectStore(layer, { keyPath: ['scope', 'collection', 'id'] });
    database.createObjectStore('scopes', { keyPath: 'scope' });
    database.createObjectStore('states');
    const edits = database.createObjectStore('edits', { keyPath: 'order', autoIncrement: true });
    edits.createIndex('account', 'account');
    edits.createIndex('id', ['account', 'id'], { unique: true });
  });
}

/** All keys that begin with a scope. @param {string} scope */
const ofScope = (scope) => IDBKeyRange.bound([scope], [scope, []]);

/** One step on the store. */
class Step {
  /** Rows that it wrote and deleted, for those who hold them in memory. @type {RowChange[]} */
  changes = [];
  haveEditsChanged = false;

  /** @param {IDBTransaction} transaction */
  constructor(transaction) {
    this.rows = transaction.objectStore('rows');
    this.staged = transaction.objectStore('staged');
    this.scopes = transaction.objectStore('scopes');
    this.states = transaction.objectStore('states');
    this.edits = transaction.objectStore('edits');
  }

  /** @returns {Promise<DeviceState>} */
  async loadDevice() {
    return (await resultOf(this.states.get('device'))) ?? {};
  }

  /** @param {DeviceState} state */
  async putDevice(state) {
    await resultOf(this.states.put(state, 'device'));
  }

  /**
   * @param {string} account
   * @returns {Promise<AccountState>}
   */
  async loadAccount(account) {
    return (await resultOf(this.states.get(`account ${account}`))) ?? {};
  }

  /**
   * @param {string} account
   * @param {AccountState} state
   */
  async putAccount(account, state) {
    await resultOf(this.states.put(state, `account ${account}`));
  }

  /** @returns {Promise<ScopeState[]>} By name. */
  listScopes() {
    return resultOf(this.scopes.getAll());
  }

  /** @param {string} scope */
  async removeScope(scope) {
    this.changes.push({ scope });
    this.rows.delete(ofScope(scope));
    this.staged.delete(ofScope(scope));
    await resultOf(this.scopes.delete(scope));
  }

  /**
   * The edits of an account in the order of making.
   *
   * @param {string | null} account
   * @param {EditState} [state] Absent: all.
   * @returns {Promise<Edit[]>}
   */
  async listEdits(account, state) {
    if (account === null) return [];
    const edits = await resultOf(this.edits.index('account').getAll(account));
    return state ? edits.filter((edit) => edit.state === state) : edits;
  }

  /** @param {Edit} edit */
  async putEdit(edit) {
    this.haveEditsChanged = true;
    await resultOf(this.edits.put(edit));
  }

  /** @param {Edit} edit */
  async removeEdit(edit) {
    this.haveEditsChanged = true;
    await resultOf(this.edits.delete(edit.order));
  }
}

/** The scopes while one step applies entries to them. */
class ScopeWriter {
  /** @type {string[]} */
  gone = [];
  /** @type {string[]} */
  diverged = [];
  /** @type {string[]} */
  divergedTwice = [];
  hasUnapplied = false;

  /**
   * @param {Step} step
   * @param {ScopeState[]} scopes
   */
  constructor(step, scopes) {
    this.step = step;
    this.states = new Map(scopes.map((state) => [state.scope, state]));
  }

  /** @param {Step} step */
  static async load(step) {
    return new ScopeWriter(step, await step.listScopes());
  }

  /**
   * Applies one entry of an answer. Where the answer has no `more`, a scope that has nothing staged is
   * written at once.
   *
   * @param {ScopeEntry} entry
   * @param {boolean} hasMore
   */
  async applyExchanged(entry, hasMore) {
    if (entry.gone) return this.#forget(entry.scope);
    const state = this.#stateOf(entry.scope);
    const follows = entry.reset !== undefined || (entry.from !== undefined && entry.from === reached(state));
    if (!entry.to || !follows || !isWhole(entry)) {
      this.hasUnapplied = true;
      return undefined;
    }
    const needsNoStaging = !state.staging || entry.reset !== undefined;
    if (hasMore || entry.more || !needsNoStaging) return this.#stage(entry, entry.to, state);
    return this.#write(entry, entry.to, state);
  }

  /**
   * Applies one entry of the live stream; says whether only an exchange can finish it.
   *
   * @param {ScopeEntry} entry
   * @returns {Promise<boolean>}
   */
  async applyLive(entry) {
    if (entry.gone) {
      await this.#forget(entry.scope);
      return false;
    }
    const state = this.#stateOf(entry.scope);
    if (!entry.to || !isWhole(entry)) return true;
    const isFrom = (/** @type {string | undefined} */ at) => entry.from !== undefined && entry.from === at;
    if (!entry.more && (entry.reset !== undefined || isFrom(state.position))) {
      await this.#write(entry, entry.to, state);
      return false;
    }
    if (entry.reset !== undefined || isFrom(reached(state))) {
      await this.#stage(entry, entry.to, state);
      return true;
    }
    return state.position !== entry.to;
  }

  /**
   * Shows every scope whose last page is staged: together, so that a session that moved behind a gate
   * is in one place.
   */
  async showFinished() {
    for (const state of [...this.states.values()]) {
      const { staging } = state;
      if (staging?.isFinished) {
        const unstaged = { ...state, staging: undefined };
        if (staging.isReset) this.#clearHeld(unstaged);
        const staged = await resultOf(this.step.staged.getAll(ofScope(state.scope)));
        await this.#put(unstaged, staged.map(({ scope, ...change }) => change));
        this.step.staged.delete(ofScope(state.scope));
        await this.#settle(unstaged, staging.position, staging.digest);
      } else if (staging) {
        this.hasUnapplied = true;
      }
    }
  }

  /**
   * @param {string} scope
   * @returns {ScopeState}
   */
  #stateOf(scope) {
    return { ...(this.states.get(scope) ?? { scope, digest: [...EMPTY] }) };
  }

  /** @param {string} scope */
  async #forget(scope) {
    this.states.delete(scope);
    this.gone.push(scope);
    await this.step.removeScope(scope);
  }

  /**
   * Puts a page aside. A new reset throws away what was staged.
   *
   * @param {ScopeEntry} entry
   * @param {string} to
   * @param {ScopeState} state
   */
  async #stage(entry, to, state) {
    const isReset = entry.reset !== undefined || state.staging?.isReset === true;
    if (entry.reset !== undefined) {
      this.step.staged.delete(ofScope(entry.scope));
      state.asksAnew = false;
    }
    for (const change of entry.changes ?? []) this.step.staged.put({ scope: entry.scope, ...change });
    state.staging = { position: to, isReset, isFinished: !entry.more, digest: entry.digest };
    await this.#keep(state);
  }

  /**
   * Writes an entry that leads from the rows held (or from nothing) to `to`.
   *
   * @param {ScopeEntry} entry
   * @param {string} to
   * @param {ScopeState} state
   */
  async #write(entry, to, state) {
    if (state.staging) {
      state.staging = undefined;
      this.step.staged.delete(ofScope(entry.scope));
      // The pages dropped may have been the reset that was to heal the scope.
      state.asksAnew ||= state.divergedAt !== undefined;
    }
    if (entry.reset !== undefined) {
      this.#clearHeld(state);
      state.asksAnew = false;
    }
    await this.#put(state, entry.changes ?? []);
    await this.#settle(state, to, entry.digest);
  }

  /** @param {ScopeState} state */
  #clearHeld(state) {
    this.step.rows.delete(ofScope(state.scope));
    this.step.changes.push({ scope: state.scope });
    state.digest = [...EMPTY];
  }

  /**
   * Writes rows, and counts their digest on: a row that is there already is taken off first.
   *
   * @param {ScopeState} state
   * @param {Change[]} changes
   */
  async #put(state, changes) {
    const { rows } = this.step;
    const keys = changes.map(({ collection, id }) => [state.scope, collection, id]);
    const isEmpty = state.digest[0] === 0;
    // Asked for together, since each wait costs a turn of the browser.
    const former = isEmpty ? [] : await Promise.all(keys.map((key) => resultOf(rows.get(key))));
    for (const [at, { collection, id, rev, check = 0, value, deleted }] of changes.entries()) {
      if (former[at]) state.digest = remove(state.digest, former[at].check);
      if (deleted) {
        rows.delete(keys[at]);
        this.step.changes.push({ scope: state.scope, collection, id });
      } else {
        const row = { scope: state.scope, collection, id, rev, check, value };
        rows.put(row);
        state.digest = add(state.digest, check);
        this.step.changes.push({ scope: state.scope, collection, id, row });
      }
    }
  }

  /**
   * Stores the position that the rows held have reached, and compares their digest.
   *
   * @param {ScopeState} state
   * @param {string} to
   * @param {Digest} [expected]
   */
  async #settle(state, to, expected) {
    if (expected) {
      if (isEqual(state.digest, expected)) {
        state.divergedAt = undefined;
        state.asksAnew = false;
      } else if (state.divergedAt === to) {
        state.asksAnew = false;
        this.divergedTwice.push(state.scope);
      } else {
        state.divergedAt = to;
        state.asksAnew = true;
        this.diverged.push(state.scope);
        this.hasUnapplied = true;
      }
    }
    state.position = to;
    await this.#keep(state);
  }

  /** @param {ScopeState} state */
  async #keep(state) {
    this.states.set(state.scope, state);
    await resultOf(this.step.scopes.put(state));
  }
}

/** Whether every change is a whole row or says that it is gone. @param {ScopeEntry} entry */
function isWhole({ changes = [] }) {
  return changes.every(({ deleted, value }) => (deleted === true) === (value === undefined));
}

/**
 * The position that a request names: that of the pages staged, else of the rows held; none asks for
 * the scope anew.
 *
 * @param {ScopeState} state
 */
function reached({ asksAnew, staging, position }) {
  return asksAnew ? undefined : (staging?.position ?? position);
}

export class Replica {
  #database;

  /** Entries of the live stream that wait for their `covers`. @type {ScopeEntry[]} */
  #open = [];

  /** Those that wait for the end of an exchange. @type {{entries: ScopeEntry[], covers: string}[]} */
  #closed = [];

  /**
   * @param {IDBDatabase} database
   * @param {string | null} account Who is signed in; null for nobody.
   * @param {{device?: string, journalMinutes?: number}} [options] The device, as sign-in named it.
   */
  constructor(database, account, { device, journalMinutes = JOURNAL_MINUTES } = {}) {
    this.#database = database;
    this.account = account;
    this.device = device;
    this.journalMinutes = journalMinutes;
  }

  /**
   * Begins with who is signed in now: an answer that was under way is void, and what only another
   * account may see is deleted; its outbox, journal and `acknowledged` stay for its return.
   */
  async begin() {
    const { account } = this;
    await this.#run(async (step) => {
      const state = await step.loadDevice();
      if (state.account !== undefined && state.account !== account) {
        for (const { scope } of await step.listScopes()) if (scope !== 'public') await step.removeScope(scope);
      }
      await step.putDevice({ ...state, token: undefined, account });
    });
  }

  /**
   * Everything that a page holds in memory: the rows, and what is known of scopes, device and edits.
   * Scopes whose rows are not what was counted are asked for anew.
   */
  async load() {
    return this.#run(async (step) => {
      const [rows, scopes, device, edits] = await Promise.all([
        /** @type {Promise<HeldRow[]>} */ (resultOf(step.rows.getAll())),
        step.listScopes(),
        step.loadDevice(),
        step.listEdits(this.account),
      ]);
      /** @type {Map<string, Digest>} */
      const counted = new Map();
      for (const { scope, check } of rows) counted.set(scope, add(counted.get(scope) ?? EMPTY, check));
      for (const state of scopes) {
        const digest = counted.get(state.scope) ?? EMPTY;
        if (isEqual(digest, state.digest)) continue;
        await resultOf(step.scopes.put({ ...state, digest, asksAnew: true, divergedAt: state.position }));
      }
      return { rows, scopes, device, edits };
    });
  }

  /**
   * The next request, under a new random token that is stored before it is sent; an answer to any
   * earlier one is void from here on. What does not fit stays for the next one.
   *
   * @param {string} token
   * @param {number} now The server's time.
   * @param {{waitS?: number, clock?: object, desk?: object, maxMutations?: number}} [wanted]
   * @returns {Promise<{body: string, editCount: number}>}
   */
  nextRequest(token, now, { waitS, clock, desk, maxMutations = MAX_MUTATIONS } = {}) {
    return this.#run(async (step) => {
      const state = await step.loadDevice();
      const { acknowledged, notBefore } = this.account === null ? {} : await step.loadAccount(this.account);
      const scopes = await step.listScopes();
      const mayEdit = notBefore === undefined || now >= notBefore;
      const edits = mayEdit ? (await step.listEdits(this.account, 'waiting')).slice(0, maxMutations) : [];
      const diverged = scopes.filter(({ asksAnew }) => asksAnew).map(({ scope }) => scope);
      const envelope = JSON.stringify({
        device: this.device,
        schema: SCHEMA,
        at_least: state.atLeast,
        acknowledged,
        holds: Object.fromEntries(scopes.map((scope) => [scope.scope, reached(scope) ?? null])),
        diverged: diverged.length > 0 ? diverged : undefined,
        clock,
        desk,
        wait_s: edits.length === 0 ? waitS : undefined,
      });
      await step.putDevice({ ...state, token });
      const fitting = fit(envelope, edits);
      if (fitting.length === 0) return { body: envelope, editCount: 0 };
      return { body: `${envelope.slice(0, -1)},"mutations":[${fitting.join()}]}`, editCount: fitting.length };
    });
  }

  /**
   * Stores the answer to the request of a token in one transaction, then applies what the live stream
   * had sent meanwhile.
   *
   * @param {string} token
   * @param {Answer} answer
   * @param {{now: number, serverTime?: ServerTime}} at
   * @returns {Promise<(Applied & {needsExchange: boolean}) | undefined>} Undefined where it was not to the newest
   *   request, or came a second time: dropped whole, as if lost.
   */
  async applyAnswer(token, answer, { now, serverTime }) {
    const applied = await this.#run(async (step) => {
      const device = await step.loadDevice();
      if (device.token !== token) return undefined;
      device.token = undefined;
      if (answer.covers) device.atLeast = newer(device.atLeast, answer.covers);
      if (serverTime && isOutdoneBy(device.serverTime, serverTime)) device.serverTime = serverTime;
      const scopes = await ScopeWriter.load(step);
      for (const entry of answer.scopes ?? []) await scopes.applyExchanged(entry, answer.more);
      if (!answer.more) await scopes.showFinished();
      const isWhole = !scopes.hasUnapplied;
      if (!answer.more && isWhole) device.freshAt = now;
      await step.putDevice(device);
      await this.#settle(step, answer, now);
      if (!answer.more && isWhole) await this.#dropOverlays(step);
      if (answer.resend) await this.#returnJournal(step);
      await this.#expireJournal(step, now - this.journalMinutes * 60_000);
      const { gone, diverged, divergedTwice } = scopes;
      const { changes, haveEditsChanged } = step;
      return { more: answer.more, resend: answer.resend === true, gone, diverged, divergedTwice, isWhole, changes, haveEditsChanged };
    });
    if (!applied) return undefined;
    const live = await this.#applyWaiting();
    applied.changes.push(...live.changes);
    return { ...applied, needsExchange: live.needsExchange };
  }

  /**
   * The request under way failed or is given up: its answer is void, and what the live stream sent
   * meanwhile is applied.
   *
   * @returns {Promise<LiveOutcome>}
   */
  async abandonRequest() {
    await this.#run(async (step) => {
      await step.putDevice({ ...(await step.loadDevice()), token: undefined });
    });
    return this.#applyWaiting();
  }

  /**
   * Takes one event of the live stream. What precedes a `covers` is applied in one transaction; while
   * an exchange is under way it waits for its end.
   *
   * @param {LiveEvent} given
   * @returns {Promise<LiveOutcome>}
   */
  async applyLive({ event, data }) {
    switch (event) {
      case 'changes':
        this.#open.push(data);
        return { hasChanged: false, needsExchange: false, changes: [] };
      case 'covers': {
        this.#closed.push({ entries: this.#open.splice(0), covers: data.covers });
        const { token } = await this.#run((step) => step.loadDevice());
        return token === undefined ? this.#applyWaiting() : { hasChanged: false, needsExchange: false, changes: [] };
      }
      default:
        if (event === 'exchange') this.#open = [];
        return { hasChanged: false, needsExchange: true, changes: [] };
    }
  }

  /** The live stream was closed: what had no `covers` yet is dropped. */
  closeLive() {
    this.#open = [];
  }

  /** What a request for the live stream holds, as JSON. */
  liveRequest() {
    return this.#run(async (step) => {
      const [scopes, { atLeast }] = [await step.listScopes(), await step.loadDevice()];
      const holds = scopes.map(({ scope, asksAnew, position }) => [scope, asksAnew ? null : (position ?? null)]);
      return JSON.stringify({ device: this.device, schema: SCHEMA, at_least: atLeast, holds: Object.fromEntries(holds) });
    });
  }

  /**
   * Adds an edit to the outbox; its overlay, if the operation has one, is shown from now on.
   *
   * @param {Mutation} mutation
   * @throws {TooLarge}
   */
  async edit(mutation) {
    const { account } = this;
    const encoded = JSON.stringify(mutation);
    if (encoder.encode(encoded).length > MAX_BODY_BYTES / 2) throw new TooLarge('The edit is too large to be sent.');
    const effect = await effectOf(mutation);
    await this.#run(async (step) => {
      await resultOf(step.edits.add({ account, id: mutation.id, encoded, state: 'waiting', isShown: true, effect }));
    }, 'strict');
  }

  /** What is known of each scope, by name. */
  listScopes() {
    return this.#run((step) => step.listScopes());
  }

  /** The edits of who is signed in, in the order of making. */
  listEdits() {
    return this.#run((step) => step.listEdits(this.account));
  }

  /**
   * The person has seen the rejection or conflict of this edit.
   *
   * @param {string} id
   */
  dismiss(id) {
    return this.#run(async (step) => {
      const edit = (await step.listEdits(this.account, 'refused')).find((one) => one.id === id);
      if (edit?.isShown) await step.putEdit({ ...edit, state: 'dismissed' });
      else if (edit) await step.removeEdit(edit);
    });
  }

  /** The device forgets what only who was signed in may see; what they made and was not sent stays. */
  forgetOwn() {
    return this.#run(async (step) => {
      for (const { scope } of await step.listScopes()) if (scope !== 'public') await step.removeScope(scope);
      await step.putDevice({ ...(await step.loadDevice()), token: undefined, account: null });
    });
  }

  /** The live stream says that everything before is here. @param {number} now The server's time. */
  keepFresh(now) {
    return this.#run(async (step) => step.putDevice({ ...(await step.loadDevice()), freshAt: now }));
  }

  /** @returns {Promise<LiveOutcome>} */
  async #applyWaiting() {
    /** @type {LiveOutcome} */
    const outcome = { hasChanged: false, needsExchange: false, changes: [] };
    while (this.#closed.length > 0) {
      const { entries, covers } = this.#closed[0];
      const { needsExchange, changes } = await this.#run(async (step) => {
        const device = await step.loadDevice();
        // An exchange has answered for a later commit: what has no `from` to be judged by would bring
        // back a scope that it took away, or rows that it replaced.
        const isOvertaken = device.atLeast !== undefined && isNewer(device.atLeast, covers);
        await step.putDevice({ ...device, atLeast: newer(device.atLeast, covers) });
        const scopes = await ScopeWriter.load(step);
        let needsExchange = false;
        for (const entry of entries) {
          const isVoid = isOvertaken && (entry.gone || entry.reset !== undefined);
          if (isVoid || (await scopes.applyLive(entry))) needsExchange = true;
        }
        return { needsExchange: needsExchange || scopes.diverged.length > 0, changes: step.changes };
      });
      this.#closed.shift();
      outcome.hasChanged ||= entries.length > 0;
      outcome.needsExchange ||= needsExchange;
      outcome.changes.push(...changes);
    }
    return outcome;
  }

  /**
   * Stores the answers: what was applied goes into the journal, what was refused is kept to be shown,
   * what is to be retried stays in the outbox.
   *
   * @param {Step} step
   * @param {Answer} answer
   * @param {number} now
   */
  async #settle(step, { results = [], covers }, now) {
    const { account } = this;
    if (results.length === 0 || account === null || !covers) return;
    const waiting = await step.listEdits(account, 'waiting');
    const state = await step.loadAccount(account);
    state.notBefore = undefined;
    for (const { id, ...given } of results) {
      const result = firstAnswer(given);
      if (result.status === 'retry') {
        // All edits wait: sending a later one before it would turn their order round.
        state.notBefore = Math.max(state.notBefore ?? 0, now + (result.after_s ?? 0) * 1_000);
        continue;
      }
      state.acknowledged = newer(state.acknowledged, covers);
      const edit = waiting.find((one) => one.id === id);
      const settled = result.status === 'applied' ? 'applied' : 'refused';
      if (edit) await step.putEdit({ ...edit, state: settled, settledAt: now, result });
    }
    await step.putAccount(account, state);
  }

  /** Lets the overlays of all answered edits fall. @param {Step} step */
  async #dropOverlays(step) {
    for (const edit of await step.listEdits(this.account)) {
      if (edit.state === 'dismissed') await step.removeEdit(edit);
      else if (edit.state !== 'waiting' && edit.isShown) await step.putEdit({ ...edit, isShown: false });
    }
  }

  /** Puts the journal back into the outbox, and forgets `acknowledged`. @param {Step} step */
  async #returnJournal(step) {
    if (this.account === null) return;
    for (const { settledAt, result, ...edit } of await step.listEdits(this.account, 'applied')) {
      await step.putEdit({ ...edit, state: 'waiting', isShown: true });
    }
    // The server asked for these at once; its `retry` of the others was not about load.
    await step.putAccount(this.account, {});
  }

  /**
   * Deletes what was applied before a time, once its overlay has fallen.
   *
   * @param {Step} step
   * @param {number} oldest
   */
  async #expireJournal(step, oldest) {
    for (const edit of await step.listEdits(this.account, 'applied')) {
      if (!edit.isShown && (edit.settledAt ?? 0) < oldest) await step.removeEdit(edit);
    }
  }

  /**
   * @template T
   * @param {(step: Step) => Promise<T>} work
   * @param {IDBTransactionDurability} [durability]
   * @returns {Promise<T>}
   */
  #run(work, durability) {
    return inTransaction(this.#database, STORES, 'readwrite', (transaction) => work(new Step(transaction)), durability);
  }
}

/** The answer itself, or the one that a duplicate repeats. @param {Result} result */
function firstAnswer(result) {
  let first = result;
  while (first.status === 'duplicate' && first.original) first = first.original;
  return first;
}

/**
 * The edits that a request has room for, at least one if there is any, as they were encoded.
 *
 * @param {string} envelope
 * @param {Edit[]} edits
 */
function fit(envelope, edits) {
  let length = encoder.encode(envelope).length + ',"mutations":[]'.length;
  const fitting = [];
  for (const { encoded } of edits) {
    length += encoder.encode(encoded).length + 1;
    if (length > MAX_BODY_BYTES && fitting.length > 0) break;
    fitting.push(encoded);
  }
  return fitting;
}

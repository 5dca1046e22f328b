/**
 * The replica of one event: how a device applies exchanges, keeps its outbox, overlays and journal. It
 * follows the rules of `shared/src/replica`, on IndexedDB. Every step is one transaction, so a device
 * that dies between two steps is always in a state that the protocol knows.
 *
 * @module
 */

import { add, EMPTY, isEqual } from './digest.js';
import { inTransaction, resultOf } from '../database.js';
import { effectOf } from './overlay.js';
import { isNewer, newer } from './position.js';
import { reached, ScopeWriter } from './scope-writer.js';
import { openEventDatabase, Step, STORES } from './step.js';
import { isOutdoneBy } from './time.js';

export { openEventDatabase };

/**
 * @typedef {import('./states.js').Change} Change
 * @typedef {import('./states.js').ScopeEntry} ScopeEntry
 * @typedef {import('./states.js').Answer} Answer
 * @typedef {import('./states.js').Result} Result
 * @typedef {import('./states.js').Staging} Staging
 * @typedef {import('./states.js').ScopeState} ScopeState
 * @typedef {import('./states.js').DeviceState} DeviceState
 * @typedef {import('./states.js').AccountState} AccountState
 * @typedef {import('./states.js').EditState} EditState
 * @typedef {import('./states.js').Edit} Edit
 * @typedef {import('./states.js').Applied} Applied
 * @typedef {import('./states.js').LiveEvent} LiveEvent
 * @typedef {import('./states.js').LiveOutcome} LiveOutcome
 * @typedef {import('./digest.js').Digest} Digest
 * @typedef {import('./overlay.js').Mutation} Mutation
 * @typedef {import('./shown.js').HeldRow} HeldRow
 * @typedef {import('./shown.js').RowChange} RowChange
 * @typedef {import('./time.js').ServerTime} ServerTime
 */

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

  /** The scopes, and the newest state of the event that the device knows; undefined before the first answer. */
  readPositions() {
    return this.#run(async (step) => ({ scopes: await step.listScopes(), covers: (await step.loadDevice()).atLeast }));
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

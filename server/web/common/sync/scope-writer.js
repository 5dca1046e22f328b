/**
 * How entries of scopes are applied: staged or written, checked against their digests, refused where they do not follow.
 *
 * @module
 */

import { add, EMPTY, isEqual, remove } from './digest.js';
import { resultOf } from '../database.js';
import { ofScope } from './step.js';

/**
 * @typedef {import('./step.js').Step} Step
 * @typedef {import('./states.js').Change} Change
 * @typedef {import('./states.js').ScopeEntry} ScopeEntry
 * @typedef {import('./states.js').ScopeState} ScopeState
 * @typedef {import('./digest.js').Digest} Digest
 */

/** The scopes while one step applies entries to them. */
export class ScopeWriter {
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
export function reached({ asksAnew, staging, position }) {
  return asksAnew ? undefined : (staging?.position ?? position);
}

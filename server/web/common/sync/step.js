/**
 * The store of one event's replica, and one step on it, which is one transaction.
 *
 * @module
 */

import { openDatabase, resultOf } from '../database.js';

/**
 * @typedef {import('./states.js').ScopeState} ScopeState
 * @typedef {import('./states.js').DeviceState} DeviceState
 * @typedef {import('./states.js').AccountState} AccountState
 * @typedef {import('./states.js').EditState} EditState
 * @typedef {import('./states.js').Edit} Edit
 * @typedef {import('./shown.js').RowChange} RowChange
 */

/** What a step may touch. */
export const STORES = ['rows', 'staged', 'scopes', 'states', 'edits'];

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
export const ofScope = (scope) => IDBKeyRange.bound([scope], [scope, []]);

/** One step on the store. */
export class Step {
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

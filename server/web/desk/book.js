/**
 * What this browser keeps for the desk beside its roster: the last scans, and how it is set up. Names are
 * not in it, since a device that holds none must not collect them.
 *
 * @module
 */

import { inTransaction, openDatabase, resultOf } from '../common/database.js';

/** How many scans are kept. */
const MOST_SCANS = 100;

export class Book {
  #database;

  /**
   * @returns {Promise<Book>}
   * @throws {import('../common/database.js').StorageRefused}
   */
  static async open() {
    const book = new Book();
    book.#database = await openDatabase('cumbre-desk-book', 1, (database) => {
      database.createObjectStore('scans', { keyPath: 'id' });
      database.createObjectStore('settings');
    });
    return book;
  }

  /**
   * Notes a scan that was made or taken back.
   *
   * @param {{id: string, scan: any, verdict?: any, isUndone?: boolean}} entry
   */
  async note(entry) {
    await inTransaction(this.#database, ['scans'], 'readwrite', async (transaction) => {
      const store = transaction.objectStore('scans');
      await resultOf(store.put(entry));
      const keys = await resultOf(store.getAllKeys());
      for (const key of keys.slice(0, Math.max(0, keys.length - MOST_SCANS))) store.delete(key);
    });
  }

  /** The last scans, the newest first. */
  async list() {
    const read = (transaction) => resultOf(transaction.objectStore('scans').getAll());
    return (await inTransaction(this.#database, ['scans'], 'readonly', read)).reverse();
  }

  /** Forgets the scans: of another assignment, or another event. */
  async forget() {
    await inTransaction(this.#database, ['scans'], 'readwrite', async (transaction) => {
      transaction.objectStore('scans').clear();
    });
  }

  /** @param {string} name */
  find(name) {
    return inTransaction(this.#database, ['settings'], 'readonly', (transaction) =>
      resultOf(transaction.objectStore('settings').get(name)),
    );
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  async set(name, value) {
    await inTransaction(this.#database, ['settings'], 'readwrite', async (transaction) => {
      transaction.objectStore('settings').put(value, name);
    });
  }
}

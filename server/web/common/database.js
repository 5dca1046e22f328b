/**
 * IndexedDB by promises.
 *
 * @module
 */

/** The browser keeps nothing (more) for this page: it refuses storage, or it is full. */
export class StorageRefused extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super('The browser keeps nothing for this page.', { cause });
    /** Whether there is no room, as against no permission. */
    this.isFull = cause instanceof DOMException && cause.name === 'QuotaExceededError';
  }
}

/**
 * Opens a database, which it makes or brings to this version.
 *
 * @param {string} name
 * @param {number} version
 * @param {(database: IDBDatabase, from: number) => void} upgrade Makes what a version before `version` lacks.
 * @returns {Promise<IDBDatabase>}
 * @throws {StorageRefused}
 */
export function openDatabase(name, version, upgrade) {
  return new Promise((resolve, reject) => {
    const refuse = (/** @type {unknown} */ cause) => reject(new StorageRefused(cause));
    try {
      const request = indexedDB.open(name, version);
      request.onupgradeneeded = ({ oldVersion }) => upgrade(request.result, oldVersion);
      request.onsuccess = () => {
        // A page of a newer version waits for this one to let go.
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
      request.onerror = () => refuse(request.error);
    } catch (cause) {
      refuse(cause);
    }
  });
}

/**
 * Runs work in one transaction, and resolves once it is stored. On an error nothing of it is stored.
 * The work may wait for requests of the transaction only.
 *
 * @template T
 * @param {IDBDatabase} database
 * @param {string[]} stores
 * @param {'readonly' | 'readwrite'} mode
 * @param {(transaction: IDBTransaction) => Promise<T>} work
 * @param {IDBTransactionDurability} [durability] `strict` for what the person made.
 * @returns {Promise<T>}
 * @throws {StorageRefused}
 */
export async function inTransaction(database, stores, mode, work, durability = 'default') {
  /** @type {IDBTransaction} */
  let transaction;
  try {
    transaction = database.transaction(stores, mode, { durability });
  } catch (cause) {
    throw new StorageRefused(cause);
  }
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(undefined);
    transaction.onabort = () => reject(new StorageRefused(transaction.error));
  });
  // Who fails first reads it below.
  done.catch(() => {});
  try {
    const value = await work(transaction);
    await done;
    return value;
  } catch (error) {
    // What the work throws undoes the transaction; an abort of the store's own comes with its reason.
    try {
      transaction.abort();
    } catch {
      await done;
    }
    if (error instanceof DOMException) throw new StorageRefused(transaction.error ?? error);
    throw error;
  }
}

/**
 * The result of a request.
 *
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export function resultOf(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      // The transaction ends with it, and says why.
      event.stopPropagation();
      reject(request.error);
    };
  });
}

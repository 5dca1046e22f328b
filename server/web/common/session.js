/**
 * Who is signed in on this browser, for every page of this server, and as which desk it is enrolled.
 *
 * A session lies in IndexedDB: database `cumbre-session`, store `session`, as a {@link Session}, under
 * the key `current` for the person, and `desk` for the enrolled device, which is nobody's. Not in
 * localStorage, which a service worker cannot read, and not in a cookie, since the API takes tokens in
 * `Authorization` alone and so needs no defence against forged requests. The database is apart from
 * those in which pages keep programmes, so that signing in never waits for their upgrades. A page that
 * keeps data of its own compares `account.id` and `device` with those that the data were fetched for.
 *
 * A refresh token is good for one renewal. Pages and workers of one browser share it, so all renew
 * through a {@link SessionKeeper}, one at a time.
 *
 * @module
 */

import { ask, send, Unreachable } from './api.js';
import { inTransaction, openDatabase, resultOf, StorageRefused } from './database.js';
import { describeDevice } from './device.js';

const DATABASE = 'cumbre-session';
const STORE = 'session';

/** The name of the lock (Web Locks) under which tokens are renewed, before the key. */
const RENEWAL = 'cumbre-session-renewal-';

/**
 * @typedef {object} Session
 * @property {{id: string, name: string, email?: string}} account Who is signed in, as of the sign-in.
 * @property {string} device The id of this browser's device at the server.
 * @property {string} access_token Shown with each request.
 * @property {string} access_expires_at When the access token ends, by the server's clock.
 * @property {string} refresh_token Good for one renewal.
 */

export { StorageRefused };

/** Keeps one session, and asks the server as whoever it is of. */
export class SessionKeeper {
  #key;

  /** @param {string} key Under which it lies. */
  constructor(key) {
    this.#key = key;
  }

  /**
   * The session.
   *
   * @returns {Promise<Session | undefined>} Undefined where there is none.
   * @throws {StorageRefused}
   */
  load() {
    return withStore('readonly', (store) => store.get(this.#key));
  }

  /**
   * Puts a session in the place of the one before.
   *
   * @param {Session} session
   * @throws {StorageRefused}
   */
  save(session) {
    return withStore('readwrite', (store) => store.put(session, this.#key));
  }

  /** @throws {StorageRefused} */
  forget() {
    return withStore('readwrite', (store) => store.delete(this.#key));
  }

  /**
   * Sends a request with the session's token, with new tokens where the present ones are out.
   *
   * @param {string} method The HTTP method.
   * @param {string} path The path from the root of the server.
   * @param {object | string} [body] What to send as JSON; a text is JSON already.
   * @param {{ifMatch?: string, signal?: AbortSignal, patienceMs?: number}} [options] As in {@link ask}.
   * @returns {Promise<import('./api.js').Answer>} With status 401 the session is no more.
   * @throws {Unreachable | StorageRefused}
   */
  async ask(method, path, body, options = {}) {
    const session = await this.load();
    if (!session) return ENDED;
    const answer = await ask(method, path, { ...options, token: session.access_token, body });
    if (answer.status !== 401) return answer;
    const renewal = await this.renew(session.access_token);
    if (renewal.status !== 200) return renewal;
    return ask(method, path, { ...options, token: renewal.body.access_token, body });
  }

  /**
   * Sends a request likewise, whose answer is read as it comes.
   *
   * @param {string} method The HTTP method.
   * @param {string} path The path from the root of the server.
   * @param {object | string | undefined} body What to send as JSON.
   * @param {AbortSignal} signal Gives it up.
   * @returns {Promise<Response | undefined>} Undefined where the session is no more, or its tokens could not be renewed.
   */
  async send(method, path, body, signal) {
    const session = await this.load();
    if (!session) return undefined;
    const response = await send(method, path, { token: session.access_token, body, signal });
    if (response.status !== 401) return response;
    const renewal = await this.renew(session.access_token);
    if (renewal.status !== 200) return undefined;
    return send(method, path, { token: renewal.body.access_token, body, signal });
  }

  /**
   * Renews the tokens, unless another page has done so since they were found to be out.
   *
   * @param {string} staleToken The access token that the server refused.
   * @returns {Promise<import('./api.js').Answer>} With status 200 the session as it is now.
   * @throws {Unreachable | StorageRefused}
   */
  renew(staleToken) {
    return alone(RENEWAL + this.#key, async () => {
      const session = await this.load();
      if (!session) return ENDED;
      if (session.access_token !== staleToken) return { status: 200, body: session, retryAfterS: 0 };
      const answer = await renewTokens(session);
      if (answer.status === 200) await this.save({ ...session, ...answer.body });
      if (answer.status === 401) await this.forget();
      return answer;
    });
  }
}

/** @type {import('./api.js').Answer} */
const ENDED = { status: 401, body: undefined, retryAfterS: 0 };

/** Keeps the session of who is signed in. */
export const PERSON = new SessionKeeper('current');

/** Keeps the session of the desk that this browser is enrolled as. */
export const DESK = new SessionKeeper('desk');

/**
 * The session of who is signed in.
 *
 * @returns {Promise<Session | undefined>} Undefined where nobody is.
 * @throws {StorageRefused}
 */
export function loadSession() {
  return PERSON.load();
}

/**
 * Signs this browser in. A session that it had before is ended at the server, since nobody could
 * use it any more.
 *
 * @param {object} credential `{link}`, `{code}` or `{email, code}`.
 * @returns {Promise<import('./api.js').Answer>} With status 200 the session is kept.
 * @throws {Unreachable | StorageRefused}
 */
export async function signIn(credential) {
  // First of all: what cannot be kept must not use the credential up.
  const before = await loadSession();
  const answer = await ask('POST', '/v1/sign-in', { body: { ...credential, device: describeDevice() } });
  if (answer.status === 200) {
    const { account, device, access_token, access_expires_at, refresh_token } = answer.body;
    await PERSON.save({ account, device: device.id, access_token, access_expires_at, refresh_token });
    if (before) await endDevice(before);
  }
  return answer;
}

/**
 * Signs this browser out. Without a network it forgets its tokens all the same.
 *
 * @throws {StorageRefused}
 */
export async function signOut() {
  const session = await loadSession();
  await PERSON.forget();
  if (session) await endDevice(session);
}

/**
 * Sends a request as who is signed in, with new tokens where the present ones are out.
 *
 * @param {string} method The HTTP method.
 * @param {string} path The path from the root of the server.
 * @param {object | string} [body] What to send as JSON; a text is JSON already.
 * @param {{ifMatch?: string}} [options] As in {@link ask}.
 * @returns {Promise<import('./api.js').Answer>} With status 401 nobody is signed in any more.
 * @throws {Unreachable | StorageRefused}
 */
export function askSignedIn(method, path, body, options) {
  return PERSON.ask(method, path, body, options);
}

/** @param {Session} session */
function renewTokens({ refresh_token }) {
  return ask('POST', '/v1/tokens/refresh', { body: { refresh_token } });
}

/**
 * Runs work while no other page of this browser runs it. Locks need HTTPS or the own machine.
 *
 * @param {string} name
 * @param {() => Promise<import('./api.js').Answer>} work
 * @returns {Promise<import('./api.js').Answer>}
 */
async function alone(name, work) {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}

/** Ends a device at the server, if it can be reached; its tokens are forgotten in any case. @param {Session} session */
async function endDevice(session) {
  try {
    const answer = await ask('POST', '/v1/sign-out', { token: session.access_token });
    if (answer.status !== 401) return;
    const renewed = await renewTokens(session);
    if (renewed.status === 200) await ask('POST', '/v1/sign-out', { token: renewed.body.access_token });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
  }
}

/**
 * Runs one request on the store; its result, once the transaction is durable.
 *
 * @param {'readonly' | 'readwrite'} mode
 * @param {(store: IDBObjectStore) => IDBRequest} operate
 */
async function withStore(mode, operate) {
  const database = await openDatabase(DATABASE, 1, (made) => made.createObjectStore(STORE));
  try {
    const work = (/** @type {IDBTransaction} */ transaction) => resultOf(operate(transaction.objectStore(STORE)));
    return await inTransaction(database, [STORE], mode, work, 'strict');
  } finally {
    database.close();
  }
}

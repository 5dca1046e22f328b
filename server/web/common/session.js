/**
 * Who is signed in on this browser, for every page of this server.
 *
 * The session lies in IndexedDB: database `cumbre-session`, store `session`, key `current`, as a
 * {@link Session}. Not in localStorage, which a service worker cannot read, and not in a cookie,
 * since the API takes tokens in `Authorization` alone and so needs no defence against forged
 * requests. The database is apart from those in which pages keep programmes, so that signing in
 * never waits for their upgrades. A page that keeps data of its own compares `account.id` and
 * `device` with those that the data were fetched for.
 *
 * A refresh token is good for one renewal. Pages and workers of one browser share it, so all renew
 * through {@link askSignedIn}, one at a time.
 *
 * @module
 */

import { ask, Unreachable } from './api.js';
import { describeDevice } from './device.js';

const DATABASE = 'cumbre-session';
const STORE = 'session';
const KEY = 'current';

/** The name of the lock (Web Locks) under which tokens are renewed. */
const RENEWAL = 'cumbre-session-renewal';

/**
 * @typedef {object} Session
 * @property {{id: string, name: string, email?: string}} account Who is signed in, as of the sign-in.
 * @property {string} device The id of this browser's device at the server.
 * @property {string} access_token Shown with each request.
 * @property {string} access_expires_at When the access token ends, by the server's clock.
 * @property {string} refresh_token Good for one renewal.
 */

/** The browser keeps nothing for this page. */
export class StorageRefused extends Error {}

/**
 * The session.
 *
 * @returns {Promise<Session | undefined>} Undefined where nobody is signed in.
 * @throws {StorageRefused}
 */
export function loadSession() {
  return withStore('readonly', (store) => store.get(KEY));
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
    await saveSession({ account, device: device.id, access_token, access_expires_at, refresh_token });
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
  await forgetSession();
  if (session) await endDevice(session);
}

/**
 * Sends a request as who is signed in, with new tokens where the present ones are out.
 *
 * @param {string} method The HTTP method.
 * @param {string} path The path from the root of the server.
 * @param {object} [body] What to send as JSON.
 * @returns {Promise<import('./api.js').Answer>} With status 401 nobody is signed in any more.
 * @throws {Unreachable | StorageRefused}
 */
export async function askSignedIn(method, path, body) {
  const session = await loadSession();
  if (!session) return { status: 401, body: undefined, retryAfterS: 0 };
  const answer = await ask(method, path, { token: session.access_token, body });
  if (answer.status !== 401) return answer;
  const renewal = await alone(() => renewSession(session.access_token));
  return renewal.status === 200 ? ask(method, path, { token: renewal.body.access_token, body }) : renewal;
}

/** Renews the tokens, unless another page has done so since they were found to be out. */
async function renewSession(staleToken) {
  const session = await loadSession();
  if (!session) return { status: 401, body: undefined, retryAfterS: 0 };
  if (session.access_token !== staleToken) return { status: 200, body: session, retryAfterS: 0 };
  const answer = await renewTokens(session);
  if (answer.status === 200) await saveSession({ ...session, ...answer.body });
  if (answer.status === 401) await forgetSession();
  return answer;
}

function renewTokens({ refresh_token }) {
  return ask('POST', '/v1/tokens/refresh', { body: { refresh_token } });
}

/** Runs work while no other page of this browser runs it. Locks need HTTPS or the own machine. */
function alone(work) {
  return navigator.locks ? navigator.locks.request(RENEWAL, work) : work();
}

/** Ends a device at the server, if it can be reached; its tokens are forgotten in any case. */
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

function saveSession(session) {
  return withStore('readwrite', (store) => store.put(session, KEY));
}

function forgetSession() {
  return withStore('readwrite', (store) => store.delete(KEY));
}

/** Runs one request on the store; its result, once the transaction is durable. */
async function withStore(mode, operate) {
  let database;
  try {
    database = await openDatabase();
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: 'strict' });
      const request = operate(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } catch (cause) {
    throw new StorageRefused('The browser keeps nothing for this page.', { cause });
  } finally {
    database?.close();
  }
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

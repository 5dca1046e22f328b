/**
 * Requests to the server that this page came from.
 *
 * @module
 */

/** How long an answer may take before the connection counts as dead, in milliseconds. */
const PATIENCE_MS = 20_000;

/** The server gave no answer: there is no network, or something between answers in its place. */
export class Unreachable extends Error {}

/**
 * @typedef {object} Answer
 * @property {number} status The HTTP status.
 * @property {any} body The JSON of the body; of a problem its members (RFC 9457); undefined where there is none.
 * @property {number} retryAfterS How long to wait before asking again, in seconds; 0 where nothing was said.
 */

/**
 * Sends a request.
 *
 * @param {string} method The HTTP method.
 * @param {string} path The path from the root of the server.
 * @param {object} [options]
 * @param {string} [options.token] The access token.
 * @param {object | string} [options.body] What to send as JSON; a text is JSON already.
 * @param {string} [options.ifMatch] The version that is changed: of another one it is 412.
 * @param {AbortSignal} [options.signal] Gives the request up.
 * @param {number} [options.patienceMs] How long the answer may take.
 * @returns {Promise<Answer>} Any answer of the server, a problem too.
 * @throws {Unreachable} If the server gave none.
 */
export async function ask(method, path, { token, body, ifMatch, signal, patienceMs = PATIENCE_MS } = {}) {
  const timeout = AbortSignal.timeout(patienceMs);
  try {
    const response = await send(method, path, { token, body, ifMatch, signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
    const text = await response.text();
    return {
      status: response.status,
      // A venue's network that wants a login first answers 200 with a page of its own, which is no JSON.
      body: text ? JSON.parse(text) : undefined,
      retryAfterS: Number(response.headers.get('Retry-After') ?? 0),
    };
  } catch (cause) {
    throw new Unreachable('The server cannot be reached.', { cause });
  }
}

/**
 * Sends a request whose answer is read as it comes.
 *
 * @param {string} method The HTTP method.
 * @param {string} path The path from the root of the server.
 * @param {{token?: string, body?: object | string, ifMatch?: string, signal?: AbortSignal}} [options] As in {@link ask}.
 * @returns {Promise<Response>}
 */
export function send(method, path, { token, body, ifMatch, signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  if (ifMatch) headers['If-Match'] = ifMatch;
  return fetch(path, {
    method,
    headers,
    body: typeof body === 'object' ? JSON.stringify(body) : body,
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    signal,
  });
}

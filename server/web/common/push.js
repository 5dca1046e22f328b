/**
 * Notifications that reach this device while no page is open.
 *
 * @module
 */

import { ask } from './api.js';
import { askSignedIn } from './session.js';

/**
 * @typedef {object} Push How notifications stand on this device.
 * @property {'unsupported' | 'unavailable' | 'denied' | 'off' | 'on'} state `unsupported`: not by this browser, or on an
 *   iPhone only once the app is on the home screen; `unavailable`: the server sends none, or cannot be asked; `denied`: the person
 *   has forbidden them in the browser.
 * @property {string} [failure] Why the last one did not arrive.
 */

/** Whether this browser can show notifications of a page that is not open. */
const isSupported = () => 'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis;

/** @returns {Promise<Push>} How it stands now. */
export async function readPush() {
  if (!isSupported()) return { state: 'unsupported' };
  if (Notification.permission === 'denied') return { state: 'denied' };
  const answer = await askSignedIn('GET', '/v1/account/push').catch(() => undefined);
  if (answer?.status !== 200) return { state: 'unavailable' };
  const registration = await navigator.serviceWorker.getRegistration('/');
  const subscription = await registration?.pushManager.getSubscription();
  const { subscription: known } = answer.body;
  return { state: subscription && known ? 'on' : 'off', failure: known?.failure };
}

/**
 * Asks the person, then the browser, then tells the server. To be called by a tap.
 *
 * @returns {Promise<Push | undefined>} Undefined where the browser's push service does not take it.
 */
export async function switchOn() {
  if ((await Notification.requestPermission()) !== 'granted') return readPush();
  const keys = await ask('GET', '/v1/push/keys').catch(() => undefined);
  const key = keys?.status === 200 && keys.body.web_push;
  if (!key) return { state: 'unavailable' };
  try {
    const registration = await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: key };
    const { endpoint, keys: secrets } = (await registration.pushManager.subscribe(options)).toJSON();
    const answer = await askSignedIn('PUT', '/v1/account/push', { provider: 'web_push', endpoint, keys: secrets });
    return answer.status === 200 ? readPush() : undefined;
  } catch {
    return undefined;
  }
}

/** The server forgets the device first: it would send to nobody otherwise. */
export async function switchOff() {
  await askSignedIn('DELETE', '/v1/account/push');
  const registration = await navigator.serviceWorker.getRegistration('/');
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
  return readPush();
}

/**
 * @typedef {'on' | 'off' | 'wake_up'} Delivery A wake-up says that there is something and not what.
 *
 * @typedef {object} Preferences What this device is told of.
 * @property {Record<string, Delivery>} [kinds] By kind of notice.
 * @property {Delivery} [default] For the other kinds.
 * @property {{from: string, to: string, time_zone?: string}} [quiet_hours]
 * @property {string} [language] BCP 47.
 * @property {string} [time_zone] IANA: the zone of the person's own clock.
 */

/**
 * @returns {Promise<Preferences>}
 * @throws {import('./api.js').Unreachable | Error} The server does not say.
 */
export async function readPreferences() {
  const answer = await askSignedIn('GET', '/v1/account/push');
  if (answer.status !== 200) throw new Error(`no preferences: ${answer.status}`);
  return answer.body.preferences;
}

/**
 * @param {Preferences} preferences All of them.
 * @returns {Promise<Preferences | undefined>} As the server has them now; undefined where it refuses.
 */
export async function writePreferences(preferences) {
  const answer = await askSignedIn('PUT', '/v1/account/push/preferences', preferences);
  return answer.status === 200 ? answer.body.preferences : undefined;
}

/**
 * Has the server send one to this device.
 *
 * @returns {Promise<string>} Where it ended: `accepted`, `failed`, `dropped`, or `waiting` where nobody knows yet.
 */
export async function sendTest() {
  const begun = await askSignedIn('POST', '/v1/account/push/test', {});
  if (begun.status !== 202) return 'failed';
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const answer = await askSignedIn('GET', `/v1/account/push/test/${begun.body.id}`);
    if (answer.status === 200 && answer.body.state !== 'waiting') return answer.body.state;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  return 'waiting';
}

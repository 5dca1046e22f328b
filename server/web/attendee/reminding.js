/**
 * Reminds of what begins soon, as far as a page is open: by a banner, and by a notification where those are on. It goes by
 * the rows that the device holds, so that it does without a network.
 *
 * @module
 */

import { recall, remember } from '../common/kept.js';
import { listReminders } from '../common/reminders.js';

/** @typedef {import('../common/reminders.js').Reminder} Reminder */

/** The collections that reminders go by. */
const COLLECTIONS = ['events', 'parts', 'part_stubs', 'sessions', 'session_stubs', 'favourites', 'sign_ups', 'invitations', 'reminder_choices'];

/** The longest time until it is looked again, in milliseconds: a device that slept may have missed its turn. */
const LOOK_EVERY_MS = 20_000;

/** How long a reminder that was put away is remembered, in milliseconds: longer than anything is reminded of before. */
const PUT_AWAY_MS = 2 * 86_400_000;

export class Reminding {
  #client;
  #tell;
  #redraw;
  #nameOfTime;
  #nameOfPutAway;

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** Those whose time has come and whose session has not begun. @type {Reminder[]} */
  current = [];

  /**
   * @param {import('../common/sync/client.js').Client} client
   * @param {(reminder: Reminder) => Promise<void>} tell Shows one as a notification.
   * @param {() => void} redraw
   */
  constructor(client, tell, redraw) {
    this.#client = client;
    this.#tell = tell;
    this.#redraw = redraw;
    this.#nameOfTime = `reminded-${client.event}`;
    this.#nameOfPutAway = `reminders-put-away-${client.event}`;
  }

  /** Looks what is due, and when to look again. */
  async look() {
    const now = this.#client.now();
    const rows = COLLECTIONS.flatMap((collection) => this.#client.rows(collection));
    const reminders = await listReminders(rows, now - PUT_AWAY_MS);
    const putAway = this.#putAway(now);
    const begun = recall(this.#nameOfTime) ?? now;
    const due = reminders.filter(({ at, starts_at }) => Date.parse(at) <= now && Date.parse(starts_at) > now);
    this.current = due.filter(({ id }) => !putAway[id]);
    remember(this.#nameOfTime, now);
    for (const reminder of this.current) if (Date.parse(reminder.at) > begun) await this.#tell(reminder);
    this.#redraw();
    const next = reminders.flatMap(({ at, starts_at }) => [Date.parse(at), Date.parse(starts_at)]).filter((at) => at > now);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.look(), Math.min(LOOK_EVERY_MS, ...next.map((at) => at - now)));
  }

  /** The reader has seen it. @param {Reminder} reminder */
  putAway({ id }) {
    const now = this.#client.now();
    remember(this.#nameOfPutAway, { ...this.#putAway(now), [id]: now });
    this.current = this.current.filter((one) => one.id !== id);
    this.#redraw();
  }

  /** @param {number} now @returns {Record<string, number>} When which was put away. */
  #putAway(now) {
    const known = Object.entries(/** @type {Record<string, number>} */ (recall(this.#nameOfPutAway) ?? {}));
    return Object.fromEntries(known.filter(([, at]) => now - at < PUT_AWAY_MS));
  }
}

/**
 * Shows a notification on this device, in place of the same one that was pushed.
 *
 * @param {{id: string, title: string, text: string, url: string}} notification
 */
export async function notify({ id, title, text, url }) {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return;
  const registration = await navigator.serviceWorker?.getRegistration('/');
  const icon = new URL('../common/icon-192.png', import.meta.url).href;
  await registration?.showNotification(title, { body: text, tag: id.replaceAll('-', ''), icon, badge: icon, data: { url } });
}

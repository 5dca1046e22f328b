/**
 * Printing a badge: the server sets it, the browser prints it. A browser that was started for it
 * (`--kiosk-printing`) does so without a dialog.
 *
 * @module
 */

import { Unreachable } from '../common/api.js';

/** How long the document may take, in milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Issues a paper badge to somebody who has none that counts, and prints it.
 *
 * @param {string} event Its slug.
 * @param {string} attendee
 * @param {import('../common/session.js').SessionKeeper} keeper Of whoever asks.
 * @returns {Promise<boolean>} Whether there is one.
 * @throws {import('../common/api.js').Unreachable}
 */
export async function printBadge(event, attendee, keeper) {
  const body = { attendees: [attendee], paper: 'single' };
  const answer = await keeper.send('POST', `/v1/events/${event}/badges/print`, body, AbortSignal.timeout(PATIENCE_MS)).catch((cause) => {
    throw new Unreachable('The server cannot be reached.', { cause });
  });
  if (!answer?.ok) return false;
  const src = URL.createObjectURL(await answer.blob());
  const frame = Object.assign(document.createElement('iframe'), { hidden: true, src });
  document.body.append(frame);
  await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  frame.contentWindow?.print();
  return true;
}

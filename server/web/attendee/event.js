/**
 * Which event the app is of.
 *
 * @module
 */

import { ask, Unreachable } from '../common/api.js';
import { recall, remember } from '../common/kept.js';
import { askSignedIn } from '../common/session.js';

/**
 * The event: the one in the address, else the last one, else the only one or the next.
 *
 * @param {import('../common/session.js').Session | undefined} session
 * @returns {Promise<{slug?: string, fault?: 'noEvent' | 'emptyOffline'}>} Its slug, or why there is none.
 */
export async function chooseEvent(session) {
  const named = new URLSearchParams(location.search).get('event') ?? recall('event');
  if (named) {
    remember('event', named);
    return { slug: named };
  }
  const path = '/v1/events';
  try {
    const answer = session ? await askSignedIn('GET', path) : await ask('GET', path);
    const [event] = answer.body?.items ?? [];
    if (!event) return { fault: 'noEvent' };
    remember('event', event.slug);
    return { slug: event.slug };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return { fault: 'emptyOffline' };
  }
}

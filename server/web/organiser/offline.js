/**
 * What is only done at the server, while that cannot be reached.
 *
 * @module
 */

import { icon } from '../common/icons.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';

/**
 * Says that what is written stays here until it can be saved.
 *
 * @param {import('./app.js').App} app
 */
export function offlineNote({ words, client }) {
  return client.state.isOnline === false ? html`<p class="banner warn">${icon('offline')} <span class="grow">${words.offlineForm}</span></p>` : nothing;
}

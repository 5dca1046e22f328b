/**
 * Whom the account is or acts for, by their names, as the server says.
 *
 * @module
 */

import { askSignedIn } from '../common/session.js';

/** Names people, and so what the server has of it is read anew once it is taken. */
const NAMING = ['registration.request', 'registration.change'];

export class Names {
  #app;

  /** The last edit that may have named somebody when the names were read. @type {string | undefined} */
  #namedBy;

  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.#app = app;
  }

  /** Reads them again where an edit may have changed them. */
  look() {
    const last = this.#app.client.journal.findLast(({ mutation }) => NAMING.includes(mutation.op) && mutation.args.name)?.id;
    if (last === this.#namedBy) return;
    this.#namedBy = last;
    this.read();
  }

  async read() {
    const { client } = this.#app;
    if (!client.session) return;
    const answer = await askSignedIn('GET', '/v1/account').catch(() => undefined);
    if (answer?.status !== 200) return;
    this.#app.know(answer.body.attendees.filter((/** @type {any} */ one) => one.event.slug === client.event));
  }
}

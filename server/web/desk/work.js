/**
 * What a desk does beside checking: facts and requests that are kept here and handed in when that is possible.
 *
 * @module
 */

import { newUuid } from '../admission/uuid.js';
import { makeBadge } from './key.js';

export class Work {
  /**
   * @param {{client: import('../common/sync/client.js').Client, station: import('./station.js').Station, key: any}} at Where
   *   it is done, and with which key badges are signed.
   */
  constructor({ client, station, key }) {
    this.client = client;
    this.station = station;
    this.key = key;
  }

  /**
   * Registers somebody who walks in. The badge is good at once, unless an organiser has to approve; what becomes of the
   * registration the server says.
   *
   * @param {{name: string, category: string, position?: string, organisation?: string, delegation?: string, email?: string}} said
   * @returns {Promise<{attendee: string, name: string, organisation?: string, badge?: string, needsApproval: boolean}>} Without a badge
   *   while the desk's key has no number.
   */
  async registerWalkIn(said) {
    const attendee = newUuid();
    const { roster } = this.station;
    const badge = this.key && (await makeBadge(this.key, roster, { category: said.category, now: this.station.now() }));
    await this.client.mutate({ op: 'walk_in.register', for: attendee, args: { ...said, ...(badge && { badge }) } });
    const needsApproval = roster.needsApproval(said.category);
    return { attendee, badge, name: said.name, organisation: said.organisation, needsApproval };
  }

  /**
   * Says of a walk-in that they are somebody who is registered already, or somebody else after all.
   *
   * @param {string} walkIn
   * @param {string} [sameAs]
   */
  settle(walkIn, sameAs) {
    return this.client.mutate({ op: 'walk_in.settle', for: walkIn, args: sameAs ? { same_as: sameAs } : {} });
  }

  /**
   * Badges and envelopes are theirs from now on.
   *
   * @param {{attendees: string[], what: string[], delegation?: string, received_by?: string, signature?: number[][]}} fact
   */
  handOut(fact) {
    return this.#record({ kind: 'handed_out', ...fact });
  }

  /**
   * Something is with a person until it comes back.
   *
   * @param {string} attendee
   * @param {string} number As its label says.
   */
  lend(attendee, number) {
    return this.#record({ kind: 'lent', attendees: [attendee], item: { kind: 'receiver', number } });
  }

  /** Something came back. @param {{kind: string, number: string}} item */
  takeBack(item) {
    return this.#record({ kind: 'taken_back', item });
  }

  /**
   * What whoever sees the person first is to read; nothing takes it away.
   *
   * @param {string} attendee
   * @param {string} text
   */
  note(attendee, text) {
    if (!text) return this.client.mutate({ op: 'door_note.delete', for: attendee, args: {} });
    return this.client.mutate({ op: 'door_note.put', for: attendee, args: { text } });
  }

  /**
   * Asks for a seat; the server alone gives one.
   *
   * @param {string} attendee
   * @param {string} session
   */
  askForSeat(attendee, session) {
    return this.client.mutate({ op: 'signup.request', for: attendee, args: { session } });
  }

  /** @param {string} attendee @param {string} session */
  giveSeatBack(attendee, session) {
    return this.client.mutate({ op: 'signup.cancel', for: attendee, args: { session } });
  }

  /**
   * A guest's answer to an invitation, as they gave it here.
   *
   * @param {string} attendee
   * @param {{object: string, answer: 'accepted' | 'declined', word?: string}} said
   */
  answer(attendee, said) {
    return this.client.mutate({ op: 'invitation.answer', for: attendee, args: said });
  }

  /**
   * Something odd is dealt with.
   *
   * @param {string} incident
   * @param {string} note How; may be empty.
   * @param {string} [dependsOn] By which edit, where it stays open if the server refuses that.
   */
  settleIncident(incident, note, dependsOn) {
    return this.client.mutate({ op: 'incident.resolve', args: { id: incident, ...(note && { note }) }, dependsOn });
  }

  /**
   * What a desk handed in that was not in use any more is done in its place, and settled by that unless the server refuses.
   *
   * @param {string} incident
   * @param {{op: string, for?: string, args: any}} work
   */
  async doLate(incident, { op, for: attendee, args }) {
    const done = await this.client.mutate({ op, ...(attendee && { for: attendee }), args });
    return this.settleIncident(incident, '', done);
  }

  #record(fact) {
    const args = { id: newUuid(), at: this.station.time(), checkpoint: this.station.checkpoint, ...fact };
    return this.client.mutate({ op: 'handover.record', args });
  }
}

/**
 * What a desk does beside checking, as the page shows it: walk-ins, handing out and lending, notes, corrections, codes.
 *
 * @module
 */

import { Unreachable } from '../common/api.js';
import { DESK } from '../common/session.js';
import { printBadge } from './print.js';
import { Refused } from './refused.js';
import { Work } from './work.js';

export class DeskWork {
  /** Whoever was registered last; undefined while the form is open. @type {any} */
  walkedIn;

  walkInFault = '';

  /** A code that was made for the person who is looked at. */
  signInCode = '';

  /** Whether the form that puts somebody's name right is open. */
  isPuttingRight = false;

  /** Which invitation of the person is being declined; empty for none. */
  declining = '';

  /** @param {any} app */
  constructor(app) {
    this.app = app;
  }

  /** Somebody else is looked at. */
  forget() {
    this.signInCode = '';
    this.isPuttingRight = false;
    this.declining = '';
  }

  get #work() {
    const { client, station, key } = this.app;
    return new Work({ client, station, key });
  }

  /** Where something of an attendee is. @param {string} attendee */
  #pathOf(attendee) {
    return `/v1/events/${this.app.session.event.slug}/attendees/${attendee}`;
  }

  /** Prints a paper badge, which the server makes. */
  print(person) {
    const { app } = this;
    return app.work(async () => {
      app.note = app.words.printing;
      app.draw();
      try {
        const isMade = await printBadge(app.session.event.slug, person.attendee, DESK);
        if (!isMade) throw new Refused(app.words.printFailed);
      } catch (error) {
        if (error instanceof Unreachable) throw new Refused(app.words.printOffline);
        throw error;
      } finally {
        app.note = '';
      }
    });
  }

  submitWalkIn(event) {
    const { app } = this;
    event.preventDefault();
    const given = [...new FormData(event.target)].map(([name, value]) => [name, String(value).trim()]);
    const said = Object.fromEntries(given.filter(([, value]) => value));
    this.walkInFault = said.name ? '' : app.words.nameMissing;
    app.draw();
    if (!said.name) event.target.querySelector('input').focus();
    else {
      app.work(async () => {
        this.walkedIn = await this.#work.registerWalkIn(/** @type {any} */ (said));
        await app.roster.expect(app.client);
      });
    }
  }

  nextWalkIn() {
    this.walkedIn = undefined;
    this.app.show('walkIn');
  }

  /** Says of the person that they are known already, or are not. */
  settle(person, known) {
    return this.#noted(() => this.#work.settle(person.attendee, known?.attendee));
  }

  /** @param {object} fact To whom, what, and against whose signature. */
  handOut(fact) {
    return this.#noted(() => this.#work.handOut(fact));
  }

  takeBack(item) {
    return this.#noted(() => this.#work.takeBack(item));
  }

  submitLoan(event) {
    event.preventDefault();
    const form = event.target;
    const number = String(new FormData(form).get('number')).trim();
    const attendee = this.app.person?.attendee;
    if (!number || !attendee) return;
    this.#noted(() => this.#work.lend(attendee, number)).then(() => form.reset());
  }

  submitNote(event) {
    event.preventDefault();
    const text = String(new FormData(event.target).get('text')).trim();
    const attendee = this.app.person?.attendee;
    if (attendee) this.#noted(() => this.#work.note(attendee, text));
  }

  submitSeat(event) {
    event.preventDefault();
    const session = String(new FormData(event.target).get('session') ?? '');
    const attendee = this.app.person?.attendee;
    if (session && attendee) this.app.work(() => this.#work.askForSeat(attendee, session));
  }

  /** @param {string} session */
  giveSeatBack(session) {
    const attendee = this.app.person?.attendee;
    if (attendee) this.app.work(() => this.#work.giveSeatBack(attendee, session));
  }

  /** @param {string} object What they are invited to. @param {{answer: 'accepted' | 'declined', word?: string}} said */
  answer(object, said) {
    const attendee = this.app.person?.attendee;
    if (!attendee) return;
    this.declining = '';
    this.#noted(() => this.#work.answer(attendee, { object, ...said }));
  }

  /** Asks why somebody declines; an empty object leaves it. @param {string} object */
  beginDecline(object) {
    this.declining = object;
    this.app.draw();
    document.getElementById('decline-word')?.focus();
  }

  submitDecline(event, object) {
    event.preventDefault();
    const word = String(new FormData(event.target).get('word')).trim();
    this.answer(object, { answer: 'declined', ...(word && { word }) });
  }

  submitSettled(event, incident) {
    event.preventDefault();
    const note = String(new FormData(event.target).get('note')).trim();
    this.#noted(() => this.#work.settleIncident(incident, note));
  }

  /** Does what a desk handed in that was not in use any more, in its place. */
  doLate(incident, work) {
    this.#noted(() => this.#work.doLate(incident, work));
  }

  /** Tells the person something: by inbox, push and mail, which only the server does. */
  submitMessage(event) {
    event.preventDefault();
    const { app } = this;
    const form = event.target;
    const message = String(new FormData(form).get('message')).trim();
    const attendee = app.person?.attendee;
    if (!message || !attendee) return;
    app.note = '';
    app.work(async () => {
      const answer = await DESK.ask('POST', `${this.#pathOf(attendee)}/messages`, { message });
      if (answer.status !== 201) throw new Refused(app.explain(answer));
      form.reset();
      app.note = app.words.messageSent;
    });
  }

  /** A code with which the person signs in on their own phone; only the server makes one. */
  giveCode({ attendee }) {
    const { app } = this;
    return app.work(async () => {
      const answer = await DESK.ask('POST', `${this.#pathOf(attendee)}/sign-in-code`, {});
      if (answer.status !== 201) throw new Refused(answer.status === 403 ? app.words.codeForbidden : app.explain(answer));
      this.signInCode = answer.body.code;
    });
  }

  togglePuttingRight() {
    this.isPuttingRight = !this.isPuttingRight;
    this.app.draw();
    const field = document.querySelector('#right-name');
    if (field instanceof HTMLElement) field.focus();
  }

  /** Puts a name or an address right; only the server does. */
  submitCorrection(event) {
    const { app } = this;
    event.preventDefault();
    const given = new FormData(event.target);
    const text = (name) => String(given.get(name)).trim();
    const { attendee, details, listedName } = app.person;
    const correction = {
      ...(text('name') && text('name') !== (listedName || details.name) && { name: text('name') }),
      ...(text('badge_name') !== (listedName ? details.name : '') && { badge_name: text('badge_name') || null }),
      ...(text('form_of_address') !== (details.form_of_address ?? '') && { form_of_address: text('form_of_address') || null }),
      ...(text('email') && { email: text('email') }),
    };
    if (Object.keys(correction).length === 0) return undefined;
    app.note = '';
    return app.work(async () => {
      const answer = await DESK.ask('POST', `${this.#pathOf(attendee)}/corrections`, correction);
      if (answer.status !== 200) throw new Refused(this.#whyNotRight(answer));
      this.isPuttingRight = false;
      app.note = app.words.wasPutRight;
      app.client.exchange();
    });
  }

  #whyNotRight(answer) {
    const { words } = this.app;
    if (answer.status === 403 || answer.status === 409) return words.emailTaken;
    return answer.status === 422 ? words.putRightRefused : this.app.explain(answer);
  }

  /** Does something that is kept here, and says so. */
  #noted(work) {
    const { app } = this;
    app.note = '';
    return app.work(async () => {
      await work();
      app.note = app.words.noted;
    });
  }
}

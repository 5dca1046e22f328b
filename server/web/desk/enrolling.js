/**
 * How this browser becomes a desk, from the link or code to the first look at what it holds.
 *
 * @module
 */

import { DESK } from '../common/session.js';
import { enrol, readCredential } from './enrol.js';
import { Refused } from './refused.js';

export class Enrolling {
  /** What is wrong with which field. @type {{code?: string, name?: string}} */
  faults = {};

  isScanning = false;

  /**
   * @param {any} app
   * @param {{link: string} | {code: string}} [link] What was scanned or opened.
   */
  constructor(app, link) {
    this.app = app;
    this.link = link;
    /** What this device was called before. @type {string | undefined} */
    this.former = app.session?.enrolment.name;
  }

  /** The device stays what it was. */
  leave() {
    const { app } = this;
    app.sight.stop();
    app.enrolling = undefined;
    app.fault = '';
    if (app.client) app.draw();
    else app.open();
  }

  submit(event) {
    const { app } = this;
    event.preventDefault();
    const form = new FormData(event.target);
    const credential = this.link ?? readCredential(String(form.get('code') ?? ''));
    const name = String(form.get('name')).trim();
    this.faults = { code: credential ? '' : app.words.codeWrong, name: name ? '' : app.words.nameMissing };
    app.draw();
    if (!credential || !name) event.target.querySelector('[aria-invalid=true]')?.focus();
    else app.work(() => this.#enrol(credential, name));
  }

  async #enrol(credential, name) {
    const { app } = this;
    if (app.client && app.unsent > 0) throw new Refused(app.words.enrolUnsent);
    const answer = await enrol(credential, name);
    if (answer.status === 401) throw new Refused(app.words.enrolRefused);
    if (answer.status !== 201) throw new Refused(app.explain(answer));
    app.sight.stop();
    await app.leaveDesk();
    app.enrolling = undefined;
    app.session = await DESK.load();
    await app.open();
  }

  toggleCamera() {
    const { app } = this;
    this.isScanning = !this.isScanning;
    app.fault = '';
    app.draw();
    if (this.isScanning) this.#look();
    else app.sight.stop();
  }

  async #look() {
    const { app } = this;
    app.fault = await app.sight.start();
    if (app.fault) this.isScanning = false;
    app.draw();
  }

  /** A code was scanned. @param {string} code */
  read(code) {
    const { app } = this;
    const credential = readCredential(code);
    if (!credential || this.link) return;
    app.sight.stop();
    Object.assign(this, { link: credential, isScanning: false, faults: {} });
    app.draw();
    app.focusTitle();
  }
}

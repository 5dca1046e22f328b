/**
 * Checking, as the page shows it: what was said last, what was read before, what is done against a verdict.
 *
 * @module
 */

import { StorageRefused } from '../common/database.js';
import { fill } from '../common/language.js';
import { Photos } from './photos.js';
import { Refused } from './refused.js';
import { kindOf } from './tell.js';

/** How long a verdict stands, in milliseconds: a refusal takes a talk. */
const STANDS_MS = { yes: 6_000, look: 15_000, no: 20_000 };

/** How many scans are shown. */
const MOST_SHOWN = 30;

export class Checks {
  /** What was said last; undefined where the desk waits for the next badge. @type {any} */
  told;

  /** What was read last, the newest first. @type {any[]} */
  last = [];

  /** Who may be let in all the same. @type {any} */
  forcing;

  whyFault = '';

  /** A check that was not made, since this device could not keep it; and why. @type {{check: () => Promise<any>, isFull: boolean} | undefined} */
  unkept;

  #standsUntil = 0;
  #isHeld = false;

  /** @param {any} app */
  constructor(app) {
    this.app = app;
  }

  /** Reads what was scanned before. */
  async open() {
    this.last = (await this.app.book.list()).slice(0, MOST_SHOWN);
  }

  /** A code came from a scanner, the camera or the keyboard. @param {string} code */
  read(code) {
    return this.app.work(() => this.#check(() => this.app.station.read(code)));
  }

  /** Somebody was found by name or is known by sight. @param {import('./roster.js').Person} person */
  take(person) {
    const { app } = this;
    const why = app.words[app.isProtocol ? 'why.sight' : 'why.name'];
    return app.work(async () => {
      await this.#check(() => app.station.take(person, why));
      if (app.view === 'person' || app.view === 'missing') app.view = 'scan';
      app.lookup.clear();
    });
  }

  /** Makes the check once more that could not be kept. */
  tryAgain() {
    const { check } = this.unkept ?? {};
    if (check) this.app.work(() => this.#check(check));
  }

  /** The guest is sent elsewhere. */
  leaveUnkept() {
    this.unkept = undefined;
    this.app.draw();
  }

  /**
   * Makes a check, and says what came of it. One that cannot be kept is none: nobody is let in by it, and the guest waits.
   *
   * @param {() => Promise<any>} check
   */
  async #check(check) {
    try {
      await this.#say(await check().catch((error) => makeRoomFor(error, check)));
    } catch (error) {
      if (!(error instanceof StorageRefused)) throw error;
      // What was said of the guest before must not be taken for this one's verdict.
      this.told = undefined;
      this.unkept = { check, isFull: error.isFull };
      if (!this.app.isProtocol) this.app.sound.play('no');
    }
  }

  askToLetIn(told) {
    this.forcing = told;
    this.whyFault = '';
    this.app.draw();
    /** @type {HTMLDialogElement | null} */ (document.querySelector('dialog.let-in'))?.showModal();
  }

  submitLetIn(event) {
    event.preventDefault();
    const why = String(new FormData(event.target).get('why')).trim();
    if (why) {
      this.letIn(why);
      return;
    }
    this.whyFault = this.app.words.whyMissing;
    this.app.draw();
    event.target.querySelector('input').focus();
  }

  letIn(why) {
    const told = this.forcing;
    this.closeDialog();
    this.app.work(() => this.#check(() => this.app.station.letIn(told, why)));
  }

  closeDialog() {
    const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector('dialog.let-in'));
    if (dialog?.open) dialog.close();
    this.forcing = undefined;
    this.app.draw();
  }

  /** Says a verdict, and notes it. */
  async #say(told) {
    const { app } = this;
    const entry = { ...told, id: told.scan.id };
    this.told = entry;
    this.unkept = undefined;
    this.last = [entry, ...this.last].slice(0, MOST_SHOWN);
    const kind = kindOf(told);
    this.#standsUntil = performance.now() + STANDS_MS[kind];
    this.#isHeld = false;
    if (!app.isProtocol) app.sound.play(kind);
    app.draw();
    await this.#note({ id: entry.id, scan: told.scan, verdict: told.verdict });
  }

  undo(entry) {
    return this.app.work(async () => {
      if (entry.isUndone) return;
      await this.app.station.undo(entry.scan);
      entry.isUndone = true;
      this.last = this.last.map((one) => (one.id === entry.id ? { ...one, isUndone: true } : one));
      this.app.draw();
      await this.#note({ id: entry.id, scan: entry.scan, verdict: entry.verdict, isUndone: true });
    });
  }

  /** Counts somebody who goes by without a badge. */
  count() {
    return this.app.work(async () => {
      const scan = await this.app.station.count(1);
      const entry = { id: scan.id, scan };
      this.last = [entry, ...this.last].slice(0, MOST_SHOWN);
      await this.#note(entry);
    });
  }

  /** Notes what was made, for the list of the last scans; the scan itself is kept already. */
  async #note(entry) {
    try {
      await this.app.book.note(entry);
    } catch (error) {
      throw error instanceof StorageRefused ? new Refused(this.app.words.listNotKept) : error;
    }
  }

  /** What is said of a scan in the list of the last ones. */
  nameOf({ scan, details, person }) {
    const { words, teller, roster } = this.app;
    if (scan.count !== undefined) return fill(words.counted, { count: String(scan.count) });
    if (!scan.guest) return words.unknownCode;
    return teller.name(details ?? (person ?? roster.findPerson(scan.guest))?.details) || words.guest;
  }

  isInside({ index }) {
    const { station, roster } = this.app;
    const { use } = station.place ?? {};
    if (!index || !use) return false;
    const here = this.last.find(({ scan, isUndone }) => scan.guest === index && !isUndone && scan.verdict?.admits);
    if (here && here.scan.area === use.area && here.scan.session === use.session) return here.scan.direction !== 'out';
    return Boolean(roster.admission(use, index)?.is_inside);
  }

  /** While somebody deals with a verdict it stays. */
  hold() {
    this.#isHeld = true;
  }

  release() {
    this.#isHeld = false;
    if (this.told) this.#standsUntil = performance.now() + STANDS_MS[kindOf(this.told)];
  }

  /** A verdict that has stood long enough goes. */
  tick() {
    const isOver = this.told && !this.#isHeld && !this.forcing && performance.now() > this.#standsUntil;
    if (isOver) this.told = undefined;
  }
}

/**
 * Makes a check once more that the browser had no room for: photos of guests give way, since they can be had again.
 *
 * @param {unknown} error Why it was not made.
 * @param {() => Promise<any>} check
 */
async function makeRoomFor(error, check) {
  if (!(error instanceof StorageRefused)) throw error;
  await Photos.forget();
  return check();
}

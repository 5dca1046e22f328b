/**
 * The page `/desk`: a registration desk, a door or a bus, with or without a network.
 *
 * It decides on its own replica, and keeps each scan before it answers. The secret of a link that enrols leaves
 * the address bar at once.
 *
 * @module
 */

import { Unreachable } from '../common/api.js';
import { Camera } from '../common/camera.js';
import { StorageRefused as DatabaseRefused } from '../common/database.js';
import { keepPage } from '../common/kept.js';
import { chooseLanguage, chooseLocale, describeDuration, fill } from '../common/language.js';
import { DESK, StorageRefused } from '../common/session.js';
import { openClient } from '../common/sync/client.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { Book } from './book.js';
import { DeskWork } from './desk-work.js';
import { letInDialog } from './dialogs.js';
import { enrolView, readCredential } from './enrol.js';
import { Enrolling } from './enrolling.js';
import { bar, nav, placeView, plainView } from './frame.js';
import { guestsView, incidentsView, personView } from './people-view.js';
import { ensureKey } from './key.js';
import { delegationsView, handOutDialog } from './hand-out.js';
import { Photos } from './photos.js';
import { Refused } from './refused.js';
import { Roster } from './roster.js';
import { scanView } from './scan-view.js';
import { Sound } from './sound.js';
import { listUnsent, Station } from './station.js';
import { kindOf, Teller } from './tell.js';
import { Wedge } from './wedge.js';
import { loansView, missingView, walkInView } from './work-view.js';
import { WORDS } from './words.js';

/** How long a verdict stands, in milliseconds: a refusal takes a talk. */
const STANDS_MS = { yes: 6_000, look: 15_000, no: 20_000 };

/** How many scans are shown. */
const MOST_SHOWN = 30;

/** How long a desk keeps what it handed in: until the event is over. */
const JOURNAL_MINUTES = 60 * 24 * 14;

/** What is not there yet. @type {any} */
const NONE = undefined;

class App {
  /** @type {import('../common/sync/client.js').Client} */
  client = NONE;

  /** This desk's own session, with its event and enrolment. @type {any} */
  session;

  /** @type {Book} */
  book = NONE;

  /** What is held; undefined while it has not come. @type {Roster} */
  roster = NONE;

  /** The checkpoint where it stands; undefined until one was chosen. @type {Station} */
  station = NONE;

  /** @type {Teller} */
  teller = NONE;

  /** Why nothing can be done here, where that is so. */
  ended = '';

  /** What was typed to look somebody up. */
  typed = '';

  view = 'scan';
  fault = '';
  note = '';
  isBusy = false;

  /** What was said last; undefined where the desk waits for the next badge. @type {any} */
  told;

  /** What was read last, the newest first. @type {any[]} */
  last = [];

  /** Who was found by name; undefined where nobody was looked for. @type {import('./roster.js').Person[] | undefined} */
  found;

  /** Who is looked at. @type {import('./roster.js').Person | undefined} */
  person;

  /** Who may be let in all the same. @type {any} */
  forcing;

  whyFault = '';

  /** Whom the checkpoint waits for. @type {any} */
  awaited;

  /** What is being handed out. @type {import('./hand-out.js').Handing | undefined} */
  handing;

  /** The delegation that is looked at. @type {string | undefined} */
  delegation;

  /** @type {Photos} */
  photos = NONE;

  cameraFault = '';

  /** How far enrolling has come; undefined while nobody does. @type {Enrolling | undefined} */
  enrolling;

  /** Takes a new version of the page, where one is ready: never by itself, in the middle of a scan. @type {(() => void) | undefined} */
  takeUpdate;

  /** The key of this desk, once it is made. @type {any} */
  key;

  #standsUntil = 0;
  #isHeld = false;
  #turn = Promise.resolve();
  #rosterAt = '';
  #isReading = false;

  constructor() {
    this.language = chooseLanguage(Object.keys(WORDS));
    this.locale = chooseLocale(this.language);
    this.words = WORDS[this.language];
    this.fill = fill;
    this.sound = new Sound();
    this.camera = new Camera((code) => this.#seen(code));
    this.wedge = new Wedge((code) => this.read(code));
    this.deskWork = new DeskWork(this);
    document.documentElement.lang = this.language;
    document.title = `${this.words.desk} · Cumbre`;
  }

  /** Begins: enrols, or opens what this desk holds. */
  async begin() {
    const link = readCredential(location.hash);
    history.replaceState(null, '', location.pathname + location.search);
    this.draw();
    if (!crypto.subtle) return this.#end('insecure');
    keepPage('desk', (take) => {
      this.takeUpdate = take;
      this.draw();
    });
    try {
      this.book = await Book.open();
      this.session = await DESK.load();
    } catch (error) {
      if (!(error instanceof StorageRefused || error instanceof DatabaseRefused)) throw error;
      return this.#end('storageRefused');
    }
    if (link || !this.session) this.#beginEnrolment(link);
    else await this.open();
  }

  #end(fault) {
    this.ended = fault;
    this.draw();
  }

  /** @param {{link: string} | {code: string}} [link] What was scanned or opened. */
  #beginEnrolment(link) {
    this.enrolling = new Enrolling(this, link);
    this.draw();
    this.focusTitle();
  }

  /** This browser is another desk from now on, or none any more: what was open is left. */
  async leaveDesk() {
    await this.book.forget();
    await Photos.forget();
    await this.book.set('checkpoint', undefined);
    this.client?.close();
    this.client = NONE;
    this.station = NONE;
  }

  /** Why an answer is none that was hoped for. @param {{status: number, retryAfterS: number}} answer */
  explain({ status, retryAfterS }) {
    if (status !== 429) return this.words.failed;
    return fill(this.words.tooMany, { time: describeDuration(this.language, retryAfterS) });
  }

  /** Opens what this desk holds, and follows it. */
  async open() {
    const { event } = this.session;
    this.photos = new Photos({ event: event.slug, keeper: DESK, draw: () => this.draw() });
    this.client = await openClient(event.slug, {
      session: this.session,
      keeper: DESK,
      store: 'desk',
      desk: () => this.#state(),
      journalMinutes: JOURNAL_MINUTES,
    });
    this.last = (await this.book.list()).slice(0, MOST_SHOWN);
    this.wedge.listen();
    this.client.subscribe(() => this.#follow());
    // The age of what is held goes on by itself.
    setInterval(() => this.#tick(), 1_000);
    await this.#follow();
    this.focusTitle();
  }

  /** What the desk says of itself with each exchange. */
  #state() {
    const { at } = this.client.time();
    return {
      app_version: 'cumbre web',
      unsent_scans: this.unsent,
      clock_skew_ms: Math.round(Date.now() - at),
    };
  }

  /** How many scans the server does not have. */
  get unsent() {
    return listUnsent(this.client).length;
  }

  /** Reads the roster anew where it has moved. */
  async #follow() {
    if (!this.#isReading) {
      this.#isReading = true;
      try {
        for (let at = this.#positions(); at !== this.#rosterAt; at = this.#positions()) {
          await this.#readRoster();
          this.#rosterAt = at;
        }
      } finally {
        this.#isReading = false;
      }
    }
    this.draw();
  }

  #positions() {
    return this.client.scopes.map((scope) => `${scope} ${this.client.position(scope)}`).join();
  }

  async #readRoster() {
    this.roster = (await Roster.read(this.client, this.session.device)) ?? NONE;
    if (!this.roster) {
      this.station = NONE;
      return;
    }
    this.teller = new Teller({ words: this.words, locale: this.locale, roster: this.roster });
    if (this.station) this.station.roster = this.roster;
    if (!this.station?.place) {
      this.station = NONE;
      await this.#standAgain();
    }
    const looked = this.person?.attendee;
    if (looked) this.person = this.roster.people.find(({ attendee }) => attendee === looked);
    if (this.roster.isFull) this.key ??= await ensureKey(this.book, this.client, this.session.device);
    if (this.view === 'missing') await this.#await();
    // The door of a session shows its few guests' photos with the cable out, too.
    if (this.roster.isProtocol) this.photos.keep(this.roster.people.flatMap(({ photo }) => photo ?? []));
    if (this.typed) this.found = this.roster.findPeople(this.typed);
  }

  /** Stands where it stood before, or at the only checkpoint that there is. */
  async #standAgain() {
    const places = this.roster.listCheckpoints().map(({ id }) => id);
    const former = await this.book.find('checkpoint');
    const id = places.includes(former) ? former : places.length === 1 ? places[0] : undefined;
    if (id) this.#standAt(id);
    if (this.roster.isProtocol) this.view = 'guests';
  }

  #standAt(checkpoint) {
    const { client, roster, session } = this;
    this.station = new Station({ client, roster, checkpoint, device: session.device });
    navigator.wakeLock?.request('screen').catch(() => {});
  }

  /** The person says where the desk is. */
  stand(id) {
    this.sound.wake();
    this.#standAt(id);
    this.work(() => this.book.set('checkpoint', id));
    this.draw();
    this.focusTitle();
  }

  choosePlace() {
    this.station = NONE;
    this.draw();
    this.focusTitle();
  }

  get isFull() {
    return Boolean(this.roster?.isFull);
  }

  get isProtocol() {
    return Boolean(this.roster?.isProtocol);
  }

  get hasNames() {
    return this.isFull || this.isProtocol;
  }

  /** What is odd, what is open first. */
  get incidents() {
    const rank = ({ value }) => (value.resolved_at ? 1 : 0);
    return [...this.client.rows('incidents')].sort((one, other) => rank(one) - rank(other));
  }

  get openIncidents() {
    return this.client.rows('incidents').filter(({ value }) => !value.resolved_at).length;
  }

  show(view, person) {
    this.view = view;
    this.deskWork.forget();
    if (view === 'missing') this.#await();
    this.person = person;
    this.note = '';
    this.fault = '';
    this.draw();
    this.focusTitle();
  }

  plural(name, count) {
    const form = new Intl.PluralRules(this.language).select(count) === 'one' ? 'one' : 'other';
    return fill(this.words[`${name}.${form}`], { count: new Intl.NumberFormat(this.locale).format(count) });
  }

  /** A duration in words, in hours where it is long. */
  duration(milliseconds) {
    const minutes = Math.floor(milliseconds / 60_000);
    const [count, unit] = minutes >= 120 ? [Math.floor(minutes / 60), 'hour'] : [minutes, 'minute'];
    return new Intl.NumberFormat(this.locale, { style: 'unit', unit, unitDisplay: 'short' }).format(count);
  }

  /** A code came from a scanner, the camera or the keyboard. */
  read(code) {
    if (this.enrolling) return this.enrolling.read(code);
    if (!this.station) return undefined;
    return this.work(async () => this.#say(await this.station.read(code)));
  }

  #seen(code) {
    this.read(code);
  }

  /** Somebody was found by name or is known by sight. */
  take(person) {
    const why = this.words[this.isProtocol ? 'why.sight' : 'why.name'];
    return this.work(async () => {
      await this.#say(await this.station.take(person, why));
      if (this.view === 'person' || this.view === 'missing') this.view = 'scan';
      this.#clearTyped();
    });
  }

  askToLetIn(told) {
    this.forcing = told;
    this.whyFault = '';
    this.draw();
    /** @type {HTMLDialogElement | null} */ (document.querySelector('dialog.let-in'))?.showModal();
  }

  submitLetIn(event) {
    event.preventDefault();
    const why = String(new FormData(event.target).get('why')).trim();
    if (why) {
      this.letIn(why);
      return;
    }
    this.whyFault = this.words.whyMissing;
    this.draw();
    event.target.querySelector('input').focus();
  }

  letIn(why) {
    const told = this.forcing;
    this.closeDialog();
    this.work(async () => this.#say(await this.station.letIn(told, why)));
  }

  closeDialog() {
    const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector('dialog.let-in'));
    if (dialog?.open) dialog.close();
    this.forcing = undefined;
    this.draw();
  }

  /** Says a verdict, and notes it. */
  async #say(told) {
    const entry = { ...told, id: told.scan.id };
    this.told = entry;
    this.last = [entry, ...this.last].slice(0, MOST_SHOWN);
    const kind = kindOf(told);
    this.#standsUntil = performance.now() + STANDS_MS[kind];
    this.#isHeld = false;
    if (!this.isProtocol) this.sound.play(kind);
    this.draw();
    await this.book.note({ id: entry.id, scan: told.scan, verdict: told.verdict });
  }

  undo(entry) {
    return this.work(async () => {
      if (entry.isUndone) return;
      await this.station.undo(entry.scan);
      entry.isUndone = true;
      this.last = this.last.map((one) => (one.id === entry.id ? { ...one, isUndone: true } : one));
      this.draw();
      await this.book.note({ id: entry.id, scan: entry.scan, verdict: entry.verdict, isUndone: true });
    });
  }

  toggleSound() {
    this.sound.wake();
    this.sound.isOn = !this.sound.isOn;
    this.draw();
  }

  /** Counts somebody who goes by without a badge. */
  count() {
    return this.work(async () => {
      const scan = await this.station.count(1);
      const entry = { id: scan.id, scan };
      this.last = [entry, ...this.last].slice(0, MOST_SHOWN);
      await this.book.note(entry);
    });
  }

  turn(direction) {
    this.station.direction = direction;
    this.draw();
  }

  /** What is said of a scan in the list of the last ones. */
  nameOf({ scan, details, person }) {
    if (scan.count !== undefined) return fill(this.words.counted, { count: String(scan.count) });
    if (!scan.guest) return this.words.unknownCode;
    return this.teller.name(details ?? (person ?? this.roster.findPerson(scan.guest))?.details) || this.words.guest;
  }

  isInside({ index }) {
    const { use } = this.station.place ?? {};
    if (!index || !use) return false;
    const here = this.last.find(({ scan, isUndone }) => scan.guest === index && !isUndone && scan.verdict?.admits);
    if (here && here.scan.area === use.area && here.scan.session === use.session) return here.scan.direction !== 'out';
    return Boolean(this.roster.admission(use, index)?.is_inside);
  }

  type(text) {
    this.typed = text;
    this.found = this.hasNames && text.trim().length >= 2 && text.length < 100 ? this.roster.findPeople(text) : undefined;
    this.draw();
  }

  /** A scanner types into the field as well. */
  submitTyped(event) {
    event.preventDefault();
    const text = String(new FormData(event.target).get('typed'));
    if (text.trim() === '') return;
    if (this.found?.length === 1 && this.found[0].index) {
      this.take(this.found[0]);
    } else if (!this.found || this.found.length === 0) {
      this.read(text.replace(/[\r\n\t]/g, ''));
      this.#clearTyped();
    }
  }

  #clearTyped() {
    this.typed = '';
    this.found = undefined;
    const field = document.querySelector('#typed');
    if (field instanceof HTMLInputElement) field.value = '';
    this.draw();
  }

  async toggleCamera() {
    this.sound.wake();
    this.cameraFault = '';
    if (this.camera.isRunning) this.camera.stop();
    else await this.startCamera();
    await this.book.set('camera', this.camera.isRunning);
    this.draw();
  }

  /** Starts the camera, or says why it cannot be. */
  async startCamera() {
    try {
      const video = document.querySelector('video');
      if (video) await this.camera.start(video);
    } catch (error) {
      const isRefused = error instanceof DOMException && error.name === 'NotAllowedError';
      const fault = isRefused ? this.words.cameraDenied : this.words.cameraMissing;
      if (this.enrolling) {
        this.enrolling.isScanning = false;
        this.fault = fault;
      } else this.cameraFault = fault;
    }
    this.draw();
  }

  /** Looks whom the checkpoint waits for. */
  async #await() {
    if (this.station?.place) this.awaited = await this.station.listMissing();
    this.draw();
  }

  /** While somebody deals with a verdict it stays. */
  hold() {
    this.#isHeld = true;
  }

  release() {
    this.#isHeld = false;
    if (this.told) this.#standsUntil = performance.now() + STANDS_MS[kindOf(this.told)];
  }

  #tick() {
    const isOver = this.told && !this.#isHeld && !this.forcing && performance.now() > this.#standsUntil;
    if (isOver) this.told = undefined;
    this.draw();
  }

  /** Runs work after what is under way, so that scans are judged one after the other. @param {() => Promise<unknown>} work */
  work(work) {
    const run = this.#turn.then(async () => {
      this.isBusy = true;
      this.fault = '';
      this.draw();
      try {
        await work();
      } catch (error) {
        this.fault = this.#faultOf(error);
      }
      this.isBusy = false;
      this.draw();
    });
    this.#turn = run;
    return run;
  }

  #faultOf(error) {
    if (error instanceof Refused) return error.message;
    if (error instanceof Unreachable) return this.words.unreachable;
    if (error instanceof StorageRefused || error instanceof DatabaseRefused) return this.words.storageFull;
    reportError(error);
    return this.words.failed;
  }

  /** Leads to what is shown now. */
  focusTitle() {
    scrollTo(0, 0);
    const title = document.querySelector('main:not([hidden]) h1');
    if (title instanceof HTMLElement) title.focus({ preventScroll: true });
  }

  draw() {
    const root = document.getElementById('app');
    if (root) render(this.#whole(), root);
    this.photos?.paint();
  }

  #whole() {
    const { words } = this;
    if (this.ended) return plainView(words.desk, words[this.ended]);
    if (this.enrolling) return enrolView(this);
    if (!this.client) return plainView(words.desk, words.loading);
    const { isSignedOut } = this.client.state;
    if (isSignedOut) return html`${bar(this)}${plainView(words.ended, words.endedText, this.#anew())}`;
    if (!this.roster) return html`${bar(this)}${this.#withoutRoster()}`;
    if (!this.station) return html`${bar(this)}${placeView(this)}`;
    return html`
      ${bar(this)}${nav(this)}
      ${this.fault && !['person', 'walkIn', 'loans', 'delegations'].includes(this.view) ? html`<p class="message fault" role="alert">${this.fault}</p>` : nothing}
      ${this.roster.canVerify ? nothing : html`<p class="message fault" role="alert">${words.keyless}</p>`}
      ${scanView(this)}
      ${this.view === 'guests' ? guestsView(this) : nothing}
      ${this.view === 'incidents' ? incidentsView(this) : nothing}
      ${this.view === 'missing' ? missingView(this) : nothing}
      ${this.view === 'walkIn' ? walkInView(this) : nothing}
      ${this.view === 'loans' ? loansView(this) : nothing}
      ${this.view === 'delegations' ? delegationsView(this) : nothing}
      ${this.view === 'person' && this.person ? personView(this) : nothing}
      ${letInDialog(this)}${handOutDialog(this)}
    `;
  }

  #withoutRoster() {
    const { words } = this;
    const isHere = this.client.rows('events').length > 0 && this.client.state.freshAt !== undefined;
    return isHere ? plainView(words.notInUse, words.notInUseText, this.#anew()) : plainView(words.waiting, words.waitingText);
  }

  #anew() {
    return html`<button type="button" class="quiet" @click=${() => this.#beginEnrolment()}>${this.words.leave}</button>`;
  }
}

new App().begin();

/**
 * What every view of the desk uses: what the device holds, where it stands, and what to say.
 *
 * @module
 */

import { Unreachable } from '../common/api.js';
import { keepPage } from '../common/kept.js';
import { chooseLanguage, chooseLocale, describeDuration, fill } from '../common/language.js';
import { explainProblem } from '../common/problem.js';
import { DESK, StorageRefused } from '../common/session.js';
import { openClient } from '../common/sync/client.js';
import { Book } from './book.js';
import { Checks } from './checks.js';
import { DeskWork } from './desk-work.js';
import { readCredential } from './enrol.js';
import { Enrolling } from './enrolling.js';
import { isSettled } from './incidents.js';
import { ensureKey, isRevoked } from './key.js';
import { Lookup } from './lookup.js';
import { Photos } from './photos.js';
import { Refused } from './refused.js';
import { Roster } from './roster.js';
import { Sight } from './sight.js';
import { Sound } from './sound.js';
import { listUnsent, Station } from './station.js';
import { Teller } from './tell.js';
import { Wedge } from './wedge.js';
import { WORDS } from './words.js';

/** How long a desk keeps what it handed in: until the event is over. */
const JOURNAL_MINUTES = 60 * 24 * 14;

/** What is not there yet. @type {any} */
const NONE = undefined;

export class App {
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

  view = 'scan';
  fault = '';
  note = '';
  isBusy = false;

  /** Who is looked at. @type {import('./roster.js').Person | undefined} */
  person;

  /** Whom the checkpoint waits for. @type {any} */
  awaited;

  /** What is being handed out. @type {import('./hand-out.js').Handing | undefined} */
  handing;

  /** The delegation that is looked at. @type {string | undefined} */
  delegation;

  /** @type {Photos} */
  photos = NONE;

  /** How far enrolling has come; undefined while nobody does. @type {Enrolling | undefined} */
  enrolling;

  /** Takes a new version of the page, where one is ready: never by itself, in the middle of a scan. @type {(() => void) | undefined} */
  takeUpdate;

  /** The key of this desk, once it is made. @type {any} */
  key;

  #show;
  #turn = Promise.resolve();
  #rosterAt = '';
  #isReading = false;

  /** @param {(app: App) => void} show Draws the page. */
  constructor(show) {
    this.#show = show;
    this.language = chooseLanguage(Object.keys(WORDS));
    this.locale = chooseLocale(this.language);
    this.words = WORDS[this.language];
    this.fill = fill;
    this.sound = new Sound();
    this.sight = new Sight(this, (code) => this.read(code));
    this.wedge = new Wedge((code) => this.read(code));
    this.checks = new Checks(this);
    this.lookup = new Lookup(this);
    this.deskWork = new DeskWork(this);
    document.documentElement.lang = this.language;
    document.title = `${this.words.desk} · Cumbre`;
  }

  /** Begins: enrols, or opens what this desk holds. */
  async begin() {
    const link = takeLink();
    // A link may be opened in the tab that is a desk already.
    addEventListener('hashchange', () => this.#followLink());
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
      if (!(error instanceof StorageRefused)) throw error;
      return this.#end('storageRefused');
    }
    if (link || !this.session) this.#beginEnrolment(link);
    else await this.open();
  }

  #followLink() {
    const link = takeLink();
    if (!link || !this.book || this.ended) return;
    this.sight.stop();
    this.#beginEnrolment(link);
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

  /** Why an answer is none that was hoped for. @param {import('../common/api.js').Answer} answer */
  explain({ status, body, retryAfterS }) {
    if (status === 429) return fill(this.words.tooMany, { time: describeDuration(this.language, retryAfterS) });
    return body?.code ? explainProblem(this.words, body.code) : this.words.failed;
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
    // A desk's key goes with its first exchange: it registers who walks in from then on, whatever the network does.
    if (this.session.enrolment.profile === 'full') await this.#ensureKey();
    await this.checks.open();
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
      unsent_scans: listUnsent(this.client).length,
      clock_skew_ms: Math.round(Date.now() - at),
    };
  }

  /** How much the server does not have: scans, and what else was done here, such as a walk-in or a loan. */
  get unsent() {
    return this.client.outbox.length;
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
    await this.roster.expect(this.client);
    const looked = this.person?.attendee;
    if (looked) this.person = this.roster.listNamed().find(({ attendee }) => attendee === looked);
    if (this.roster.isFull) await this.#ensureKey();
    if (this.view === 'missing') await this.#await();
    // The door of a session shows its few guests' photos with the cable out, too.
    if (this.roster.isProtocol) this.photos.keep(this.roster.people.flatMap(({ photo }) => photo ?? []));
    this.lookup.again();
  }

  async #ensureKey() {
    if (this.key && !isRevoked(this.client, this.key)) return;
    this.key = await ensureKey(this.book, this.client, this.session.device);
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
    // A verdict of another door is none of this one.
    this.checks.told = undefined;
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
    const rank = (incident) => (isSettled(this.client, incident) ? 1 : 0);
    return [...this.client.rows('incidents')].sort((one, other) => rank(one) - rank(other));
  }

  get openIncidents() {
    return this.client.rows('incidents').filter((incident) => !isSettled(this.client, incident)).length;
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
    return this.station ? this.checks.read(code) : undefined;
  }

  toggleSound() {
    this.sound.wake();
    this.sound.isOn = !this.sound.isOn;
    this.draw();
  }

  turn(direction) {
    this.station.direction = direction;
    this.draw();
  }

  /** Looks whom the checkpoint waits for. */
  async #await() {
    if (this.station?.place) this.awaited = await this.station.listMissing();
    this.draw();
  }

  #tick() {
    this.checks.tick();
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
    if (error instanceof StorageRefused) return this.words.storageFull;
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
    this.#show(this);
  }

  /** This browser becomes another desk. */
  enrolAnew() {
    this.#beginEnrolment();
  }
}

/** The credential in the address, if there is one. Its secret leaves the address bar and the history at once. */
function takeLink() {
  const link = readCredential(location.hash);
  history.replaceState(null, '', location.pathname + location.search);
  return link;
}

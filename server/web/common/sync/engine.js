/**
 * What the leading tab does: exchanges, one at a time, and the live stream, with waiting exchanges
 * where a network lets no stream through.
 *
 * @module
 */

import { ask, Unreachable } from '../api.js';
import { StorageRefused } from '../database.js';
import { newId } from './ids.js';
import { readEvents } from './stream.js';
import { measure, readClock, timeAt, wireClock } from './time.js';

/** How long the server may hold an exchange that has no news, in seconds. */
const WAIT_S = 25;

/** A stream is open once its first event is there, and dead after this silence, in milliseconds. */
const FIRST_EVENT_MS = 8_000;
const SILENCE_MS = 50_000;

/** The longest that a network without streams is not tried again, in milliseconds. */
const NO_STREAM_MS = 300_000;

/** The longest pause after failures, in milliseconds. */
const LONGEST_PAUSE_MS = 60_000;

const between = (/** @type {number} */ least, /** @type {number} */ most) => least + Math.random() * (most - least);

export class Engine {
  #replica;
  #path;
  #options;
  #report;
  #tell;

  /** Ends the pause under way. */
  #wake = () => {};

  /** Whether something asked for an exchange since the last one began. */
  #isWanted = false;

  /** Stops what waits at the server without being needed. @type {AbortController | undefined} */
  #waiting;

  /** The requests that failed in a row. */
  #failures = 0;

  /** Whether the last request met no server, rather than one that asked for patience. */
  #isUnreachable = false;

  /** When streams are tried again, by the clock that never jumps. */
  #streamsFrom = 0;

  /** The streams in a row that brought nothing although exchanges came through. */
  #silentStreams = 0;

  /** Gives up what is under way over a network that is gone, and the pause before the next stream. */
  #network = new AbortController();

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #noticeTimer;

  /**
   * @param {import('./replica.js').Replica} replica
   * @param {string} event
   * @param {{keeper?: import('../session.js').SessionKeeper, desk?: () => object | undefined, pollS?: number}} options
   *   Whose session, if anybody's; and as in {@link import('./client.js').Options}.
   * @param {(changes: import('./shown.js').RowChange[], haveEditsChanged: boolean) => void} report What was stored.
   * @param {(status: Partial<import('./client.js').Status>) => void} tell How it stands.
   */
  constructor(replica, event, options, report, tell) {
    this.#replica = replica;
    this.#path = `/v1/events/${encodeURIComponent(event)}`;
    this.#options = options;
    this.#report = report;
    this.#tell = tell;
  }

  /** Asks for an exchange now. */
  wake() {
    this.#isWanted = true;
    this.#waiting?.abort();
    this.#wake();
  }

  /** The network is gone: what is under way is given up. The one that comes may let streams through. */
  cut() {
    this.#tell({ isOnline: false, isLive: false });
    this.#streamsFrom = 0;
    this.#silentStreams = 0;
    this.#network.abort();
    this.#network = new AbortController();
    this.wake();
  }

  /** @param {AbortSignal} signal Ends it. */
  async run(signal) {
    const stop = () => this.wake();
    signal.addEventListener('abort', stop);
    let live = Promise.resolve();
    let isListening = false;
    while (!signal.aborted) {
      this.#isWanted = false;
      const pause = await this.#exchange(signal);
      if (pause === undefined) break;
      if (!isListening && this.#failures === 0 && this.#options.keeper) {
        isListening = true;
        live = this.#listenOn(signal, this.#options.keeper);
      }
      if (!this.#isWanted && !signal.aborted) await this.#pause(pause);
    }
    signal.removeEventListener('abort', stop);
    clearTimeout(this.#noticeTimer);
    await live;
    await this.#replica.abandonRequest().catch(() => {});
  }

  /**
   * One exchange; how long to pause until the next, in milliseconds, or undefined where there is to be
   * none any more.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<number | undefined>}
   */
  async #exchange(signal) {
    try {
      if (!navigator.onLine) throw new Unreachable('There is no network.');
      const given = AbortSignal.any([signal, this.#network.signal]);
      const pause = this.#options.keeper ? await this.#exchangeOnce(given, this.#options.keeper) : await this.#readPublic(given);
      if (pause !== undefined) this.#failures = 0;
      return pause;
    } catch (error) {
      if (signal.aborted) return undefined;
      await this.#giveUp();
      if (error instanceof StorageRefused) this.#tell({ isStorageFull: true });
      else if (!(error instanceof Unreachable)) throw error;
      // Given up for something more urgent, which is no failure.
      if (this.#waiting?.signal.aborted && navigator.onLine) return 0;
      this.#isUnreachable = error instanceof Unreachable;
      if (this.#isUnreachable) this.#tell({ isOnline: false });
      return this.#backOff();
    }
  }

  /**
   * @param {AbortSignal} signal
   * @param {import('../session.js').SessionKeeper} keeper
   */
  async #exchangeOnce(signal, keeper) {
    const [token, sent] = [newId(), readClock()];
    const isFallback = performance.now() < this.#streamsFrom && this.#failures === 0 && !this.#isWanted;
    const { body } = await this.#replica.nextRequest(token, this.#now(), {
      waitS: isFallback ? WAIT_S : undefined,
      clock: wireClock(sent),
      desk: this.#options.desk?.(),
      maxMutations: this.#maxMutations,
    });
    this.#waiting = new AbortController();
    const given = isFallback ? AbortSignal.any([signal, this.#waiting.signal]) : signal;
    const answer = await keeper.ask('POST', `${this.#path}/sync`, body, {
      signal: given,
      patienceMs: 20_000 + (isFallback ? WAIT_S * 1_000 : 0),
    });
    this.#isUnreachable = false;
    if (answer.status !== 200) return this.#judge(answer);
    const pause = await this.#store(token, answer.body, sent, isFallback);
    this.#maxMutations = undefined;
    return pause;
  }

  /** What a request holds after one that was too large. @type {number | undefined} */
  #maxMutations;

  /**
   * The public programme, for who is not signed in.
   *
   * @param {AbortSignal} signal
   */
  async #readPublic(signal) {
    const [token, sent] = [newId(), readClock()];
    const { body } = await this.#replica.nextRequest(token, this.#now());
    const since = JSON.parse(body).holds.public;
    const time = await ask('GET', '/v1/time', { signal });
    const address = `${this.#path}/sync/public${since ? `?since=${encodeURIComponent(since)}` : ''}`;
    const answer = time.status === 200 ? await ask('GET', address, { signal }) : time;
    if (answer.status !== 200) return this.#judge(answer);
    const poll = this.#options.pollS ?? 30;
    return this.#store(token, { next_poll_s: poll, ...answer.body, server_time: time.body.server_time }, sent, false);
  }

  /**
   * Stores an answer.
   *
   * @param {string} token
   * @param {import('./replica.js').Answer} answer
   * @param {import('./time.js').Reading} sent
   * @param {boolean} isFallback
   */
  async #store(token, answer, sent, isFallback) {
    const received = readClock();
    const serverTime = answer.server_time ? measure(sent, received, answer.server_time) : undefined;
    const now = serverTime ? timeAt(serverTime, received).at : this.#now();
    const applied = await this.#replica.applyAnswer(token, answer, { now, serverTime });
    if (!applied) return 0;
    this.#tell({
      isOnline: true,
      isStorageFull: false,
      mustUpdate: false,
      ...(serverTime && { serverTime }),
      ...(!applied.more && applied.isWhole && { freshAt: now }),
    });
    this.#report(applied.changes, applied.haveEditsChanged);
    const asksAgain = applied.more || applied.resend || applied.diverged.length > 0 || applied.needsExchange;
    if (asksAgain || (await this.#hasMoreToSend(answer, now))) return 0;
    if (isFallback) return 0;
    return (answer.next_poll_s ?? 60) * 1_000 * between(0.9, 1.1);
  }

  /**
   * Whether edits wait that the server takes now.
   *
   * @param {import('./replica.js').Answer} answer
   * @param {number} now
   */
  async #hasMoreToSend({ results = [] }, now) {
    const isPatient = results.some(({ status }) => status === 'retry');
    if (isPatient) {
      const afterS = Math.max(...results.map(({ after_s = 0 }) => after_s), 1);
      setTimeout(() => this.wake(), afterS * 1_000);
      return false;
    }
    return results.length > 0 && (await this.#replica.listEdits()).some(({ state }) => state === 'waiting') && now > 0;
  }

  /**
   * What an answer other than 200 means.
   *
   * @param {import('../api.js').Answer} answer
   */
  async #judge({ status, retryAfterS }) {
    await this.#giveUp();
    if (status === 401) {
      this.#tell({ isOnline: true, isLive: false, isSignedOut: true });
      return undefined;
    }
    if (status === 426) this.#tell({ mustUpdate: true });
    if (status === 404 || status === 403) this.#tell({ isOnline: true, isGone: true });
    if (status === 413) this.#maxMutations = Math.max(1, Math.floor((this.#maxMutations ?? 64) / 4));
    return Math.max(this.#backOff(), retryAfterS * 1_000 * between(1, 1.3));
  }

  async #giveUp() {
    const { changes } = await this.#replica.abandonRequest();
    this.#report(changes, false);
  }

  #backOff() {
    this.#failures += 1;
    return Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** Math.min(this.#failures, 6)) * between(0.5, 1);
  }

  /** @param {number} ms */
  async #pause(ms) {
    if (ms <= 0) return;
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
  }

  /** @type {() => number} The server's time. */
  #now = () => Date.now();

  /** @param {() => number} now The server's time, as far as it is known. */
  useTime(now) {
    this.#now = now;
  }

  /**
   * Listens as long as it may, and comes back after each end.
   *
   * @param {AbortSignal} signal
   * @param {import('../session.js').SessionKeeper} keeper
   */
  async #listenOn(signal, keeper) {
    while (!signal.aborted) {
      let pause = between(2_000, 8_000);
      if (navigator.onLine && performance.now() >= this.#streamsFrom) {
        const end = await this.#listenOnce(signal, keeper);
        this.#replica.closeLive();
        this.#tell({ isLive: false });
        if (signal.aborted) return;
        const isBarred = end === 'silent' && this.#failures === 0 && navigator.onLine;
        this.#silentStreams = isBarred ? this.#silentStreams + 1 : 0;
        if (isBarred) {
          // One may have met a server that was just starting; a network that bars them bars each.
          pause = Math.min(NO_STREAM_MS, pause * 4 ** (this.#silentStreams - 1));
          this.#streamsFrom = performance.now() + pause;
        }
        // Whether it was the stream alone or the network, an exchange says.
        if (isBarred || end === 'heard') this.wake();
      }
      await sleep(pause, AbortSignal.any([signal, this.#network.signal]));
    }
  }

  /**
   * Listens once.
   *
   * @param {AbortSignal} signal
   * @param {import('../session.js').SessionKeeper} keeper
   * @returns {Promise<'heard' | 'silent' | 'cut'>} Whether anything was heard; or that the network went before.
   */
  async #listenOnce(signal, keeper) {
    const silence = new AbortController();
    const either = AbortSignal.any([signal, silence.signal]);
    let timer = setTimeout(() => silence.abort(), FIRST_EVENT_MS);
    let isCut = false;
    const cut = () => {
      isCut = true;
      silence.abort();
    };
    addEventListener('offline', cut);
    let heard = false;
    try {
      const response = await keeper.send('POST', `${this.#path}/live`, await this.#replica.liveRequest(), either);
      if (!response?.ok || !response.body) return 'silent';
      for await (const given of readEvents(response.body)) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
        if (either.aborted) break;
        if (!heard) this.#open();
        heard = true;
        if (given) await this.#take(/** @type {any} */ (given));
        else this.#tell({ freshAt: this.#now() });
      }
    } catch (error) {
      if (error instanceof StorageRefused) this.#tell({ isStorageFull: true });
    } finally {
      clearTimeout(timer);
      removeEventListener('offline', cut);
    }
    if (heard) return 'heard';
    return isCut ? 'cut' : 'silent';
  }

  /** A stream is open. The server is there again, so what waits for another try need not wait any longer. */
  #open() {
    this.#tell({ isLive: true, isOnline: true });
    if (this.#isUnreachable) this.wake();
  }

  /** @param {import('./replica.js').LiveEvent} given */
  async #take(given) {
    const { changes, needsExchange } = await this.#replica.applyLive(given);
    if (changes.length > 0) this.#report(changes, false);
    if (given.event === 'covers' && !needsExchange) {
      const now = this.#now();
      this.#tell({ freshAt: now });
      await this.#replica.keepFresh(now);
    }
    if (needsExchange) this.wake();
    // What this device now holds is told soon, so that the organiser sees whom a notice has reached.
    if (changes.some(({ collection }) => collection === 'notices')) {
      clearTimeout(this.#noticeTimer);
      this.#noticeTimer = setTimeout(() => this.wake(), between(0, 5_000));
    }
  }
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal
 */
function sleep(ms, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve(undefined);
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

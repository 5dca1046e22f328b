/**
 * Which of several tabs exchanges with the server: one at a time, by a lock that the browser frees when
 * a tab ends. A tab that is seen takes it from one that is not, since browsers put those to sleep.
 *
 * @module
 */

/** How long the leader has to say that it is awake, in milliseconds. */
const PATIENCE_MS = 1_500;

export class Leadership {
  #name;
  #channel;
  #lead;
  #end = new AbortController();

  /** Gives the lock back; there while this tab leads. @type {(() => void) | undefined} */
  #release;

  /** Whether the lock is asked for. */
  #isWaiting = false;

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #doubt;

  /**
   * @param {string} name Of the lock.
   * @param {(signal: AbortSignal) => Promise<void>} lead What the leader does until it is told to stop.
   */
  constructor(name, lead) {
    this.#name = name;
    this.#lead = lead;
    this.#channel = new BroadcastChannel(`${name}-leadership`);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    document.addEventListener('visibilitychange', this.#look, { signal: this.#end.signal });
    this.#stand();
    this.#look();
  }

  /** Whether this tab is the one. */
  get isLeader() {
    return this.#release !== undefined;
  }

  /** Leaves it to others for good. */
  close() {
    this.#end.abort();
    clearTimeout(this.#doubt);
    this.#release?.();
    this.#channel.close();
  }

  #look = () => {
    if (document.hidden || this.isLeader) return;
    // Whoever leads and is seen answers; whoever sleeps cannot.
    this.#channel.postMessage('I am seen');
    clearTimeout(this.#doubt);
    this.#doubt = setTimeout(() => this.isLeader || this.#stand(true), PATIENCE_MS);
  };

  /** @param {string} word */
  #hear(word) {
    if (word === 'I am seen' && this.isLeader) {
      if (!document.hidden) {
        this.#channel.postMessage('I lead');
        return;
      }
      this.#release?.();
      this.#stand();
    } else if (word === 'I lead') {
      clearTimeout(this.#doubt);
    }
  }

  /** Waits for the lock, or takes it from a leader that does not answer. */
  async #stand(takes = false) {
    if (!navigator.locks) {
      // Without HTTPS there are no locks; then every tab exchanges, and only the newest answer counts.
      await this.#hold();
      return;
    }
    if (this.#isWaiting && !takes) return;
    this.#isWaiting ||= !takes;
    const options = takes ? { steal: true } : { signal: this.#end.signal };
    try {
      await navigator.locks.request(this.#name, options, () => this.#hold());
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
      // Another tab took it, which thinks that this one sleeps, or this one was closed.
      this.#release?.();
      if (!this.#end.signal.aborted) {
        this.#isWaiting = false;
        this.#stand();
      }
    }
  }

  async #hold() {
    this.#isWaiting = false;
    clearTimeout(this.#doubt);
    if (this.#end.signal.aborted || this.isLeader) return;
    const stop = new AbortController();
    const released = new Promise((resolve) => {
      this.#release = () => {
        this.#release = undefined;
        stop.abort();
        resolve(undefined);
      };
    });
    const work = this.#lead(stop.signal);
    await released;
    await work;
  }
}

/**
 * Scanners that act as a keyboard: a burst of keys and a line end, wherever the focus is.
 *
 * @module
 */

/** The longest pause within a burst, in milliseconds: a busy tablet may be late with a key. */
const PAUSE_MS = 1_000;

/** The shortest code that is taken for one. */
const LEAST_CHARS = 8;

export class Wedge {
  #typed = '';
  #at = 0;

  /** @param {(code: string) => void} onCode */
  constructor(onCode) {
    this.onCode = onCode;
  }

  /** Listens to the whole page. */
  listen() {
    addEventListener('keydown', (event) => this.#hear(event), { capture: true });
  }

  #hear(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || isField(event.target)) return;
    const isBurst = event.timeStamp - this.#at < PAUSE_MS;
    this.#at = event.timeStamp;
    if (!isBurst) this.#typed = '';
    if (event.key.length === 1) {
      // Within a burst a space presses no button; one that stands alone does.
      if (this.#typed.trim()) event.preventDefault();
      this.#typed += event.key;
    } else if ((event.key === 'Enter' || event.key === 'Tab') && this.#typed.length >= LEAST_CHARS) {
      event.preventDefault();
      event.stopPropagation();
      const code = this.#typed;
      this.#typed = '';
      this.onCode(code);
    }
  }
}

/** What is typed into a field is the field's. */
function isField(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

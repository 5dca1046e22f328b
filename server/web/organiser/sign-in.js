/**
 * Signing in: a code that somebody handed over, or one that comes by mail.
 *
 * @module
 */

import { ask } from '../common/api.js';
import { describeDuration, fill } from '../common/language.js';
import { signIn } from '../common/session.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';

export class SignIn {
  fault = '';
  note = '';
  isBusy = false;

  /** Where a code was mailed to. */
  address = '';

  /**
   * @param {{words: Record<string, string>, language: string, draw: () => void, explain: (error: unknown) => string,
   *   done: () => void}} made
   */
  constructor({ words, language, draw, explain, done }) {
    this.words = words;
    this.language = language;
    this.draw = draw;
    this.explain = explain;
    this.done = done;
  }

  view() {
    const { words } = this;
    return html`
      <main class="sign-in panel">
        <h1 tabindex="-1">${words.signInTitle}</h1>
        <p class="quiet-text">${words.signInText}</p>
        <div role="status">${this.note ? html`<p class="message">${this.note}</p>` : nothing}</div>
        <div role="alert">${this.fault ? html`<p class="message fault">${this.fault}</p>` : nothing}</div>
        <form novalidate @submit=${(event) => this.#send(event, (given) => this.#mail(given))}>
          <label for="email">${words.email}</label>
          <input id="email" name="email" type="email" autocomplete="email" maxlength="254">
          <button type="submit" class="quiet" aria-disabled=${String(this.isBusy)}>${words.mailCode}</button>
        </form>
        <form novalidate @submit=${(event) => this.#send(event, (given) => this.#enter(given))}>
          <label for="code">${words.code}</label>
          <input id="code" name="code" class="code" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" maxlength="40"
            aria-describedby="code-hint">
          <p id="code-hint" class="hint">${words.codeHint}</p>
          <button type="submit" aria-disabled=${String(this.isBusy)}>${words.signIn}</button>
        </form>
      </main>
    `;
  }

  async #send(event, work) {
    event.preventDefault();
    if (this.isBusy) return;
    Object.assign(this, { isBusy: true, fault: '', note: '' });
    this.draw();
    try {
      await work(new FormData(event.target));
    } catch (error) {
      this.fault = this.explain(error);
    }
    this.isBusy = false;
    this.draw();
  }

  async #mail(given) {
    const email = String(given.get('email')).trim();
    if (!/^\S+@\S+$/.test(email)) {
      this.fault = this.words.emailWrong;
      return;
    }
    const answer = await ask('POST', '/v1/sign-in/codes', { body: { email } });
    if (answer.status !== 202) {
      this.fault = this.#why(answer);
      return;
    }
    this.address = email;
    this.note = fill(this.words.codeMailed, { email });
  }

  async #enter(given) {
    const code = String(given.get('code')).trim();
    if (!code) {
      this.fault = this.words.codeMissing;
      return;
    }
    // A code that was mailed goes with its address; one from a desk stands alone.
    const answer = await signIn(this.address ? { email: this.address, code } : { code });
    if (answer.status === 200) this.done();
    else this.fault = answer.status === 401 ? this.words.codeRefused : this.#why(answer);
  }

  #why({ status, retryAfterS }) {
    if (status !== 429) return this.words.failed;
    return fill(this.words.tooMany, { time: describeDuration(this.language, retryAfterS) });
  }
}

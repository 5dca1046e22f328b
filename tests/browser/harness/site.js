/**
 * A server of a test's own, with the demonstration's week and people in it.
 *
 * @module
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How long a server may take to stop before it is killed, in milliseconds. */
const PATIENCE_MS = 10_000;

export class Site {
  #server;
  #answers;
  #folder;
  #log = '';

  /**
   * Starts a server; it stands at 26 November 2018, 08:00 in Santiago.
   *
   * @param {{crowd?: boolean, web?: string}} [wanted] Whether the hundreds of others come, and everybody is registered; a
   *   folder of pages in place of those that are tested.
   */
  static async open({ crowd = false, web } = {}) {
    const site = new Site();
    site.#folder = await mkdtemp(join(tmpdir(), 'cumbre-browser-'));
    site.#server = spawn(process.env.CUMBRE_BROWSER_STAGE, crowd ? [site.#folder, 'crowd'] : [site.#folder], {
      env: { ...process.env, ...(web && { CUMBRE_WEB_FOLDER: web }) },
    });
    site.#server.stderr.on('data', (text) => (site.#log += text));
    site.#answers = createInterface({ input: site.#server.stdout })[Symbol.asyncIterator]();
    /** `address`: where it is; `people`: the demonstration's, each with `name`, `email` and a desk's `code`. */
    Object.assign(site, JSON.parse(await site.#hear()));
    return site;
  }

  /** Ends the server at once, as a power cut would; it does not come back. */
  async kill() {
    const ended = once(this.#server, 'exit');
    this.#server.kill('SIGKILL');
    await ended;
  }

  /** Stops the server and removes what it kept. */
  async close() {
    if (this.#server.exitCode === null && this.#server.signalCode === null) {
      const overdue = setTimeout(() => this.#server.kill('SIGKILL'), PATIENCE_MS);
      this.#server.stdin.end();
      await once(this.#server, 'exit');
      clearTimeout(overdue);
    }
    await rm(this.#folder, { recursive: true });
  }

  /** The person with the address that begins so: `organiser`, `minister`, `assistant` and so on. */
  person(who) {
    return this.people.find(({ email }) => email.startsWith(`${who}@`));
  }

  /** Moves the server's clock forward. */
  advance(milliseconds) {
    return this.#order(`advance ${milliseconds}`);
  }

  /** The newest mail to an address whose text holds a word; undefined while there is none. */
  async findMail(address, word = '') {
    const folder = join(this.#folder, 'mail');
    // The server makes the folder with the first mail, and gives a mail its name once it is whole.
    const names = existsSync(folder) ? (await readdir(folder)).filter((name) => !name.endsWith('.part')) : [];
    const mails = await Promise.all(names.sort().reverse().map((name) => readFile(join(folder, name), 'utf8')));
    return mails.find((text) => text.startsWith(`To: ${address}\n`) && text.includes(word));
  }

  /** The code and the link of the newest mail to an address. */
  async readMail(address) {
    await this.#order('finish-mails');
    const mail = await this.findMail(address);
    const [code, link] = [...mail.matchAll(/^ {4}(\S+)$/gm)].map(([, word]) => word);
    return { code, link, text: mail };
  }

  /** Has a code mailed to an address, without a page. */
  async mailCode(address) {
    const answer = await this.ask('POST', '/v1/sign-in/codes', { body: { email: address } });
    if (answer.status !== 202) throw new Error(`no code was mailed: ${answer.status}`);
    return this.readMail(address);
  }

  /** Signs somebody in without a page: their access token. */
  async signIn(who) {
    const { code } = this.person(who);
    const answer = await this.ask('POST', '/v1/sign-in', { body: { code, device: { name: 'Test', kind: 'console' } } });
    if (answer.status !== 200) throw new Error(`${who} was not signed in: ${answer.status}`);
    return answer.body.access_token;
  }

  /** Asks the server without a page. */
  async ask(method, path, { token, body } = {}) {
    const headers = {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body && { 'Content-Type': 'application/json' }),
    };
    const response = await fetch(this.address + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  }

  async #order(text) {
    this.#server.stdin.write(`${text}\n`);
    const answer = await this.#hear();
    if (answer !== 'done') throw new Error(`the server answered ${answer} to ${text}`);
  }

  async #hear() {
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`the server has ended:\n${this.#log}`);
    return value;
  }
}

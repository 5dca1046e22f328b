/**
 * Looking people up by what is typed, as the page shows it; a scanner types into the field as well.
 *
 * @module
 */

export class Lookup {
  /** What was typed to look somebody up. */
  typed = '';

  /** Who was found by name; undefined where nobody was looked for. @type {import('./roster.js').Person[] | undefined} */
  found;

  /** @param {any} app */
  constructor(app) {
    this.app = app;
  }

  /** @param {string} text */
  type(text) {
    const { app } = this;
    this.typed = text;
    this.found = app.hasNames && text.trim().length >= 2 && text.length < 100 ? app.roster.findPeople(text) : undefined;
    app.draw();
  }

  /** People have come or gone. */
  again() {
    if (this.typed) this.found = this.app.roster.findPeople(this.typed);
  }

  submit(event) {
    event.preventDefault();
    const { app, found } = this;
    const text = String(new FormData(event.target).get('typed'));
    if (text.trim() === '') return;
    if (found?.length === 1 && found[0].index) {
      app.checks.take(found[0]);
    } else if (!found || found.length === 0) {
      app.read(text.replace(/[\r\n\t]/g, ''));
      this.clear();
    }
  }

  clear() {
    this.typed = '';
    this.found = undefined;
    const field = document.querySelector('#typed');
    if (field instanceof HTMLInputElement) field.value = '';
    this.app.draw();
  }
}

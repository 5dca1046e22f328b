/**
 * What is wrong with the fields of a form, said where it is.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { Refused } from './app.js';
import { explainProblem } from './problems.js';

/** What is wrong, by the field's id. @typedef {Record<string, string>} Faults */

/** Where a field's fault is said; the field names it in `aria-describedby`. @param {Faults} faults @param {string} id */
export function faultOf(faults, id) {
  return html`<p class="field-fault" id="${id}-fault">${faults[id] ?? ''}</p>`;
}

/** Whether a field is at fault, for `aria-invalid`. @param {Faults} faults @param {string} id */
export const isFaulty = (faults, id) => (faults[id] ? 'true' : 'false');

/** Leads to the first field that is at fault. */
export function leadToFault() {
  const field = document.querySelector('main [aria-invalid="true"]');
  if (!(field instanceof HTMLElement)) return;
  field.scrollIntoView({ block: 'center' });
  field.focus({ preventScroll: true });
}

/**
 * The field that the server found at fault.
 *
 * @param {unknown} error What was thrown.
 * @returns {{code: string, field: string} | undefined}
 */
export function refusedField(error) {
  const body = error instanceof Refused ? /** @type {any} */ (error.cause)?.body : undefined;
  return body?.field === undefined ? undefined : { code: body.code, field: body.field };
}

/**
 * A field for a line of text.
 *
 * @param {Faults} faults
 * @param {{id: string, name: string, label: string, value?: string, type?: string, most?: number, hint?: string, isRequired?: boolean}} made
 */
export function lineField(faults, { id, name, label, value = '', type = 'text', most = 200, hint = '', isRequired = false }) {
  return html`<div><label for=${id}>${label}</label>
    <input id=${id} name=${name} type=${type} maxlength=${most} autocomplete="off" ?required=${isRequired} .defaultValue=${value}
      aria-invalid=${isFaulty(faults, id)} aria-describedby="${id}-fault${hint ? ` ${id}-hint` : ''}">
    ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}${faultOf(faults, id)}</div>`;
}

/**
 * A field for one of several.
 *
 * @param {Faults} faults
 * @param {{id: string, name: string, label: string, value?: string, options: {id: string, name?: string}[], none?: string}} made
 */
export function selectField(faults, { id, name, label, value, options, none }) {
  return html`<div><label for=${id}>${label}</label>
    <select id=${id} name=${name} aria-invalid=${isFaulty(faults, id)} aria-describedby="${id}-fault">
      ${none === undefined ? nothing : html`<option value="" ?selected=${!value}>${none}</option>`}
      ${options.map((one) => html`<option value=${one.id} ?selected=${one.id === value}>${one.name}</option>`)}
    </select>${faultOf(faults, id)}</div>`;
}

/** What is known of a form about one record while it is filled in. */
export class Filling {
  #prefix;
  #of = '';

  /** @type {Faults} */
  faults = {};

  /** The revision of the record that was seen when writing began. @type {number | undefined} */
  rev;

  /** @param {string} prefix With what the ids of its fields begin; the rest is the field's place, such as `-details-email`. */
  constructor(prefix) {
    this.#prefix = prefix;
  }

  /** Forgets what was of another record. @param {string} of */
  show(of) {
    if (this.#of !== of) this.clear();
    this.#of = of;
  }

  clear() {
    [this.faults, this.rev] = [{}, undefined];
  }

  /**
   * Does what the form is for; what the server finds wrong is said at its field.
   *
   * @param {import('./app.js').App} app
   * @param {HTMLFormElement} form
   * @param {() => Promise<string | void>} work What to say when it is done.
   */
  async submit(app, form, work) {
    this.faults = {};
    await app.run(async () => {
      try {
        const said = await work();
        this.clear();
        form.reset();
        return said;
      } catch (error) {
        // Who sends it again after they were told of another's change has seen it.
        this.rev = undefined;
        app.forget();
        if (!this.#tell(app, form, error)) throw error;
        return undefined;
      }
    });
    leadToFault();
  }

  /** Says at one field what is wrong. @param {import('./app.js').App} app @param {string} place @param {string} fault */
  blame(app, place, fault) {
    this.faults = { [`${this.#prefix}${place}`]: fault };
    app.draw();
    leadToFault();
  }

  #tell(app, form, error) {
    const refused = refusedField(error);
    const id = `${this.#prefix}${refused?.field.replaceAll('/', '-')}`;
    if (!refused || !form.querySelector(`#${CSS.escape(id)}`)) return false;
    const { status, body } = error.cause;
    this.faults = { [id]: explainProblem(app, status, body) };
    return true;
  }
}

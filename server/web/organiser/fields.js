/**
 * What is wrong with the fields of a form, said where it is.
 *
 * @module
 */

import { html } from '../vendor/lit-html/lit-html.js';
import { Refused } from './app.js';

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

/**
 * Signs of the desk, each of a shape of its own, so that none is told by colour alone.
 *
 * @module
 */

import { svg } from '../vendor/lit-html/lit-html.js';

/** What stands in each, within 96 by 96. */
const SHAPES = {
  ready: svg`<rect x="20" y="8" width="56" height="80" rx="8"></rect><circle cx="48" cy="38" r="12"></circle><path d="M30 72c2-12 9-18 18-18s16 6 18 18"></path>`,
  yes: svg`<circle cx="48" cy="48" r="42"></circle><path d="M27 50 42 65 70 34"></path>`,
  look: svg`<path d="M48 8 92 84H4Z"></path><path d="M48 36v22M48 68v5"></path>`,
  no: svg`<path d="M32 8h32l24 24v32L64 88H32L8 64V32Z"></path><path d="M33 33 63 63M63 33 33 63"></path>`,
};

/**
 * @param {'ready' | 'yes' | 'look' | 'no'} name
 */
export function sign(name) {
  return svg`<svg class="sign" viewBox="0 0 96 96" aria-hidden="true" focusable="false">${SHAPES[name]}</svg>`;
}

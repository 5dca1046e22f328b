/**
 * A QR code as a picture.
 *
 * @module
 */

import { html, svg } from '../vendor/lit-html/lit-html.js';
import { encodeQR } from '../vendor/qr/index.js';

/** How many modules stay empty around it. */
const QUIET = 4;

/**
 * @param {string} text
 * @param {string} label What it is, for those who do not see it.
 */
export function code(text, label) {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET });
  const dark = rows.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  const side = rows.length;
  return html`
    <svg class="qr" viewBox="0 0 ${side} ${side}" role="img" aria-label=${label}>
      ${svg`<rect width=${side} height=${side} fill="#ffffff"></rect><path d=${dark} fill="#000000"></path>`}
    </svg>
  `;
}

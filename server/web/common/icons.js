/**
 * The icons of the apps: lines of one width, in the colour of the text. They say nothing by themselves;
 * words stand beside them or in the label of their button.
 *
 * @module
 */

import { svg, html } from '../vendor/lit-html/lit-html.js';

const PATHS = {
  now: svg`<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>`,
  day: svg`<rect x="3.5" y="5" width="17" height="15.5" rx="2.5"/><path d="M3.5 10h17M8 2.8v4M16 2.8v4M8.5 15l2.3 2.3 4.7-4.7"/>`,
  programme: svg`<path d="M4 6h16M4 12h16M4 18h10"/>`,
  badge: svg`<rect x="5" y="4" width="14" height="17" rx="2.5"/><path d="M9.5 4V2.5h5V4"/><circle cx="12" cy="11" r="2.3"/><path d="M8.3 17.3c.6-2 2-3 3.7-3s3.1 1 3.7 3"/>`,
  more: svg`<circle cx="5" cy="12" r="1.4"/><circle cx="12" cy="12" r="1.4"/><circle cx="19" cy="12" r="1.4"/>`,
  star: svg`<path d="m12 3.3 2.7 5.5 6 .9-4.4 4.2 1.1 6-5.4-2.8-5.4 2.8 1.1-6L3.3 9.7l6-.9Z"/>`,
  place: svg`<path d="M12 21.5s6.8-6.2 6.8-11.6a6.8 6.8 0 1 0-13.6 0C5.2 15.3 12 21.5 12 21.5Z"/><circle cx="12" cy="9.8" r="2.4"/>`,
  person: svg`<circle cx="12" cy="8" r="3.8"/><path d="M4.8 20.5c.8-4 3.7-6 7.2-6s6.4 2 7.2 6"/>`,
  people: svg`<circle cx="9" cy="8.5" r="3.3"/><path d="M2.8 19.5c.6-3.6 3.1-5.4 6.2-5.4s5.6 1.8 6.2 5.4M15.5 5.6a3.3 3.3 0 0 1 0 5.9M17.5 14.6c2 .7 3.3 2.4 3.7 4.9"/>`,
  inbox: svg`<path d="M3.5 13.5 6 5h12l2.5 8.5V19h-17Z"/><path d="M3.5 13.5h5l1.3 2.5h4.4l1.3-2.5h5"/>`,
  search: svg`<circle cx="10.8" cy="10.8" r="6.3"/><path d="m15.5 15.5 5 5"/>`,
  back: svg`<path class="turns" d="m14.5 5-7 7 7 7"/>`,
  forward: svg`<path class="turns" d="m9.5 5 7 7-7 7"/>`,
  close: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
  check: svg`<path d="m4.5 12.5 5 5 10-11"/>`,
  warning: svg`<path d="M12 3.5 22 20H2Z"/><path d="M12 10v4.5M12 17.3v.2"/>`,
  offline: svg`<path d="M7 18.5h10a4.2 4.2 0 0 0 .8-8.3A6 6 0 0 0 9 6.6M6.2 9.3A4.7 4.7 0 0 0 7 18.5M3 3l18 18"/>`,
  online: svg`<path d="M7 18.5h10a4.2 4.2 0 0 0 .8-8.3A6 6 0 0 0 6.2 9.3 4.7 4.7 0 0 0 7 18.5Z"/>`,
  sent: svg`<path class="turns" d="M20.5 3.5 3 10.5l7 3 3 7Z"/><path class="turns" d="m10 13.5 4-4"/>`,
  bus: svg`<rect x="4.5" y="4" width="15" height="13.5" rx="2.5"/><path d="M4.5 11.5h15M8 17.5v2.5M16 17.5v2.5M8.2 14.5h.2M15.6 14.5h.2"/>`,
  seat: svg`<path d="M7 4v9h9.5M7 13v7M16.5 13v7M7 9h6.5"/>`,
  lock: svg`<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3"/>`,
  note: svg`<path d="M5 3.5h10l4.5 4.5v12.5H5Z"/><path d="M14.5 3.5V8.5H19.5M8.5 12.5h7M8.5 16h5"/>`,
  print: svg`<path d="M7 8.5V3.5h10v5M7 17.5H3.8v-9h16.4v9H17"/><path d="M7 14.5h10v6H7Z"/>`,
  calendar: svg`<rect x="3.5" y="5" width="17" height="15.5" rx="2.5"/><path d="M3.5 10h17M8 2.8v4M16 2.8v4"/>`,
  settings: svg`<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2.2"/><circle cx="9" cy="17" r="2.2"/>`,
  download: svg`<path d="M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14"/>`,
  stand: svg`<path d="M3.5 9.5 5.5 4h13l2 5.5M3.5 9.5h17M5 9.5v10.5h14V9.5M9.5 20v-6h5v6"/>`,
  globe: svg`<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c2.7 2.6 3.8 5.6 3.8 9s-1.1 6.4-3.8 9c-2.7-2.6-3.8-5.6-3.8-9S9.3 5.6 12 3Z"/>`,
  moved: svg`<path class="turns" d="M4 8.5h13l-3-3M20 15.5H7l3 3"/>`,
};

/**
 * @param {keyof typeof PATHS} name
 * @param {string} [kind] More of its class.
 */
export function icon(name, kind = '') {
  return html`<svg class="icon ${kind}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${PATHS[name]}</svg>`;
}

/**
 * Plots for people who would rather look than read, each with its table.
 *
 * @module
 */

import { html, svg } from '../vendor/lit-html/lit-html.js';

const [WIDTH, HEIGHT, FOOT] = [640, 200, 28];

/**
 * Bars.
 *
 * @param {{title: string, head: [string, string], bars: {name: string, value: number}[], show: string}} plot The heads of
 *   the table's columns; what its disclosure is called.
 */
export function bars({ title, head, bars: list, show }) {
  const most = Math.max(1, ...list.map(({ value }) => value));
  const width = WIDTH / Math.max(list.length, 1);
  const every = Math.ceil(list.length / 8);
  return html`
    <figure class="plot">
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${title} preserveAspectRatio="none">
        ${list.map(({ name, value }, place) => {
          const tall = ((HEIGHT - FOOT - 22) * value) / most;
          const [x, y] = [place * width + width * 0.12, HEIGHT - FOOT - tall];
          return svg`
            <rect x=${x} y=${y} width=${width * 0.76} height=${tall} rx="4"></rect>
            <text x=${x + width * 0.38} y=${y - 6}>${value}</text>
            ${place % every === 0 ? svg`<text x=${x + width * 0.38} y=${HEIGHT - 8}>${name}</text>` : svg``}
          `;
        })}
      </svg>
      <details>
        <summary>${show}</summary>
        <table>
          <caption class="unseen">${title}</caption>
          <thead><tr>${head.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
          <tbody>
            ${list.map(({ name, value }) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}
          </tbody>
        </table>
      </details>
    </figure>
  `;
}

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

/** How lines differ other than by their colour. */
const DASHES = ['none', '9 5', '2 5'];

/**
 * Lines over the same steps, each with its name at its end.
 *
 * @param {{title: string, head: string, steps: string[], most: number, lines: {name: string, values: number[]}[], show: string}} plot The
 *   head of the column of steps; the value at the top; what its table's disclosure is called.
 */
export function lines({ title, head, steps, most, lines: list, show }) {
  const [top, foot] = [12, HEIGHT - FOOT];
  const across = (/** @type {number} */ at) => 24 + (at * (WIDTH - 48)) / Math.max(steps.length - 1, 1);
  const up = (/** @type {number} */ value) => foot - ((foot - top) * value) / Math.max(1, most);
  const every = Math.ceil(steps.length / 7);
  return html`
    <figure class="plot">
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${title}>
        <path class="ground" d="M0 ${foot}H${WIDTH}"></path>
        ${list.map(
          ({ values }, kind) => svg`
            <polyline class="line line-${kind}" stroke-dasharray=${DASHES[kind % DASHES.length]} points=${values.map((value, at) => `${across(at)},${up(value)}`).join(' ')}></polyline>
            ${values.map((value, at) => svg`<circle class="line-${kind}" cx=${across(at)} cy=${up(value)} r="3.5"></circle>`)}
          `,
        )}
        ${steps.map((name, at) => (at % every === 0 ? svg`<text x=${across(at)} y=${HEIGHT - 8}>${name}</text>` : svg``))}
      </svg>
      <figcaption class="chips">
        ${list.map(
          ({ name, values }, kind) => html`<span class="legend"><svg viewBox="0 0 32 8" aria-hidden="true"><path class="line line-${kind}" stroke-dasharray=${DASHES[kind % DASHES.length]} d="M0 4H32"></path></svg>
            ${name}: <b>${values.at(-1)}</b></span>`,
        )}
      </figcaption>
      <details>
        <summary>${show}</summary>
        <table>
          <caption class="unseen">${title}</caption>
          <thead><tr><th scope="col">${head}</th>${list.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
          <tbody>
            ${steps.map((step, at) => html`<tr><th scope="row">${step}</th>${list.map(({ values }) => html`<td>${values[at]}</td>`)}</tr>`)}
          </tbody>
        </table>
      </details>
    </figure>
  `;
}

/**
 * Whom a dispatch reached: in a line, in figures, and over time.
 *
 * @module
 */

import { describeMinutes } from '../common/time.js';
import { html, nothing, svg } from '../vendor/lit-html/lit-html.js';
import { lines } from './plots.js';

/**
 * @typedef {import('./app.js').App} App
 *
 * @typedef {object} Course When each of those concerned was told, saw it and acknowledged it, in milliseconds after it was sent.
 * @property {number[]} told
 * @property {number[]} seen
 * @property {number[]} acknowledged
 */

/** After how many seconds the course is told. */
const STEPS = [0, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400];

/** The largest page of people that the server gives. */
const PAGE = 500;

/**
 * How many are told of how many, as a bar and in words.
 *
 * @param {App} app
 * @param {{people: number, told: number, must_still_be_told: number} | undefined} reach
 */
export function reachLine(app, reach) {
  if (!reach) return nothing;
  const { people, told, must_still_be_told: left } = reach;
  if (people === 0) return html`<p class="quiet-text small-text">${app.words.concernsNone}</p>`;
  return html`
    <span class="reach">
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">${svg`<rect class="track" width="100" height="6"></rect><rect width=${(100 * told) / people} height="6"></rect>`}</svg>
      <span class="small-text">${app.say('toldOf', { told, people })} · <b>${left === 0 ? app.words.everybodyTold : app.plural('stillToTell', left)}</b></span>
    </span>
  `;
}

/**
 * All figures of a reach.
 *
 * @param {App} app
 * @param {any} reach
 */
export function reachFigures({ words }, reach) {
  const { by_channel: channels = {}, devices } = reach;
  const ways = ['device', 'mail', 'by_hand'].filter((way) => channels[way] > 0);
  const figure = (/** @type {string} */ name, /** @type {number} */ value, more = '') =>
    html`<div><dt>${words[`reach.${name}`]}</dt><dd><b class="figure">${value}</b> ${more ? html`<span class="quiet-text small-text">${more}</span>` : nothing}</dd></div>`;
  return html`
    <dl class="figures">
      ${figure('people', reach.people)}
      ${figure('told', reach.told, ways.map((way) => `${channels[way]} ${words[`reach.${way}`]}`).join(', '))}
      ${figure('seen', reach.seen)}${figure('acknowledged', reach.acknowledged)}
      ${figure('not_told', reach.not_told)}${figure('must', reach.must_still_be_told)}
    </dl>
    <p class="quiet-text small-text">${devicesText(words, devices)}</p>
  `;
}

function devicesText(words, devices) {
  return words['reach.devices'].replace(/\{(\w+)\}/g, (_, name) => String(devices[name] ?? 0));
}

/**
 * Asks for the course of a dispatch: of everybody whom it concerns.
 *
 * @param {App} app
 * @param {string} id
 * @param {number} sentAt Milliseconds.
 * @returns {Promise<Course>}
 */
export async function loadCourse(app, id, sentAt) {
  /** @type {Course} */
  const course = { told: [], seen: [], acknowledged: [] };
  for (let next = ''; ; ) {
    const page = await app.ask('GET', `/dispatches/${id}/people?limit=${PAGE}${next && `&cursor=${encodeURIComponent(next)}`}`);
    for (const person of page.items) {
      const [told, seen, acknowledged] = [person.told_at, person.seen_at, person.acknowledged_at];
      if (told) course.told.push(Date.parse(told) - sentAt);
      if (seen) course.seen.push(Date.parse(seen) - sentAt);
      if (acknowledged) course.acknowledged.push(Date.parse(acknowledged) - sentAt);
    }
    if (!page.next) return course;
    next = page.next;
  }
}

/**
 * Reach over time, with its table.
 *
 * @param {App} app
 * @param {Course} course
 * @param {number} people Whom it concerns.
 */
export function coursePlot({ words, locale }, course, people) {
  const last = Math.max(0, ...course.told, ...course.seen, ...course.acknowledged) / 1000;
  const end = STEPS.findIndex((step) => step >= last);
  // A line has two ends.
  const steps = STEPS.slice(0, Math.max(2, (end < 0 ? STEPS.length : end) + 1));
  const until = (/** @type {number[]} */ moments, /** @type {number} */ at) => {
    const isLast = at === steps.length - 1;
    return moments.filter((moment) => isLast || moment <= steps[at] * 1000).length;
  };
  const line = (/** @type {string} */ name, /** @type {number[]} */ moments) => ({ name, values: steps.map((_, at) => until(moments, at)) });
  return lines({
    title: words.reachOverTime,
    head: words.afterSending,
    most: people,
    steps: steps.map((step) => describeStep(locale, step)),
    lines: [
      line(words['reach.told'], course.told),
      line(words['reach.seen'], course.seen),
      line(words['reach.acknowledged'], course.acknowledged),
    ],
    show: words.asTable,
  });
}

/** @param {string} locale @param {number} seconds */
function describeStep(locale, seconds) {
  if (seconds >= 60) return describeMinutes(locale, seconds / 60);
  return new Intl.NumberFormat(locale, { style: 'unit', unit: 'second', unitDisplay: 'short' }).format(seconds);
}

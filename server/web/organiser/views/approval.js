/**
 * Rules by which messages need a second person's approval: read, written, changed and taken away.
 *
 * @module
 */

import { repeat } from '../../vendor/lit-html/directives/repeat.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { Refused } from '../app.js';
import { choice } from '../audience.js';
import { faultOf, leadToFault, refusedField } from '../fields.js';
import { offlineNote } from '../offline.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {{urgencies?: string[], categories?: string[], delegations?: string[], audiences?: string[]}} Rule
 *
 * @typedef {object} Draft What is being written.
 * @property {number} place Which rule; as many as there are for a new one.
 * @property {Rule} rule
 * @property {Rule[]} seen The rules as they were when writing began.
 */

const PATH = '/approval-rules';

const URGENCIES = ['quiet', 'normal', 'urgent', 'emergency'];

/** Whom a rule names. */
const LISTS = /** @type {const} */ (['categories', 'delegations', 'audiences']);

/** The most rules of an event. */
const MOST_RULES = 50;

/** @type {Draft | undefined} */
let draft;

/** What is wrong, by field or by rule. @type {import('../fields.js').Faults} */
let faults = {};

/** @param {App} app */
export const title = ({ words }) => words.approvalRules;

/** @param {App} app */
export function draw(app) {
  const { words } = app;
  const { body, fault } = app.read(PATH);
  const rules = /** @type {Rule[] | undefined} */ (body?.rules);
  return html`
    <div class="head"><h1 tabindex="-1">${words.approvalRules}</h1><a href="#/notices">${words.notices}</a></div>
    <p class="quiet-text">${words.approvalHow}</p>
    ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
    ${rules ? ruleList(app, rules) : fault ? nothing : html`<p class="empty">${words.loading}</p>`}
    ${draft ? repeat([draft.place], (key) => key, () => form(app, /** @type {Draft} */ (draft))) : nothing}
    ${
      rules && !draft && rules.length < MOST_RULES
        ? html`<div class="actions"><button type="button" id="add-rule" @click=${() => begin(app, { place: rules.length, rule: {}, seen: rules })}>${words.addRule}</button></div>`
        : nothing
    }
  `;
}

/** @param {App} app @param {Rule[]} rules */
function ruleList(app, rules) {
  const { words } = app;
  if (rules.length === 0) return html`<p class="empty">${words.noRules}</p>`;
  return html`<ol class="list">
    ${rules.map((rule, place) => {
      const name = app.say('ruleNumber', { number: place + 1 });
      return html`<li class="row rule" aria-label=${name}>
        <div class="grow"><b>${name}</b>${ruleText(app, rule)}${faultOf(faults, `rule-${place}`)}</div>
        <span class="actions">
          <button type="button" class="quiet small" id="rule-${place}" aria-label="${words.editIt}: ${name}" aria-describedby="rule-${place}-fault"
            @click=${() => begin(app, { place, rule, seen: rules })}>${words.editIt}</button>
          <button type="button" class="quiet small" aria-label="${words.remove}: ${name}"
            @click=${() => app.run(() => put(app, rules, rules.toSpliced(place, 1), words.ruleGone))}>${words.remove}</button>
        </span>
      </li>`;
    })}
  </ol>`;
}

/** What a rule names, list by list. @param {App} app @param {Rule} rule */
function ruleText(app, rule) {
  const { words, locale } = app;
  const or = new Intl.ListFormat(locale, { type: 'disjunction' });
  const line = (/** @type {string} */ heading, /** @type {string[]} */ names) =>
    names.length > 0 ? html`<div><dt>${heading}</dt><dd>${or.format(names)}</dd></div>` : nothing;
  return html`<dl class="pairs">
    ${line(words.urgency, (rule.urgencies ?? []).map((one) => words[`level.${one}`]))}
    ${LISTS.map((list) => line(words[`reaches.${list}`], (rule[list] ?? []).map((id) => nameOf(app, list, id))))}
  </dl>`;
}

/** @param {App} app @param {string} collection @param {string} id */
function nameOf(app, collection, id) {
  const value = app.client.find(collection, id)?.value;
  return value ? app.text(value.title ?? value.name) || value.slug : app.words.noLongerThere;
}

/** @param {App} app @param {Draft} next */
function begin(app, next) {
  draft = next;
  faults = {};
  app.draw();
  const first = document.querySelector('.rule-form input');
  if (first instanceof HTMLElement) first.focus();
}

/** @param {App} app @param {Draft} current */
function form(app, { place, rule, seen }) {
  const { words, client, locale } = app;
  const options = (/** @type {string} */ collection) =>
    client
      .rows(collection)
      .map(({ id }) => ({ id, name: nameOf(app, collection, id) }))
      .sort((one, other) => one.name.localeCompare(other.name, locale));
  const leave = () => {
    draft = undefined;
    app.draw();
    document.getElementById(place < seen.length ? `rule-${place}` : 'add-rule')?.focus();
  };
  return html`
    <section class="panel" aria-labelledby="rule-title">
      <h2 id="rule-title">${place < seen.length ? app.say('ruleNumber', { number: place + 1 }) : words.newRule}</h2>
      <p class="quiet-text">${words.ruleHow}</p>
      ${offlineNote(app)}
      <form class="rule-form stacked" novalidate @submit=${(/** @type {Event} */ event) => submit(app, event)}>
        <fieldset aria-describedby="rule-form-fault">
          <legend>${words.urgency}</legend>
          <div class="things">
            ${URGENCIES.map(
              (one) => html`<div class="check"><input type="checkbox" name="urgencies" id="rule-${one}" value=${one} ?checked=${rule.urgencies?.includes(one)}
                aria-invalid=${faults['rule-form'] ? 'true' : 'false'} aria-describedby="rule-form-fault"><label for="rule-${one}">${words[`level.${one}`]}</label></div>`,
            )}
          </div>
        </fieldset>
        <fieldset>
          <legend>${words.ruleReaches}</legend>
          ${LISTS.map((list) => choice(app, { kind: list, heading: words[`collection.${list}`], chosen: rule[list], options: options(list) }))}
        </fieldset>
        ${faultOf(faults, 'rule-form')}
        <div class="actions">
          <button type="submit" aria-disabled=${String(app.isBusy)}>${words.save}</button>
          <button type="button" class="quiet" @click=${leave}>${words.cancel}</button>
        </div>
      </form>
    </section>
  `;
}

/** @param {App} app @param {Event} event */
async function submit(app, event) {
  event.preventDefault();
  const { place, seen } = /** @type {Draft} */ (draft);
  const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
  const lists = ['urgencies', ...LISTS].map((list) => [list, given.getAll(list).map(String)]);
  const rule = Object.fromEntries(lists.filter(([, chosen]) => chosen.length > 0));
  faults = Object.keys(rule).length === 0 ? { 'rule-form': app.words.ruleMissing } : {};
  const next = place < seen.length ? seen.with(place, rule) : [...seen, rule];
  if (Object.keys(rule).length > 0) await app.run(() => put(app, seen, next, app.words.rulesKept));
  else app.draw();
  leadToFault();
}

/** Writes all rules, unless somebody has written others meanwhile. @param {App} app @param {Rule[]} seen @param {Rule[]} next @param {string} done */
async function put(app, seen, next, done) {
  const { words } = app;
  const { rules } = await app.ask('GET', PATH);
  if (JSON.stringify(rules) !== JSON.stringify(seen)) {
    draft = undefined;
    app.forget();
    throw new Refused(words['problem.stale_base']);
  }
  try {
    await app.ask('PUT', PATH, { rules: next });
  } catch (error) {
    const place = /^\/rules\/(\d+)/.exec(refusedField(error)?.field ?? '')?.[1];
    if (place === undefined) throw error;
    // One that stood there before may name what is gone since; the form is told of its own.
    faults = { [draft?.place === Number(place) ? 'rule-form' : `rule-${place}`]: words.ruleRefused };
    return '';
  }
  draft = undefined;
  return done;
}

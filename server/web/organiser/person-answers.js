/**
 * What a person answered to the form of their category, and the form by which an organiser puts that right.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { Filling, faultOf, isFaulty, lineField, selectField } from './fields.js';
import { emptyOr, section } from './person-section.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {{key: string, label?: any, help?: any, kind: string, choices?: {key: string, label: any}[]}} Question
 */

const filling = new Filling('person');

/** What the fields for a line of text are, by the kind of the question; the longest is the server's. @type {Record<string, {type?: string, most?: number}>} */
const LINES = { text: { most: 500 }, number: { type: 'number' }, date: { type: 'date' } };

/** @param {App} app @param {any} registration */
export function answersOf(app, registration) {
  const { category, answers = {} } = registration;
  /** @type {Question[]} */
  const questions = app.client.find('categories', category)?.value.form ?? [];
  const known = new Set(questions.map(({ key }) => key));
  const former = Object.keys(answers).filter((key) => !known.has(key));
  const answered = [...questions, ...former.map((key) => ({ key, kind: 'text' }))].filter(({ key }) => answers[key] !== undefined);
  const list = html`<dl class="pairs">${answered.map((question) => html`<div><dt>${labelOf(app, question)}</dt><dd class="lines-kept">${answerText(app, question, answers[question.key])}</dd></div>`)}</dl>`;
  const isAsked = app.rights.organises && questions.length > 0;
  return section(app, {
    id: 'person-answers',
    heading: app.words['field.answers'],
    read: { body: answers },
    draw: () => html`${emptyOr(app, answered, list)}${isAsked ? form(app, registration, questions) : nothing}`,
  });
}

/** @param {App} app @param {Question} question */
const labelOf = (app, { label, key }) => app.text(label) || key;

/** @param {App} app @param {Question} question */
const namesOf = (app, { choices = [] }) => choices.map(({ key, label }) => ({ id: key, name: app.text(label) || key }));

/** An answer as its kind of question reads. @param {App} app @param {Question} question @param {any} answer */
function answerText(app, question, answer) {
  const { words, locale } = app;
  const { kind } = question;
  const nameOf = (/** @type {string} */ key) => namesOf(app, question).find(({ id }) => id === key)?.name ?? key;
  if (kind === 'yes_no') return answer ? words.yes : words.no;
  if (kind === 'choice') return nameOf(answer);
  if (Array.isArray(answer)) return new Intl.ListFormat(locale).format(answer.map(nameOf));
  return kind === 'date' ? app.dayName(answer) : String(answer);
}

/** @param {App} app @param {any} registration @param {Question[]} questions */
function form(app, registration, questions) {
  const { words } = app;
  const { attendee, rev, answers = {} } = registration;
  filling.show(attendee);
  const note = () => {
    filling.rev ??= rev;
  };
  const submit = (/** @type {any} */ event) => {
    event.preventDefault();
    save(app, event.target, registration, questions);
  };
  return html`<details class="correct" ?open=${Object.keys(filling.faults).length > 0}><summary>${words.correctAnswers}</summary>
    <form class="stacked" novalidate @input=${note} @submit=${submit}>
      ${questions.map((question) => field(app, question, answers[question.key]))}
      <div class="actions"><button type="submit" aria-disabled=${String(app.isBusy)}>${words.saveAnswers}</button></div>
    </form></details>`;
}

/** @param {App} app @param {Question} question @param {any} answer */
function field(app, question, answer) {
  const { words } = app;
  const { faults } = filling;
  const { key, kind } = question;
  const made = { id: `person-answers-${key}`, name: key, label: labelOf(app, question), hint: app.text(question.help) };
  if (LINES[kind]) return lineField(faults, { ...made, ...LINES[kind], value: answer === undefined ? '' : String(answer) });
  if (kind === 'choice') return selectField(faults, { ...made, value: answer, options: namesOf(app, question), none: words.none });
  if (kind === 'yes_no') {
    const options = [{ id: 'true', name: words.yes }, { id: 'false', name: words.no }];
    return selectField(faults, { ...made, value: answer === undefined ? '' : String(answer), options, none: words.none });
  }
  if (kind === 'choices') return boxes(app, question, made, answer ?? []);
  return html`<div><label for=${made.id}>${made.label}</label>
    <textarea id=${made.id} name=${key} rows="4" maxlength="20000" aria-invalid=${isFaulty(faults, made.id)} aria-describedby="${made.id}-fault" .defaultValue=${answer ?? ''}></textarea>${faultOf(faults, made.id)}</div>`;
}

/** @param {App} app @param {Question} question @param {{id: string, label: string}} made @param {string[]} answer */
function boxes(app, question, { id, label }, answer) {
  return html`<fieldset id=${id} tabindex="-1"><legend>${label}</legend>
    ${namesOf(app, question).map(
      (one) => html`<div class="check"><input type="checkbox" id="${id}-${one.id}" name=${question.key} value=${one.id} .defaultChecked=${answer.includes(one.id)}><label for="${id}-${one.id}">${one.name}</label></div>`,
    )}${faultOf(filling.faults, id)}</fieldset>`;
}

/** What a field says, as it is kept; null for nothing. @param {FormData} given @param {Question} question */
function read(given, { key, kind }) {
  if (kind === 'choices') return given.getAll(key).length > 0 ? given.getAll(key).map(String) : null;
  const text = String(given.get(key) ?? '').trim();
  if (text === '') return null;
  if (kind === 'number') return Number(text);
  return kind === 'yes_no' ? text === 'true' : text;
}

/** @param {App} app @param {HTMLFormElement} form @param {any} registration @param {Question[]} questions */
function save(app, form, { attendee, rev, answers = {} }, questions) {
  const given = new FormData(form);
  const said = questions.map((question) => ({ key: question.key, value: read(given, question) }));
  const changed = said.filter(({ key, value }) => JSON.stringify(value) !== JSON.stringify(answers[key] ?? null));
  if (changed.length === 0) return;
  filling.submit(app, form, async () => {
    const seen = filling.rev ?? rev;
    await app.ask('PATCH', `/attendees/${attendee}/registration`, { answers: Object.fromEntries(changed.map(({ key, value }) => [key, value])) }, { ifMatch: `"${seen}"` });
    app.client.exchange();
    return app.words.saved;
  });
}

/**
 * Files: the programme and people in, with what would become of them first; and out.
 *
 * @module
 */

import { save } from '../../common/save.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { Refused } from '../app.js';
import { describeFileFault, describeProgrammeFault, describeRowFault } from '../file-faults.js';
import { explainProblem } from '../problems.js';
import { lossesOf, removalsToAgree } from '../removals.js';

const CSV = 'text/csv';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** What can be brought in: where to, of which type a file is, and what somebody needs for that. */
const IMPORTS = {
  programme: { path: '/import', accept: '.yaml,.yml', typeOf: () => 'application/yaml', need: 'organises' },
  people: { path: '/registrations/import', accept: '.csv,.xlsx,.tsv', typeOf: typeOfPeople, need: 'seesEverybody' },
};

/** What can be taken out, and what somebody needs for that. */
const EXPORTS = [
  { name: 'programme', path: '/export', file: 'programme.yaml', need: 'organises' },
  { name: 'people', path: '/registrations/export?format=xlsx', file: 'registrations.xlsx', need: 'seesEverybody' },
  { name: 'seats', path: '/sign-ups/export?format=xlsx', file: 'sign-ups.xlsx', need: 'seesEverybody' },
  { name: 'scans', path: '/scans/export?format=csv', file: 'scans.csv', need: 'leadsDesks' },
];

/** A file that was chosen, as it was then, with what the server says would become of it. @type {any} */
let chosen;

function typeOfPeople({ name }) {
  if (name.endsWith('.xlsx')) return XLSX;
  return name.endsWith('.tsv') ? 'text/tab-separated-values' : CSV;
}

/** @param {import('../app.js').App} app */
export const title = ({ words }) => words.files;

/** @param {import('../app.js').App} app */
export function draw(app) {
  const { words, rights } = app;
  const imports = Object.entries(IMPORTS).filter(([, { need }]) => rights[need]);
  return html`
    <h1 tabindex="-1">${words.files}</h1>
    ${
      imports.length > 0
        ? html`<section class="panel" aria-labelledby="imports">
            <h2 id="imports">${words.import}</h2>
            ${imports.map(
              ([kind, { accept }]) => html`
                <label for="import-${kind}">${words[`file.${kind}`]}</label>
                <input id="import-${kind}" type="file" accept=${accept} @change=${(event) => choose(app, kind, event.target)}>
              `,
            )}
            <p class="hint">${words.importHint}</p>
            ${chosen ? report(app) : nothing}
          </section>`
        : nothing
    }
    <section class="panel" aria-labelledby="exports">
      <h2 id="exports">${words.export}</h2>
      <div class="actions">
        ${EXPORTS.filter(({ need }) => rights[need]).map((one) => html`<button type="button" class="quiet" @click=${() => app.run(() => take(app, one))}>${words[`file.${one.name}`]}</button>`)}
      </div>
    </section>
  `;
}

function choose(app, kind, field) {
  const [file] = field.files;
  if (!file) return;
  app.run(async () => {
    chosen = undefined;
    const { path, typeOf } = IMPORTS[kind];
    const given = { kind, name: file.name, type: typeOf(file), content: await contentOf(app, file) };
    // So that a corrected file of the same name can be chosen.
    field.value = '';
    const answer = await app.transfer('POST', `${path}?preview=true`, { body: given.content, type: given.type });
    chosen = { ...given, body: await answer.json(), status: answer.status, isFine: answer.ok, isAgreed: false };
  });
}

/** The file's bytes: what is brought in is what was looked at, whatever becomes of the file meanwhile. */
async function contentOf({ words }, file) {
  try {
    return await file.arrayBuffer();
  } catch (cause) {
    throw new Refused(words.fileUnreadable, { cause });
  }
}

function report(app) {
  const { words } = app;
  const { kind, name, body, isFine } = chosen;
  return html`
    <div class="report" role="status">
      <h3>${name}</h3>
      ${isFine ? (kind === 'programme' ? programmeReport(app, body) : peopleReport(app, body)) : faultsOf(app, chosen)}
      ${isFine ? nothing : html`<p>${words.correctFile}</p>`}
      <div class="actions">${isFine ? html`<button type="button" aria-disabled=${String(app.isBusy)} @click=${() => submit(app)}>${words.importNow}</button>` : nothing}
        <button type="button" class="quiet" @click=${() => drop(app)}>${words.cancel}</button></div>
    </div>
  `;
}

function programmeReport(app, body) {
  const { added, changed, cancelled, removed, kept, unchanged_count: same } = body;
  const list = (name, records) =>
    records.length > 0
      ? html`<details><summary>${app.plural(name, records.length)}</summary>
          <ul>${records.slice(0, 100).map(({ collection, slug }) => html`<li>${app.words[`collection.${collection}`] ?? collection}: ${slug}</li>`)}</ul></details>`
      : nothing;
  return html`
    ${list('added', added)}${list('changed', changed)}${list('cancelledCount', cancelled)}${list('removed', removed)}${list('kept', kept)}
    <p class="quiet-text">${app.plural('unchanged', same)}</p>
    ${removalsToAgree(app, body, (isAgreed) => {
      chosen.isAgreed = isAgreed;
      app.draw();
    })}
  `;
}

/** Whether sessions or parts would go to which nobody has agreed yet. */
function waitsForWord() {
  const { kind, body, isAgreed } = chosen;
  return kind === 'programme' && !isAgreed && lossesOf(body).losses.length > 0;
}

function submit(app) {
  if (!waitsForWord()) {
    app.run(() => bring(app));
    return;
  }
  document.getElementById('agree-removals')?.focus();
  app.fault = app.words.agreeFirst;
  app.draw();
}

function peopleReport(app, { new_count: added, changed_count: changed, same_count: same, faulty_count: faulty, unknown_columns: unknown, faults, new: people }) {
  return html`
    <p>${[app.plural('newPeople', added), app.plural('changedPeople', changed), app.plural('samePeople', same)].join(', ')}</p>
    ${people.length > 0 ? html`<details><summary>${app.words.whoIsNew}</summary><ul>${people.map(({ name }) => html`<li>${name}</li>`)}</ul></details>` : nothing}
    ${unknown.length > 0 ? html`<p>${app.say('unknownColumns', { columns: unknown.map(({ heading }) => heading).join(', ') })}</p>` : nothing}
    ${
      faulty > 0
        ? html`<p class="message fault">${app.plural('faultyRows', faulty)}</p>
            <ul class="list">${faults.map((fault) => html`<li class="row"><span>${fault.cell ?? fault.row} ${fault.heading ?? ''}: ${describeRowFault(app, fault)}</span></li>`)}</ul>`
        : nothing
    }
  `;
}

function faultsOf(app, { status, body }) {
  const { errors = [], fault } = body;
  return html`
    <p class="message fault">${describeFileFault(app, fault) ?? explainProblem(app, status, body)}</p>
    <ul class="list">${errors.slice(0, 100).map((error) => html`<li class="row"><span>${placeOf(app, error)}: ${describeProgrammeFault(app, error)}</span></li>`)}</ul>
  `;
}

/** Where in a file of the programme something is wrong. */
function placeOf(app, { line, field }) {
  const at = line ? app.say('lineOfFile', { line }) : nothing;
  return field ? html`${at} <code>${field}</code>` : at;
}

async function bring(app) {
  const { kind, content, type, body, isAgreed } = chosen;
  const { path } = IMPORTS[kind];
  const query = [isAgreed && body.removes_too_much && 'allow_removals=true', body.faulty_count > 0 && 'skip_errors=true'].filter(Boolean).join('&');
  const answer = await app.transfer('POST', query ? `${path}?${query}` : path, { body: content, type });
  if (!answer.ok) throw new Refused(app.explain({ status: answer.status, body: await answer.json(), retryAfterS: 0 }));
  chosen = undefined;
  app.client.exchange();
  return app.words.imported;
}

function drop(app) {
  chosen = undefined;
  app.draw();
}

async function take(app, { path, file }) {
  const answer = await app.transfer('GET', path);
  if (!answer.ok) throw new Refused(app.explain({ status: answer.status, body: await answer.json(), retryAfterS: 0 }));
  const type = answer.headers.get('Content-Type') ?? 'application/octet-stream';
  save(`${app.event}-${file}`, type, await answer.blob());
}

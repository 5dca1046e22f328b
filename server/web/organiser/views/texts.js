/**
 * Texts of every kind of record, side by side in each of the event's languages, with what is missing.
 *
 * @module
 */

import { icon } from '../../common/icons.js';
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { languageName, languagesOf } from '../texts-form.js';

/**
 * @typedef {import('../app.js').App} App
 *
 * @typedef {object} Kind What has texts of a collection.
 * @property {string[]} fields
 * @property {Record<string, string[]>} [lists] Fields of the entries of lists.
 *
 * @typedef {{name: string, field: string, at?: number, list?: string, texts: Record<string, string>}} Part One text in several languages.
 */

/** @type {Record<string, Kind>} */
const KINDS = {
  sessions: { fields: ['title', 'objective', 'description'], lists: { talks: ['title', 'summary'] } },
  events: { fields: ['title', 'theme', 'description', 'place'] },
  parts: { fields: ['title', 'theme', 'description'] },
  tracks: { fields: ['title', 'description'] },
  venues: { fields: ['name', 'directions'] },
  rooms: { fields: ['name', 'directions'] },
  people: { fields: ['biography'], lists: { affiliations: ['position'] } },
  organisations: { fields: ['name'] },
  exhibitors: { fields: ['name', 'description'] },
  delegations: { fields: ['name'] },
  categories: { fields: ['title'], lists: { form: ['label', 'help', 'purpose'], consents: ['text'] } },
  audiences: { fields: ['title'] },
  choice_groups: { fields: ['title'] },
  overview_entries: { fields: ['title'] },
  access_areas: { fields: ['name'] },
  checkpoints: { fields: ['name'] },
  vehicles: { fields: ['name'], lists: { stops: ['place'] } },
};

/** Whether records of a collection have texts that can be changed here. @param {string} collection */
export const hasTexts = (collection) => Object.hasOwn(KINDS, collection);

/** Texts of one line; the others may have several. */
const LINES = ['title', 'name', 'position', 'label', 'place'];

/** What was seen when the first letter was typed: of which record, and its revision. @type {{of: string, rev: number} | undefined} */
let begun;

/** Where a collection is, below the event. @param {string} collection */
const pathOf = (collection) => (collection === 'events' ? '' : `/${collection.replaceAll('_', '-')}`);

/** @param {App} app @param {{of: string}} given */
export const title = (app, { of }) => {
  const [collection, id] = of.split('/');
  const record = id ? read(app, collection, id) : undefined;
  return (record && nameOf(app, record)) || app.words.texts;
};

/**
 * @param {App} app
 * @param {{of: string}} given A collection, or one and an id.
 */
export function draw(app, { of }) {
  const [collection, id] = of.split('/');
  return id && Object.hasOwn(KINDS, collection) ? one(app, collection, id) : list(app, Object.hasOwn(KINDS, collection) ? collection : 'sessions');
}

/** @param {App} app @param {string} collection */
function list(app, collection) {
  const { words } = app;
  const { body, fault } = app.read(collection === 'events' ? '' : `${pathOf(collection)}?limit=500`, stateOf(app));
  const items = collection === 'events' ? (body ? [body] : []) : (body?.items ?? []);
  const rows = items.map((record) => ({ record, missing: missingIn(app, collection, record) }));
  rows.sort((one, other) => Number(other.missing.length > 0) - Number(one.missing.length > 0));
  return html`
    <h1 tabindex="-1">${words.texts}</h1>
    <nav class="choices" aria-label=${words.kindOfRecord}>
      ${Object.keys(KINDS).map((kind) => html`<a class="choice" href="#/texts/${kind}" aria-current=${kind === collection ? 'page' : nothing}>${words[`collection.${kind}`]}</a>`)}
    </nav>
    ${fault ? html`<p class="message fault">${fault}</p>` : nothing}
    ${body && rows.length === 0 ? html`<p class="empty">${words.noRecords}</p>` : nothing}
    <ul class="list">
      ${rows.map(
        ({ record, missing }) => html`<li><a class="row" href="#/texts/${collection}/${record.id}">
          <span class="grow"><b>${nameOf(app, record)}</b><span class="quiet-text small-text">${record.slug}</span></span>
          ${
            missing.length > 0
              ? html`<span class="chip warn">${icon('warning')} ${app.say('languagesMissing', { languages: new Intl.ListFormat(app.locale).format(missing.map((tag) => languageName(app, tag))) })}</span>`
              : html`<span class="chip good">${icon('check')} ${words.complete}</span>`
          }
        </a></li>`,
      )}
    </ul>
    ${body?.next ? html`<p class="quiet-text">${words.onlyFirstRecords}</p>` : nothing}
  `;
}

/** What changes when a record may have. @param {App} app */
function stateOf({ client }) {
  return `${client.position('public')} ${client.position('organiser')}`;
}

/** @param {App} app @param {string} collection @param {string} id */
function read(app, collection, id) {
  return app.read(collection === 'events' ? '' : `${pathOf(collection)}/${id}`, stateOf(app)).body;
}

/** @param {App} app @param {any} record */
function nameOf(app, record) {
  const name = record.title ?? record.name;
  return (typeof name === 'string' ? name : app.text(name)) || record.slug;
}

/** Every text of a record; of its own fields also those that are not there yet. @param {App} app @param {string} collection @param {any} record @returns {Part[]} */
function partsOf(app, collection, record) {
  const { words } = app;
  const { fields, lists = {} } = KINDS[collection];
  const own = fields.map((field) => ({ name: field, field, texts: record[field] ?? {} }));
  const inLists = Object.entries(lists).flatMap(([list, names]) =>
    (record[list] ?? []).flatMap((/** @type {any} */ entry, /** @type {number} */ at) => {
      const number = app.say('partOf', { field: words[`list.${list}`], number: at + 1 });
      return names.map((field) => ({ name: `${list}-${at}-${field}`, list, at, field, label: number, texts: entry[field] ?? {} }));
    }),
  );
  return [...own, ...inLists];
}

/** The event's languages that a text lacks which is there in another. @param {App} app @param {string} collection @param {any} record */
function missingIn(app, collection, record) {
  const said = partsOf(app, collection, record).filter(({ texts }) => Object.keys(texts).length > 0);
  return languagesOf(app).filter((language) => said.some(({ texts }) => !texts[language]));
}

/** @param {App} app @param {string} collection @param {string} id */
function one(app, collection, id) {
  const { words } = app;
  const record = read(app, collection, id);
  return html`
    <div class="head"><h1 tabindex="-1">${record ? nameOf(app, record) : words.texts}</h1><a href="#/texts/${collection}">${words[`collection.${collection}`]}</a></div>
    ${textsForm(app, collection, id)}
  `;
}

/**
 * Every text of a record, to be changed.
 *
 * @param {App} app
 * @param {string} collection
 * @param {string} id
 */
export function textsForm(app, collection, id) {
  const { words } = app;
  const record = read(app, collection, id);
  if (!record) {
    const { fault } = app.read(`${pathOf(collection)}/${id}`, stateOf(app));
    return fault ? html`<p class="message fault">${fault}</p>` : html`<p class="empty">${words.loading}</p>`;
  }
  return html`
    <form class="texts" novalidate @input=${() => begin(`${collection}/${id}`, record)} @submit=${(/** @type {Event} */ event) => submit(app, event, { collection, id, record })}>
      <div class="columns" role="group" aria-label=${words.texts}>
        ${languagesOf(app).map(
          (language) => html`<fieldset><legend>${languageName(app, language)}</legend>
            ${partsOf(app, collection, record).map((part) => fieldOf(app, part, language))}</fieldset>`,
        )}
      </div>
      <button type="submit" aria-disabled=${String(app.isBusy)}>${words.save}</button>
    </form>
  `;
}

/** @param {App} app @param {Part & {label?: string}} part @param {string} language */
function fieldOf(app, { name, field, label, texts }, language) {
  const id = `${name}-${language}`;
  const isLine = LINES.includes(field);
  return html`
    <label for=${id}>${label ? `${label}: ` : ''}${app.words[`field.${field}`]}</label>
    <textarea id=${id} name=${id} lang=${language} rows=${isLine ? 2 : 4} maxlength=${isLine ? 300 : 10_000} .defaultValue=${texts[language] ?? ''}></textarea>
  `;
}

/** Notes what the reader saw when they began to write. @param {string} of @param {any} record */
function begin(of, record) {
  if (begun?.of !== of) begun = { of, rev: record.rev };
  return begun;
}

/** @param {App} app @param {Event} event @param {{collection: string, id: string, record: any}} given */
function submit(app, event, { collection, id, record }) {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  /** @type {Record<string, any>} */
  const patch = {};
  for (const { name, field, list, at = 0, texts } of partsOf(app, collection, record)) {
    const changed = Object.fromEntries(
      languagesOf(app).flatMap((language) => {
        const text = String(form.get(`${name}-${language}`)).trim();
        return text === (texts[language] ?? '') ? [] : [[language, text || null]];
      }),
    );
    if (Object.keys(changed).length === 0) continue;
    const left = Object.fromEntries(Object.entries({ ...texts, ...changed }).filter(([, text]) => text));
    const isGone = Object.keys(left).length === 0;
    if (list) {
      // Lists are replaced whole.
      patch[list] ??= structuredClone(record[list]);
      if (isGone) delete patch[list][at][field];
      else patch[list][at][field] = left;
    } else {
      // A field without any text is no field.
      patch[field] = isGone ? null : changed;
    }
  }
  if (Object.keys(patch).length === 0) return;
  const { rev } = begin(`${collection}/${id}`, record);
  // Who saves again after they were told of another's change has seen it.
  begun = undefined;
  app.run(async () => {
    await app.ask('PATCH', `${collection === 'events' ? '' : `${pathOf(collection)}/${id}`}?base=${rev}`, patch);
    app.client.exchange();
    return app.words.saved;
  });
}

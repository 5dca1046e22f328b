/**
 * The form of a registration: the questions about a person, and those of their category. Where a fault is told by the
 * server, it names the field as these do: by its place in the registration, as a JSON pointer.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { spoken } from './parts.js';

/**
 * @typedef {import('./app.js').App} App
 *
 * @typedef {object} Field
 * @property {string} at Where it stands, such as `/details/phone`.
 * @property {any} label
 * @property {any} [help]
 * @property {'text' | 'long_text' | 'number' | 'date' | 'yes_no' | 'choice' | 'choices' | 'email' | 'phone'} kind
 * @property {{key: string, label: any}[]} [choices]
 * @property {boolean} [isRequired]
 * @property {any} [autocomplete]
 * @property {number} [most] The longest text, in characters.
 */

/** Regions that have a code and are no countries: unions, reservations, and what stands for none. */
const NO_COUNTRIES = new Set(['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'XA', 'XB', 'ZZ']);

/** A number in international form, as the server takes it. */
const PHONE = /^\+(?=.{1,30}$)[- ()]*(\d[- ()]*){5,15}$/;

/** What a reader writes into a form until it is sent. */
export class Draft {
  /** What was changed, by its place. @type {Map<string, any>} */
  values = new Map();

  /** What is wrong, by its place. @type {Map<string, string>} */
  faults = new Map();

  /** The refused edit that it goes on from. @type {string | undefined} */
  goesOnFrom;

  /** @param {string} name Tells it from others on the same page. */
  constructor(name) {
    this.name = name;
  }

  /** The id of the element of a field. @param {string} at */
  idOf(at) {
    return `${this.name}${at.replaceAll('/', '-')}`;
  }
}

/** The questions about a person. @param {App} app @returns {Field[]} */
export function personFields(app) {
  const field = (/** @type {string} */ at, /** @type {Partial<Field>} */ more = {}) =>
    /** @type {Field} */ ({ at, label: app.words[`person.${at.split('/').at(-1)}`], kind: 'text', most: 200, ...more });
  return [
    field('/name', { isRequired: true, autocomplete: 'name' }),
    field('/details/form_of_address', { help: app.words['person.form_of_address.help'], autocomplete: 'honorific-prefix' }),
    field('/details/given_name', { autocomplete: 'given-name' }),
    field('/details/family_name', { autocomplete: 'family-name' }),
    field('/details/badge_name', { help: app.words['person.badge_name.help'], autocomplete: 'off' }),
    field('/details/position', { autocomplete: 'organization-title' }),
    field('/details/organisation', { autocomplete: 'organization' }),
    field('/details/country', { kind: 'choice', choices: countries(app.locale), autocomplete: 'country' }),
    field('/details/email', { kind: 'email', autocomplete: 'email' }),
    field('/details/phone', { kind: 'phone', help: app.words['person.phone.help'], autocomplete: 'tel' }),
  ];
}

/** The questions of a category. @param {App} app @param {any} category @returns {Field[]} */
export function answerFields(app, category) {
  const text = (/** @type {any} */ texts) => spoken(app, app.programme.text(texts));
  return (category?.form ?? []).map((/** @type {any} */ { key, label, help, kind, choices = [], is_required: isRequired }) => ({
    at: `/answers/${key}`,
    label: text(label),
    help: help && text(help),
    kind,
    choices: choices.map((/** @type {any} */ one) => ({ key: one.key, label: app.programme.text(one.label)?.text })),
    isRequired,
  }));
}

/** Needs that have a name. */
const NAMED_NEEDS = [
  'step_free', 'wheelchair', 'companion', 'sign_language', 'captions', 'hearing_loop', 'readable_documents', 'assistance_animal', 'quiet_room',
];

/**
 * The questions about what somebody needs to take part.
 *
 * @param {App} app
 * @param {{at?: string, isOwn: boolean}} given Where they stand, and whether they are asked of the person.
 * @returns {Field[]}
 */
export function needFields({ words }, { at = '', isOwn }) {
  const choices = NAMED_NEEDS.map((key) => ({ key, label: words[`needs.${key}`] }));
  return [
    { at: `${at}/needs`, label: words[isOwn ? 'needs.named' : 'needs.theirs'], help: at && words[isOwn ? 'needs.text' : 'needs.theirText'], kind: 'choices', choices },
    { at: `${at}/note`, label: words['needs.note'], kind: 'long_text', most: 2_000 },
  ];
}

/** What a registration says at a place. @param {any} known @param {string} at */
function valueAt(known, at) {
  return at.slice(1).split('/').reduce((value, key) => value?.[key], known);
}

/**
 * The fields, with what is known or was written in them.
 *
 * @param {App} app
 * @param {Field[]} fields
 * @param {Draft} draft
 * @param {any} known The registration with the person's `name`.
 */
export function drawFields(app, fields, draft, known) {
  return fields.map((field) => {
    const value = draft.values.has(field.at) ? draft.values.get(field.at) : valueAt(known, field.at);
    return field.kind === 'choices' ? drawChoices(app, field, draft, value ?? []) : drawField(app, field, draft, value);
  });
}

/** @param {App} app @param {Field} field @param {Draft} draft @param {any} value */
function drawField(app, field, draft, value) {
  const { at, label, help, isRequired } = field;
  const id = draft.idOf(at);
  const fault = draft.faults.get(at);
  return html`<div class="field"><label for=${id}>${label}${isRequired ? ` (${app.words.required})` : ''}</label>
    ${help ? html`<p class="hint" id="${id}-hint">${help}</p>` : nothing} ${drawInput(app, field, draft, value)}
    ${fault ? html`<p class="field-fault" id="${id}-fault">${fault}</p>` : nothing}</div>`;
}

/** @param {App} app @param {Field} field @param {Draft} draft @param {any} value */
function drawInput(app, { at, kind, help, choices = [], autocomplete = 'off', most }, draft, value) {
  const id = draft.idOf(at);
  const hasFault = draft.faults.has(at);
  const about = [help ? `${id}-hint` : '', hasFault ? `${id}-fault` : ''].filter(Boolean).join(' ') || nothing;
  const invalid = hasFault ? 'true' : nothing;
  const write = (/** @type {Event} */ { target }) => put(app, draft, at, read(kind, /** @type {HTMLInputElement} */ (target).value));
  if (kind === 'long_text') {
    return html`<textarea id=${id} maxlength=${most ?? 20_000} aria-invalid=${invalid} aria-describedby=${about} .value=${value ?? ''} @input=${write}></textarea>`;
  }
  if (kind === 'choice' || kind === 'yes_no') {
    const all = kind === 'choice' ? choices : ['true', 'false'].map((key) => ({ key, label: app.words[`answer.${key}`] }));
    return html`<select id=${id} autocomplete=${autocomplete} aria-invalid=${invalid} aria-describedby=${about} @change=${write}>
      <option value="" ?selected=${value === undefined || value === null}></option>
      ${all.map((one) => html`<option value=${one.key} ?selected=${String(value ?? '') === one.key}>${one.label}</option>`)}</select>`;
  }
  const type = { email: 'email', phone: 'tel', number: 'number', date: 'date' }[/** @type {'email'} */ (kind)] ?? 'text';
  return html`<input id=${id} type=${type} maxlength=${type === 'text' ? (most ?? 500) : nothing} step=${kind === 'number' ? 1 : nothing} autocomplete=${autocomplete}
    aria-invalid=${invalid} aria-describedby=${about} .value=${value ?? ''} @input=${write}>`;
}

/** Several of them. @param {App} app @param {Field} field @param {Draft} draft @param {string[]} value */
function drawChoices(app, { at, label, help, choices = [], isRequired }, draft, value) {
  const id = draft.idOf(at);
  const fault = draft.faults.get(at);
  return html`<fieldset class="field" id=${id} tabindex="-1"><legend>${label}${isRequired ? ` (${app.words.required})` : ''}</legend>
    ${help ? html`<p class="hint">${help}</p>` : nothing}
    ${choices.map(
      ({ key, label: name }) => html`<div class="check"><input type="checkbox" id="${id}-${key}" .checked=${value.includes(key)} @change=${() => {
          const chosen = choices.map((one) => one.key).filter((one) => (one === key ? !value.includes(key) : value.includes(one)));
          put(app, draft, at, chosen.length > 0 ? chosen : null);
        }}>
        <label for="${id}-${key}">${name}</label></div>`,
    )}
    ${fault ? html`<p class="field-fault">${fault}</p>` : nothing}</fieldset>`;
}

/** @param {App} app @param {Draft} draft @param {string} at @param {any} value */
function put(app, draft, at, value) {
  draft.values.set(at, value);
  draft.faults.delete(at);
  app.redraw();
}

/** What was written, as it is kept; null for nothing. @param {Field['kind']} kind @param {string} text */
function read(kind, text) {
  if (text.trim() === '') return null;
  if (kind === 'number') return Number(text);
  return kind === 'yes_no' ? text === 'true' : text;
}

/**
 * Looks for what is missing or cannot be so, and notes it. Whether there is nothing.
 *
 * @param {App} app
 * @param {Field[]} fields
 * @param {Draft} draft
 * @param {any} known
 */
export function check(app, fields, draft, known) {
  draft.faults.clear();
  for (const { at, kind, isRequired } of fields) {
    const value = draft.values.has(at) ? draft.values.get(at) : valueAt(known, at);
    if (value === undefined || value === null) {
      if (isRequired) draft.faults.set(at, app.words.missing);
    } else if (kind === 'email' && !/^[^@\s]+@[^@\s]+$/.test(value.trim())) {
      draft.faults.set(at, app.words['person.email.wrong']);
    } else if (kind === 'phone' && !PHONE.test(value.trim())) {
      draft.faults.set(at, app.words['person.phone.wrong']);
    } else if (kind === 'number' && !Number.isSafeInteger(value)) {
      draft.faults.set(at, app.words['answer.number.wrong']);
    }
  }
  return draft.faults.size === 0;
}

/** Leads to the first fault. @param {Draft} draft */
export function showFault(draft) {
  const [first] = draft.faults.keys();
  queueMicrotask(() => document.getElementById(draft.idOf(first))?.focus());
}

/**
 * What was written and differs from what is known, as a merge patch (RFC 7396).
 *
 * @param {Field[]} fields
 * @param {Draft} draft
 * @param {any} known
 * @returns {Record<string, any>}
 */
export function patchOf(fields, draft, known) {
  /** @type {Record<string, any>} */
  const patch = {};
  for (const { at } of fields) {
    if (!draft.values.has(at)) continue;
    const written = draft.values.get(at);
    const value = typeof written === 'string' ? written.trim() : written;
    if (JSON.stringify(value) === JSON.stringify(valueAt(known, at) ?? null)) continue;
    const [name, key] = at.slice(1).split('/');
    if (key === undefined) patch[name] = value;
    else patch[name] = { ...patch[name], [key]: value };
  }
  return patch;
}

/** Applies a merge patch (RFC 7396). @param {any} target @param {any} patch @returns {any} */
export function merge(target, patch) {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const whole = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete whole[name];
    else whole[name] = merge(whole[name], value);
  }
  return whole;
}

/** What is being written into the forms of one kind. */
export class Drafts {
  /** @type {Map<string, Draft>} */
  #drafts = new Map();
  #kind;

  /** @param {string} kind */
  constructor(kind) {
    this.#kind = kind;
  }

  /**
   * What is written for somebody. What the server refused is not lost: it stands in the form again, and a refusal that
   * is put away takes it along.
   *
   * @param {App} app
   * @param {string} name Whose.
   * @param {Field[]} fields
   * @param {import('../common/sync/client.js').SentEdit | undefined} refused The last edit that was refused.
   */
  of(app, name, fields, refused) {
    let draft = this.#drafts.get(name);
    if (!draft || (draft.goesOnFrom && draft.goesOnFrom !== refused?.id)) {
      draft = new Draft(`${this.#kind}-${name}`);
      this.#drafts.set(name, draft);
    }
    if (refused && !draft.goesOnFrom && draft.values.size === 0) goOnFrom(app, fields, draft, refused);
    return draft;
  }

  /** It was sent. @param {string} name */
  drop(name) {
    this.#drafts.delete(name);
  }
}

/**
 * Puts what a refused edit wanted back into the form, with what the server found wrong.
 *
 * @param {App} app
 * @param {Field[]} fields
 * @param {Draft} draft
 * @param {import('../common/sync/client.js').SentEdit} edit
 */
function goOnFrom(app, fields, draft, { id, mutation, result }) {
  draft.goesOnFrom = id;
  for (const { at } of fields) {
    const wanted = valueAt(mutation.args, at);
    if (wanted !== undefined) draft.values.set(at, wanted);
    if (at === result?.field) draft.faults.set(at, app.words['problem.invalid_value']);
  }
  for (const { consent, is_given: isGiven } of mutation.args.consents ?? []) draft.values.set(`/consents/${consent}`, isGiven);
}

/** Countries by their names. @param {string} locale @returns {{key: string, label: string}[]} */
function countries(locale) {
  const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = letters.flatMap((one) => letters.map((other) => one + other)).filter((code) => !NO_COUNTRIES.has(code));
  const { compare } = new Intl.Collator(locale);
  return codes
    .flatMap((key) => {
      const label = names.of(key);
      return label ? [{ key, label }] : [];
    })
    .sort((one, other) => compare(one.label, other.label));
}

/**
 * What the check of a programme finds, in the reader's language: made of the finding's code, records and figures, and
 * of what the records are called.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';

/**
 * @typedef {import('./app.js').App} App
 *
 * @typedef {object} Finding
 * @property {string} code
 * @property {string} message
 * @property {{collection: string, id: string, slug: string}[]} [records]
 * @property {Record<string, any>} [details]
 *
 * @typedef {{starts_at?: string, ends_at?: string}} Times
 */

/**
 * What kind it is, and the sentence with names; the server's own English one where the records are not known here.
 *
 * @param {App} app
 * @param {Finding} finding
 * @param {Map<string, Times>} [times] Of sessions that it is about as they would be.
 */
export function findingText(app, finding, times = new Map()) {
  const kind = app.words[`finding.${finding.code}`];
  const sentence = sentenceOf(app, finding, times);
  return html`${kind ? html`<b>${kind}.</b> ` : nothing}${sentence ? html`<span>${sentence}</span>` : html`<span lang="en">${finding.message}</span>`}`;
}

/** @param {App} app @param {Finding} finding @param {Map<string, Times>} times */
function sentenceOf(app, { code, records = [], details = {} }, times) {
  const of = (/** @type {string} */ collection) => records.filter((record) => record.collection === collection);
  const sessions = of('sessions').map(({ id, slug }) => sessionName(app, id, slug, times.get(id)));
  const [one, other] = sessions;
  const place = (/** @type {string} */ id) => app.programme.venue(id)?.name?.text ?? '';
  const { session: first, value } = factsOf(app, of('sessions')[0]?.id);
  const room = of('rooms')[0] && app.roomName(of('rooms')[0].id);
  const say = (/** @type {Record<string, any>} */ values, name = code) => {
    const isKnown = Boolean(app.words[`sentence.${name}`]) && Object.values(values).every((known) => known !== undefined && known !== '');
    return isKnown ? app.say(`sentence.${name}`, values) : undefined;
  };
  switch (code) {
    case 'room_taken_twice':
      return say({ room, one, other });
    case 'room_closed':
      return say({ room, one });
    case 'room_lacks_feature':
      return say({ room, one, features: listOf(app, (details.features ?? []).map((feature) => app.words[`feature.${feature}`] ?? feature)) });
    case 'room_lacks_layout':
      return say({ room, one, layout: details.layout });
    case 'room_too_small':
      return say({ room, one, people: details.people, capacity: app.programme.room(of('rooms')[0]?.id)?.value.capacity });
    case 'person_in_two_places':
      return say({ person: nameOf(app, of('people')[0]), one, other });
    case 'way_longer_than_gap': {
      const ways = { gap: details.gap_minutes, way: details.way_minutes, one };
      if (sessions.length === 1) return say(ways, 'way_of_transfer');
      const [person] = of('people');
      return person ? say({ ...ways, other, person: nameOf(app, person) }, 'way_of_person') : say({ ...ways, other }, 'way_of_part');
    }
    case 'transfer_before_end':
    case 'transfer_after_start':
      return say({ one, other, minutes: details.minutes });
    case 'transfer_from_elsewhere':
      return say({ one, other, from: place(value?.transfer?.from), venue: factsOf(app, of('sessions')[1]?.id).session?.place.venue?.text });
    case 'transfer_to_elsewhere':
      return say({ one, other, to: place(value?.transfer?.to), venue: factsOf(app, of('sessions')[1]?.id).session?.place.venue?.text });
    case 'transfer_repeated':
      return say({ one, other });
    case 'session_outside_part':
      return say({ one: first?.title.text, day: details.day && app.dayName(details.day), part: app.programme.part(of('parts')[0]?.id)?.title?.text });
    case 'session_outside_event':
      return say({ one: first?.title.text, day: details.day && app.dayName(details.day) });
    case 'sessions_overlap_in_part':
      return say({ one, other, minutes: details.minutes });
    case 'title_missing':
      return say({ one: one ?? records[0]?.slug });
    case 'overview_without_detail':
      return say({ one: nameOf(app, records[0]) });
    case 'part_number_repeated':
      return say({ number: details.number, count: sessions.length, names: listOf(app, sessions) });
    case 'vehicles_too_small':
      return say({ one, seats: details.seats, people: details.people });
    case 'organisation_names_nearly_equal':
      return say({ one: details.names?.[0], other: details.names?.[1] });
    case 'missing_translation':
      return say({ one: nameOf(app, records[0]), fields: fieldsText(app, details.fields ?? {}) });
    default:
      return undefined;
  }
}

/** @param {App} app @param {string | undefined} id */
function factsOf(app, id) {
  const session = id === undefined ? undefined : app.programme.session(id);
  return { session, value: session?.value };
}

/** A session with its day and hours. @param {App} app @param {string} id @param {string} slug @param {Times} [times] */
function sessionName(app, id, slug, times) {
  const session = app.programme.session(id);
  const text = app.say('quoted', { text: session?.title.text ?? slug });
  const start = times?.starts_at ? Date.parse(times.starts_at) : session?.start;
  const end = times?.ends_at ? Date.parse(times.ends_at) : session?.end;
  if (start === undefined) return session?.day ? `${text} (${app.dayName(session.day)})` : text;
  return `${text} (${app.dayName(app.programme.dayOf(start))}, ${app.hour(start)}${end === undefined ? '' : ` – ${app.hour(end)}`})`;
}

/**
 * What a record is called, by what is held of it.
 *
 * @param {App} app
 * @param {{collection: string, id: string, slug: string} | undefined} record
 */
export function nameOf(app, record) {
  if (!record) return undefined;
  const value = app.client.find(record.collection, record.id)?.value;
  const name = value?.title ?? value?.name;
  const text = typeof name === 'string' ? name : app.text(name);
  if (text) return app.say('quoted', { text });
  const kind = value?.kind && app.programme.session(record.id)?.title.text;
  return kind ? app.say('quoted', { text: kind }) : record.slug;
}

/** @param {App} app @param {string[]} texts */
function listOf({ locale }, texts) {
  return new Intl.ListFormat(locale).format(texts);
}

/** The fields that lack languages, by their pointers, such as `/talks/0/title`. @param {App} app @param {Record<string, string[]>} fields */
function fieldsText(app, fields) {
  const names = new Intl.DisplayNames([app.locale], { type: 'language' });
  const told = Object.entries(fields).map(([pointer, tags]) => {
    const field = pointer.split('/').at(-1) ?? '';
    return app.say('sentence.field_in', { field: app.words[`field.${field}`] ?? field, languages: listOf(app, tags.map((tag) => names.of(tag) ?? tag)) });
  });
  return [...new Set(told)].join(', ');
}

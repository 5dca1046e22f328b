/**
 * Who works where, as views tell of it.
 *
 * @module
 */

/**
 * @typedef {import('./app.js').App} App
 *
 * @typedef {object} Duty
 * @property {string} id
 * @property {string} attendee
 * @property {string} kind
 * @property {string} collection
 * @property {string} object
 * @property {string} [from]
 * @property {string} [to]
 * @property {string} [note]
 *
 * @typedef {{collection: string, id: string, name: string, about: string}} Place Where a duty can be.
 */

/** What people do, in the order in which it is offered. */
export const KINDS = ['interpreter', 'sound', 'usher', 'driver', 'escort', 'other'];

/** What duties are at, in the order in which it is shown. */
export const PLACES = ['sessions', 'vehicles', 'rooms', 'parts'];

/** Every duty. @param {App} app @returns {Duty[]} */
export function listDuties({ client }) {
  return client.rows('duties', 'organiser').map(({ id, value }) => ({ id, ...value }));
}

/** Where somebody can have a duty, in the order of the programme. @param {App} app @param {string} collection @returns {Place[]} */
export function listPlaces(app, collection) {
  const { programme, client } = app;
  const place = (/** @type {string} */ id, /** @type {string | undefined} */ name, /** @type {unknown[]} */ about) => ({
    collection,
    id,
    name: name || id.slice(0, 8),
    about: about.filter(Boolean).join(' · '),
  });
  if (collection === 'sessions') {
    return programme.sessions
      .filter(({ isStub }) => !isStub)
      .map(({ id, title, day, start, place: where }) => place(id, title.text, [timeText(app, day, start), (where.room ?? where.venue)?.text]));
  }
  if (collection === 'rooms') return programme.rooms.map(({ id, name, venue }) => place(id, name?.text, [venue?.name?.text]));
  if (collection === 'parts') return programme.parts.filter(({ isStub }) => !isStub).map(({ id, title }) => place(id, title?.text, []));
  return client.rows('vehicles').map(({ id, value }) => {
    const runs = programme.session(value.session);
    return place(id, app.text(value.name) || value.slug, runs ? [runs.title.text, timeText(app, runs.day, runs.start)] : []);
  });
}

/** @param {App} app @param {string} day @param {number} [start] */
function timeText(app, day, start) {
  return start === undefined ? app.dayName(day) : `${app.dayName(day)}, ${app.hour(start)}`;
}

/**
 * Duties by where they are, in the order of the programme.
 *
 * @param {App} app
 * @param {Duty[]} duties
 * @returns {{place: Place, duties: Duty[]}[]}
 */
export function groupByPlace(app, duties) {
  return PLACES.flatMap((collection) =>
    listPlaces(app, collection).flatMap((place) => {
      const here = duties.filter((duty) => duty.collection === collection && duty.object === place.id);
      return here.length > 0 ? [{ place, duties: here }] : [];
    }),
  );
}

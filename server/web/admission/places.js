/**
 * What a checkpoint is about at a time, from the rows of a roster. A port of `shared/src/admission/places.rs`
 * and `ground.rs`.
 *
 * @module
 */

import { subjectOfRoom } from './room.js';

/** The rows of a roster that are about the programme, by collection and id. */
export class Places {
  /**
   * @param {{areas: Map<string, any>, checkpoints: Map<string, any>, sessions: Map<string, any>, parts: Map<string, any>,
   *   moved: Map<string, any>}} rows `access_areas`, `checkpoints`, `roster_sessions`, `roster_parts`, `moved_sessions`.
   */
  constructor(rows) {
    this.areas = rows.areas;
    this.checkpoints = rows.checkpoints;
    this.sessions = rows.sessions;
    this.parts = rows.parts;
    this.moved = rows.moved;
  }

  /**
   * A checkpoint with the area that it guards.
   *
   * @param {string} id
   * @returns {{checkpoint: any, area: any} | undefined} Undefined where one of them is gone.
   */
  find(id) {
    const checkpoint = this.checkpoints.get(id);
    const area = checkpoint && this.areas.get(checkpoint.area);
    return area && { checkpoint, area };
  }

  /**
   * What is entered through an area at a time.
   *
   * @param {any} area
   * @param {number} at In milliseconds since 1970.
   * @returns {import('./judge.js').Subject | undefined} Undefined where it is the whole event, or nothing is on.
   */
  subjectAt(area, at) {
    if (area.session) return this.subjectOf('sessions', area.session);
    if (area.part) return this.subjectOf('parts', area.part);
    if (!area.room) return undefined;
    const here = [...this.sessions].filter(([, session]) => session.room === area.room).map(([id]) => id);
    return subjectOfRoom(area, this.#subjectsOf(here), at);
  }

  /**
   * A part or session as it is entered.
   *
   * @param {'parts' | 'sessions'} collection
   * @param {string} id
   * @returns {import('./judge.js').Subject | undefined}
   */
  subjectOf(collection, id) {
    const row = (collection === 'sessions' ? this.sessions : this.parts).get(id);
    if (!row) return undefined;
    const decides = row.restricted_by?.collection === 'parts' ? row.restricted_by.id : undefined;
    const { part, room } = collection === 'sessions' ? row : {};
    const mark = decides && this.parts.get(decides)?.mark;
    return { collection, id, ...(part && { part }), ...(room && { room }), ...(mark && { mark }), terms: row.terms };
  }

  /**
   * The sessions that have left an area's room and take place elsewhere.
   *
   * @param {any} area
   * @returns {import('./judge.js').Subject[]}
   */
  listMoved({ room }) {
    if (!room) return [];
    const left = [...this.moved].filter(([, { left: rooms = [] }]) => rooms.includes(room)).map(([id]) => id);
    return this.#subjectsOf(left.sort()).filter((subject) => subject.room !== room);
  }

  /** The sessions with these ids, of which the roster has rows. */
  #subjectsOf(ids) {
    return ids.flatMap((id) => this.subjectOf('sessions', id) ?? []);
  }
}

/**
 * What an admission through an area to a subject counts for.
 *
 * @param {string} id The area's.
 * @param {any} area
 * @param {import('./judge.js').Subject} [subject]
 * @returns {{area: string, session?: string}}
 */
export function useAt(id, area, subject) {
  return { area: id, ...(area.room && subject && { session: subject.id }) };
}

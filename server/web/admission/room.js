/**
 * What is on in a room: the scanner stays, and what it checks for follows the programme. A port of
 * `shared/src/admission/room.rs`; all times are in milliseconds since 1970.
 *
 * @module
 */

/**
 * @param {any} area
 * @param {import('./check.js').EntryTerms} terms
 * @returns {number | undefined} When the doors open; undefined where at any time before.
 */
export function opensAt(area, terms) {
  const minutes = area.opens_minutes_before;
  return minutes === undefined || !terms.starts_at ? undefined : Date.parse(terms.starts_at) - minutes * 60_000;
}

/**
 * @param {any} area
 * @param {import('./check.js').EntryTerms} terms
 * @returns {number | undefined} When they close; undefined where it has no end.
 */
export function closesAt(area, terms) {
  return terms.ends_at ? Date.parse(terms.ends_at) + (area.closes_minutes_after ?? 0) * 60_000 : undefined;
}

/**
 * @param {any} area
 * @param {import('./check.js').EntryTerms} terms
 * @param {number} at
 * @returns {boolean} Whether people are let in to it then.
 */
export function isEnteredAt(area, terms, at) {
  const [opens, closes] = [opensAt(area, terms), closesAt(area, terms)];
  return (opens === undefined || opens <= at) && (closes === undefined || at < closes);
}

/**
 * Which of the sessions of a room somebody enters who comes at a time.
 *
 * @param {any} area
 * @param {import('./judge.js').Subject[]} sessions
 * @param {number} at
 * @returns {import('./judge.js').Subject | undefined}
 */
export function subjectOfRoom(area, sessions, at) {
  const ranked = sessions
    .filter(({ terms }) => terms.state !== 'draft')
    .map((subject) => ({ subject, rank: [...nearness(area, subject.terms, at), subject.id] }));
  ranked.sort((one, other) => compare(one.rank, other.rank));
  return ranked[0]?.subject;
}

/** The smaller, the nearer. */
function nearness(area, terms, at) {
  const isCancelled = Number(terms.state === 'cancelled');
  const begins = terms.starts_at ? Date.parse(terms.starts_at) : -Infinity;
  const ends = terms.ends_at ? Date.parse(terms.ends_at) : undefined;
  const isOver = ends !== undefined && at >= ends;
  if (isOver) return [isEnteredAt(area, terms, at) ? 2 : 4, isCancelled, -ends];
  if (begins <= at) return [0, isCancelled, -begins];
  return [isEnteredAt(area, terms, at) ? 1 : 3, isCancelled, begins];
}

function compare(one, other) {
  for (const [place, value] of one.entries()) {
    if (value < other[place]) return -1;
    if (value > other[place]) return 1;
  }
  return 0;
}

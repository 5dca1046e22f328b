/**
 * Where a session may go, with what speaks against each room.
 *
 * @module
 */

/**
 * Every room but the session's own, with what is known to speak against it; the server's preview knows more.
 *
 * @param {import('./app.js').App} app
 * @param {string} id The session's.
 */
export function listRooms(app, id) {
  const { words, programme } = app;
  const session = programme.session(id);
  if (!session) return [];
  const wanted = session.value.needs?.features ?? [];
  const rooms = programme.rooms.filter((room) => room.id !== session.value.room);
  const described = rooms.map(({ id: room, value, name, venue }) => {
    const taken = programme.sessions.find((one) => one.id !== id && one.value.room === room && !one.isCancelled && overlaps(one, session));
    const isSmall = value.capacity !== undefined && (session.value.expected_people ?? 0) > value.capacity;
    const isClosed = (value.closures ?? []).some((closure) => isWithin(closure, session));
    const lacks = wanted.filter((feature) => !(value.features ?? []).includes(feature));
    const faults = [
      ...(isClosed ? [words.isClosed] : []),
      ...(taken ? [app.say('takenBy', { title: taken.title.text })] : []),
      ...(isSmall ? [words.tooSmall] : []),
      ...lacks.map((feature) => app.say('lacks', { feature: words[`feature.${feature}`] ?? feature })),
    ];
    const facts = [venue?.name?.text, value.capacity && app.say('seats', { count: value.capacity })].filter(Boolean).join(' · ');
    const isNear = value.venue === programme.room(session.value.room)?.value.venue;
    return { id: room, name: name?.text ?? room, facts, faults, rank: faults.length * 2 + (isNear ? 0 : 1) };
  });
  return described.sort((one, other) => one.rank - other.rank);
}

function overlaps(one, other) {
  if (!one.start || !other.start) return false;
  return one.start < (other.end ?? other.start) && other.start < (one.end ?? one.start);
}

/** @param {import('./closing.js').Closure} closure @param {import('../common/programme.js').Session} session */
function isWithin({ from, to }, { start, end }) {
  return start !== undefined && Date.parse(from) < (end ?? start) && (!to || start < Date.parse(to));
}

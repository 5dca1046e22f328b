/**
 * Sessions as a calendar file (RFC 5545), in UTC, so that every calendar shows the right time.
 *
 * @module
 */

/**
 * @param {import('../common/programme.js').Session[]} sessions
 * @param {import('./app.js').App} app
 * @returns {string}
 */
export function writeCalendar(sessions, { programme, now, client }) {
  const event = programme.text(programme.event?.title)?.text ?? client.event;
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Cumbre//Attendee//EN', `X-WR-CALNAME:${escapeText(event)}`];
  for (const session of new Set(sessions)) {
    const { room, venue } = session.place;
    const address = programme.venue(session.place.venueId)?.value.address;
    const place = [room?.text, venue?.text, address].filter(Boolean).join(', ');
    const times =
      session.start === undefined
        ? [`DTSTART;VALUE=DATE:${session.day.replaceAll('-', '')}`]
        : [`DTSTART:${utc(session.start)}`, `DTEND:${utc(session.end ?? session.start)}`];
    lines.push(
      'BEGIN:VEVENT',
      `UID:${session.id}@cumbre`,
      `DTSTAMP:${utc(now)}`,
      ...times,
      `SUMMARY:${escapeText([session.number, session.title.text].filter(Boolean).join(' '))}`,
      ...(place ? [`LOCATION:${escapeText(place)}`] : []),
      `STATUS:${session.isCancelled ? 'CANCELLED' : 'CONFIRMED'}`,
      'END:VEVENT',
    );
  }
  lines.push('END:VCALENDAR');
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

/** @param {number} at */
function utc(at) {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
}

/** @param {string} text */
function escapeText(text) {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n');
}

/** A line in pieces of at most 75 bytes, none of which cuts a letter. @param {string} line */
function fold(line) {
  const encoder = new TextEncoder();
  let [folded, length] = ['', 0];
  for (const letter of line) {
    const bytes = encoder.encode(letter).length;
    if (length + bytes > 75) {
      folded += '\r\n ';
      length = 1;
    }
    folded += letter;
    length += bytes;
  }
  return folded;
}

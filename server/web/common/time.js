/**
 * Times and days in words, in a reader's language and an event's time zone.
 *
 * @module
 */

const DAY = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };
const TIME = { hour: 'numeric', minute: '2-digit' };

/**
 * @param {string} locale BCP 47.
 * @param {string} zone IANA name.
 * @param {string} from RFC 3339.
 * @param {string} [to] RFC 3339; absent where nobody knows.
 * @returns {string} Such as `Monday 26 November 2018, 18:00 – 19:30`.
 */
export function describeTimes(locale, zone, from, to) {
  const format = new Intl.DateTimeFormat(locale, { ...DAY, ...TIME, timeZone: zone });
  return to ? format.formatRange(new Date(from), new Date(to)) : format.format(new Date(from));
}

/**
 * @param {string} locale BCP 47.
 * @param {string} zone IANA name.
 * @param {string} at RFC 3339.
 * @returns {string} A shorter one, such as `26 November 2018, 19:30`.
 */
export function describeMoment(locale, zone, at) {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: zone }).format(new Date(at));
}

/**
 * @param {string} locale BCP 47.
 * @param {string} from A day, such as `2018-11-26`.
 * @param {string} [to] The last one; absent where it is the same.
 * @returns {string} Such as `Monday 26 November – Tuesday 27 November 2018`.
 */
export function describeDays(locale, from, to = from) {
  const format = new Intl.DateTimeFormat(locale, { ...DAY, timeZone: 'UTC' });
  return format.formatRange(new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`));
}

/**
 * @param {string} locale BCP 47.
 * @param {string} zone IANA name.
 * @param {string} at RFC 3339: clocks change within a year.
 * @returns {string} The zone's name, such as `Chile Summer Time`.
 */
export function describeZone(locale, zone, at) {
  const format = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'long' });
  return format.formatToParts(new Date(at)).find(({ type }) => type === 'timeZoneName').value;
}

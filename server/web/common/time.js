/**
 * Times and days in words, in a reader's language and an event's time zone.
 *
 * @module
 */

/** @type {Intl.DateTimeFormatOptions} */
const DAY = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };
/** @type {Intl.DateTimeFormatOptions} */
const TIME = { hour: 'numeric', minute: '2-digit' };

/**
 * @param {string} locale BCP 47.
 * @param {string} zone IANA name.
 * @param {string} from RFC 3339.
 * @param {string} [to] RFC 3339; absent where nobody knows.
 * @returns {string} Such as `Monday 26 November 2018, 18:00 – 19:30`.
 */
export function describeTimes(locale, zone, from, to) {
  const format = new Intl.DateTimeFormat(locale, { ...DAY, ...TIME, ...hoursOf(locale), timeZone: zone });
  return asPrinted(locale, to ? format.formatRange(new Date(from), new Date(to)) : format.format(new Date(from)));
}

/**
 * @param {string} locale BCP 47.
 * @param {string} zone IANA name.
 * @param {string} at RFC 3339.
 * @returns {string} A shorter one, such as `26 November 2018, 19:30`.
 */
export function describeMoment(locale, zone, at) {
  return asPrinted(locale, new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', ...hoursOf(locale), timeZone: zone }).format(new Date(at)));
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
  return format.formatToParts(new Date(at)).find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const FORMATS = new Map();

/**
 * A format, made once: making one takes a millisecond.
 *
 * @param {string} locale
 * @param {Intl.DateTimeFormatOptions} options
 */
function formatOf(locale, options) {
  const key = `${locale} ${JSON.stringify(options)}`;
  let format = FORMATS.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, options);
    FORMATS.set(key, format);
  }
  return format;
}

/**
 * How hours are written: programmes in these languages count to 24, whatever a country's clocks do.
 *
 * @param {string} locale
 * @returns {Intl.DateTimeFormatOptions}
 */
export function hoursOf(locale) {
  return /^(es|pt|fr)\b/.test(locale) ? { hourCycle: 'h23' } : {};
}

/**
 * Hours as programmes print them: where clocks count to 24 they have two digits, which the browser's own data have for
 * some forms and not for others, and no line ends within one (French writes `18 h 30`, English `6:30 PM`) or before a dash.
 *
 * @param {string} locale
 * @param {string} text
 */
function asPrinted(locale, text) {
  const unbroken = text.replace(/(?<=\d) h (?=\d)/g, '\u00a0h\u00a0').replace(/\s(?=–)|(?<=\d)\s(?=[AP]M)/g, '\u00a0');
  const { hourCycle } = formatOf(locale, { hour: 'numeric', ...hoursOf(locale) }).resolvedOptions();
  return hourCycle === 'h23' ? unbroken.replace(/(?<!\d)\d(?=(:|\u00a0h\u00a0)\d\d)/g, '0$&') : unbroken;
}

/**
 * @param {string} locale BCP 47.
 * @param {string} zone IANA name.
 * @param {number} at Milliseconds.
 * @param {boolean} [withDay]
 * @returns {string} Such as `18:00`, or `Mon 26 Nov, 18:00`.
 */
export function describeClock(locale, zone, at, withDay = false) {
  const day = withDay ? /** @type {const} */ ({ weekday: 'short', day: 'numeric', month: 'short' }) : {};
  return asPrinted(locale, formatOf(locale, { ...day, ...hoursOf(locale), hour: 'numeric', minute: '2-digit', timeZone: zone }).format(at));
}

/**
 * @param {string} locale BCP 47.
 * @param {string} zone IANA name.
 * @param {number} from Milliseconds.
 * @param {number} to
 * @returns {string} Such as `18:00 – 19:30`.
 */
export function describeSpan(locale, zone, from, to) {
  return asPrinted(locale, formatOf(locale, { ...hoursOf(locale), hour: 'numeric', minute: '2-digit', timeZone: zone }).formatRange(from, to));
}

/**
 * @param {string} locale BCP 47.
 * @param {string} day Such as `2018-11-26`.
 * @param {'long' | 'short' | 'tiny'} length
 * @returns {string} Such as `Monday 26 November`, `Mon 26 Nov` or `Mon 26`.
 */
export function describeDay(locale, day, length) {
  /** @type {Record<string, Intl.DateTimeFormatOptions>} */
  const options = {
    long: { weekday: 'long', day: 'numeric', month: 'long' },
    short: { weekday: 'short', day: 'numeric', month: 'short' },
    tiny: { weekday: 'short', day: 'numeric' },
  };
  return formatOf(locale, { ...options[length], timeZone: 'UTC' }).format(Date.parse(`${day}T00:00:00Z`));
}

/**
 * @param {string} locale BCP 47.
 * @param {number} minutes At least 0.
 * @returns {string} Such as `45 min` or `1 hr, 30 min`.
 */
export function describeMinutes(locale, minutes) {
  const part = (/** @type {number} */ value, /** @type {string} */ unit) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return part(rest, 'minute');
  return rest === 0 ? part(hours, 'hour') : `${part(hours, 'hour')} ${part(rest, 'minute')}`;
}

/**
 * Whether two moments are on one day.
 *
 * @param {string} zone IANA name.
 * @param {number} one
 * @param {number} other
 */
export function isSameDay(zone, one, other) {
  const format = formatOf('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: zone });
  return format.format(one) === format.format(other);
}

/**
 * Whether two zones show the same time at a moment.
 *
 * @param {string} one IANA name.
 * @param {string} other
 * @param {number} at Milliseconds.
 */
export function areZonesAlike(one, other, at) {
  const shown = (/** @type {string} */ zone) =>
    formatOf('en-GB', { dateStyle: 'short', timeStyle: 'short', timeZone: zone }).format(at);
  return shown(one) === shown(other);
}

/**
 * What a clock in a zone shows, as a field for date and time has it.
 *
 * @param {string} zone IANA name.
 * @param {number} at Milliseconds.
 * @returns {string} Such as `2018-11-26T18:00`.
 */
export function clockIn(zone, at) {
  const options = /** @type {const} */ ({ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const parts = Object.fromEntries(formatOf('en-CA', { ...options, timeZone: zone }).formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/**
 * The moment at which a clock in a zone shows a time. Of a time that clocks show twice it is the first; one that
 * they skip is as far behind the skip as it is into it.
 *
 * @param {string} zone IANA name.
 * @param {string} clock Such as `2018-11-26T18:00`.
 * @returns {number} Milliseconds; not a number where the text is no time.
 */
export function momentIn(zone, clock) {
  const asUtc = Date.parse(`${clock}Z`);
  if (Number.isNaN(asUtc)) return asUtc;
  const offsetAt = (/** @type {number} */ at) => Date.parse(`${clockIn(zone, at)}Z`) - Math.floor(at / 60_000) * 60_000;
  const before = asUtc - offsetAt(asUtc - 86_400_000);
  const after = asUtc - offsetAt(asUtc + 86_400_000);
  const fits = [before, after].find((at) => clockIn(zone, at) === clock.slice(0, 16));
  return fits ?? before;
}

/**
 * When a day begins somewhere: where clocks are put forward at midnight, later than at 0:00.
 *
 * @param {string} day Such as `2018-11-26`.
 * @param {string} zone IANA name.
 * @returns {number} Milliseconds since 1970.
 */
export function startOfDay(day, zone) {
  const format = formatOf('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const midnight = Date.parse(`${day}T00:00:00Z`) / 60_000;
  // Zones are between 12 hours behind and 14 ahead.
  let [before, from] = [midnight - 15 * 60, midnight + 13 * 60];
  while (from - before > 1) {
    const at = Math.floor((before + from) / 2);
    if (format.format(at * 60_000) >= day) from = at;
    else before = at;
  }
  return from * 60_000;
}

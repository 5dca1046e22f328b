/**
 * The language that a page speaks.
 *
 * @module
 */

/**
 * The first of the reader's languages that there are words in; else the first that there are.
 *
 * @param {string[]} spoken Languages that there are words in (`pt`).
 * @param {readonly string[]} [wanted] The reader's languages by preference (`pt-BR`).
 * @returns {string} One of those spoken.
 */
export function chooseLanguage(spoken, wanted = navigator.languages) {
  const primary = wanted.map((tag) => tag.toLowerCase().split('-')[0]);
  return primary.find((language) => spoken.includes(language)) ?? spoken[0];
}

/**
 * Fills a text's places in braces.
 *
 * @param {string} text Such as `Wait {time}.`
 * @param {Record<string, string>} values By the names of the places.
 * @returns {string}
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/**
 * A duration in words, in the larger of minutes and seconds that fits.
 *
 * @param {string} language BCP 47.
 * @param {number} seconds At least 0.
 * @returns {string} Such as `2 minutes`; rounded up.
 */
export function describeDuration(language, seconds) {
  const [count, unit] = seconds > 90 ? [Math.ceil(seconds / 60), 'minute'] : [Math.ceil(seconds), 'second'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}

/**
 * The reader's own kind of a language, which says how they write dates.
 *
 * @param {string} language One that there are words in (`en`).
 * @param {readonly string[]} [wanted] The reader's languages by preference.
 * @returns {string} Such as `en-GB`.
 */
export function chooseLocale(language, wanted = navigator.languages) {
  return wanted.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}

/**
 * The text for a reader: in their language, else in the event's own, else the first.
 *
 * @param {Record<string, string>} texts By language (BCP 47).
 * @param {string} locale The reader's.
 * @param {string} fallback The event's own.
 * @returns {{text: string, tag: string}} The text, and the language that it is in.
 */
export function chooseText(texts, locale, fallback) {
  const wanted = [locale, locale.split('-')[0], fallback, Object.keys(texts)[0]];
  const tag = wanted.find((one) => Object.hasOwn(texts, one)) ?? 'und';
  return { text: texts[tag] ?? '', tag };
}

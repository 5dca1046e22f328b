/**
 * What the phone says, one language at a time; what only rarely opened views say comes with the first of them.
 *
 * @module
 */

/** @typedef {Record<string, () => Promise<{default: Record<string, string>}>>} Texts How texts come, by language. */

/** What the page speaks, by language. @type {Texts} */
export const LANGUAGES = {
  en: () => import('./words/en.js'),
  es: () => import('./words/es.js'),
  pt: () => import('./words/pt.js'),
  fr: () => import('./words/fr.js'),
};

/** What the views of one's own registration and data say beside; it comes with the first of them. @type {Texts} */
export const OWN_WORDS = {
  en: () => import('./words/own/en.js'),
  es: () => import('./words/own/es.js'),
  pt: () => import('./words/own/pt.js'),
  fr: () => import('./words/own/fr.js'),
};

/** What the views of a delegation say beside. @type {Texts} */
export const DELEGATION_WORDS = {
  en: () => import('./words/delegation/en.js'),
  es: () => import('./words/delegation/es.js'),
  pt: () => import('./words/delegation/pt.js'),
  fr: () => import('./words/delegation/fr.js'),
};

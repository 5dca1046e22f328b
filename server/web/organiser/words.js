/**
 * What the organiser's page says, in each language that mails are written in.
 *
 * @module
 */

import { withCommon } from '../common/words.js';
import en from './words/en.js';
import es from './words/es.js';
import { FINDINGS } from './words/findings.js';
import fr from './words/fr.js';
import { NOTICES } from './words/notices.js';
import pt from './words/pt.js';

const whole = (/** @type {string} */ language, /** @type {Record<string, string>} */ day) => ({
  ...day,
  ...NOTICES[language],
  ...FINDINGS[language],
});

/** By language, the first being the one for readers of none of them; every language has every text. */
export const WORDS = withCommon({ en: whole('en', en), es: whole('es', es), pt: whole('pt', pt), fr: whole('fr', fr) });

/**
 * What the organiser's page says, in each language that mails are written in.
 *
 * @module
 */

import { withCommon } from '../common/words.js';
import en from './words/en/index.js';
import es from './words/es/index.js';
import fr from './words/fr/index.js';
import pt from './words/pt/index.js';

/** By language, the first being the one for readers of none of them; every language has every text. */
export const WORDS = withCommon({ en, es, pt, fr });

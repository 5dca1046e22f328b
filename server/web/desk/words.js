/**
 * What the desk says, in each language that mails are written in.
 *
 * @module
 */

import { withCommon } from '../common/words.js';
import en from './words/en.js';
import es from './words/es.js';
import fr from './words/fr.js';
import pt from './words/pt.js';

/** By language, the first being the one for readers of none of them; every language has every text. */
export const WORDS = withCommon({ en, es, pt, fr });

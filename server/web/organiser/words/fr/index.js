/** What the organiser’s page says in French. */

import day from './day.js';
import duties from './duties.js';
import findings from './findings.js';
import notices from './notices.js';
import records from './records.js';

export default { ...day, ...notices, ...findings, ...records, ...duties };

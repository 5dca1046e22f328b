/** What the organiser’s page says in English. */

import problems from '../../../common/problems/en.js';
import day from './day.js';
import duties from './duties.js';
import fields from './fields.js';
import files from './files.js';
import findings from './findings.js';
import notices from './notices.js';
import people from './people.js';
import person from './person.js';
import programmeFile from './programme-file.js';
import records from './records.js';
import refusals from './refusals.js';

export default { ...problems, ...fields, ...day, ...notices, ...files, ...programmeFile, ...findings, ...records, ...duties, ...people, ...person, ...refusals };

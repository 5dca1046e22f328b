/**
 * Who is registered in tests, and as what.
 *
 * @module
 */

import { Office } from '../desk/cast.js';

/** A category that asks questions of every kind, and for agreement to a text. */
export const CATEGORY = {
  slug: 'observers',
  title: { en: 'Observer', es: 'Observador' },
  enrolment: 'on_approval',
  form: [
    { key: 'diet', label: { en: 'What do you not eat?' }, help: { en: 'For the caterer.' }, kind: 'text', is_required: true },
    { key: 'nights', label: { en: 'Nights' }, kind: 'number' },
    { key: 'arrival', label: { en: 'Arrival' }, kind: 'date' },
    { key: 'visa', label: { en: 'Do you need a visa?' }, kind: 'yes_no' },
    { key: 'shirt', label: { en: 'Shirt' }, kind: 'choice', choices: [{ key: 's', label: { en: 'Small' } }, { key: 'l', label: { en: 'Large' } }] },
    { key: 'topics', label: { en: 'Topics' }, kind: 'choices', choices: [{ key: 'police', label: { en: 'Police' } }, { key: 'prisons', label: { en: 'Prisons' } }] },
  ],
  consents: [{ key: 'photos', version: 1, text: { en: 'Photographs may be taken of me.' }, is_required: true }],
};

/** The participant as an observer, as the organiser entered them. */
export async function register(site, more = {}) {
  const office = await Office.open(site);
  const { id: category } = await office.ask('POST', '/categories', CATEGORY);
  const { items } = await office.ask('GET', '/attendees?limit=100');
  const { id: attendee } = items.find(({ name }) => name === 'Joaquín Meza');
  const details = { phone: '+56 2 2345 6789', position: 'Researcher' };
  await office.ask('PUT', `/attendees/${attendee}/registration`, { category, status: 'confirmed', details, answers: { diet: 'Nuts' }, ...more });
  return { office, attendee, read: () => office.ask('GET', `/attendees/${attendee}/registration`) };
}

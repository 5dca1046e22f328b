/**
 * A delegation in tests, and who looks after it.
 *
 * @module
 */

import { Office } from '../desk/cast.js';
import { expect } from '../harness/test.js';
import { heading, idOf, openApp, openView } from './views.js';

/** A field of a form by its label. */
export const field = (page, name) => page.getByRole('textbox', { name, exact: true });

const CATEGORY = {
  slug: 'delegates',
  title: { en: 'Delegate', es: 'Delegado', pt: 'Delegado', fr: 'Délégué' },
  enrolment: 'automatic',
  form: [{ key: 'diet', label: { en: 'What do you not eat?' }, kind: 'text', is_required: true }],
};

/** Chile with three places, of which two are taken, and the participant who looks after it. */
export async function openDelegation(site, duty = 'focal_point') {
  const office = await Office.open(site);
  const { id: category } = await office.ask('POST', '/categories', CATEGORY);
  const [session, visit] = [await idOf(site, office.token, 'sessions', 'the-internal-reality'), await idOf(site, office.token, 'sessions', 'visit-achm')];
  const quotas = [{ session, at_most: 2, inside_at_most: 1 }, { session: visit, at_most: 1 }];
  const names = { slug: 'tuvalu', name: { en: 'Tuvalu', es: 'Tuvalu', fr: 'Tuvalu' }, capacity: 3, quotas };
  const { id: delegation } = await office.ask('POST', '/delegations', names);
  const join = async (name, more = {}) => {
    const body = { name, category, delegation, status: 'confirmed', answers: { diet: 'Nuts' }, details: { position: 'Adviser', email: 'a@tuvalu.example', phone: '+688 20 100' }, ...more };
    return (await office.ask('POST', '/registrations', body)).attendee;
  };
  const head = await join('Teresa Falealili', { delegation_role: 'head' });
  const placeholder = await join('The Minister of Justice or representative', { is_placeholder: true, answers: {}, details: {} });
  await office.ask('POST', '/invitations', { attendee: head, collection: 'sessions', object: session });
  const { email, name } = site.person('participant');
  await office.ask('POST', `/delegations/${delegation}/duties`, { email, name, duty });
  const members = async () => (await office.ask('GET', `/delegations/${delegation}/members`)).items;
  const find = async (wanted) => (await members()).find((one) => one.name === wanted);
  return { office, category, delegation, head, placeholder, session, visit, members, find };
}

/** Opens the delegation as whoever looks after it does. */
export async function openMine(page, site) {
  await openApp(page, site, 'participant');
  await openView(page, 'more');
  await page.getByRole('link', { name: 'My delegation' }).click();
  await expect(heading(page, 'Tuvalu')).toBeFocused();
}

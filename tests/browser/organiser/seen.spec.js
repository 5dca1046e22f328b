/** A room change, from the organiser's tap to the door that people came to. */

import { answer, enrol, Office, scan } from '../desk/cast.js';
import { expect, test } from '../harness/test.js';
import { addRooms, dialog, note, openAsOrganiser, sessionRow } from './cast.js';

test('a session that moves is shown on another organiser’s page and at the door that it has left', async ({
  browser,
  page,
  site,
}) => {
  test.slow();
  // 17:50, ten minutes before it begins.
  await site.advance(9 * 3_600_000 + 50 * 60_000);
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await addRooms(office);
  const session = await office.find('sessions', 'the-internal-reality');
  await office.ask('PATCH', `/sessions/${session.id}`, { admission: { policy: 'by_invitation', visibility: 'listed' } });
  await office.ask('POST', '/invitations', { attendee: ana.attendee, collection: 'sessions', object: session.id });
  const door = await browser.newPage({ baseURL: site.address, locale: 'en-GB', serviceWorkers: 'block' });
  await enrol(door, office, { profile: 'door', place: /Door of Punta Nueva York/ });
  await expect(answer(door)).toContainText('The Internal Reality, 18:00 – 19:30');
  const colleague = await browser.newPage({ baseURL: site.address, locale: 'en-GB', serviceWorkers: 'block' });
  await openAsOrganiser(colleague, site);
  await expect(sessionRow(colleague, /The Internal Reality/)).toContainText('Punta Nueva York');
  await site.advance(60_000);
  await openAsOrganiser(page, site);
  await sessionRow(page, /The Internal Reality/).click();
  await dialog(page).getByRole('button', { name: 'Another room' }).click();
  await dialog(page).getByRole('button', { name: /Blue Room/ }).click();
  await dialog(page).getByRole('button', { name: 'Do it and tell them' }).click();
  await expect(note(page)).toHaveText('The Internal Reality is now: Blue Room.');
  await expect(sessionRow(colleague, /The Internal Reality/)).toContainText('Blue Room');
  await expect(answer(door)).not.toContainText('The Internal Reality');
  await scan(door, ana.badge);
  await expect(answer(door).locator('.word')).toHaveText('NO');
  await expect(answer(door)).toContainText('The session has moved to another room.');
  await expect(answer(door)).toContainText('Now in Blue Room.');
  await expect(answer(door)).toContainText('Show the way to the other room.');
  await Promise.all([door.close(), colleague.close()]);
});

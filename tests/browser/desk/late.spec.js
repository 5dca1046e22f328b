/** What a desk did before it heard that it is not in use any more, done in its place or not. */

import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { askForSeat, enrol, handInLate, leaveNote, Office, typedField } from './cast.js';

const DESK = /Registration desk at the conference center/;

const view = (page, name) => page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name });
const late = (page) => page.getByRole('listitem').filter({ hasText: 'Done at a desk that was not in use any more' });

test('a desk lead’s device does in its place what a suspended desk did, by the keyboard and without a network', async ({ browser, context, page, site }, info) => {
  test.slow();
  const office = await Office.open(site);
  await office.register('Ana Rojas');
  await handInLate(browser, office, { typed: 'rojas', deed: (desk) => leaveNote(desk, 'Ask for the letter.') });
  await enrol(page, office, { place: DESK, is_lead: true });
  await view(page, /Incidents/).click();
  await expect(late(page)).toContainText('at Desk by the stairs: a note');
  await expect(late(page).locator('q')).toHaveText('Ask for the letter.');
  await expectGoodState(page, info, 'desk-late-work');
  await context.setOffline(true);
  await late(page).getByRole('button', { name: 'Do it now' }).focus();
  await page.keyboard.press('Enter');
  await expect(late(page)).toContainText('Settled');
  await expect(late(page)).toContainText('to hand in');
  await expect(late(page).getByRole('button')).toHaveCount(0);
  await context.setOffline(false);
  await expect.poll(async () => (await office.ask('GET', '/incidents?state=resolved')).items.length).toBe(1);
  await view(page, 'Scan').click();
  await typedField(page).fill('rojas');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await expect(page.getByRole('textbox', { name: 'Note for whoever sees them first' })).toHaveValue('Ask for the letter.');
});

test('what the server refuses to do in a suspended desk’s place stays open', async ({ browser, page, site }) => {
  test.slow();
  const office = await Office.open(site);
  await office.register('Ana Rojas');
  const { id: session } = await office.find('sessions', 'visit-achm');
  await handInLate(browser, office, { typed: 'rojas', deed: (desk) => askForSeat(desk, session) });
  await office.ask('POST', `/sessions/${session}/cancel`, {});
  await enrol(page, office, { place: DESK, is_lead: true });
  await view(page, /Incidents/).click();
  await expect(late(page)).toContainText('Experiences of AChM');
  await late(page).getByRole('button', { name: 'Do it now' }).click();
  await expect(page.getByRole('alert', { name: 'The server refused' })).toContainText('a seat', { timeout: 30_000 });
  await expect(late(page)).toContainText('Open');
  expect((await office.ask('GET', '/incidents')).items).toHaveLength(1);
});

test('a desk of which nobody leads leaves it to who does', async ({ browser, page, site }) => {
  const office = await Office.open(site);
  await office.register('Ana Rojas');
  await handInLate(browser, office, { typed: 'rojas', deed: (desk) => leaveNote(desk, 'Ask for the letter.') });
  await enrol(page, office, { place: DESK });
  await view(page, /Incidents/).click();
  await expect(late(page)).toContainText('Ask for the letter.');
  await expect(late(page).getByRole('button')).toHaveCount(0);
});

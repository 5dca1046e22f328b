/** What a desk did when it was not in use any more, on the organiser's board. */

import { askForSeat, handInLate, leaveNote, Office } from '../desk/cast.js';
import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { note, openAsOrganiser, openInAnyLanguage, tabTo } from './cast.js';

const NAME = 'Excelentísima Señora María Fernanda de los Ángeles Etcheverry-Montenegro y Wollstonecraft';

const incidents = (page) => page.getByRole('region', { name: 'Incidents' });

const listResolved = async (office) => (await office.ask('GET', '/incidents?state=resolved')).items;

test('an organiser does in a suspended desk’s place what it did, by the keyboard', async ({ browser, page, site }, info) => {
  test.slow();
  const office = await Office.open(site);
  const { attendee } = await office.register(NAME);
  await handInLate(browser, office, { typed: 'etcheverry', deed: (desk) => leaveNote(desk, 'Ask for the letter.') });
  await openAsOrganiser(page, site);
  await expect(incidents(page)).toContainText(`at Desk by the stairs: a note for the doors, ${NAME}`);
  await expect(incidents(page).locator('q')).toHaveText('Ask for the letter.');
  await expectGoodState(page, info, 'organiser-late-work');
  const deed = incidents(page).getByRole('button', { name: /^Do it now: a note for the doors/ });
  await page.getByRole('link', { name: 'Announce' }).focus();
  await tabTo(page, deed);
  await page.keyboard.press('Enter');
  await expect(note(page)).toHaveText('Noted: it is done as soon as the server has it.');
  await expect(incidents(page)).toContainText('Nothing odd is open.');
  await expect.poll(async () => (await listResolved(office)).length).toBe(1);
  const done = (await office.ask('GET', '/audit?limit=100')).items.filter(({ operation }) => operation === 'door_note.put');
  expect(done.map((entry) => entry.attendee)).toEqual([attendee]);
});

test('what cannot be done any more stays open with why, until it is settled', async ({ browser, page, site }, info) => {
  test.slow();
  const office = await Office.open(site);
  await office.register(NAME);
  const { id: session } = await office.find('sessions', 'visit-achm');
  await handInLate(browser, office, { typed: 'etcheverry', deed: (desk) => askForSeat(desk, session) });
  await office.ask('POST', `/sessions/${session}/cancel`, {});
  await openAsOrganiser(page, site);
  await expect(incidents(page).getByRole('listitem')).toContainText('Experiences of AChM');
  await incidents(page).getByRole('button', { name: /^Do it now: a seat/ }).click();
  await expect(incidents(page).getByRole('alert')).toContainText('The server refused it: ', { timeout: 30_000 });
  expect(await listResolved(office)).toHaveLength(0);
  await expectGoodState(page, info, 'organiser-late-refused');
  await incidents(page).getByRole('button', { name: 'Settle' }).click();
  await expect(note(page)).toHaveText('Settled.');
  await expect(incidents(page)).toContainText('Nothing odd is open.');
  expect(await listResolved(office)).toHaveLength(1);
});

test('without a network it waits here until it is handed in', async ({ browser, context, page, site }) => {
  test.slow();
  const office = await Office.open(site);
  await office.register('Ana Rojas');
  await handInLate(browser, office, { typed: 'rojas', deed: (desk) => leaveNote(desk, 'Ask for the letter.') });
  await openAsOrganiser(page, site);
  await expect(incidents(page)).toContainText('Ask for the letter.');
  await context.setOffline(true);
  await incidents(page).getByRole('button', { name: /^Do it now/ }).click();
  await expect(incidents(page).getByRole('listitem')).toContainText('to hand in');
  await expect(incidents(page).getByRole('button')).toHaveCount(0);
  await context.setOffline(false);
  await expect(incidents(page)).toContainText('Nothing odd is open.', { timeout: 30_000 });
  expect(await listResolved(office)).toHaveLength(1);
});

test('a desk lead does it too, and the list is without it at once', async ({ browser, page, site }) => {
  test.slow();
  const office = await Office.open(site);
  await office.register('Ana Rojas');
  await handInLate(browser, office, { typed: 'rojas', deed: (desk) => leaveNote(desk, 'Ask for the letter.') });
  const { email, name } = site.person('participant');
  await office.ask('POST', '/roles', { email, name, role: 'desk_lead' });
  await openAsOrganiser(page, site, 'participant');
  await incidents(page).getByRole('button', { name: /^Do it now/ }).click();
  await expect(incidents(page)).toContainText('Nothing odd is open.');
  await expect.poll(async () => (await listResolved(office)).length).toBe(1);
});

for (const [locale, deed] of Object.entries({ 'es-CL': 'Hacerlo ahora', 'pt-BR': 'Fazer agora', 'fr-CA': 'Le faire maintenant' })) {
  test(`in ${locale} what waits fits a phone, and is done`, async ({ browser, site }, info) => {
    test.slow();
    const office = await Office.open(site);
    await office.register(NAME);
    await handInLate(browser, office, { typed: 'etcheverry', deed: (desk) => leaveNote(desk, 'Ask for the letter.') });
    const page = await browser.newPage({ baseURL: site.address, locale, serviceWorkers: 'block' });
    await openInAnyLanguage(page, site);
    const button = page.getByRole('button', { name: new RegExp(`^${deed}`) });
    await expect(button).toBeVisible();
    await expectGoodState(page, info, `organiser-late-${locale}`);
    await button.click();
    await expect.poll(async () => (await listResolved(office)).length).toBe(1);
    await page.close();
  });
}

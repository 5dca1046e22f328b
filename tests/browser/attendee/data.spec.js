/** What is held about people, as they read and keep it. */

import { readFile } from 'node:fs/promises';

import { Office } from '../desk/cast.js';
import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { button, openApp, openView } from './views.js';

/** What is offered about somebody. */
const subject = (page, name) => page.getByRole('region', { name });

/** The text of the file that a press saves. */
async function saved(page, press) {
  const download = page.waitForEvent('download');
  await press();
  return readFile(await (await download).path(), 'utf8');
}

test('one’s data are shown, and come as a page and for programs', async ({ page, site }, info) => {
  await openApp(page, site, 'participant');
  await openView(page, 'data');
  const own = subject(page, 'At this event: Joaquín Meza');
  await button(own, 'Show').click();
  await expect(own.getByRole('heading', { name: 'Notices', exact: true })).toBeVisible();
  await expect(own.getByText('participant@demo.example').first()).toBeVisible();
  await expect(own.locator('.held')).toBeFocused();
  await expectGoodState(page, info, 'attendee-data-shown');
  const html = await saved(page, () => button(own, 'Save as a page').click());
  expect(html).toContain('<h1>What is held about you</h1>');
  expect(html).toContain('participant@demo.example');
  const held = JSON.parse(await saved(page, () => button(own, 'Save for programs').click()));
  expect(held.attendee.name).toBe('Joaquín Meza');
  const account = JSON.parse(await saved(page, () => button(subject(page, 'Your account'), 'Save for programs').click()));
  expect(account.account.email).toBe('participant@demo.example');
  await button(own, 'Hide').click();
  await expect(own.locator('.held')).toHaveCount(0);
});

test('lists that go on in a next document are put together', async ({ page, site }) => {
  test.setTimeout(120_000);
  const office = await Office.open(site);
  await openApp(page, site, 'participant');
  await openView(page, 'data');
  const attendees = (await office.ask('GET', '/attendees?limit=100')).items;
  const { id } = attendees.find(({ name }) => name === 'Joaquín Meza');
  for (let times = 0; times < 5; times += 1) {
    await office.ask('PATCH', `/attendees/${id}`, { language: times % 2 ? 'es' : 'en' });
  }
  // As if the lists were longer than what one answer may have.
  const limited = (url) => ({ url: url.replace('limit=500', 'limit=2') });
  await page.route('**/attendees/*/data*', (route) => route.continue(limited(route.request().url())));
  const own = subject(page, 'At this event: Joaquín Meza');
  const held = JSON.parse(await saved(page, () => button(own, 'Save for programs').click()));
  expect(held.next).toBeUndefined();
  const changes = held.audit.filter(({ operation }) => operation === 'attendee.change');
  expect(changes.length).toBeGreaterThanOrEqual(5);
  const html = await saved(page, () => button(own, 'Save as a page').click());
  expect(html.match(/<dd>attendee\.change<\/dd>/g).length).toBe(changes.length);
  expect(html.match(/<h2>Record of changes<\/h2>/g).length).toBe(1);
  expect(html).not.toContain('<a ');
});

test('who acts for others is told that their data are theirs, and is offered none of it', async ({ page, site }) => {
  await openApp(page, site, 'assistant');
  await openView(page, 'data');
  await expect(page.getByText('What is held about Amalia Quispe and Tomás Arrieta is theirs to read')).toBeVisible();
  await expect(page.getByRole('region')).toHaveCount(1);
  await button(subject(page, 'Your account'), 'Show').click();
  await expect(page.getByText('assistant@demo.example').first()).toBeVisible();
});

test('without a network one’s data are not there, and it is said', async ({ page, context, site }, info) => {
  await openApp(page, site, 'participant');
  await openView(page, 'data');
  const show = button(subject(page, 'At this event'), 'Show');
  await expect(show).toBeVisible();
  await context.setOffline(true);
  await show.click();
  await expect(page.getByText('This needs a connection.')).toBeVisible();
  await expectGoodState(page, info, 'attendee-data-offline');
});

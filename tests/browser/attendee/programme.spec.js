/** The programme as anybody reads it. */

import { expect, test } from '../harness/test.js';
import { button, entry, heading, openApp, openView, status, tab } from './views.js';

test('without a sign-in the public programme is there, by day and in order', async ({ page, site }) => {
  await openApp(page, site);
  await expect(status(page)).toContainText('Up to date');
  await tab(page, 'Programme').click();
  await expect(heading(page, 'Programme')).toBeFocused();
  await page.getByRole('link', { name: 'Wed 28' }).click();
  await expect(page.getByRole('heading', { name: 'Wednesday 28 November' })).toBeVisible();
  const times = await page.locator('.session .start').allTextContents();
  expect(times.length).toBeGreaterThan(5);
  expect([...times].sort((one, other) => one.padStart(5, '0').localeCompare(other.padStart(5, '0')))).toEqual(times);
});

test('what is by invitation shows its title and time, and says so', async ({ page, site }) => {
  await openApp(page, site);
  await openView(page, 'programme?day=2018-11-26');
  await entry(page, 'The Internal Reality').click();
  await expect(heading(page, 'The Internal Reality')).toBeFocused();
  await expect(page.getByText('This is by invitation.')).toBeVisible();
  await expect(page.getByText('Punta Nueva York')).toHaveCount(0);
  await button(page, 'Back').click();
  await expect(heading(page, 'Programme')).toBeVisible();
});

test('search finds without accents and capitals, in titles, people and rooms', async ({ page, site }) => {
  await openApp(page, site, 'minister');
  await tab(page, 'Programme').click();
  const field = page.getByRole('searchbox', { name: 'Search titles, people, rooms' });
  await field.fill('PINERA');
  await expect(page.getByRole('status').filter({ hasText: 'result' })).toHaveText(/^\d results$/);
  await expect(entry(page, 'Opening of Security Week 2018')).toBeVisible();
  await field.fill('punta york');
  await expect(entry(page, 'The Internal Reality')).toBeVisible();
  await field.fill('xyzzy');
  await expect(page.getByText('Nothing is found for “xyzzy”.')).toBeVisible();
  await field.fill('');
  await expect(page.getByRole('heading', { name: 'Monday 26 November' })).toBeVisible();
});

test('the programme orders by room, track and part', async ({ page, site }) => {
  await openApp(page, site);
  await openView(page, 'programme?day=2018-11-28');
  await page.getByRole('link', { name: 'Track', exact: true }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Prevention' })).toBeVisible();
  await page.getByRole('link', { name: 'Part', exact: true }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Intensive Citizen Security Clinic' })).toBeVisible();
  await page.getByRole('link', { name: 'Room', exact: true }).click();
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
});

test('a session leads to its people, and a person to their sessions', async ({ page, site }) => {
  await openApp(page, site, 'minister');
  await openView(page, 'programme?day=2018-11-26');
  await entry(page, 'The Internal Reality').click();
  await expect(page.getByText('Punta Nueva York')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Talks' })).toBeVisible();
  await page.getByRole('link', { name: /Erika Ender/ }).click();
  await expect(heading(page, /Erika Ender/)).toBeFocused();
  await expect(entry(page, 'The Internal Reality')).toBeVisible();
});

test('everybody in the programme is found by name, and every venue by its address', async ({ page, site }) => {
  await openApp(page, site);
  await openView(page, 'people');
  await page.getByRole('searchbox').fill('szekely');
  await expect(page.getByRole('list').getByRole('link')).toHaveCount(1);
  await openView(page, 'venues');
  await page.getByRole('link', { name: /Club de la Unión/ }).click();
  await expect(page.getByText('Avda. Libertador')).toBeVisible();
  await expect(page.getByText(/30 mins? to Santiago Business/)).toBeVisible();
  const map = page.getByRole('link', { name: 'Open in a map' });
  await expect(map).toHaveAttribute('href', /^https:\/\/www\.openstreetmap\.org\/search/);
});

test('the week at a glance leads to its days', async ({ page, site }) => {
  await openApp(page, site);
  await openView(page, 'week');
  // On Tuesday there is nothing but the dialogue, which is by invitation.
  await expect(page.getByRole('heading', { level: 2 })).toHaveCount(6);
  await expect(page.getByRole('link', { name: 'Tue 27 Nov' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Wed 28 Nov' }).click();
  await expect(page.getByRole('heading', { name: 'Wednesday 28 November' })).toBeVisible();
});

test('now and next follow the event’s clock, not the device’s', async ({ page, site }) => {
  await site.advance(75 * 60_000);
  await openApp(page, site, 'minister');
  const now = page.getByRole('region', { name: 'Now' });
  await expect(now.getByRole('link', { name: 'Opening of Security Week 2018' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Next in 1 hr 15 mins', exact: true })).toBeVisible();
});

test('in the evening what comes next is the first of the next day, one’s own too', async ({ page, site }) => {
  await site.advance(15 * 3_600_000);
  await openApp(page, site, 'minister');
  await expect(page.getByText('That was the last entry of today.')).toBeVisible();
  const next = page.getByRole('region', { name: 'Next · Tuesday 27 November', exact: true });
  await expect(next.getByRole('link', { name: /Transportation of participants from the W Hotel/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Your next · Tuesday 27 November', exact: true }).getByRole('link')).toHaveCount(1);
});

test('the event’s time and the device’s are told where they differ', async ({ browser, site }) => {
  const page = await browser.newPage({ baseURL: site.address, timezoneId: 'Europe/Madrid', locale: 'en-GB' });
  await page.goto('/');
  await expect(page.getByText('Times are those of the event: Chile Summer Time. It is 08:00 there. Your device shows 12:00.')).toBeVisible();
  await page.close();
});

test('the app speaks the reader’s language, or the one that they choose', async ({ browser, site }) => {
  const page = await browser.newPage({ baseURL: site.address, locale: 'es-CL' });
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'X Semana de Seguridad Ciudadana' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
  await page.goto('/#/settings');
  await page.getByLabel('Idioma').selectOption('Français');
  await expect(page.getByRole('navigation', { name: 'Principal' }).getByRole('link', { name: 'Ma journée' })).toBeVisible();
  // What the organisers wrote is not in French: it is in their own language, and says so to who reads it aloud.
  await page.goto('/#/now');
  await expect(page.locator('h1 [lang=en]')).toHaveText('10th Citizen Security Week');
  await page.close();
});

test('a whole day is printed', async ({ page, site }) => {
  await openApp(page, site);
  await openView(page, 'print?day=2018-11-28');
  await expect(page.getByRole('row')).not.toHaveCount(1);
  await page.evaluate(() => {
    globalThis.print = () => document.body.setAttribute('data-printed', 'yes');
  });
  await button(page, 'Print').click();
  await expect(page.locator('body')).toHaveAttribute('data-printed', 'yes');
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.tabs')).toBeHidden();
  await expect(page.getByRole('table')).toBeVisible();
});

/** The board in the foyer. */

import { enlargeLetters, expectFits, expectGoodState, expectGoodView, expectWords } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { EVENT, idOf } from '../attendee/views.js';

const room = (page, name) => page.getByRole('region').filter({ has: page.getByRole('heading', { name }) });

test('the board shows room by room what is on and what is next, without a sign-in', async ({ page, site }) => {
  await site.advance((2 * 24 + 1) * 3_600_000 + 10 * 60_000);
  await page.goto('/board');
  await expect(page.getByRole('heading', { level: 1, name: '10th Citizen Security Week' })).toBeVisible();
  await expect(page.locator('.hour')).toHaveText('09:10');
  const center = room(page, /Santiago Business/);
  await expect(center.locator('.entry.on')).not.toHaveCount(0);
  await expect(center.locator('.entry.next')).toHaveCount(4);
  await expect(page.getByText('Up to date')).toBeVisible();
});

test('a change of the place is on the board within two seconds, and says what it was', async ({ page, site }) => {
  await site.advance((2 * 24 + 1) * 3_600_000 + 10 * 60_000);
  // The desk's codes are out by then.
  const email = 'organiser@demo.example';
  const { code } = await site.mailCode(email);
  const device = { name: 'Test', kind: 'console' };
  const token = (await site.ask('POST', '/v1/sign-in', { body: { email, code, device } })).body.access_token;
  await page.goto('/board');
  await expect(room(page, /Santiago Business/)).toBeVisible();
  const name = 'Lunch';
  const venue = await idOf(site, token, 'venues', 'w-hotel');
  const answer = await site.ask('POST', `${EVENT}/sessions/lunch-wednesday/move`, { token, body: { venue } });
  expect(answer.status).toBe(200);
  const moved = page.getByRole('region', { name: 'Moved' });
  await expect(moved).toContainText(name, { timeout: 4_000 });
  await expect(moved).toContainText('W Hotel');
  await expect(moved).toContainText('was Santiago Business & Conference Center');
  await expect(room(page, 'W Hotel')).toContainText(name);
});

test('a screen at a door shows its own place, in the language of its address', async ({ page, site }) => {
  await site.advance((2 * 24 + 1) * 3_600_000 + 10 * 60_000);
  await page.goto('/board?venue=business-and-conference-center&language=es');
  await expect(page.getByRole('heading', { level: 1, name: 'X Semana de Seguridad Ciudadana' })).toBeVisible();
  await expect(page.getByText('A continuación').first()).toBeVisible();
  await expect(page.locator('.room')).toHaveCount(1);
});

test('an address that names what is not there is told so, and not remembered', async ({ page, site }, info) => {
  await site.advance((2 * 24 + 1) * 3_600_000 + 10 * 60_000);
  await page.goto('/board?event=rubbish');
  await expect(page.getByText('There is no event “rubbish” here.')).toBeVisible();
  await expectGoodState(page, info, 'board-no-event');
  await page.goto('/board');
  await expect(room(page, /Santiago Business/)).toBeVisible();
  // What was shown last may be gone by now.
  await page.evaluate(() => localStorage.setItem('cumbre-board-event', '"rubbish"'));
  await page.goto('/board');
  await expect(room(page, /Santiago Business/)).toBeVisible();
  await page.goto('/board?room=rubbish');
  await expect(page.getByText('There is no room “rubbish” here.')).toBeVisible();
  await page.goto('/board?venue=rubbish');
  await expect(page.getByText('There is no venue “rubbish” here.')).toBeVisible();
  await page.goto('/board?room=punta-nueva-york');
  await expect(page.getByText('Nothing takes place here')).toBeVisible();
  await expect(page.getByText('The programme begins')).toBeHidden();
});

test('what has a day and an order is shown, and how much more has moved', async ({ page, site }, info) => {
  await site.advance((2 * 24 + 1) * 3_600_000 + 10 * 60_000);
  const { code } = await site.mailCode('organiser@demo.example');
  const token = (await site.ask('POST', '/v1/sign-in', { body: { email: 'organiser@demo.example', code, device: { name: 'Test', kind: 'console' } } })).body.access_token;
  const venue = await idOf(site, token, 'venues', 'w-hotel');
  const poster = { slug: 'posters', kind: 'special', title: { en: 'Posters' }, day: '2018-11-28', order: 1, venue, state: 'published' };
  const made = await site.ask('POST', `${EVENT}/sessions`, { token, body: poster });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  await page.goto('/board');
  await expect(room(page, 'W Hotel')).toContainText('Posters');
  await expect(room(page, 'W Hotel')).toContainText('Today');
  const shift = { day: '2018-11-28', from: '2018-11-28T12:15:00.000Z', minutes: 25 };
  expect((await site.ask('POST', `${EVENT}/sessions/shift`, { token, body: shift })).status).toBe(200);
  const moved = page.getByRole('region', { name: 'Moved' }).getByRole('listitem');
  await expect(moved).toHaveCount(5, { timeout: 4_000 });
  await expect(moved.last()).toHaveText(/^\+\d+ more$/);
  await expectGoodState(page, info, 'board-moved');
});

test('the board goes on without a network, and says of when it is', async ({ page, context, site }) => {
  await site.advance((2 * 24 + 1) * 3_600_000 + 10 * 60_000);
  await page.goto('/board');
  await expect(page.getByText('Up to date')).toBeVisible();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    const has = async () => {
      for (const name of await caches.keys()) if (await (await caches.open(name)).match('/board')) return true;
      return false;
    };
    while (!(await has())) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
  await context.setOffline(true);
  await expect(page.getByText('Offline · As of 09:10')).toBeVisible();
  await page.reload();
  await expect(room(page, /Santiago Business/)).toBeVisible();
  await expect(page.getByText('Offline')).toBeVisible();
});

test('the board is accessible, fits every width, and is shown in pictures', async ({ page, site }, info) => {
  await site.advance((2 * 24 + 1) * 3_600_000 + 10 * 60_000);
  await page.goto('/board');
  await expect(room(page, /Santiago Business/)).toBeVisible();
  await expectGoodView(page, info, 'board');
});

test('letters of twice the size fit', async ({ page, site }) => {
  await site.advance((2 * 24 + 1) * 3_600_000 + 10 * 60_000);
  await page.goto('/board');
  await expect(room(page, /Santiago Business/)).toBeVisible();
  await enlargeLetters(page);
  await expectFits(page);
});

test('every language has every text with the same places', async ({ page }) => {
  await page.goto('/board');
  await expectWords(page);
});

test('a part that is cancelled is told once for all its sessions, and an event for all of it', async ({ page, site }, info) => {
  const token = await site.signIn('organiser');
  const cancel = async (path) => expect((await site.ask('POST', `${EVENT}${path}/cancel`, { token, body: {} })).status).toBe(200);
  await cancel(`/parts/${await idOf(site, token, 'parts', 'intensive-clinic')}`);
  await site.advance((2 * 24 + 1) * 3_600_000 + 10 * 60_000);
  // The screen is put up after that: it has known nothing else.
  await page.goto('/board');
  const moved = page.getByRole('region', { name: 'Moved' });
  await expect(moved.getByRole('listitem').filter({ hasText: 'Intensive Citizen Security Clinic: Cancelled' })).toHaveCount(1);
  await expect(room(page, /Santiago Business/)).toHaveCount(0);
  await expectGoodState(page, info, 'board-part-cancelled');
  const email = 'organiser@demo.example';
  const { code } = await site.mailCode(email);
  const device = { name: 'Test', kind: 'console' };
  const later = (await site.ask('POST', '/v1/sign-in', { body: { email, code, device } })).body.access_token;
  expect((await site.ask('POST', `${EVENT}/cancel`, { token: later, body: {} })).status).toBe(200);
  await expect(page.getByText('This event is cancelled.')).toBeVisible();
  await expect(moved).toHaveCount(0);
});

/** What is one's own: stars, notes, seats, invitations, the badge. */

import { execFileSync } from 'node:child_process';

import { Office } from '../desk/cast.js';
import { expectFits } from '../harness/appearance.js';
import { expect, readSession, test } from '../harness/test.js';
import { button, entry, EVENT, expectSent, heading, idOf, listScopes, openApp, openView, send, status, tab } from './views.js';

const star = (page, title) => page.getByRole('button', { name: `Star: ${title}`, exact: true });

test('a star puts a session into one’s day, on every device of the attendee', async ({ page, browser, site }) => {
  const { link } = await site.mailCode('participant@demo.example');
  await openApp(page, site, 'participant');
  const other = await browser.newPage({ baseURL: site.address, locale: 'en-GB' });
  await other.goto(link);
  await button(other, 'Sign in on this device').click();
  await expect(heading(other, 'You are signed in')).toBeVisible();
  await other.goto('/#/day?day=2018-11-28');
  await expect(other.getByText('Nothing of your own on this day.')).toBeVisible();
  await openView(page, 'programme?day=2018-11-28');
  await send(page, () => page.getByRole('button', { name: /^Star: / }).first().click());
  await openView(page, 'day?day=2018-11-28');
  await expect(page.locator('.my-day .session')).toHaveCount(1);
  await expect(other.locator('.my-day .session')).toHaveCount(1);
  await page.getByRole('button', { name: /^Remove the star/ }).click();
  await expect(page.getByText('Nothing of your own on this day.')).toBeVisible();
  await expect(other.getByText('Nothing of your own on this day.')).toBeVisible();
  await other.close();
});

test('a note is kept and found again', async ({ page, site }) => {
  await openApp(page, site, 'minister');
  await openView(page, 'programme?day=2018-11-26');
  await entry(page, 'The Internal Reality').click();
  await page.getByText('Your note').first().click();
  await page.getByRole('textbox', { name: 'Your note' }).fill('Ask about the pilot in Bogotá.');
  await expect(page.getByText('not kept yet')).toBeVisible();
  await send(page, () => button(page, 'Keep the note').click());
  await expect(page.getByText('The note is kept.')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Your note' })).toHaveValue('Ask about the pilot in Bogotá.');
});

test('an invitation is answered from the phone, and the organiser sees it', async ({ page, site }) => {
  const token = await site.signIn('organiser');
  const session = await idOf(site, token, 'sessions', 'the-internal-reality');
  await openApp(page, site, 'participant');
  const attendees = (await site.ask('GET', `${EVENT}/attendees?limit=100`, { token })).body.items;
  const attendee = attendees.find(({ name }) => name === 'Joaquín Meza').id;
  const invited = await site.ask('POST', `${EVENT}/invitations`, { token, body: { attendee, collection: 'sessions', object: session } });
  expect(invited.status).toBe(201);
  await openView(page, 'inbox');
  await expect(page.getByText('You are invited, and have not answered yet.')).toBeVisible();
  await send(page, () => button(page, 'Accept').click());
  await openView(page, `session/${session}`);
  await expect(page.getByText('You have accepted.')).toBeVisible();
  await expect(page.getByText('Punta Nueva York')).toBeVisible();
  const known = await site.ask('GET', `${EVENT}/invitations/${invited.body.id}`, { token });
  expect(known.body.answer).toBe('accepted');
  await tab(page, 'My day').click();
  await expect(entry(page, 'The Internal Reality')).toBeVisible();
});

test('an invitation is declined with a word, which the organiser reads', async ({ page, site }) => {
  const token = await site.signIn('organiser');
  const session = await idOf(site, token, 'sessions', 'the-internal-reality');
  await openApp(page, site, 'participant');
  const attendees = (await site.ask('GET', `${EVENT}/attendees?limit=100`, { token })).body.items;
  const attendee = attendees.find(({ name }) => name === 'Joaquín Meza').id;
  const invited = await site.ask('POST', `${EVENT}/invitations`, { token, body: { attendee, collection: 'sessions', object: session } });
  await openView(page, 'inbox');
  await page.getByText('Decline', { exact: true }).first().click();
  await page.getByLabel('A word for the organisers (not required)').fill('I am in Bogotá that day.');
  await send(page, () => button(page, 'Decline').click());
  const known = await site.ask('GET', `${EVENT}/invitations/${invited.body.id}`, { token });
  expect(known.body).toMatchObject({ answer: 'declined', word: 'I am in Bogotá that day.' });
});

test('an invitation is passed on from the phone', async ({ page, site }) => {
  const token = await site.signIn('organiser');
  const session = await idOf(site, token, 'sessions', 'the-internal-reality');
  await openApp(page, site, 'participant');
  const attendees = (await site.ask('GET', `${EVENT}/attendees?limit=100`, { token })).body.items;
  const attendee = attendees.find(({ name }) => name === 'Joaquín Meza').id;
  const body = { attendee, collection: 'sessions', object: session };
  const invited = await site.ask('POST', `${EVENT}/invitations`, { token, body });
  await openView(page, 'inbox');
  await page.getByText('Send somebody else').click();
  await page.getByLabel('Name of the person who is to come').fill('Elena Rojas');
  await page.getByLabel('Their e-mail address').fill('elena.rojas@demo.example');
  await button(page, 'Name this person').click();
  await openView(page, `session/${session}`);
  await expect(page.getByText('You have passed the invitation on to Elena Rojas.')).toBeVisible();
  const known = await site.ask('GET', `${EVENT}/invitations/${invited.body.id}`, { token });
  expect(known.body).toMatchObject({ answer: 'delegated', delegated_to: { name: 'Elena Rojas' } });
});

test.describe('with the crowd', () => {
  test.use({ crowd: true });

  test('a seat is asked for, is the server’s to give, and a choice gives up the other', async ({ page, site }) => {
    const token = await site.signIn('organiser');
    await openApp(page, site, 'participant');
    for (const slug of ['visit-achm', 'visit-amszo']) {
      await openView(page, `session/${await idOf(site, token, 'sessions', slug)}`);
      const own = page.getByRole('region', { name: 'In your day' });
      const ask = own.getByRole('button', { name: 'Ask for a seat', exact: true });
      const has = own.getByText(/The seat is yours\.|You wait for a seat, with the number \d+\./);
      await expect(ask.or(has).first()).toBeVisible();
      if (await ask.isVisible()) await ask.click();
      await expect(has).toBeVisible();
      await expectSent(page);
    }
  });

  test('the badge is a code that a reader reads, with and without a network', async ({ page, context, site }, info) => {
    await openApp(page, site, 'minister');
    await tab(page, 'Badge').click();
    const code = page.getByRole('img', { name: 'Code of the badge of Amalia Quispe' });
    await expect(code).toBeVisible();
    await expect(page.locator('.badge-name')).toHaveText('Amalia Quispe');
    const kept = await page.evaluate(async () => {
      const script = document.querySelector('script[type=module]').src;
      const { openEventDatabase } = await import(new URL('../common/sync/replica.js', script).href);
      const database = await openEventDatabase('cumbre-event-csw-2018');
      const all = await new Promise((resolve) => {
        const request = database.transaction('rows').objectStore('rows').getAll();
        request.onsuccess = () => resolve(request.result);
      });
      return all.find(({ collection, value }) => collection === 'badges' && value.token).value.token;
    });
    await context.setOffline(true);
    const picture = info.outputPath('badge.png');
    await code.screenshot({ path: picture });
    const read = execFileSync('zbarimg', ['--quiet', '--raw', '--oneshot', picture], { encoding: 'utf8' }).trim();
    expect(read).toBe(kept);
    await expect(status(page)).toContainText('Offline');
  });

  test('what one was told is new until it is seen, on every device', async ({ page, site }) => {
    await openApp(page, site, 'minister');
    await expect(page.getByRole('link', { name: 'Inbox: 1' })).toBeVisible();
    await openView(page, 'inbox');
    await expect(page.getByText('The registration is confirmed')).toBeVisible();
    await button(page, 'Mark all as seen').click();
    await expect(page.getByText('New', { exact: true })).toHaveCount(0);
    await expectSent(page);
    await expect(page.getByRole('link', { name: 'Inbox', exact: true }).first()).toBeVisible();
  });

  test('how one is registered is told', async ({ page, site }) => {
    await openApp(page, site, 'minister');
    await openView(page, 'registration');
    await expect(heading(page, 'Registration')).toBeVisible();
    await expect(page.getByText('Confirmed', { exact: true })).toBeVisible();
    await expect(page.getByText(/Bolivia/)).toBeVisible();
  });
});

test('who acts for several sees them side by side, or one of them', async ({ page, site }) => {
  await openApp(page, site, 'assistant');
  await tab(page, 'Badge').click();
  await expect(page.getByRole('region', { name: 'Amalia Quispe' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Tomás Arrieta' })).toBeVisible();
  await button(page, 'Tomás Arrieta').click();
  await expect(page.getByRole('region', { name: 'Amalia Quispe' })).toHaveCount(0);
  await openView(page, 'programme?day=2018-11-26');
  await send(page, () => star(page, 'The Internal Reality').click());
  await button(page, 'Everybody').click();
  await expect(page.getByText('Tomás Arrieta: Starred')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Tomás Arrieta: Starred')).toBeVisible();
});

test('whom one acts for is chosen without a search in every language, on a narrow screen and of many', async ({ page, site }) => {
  test.slow();
  await page.setViewportSize({ width: 360, height: 740 });
  await openApp(page, site, 'assistant');
  for (const [language, all] of [['es', 'Todos'], ['pt', 'Todos'], ['fr', 'Tous'], ['en', 'Everybody']]) {
    await page.evaluate((chosen) => localStorage.setItem('cumbre-language', JSON.stringify(chosen)), language);
    await page.reload();
    for (const name of [all, 'Amalia Quispe', 'Tomás Arrieta']) await expect(button(page, name)).toBeInViewport({ ratio: 1 });
    await expectFits(page);
  }
  const { access_token: token } = await readSession(page);
  const { id: category } = await (await Office.open(site)).ask('POST', '/categories', { slug: 'advisers', title: { en: 'Adviser' }, enrolment: 'automatic' });
  for (const name of ['Bruna Alves', 'Carlos Díaz', 'Excelentísima Señora María Fernanda de los Ángeles Etcheverry-Montenegro']) {
    const body = { name, relation: 'assistant', category };
    expect((await site.ask('POST', `${EVENT}/registrations`, { token, body })).status).toBe(201);
  }
  await page.reload();
  const people = page.getByRole('combobox', { name: 'Shown for' });
  await expect(people.getByRole('option')).toHaveCount(6);
  await expectFits(page);
  await people.selectOption('Tomás Arrieta');
  await tab(page, 'Badge').click();
  await expect(page.getByRole('region', { name: 'Tomás Arrieta' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Amalia Quispe' })).toHaveCount(0);
});

test('the calendar file has one’s day in it, in times that every calendar understands', async ({ page, site }) => {
  await openApp(page, site, 'minister');
  await tab(page, 'My day').click();
  const download = page.waitForEvent('download');
  await button(page, 'Calendar file').click();
  const { readFile } = await import('node:fs/promises');
  const file = await readFile(await (await download).path(), 'utf8');
  expect(file.startsWith('BEGIN:VCALENDAR\r\nVERSION:2.0\r\n')).toBe(true);
  expect(file).toContain('SUMMARY:The Internal Reality');
  expect(file).toContain('DTSTART:20181126T210000Z');
  for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
});

test('signing out deletes what is one’s own from the device', async ({ page, site }) => {
  await openApp(page, site, 'minister');
  await openView(page, 'more');
  await button(page, 'Sign out').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('link', { name: 'Sign in' }).first()).toBeVisible();
  expect(await listScopes(page)).toEqual(['public']);
});

test('one’s day says what is free in between and what cannot be done at once', async ({ page, site }) => {
  const token = await site.signIn('organiser');
  await openApp(page, site, 'participant');
  for (const slug of ['visit-achm', 'visit-amszo', 'lunch-wednesday', 'clinic-session-4']) {
    await openView(page, `session/${await idOf(site, token, 'sessions', slug)}`);
    await page.getByRole('button', { name: 'Star', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Remove the star', exact: true })).toBeVisible();
  }
  await openView(page, 'day?day=2018-11-30');
  await expect(page.locator('.clash', { hasText: 'At the same time as ' })).toHaveCount(2);
  await openView(page, 'day?day=2018-11-28');
  await expect(page.getByText('1 hr 30 mins free')).toBeVisible();
});

/** By the link of a mail. */

import { expect, readSession, test } from '../harness/test.js';
import { addressField, expectSignedIn, fault, heading, note, redeem, signOut } from './views.js';

const TEN_MINUTES_MS = 10 * 60_000;

test('a link waits for a tap, then signs in', async ({ page, site }) => {
  const { name, email } = site.person('minister');
  const { link } = await site.mailCode(email);
  const asked = [];
  page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await page.goto(link);
  await expect(redeem(page)).toBeVisible();
  await expect(page).toHaveURL(`${site.address}/sign-in`);
  expect(asked.filter((request) => request.includes('/v1/'))).toEqual([]);

  await redeem(page).click();
  await expect(heading(page, 'You are signed in')).toBeFocused();
  await expect(page.getByText(name)).toBeVisible();
  await expect(page.getByText(email)).toBeVisible();
  expect(asked.filter((request) => request.includes('/v1/'))).toEqual(['POST /v1/sign-in']);

  await page.reload();
  await expectSignedIn(page);
  await expect(page.getByText(name)).toBeVisible();
});

test('the secret of a link is in no address, history or storage once the page is open', async ({ page, site }) => {
  const { link } = await site.mailCode('minister@demo.example');
  const secret = link.split('#')[1];
  await page.goto('/sign-in');
  await page.goto(link);
  await expect(redeem(page)).toBeVisible();
  const client = await page.context().newCDPSession(page);
  const { entries } = await client.send('Page.getNavigationHistory');
  expect(JSON.stringify(entries)).not.toContain(secret);
  const kept = await page.evaluate(() =>
    JSON.stringify([localStorage, sessionStorage, history.state, document.cookie]),
  );
  expect(kept).not.toContain(secret);
  expect(await page.content()).not.toContain(secret);
});

test('an assistant is told for whom', async ({ page, site }) => {
  await page.goto((await site.mailCode('assistant@demo.example')).link);
  await redeem(page).click();
  await expect(page.getByRole('heading', { name: 'You act for' })).toBeVisible();
  await expect(page.getByRole('listitem')).toHaveText(['Amalia Quispe', 'Tomás Arrieta']);
});

test('a link that was used is refused with a way on', async ({ page, browser, site }) => {
  const { link } = await site.mailCode('delegate@demo.example');
  const elsewhere = await browser.newPage();
  await elsewhere.goto(link);
  await redeem(elsewhere).click();
  await expectSignedIn(elsewhere);
  await elsewhere.close();

  await page.goto(link);
  await redeem(page).click();
  await expect(fault(page)).toHaveText(/This link was used before, or is older than ten minutes/);
  await expect(addressField(page)).toBeFocused();
  expect(await readSession(page)).toBeUndefined();
});

test('a link that was used in this very browser says so and leaves everything as it is', async ({ page, site }) => {
  const { link } = await site.mailCode('delegate@demo.example');
  await page.goto(link);
  await redeem(page).click();
  await expectSignedIn(page);
  const before = await readSession(page);
  await page.goto('about:blank');
  await page.goto(link);
  await redeem(page).click();
  await expect(note(page)).toHaveText('This link was used before. You are signed in already.');
  await expect(page.getByText('Tomás Arrieta')).toBeVisible();
  expect(await readSession(page)).toEqual(before);
});

test('a link is good for ten minutes and no longer', async ({ page, site }) => {
  const [first, second] = [await site.mailCode('guest@demo.example'), await site.mailCode('guest@demo.example')];
  await site.advance(TEN_MINUTES_MS - 1);
  await page.goto(first.link);
  await redeem(page).click();
  await expectSignedIn(page);
  await signOut(page).click();
  await site.advance(1);
  await page.goto(second.link);
  await redeem(page).click();
  await expect(fault(page)).toHaveText(/This link was used before, or is older than ten minutes/);
});

test('a link that is not whole is not tried', async ({ page }) => {
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  for (const fragment of ['abc', 'x'.repeat(42), 'x'.repeat(44), `${'x'.repeat(42)}%`]) {
    await page.goto('about:blank');
    await page.goto(`/sign-in#${fragment}`);
    await expect(fault(page)).toHaveText(/This link is not complete/);
    await expect(page).toHaveURL(/\/sign-in$/);
    await expect(addressField(page)).toBeVisible();
  }
  expect(asked.filter((url) => url.includes('/v1/'))).toEqual([]);
});

test('without a network the button stays, and works when the network is back', async ({ page, context, site }) => {
  const { link } = await site.mailCode('participant@demo.example');
  await page.goto(link);
  await context.setOffline(true);
  await redeem(page).click();
  await expect(fault(page)).toHaveText('There is no connection to the server. Check your network, then try again.');
  await expect(redeem(page)).toBeFocused();
  await redeem(page).click();
  await expect(fault(page)).toHaveText(/There is no connection/);

  await context.setOffline(false);
  await redeem(page).click();
  await expectSignedIn(page);
  await expect(fault(page)).toBeEmpty();
});

test('a network that answers in place of the server uses nothing up', async ({ page, site }) => {
  await page.goto((await site.mailCode('participant@demo.example')).link);
  await page.route('**/v1/**', (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Hotel Wi-Fi</h1>' }));
  await redeem(page).click();
  await expect(fault(page)).toHaveText(/There is no connection/);
  await page.unroute('**/v1/**');
  await redeem(page).click();
  await expectSignedIn(page);
});

test('a server that is busy says when to come back, and the button stays', async ({ page, site }) => {
  await page.goto((await site.mailCode('participant@demo.example')).link);
  const refuse = (status, headers) => (route) =>
    route.fulfill({ status, headers, contentType: 'application/problem+json', body: '{}' });
  await page.route('**/v1/sign-in', refuse(429, { 'Retry-After': '300' }));
  await redeem(page).click();
  await expect(fault(page)).toHaveText('Too many attempts. Try again in 5 minutes.');
  await page.route('**/v1/sign-in', refuse(503, { 'Retry-After': '2' }));
  await redeem(page).click();
  await expect(fault(page)).toHaveText('The server cannot answer now. Try again in a moment.');
  await page.unroute('**/v1/sign-in');
  await redeem(page).click();
  await expectSignedIn(page);
});

test('two taps are one sign-in', async ({ page, site }) => {
  await page.goto((await site.mailCode('guest@demo.example')).link);
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await redeem(page).dblclick();
  await expectSignedIn(page);
  expect(asked.filter((url) => url.endsWith('/v1/sign-in'))).toHaveLength(1);
});

test('a link that is opened where the page is open already is taken', async ({ page, site }) => {
  const { link } = await site.mailCode('guest@demo.example');
  await page.goto('/sign-in');
  await expect(addressField(page)).toBeVisible();
  await page.evaluate((hash) => (location.hash = hash), new URL(link).hash);
  await redeem(page).click();
  await expectSignedIn(page);
});

test('a browser that keeps nothing does not use the link up', async ({ page, site }) => {
  const { link } = await site.mailCode('guest@demo.example');
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('no storage here', 'SecurityError');
    };
  });
  await page.goto(link);
  await redeem(page).click();
  await expect(fault(page)).toHaveText(/This browser keeps nothing for this page/);
  const answer = await site.ask('POST', '/v1/sign-in', {
    body: { link: link.split('#')[1], device: { name: 'Another', kind: 'phone' } },
  });
  expect(answer.status).toBe(200);
});

/** What signing in leaves in the browser, and how it ends. */

import { expect, readSession, test } from '../harness/test.js';
import { addressField, note, redeem, signInWith, signOut } from './views.js';

test('other pages of this browser find the session', async ({ page, context, site }) => {
  const { name, code } = site.person('organiser');
  await signInWith(page, code);
  const other = await context.newPage();
  await other.goto('/sign-in');
  await expect(other.getByText(name)).toBeVisible();
  const session = await readSession(other);
  expect(session.account).toMatchObject({ name, email: 'organiser@demo.example' });
  const answer = await site.ask('GET', '/v1/account/devices', { token: session.access_token });
  expect(answer.body.items).toMatchObject([
    { id: session.device, name: 'Chrome · Linux', kind: 'console', is_current: true },
  ]);
});

test('signing out ends the device at the server', async ({ page, site }) => {
  const session = await signInWith(page, site.person('organiser').code);
  expect((await site.ask('GET', '/v1/account', { token: session.access_token })).status).toBe(200);
  await signOut(page).click();
  await expect(note(page)).toHaveText('You are signed out on this device.');
  await expect(addressField(page)).toBeFocused();
  expect((await site.ask('GET', '/v1/account', { token: session.access_token })).status).toBe(401);
  expect(await readSession(page)).toBeUndefined();
  await page.reload();
  await expect(addressField(page)).toBeVisible();
});

test('signing out without a network forgets the tokens', async ({ page, context, site }) => {
  await signInWith(page, site.person('organiser').code);
  await context.setOffline(true);
  await signOut(page).click();
  await expect(note(page)).toHaveText('You are signed out on this device.');
  expect(await readSession(page)).toBeUndefined();
});

test('tokens that are out are renewed, by one of several pages that want to', async ({ page, context, site }) => {
  const { name, code } = site.person('organiser');
  const first = await signInWith(page, code);
  const pages = [page, await context.newPage(), await context.newPage()];
  const renewals = [];
  context.on('request', (request) => request.url().endsWith('/v1/tokens/refresh') && renewals.push(request.url()));
  for (const round of [1, 2]) {
    await site.advance(11 * 60_000);
    await Promise.all(pages.map((one) => one.goto('/sign-in')));
    for (const one of pages) await expect(one.getByText(name)).toBeVisible();
    expect(renewals).toHaveLength(round);
  }
  const last = await readSession(page);
  expect(last.refresh_token).not.toBe(first.refresh_token);
  expect(last).toMatchObject({ account: first.account, device: first.device });
});

test('a device that was ended elsewhere is told so', async ({ page, site }) => {
  const session = await signInWith(page, site.person('organiser').code);
  await site.ask('DELETE', `/v1/account/devices/${session.device}`, { token: session.access_token });
  await page.reload();
  await expect(note(page)).toHaveText('This device was signed out. Sign in again.');
  await expect(addressField(page)).toBeVisible();
  expect(await readSession(page)).toBeUndefined();
});

test('signing in as another ends the device that the browser was before', async ({ page, site }) => {
  const before = await signInWith(page, site.person('minister').code);
  await site.advance(11 * 60_000);
  await page.goto((await site.mailCode('delegate@demo.example')).link);
  await redeem(page).click();
  await expect(page.getByText('Tomás Arrieta')).toBeVisible();
  expect((await readSession(page)).account.name).toBe('Tomás Arrieta');
  const renewal = await site.ask('POST', '/v1/tokens/refresh', { body: { refresh_token: before.refresh_token } });
  expect(renewal.status).toBe(401);
});

test('a page that was loaded before the network went shows who is signed in', async ({ page, site }) => {
  const { name, code } = site.person('guest');
  await signInWith(page, code);
  await page.route('**/v1/account', (route) => route.abort());
  await page.reload();
  await expect(page.getByText(name)).toBeVisible();
});

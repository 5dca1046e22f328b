/** What the service worker does: new versions, and pushes. */

import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Site } from '../harness/site.js';
import { expect, test as base } from '../harness/test.js';
import { button, expectKept, heading, openApp, openView, status } from './views.js';

const WEB = process.env.CUMBRE_WEB_FOLDER || new URL('../../../server/web', import.meta.url).pathname;

/** A server whose pages, in the folder `web`, a test changes. */
const test = base.extend({
  site: async ({ crowd }, use) => {
    const web = await mkdtemp(join(tmpdir(), 'cumbre-web-'));
    await cp(WEB, web, { recursive: true });
    const site = Object.assign(await Site.open({ crowd, web }), { web });
    await use(site);
    await site.close();
    await rm(web, { recursive: true });
  },
});

/** The sheet that the page stands on is of this version. */
const versionOf = (page) => page.evaluate(() => document.querySelector('script[type=module]').src.split('/')[4]);

test('a new version is offered, never forced, and taken when one says so', async ({ page, site }) => {
  test.setTimeout(120_000);
  await openApp(page, site);
  await expectKept(page);
  await page.reload();
  const before = await versionOf(page);
  await appendFile(join(site.web, 'attendee/page.css'), '\n.is-of-the-new-version { color: inherit; }\n');
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await expect(page.getByText('A new version of this app is ready.')).toBeVisible({ timeout: 45_000 });
  expect(await versionOf(page)).toBe(before);
  // As long as nobody takes it, the one that is kept opens.
  await page.reload();
  expect(await versionOf(page)).toBe(before);
  await button(page, 'Use it now').click();
  await expect.poll(() => versionOf(page).catch(() => before)).not.toBe(before);
  await expect(heading(page, '10th Citizen Security Week')).toBeVisible();
  await page.context().setOffline(true);
  await page.reload();
  await expect(heading(page, '10th Citizen Security Week')).toBeVisible();
  await expect(status(page)).toContainText('Offline');
});

/** Delivers a push as the browser's push service would. */
async function deliver(page, site, data) {
  const devtools = await page.context().newCDPSession(page);
  const registered = new Promise((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const found = registrations.find(({ scopeURL }) => scopeURL === `${site.address}/`);
      if (found) resolve(found.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  const registrationId = await registered;
  await devtools.send('ServiceWorker.deliverPushMessage', { origin: site.address, registrationId, data: JSON.stringify(data) });
}

const listShown = (page) =>
  page.evaluate(async () => {
    const shown = await (await navigator.serviceWorker.ready).getNotifications();
    return shown.map(({ title, body, tag, data }) => ({ title, body, tag, url: data.url }));
  });

test('a push is shown, leads to the inbox, and has the open page fetch what it is about', async ({ page, context, site }) => {
  await context.grantPermissions(['notifications']);
  await openApp(page, site, 'minister');
  await expectKept(page);
  const exchanged = page.waitForRequest((request) => request.url().endsWith('/sync'));
  const text = 'The Internal Reality is now in the W Hotel.';
  await deliver(page, site, { event: 'csw-2018', covers: 'x', spread_s: 0, notice: 'n1', title: 'Another room', text, tag: 'n1', url: '/' });
  await exchanged;
  await expect.poll(() => listShown(page)).toEqual([{ title: 'Another room', body: text, tag: 'n1', url: `${site.address}/#/inbox/n1` }]);
  // What a tap makes of it, as the worker tells the page.
  await page.evaluate(() => {
    const url = `${location.origin}/#/inbox/n1`;
    navigator.serviceWorker.dispatchEvent(new MessageEvent('message', { data: { kind: 'open', url } }));
  });
  await expect(heading(page, 'Inbox')).toBeVisible();
});

test('a push without words says no more than that something changed, and leads nowhere else', async ({ page, context, site }) => {
  await context.grantPermissions(['notifications']);
  await openApp(page, site, 'minister');
  await expectKept(page);
  await deliver(page, site, { event: 'csw-2018', covers: 'x', spread_s: 0, tag: 't', url: 'https://elsewhere.example/' });
  await expect.poll(() => listShown(page)).toEqual([
    { title: 'Something has changed', body: 'Open the app to see what.', tag: 't', url: `${site.address}/#/inbox` },
  ]);
});

/** A server that sends pushes, in place of the operations for them. */
async function serve(page) {
  const server = { subscription: undefined, asked: [] };
  await page.route('**/v1/{account/push,push}**', (route) => answer(route, server));
  await page.route('**/v1/account/push/**', (route) => answer(route, server));
  return server;
}

function answer(route, server) {
  const request = route.request();
  const path = new URL(request.url()).pathname;
  server.asked.push(`${request.method()} ${path}`);
  const give = (status, body) => route.fulfill({ status, contentType: 'application/json', body: body && JSON.stringify(body) });
  if (path === '/v1/push/keys') return give(200, { web_push: 'BP'.padEnd(87, 'A'), providers: ['web_push'] });
  if (path === '/v1/account/push/test') return give(202, { id: 'one' });
  if (path === '/v1/account/push/test/one') return give(200, { state: 'accepted' });
  if (request.method() === 'PUT') server.subscription = request.postDataJSON();
  if (request.method() === 'DELETE') {
    server.subscription = undefined;
    return give(204);
  }
  return give(200, { subscription: server.subscription && { provider: 'web_push', registered_at: '2018-11-26T11:00:00.000Z' }, preferences: {} });
}

test('notifications are switched on, tested and switched off', async ({ page, context, site }) => {
  await context.grantPermissions(['notifications']);
  // The push service of the browser's maker is another server, which tests do not ask.
  await page.addInitScript(() => {
    let held;
    const endpoint = 'https://push.example/one';
    PushManager.prototype.subscribe = async () => {
      held = { endpoint, toJSON: () => ({ endpoint, keys: { p256dh: 'k', auth: 'a' } }), unsubscribe: async () => (held = undefined) };
      return held;
    };
    PushManager.prototype.getSubscription = async () => held;
  });
  const server = await serve(page);
  await openApp(page, site, 'minister');
  await expectKept(page);
  await openView(page, 'settings');
  await expect(page.getByText('Changes are shown only while the app is open.')).toBeVisible();
  await button(page, 'Show notifications').click();
  await expect(page.getByText('Changes are shown even while the app is closed.')).toBeVisible();
  expect(server.subscription).toEqual({ provider: 'web_push', endpoint: 'https://push.example/one', keys: { p256dh: 'k', auth: 'a' } });
  await button(page, 'Send a test').click();
  await expect(page.getByText('The test was handed over.')).toBeVisible();
  await button(page, 'Show none any more').click();
  await expect(page.getByText('Changes are shown only while the app is open.')).toBeVisible();
  expect(server.subscription).toBeUndefined();
});

test('notifications that the person has forbidden are said to be', async ({ page, site }) => {
  await serve(page);
  await page.addInitScript(() => {
    Object.defineProperty(Notification, 'permission', { get: () => 'denied' });
  });
  await openApp(page, site, 'minister');
  await openView(page, 'settings');
  await expect(page.getByText('Notifications are forbidden for this page in the browser’s settings.')).toBeVisible();
  await expect(button(page, 'Show notifications')).toHaveCount(0);
});

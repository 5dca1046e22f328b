/** The app when the network goes, and when several tabs of it are open. */

import { expect, test } from '../harness/test.js';
import { button, entry, EVENT, expectKept, expectSent, heading, idOf, openApp, openView, send, status, tab } from './views.js';

const REALITY = 'The Internal Reality';
const star = (page, title = REALITY) => page.getByRole('button', { name: `Star: ${title}`, exact: true });
const unstar = (page, title = REALITY) => page.getByRole('button', { name: `Remove the star: ${title}`, exact: true });

/** Moves a session as the organiser: what the phone is to learn. */
async function move(site, token, slug, fields) {
  const answer = await site.ask('POST', `${EVENT}/sessions/${slug}/move`, { token, body: fields });
  expect(answer.status).toBe(200);
}

test('what was opened once opens without a network, and says how old it is', async ({ page, context, site }) => {
  await openApp(page, site, 'minister');
  await expectKept(page);
  await context.setOffline(true);
  await expect(status(page)).toContainText('Offline');
  await page.reload();
  await expect(heading(page, '10th Citizen Security Week')).toBeVisible();
  await expect(status(page)).toContainText('Offline');
  await expect(status(page)).toContainText('As of 08:00');
  await tab(page, 'My day').click();
  await expect(entry(page, REALITY)).toBeVisible();
  for (const [name, text] of [['badge', 'Badge'], ['settings', 'Settings'], ['venues', 'Venues'], ['inbox', 'Inbox']]) {
    await openView(page, name);
    await expect(heading(page, text)).toBeVisible();
  }
  await page.close();
  const again = await context.newPage();
  await again.goto('/');
  await expect(heading(again, '10th Citizen Security Week')).toBeVisible();
});

test('what is done without a network is kept over a reload, and sent when it is back', async ({ page, context, site }) => {
  await openApp(page, site, 'minister');
  await expectKept(page);
  await openView(page, 'programme?day=2018-11-26');
  await context.setOffline(true);
  await star(page).click();
  await expect(unstar(page)).toBeVisible();
  await expect(status(page)).toContainText('1 change not sent yet');
  await page.reload();
  await expect(unstar(page)).toBeVisible();
  await expect(status(page)).toContainText('1 change not sent yet');
  await status(page).click();
  await expect(page.getByText(`Star: ${REALITY}`)).toBeVisible();
  await context.setOffline(false);
  await expectSent(page);
  await expect(page.getByText('Everything you changed has reached the server.')).toBeVisible();
  await expect(status(page)).toContainText('Connected');
});

test('a refusal says why, what was asked for, and stays until it is read', async ({ page, context, site }) => {
  const token = await site.signIn('organiser');
  const visit = await idOf(site, token, 'sessions', 'visit-achm');
  await openApp(page, site, 'minister');
  await openView(page, `session/${visit}`);
  await context.setOffline(true);
  await button(page, 'Ask for a seat').click();
  await expect(page.getByText('A seat is asked for. It is not yours until the server says so.')).toBeVisible();
  const patched = await site.ask('PATCH', `${EVENT}/sessions/visit-achm`, {
    token,
    body: { sign_up: { closes_at: '2018-11-26T10:00:00.000Z' } },
  });
  expect(patched.status).toBe(200);
  await context.setOffline(false);
  await expect(status(page)).toContainText('1 change refused');
  await expect(page.getByText('The seat is yours.')).toHaveCount(0);
  await status(page).click();
  await expect(page.getByText('Seat asked for: ')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Refused' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Refused' })).toBeVisible();
  await button(page, 'I have read it').click();
  await expect(page.getByText('Everything you changed has reached the server.')).toBeVisible();
  await expect(status(page)).not.toContainText('refused');
});

test('a note that was changed in two places keeps both texts', async ({ page, context, browser, site }) => {
  await openApp(page, site, 'minister');
  const write = async (one, text) => {
    await one.getByText('Your note').first().click();
    await one.getByRole('textbox', { name: 'Your note' }).fill(text);
    await button(one, 'Keep the note').click();
  };
  await openView(page, 'programme?day=2018-11-26');
  await entry(page, REALITY).click();
  await send(page, () => write(page, 'First'));
  const { link } = await site.mailCode('minister@demo.example');
  const other = await browser.newPage({ baseURL: site.address, locale: 'en-GB' });
  await other.goto(link);
  await button(other, 'Sign in on this device').click();
  await expect(heading(other, 'You are signed in')).toBeVisible();
  await other.goto(page.url());
  await expect(other.getByRole('textbox', { name: 'Your note' })).toHaveValue('First');
  await context.setOffline(true);
  await page.getByRole('textbox', { name: 'Your note' }).fill('First, and from the bus');
  await button(page, 'Keep the note').click();
  await other.getByRole('textbox', { name: 'Your note' }).fill('First, and from the hall');
  await send(other, () => button(other, 'Keep the note').click());
  await context.setOffline(false);
  await expect(status(page)).toContainText('1 change refused');
  await status(page).click();
  await expect(page.getByText('First, and from the bus')).toBeVisible();
  await expect(page.getByText('First, and from the hall')).toBeVisible();
  await send(page, () => button(page, 'Send it again').click());
  await openView(other, 'changes');
  await other.goBack();
  await expect(other.getByRole('textbox', { name: 'Your note' })).toHaveValue(/from the hall\n\nFirst, and from the bus$/);
  await other.close();
});

test('a room that changes is on the phone within seconds, and says what it was until that is seen', async ({ page, site }) => {
  const token = await site.signIn('organiser');
  await openApp(page, site, 'minister');
  await expect(status(page)).toContainText('live');
  const venue = await idOf(site, token, 'venues', 'w-hotel');
  await move(site, token, 'the-internal-reality', { venue, room: null });
  const moved = page.getByRole('region', { name: 'What has moved' });
  await expect(moved.getByRole('link', { name: REALITY })).toBeVisible({ timeout: 2_000 });
  await expect(moved.getByText('Was: Punta Nueva York')).toBeVisible();
  await openView(page, 'day');
  await expect(page.getByText('Was: Punta Nueva York')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Was: Punta Nueva York')).toBeVisible();
  await entry(page, REALITY).click();
  await button(page, 'I have seen it').click();
  await tab(page, 'My day').click();
  await expect(page.getByText('Was: Punta Nueva York')).toHaveCount(0);
  await expect(page.getByText('W Hotel', { exact: false }).first()).toBeVisible();
});

test('of two tabs one exchanges; both show what either does, and the other goes on when it is closed', async ({ page, context, site }) => {
  await openApp(page, site, 'minister');
  const other = await context.newPage();
  await other.goto('/#/programme?day=2018-11-26');
  await expect(star(other)).toBeVisible();
  await page.goto('/#/programme?day=2018-11-26');
  let streams = 0;
  context.on('request', (request) => {
    if (request.url().endsWith('/live')) streams += 1;
  });
  await star(other).click();
  await expect(unstar(page)).toBeVisible();
  await expectSent(page);
  await expectSent(other);
  await unstar(page).click();
  await expect(star(other)).toBeVisible();
  expect(streams).toBeLessThanOrEqual(1);
  await page.close();
  await star(other).click();
  await expect(unstar(other)).toBeVisible();
  await expectSent(other);
  await expect(status(other)).toContainText('live');
});

test('a server that ends is waited for, and what was made meanwhile is kept', async ({ page, site, context }) => {
  await openApp(page, site, 'minister');
  await openView(page, 'programme?day=2018-11-26');
  await page.route('**/v1/**', (route) => route.abort());
  await context.setOffline(true);
  await expect(status(page)).toContainText('Offline');
  await context.setOffline(false);
  await star(page).click();
  await expect(status(page)).toContainText('1 change not sent yet');
  await page.unroute('**/v1/**');
  await expectSent(page);
  await expect(status(page)).toContainText('live');
});

test('what waits after many failures is sent as soon as the stream is open again', async ({ page, site, context }) => {
  await openApp(page, site, 'minister');
  await openView(page, 'programme?day=2018-11-26');
  let [isThere, isOpen, failures] = [false, false, 0];
  await page.route('**/live', (route) => {
    isOpen = isThere;
    return isOpen ? route.continue() : route.abort();
  });
  // No exchange that was asked for before the stream comes through.
  await page.route('**/sync', (route) => {
    failures += 1;
    return isOpen ? route.continue() : route.abort();
  });
  await context.setOffline(true);
  await expect(status(page)).toContainText('Offline');
  await context.setOffline(false);
  await star(page).click();
  await expect(status(page)).toContainText('1 change not sent yet');
  // After so many the next one by itself would be half a minute away.
  const tryAgain = async () => {
    await page.evaluate(() => dispatchEvent(new Event('online')));
    return failures;
  };
  await expect.poll(tryAgain, { intervals: [50] }).toBeGreaterThan(6);
  isThere = true;
  await expect(status(page)).toContainText('live');
  await expectSent(page);
});

test('an exchange that hangs is given up with the network that it went over', async ({ page, site, context }) => {
  await openApp(page, site, 'minister');
  await openView(page, 'programme?day=2018-11-26');
  let isFirst = true;
  await page.route('**/sync', (route) => {
    if (!isFirst) return route.continue();
    isFirst = false;
  });
  const hanging = page.waitForRequest('**/sync');
  await star(page).click();
  await hanging;
  await context.setOffline(true);
  await expect(status(page)).toContainText('Offline');
  await context.setOffline(false);
  await expectSent(page);
});

test('one stream that is refused does not keep those after it from being tried', async ({ page, site }) => {
  let tries = 0;
  await page.route('**/live', (route) => {
    tries += 1;
    return tries === 1 ? route.fulfill({ status: 503 }) : route.continue();
  });
  await openApp(page, site, 'minister');
  await expect(status(page)).toContainText('live');
  expect(tries).toBe(2);
});

test('a network that comes back before a stream was open lets it open again', async ({ page, context, site }) => {
  let tries = 0;
  await page.route('**/live', (route) => {
    tries += 1;
    if (tries > 1) return route.continue();
  });
  await openApp(page, site, 'minister');
  await expect.poll(() => tries).toBe(1);
  await context.setOffline(true);
  await context.setOffline(false);
  await expect(status(page)).toContainText('live');
});

test('a device that was ended elsewhere says so, and keeps what was not sent', async ({ page, context, site }) => {
  await openApp(page, site, 'minister');
  await openView(page, 'programme?day=2018-11-26');
  await context.setOffline(true);
  await star(page).click();
  const session = await page.evaluate(async () => {
    const { loadSession } = await import(new URL('../common/session.js', document.querySelector('script[type=module]').src).href);
    return loadSession();
  });
  const ended = await site.ask('DELETE', `/v1/account/devices/${session.device}`, { token: session.access_token });
  expect(ended.status).toBe(204);
  await context.setOffline(false);
  await expect(page.getByText('The server has signed this device out.')).toBeVisible();
  await expect(status(page)).toContainText('1 change not sent yet');
});

test('a browser with no room left says so, and takes no edit that it would lose', async ({ page, site }) => {
  await page.addInitScript(() => {
    const { add } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.add = function addUnlessFull(...given) {
      if (globalThis.isFull) throw new DOMException('There is no room.', 'QuotaExceededError');
      return add.apply(this, given);
    };
  });
  await openApp(page, site, 'minister');
  await openView(page, 'programme?day=2018-11-26');
  await expect(star(page)).toBeVisible();
  await page.evaluate(() => {
    globalThis.isFull = true;
  });
  await star(page).click();
  await expect(page.getByText('This could not be kept: the browser has no room left.')).toBeVisible();
  await expect(star(page)).toBeVisible();
  await page.evaluate(() => {
    globalThis.isFull = false;
  });
  await send(page, () => star(page).click());
  await expect(unstar(page)).toBeVisible();
});

test('data that the browser has thrown away are fetched anew', async ({ page, site }) => {
  await openApp(page, site, 'minister');
  await expect(status(page)).toContainText('live');
  const devtools = await page.context().newCDPSession(page);
  await page.goto('/sign-in');
  await devtools.send('Storage.clearDataForOrigin', { origin: site.address, storageTypes: 'cache_storage,service_workers' });
  await page.evaluate(() => new Promise((resolve) => (indexedDB.deleteDatabase('cumbre-event-csw-2018').onsuccess = resolve)));
  await page.goto('/#/day');
  await expect(entry(page, REALITY)).toBeVisible();
});

/**
 * What people find in the app at `/`, by role and name, as a screen reader would.
 *
 * @module
 */

import { expect } from '../harness/test.js';
import { signInWith } from '../sign-in/views.js';

/** The event of the demonstration. */
export const EVENT = '/v1/events/csw-2018';

/** The heading of a view. */
export const heading = (page, name) => page.getByRole('heading', { level: 1, name });

/** The line that says how it stands, and one word of it. */
export const status = (page) => page.locator('.status');

/** An entry of the navigation. */
export const tab = (page, name) => page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true });

/** An entry of a list that leads to a session. */
export const entry = (page, title) => page.getByRole('link', { name: title });

export const button = (page, name) => page.getByRole('button', { name, exact: true });

/** Opens the app with a programme in it, as somebody or nobody. */
export async function openApp(page, site, who) {
  if (who) await signInWith(page, site.person(who).code);
  await page.goto('/');
  await expect(heading(page, '10th Citizen Security Week')).toBeVisible();
}

/** Opens a view by its address, as a link would. */
export async function openView(page, address) {
  await page.goto(`/#/${address}`);
}

/**
 * Makes a change and waits until the server has taken it. What the page says a moment after the tap
 * may still be of before.
 */
export async function send(page, act) {
  const taken = page.waitForResponse(
    (answer) => answer.url().endsWith('/sync') && answer.request().postDataJSON()?.mutations?.length > 0,
  );
  await act();
  expect((await taken).status()).toBe(200);
  await expectSent(page);
}

/** Waits until everything that waits, as the page says, has reached the server. */
export async function expectSent(page) {
  await expect(status(page)).not.toContainText('not sent yet');
}

/** Waits until the app is kept on the device, so that it opens without a network. */
export async function expectKept(page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    const has = async () => {
      for (const name of await caches.keys()) if (await (await caches.open(name)).match('/')) return true;
      return false;
    };
    while (!(await has())) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
}

/** The scopes of which this browser holds rows. */
export function listScopes(page) {
  return page.evaluate(async () => {
    const script = document.querySelector('script[type=module]').src;
    const { openEventDatabase } = await import(new URL('../common/sync/replica.js', script).href);
    const database = await openEventDatabase('cumbre-event-csw-2018');
    return new Promise((resolve) => {
      const request = database.transaction('scopes').objectStore('scopes').getAllKeys();
      request.onsuccess = () => resolve(request.result);
    });
  });
}

/** The id of a record of the programme. */
export async function idOf(site, token, collection, slug) {
  const answer = await site.ask('GET', `${EVENT}/${collection}/${slug}`, { token });
  expect(answer.status).toBe(200);
  return answer.body.id;
}

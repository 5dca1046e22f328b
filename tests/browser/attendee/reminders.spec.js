/** Reminders of what begins soon. */

import { expect, test } from '../harness/test.js';
import { button, entry, openApp, openView, send, status } from './views.js';

const REALITY = 'The Internal Reality';

/** From eight in the morning until ten minutes before a quarter to six, and from there until just before that. */
const UNTIL_BEFORE = (9 * 60 + 35) * 60_000;
const UNTIL_JUST_BEFORE = 10 * 60_000 - 3_000;

/** Stars the session; the server's clock stands, and the phone's goes on from there. */
async function star(page) {
  await openView(page, 'programme?day=2018-11-26');
  await send(page, () => button(page, `Star: ${REALITY}`).click());
}

test('a reminder shows at its time without a network, leads to its session, and is put away', async ({ page, context, site }) => {
  await site.advance(UNTIL_BEFORE);
  await openApp(page, site, 'minister');
  await star(page);
  const reminder = page.locator('.reminder').filter({ hasText: `Soon: ${REALITY}` });
  await expect(reminder).toBeHidden();
  await site.advance(UNTIL_JUST_BEFORE);
  await page.reload();
  await expect(status(page)).toContainText('live');
  await context.setOffline(true);
  await expect(reminder).toBeVisible({ timeout: 30_000 });
  await expect(reminder).toContainText('Punta Nueva York');
  await entry(reminder, REALITY).click();
  await expect(page).toHaveURL(/#\/session\//);
  await button(page, 'OK').click();
  await expect(reminder).toBeHidden();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(reminder).toBeHidden();
});

test('how long before is chosen by kind, and shown again on every device', async ({ page, browser, site }) => {
  await openApp(page, site, 'participant');
  await openView(page, 'settings');
  const starred = (at) => at.getByLabel('Of starred sessions');
  await expect(starred(page)).toHaveValue('');
  await expect(starred(page).locator('option').first()).toHaveText('As usual (15 mins before)');
  await send(page, () => starred(page).selectOption({ label: '1 hr before' }));
  await send(page, () => page.getByLabel('Of transfers').selectOption({ label: 'None' }));
  const { link } = await site.mailCode('participant@demo.example');
  const other = await browser.newPage({ baseURL: site.address, locale: 'en-GB' });
  await other.goto(link);
  await button(other, 'Sign in on this device').click();
  await expect(other.getByRole('heading', { level: 1, name: 'You are signed in' })).toBeVisible();
  await other.goto('/#/settings');
  await expect(starred(other)).toHaveValue('60');
  await expect(other.getByLabel('Of transfers')).toHaveValue('off');
  await send(other, () => starred(other).selectOption({ index: 0 }));
  await expect(starred(page)).toHaveValue('');
  await expect(page.getByLabel('Of transfers')).toHaveValue('off');
  await other.close();
});

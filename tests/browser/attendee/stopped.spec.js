/** The server itself is gone, not only the way to it. */

import { answer, enrol, Office, scan } from '../desk/cast.js';
import { expect, expectKept as expectPageKept, test } from '../harness/test.js';
import { entry, expectKept, heading, openApp, openView, status } from './views.js';

test('the phone goes on when the server has ended, and after it is opened again', async ({ page, context, site }) => {
  test.slow();
  await openApp(page, site, 'minister');
  await expectKept(page);
  await openView(page, 'programme?day=2018-11-26');
  await expect(entry(page, 'The Internal Reality')).toBeVisible();
  await site.kill();
  await expect(status(page)).toContainText('Offline', { timeout: 45_000 });
  await page.getByRole('button', { name: 'Star: The Internal Reality', exact: true }).click();
  await expect(status(page)).toContainText('not sent yet');
  await page.close();
  const again = await context.newPage();
  await again.goto('/#/day?day=2018-11-26');
  await expect(heading(again, 'My day')).toBeVisible();
  await expect(entry(again, 'The Internal Reality')).toBeVisible();
  await expect(status(again)).toContainText('not sent yet');
});

test('a desk goes on when the server has ended', async ({ page, site }) => {
  test.slow();
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await office.guard('Dinner', { rule: 'once' });
  await enrol(page, office, { place: /Dinner/ });
  await expect(answer(page)).toContainText('Ready');
  await expectPageKept(page, '/desk');
  await site.kill();
  await scan(page, ana.badge);
  await expect(answer(page).locator('.word')).toHaveText('YES');
  await expect(page.getByText('Offline', { exact: true })).toBeVisible({ timeout: 45_000 });
  await page.reload();
  await expect(page.getByText('1 scan to hand in')).toBeVisible();
  await scan(page, ana.badge);
  await expect(answer(page).locator('.word')).toHaveText('NO');
});

/** One desk in two tabs. */

import { expect, test } from '../harness/test.js';
import { answer, enrol, Office, scan } from './cast.js';

test('what one tab has let in, the other knows, with the network and without', async ({ context, page, site }) => {
  test.slow();
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  const eva = await office.register('Eva Lagos');
  await office.guard('Dinner', { rule: 'once' });
  await enrol(page, office, { place: /Dinner/ });
  await expect(answer(page)).toContainText('Ready');
  const second = await context.newPage();
  await second.goto('/desk');
  await expect(answer(second)).toContainText('Ready');
  await scan(page, ana.badge);
  await expect(answer(page).locator('.word')).toHaveText('YES');
  await scan(second, ana.badge);
  await expect(answer(second).locator('.word')).toHaveText('NO');
  await expect(second.getByText('All handed in')).toBeVisible();
  await context.setOffline(true);
  await scan(second, eva.badge);
  await expect(answer(second).locator('.word')).toHaveText('YES');
  await expect(page.getByText('1 scan to hand in')).toBeVisible();
  await scan(page, eva.badge);
  await expect(answer(page).locator('.word')).toHaveText('NO');
  // The tab that is left does what both have to do.
  await page.close();
  await context.setOffline(false);
  await expect(second.getByText('All handed in')).toBeVisible({ timeout: 45_000 });
  expect(await office.listScans()).toHaveLength(4);
});

/** A desk whose storage is full: nobody goes in by a scan that is not kept, and none is lost. */

import { expect, expectAccessible, test } from '../harness/test.js';
import { answer, enrol, lastScans, Office, scan } from './cast.js';

const DESK = /Registration desk at the conference center/;

const word = (page, text) => expect(answer(page).locator('.word')).toHaveText(text);

/** Prepares a browser that has no room left in some databases once `globalThis.full` names a part of their names. */
async function limit(page) {
  await page.addInitScript(() => {
    for (const method of ['add', 'put']) {
      const store = IDBObjectStore.prototype[method];
      IDBObjectStore.prototype[method] = function storeUnlessFull(...given) {
        const { full } = globalThis;
        if (full && this.transaction.db.name.includes(full)) throw new DOMException('There is no room.', 'QuotaExceededError');
        return store.apply(this, given);
      };
    }
  });
}

/** The browser has no room left in the databases with these words in their names; in all again without any. */
const fill = (page, full) =>
  page.evaluate((words) => {
    globalThis.full = words;
  }, full);

test('with the storage full nobody is let in by a scan that is not kept, and it is made once there is room', async ({ page, context, site }) => {
  const office = await Office.open(site);
  const [ana, eva, luz] = [await office.register('Ana Rojas'), await office.register('Eva Lagos'), await office.register('Luz Paz')];
  await limit(page);
  await enrol(page, office, { place: DESK });
  await word(page, 'Ready');
  await context.setOffline(true);
  await scan(page, ana.badge);
  await word(page, 'YES');
  await fill(page, 'cumbre-desk-csw-2018');
  await scan(page, eva.badge);
  await word(page, 'WAIT');
  await expect(answer(page)).toContainText('This badge is not checked: the storage of this device is full, and no scan may be lost.');
  await expect(answer(page)).not.toContainText('Ana Rojas');
  await expect(lastScans(page)).toHaveCount(1);
  await expect(page.getByText('1 scan to hand in')).toBeVisible();
  await expectAccessible(page);
  // Still full: it is said again, and nothing is noted.
  await answer(page).getByRole('button', { name: 'Try again' }).focus();
  await page.keyboard.press('Enter');
  await word(page, 'WAIT');
  await expect(lastScans(page)).toHaveCount(1);
  await fill(page, '');
  await answer(page).getByRole('button', { name: 'Try again' }).click();
  await word(page, 'YES');
  await expect(answer(page)).toContainText('Eva Lagos');
  await scan(page, luz.badge);
  await expect(answer(page)).toContainText('Luz Paz');
  await context.setOffline(false);
  await expect(page.getByText('All handed in')).toBeVisible();
  await expect.poll(() => office.listScans()).toHaveLength(3);
});

test('photos give way to a scan where the storage is full', async ({ page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await limit(page);
  await enrol(page, office, { place: DESK });
  await word(page, 'Ready');
  await page.evaluate(async () => {
    await (await caches.open('cumbre-desk-photos')).put('/v1/events/csw-2018/photos/one', new Response('a face'));
    // There is room again as soon as the photos are gone.
    const { delete: remove } = CacheStorage.prototype;
    CacheStorage.prototype.delete = function makeRoom(...given) {
      globalThis.full = '';
      return remove.apply(this, given);
    };
  });
  await fill(page, 'cumbre-desk-csw-2018');
  await scan(page, ana.badge);
  await word(page, 'YES');
  expect(await page.evaluate(() => caches.has('cumbre-desk-photos'))).toBe(false);
  await expect.poll(() => office.listScans()).toHaveLength(1);
});

test('a scan that is kept counts, even where the list of the last ones has no room', async ({ page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await limit(page);
  await enrol(page, office, { place: DESK });
  await word(page, 'Ready');
  await fill(page, 'cumbre-desk-book');
  await scan(page, ana.badge);
  await word(page, 'YES');
  await expect(page.getByText('The scan is kept and handed in.')).toBeVisible();
  await expect.poll(() => office.listScans()).toHaveLength(1);
});

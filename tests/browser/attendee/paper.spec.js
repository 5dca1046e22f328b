/** What the phone's views are on paper. */

import { expect, test } from '../harness/test.js';
import { register } from './cast.js';
import { openApp, openView, tab } from './views.js';

/** How light what a page shows at a place is, from 0 for black to 1 for white. */
function lightness(page, selector, property) {
  return page.locator(selector).first().evaluate((element, property) => {
    const [red, green, blue] = getComputedStyle(element)[property].match(/[\d.]+/g).map(Number);
    return (0.3 * red + 0.6 * green + 0.1 * blue) / 255;
  }, property);
}

test('a day is printed black on white from a dark screen, without what is pressed', async ({ page, site }) => {
  await openApp(page, site, 'minister');
  for (const [address, entry] of [['print?day=2018-11-28&of=all', '.sheet td'], ['day?day=2018-11-26', '.session .title']]) {
    await openView(page, address);
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
    await expect(page.locator(entry).first()).toBeVisible();
    expect(await lightness(page, 'body', 'backgroundColor')).toBeLessThan(0.2);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await lightness(page, 'body', 'backgroundColor')).toBe(1);
    expect(await lightness(page, entry, 'color')).toBeLessThan(0.3);
    await expect(page.getByRole('button')).toHaveCount(0);
    await expect(page.locator('.zones')).toBeHidden();
  }
  // Times stand in one line each, so that a column of them can be read.
  await openView(page, 'print?day=2018-11-28&of=all');
  const heights = await page.locator('.sheet .when').evaluateAll((cells) => cells.map((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
  }));
  expect(new Set(heights)).toEqual(new Set([1]));
});

test('a badge is printed with its code, black on white and as a whole', async ({ page, site }) => {
  await register(site);
  await openApp(page, site, 'participant');
  await tab(page, 'Badge').click();
  await expect(page.getByRole('img', { name: /badge/i })).toBeVisible();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.setViewportSize({ width: 680, height: 960 });
  const code = await page.locator('.badge-code svg').boundingBox();
  // At 96 to the inch this is 5 cm and more.
  expect(code.width).toBeGreaterThan(190);
  expect(await lightness(page, 'body', 'backgroundColor')).toBe(1);
  expect(await lightness(page, '.badge-name', 'color')).toBeLessThan(0.3);
  const badge = await page.locator('.badge').boundingBox();
  expect(badge.y + badge.height).toBeLessThan(960);
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
});

test('on a narrow screen the order of the day is seen whole, whatever hours look like in the language', async ({ browser, site }) => {
  for (const locale of ['en-GB', 'es-CL', 'pt-BR', 'fr-CA']) {
    const page = await browser.newPage({ baseURL: site.address, locale, serviceWorkers: 'block', viewport: { width: 360, height: 740 } });
    await page.goto('/#/print?day=2018-11-26&of=all');
    await expect(page.locator('.sheet td.when').first()).toBeVisible();
    const hidden = await page.locator('.sheet').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(hidden, locale).toBeLessThanOrEqual(0);
    await page.close();
  }
});

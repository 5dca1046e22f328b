/**
 * How pages look, read and speak: what holds for every one.
 *
 * @module
 */

import { join } from 'node:path';

import { expect, expectAccessible } from './test.js';

const WIDTHS = [360, 768, 1440];

const resize = (page, width) => page.setViewportSize({ width, height: width > 500 ? 900 : 740 });

/** Expects that nothing of the page lies beside it. */
export async function expectFits(page) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow, `${page.viewportSize().width} px`).toBeLessThanOrEqual(0);
}

/** Expects that a view is accessible and fits every width, and takes pictures of it by day and by night. */
export async function expectGoodView(page, info, name) {
  await expectAccessible(page);
  for (const width of [320, ...WIDTHS]) {
    await resize(page, width);
    await expectFits(page);
  }
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of WIDTHS) {
      await resize(page, width);
      await page.screenshot({
        path: join(info.project.outputDir, 'pictures', `${name}-${colorScheme}-${width}.png`),
      });
    }
  }
}

/** Expects the same of a state that a view may be in, with fewer pictures. */
export async function expectGoodState(page, info, name) {
  await expectAccessible(page);
  for (const width of [320, 1440]) {
    await resize(page, width);
    await expectFits(page);
  }
  await resize(page, 360);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(info.project.outputDir, 'pictures', `${name}-${colorScheme}-360.png`) });
  }
}

/** Doubles the size of all letters. */
export async function enlargeLetters(page) {
  // A sheet from the page's own server, since its policy allows no other.
  await page.route('**/assets/large.css', (route) =>
    route.fulfill({ contentType: 'text/css', body: 'html { font-size: 200% }' }),
  );
  await page.addStyleTag({ url: '/assets/large.css' });
}

/** Expects that a line of text is seen whole: nothing of it cut off or under something else, and each word in one line. */
export async function expectWholeText(locator) {
  const lost = await locator.evaluate((one) => {
    const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const words = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const [box, ...more] = range.getClientRects();
        const ends = [box.left + 1, box.right - 1].map((x) => document.elementFromPoint(x, box.top + box.height / 2));
        if (more.length > 0 || ends.some((top) => top !== one)) words.push(word);
      }
    }
    return words;
  });
  expect(lost).toEqual([]);
}

/** Expects that the page's words are there in every language, with the same places, and for each element. */
export async function expectWords(page) {
  const words = await page.evaluate(async () => {
    const script = document.querySelector('script[type=module]').src;
    return (await import(new URL('words.js', script).href)).WORDS;
  });
  const places = (texts) =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.match(/\{\w+\}/g)]));
  expect(Object.keys(words)).toEqual(['en', 'es', 'pt', 'fr']);
  for (const texts of Object.values(words)) {
    expect(places(texts)).toEqual(places(words.en));
    expect(Object.values(texts).every((text) => text.trim() !== '')).toBe(true);
  }
  const named = await page.evaluate(() =>
    [...document.querySelectorAll('[data-words]')].map((one) => one.dataset.words),
  );
  for (const name of named) expect(Object.keys(words.en)).toContain(name);
}

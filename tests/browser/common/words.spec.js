/** What pages say is there for whatever asks for it. */

import { readdir, readFile } from 'node:fs/promises';

import { expect, test } from '../harness/test.js';

const WEB = new URL('../../../server/web/', import.meta.url);

/** The pages whose texts are one module for each language, or several. */
const PAGES = {
  attendee: ['words/en.js', 'words/own/en.js', 'words/delegation/en.js'],
  desk: ['words.js'],
  organiser: ['words.js'],
};

/** The names of texts that a page's modules write out. */
async function listNames(page) {
  const files = await readdir(new URL(page, WEB), { recursive: true });
  const modules = files.filter((file) => file.endsWith('.js') && !file.startsWith('words'));
  const sources = await Promise.all(modules.map((file) => readFile(new URL(`${page}/${file}`, WEB), 'utf8')));
  return [...new Set(sources.flatMap((text) => [...text.matchAll(/(?:\bwords\[|\bsay\()'([^']+)'/g)].map(([, name]) => name)))];
}

for (const [name, modules] of Object.entries(PAGES)) {
  test(`every text that the modules of the page ${name} name is there`, async ({ page }) => {
    const names = await listNames(name);
    expect(names.length).toBeGreaterThan(0);
    await page.goto('/sign-in');
    const texts = await page.evaluate(
      async ([name, modules]) => {
        const script = document.querySelector('script[type=module]').src;
        const loaded = await Promise.all(modules.map((path) => import(new URL(`../${name}/${path}`, script).href)));
        return Object.assign({}, ...loaded.map(({ default: own, WORDS }) => own ?? WORDS.en));
      },
      [name, modules],
    );
    expect(names.filter((one) => !Object.hasOwn(texts, one))).toEqual([]);
  });
}

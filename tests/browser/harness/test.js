/**
 * The tests' own `test`: each has a server, and fails by what goes wrong behind the page.
 *
 * @module
 */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { test as base, expect } from '@playwright/test';

import { Site } from './site.js';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What the browser itself writes of answers that pages handle and of cables that tests cut. */
const EXPECTED = /^Failed to load resource/;

/** What the browser asks itself for: the parts of its viewer of documents, and what a page has made. */
const INNER = /^(chrome|chrome-extension|blob|data):/;

export { expect };

export const test = base.extend({
  /** Whether the hundreds of others come: `test.use({ crowd: true })`. */
  crowd: [false, { option: true }],

  /** A server of the test's own. */
  site: async ({ crowd }, use) => {
    const site = await Site.open({ crowd });
    await use(site);
    await site.close();
  },

  baseURL: ({ site }, use) => use(site.address),

  /** A context whose pages raise no error, break no policy and ask no other server. */
  context: async ({ context, site }, use) => {
    const faults = [];
    context.on('weberror', (fault) => faults.push(String(fault.error())));
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()) && !EXPECTED.test(message.text())) faults.push(message.text());
    });
    context.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${site.address}/`) && !INNER.test(url)) faults.push(`asked ${url}`);
    });
    await use(context);
    expect(faults).toEqual([]);
  },
});

/** Expects that axe-core finds nothing against WCAG 2.2 AA and its best practices, by day and by night. */
export async function expectAccessible(page) {
  await page.evaluate(AXE);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    const found = violations.map(
      ({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`,
    );
    expect(found).toEqual([]);
  }
}

/** The session that a page's browser keeps, by the page's own module. */
export function readSession(page) {
  return page.evaluate(async () => {
    const script = document.querySelector('script[type=module]').src;
    const { loadSession } = await import(new URL('../common/session.js', script).href);
    return loadSession();
  });
}

/** Waits until the browser keeps a page, so that it opens without a network. */
export async function expectKept(page, path) {
  const isKept = () => page.evaluate(async (address) => Boolean(await caches.match(address)), path);
  // The server compresses each file when it is first asked for, which takes a program without optimisation long.
  await expect.poll(isKept, { timeout: 45_000 }).toBe(true);
}

/** By a QR code that the camera reads: the decoder comes only then. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { filmCode, filmed, filmNothing } from '../harness/film.js';
import { expect, expectAccessible, test } from '../harness/test.js';
import { expectSignedIn, fault, heading } from './views.js';

const scan = (page) => page.getByRole('button', { name: 'Scan a QR code' });

// Each of these has a browser of its own beside the tests'.
test.beforeEach(() => test.slow());

/** A browser before whose camera a code is held. */
async function holdBefore(site, text, work) {
  const folder = await mkdtemp(join(tmpdir(), 'cumbre-film-'));
  const film = join(folder, 'code.y4m');
  if (text) filmCode(text, film);
  else filmNothing(film);
  try {
    await filmed(site, film, work);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a link in a QR code signs in, and the camera stops', async ({ site }) => {
  const { name, email } = site.person('minister');
  const { link } = await site.mailCode(email);
  await holdBefore(site, link, async (page) => {
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto('/sign-in');
    await expect(heading(page, 'Sign in')).toBeVisible();
    expect(asked.some((path) => path.includes('camera') || path.includes('decode'))).toBe(false);
    await scan(page).click();
    await expectSignedIn(page, name);
    expect(asked.some((path) => path.endsWith('/common/camera.js'))).toBe(true);
    await expect(page.locator('#sight')).toBeHidden();
    expect(await page.evaluate(() => document.querySelector('video').srcObject?.active)).toBe(false);
  });
});

test('any other code is said to be none, and the camera goes on until it is stopped', async ({ site }) => {
  await holdBefore(site, 'https://elsewhere.example/sign-in#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', async (page) => {
    await page.goto('/sign-in');
    await scan(page).click();
    await expect(fault(page)).toContainText('This is no code that signs in here.');
    await expect(page).toHaveURL(`${site.address}/sign-in`);
    await expect(page.locator('#sight')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Stop the camera' }).click();
    await expect(page.locator('#sight')).toBeHidden();
    await expect(scan(page)).toBeVisible();
  });
});

test('a camera that is refused leaves the other ways', async ({ page, context }) => {
  await context.clearPermissions();
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = async () => {
      throw new DOMException('no', 'NotAllowedError');
    };
  });
  await page.goto('/sign-in');
  await scan(page).click();
  await expect(fault(page)).toContainText('The camera may not be used.');
  await expect(page.locator('#sight')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Mail me a code' })).toBeVisible();
});

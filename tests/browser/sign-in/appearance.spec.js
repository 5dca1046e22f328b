/** How the page looks, reads and speaks. */

import { enlargeLetters, expectFits, expectGoodView, expectWords } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { addressField, codeField, fault, haveCode, heading, mailCode, signIn } from './views.js';

const LINK = `/sign-in#${'x'.repeat(43)}`;

/** Each view of the page, at its fullest. */
const VIEWS = {
  link: (page) => page.goto(LINK),
  refused: async (page) => {
    await page.goto(LINK);
    await page.getByRole('button').click();
    await expect(fault(page)).not.toBeEmpty();
    await mailCode(page).click();
    await expect(addressField(page)).toHaveAttribute('aria-invalid', 'true');
    await expect(fault(page)).toBeEmpty();
  },
  enter: async (page) => {
    await page.goto('/sign-in');
    await addressField(page).fill('somebody.with.a.long.name@ministry-of-public-security.example');
    await mailCode(page).click();
    await expect(codeField(page)).toBeFocused();
    await codeField(page).fill('7kq2-m9xt');
    await signIn(page).click();
    await expect(fault(page)).not.toBeEmpty();
  },
  account: async (page, site) => {
    await page.goto('/sign-in');
    await haveCode(page).click();
    await codeField(page).fill(site.person('assistant').code);
    await signIn(page).click();
    await expect(page.getByRole('listitem')).toHaveCount(2);
  },
};

for (const [view, open] of Object.entries(VIEWS)) {
  test(`the view "${view}" is accessible, fits every width, and is shown in pictures`, async ({ page, site }, info) => {
    await open(page, site);
    await expectGoodView(page, info, `sign-in-${view}`);
  });
}

test('letters of twice the size fit a phone', async ({ page }) => {
  await page.goto('/sign-in');
  await enlargeLetters(page);
  await expect(haveCode(page)).toBeVisible();
  await expectFits(page);
});

test('who wants no motion gets none', async ({ page }) => {
  const duration = () =>
    page
      .getByRole('button')
      .first()
      .evaluate((button) => getComputedStyle(button).transitionDuration);
  await page.goto(LINK);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await duration()).not.toBe('0s');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await duration()).toBe('0s');
});

test('the page speaks the first of the browser’s languages that it knows', async ({ browser, site }) => {
  for (const [locale, language, title, label] of [
    ['es-CL', 'es', 'Entrar', 'Correo electrónico'],
    ['pt-BR', 'pt', 'Entrar', 'E-mail'],
    ['fr-CA', 'fr', 'Se connecter', 'Adresse e-mail'],
    ['de-CH', 'en', 'Sign in', 'E-mail address'],
  ]) {
    const page = await browser.newPage({ locale, baseURL: site.address });
    await page.goto('/sign-in');
    await expect(heading(page, title)).toBeVisible();
    await expect(page.getByRole('textbox', { name: label, exact: true })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await expect(page).toHaveTitle(`${title} · Cumbre`);
    await page.close();
  }
});

test('every language has every text with the same places', async ({ page }) => {
  await page.goto('/sign-in');
  await expectWords(page);
});

test('devices are named after browser and system', async ({ page }) => {
  await page.goto('/sign-in');
  const nameOf = (userAgent) =>
    page.evaluate(async (given) => {
      const script = document.querySelector('script[type=module]').src;
      const { describeDevice } = await import(new URL('../common/device.js', script).href);
      return describeDevice(given);
    }, userAgent);
  const gecko = 'Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0';
  const webkit =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1';
  const edge = 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0';
  expect(await nameOf(gecko)).toEqual({ name: 'Firefox · Android', kind: 'phone' });
  expect(await nameOf(webkit)).toEqual({ name: 'Safari · iPhone', kind: 'phone' });
  expect(await nameOf(edge)).toEqual({ name: 'Edge · Windows', kind: 'console' });
  expect(await nameOf('curl/8')).toEqual({ name: 'Browser', kind: 'console' });
});

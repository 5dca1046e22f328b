/** How the app looks, reads and speaks. */

import { enlargeLetters, expectFits, expectGoodView, expectWholeText } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { register } from './cast.js';
import { EVENT, heading, idOf, openApp, openView, send, status, tab } from './views.js';

/** Each view, as who sees most in it. */
const VIEWS = {
  now: 'minister',
  day: 'minister',
  'programme?day=2018-11-28': 'minister',
  'programme?day=2018-11-28&by=track': undefined,
  week: undefined,
  people: 'minister',
  badge: 'minister',
  inbox: 'participant',
  more: 'assistant',
  settings: 'assistant',
  registration: 'assistant',
  venues: undefined,
  exhibitors: undefined,
  changes: 'minister',
  data: 'minister',
  events: undefined,
  'print?day=2018-11-28': 'assistant',
};

test.describe('with the crowd', () => {
  test.use({ crowd: true });
  test.setTimeout(240_000);

  test('each view is accessible, fits every width, and is shown in pictures', async ({ browser, site }, info) => {
    const pages = {};
    for (const [address, who] of Object.entries(VIEWS)) {
      pages[who] ??= await openAs(browser, site, who);
      const page = pages[who];
      await page.setViewportSize({ width: 360, height: 740 });
      await openView(page, address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectGoodView(page, info, `attendee-${address.replace(/\W+/g, '-')}`);
    }
  });
});

async function openAs(browser, site, who) {
  const page = await browser.newPage({ baseURL: site.address, locale: 'en-GB', timezoneId: 'Europe/Madrid' });
  await openApp(page, site, who);
  return page;
}

test('a session with everything in it is accessible and fits every width', async ({ page, site }, info) => {
  const token = await site.signIn('organiser');
  await openApp(page, site, 'assistant');
  const session = await idOf(site, token, 'sessions', 'the-internal-reality');
  const venue = await idOf(site, token, 'venues', 'w-hotel');
  await openView(page, `session/${session}`);
  await site.ask('POST', `${EVENT}/sessions/the-internal-reality/move`, { token, body: { venue, room: null } });
  await expect(page.getByText('Was: Punta Nueva York')).toBeVisible();
  await page.getByText('Your note').first().click();
  await page.getByRole('textbox', { name: 'Your note' }).first().fill('A word');
  await expectGoodView(page, info, 'attendee-session');
});

test('without a network, with what waits and was refused, the app is accessible', async ({ page, context, site }, info) => {
  const token = await site.signIn('organiser');
  const visit = await idOf(site, token, 'sessions', 'visit-achm');
  await openApp(page, site, 'minister');
  await openView(page, `session/${visit}`);
  await page.getByRole('button', { name: 'Ask for a seat', exact: true }).click();
  await expect(status(page)).toContainText('refused');
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Star', exact: true }).click();
  await expect(status(page)).toContainText('not sent yet');
  await expectGoodView(page, info, 'attendee-offline');
  await status(page).click();
  await expectGoodView(page, info, 'attendee-offline-changes');
});

test('an empty app without a network says so, accessibly', async ({ page, site }, info) => {
  await page.route('**/sync/public*', (route) => route.abort());
  await page.goto('/');
  await expect(page.getByText('There is no connection, and nothing is kept on this device yet.')).toBeVisible();
  await expectGoodView(page, info, 'attendee-empty');
  await page.unroute('**/sync/public*');
  await expect(heading(page, '10th Citizen Security Week')).toBeVisible();
  expect(site.people.length).toBeGreaterThan(0);
});

test('the open dialog is accessible, and Escape closes it', async ({ page, site }, info) => {
  await openApp(page, site, 'minister');
  await openView(page, 'more');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectGoodView(page, info, 'attendee-dialog');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('letters of twice the size fit a phone in every view', async ({ page, site }) => {
  await openApp(page, site, 'assistant');
  await enlargeLetters(page);
  for (const address of Object.keys(VIEWS)) {
    await openView(page, address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectFits(page);
  }
});

test('the whole name of the event stands in the bar, also with letters of twice the size', async ({ page, site }) => {
  const look = async () => {
    for (const width of [320, 360, 768]) {
      await page.setViewportSize({ width, height: 740 });
      for (const address of ['now', 'settings']) {
        await openView(page, address);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expectWholeText(page.locator('.top-bars .name'));
        await expectFits(page);
      }
    }
  };
  const enlarge = () => page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openApp(page, site);
  await look();
  await enlarge();
  await look();
  await openApp(page, site, 'assistant');
  await look();
  await enlarge();
  await look();
});

test('in French no hour is broken, and with letters of twice the size what leads back shares a line with the sign-in', async ({ browser, site }) => {
  const page = await browser.newPage({ baseURL: site.address, locale: 'fr-CA', serviceWorkers: 'block', viewport: { width: 360, height: 740 } });
  await page.goto('/#/programme?day=2018-11-26');
  const starts = page.locator('.session .start');
  await expect(starts.first()).toHaveText('18 h 00');
  const heightOf = (/** @type {import('@playwright/test').Locator} */ one) => one.evaluate((element) => element.getBoundingClientRect().height);
  const line = await page.locator('.session .start').first().evaluate((element) => Number.parseFloat(getComputedStyle(element).lineHeight));
  for (const start of await starts.all()) if (await start.isVisible()) expect(await heightOf(start)).toBeLessThan(1.5 * line);
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
  await openView(page, 'settings');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const [back, signIn] = await Promise.all([page.getByRole('button', { name: 'Retour' }).boundingBox(), page.locator('.bar-button').boundingBox()]);
  expect(back.y).toBeLessThan(signIn.y + signIn.height);
  expect(signIn.y).toBeLessThan(back.y + back.height);
  await expectFits(page);
  await page.close();
});

test('each language fits a phone in every view', async ({ browser, site }) => {
  test.setTimeout(120_000);
  for (const locale of ['es-CL', 'pt-BR', 'fr-CA']) {
    const page = await browser.newPage({ baseURL: site.address, locale, viewport: { width: 320, height: 640 } });
    await page.goto('/');
    for (const address of Object.keys(VIEWS)) {
      await openView(page, address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectFits(page);
    }
    await page.close();
  }
});

test('what one says of oneself fits a phone in every language, and with letters of twice the size', async ({ page, site }) => {
  test.setTimeout(180_000);
  const { office, attendee } = await register(site);
  await office.ask('POST', `/attendees/${attendee}/registration/status`, { status: 'cancelled', reason: 'They asked for it.' });
  await openApp(page, site, 'participant');
  await page.setViewportSize({ width: 320, height: 640 });
  const own = ['correct', 'consents', 'shares', 'needs', 'stand-ins', 'erase'].map((view) => `${view}/${attendee}`);
  const views = ['registration', 'data', 'directory', ...own];
  const look = async () => {
    for (const address of views) {
      await openView(page, address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectFits(page);
    }
  };
  for (const language of ['es', 'pt', 'fr']) {
    await openView(page, 'settings');
    await page.locator('#language').selectOption(language);
    await expect(page.locator(`html[lang=${language}]`)).toBeAttached();
    await look();
  }
  await enlargeLetters(page);
  await look();
});

test('every language has every text with the same places', async ({ page, site }) => {
  await openApp(page, site);
  const words = await page.evaluate(async () => {
    const script = document.querySelector('script[type=module]').src;
    const texts = async (path) => (await import(new URL(`words/${path}.js`, script).href)).default;
    const load = async (name) => ({ ...(await texts(name)), ...(await texts(`own/${name}`)), ...(await texts(`delegation/${name}`)) });
    return { en: await load('en'), es: await load('es'), pt: await load('pt'), fr: await load('fr') };
  });
  const places = (texts) => Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.match(/\{\w+\}/g)?.sort()]));
  for (const texts of Object.values(words)) {
    expect(places(texts)).toEqual(places(words.en));
    expect(Object.values(texts).every((text) => text.trim() !== '')).toBe(true);
  }
});

test('right to left everything stays on the page', async ({ page, site }) => {
  await openApp(page, site, 'minister');
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl';
  });
  for (const address of ['now', 'day', 'programme?day=2018-11-28', 'more']) {
    await openView(page, address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectFits(page);
  }
});

test('the app is used by the keyboard alone', async ({ page, site }) => {
  await openApp(page, site, 'minister');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await tab(page, 'Programme').focus();
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Programme')).toBeFocused();
  const star = page.getByRole('button', { name: 'Star: The Internal Reality', exact: true });
  for (let steps = 0; steps < 80 && !(await star.evaluate((one) => one === document.activeElement)); steps += 1) {
    await page.keyboard.press('Tab');
  }
  await expect(star).toBeFocused();
  await send(page, () => page.keyboard.press('Enter'));
  await expect(page.getByRole('button', { name: 'Remove the star: The Internal Reality', exact: true })).toBeFocused();
});

/**
 * The organiser at work in tests.
 *
 * @module
 */

import { expect } from '../harness/test.js';

export const dialog = (page) => page.getByRole('dialog');
export const note = (page) => page.locator('main > [role=status]');
export const fault = (page) => page.locator('main > [role=alert]');

/** Goes to a view by the navigation. */
export const go = (page, name) => page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name, exact: true }).click();

/** Opens the page and signs in by a code that comes by mail; another person's with another role. */
export async function openAsOrganiser(page, site, who = 'organiser') {
  const { email } = site.person(who);
  await page.goto('/organiser');
  await page.getByRole('textbox', { name: 'E-mail address' }).fill(email);
  await page.getByRole('button', { name: 'Mail me a code' }).click();
  await expect(page.getByText('a code is on its way there')).toBeVisible();
  const { code } = await site.readMail(email);
  await page.getByRole('textbox', { name: 'Code' }).fill(code);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Today', exact: true })).toBeVisible();
}

/** The same, whatever language the page speaks. */
export async function openInAnyLanguage(page, site) {
  const { email } = site.person('organiser');
  await page.goto('/organiser');
  await page.locator('#email').fill(email);
  await page.locator('form:has(#email) button').click();
  await expect(page.locator('main [role=status] .message')).toBeVisible();
  const { code } = await site.readMail(email);
  await page.locator('#code').fill(code);
  await page.locator('form:has(#code) button').click();
  await expect(page.locator('main .board')).toBeVisible();
}

/** Two more rooms in the club, a large one and a small one. */
export async function addRooms(office) {
  const venue = await office.find('venues', 'club-de-la-union');
  const add = (slug, en, more) => office.ask('POST', '/rooms', { slug, venue: venue.id, name: { en }, ...more });
  return {
    blue: await add('blue-room', 'Blue Room', { capacity: 200, features: ['interpreters_booths'] }),
    library: await add('library', 'Library', { capacity: 40 }),
  };
}

/** The row of a session on the board. */
export const sessionRow = (page, name) => page.getByRole('region', { name: 'Now and next' }).getByRole('button', { name });

/** Goes on by Tab until something has the focus. */
export async function tabTo(page, target) {
  for (let presses = 0; presses < 20; presses += 1) {
    if (await target.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('Tab does not lead there');
}

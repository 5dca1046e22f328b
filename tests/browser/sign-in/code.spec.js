/** By a code, with or without an address. */

import { expect, test } from '../harness/test.js';
import {
  addressField,
  codeField,
  expectSignedIn,
  fault,
  haveCode,
  heading,
  mailAnother,
  mailCode,
  mailedToField,
  note,
  signIn,
  signOut,
} from './views.js';

async function haveMailed(page, email) {
  await page.goto('/sign-in');
  await addressField(page).fill(email);
  await mailCode(page).click();
  await expect(heading(page, 'Enter your code')).toBeVisible();
}

test('a code is mailed and entered', async ({ page, site }) => {
  await haveMailed(page, 'minister@demo.example');
  await expect(note(page)).toHaveText(/If minister@demo.example is registered, a code is on its way/);
  await expect(codeField(page)).toBeFocused();
  const { code } = await site.readMail('minister@demo.example');
  await codeField(page).fill(code.toLowerCase().replace('-', ' '));
  await signIn(page).click();
  await expect(heading(page, 'You are signed in')).toBeFocused();
  await expect(page.getByText('Amalia Quispe')).toBeVisible();
});

test('an address that nobody has is answered alike', async ({ page }) => {
  await haveMailed(page, 'nobody@demo.example');
  await expect(note(page)).toHaveText(/If nobody@demo.example is registered, a code is on its way/);
});

test('a code from the desk needs no address', async ({ page, site }) => {
  await page.goto('/sign-in');
  await haveCode(page).click();
  await expect(codeField(page)).toBeFocused();
  await codeField(page).fill(site.person('organiser').code);
  await signIn(page).click();
  await expect(page.getByText('Rosa Ferrada')).toBeVisible();
});

test('a wrong code is said to be wrong, and the right one still signs in', async ({ page, site }) => {
  await haveMailed(page, 'delegate@demo.example');
  const { code } = await site.readMail('delegate@demo.example');
  await codeField(page).fill('0000-0000');
  await signIn(page).click();
  await expect(fault(page)).toHaveText(/This code is not right, was used before, or is too old/);
  await expect(codeField(page)).toHaveValue('0000-0000');
  await codeField(page).fill(code);
  await signIn(page).click();
  await expectSignedIn(page);
});

test('a code is good for ten minutes, and a new one is a button away', async ({ page, site }) => {
  await haveMailed(page, 'guest@demo.example');
  const { code } = await site.readMail('guest@demo.example');
  await site.advance(10 * 60_000);
  await codeField(page).fill(code);
  await signIn(page).click();
  await expect(fault(page)).toHaveText(/is too old/);
  await mailAnother(page).click();
  await expect(addressField(page)).toHaveValue('guest@demo.example');
  await mailCode(page).click();
  await expect(codeField(page)).toBeFocused();
  await codeField(page).fill((await site.readMail('guest@demo.example')).code);
  await signIn(page).click();
  await expectSignedIn(page);
});

test('what is missing or no address is said at its field', async ({ page }) => {
  await page.goto('/sign-in');
  const email = addressField(page);
  for (const wrong of ['', 'minister', 'minister@', 'a b@demo.example']) {
    await email.fill(wrong);
    await mailCode(page).click();
    await expect(email).toHaveAccessibleDescription('Enter an address such as name@example.org.');
    await expect(email).toHaveAttribute('aria-invalid', 'true');
    await expect(email).toBeFocused();
  }
  await haveCode(page).click();
  await mailedToField(page).fill('minister@');
  await signIn(page).click();
  const code = codeField(page);
  await expect(code).toHaveAccessibleDescription('Enter the code. Capitals and hyphens do not matter.');
  await expect(code).toBeFocused();
  await expect(mailedToField(page)).toHaveAttribute('aria-invalid', 'true');
});

test('without a network nothing that was typed is lost', async ({ page, context, site }) => {
  await page.goto('/sign-in');
  await context.setOffline(true);
  await addressField(page).fill('minister@demo.example');
  await mailCode(page).click();
  await expect(fault(page)).toHaveText(/There is no connection/);
  await context.setOffline(false);
  await mailCode(page).click();
  await expect(codeField(page)).toBeVisible();
  const { code } = await site.readMail('minister@demo.example');
  await context.setOffline(true);
  await codeField(page).fill(code);
  await signIn(page).click();
  await expect(fault(page)).toHaveText(/There is no connection/);
  await context.setOffline(false);
  await signIn(page).click();
  await expectSignedIn(page);
});

test('the keyboard alone is enough', async ({ page, site }) => {
  const { keyboard } = page;
  await page.goto('/sign-in');
  await expect(addressField(page)).toBeVisible();
  await keyboard.press('Tab');
  await keyboard.type('participant@demo.example');
  await keyboard.press('Enter');
  await expect(codeField(page)).toBeFocused();
  await keyboard.type((await site.readMail('participant@demo.example')).code);
  await keyboard.press('Tab');
  await expect(mailedToField(page)).toBeFocused();
  await keyboard.press('Tab');
  await expect(signIn(page)).toBeFocused();
  await keyboard.press('Tab');
  await expect(mailAnother(page)).toBeFocused();
  await keyboard.press('Shift+Tab');
  await keyboard.press('Space');
  await expect(heading(page, 'You are signed in')).toBeFocused();
  await keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Open the programme' })).toBeFocused();
  await keyboard.press('Tab');
  await expect(signOut(page)).toBeFocused();
  await keyboard.press('Enter');
  await expect(note(page)).toHaveText('You are signed out on this device.');

  await page.goto((await site.mailCode('participant@demo.example')).link);
  await expect(page.getByRole('button')).toBeVisible();
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(heading(page, 'You are signed in')).toBeFocused();
});

test('a mail is written in the language of the page', async ({ browser, site }) => {
  const page = await browser.newPage({ locale: 'fr-CA', baseURL: site.address });
  await page.goto('/sign-in');
  await page.getByLabel('Adresse e-mail').fill('minister@demo.example');
  await page.getByRole('button', { name: 'Recevoir un code' }).click();
  await expect(page.getByRole('heading', { name: 'Saisissez votre code' })).toBeVisible();
  expect((await site.readMail('minister@demo.example')).text).toContain('votre code de connexion est');
  await page.close();
});

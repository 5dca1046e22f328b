/**
 * What people find on the page `/sign-in`, by role and name, as a screen reader would.
 *
 * @module
 */

import { expect, readSession } from '../harness/test.js';

const named = (role, name) => (page) => page.getByRole(role, { name, exact: true });

/** The heading of a view. */
export const heading = (page, name) => page.getByRole('heading', { level: 1, name });

/** Where faults and notes are read out. */
export const fault = (page) => page.getByRole('alert');
export const note = (page) => page.getByRole('status');

/** By a link. */
export const redeem = named('button', 'Sign in on this device');

/** Where a code is asked for. */
export const addressField = named('textbox', 'E-mail address');
export const mailCode = named('button', 'Mail me a code');
export const haveCode = named('button', 'I have a code');

/** Where it is entered. */
export const codeField = named('textbox', 'Code');
export const mailedToField = named('textbox', 'E-mail address that it was mailed to');
export const signIn = named('button', 'Sign in');
export const mailAnother = named('button', 'Mail me a new code');

/** Who is signed in. */
export const signOut = named('button', 'Sign out');

/** Waits for the account. */
export async function expectSignedIn(page, name) {
  await expect(heading(page, 'You are signed in')).toBeVisible();
  if (name) await expect(page.getByText(name)).toBeVisible();
}

/** Signs in with a code from the desk; the session. */
export async function signInWith(page, deskCode) {
  await page.goto('/sign-in');
  await haveCode(page).click();
  await codeField(page).fill(deskCode);
  await signIn(page).click();
  await expectSignedIn(page);
  return readSession(page);
}

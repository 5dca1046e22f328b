/** How the page looks, reads and speaks. */

import { enlargeLetters, expectFits, expectGoodView, expectWords } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { InvitationServer, LINK } from './server.js';
import {
  accept,
  addressField,
  again,
  codeField,
  decline,
  delegate,
  fault,
  given,
  heading,
  nameThem,
  openIt,
  wordField,
} from './views.js';

/** Each view of the page, at its fullest. */
const VIEWS = {
  pending: async (page) => {
    await InvitationServer.before(page);
    await page.goto(LINK);
    await expect(accept(page)).toBeVisible();
  },
  answered: async (page) => {
    await InvitationServer.before(page);
    await page.goto(LINK);
    await decline(page).click();
    await wordField(page).fill('I am sorry: on that day I shall be in Geneva.\nSomebody of the embassy will come.');
    await decline(page).click();
    await expect(given(page)).toHaveText(/Declined/);
  },
  over: async (page) => {
    await InvitationServer.before(page, { can_answer: false, can_delegate: false, why_not: 'over' });
    await page.goto(LINK);
    await expect(page.getByText(/It is over/)).toBeVisible();
  },
  declining: async (page) => {
    await InvitationServer.before(page);
    await page.goto(LINK);
    await decline(page).click();
    await expect(wordField(page)).toBeFocused();
  },
  delegating: async (page) => {
    await InvitationServer.before(page);
    await page.goto(LINK);
    await delegate(page).click();
    await nameThem(page).click();
    await expect(addressField(page)).toHaveAttribute('aria-invalid', 'true');
  },
  unread: async (page) => {
    await page.route('**/v1/**', (route) => route.abort());
    await page.goto(LINK);
    await expect(again(page)).toBeVisible();
    await expect(fault(page)).not.toBeEmpty();
  },
  gone: async (page) => {
    (await InvitationServer.before(page)).invitation = undefined;
    await page.goto(LINK);
    await expect(heading(page, 'There is no invitation here')).toBeVisible();
  },
  ask: async (page) => {
    await page.goto('/invitation#abc');
    await expect(fault(page)).not.toBeEmpty();
    await openIt(page).click();
    await expect(codeField(page)).toHaveAttribute('aria-invalid', 'true');
  },
};

for (const [view, open] of Object.entries(VIEWS)) {
  test(`the view "${view}" is accessible, fits every width, and is shown in pictures`, async ({ page }, info) => {
    await open(page);
    await expectGoodView(page, info, `invitation-${view}`);
  });
}

test('letters of twice the size, and a name without spaces, fit a phone', async ({ page }) => {
  await InvitationServer.before(page, { invitee: { name: 'Donaudampfschifffahrtsgesellschaftskapitänswitwe' } });
  await page.goto(LINK);
  await enlargeLetters(page);
  await expect(accept(page)).toBeVisible();
  await expectFits(page);
});

test('the page speaks the first of the browser’s languages that it knows', async ({ browser, site }) => {
  for (const [locale, language, title, button] of [
    ['es-CL', 'es', 'La realidad interna', 'Aceptar'],
    ['pt-BR', 'pt', 'La realidad interna', 'Aceitar'],
    ['fr-CA', 'fr', 'La realidad interna', 'Accepter'],
    ['de-CH', 'en', 'The Internal Reality', 'Accept'],
  ]) {
    const page = await browser.newPage({ locale, baseURL: site.address });
    await InvitationServer.before(page);
    await page.goto(LINK);
    await expect(heading(page, title)).toBeVisible();
    await expect(page.getByRole('button', { name: button, exact: true })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await expect(page).toHaveTitle(`${title} · Cumbre`);
    await page.close();
  }
});

test('every language has every text with the same places', async ({ page }) => {
  await page.goto('/invitation');
  await expectWords(page);
});

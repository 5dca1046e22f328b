/** How the organiser's page looks, reads and speaks, with the crowd of the week. */

import { join } from 'node:path';

import { enlargeLetters, expectFits, expectGoodView, expectWords } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { Office } from '../desk/cast.js';
import { addRooms, dialog, openAsOrganiser, openInAnyLanguage, sessionRow } from './cast.js';

test.use({ crowd: true });

const visit = (hash, isThere) => async (page) => {
  await page.goto(`/organiser${hash}`);
  await expect(isThere(page)).toBeVisible();
};

/** Says something to everybody, in two languages. */
function announceAll(office) {
  const texts = {
    en: { title: 'The welcome reception is in the garden of the Club de la Unión', text: 'Please take the stairs on the left.' },
    es: { title: 'La recepción de bienvenida es en el jardín del Club de la Unión', text: 'Por favor use la escalera de la izquierda.' },
  };
  return office.ask('POST', '/announcements', { texts, audience: { everybody: true }, urgency: 'urgent', asks_acknowledgement: true });
}

/** Each view of the page, at its fullest. */
const VIEWS = {
  board: visit('#/board', (page) => page.getByText('Nobody has come yet.')),
  session: async (page) => sessionRow(page, /The Internal Reality/).click(),
  rooms: async (page) => {
    await sessionRow(page, /The Internal Reality/).click();
    await dialog(page).getByRole('button', { name: 'Another room' }).click();
  },
  preview: async (page) => {
    await sessionRow(page, /The Internal Reality/).click();
    await dialog(page).getByRole('button', { name: 'Another room' }).click();
    await dialog(page).getByRole('button', { name: /Blue Room/ }).click();
    await expect(dialog(page).getByText('Nothing collides.')).toBeVisible();
  },
  closing: async (page) => {
    await page.getByRole('region', { name: 'Rooms' }).getByRole('button', { name: /Punta Nueva York/ }).click();
    await expect(dialog(page).getByRole('button', { name: 'See what follows' })).toBeVisible();
  },
  shift: async (page) => {
    await page.getByRole('button', { name: 'Everything later …' }).click();
    await dialog(page).getByRole('button', { name: '+25' }).click();
    await expect(dialog(page).getByText(/sessions change/)).toBeVisible();
  },
  held: async (page, office) => {
    const session = await office.find('sessions', 'clinic-session-4');
    await office.ask('POST', `/sessions/${session.id}/move`, { starts_at: '2018-11-28T20:00:00.000Z' });
    await page.getByRole('button', { name: 'Change the words' }).click();
    await expect(page.getByRole('region', { name: 'On its way out' }).getByRole('textbox').first()).toBeFocused();
  },
  notices: async (page, office) => {
    await announceAll(office);
    await visit('#/notices', (shown) => shown.getByText(/people are still to be told/))(page);
  },
  notice: async (page, office) => {
    const { id } = await announceAll(office);
    await page.goto(`/organiser#/notice/${id}`);
    await page.getByRole('button', { name: 'Text to paste' }).click();
    await expect(page.getByRole('textbox', { name: 'Text to paste' })).toBeVisible();
    await page.getByText('As a table').click();
    await page.getByRole('button', { name: 'Withdraw it' }).click();
  },
  announce: async (page) => {
    await page.goto('/organiser#/announce');
    for (const group of [/^Delegations/, /^Those whom a session concerns/, /^Single people/]) await page.locator('summary').filter({ hasText: group }).click();
    await page.getByRole('radio', { name: 'At a time' }).check();
    await page.getByRole('button', { name: 'Look at it before it goes' }).click();
    await expect(page.getByRole('alert')).toContainText('Write a title and a text');
  },
  review: async (page) => {
    await page.goto('/organiser#/announce');
    const english = page.getByRole('group', { name: 'English' });
    await english.getByRole('textbox', { name: 'Title' }).fill('The welcome reception is in the garden of the Club de la Unión');
    await english.getByRole('textbox', { name: 'Text' }).fill('Please take the stairs on the left.\nThe lift is out of order until the evening.');
    await page.getByRole('checkbox', { name: 'Everybody who is confirmed' }).check();
    await page.getByRole('checkbox', { name: 'A second person approves it first' }).check();
    await page.getByRole('button', { name: 'Look at it before it goes' }).click();
    await expect(page.getByRole('heading', { name: 'Is it right so?' })).toBeVisible();
  },
  programme: visit('#/programme?day=2018-11-27', (page) => page.getByRole('table')),
  people: visit('#/people?status=requested', (page) => page.getByRole('button', { name: /^Confirm:/ }).first()),
  'texts-list': visit('#/texts/sessions', (page) => page.getByText('lacks Spanish').first()),
  texts: async (page, office) => {
    const { items } = await office.ask('GET', '/sessions?limit=500');
    const session = items.find(({ talks }) => talks?.length > 1);
    await visit(`#/texts/sessions/${session.id}`, (shown) => shown.getByRole('textbox', { name: 'Talk 2: Title' }).first())(page);
  },
  inviting: async (page, office) => {
    const { items } = await office.ask('GET', '/invitations?limit=1');
    await visit(`#/invitations?object=${items[0].object}`, (shown) => shown.getByRole('heading', { name: 'Invite a whole delegation or audience' }))(page);
  },
  invitations: visit('#/invitations', (page) => page.getByRole('button', { name: /^Remind:/ }).first()),
  findings: visit('#/findings', (page) => page.getByRole('heading', { name: /It cannot take place so/ })),
  files: visit('#/files', (page) => page.getByRole('heading', { name: 'Take out' })),
  audit: visit('#/audit', (page) => page.getByRole('row').nth(3)),
  devices: async (page) => {
    await page.goto('/organiser#/devices');
    await page.getByRole('textbox', { name: 'What it is called' }).fill('Desk at the entrance of the conference center, on the left');
    await page.getByRole('button', { name: 'Make a code' }).click();
    await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  },
};

for (const [view, open] of Object.entries(VIEWS)) {
  test(`the view "${view}" is accessible, fits every width, and is shown in pictures`, async ({ page, site }, info) => {
    test.slow();
    await site.advance(9 * 3_600_000);
    const office = await Office.open(site);
    await addRooms(office);
    await openAsOrganiser(page, site);
    await open(page, office);
    await expectGoodView(page, info, `organiser-${view}`);
  });
}

for (const locale of ['es-CL', 'pt-BR', 'fr-CA']) {
  test(`in ${locale} nothing of any view lies beside a phone’s page`, async ({ browser, site }, info) => {
    test.slow();
    const page = await browser.newPage({ baseURL: site.address, locale, serviceWorkers: 'block', viewport: { width: 320, height: 640 } });
    await site.advance(9 * 3_600_000);
    const office = await Office.open(site);
    const { id } = await announceAll(office);
    await openInAnyLanguage(page, site);
    for (const view of ['board', 'notices', `notice/${id}`, 'announce', 'programme', 'texts/rooms', 'people', 'invitations', 'devices', 'findings', 'files', 'audit']) {
      await page.goto(`/organiser#/${view}`);
      await expect(page.locator('main h1')).toBeVisible();
      await expect(page.locator('main')).not.toBeEmpty();
      await expectFits(page);
      await page.screenshot({ path: join(info.project.outputDir, 'pictures', `organiser-${locale}-${view.split('/')[0]}.png`), fullPage: true });
    }
    await page.close();
  });
}

test.describe('without the crowd', () => {
  test.use({ crowd: false });

  test('the view "sign-in" is accessible, fits every width, and is shown in pictures', async ({ page }, info) => {
    await page.goto('/organiser');
    await page.getByRole('button', { name: 'Mail me a code' }).click();
    await expect(page.getByRole('alert')).toContainText('Enter an address');
    await expectGoodView(page, info, 'organiser-sign-in');
  });

  test('letters of twice the size fit a phone', async ({ browser, site }) => {
    // The sheet that enlarges is the test's own, which no service worker knows of.
    const page = await browser.newPage({ baseURL: site.address, locale: 'en-GB', serviceWorkers: 'block', viewport: { width: 360, height: 740 } });
    await site.advance(9 * 3_600_000);
    await openAsOrganiser(page, site);
    await enlargeLetters(page);
    await expect(sessionRow(page, /The Internal Reality/)).toBeVisible();
    await expectFits(page);
    await page.close();
  });

  test('every language has every text with the same places', async ({ page }) => {
    await page.goto('/organiser');
    await expectWords(page);
  });

  test('the page speaks the first of the browser’s languages that it knows', async ({ browser, site }) => {
    test.slow();
    for (const [locale, language, title] of [
      ['es-CL', 'es', 'Entrar como organización'],
      ['pt-BR', 'pt', 'Entrar como organização'],
      ['fr-CA', 'fr', 'Se connecter pour l’organisation'],
      ['de-CH', 'en', 'Sign in as an organiser'],
    ]) {
      const page = await browser.newPage({ locale, baseURL: site.address, serviceWorkers: 'block' });
      await page.goto('/organiser');
      await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await page.close();
    }
  });
});

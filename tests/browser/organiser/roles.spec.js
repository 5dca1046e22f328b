/** Who may do what on the page, by their roles at the event; and why the server refuses something, in the page's language. */

import { Office } from '../desk/cast.js';
import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { fault, note, openAsOrganiser, openInAnyLanguage } from './cast.js';

const tabs = (page) => page.getByRole('navigation', { name: 'Views' }).getByRole('link');
const button = (page, name) => page.getByRole('button', { name, exact: true });

/** Gives the participant a role, with which they open the page. */
async function openAs(page, site, role) {
  const office = await Office.open(site);
  const { email, name } = site.person('participant');
  await office.ask('POST', '/roles', { email, name, role });
  await openAsOrganiser(page, site, 'participant');
  return office;
}

/** Every request of the page that the server refuses, by address. */
function listForbidden(page) {
  const forbidden = [];
  page.on('response', (response) => {
    if (response.status() === 403) forbidden.push(new URL(response.url()).pathname);
  });
  return forbidden;
}

/** The accounts' own tabs, each opened. */
async function openEach(page, names) {
  await expect(tabs(page)).toHaveText(names);
  for (const name of names) {
    await tabs(page).filter({ hasText: name }).first().click();
    await expect(page.locator('main h1')).toBeVisible();
    await expect(page.locator('main .empty', { hasText: 'One moment' })).toHaveCount(0);
    await expect(page.locator('main .fault')).toHaveCount(0);
  }
}

test('a protocol officer sees what protocol may use, and is refused nothing', async ({ page, site }, info) => {
  test.slow();
  const forbidden = listForbidden(page);
  const office = await openAs(page, site, 'protocol');
  const chile = await office.ask('POST', '/delegations', { slug: 'chile', name: { en: 'Chile' }, quotas: [], capacity: 9 });
  const ana = await office.register('Ana Rojas', { delegation: chile.id, status: 'invited' });
  await openEach(page, ['Today', 'Notices', 'Programme', 'People', 'Invitations', 'Duties', 'Files']);
  await tabs(page).filter({ hasText: 'Today' }).click();
  await expect(button(page, 'Everything later …')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Rooms' }).getByRole('button')).toHaveCount(0);
  await expectGoodState(page, info, 'organiser-protocol-board');
  await tabs(page).filter({ hasText: 'Files' }).click();
  await expect(page.getByLabel('Programme (YAML)')).toHaveCount(0);
  await expect(page.getByLabel('People (CSV, XLSX)')).toHaveCount(1);
  await page.goto(`/organiser#/person/${ana.attendee}`);
  await expect(page.getByRole('region', { name: 'Invitations', exact: true })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Accounts' })).toHaveCount(0);
  await button(page, 'Decline: Ana Rojas').click();
  await expect(note(page)).toHaveText('The registration is now: Declined');
  await expect(button(page, 'Confirm: Ana Rojas')).toHaveCount(0);
  await expect(button(page, 'Invite again: Ana Rojas')).toBeVisible();
  await page.goto(`/organiser#/delegation/${chile.id}`);
  await expect(page.getByRole('spinbutton')).toHaveCount(1);
  await page.getByRole('spinbutton', { name: /place in the order/ }).fill('2');
  await button(page, 'Save').click();
  await expect(note(page)).toHaveText('Saved.');
  expect((await office.ask('GET', `/delegations/${chile.id}`)).order).toBe(2);
  expect(forbidden).toEqual([]);
  await page.goto('/organiser#/audit');
  await expect(page.getByText('Your role does not allow this.')).toBeVisible();
});

test('a desk lead sees desks, doors and what is odd there, and is refused nothing', async ({ page, site }, info) => {
  const forbidden = listForbidden(page);
  await openAs(page, site, 'desk_lead');
  await openEach(page, ['Today', 'Programme', 'Desks and doors', 'Files']);
  await tabs(page).filter({ hasText: 'Today' }).click();
  await expect(page.getByRole('region', { name: 'Arrivals' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Notices' })).toHaveCount(0);
  await expectGoodState(page, info, 'organiser-lead-board');
  await tabs(page).filter({ hasText: 'Programme' }).click();
  await expect(page.getByRole('table').getByRole('button')).toHaveCount(0);
  await tabs(page).filter({ hasText: 'Files' }).click();
  await expect(page.getByRole('region', { name: 'Take out' }).getByRole('button')).toHaveText(['Scans (CSV)']);
  expect(forbidden).toEqual([]);
});

/** What a refusal says in each language. */
const REFUSED = { 'es-CL': 'Alguien lo cambió entretanto.', 'pt-BR': 'Alguém mudou isto nesse meio-tempo.', 'fr-CA': 'Quelqu’un l’a changé entre-temps.' };

/** What becomes of one registration, of which there is one. */
const NOW_CONFIRMED = { 'es-CL': /Confirmada$/, 'pt-BR': /Confirmada$/, 'fr-CA': /Confirmée$/ };

for (const [locale, sentence] of Object.entries(REFUSED)) {
  test(`in ${locale} the page says in its own words why the server refuses, and in the server’s what it does not know`, async ({ browser, site }) => {
    const page = await browser.newPage({ baseURL: site.address, locale, serviceWorkers: 'block' });
    const office = await Office.open(site);
    await office.register('Ana Rojas', { status: 'requested' });
    await openInAnyLanguage(page, site);
    const refuse = (status, problem) =>
      page.route('**/registration/status', (route) => route.fulfill({ status, contentType: 'application/problem+json', body: JSON.stringify(problem) }), { times: 1 });
    await page.goto('/organiser#/people?status=requested');
    const confirm = page.locator('main .row button').first();
    await refuse(409, { code: 'stale_base', detail: 'It has changed since.' });
    await confirm.click();
    await expect(fault(page)).toContainText(sentence);
    await expect(fault(page)).not.toContainText('It has changed since.');
    await refuse(409, { code: 'of_another_time', detail: 'A word of another server.' });
    await confirm.click();
    await expect(fault(page)).toContainText('A word of another server.');
    await confirm.click();
    await expect(note(page)).toHaveText(NOW_CONFIRMED[locale]);
    await page.close();
  });
}

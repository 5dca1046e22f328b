/** What an organiser puts right for one person: badges, accounts, the place itself, answers and consents. */

import { register } from '../attendee/cast.js';
import { Office } from '../desk/cast.js';
import { enlargeLetters, expectFits, expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { fault, note, openAsOrganiser, openInAnyLanguage, tabTo } from './cast.js';

const NAME = 'Excelentísima Señora María Fernanda de los Ángeles Etcheverry-Montenegro y Wollstonecraft';

const region = (page, name) => page.getByRole('region', { name, exact: true });
const button = (page, name) => page.getByRole('button', { name, exact: true });
const field = (page, name) => page.getByRole('textbox', { name, exact: true });
const opened = (page, text) => page.locator('main details', { has: page.locator('summary', { hasText: text }) }).last();

/** Opens somebody's view. */
async function open(page, site, { attendee, name }) {
  await openAsOrganiser(page, site);
  await page.goto(`/organiser#/person/${attendee}`);
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

/** Unfolds something by the keyboard. */
async function unfold(page, text) {
  const summary = page.locator('main summary', { hasText: text }).first();
  await summary.focus();
  await page.keyboard.press('Enter');
}

test('a lost badge is made void by the keyboard, with why, and the other one stays valid', async ({ page, site }, info) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  const { carrier } = await office.ask('POST', `/attendees/${ana.attendee}/badges`, { kind: 'paper' });
  await open(page, site, ana);
  const badges = region(page, 'Badges');
  const paper = badges.getByRole('listitem').filter({ hasText: `no. ${carrier}` });
  await paper.locator('summary').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(paper.getByRole('combobox', { name: 'Reason' })).toBeFocused();
  await paper.getByRole('combobox', { name: 'Reason' }).selectOption({ label: 'damaged' });
  await expectGoodState(page, info, 'organiser-person-void');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(note(page)).toHaveText('The badge is void.');
  await expect(paper).toContainText('damaged');
  await expect(paper.getByRole('button')).toHaveCount(0);
  const { items } = await office.ask('GET', `/attendees/${ana.attendee}/badges`);
  expect(items.filter((one) => one.voided_at).map((one) => [one.carrier, one.void_reason])).toEqual([[carrier, 'damaged']]);
  expect(items.filter((one) => !one.voided_at)).toHaveLength(1);
});

test('a phone whose badge was stolen has another one by itself', async ({ page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await open(page, site, ana);
  const badges = region(page, 'Badges');
  await badges.locator('summary').click();
  await badges.getByRole('combobox', { name: 'Reason' }).selectOption({ label: 'stolen' });
  await button(page, `Make it void: ${ana.carrier}`).click();
  await expect(badges.getByRole('listitem').filter({ hasText: 'Void' })).toContainText('stolen');
  await expect(badges.getByRole('listitem').filter({ hasText: 'Valid' })).toHaveCount(1);
});

test('an account that acts for somebody is added by its address, and ended', async ({ page, site }, info) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas', { email: 'ana@example.org' });
  const read = async () => (await office.ask('GET', `/attendees/${ana.attendee}`)).accounts.map(({ email, relation }) => [email, relation]);
  await open(page, site, ana);
  const accounts = region(page, 'Accounts');
  await unfold(page, 'Add an account');
  await button(page, 'Add it').click();
  await expect(field(accounts, 'E-mail address')).toBeFocused();
  await expect(field(accounts, 'E-mail address')).toHaveAccessibleDescription(/Enter an address such as/);
  await page.keyboard.type('office@example.org');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(field(accounts, 'Name of whoever has the address')).toBeFocused();
  await expect(field(accounts, 'Name of whoever has the address')).toHaveAttribute('aria-invalid', 'true');
  await expectGoodState(page, info, 'organiser-person-account');
  await page.keyboard.type('Office of the experts');
  await page.keyboard.press('Enter');
  await expect(note(page)).toHaveText('The account is added.');
  const added = accounts.getByRole('listitem').filter({ hasText: 'Office of the experts' });
  await expect(added).toContainText('Acts for them');
  expect(await read()).toEqual(expect.arrayContaining([['ana@example.org', 'self'], ['office@example.org', 'assistant']]));
  await expect(accounts.locator('#account-email')).toHaveValue('');
  await added.locator('summary').click();
  await expect(added).toContainText('It sees and answers nothing for this person any more');
  await expectGoodState(page, info, 'organiser-person-account-ending');
  expect(await read()).toHaveLength(2);
  await button(page, 'End: Office of the experts').click();
  await expect(note(page)).toHaveText('The account has nothing to do with them any more.');
  await expect(added).toHaveCount(0);
  expect(await read()).toEqual([['ana@example.org', 'self']]);
});

test('an account that is another person’s own is not given to somebody', async ({ page, site }) => {
  const office = await Office.open(site);
  await office.register('Eva Lagos', { email: 'eva@example.org' });
  const ana = await office.register('Ana Rojas');
  await open(page, site, ana);
  await unfold(page, 'Add an account');
  await field(page, 'E-mail address').last().fill('eva@example.org');
  await field(page, 'Name of whoever has the address').fill('Eva Lagos');
  await page.getByRole('combobox', { name: 'What it is to them' }).selectOption({ label: 'Their own' });
  await button(page, 'Add it').click();
  await expect(fault(page)).toContainText('This account is another person’s own');
  await expect(field(page, 'Name of whoever has the address')).toHaveValue('Eva Lagos');
  expect((await office.ask('GET', `/attendees/${ana.attendee}`)).accounts).toEqual([]);
});

test('another person takes a place for good, and both are told who has it', async ({ page, site }, info) => {
  const office = await Office.open(site);
  const delegation = await office.ask('POST', '/delegations', { slug: 'chile', name: { en: 'Chile' } });
  const ana = await office.register(NAME, { delegation: delegation.id, details: { country: 'CL' } });
  await open(page, site, { ...ana, name: NAME });
  const form = opened(page, 'Give the place to another person');
  await tabTo(page, form.locator('summary'));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(field(form, 'Name')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(field(form, 'Name')).toHaveAttribute('aria-invalid', 'true');
  await field(form, 'Name').fill('Carla Díaz');
  await field(form, 'E-mail address').fill('carla.diaz');
  await field(form, 'Position').fill('Vice-Minister of Justice');
  await field(form, 'E-mail address').press('Enter');
  await expect(field(form, 'E-mail address')).toHaveAttribute('aria-invalid', 'true');
  await expectGoodState(page, info, 'organiser-person-replace');
  await field(form, 'E-mail address').fill('carla.diaz@example.org');
  await field(form, `Why (read by ${NAME}; not required)`).fill('The Minister stays for the vote.');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Carla Díaz' })).toBeVisible();
  await expect(note(page)).toHaveText(`Carla Díaz has the place of ${NAME} now.`);
  const former = await office.ask('GET', `/attendees/${ana.attendee}/registration`);
  expect(former).toMatchObject({ status: 'cancelled', reason: 'The Minister stays for the vote.' });
  const next = await office.ask('GET', `/attendees/${former.replaced_by}/registration`);
  const details = { position: 'Vice-Minister of Justice', country: 'CL' };
  expect(next).toMatchObject({ status: 'confirmed', delegation: delegation.id, replaces: ana.attendee, details });
  await page.getByRole('link', { name: NAME }).click();
  await expect(page.getByRole('heading', { level: 1, name: NAME })).toBeVisible();
  await expect(page.locator('main summary', { hasText: 'Give the place' })).toHaveCount(0);
});

test('answers are put right, each as its kind of question has it, and emptied', async ({ page, site }, info) => {
  const answers = { diet: 'Nuts', nights: 2, visa: true, shirt: 's', topics: ['police', 'prisons'] };
  const { attendee, read } = await register(site, { answers });
  await open(page, site, { attendee, name: 'Joaquín Meza' });
  const section = region(page, 'Answers');
  await unfold(page, 'Put answers right');
  await page.keyboard.press('Tab');
  await expect(field(section, 'What do you not eat?')).toBeFocused();
  await field(section, 'What do you not eat?').fill('Fish');
  await section.getByRole('spinbutton', { name: 'Nights' }).fill('');
  await section.getByLabel('Arrival').fill('2018-11-25');
  await section.getByRole('combobox', { name: 'Do you need a visa?' }).selectOption({ label: 'No' });
  await section.getByRole('combobox', { name: 'Shirt' }).selectOption({ label: 'Large' });
  await section.getByRole('group', { name: 'Topics' }).getByRole('checkbox', { name: 'Police' }).uncheck();
  await expectGoodState(page, info, 'organiser-person-answers');
  await button(page, 'Save the answers').click();
  await expect(note(page)).toHaveText('Saved.');
  await expect(section).toContainText('Fish');
  await expect(section.getByRole('combobox', { name: 'Shirt' })).toHaveValue('l');
  await expect(section.getByRole('group', { name: 'Topics' }).getByRole('checkbox', { name: 'Police' })).not.toBeChecked();
  expect((await read()).answers).toEqual({ diet: 'Fish', arrival: '2018-11-25', visa: false, shirt: 'l', topics: ['prisons'] });
});

test('answers that somebody else has changed meanwhile are not overwritten', async ({ page, site }) => {
  const { office, attendee, read } = await register(site);
  await open(page, site, { attendee, name: 'Joaquín Meza' });
  const section = region(page, 'Answers');
  await unfold(page, 'Put answers right');
  await field(section, 'What do you not eat?').fill('Fish');
  await office.ask('PATCH', `/attendees/${attendee}/registration`, { answers: { diet: 'Milk' } });
  await expect(section).toContainText('Milk');
  await button(page, 'Save the answers').click();
  await expect(fault(page)).toContainText('Somebody has changed this meanwhile.');
  await expect(field(section, 'What do you not eat?')).toHaveValue('Fish');
  await button(page, 'Save the answers').click();
  await expect(note(page)).toHaveText('Saved.');
  expect((await read()).answers.diet).toBe('Fish');
});

test('what somebody signed on paper is entered, and taken back', async ({ page, site }, info) => {
  const { office, attendee } = await register(site);
  await open(page, site, { attendee, name: 'Joaquín Meza' });
  const section = region(page, 'Consents');
  const state = async () => (await office.ask('GET', `/attendees/${attendee}/consents`)).consents.map((one) => one.state);
  const chosen = section.getByRole('combobox', { name: 'Photographs may be taken of me.' });
  await unfold(page, 'Enter what they signed');
  await page.keyboard.press('Tab');
  await expect(chosen).toBeFocused();
  await chosen.selectOption({ label: 'Agreed' });
  await expectGoodState(page, info, 'organiser-person-paper');
  await button(page, 'Save what they signed').click();
  await expect(note(page)).toHaveText('Saved.');
  await expect(section.getByRole('listitem')).toContainText('Agreed');
  await expect(chosen).toHaveValue('');
  expect(await state()).toEqual(['given']);
  await chosen.selectOption({ label: 'Not agreed' });
  await button(page, 'Save what they signed').click();
  await expect(section.getByRole('listitem')).toContainText('Not agreed');
  expect(await state()).toEqual(['refused']);
});

test('a protocol officer gives a place to another person, and changes no badge, account, answer or consent', async ({ page, site }) => {
  const { office, attendee } = await register(site);
  const { email, name } = site.person('assistant');
  await office.ask('POST', '/roles', { email, name, role: 'protocol' });
  await openAsOrganiser(page, site, 'assistant');
  await page.goto(`/organiser#/person/${attendee}`);
  await expect(page.getByRole('heading', { level: 1, name: 'Joaquín Meza' })).toBeVisible();
  await expect(page.locator('main summary')).toHaveText(['Put it right …', 'Another category in a part', 'Give the place to another person …']);
  const form = opened(page, 'Give the place to another person');
  await form.locator('summary').click();
  await field(form, 'Name').fill('Carla Díaz');
  await button(page, 'Give the place for good').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Carla Díaz' })).toBeVisible();
});

for (const locale of ['en-GB', 'es-CL', 'pt-BR', 'fr-CA']) {
  test(`in ${locale} every form of a person is accessible and fits a phone, with letters of twice the size too`, async ({ browser, site }, info) => {
    const page = await browser.newPage({ baseURL: site.address, locale, serviceWorkers: 'block', viewport: { width: 360, height: 740 } });
    const { office, attendee } = await register(site);
    await office.ask('PATCH', `/attendees/${attendee}/registration`, { name: NAME });
    await office.ask('POST', `/attendees/${attendee}/badges`, { kind: 'paper' });
    await openInAnyLanguage(page, site);
    await page.goto(`/organiser#/person/${attendee}`);
    await expect(page.locator('#person-badges')).toBeVisible();
    await expect(page.locator('main .row > details')).not.toHaveCount(0);
    for (const summary of await page.locator('main summary').all()) await summary.click();
    await expectGoodState(page, info, `organiser-person-forms-${locale}`);
    await enlargeLetters(page);
    await expectFits(page);
    await page.close();
  });
}

/** Who comes: found, opened, put right, moved, linked with the programme; delegations and their places. */

import { register } from '../attendee/cast.js';
import { Office } from '../desk/cast.js';
import { expectGoodState, expectGoodView } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { note, openAsOrganiser, openInAnyLanguage, tabTo } from './cast.js';

const go = (page, name) => page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name, exact: true }).click();
const region = (page, name) => page.getByRole('region', { name, exact: true });
const button = (page, name) => page.getByRole('button', { name, exact: true });
const list = (page) => page.locator('section[aria-labelledby="people-list"]').getByRole('listitem');

const DETAILS = { position: 'Minister of Justice', organisation: 'Ministry of Justice', country: 'CL', email: 'ana.rojas@example.org' };

/** Opens a person from the list of everybody. */
async function openPerson(page, name) {
  await go(page, 'People');
  await page.getByRole('navigation', { name: 'Status' }).getByRole('link', { name: 'Everybody' }).click();
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeFocused();
}

const addDelegation = (office, slug, en, more = {}) => office.ask('POST', '/delegations', { slug, name: { en }, ...more });

test.describe('with a crowd', () => {
  test.use({ crowd: true });

  test('everybody is in the list, page by page, and it is narrowed by category and delegation', async ({ page, site }, info) => {
    test.slow();
    const office = await Office.open(site);
    const [chile] = (await office.ask('GET', '/delegations?limit=500')).items;
    const members = (await office.ask('GET', `/delegations/${chile.id}/members?status=confirmed&limit=500`)).items;
    await openAsOrganiser(page, site);
    await go(page, 'People');
    await page.getByRole('navigation', { name: 'Status' }).getByRole('link', { name: 'Confirmed' }).click();
    await expect(list(page)).toHaveCount(100);
    await expect(page.getByText('The first 100 people are shown; there are more.')).toBeVisible();
    await button(page, 'Show more').click();
    await expect(list(page)).toHaveCount(200);
    await page.getByRole('combobox', { name: 'Delegation' }).selectOption(chile.id);
    await expect(list(page)).toHaveCount(Math.min(members.length, 100));
    await expect(page.getByRole('heading', { level: 2, name: `Confirmed · ${chile.name.en}` })).toBeVisible();
    const [{ category }] = members;
    await page.getByRole('combobox', { name: 'Category' }).selectOption(category);
    await expect(list(page)).toHaveCount(Math.min(members.filter((one) => one.category === category).length, 100));
    await page.goBack();
    await expect(list(page)).toHaveCount(Math.min(members.length, 100));
    await page.getByRole('link', { name: members[0].name, exact: true }).first().click();
    await expect(page.getByRole('heading', { level: 1, name: members[0].name })).toBeVisible();
    await expect(region(page, 'Badges').getByRole('listitem').first()).toBeVisible();
    await expectGoodView(page, info, 'organiser-person');
  });
});

test('somebody is opened, with what they said and hold', async ({ page, site }) => {
  const { office, attendee } = await register(site, { answers: { diet: 'Nuts', visa: true, shirt: 'l', topics: ['police', 'prisons'] } });
  await office.ask('PUT', `/attendees/${attendee}/consents`, { consents: [{ consent: 'photos', version: 1, language: 'en', is_given: true }] });
  await office.ask('PUT', `/attendees/${attendee}/access-needs`, { needs: ['step_free'], note: 'A seat near the door.' });
  const session = await office.find('sessions', 'the-internal-reality');
  await office.ask('PATCH', `/sessions/${session.id}`, { admission: { policy: 'by_invitation', visibility: 'listed' } });
  await office.ask('POST', '/invitations', { attendee, collection: 'sessions', object: session.id });
  await openAsOrganiser(page, site);
  await openPerson(page, 'Joaquín Meza');
  await expect(region(page, 'Answers')).toContainText('What do you not eat?');
  await expect(region(page, 'Answers')).toContainText('Nuts');
  await expect(region(page, 'Answers')).toContainText('Large');
  await expect(region(page, 'Answers')).toContainText('Police and Prisons');
  await expect(region(page, 'Consents').getByRole('listitem')).toContainText('Agreed');
  await expect(region(page, 'Invitations').getByRole('listitem')).toContainText('The Internal Reality');
  await expect(region(page, 'Seats')).toContainText('Nothing.');
  await expect(region(page, 'Badges').getByRole('listitem')).toContainText('Valid');
  await expect(region(page, 'Accounts').getByRole('listitem')).toContainText(site.person('participant').email);
  const reads = async () => (await office.ask('GET', '/audit?limit=100')).items.filter(({ operation }) => operation === 'access_needs.read').length;
  expect(await reads()).toBe(0);
  await region(page, 'Access needs').getByRole('button', { name: 'Show them' }).click();
  await expect(region(page, 'Access needs')).toContainText('Ways without steps');
  await expect(region(page, 'Access needs')).toContainText('A seat near the door.');
  expect(await reads()).toBe(1);
});

test('somebody new is registered, with what they need, and what is wrong is said at its field', async ({ page, site }, info) => {
  const office = await Office.open(site);
  const chile = await addDelegation(office, 'chile', 'Chile');
  const { id: category } = await office.ask('POST', '/categories', { slug: 'guests', title: { en: 'Guests' }, enrolment: 'closed' });
  await openAsOrganiser(page, site);
  await go(page, 'People');
  await tabTo(page, page.locator('summary', { hasText: 'Register a person' }));
  await page.keyboard.press('Enter');
  const form = page.locator('form:has(#entry-name)');
  await form.getByRole('button', { name: 'Register' }).click();
  const name = form.getByRole('textbox', { name: 'Name', exact: true });
  await expect(name).toBeFocused();
  await expect(name).toHaveAccessibleDescription('Enter a name.');
  await name.fill('Ana Rojas');
  await form.getByRole('button', { name: 'Register' }).click();
  await expect(form.getByRole('combobox', { name: 'Category' })).toHaveAccessibleDescription('Choose a category.');
  const address = form.getByRole('textbox', { name: 'E-mail address with which they sign in' });
  await address.fill('nowhere');
  await form.getByRole('combobox', { name: 'Category' }).selectOption({ label: 'Guests' });
  await form.getByRole('combobox', { name: 'Delegation', exact: true }).selectOption({ label: 'Chile' });
  await form.getByRole('combobox', { name: 'Role in the delegation' }).selectOption({ label: 'Head of delegation' });
  await form.getByRole('textbox', { name: 'Position' }).fill('Minister of Justice');
  await form.getByRole('textbox', { name: 'Country' }).fill('cl');
  await form.locator('summary', { hasText: 'Access needs' }).click();
  await form.getByRole('checkbox', { name: 'Ways without steps' }).check();
  await form.getByRole('textbox', { name: 'What else there is to know' }).fill('A seat near the door.');
  await form.getByRole('button', { name: 'Register' }).click();
  await expect(address).toBeFocused();
  await expect(name).toHaveValue('Ana Rojas');
  await expectGoodState(page, info, 'organiser-person-entry');
  await address.fill('ana.rojas@example.org');
  await form.getByRole('button', { name: 'Register' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ana Rojas' })).toBeVisible();
  await expect(note(page)).toHaveText('Ana Rojas is registered: Confirmed.');
  const { items } = await office.ask('GET', '/registrations?status=confirmed');
  const details = { position: 'Minister of Justice', country: 'CL' };
  expect(items).toMatchObject([{ name: 'Ana Rojas', category, delegation: chile.id, delegation_role: 'head', details }]);
  expect(await office.ask('GET', `/attendees/${items[0].attendee}/access-needs`)).toMatchObject({ needs: ['step_free'], note: 'A seat near the door.' });
});

test('a name, a category and a delegation are put right by the keyboard', async ({ page, site }, info) => {
  const office = await Office.open(site);
  const chile = await addDelegation(office, 'chile', 'Chile');
  const { id: category } = await office.ask('POST', '/categories', { slug: 'guests', title: { en: 'Guests' }, enrolment: 'closed' });
  const ana = await office.register('Ana Roxas', { details: DETAILS });
  await openAsOrganiser(page, site);
  await openPerson(page, 'Ana Roxas');
  const summary = page.locator('summary', { hasText: 'Put it right' });
  await tabTo(page, summary);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Ana Rojas');
  await page.getByRole('combobox', { name: 'Category', exact: true }).selectOption({ label: 'Guests' });
  await page.getByRole('combobox', { name: 'Delegation', exact: true }).selectOption({ label: 'Chile' });
  await page.getByRole('combobox', { name: 'Role in the delegation' }).selectOption({ label: 'Head of delegation' });
  await page.getByRole('textbox', { name: 'Form of address' }).fill('Her Excellency');
  await page.getByRole('textbox', { name: 'Phone' }).fill('2345');
  await page.keyboard.press('Enter');
  const phone = page.getByRole('textbox', { name: 'Phone' });
  await expect(phone).toBeFocused();
  await expect(phone).toHaveAttribute('aria-invalid', 'true');
  await expect(phone).toHaveAccessibleDescription(/This cannot be so\. \(Phone\)/);
  await expectGoodState(page, info, 'organiser-person-faulty');
  await phone.fill('+56 2 2345 6789');
  await page.keyboard.press('Enter');
  await expect(note(page)).toHaveText('Saved.');
  await expect(page.getByRole('heading', { level: 1, name: 'Ana Rojas' })).toBeVisible();
  expect(await office.ask('GET', `/attendees/${ana.attendee}/registration`)).toMatchObject({
    name: 'Ana Rojas',
    category,
    delegation: chile.id,
    delegation_role: 'head',
    details: { ...DETAILS, form_of_address: 'Her Excellency', phone: '+56 2 2345 6789' },
  });
});

test('what somebody else has put right meanwhile is not overwritten', async ({ page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas', { details: DETAILS });
  await openAsOrganiser(page, site);
  await openPerson(page, 'Ana Rojas');
  await page.locator('summary', { hasText: 'Put it right' }).click();
  await page.getByRole('textbox', { name: 'Position' }).fill('Minister');
  await office.ask('PATCH', `/attendees/${ana.attendee}/registration`, { details: { organisation: 'Ministry of Public Security' } });
  await expect(page.getByText('Minister of Justice · Ministry of Public Security')).toBeVisible();
  await button(page, 'Save').click();
  await expect(page.locator('main > [role=alert]')).toContainText('Somebody has changed this meanwhile.');
  await button(page, 'Save').click();
  await expect(note(page)).toHaveText('Saved.');
  const { details } = await office.ask('GET', `/attendees/${ana.attendee}/registration`);
  expect(details).toMatchObject({ position: 'Minister', organisation: 'Ministry of Public Security' });
});

test('a registration is declined with a reason, and confirmed where there is no place', async ({ page, site }) => {
  const office = await Office.open(site);
  const { id: category } = await office.ask('POST', '/categories', { slug: 'guests', title: { en: 'Guests' }, enrolment: 'closed', capacity: 0 });
  const ana = await office.register('Ana Rojas', { category: 'guests', status: 'requested' });
  const read = () => office.ask('GET', `/attendees/${ana.attendee}/registration`);
  await openAsOrganiser(page, site);
  await openPerson(page, 'Ana Rojas');
  await page.getByRole('textbox', { name: /^Why it is declined/ }).fill('The category is full.');
  await button(page, 'Decline: Ana Rojas').click();
  await expect(note(page)).toHaveText('The registration is now: Declined');
  expect(await read()).toMatchObject({ status: 'declined', reason: 'The category is full.', category });
  await button(page, 'To the waitlist: Ana Rojas').click();
  await expect(note(page)).toHaveText('The registration is now: Waitlist');
  await button(page, 'Confirm: Ana Rojas').click();
  await expect(page.locator('main > [role=alert]')).toContainText('There is no place left.');
  await page.getByRole('checkbox', { name: 'Confirm also without a free place' }).check();
  await button(page, 'Confirm: Ana Rojas').click();
  await expect(note(page)).toHaveText('The registration is now: Confirmed');
  expect((await read()).status).toBe('confirmed');
});

test('nothing is said to be done before the view shows it, so that no button changes under the finger', async ({ page, site }) => {
  const office = await Office.open(site);
  await office.register('Ana Rojas', { details: DETAILS, status: 'requested' });
  await openAsOrganiser(page, site);
  await openPerson(page, 'Ana Rojas');
  /** @type {() => void} */
  let letGo = () => {};
  const held = new Promise((resolve) => (letGo = () => resolve(undefined)));
  await page.route('**/registration', async (route) => {
    await held;
    await route.continue();
  });
  const read = page.waitForRequest('**/registration');
  await button(page, 'Decline: Ana Rojas').click();
  await read;
  await expect(button(page, 'Decline: Ana Rojas')).toHaveAttribute('aria-disabled', 'true');
  await expect(note(page)).toBeEmpty();
  letGo();
  await expect(note(page)).toHaveText('The registration is now: Declined');
  expect(await button(page, 'Invite again: Ana Rojas').count()).toBe(1);
});

test('who may be registered twice is shown, and nothing is merged', async ({ page, site }, info) => {
  const office = await Office.open(site);
  await office.register('Ana Rojas', { details: DETAILS });
  await office.register('ROJAS, Ana', { details: DETAILS, status: 'requested' });
  await openAsOrganiser(page, site);
  await openPerson(page, 'Ana Rojas');
  const twice = region(page, 'This may be somebody who is registered twice');
  await expect(twice).toContainText('same address and similar name');
  await twice.getByRole('link', { name: 'ROJAS, Ana' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'ROJAS, Ana' })).toBeVisible();
  await expect(twice.getByRole('link', { name: 'Ana Rojas' })).toBeVisible();
  await page.goto('/organiser#/duplicates');
  await expect(region(page, 'Ana Rojas').getByRole('listitem')).toHaveCount(2);
  await expectGoodState(page, info, 'organiser-duplicates');
  expect((await office.ask('POST', '/registrations/search', { text: 'rojas' })).items).toHaveLength(2);
});

test('somebody of the programme is linked by a suggestion, and that is taken back', async ({ page, site }, info) => {
  const office = await Office.open(site);
  const { items } = await office.ask('GET', '/people/links?speakers=true&limit=500');
  const speaker = items.find(({ attendee }) => !attendee);
  const { attendee } = await office.register(speaker.name);
  const linkedTo = async () => (await office.ask('GET', `/people/${speaker.person}`)).attendee;
  await openAsOrganiser(page, site);
  await openPerson(page, speaker.name);
  const link = region(page, 'In the programme');
  await link.getByRole('button', { name: /^It is them: / }).click();
  await expect(note(page)).toContainText('They are linked');
  expect(await linkedTo()).toBe(attendee);
  await page.getByRole('link', { name: 'People', exact: true }).last().click();
  await page.getByRole('link', { name: 'Who is who in the programme' }).click();
  await page.getByRole('link', { name: 'Linked', exact: true }).click();
  await expectGoodState(page, info, 'organiser-links');
  await button(page, `It is not them: ${speaker.name}`).click();
  await expect(note(page)).toHaveText('They are not linked any more.');
  expect(await linkedTo()).toBeUndefined();
  await page.getByRole('link', { name: 'Not linked yet' }).click();
  await expectGoodState(page, info, 'organiser-links-open');
  const row = page.getByRole('listitem').filter({ has: page.locator('b', { hasText: speaker.name }) });
  await row.locator('summary').click();
  await row.getByRole('searchbox').fill(speaker.name);
  await page.keyboard.press('Enter');
  await button(page, `It is them: ${speaker.name}, ${speaker.name}`).first().click();
  await expect.poll(linkedTo).toBe(attendee);
});

test('a delegation’s order and places are set, and its quota binds', async ({ page, site }, info) => {
  const office = await Office.open(site);
  const chile = await addDelegation(office, 'chile', 'Chile');
  await office.register('Ana Rojas', { delegation: chile.id });
  const [part] = (await office.ask('GET', '/parts?limit=500')).items;
  const read = () => office.ask('GET', `/delegations/${chile.id}`);
  await openAsOrganiser(page, site);
  await go(page, 'People');
  await region(page, 'Delegations').getByRole('link', { name: 'Chile' }).click();
  await expect(page.getByText('1 member is confirmed.')).toBeVisible();
  await page.getByRole('spinbutton', { name: /place in the order/ }).fill('3');
  await page.getByRole('spinbutton', { name: /Confirmed members at most/ }).fill('12');
  await page.getByRole('combobox', { name: /one more part or session/ }).selectOption(`part ${part.id}`);
  const most = page.getByRole('group', { name: part.title.en }).getByRole('spinbutton', { name: /Accept or have a seat/ });
  await expect(most).toBeFocused();
  await most.fill('-1');
  await button(page, 'Save').click();
  await expect(most).toBeFocused();
  await expect(most).toHaveAccessibleDescription('Enter a whole number from 0 to 1000000.');
  await expectGoodState(page, info, 'organiser-delegation');
  await most.fill('4');
  await button(page, 'Save').click();
  await expect(note(page)).toHaveText('Saved.');
  expect(await read()).toMatchObject({ order: 3, capacity: 12, quotas: [{ part: part.id, at_most: 4 }] });
  await button(page, `Take out: ${part.title.en}`).click();
  await page.getByRole('spinbutton', { name: /Confirmed members at most/ }).fill('');
  await button(page, 'Save').click();
  await expect.poll(async () => (await read()).quotas ?? []).toEqual([]);
  expect((await read()).capacity).toBeUndefined();
});

for (const locale of ['es-CL', 'pt-BR', 'fr-CA']) {
  test(`in ${locale} nothing of a person or a delegation lies beside a phone’s page`, async ({ browser, site }, info) => {
    const page = await browser.newPage({ baseURL: site.address, locale, serviceWorkers: 'block', viewport: { width: 360, height: 740 } });
    const office = await Office.open(site);
    const chile = await addDelegation(office, 'chile', 'Chile');
    const ana = await office.register('Ana Rojas', { delegation: chile.id, details: DETAILS });
    await openInAnyLanguage(page, site);
    for (const view of [`person/${ana.attendee}`, `delegation/${chile.id}`, 'duplicates', 'links', 'people']) {
      await page.goto(`/organiser#/${view}`);
      await expect(page.locator('main h1')).toBeVisible();
      for (const summary of await page.locator('main summary').all()) await summary.click();
      await expectGoodState(page, info, `organiser-${locale}-${view.split('/')[0]}`);
    }
    await page.close();
  });
}

/** What people agree to, let others see and need; with the network and without. */

import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { register } from './cast.js';
import { button, EVENT, heading, openApp, openView, send, status } from './views.js';

const PHOTOS = 'Photographs may be taken of me.';

test('what was agreed to is taken back by one tap, also without a network, and given again', async ({ page, context, site }, info) => {
  test.setTimeout(120_000);
  const { office, attendee } = await register(site);
  const consents = async () => (await office.ask('GET', `/attendees/${attendee}/consents`)).consents.map(({ consent, state }) => [consent, state]);
  await openApp(page, site, 'participant');
  await openView(page, 'registration');
  await page.getByRole('link', { name: 'What I agree to' }).click();
  await expect(heading(page, 'What I agree to')).toBeVisible();
  await expect(page.getByText('Not answered yet')).toBeVisible();
  await send(page, () => page.getByRole('button', { name: 'I agree' }).click());
  await expect(page.getByText('You agree', { exact: true })).toBeVisible();
  expect(await consents()).toEqual([['photos', 'given']]);
  await expect(button(page, 'Take it back')).toHaveAccessibleDescription(PHOTOS);
  await expectGoodState(page, info, 'attendee-consents-given');
  await context.setOffline(true);
  await button(page, 'Take it back').click();
  await expect(page.getByText('You do not agree', { exact: true })).toBeVisible();
  await expect(page.getByText('(not sent yet)')).toBeVisible();
  await expect(page.getByText('the organisers see that you do not agree')).toBeVisible();
  await expectGoodState(page, info, 'attendee-consents-offline');
  await send(page, () => context.setOffline(false));
  expect(await consents()).toEqual([['photos', 'refused']]);
  expect((await office.ask('GET', `/attendees/${attendee}/registration`)).status).toBe('confirmed');
  await send(page, () => button(page, 'I agree').click());
  expect(await consents()).toEqual([['photos', 'given']]);
});

test('a text that changed is agreed to anew, and one that is not asked any more is taken back', async ({ page, site }) => {
  const { office, attendee } = await register(site);
  await openApp(page, site, 'participant');
  await openView(page, `consents/${attendee}`);
  await send(page, () => button(page, 'I agree').click());
  const { id } = await office.find('categories', 'observers');
  const text = { en: 'Photographs and films may be made of me.' };
  await office.ask('PATCH', `/categories/${id}`, { consents: [{ key: 'photos', version: 2, text, is_required: true }] });
  await expect(page.getByText('You agreed to an earlier version')).toBeVisible();
  await expect(page.getByText(text.en)).toBeVisible();
  await send(page, () => button(page, 'Agree to this version').click());
  await expect(page.getByText('You agree', { exact: true })).toBeVisible();
  await office.ask('PATCH', `/categories/${id}`, { consents: [] });
  await expect(page.getByText('A text that is not asked any more: photos')).toBeVisible();
  await send(page, () => button(page, 'Take it back').click());
  await expect(page.getByText('There is nothing to agree to.')).toBeVisible();
});

test('what is agreed to, shared and needed is said by the keyboard alone, and the focus is never lost', async ({ page, site }) => {
  const { office, attendee } = await register(site);
  await openApp(page, site, 'participant');
  await openView(page, `consents/${attendee}`);
  await expect(heading(page, 'What I agree to')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(button(page, 'I agree')).toBeFocused();
  await send(page, () => page.keyboard.press('Enter'));
  await expect(heading(page, 'What I agree to')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(button(page, 'Take it back')).toBeFocused();
  await openView(page, `shares/${attendee}`);
  await expect(heading(page, 'What others see of me')).toBeFocused();
  await page.keyboard.press('Tab');
  await send(page, () => page.keyboard.press('Space'));
  await expect(page.getByRole('checkbox', { name: 'My name' })).toBeFocused();
  await openView(page, `needs/${attendee}`);
  await expect(heading(page, 'Access needs')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  for (let steps = 0; steps < 9; steps += 1) await page.keyboard.press('Tab');
  await page.keyboard.type('By the door');
  await page.keyboard.press('Tab');
  await send(page, () => page.keyboard.press('Enter'));
  const known = await office.ask('GET', `/attendees/${attendee}/access-needs`);
  expect(known).toMatchObject({ needs: ['step_free'], note: 'By the door' });
});

test('others see what one allows, and nothing else', async ({ page, browser, site }, info) => {
  test.setTimeout(120_000);
  const { office, attendee } = await register(site);
  const { items } = await office.ask('GET', '/attendees?limit=100');
  const guest = items.find(({ name }) => name === 'Irene Salvatierra').id;
  const { id: category } = await office.find('categories', 'observers');
  await office.ask('PUT', `/attendees/${guest}/registration`, { category, status: 'confirmed' });
  const other = await browser.newPage({ baseURL: site.address, locale: 'en-GB' });
  await openApp(other, site, 'guest');
  await openView(other, 'more');
  await other.getByRole('link', { name: 'Other attendees' }).click();
  await expect(other.getByText('Nobody is found.').last()).toBeVisible();
  await openApp(page, site, 'participant');
  await openView(page, `shares/${attendee}`);
  await page.getByRole('checkbox', { name: 'Position, organisation and country' }).check();
  await expect(page.getByText('Without your name nobody finds the rest.')).toBeVisible();
  await send(page, () => page.getByRole('checkbox', { name: 'My name' }).check());
  await expect(page.getByText('Without your name nobody finds the rest.')).toHaveCount(0);
  await expect(page.getByRole('checkbox', { name: 'Telephone' })).toHaveAccessibleDescription('+56 2 2345 6789');
  await expectGoodState(page, info, 'attendee-shares');
  expect((await office.ask('GET', `/attendees/${attendee}/registration`)).shares).toEqual(['name', 'affiliation']);
  await other.getByRole('searchbox').fill('RESEARCH');
  await other.keyboard.press('Enter');
  await expect(other.getByText('Joaquín Meza')).toBeVisible();
  await expect(other.getByText('Researcher')).toBeVisible();
  await expect(other.getByText('+56 2 2345 6789')).toHaveCount(0);
  await expectGoodState(other, info, 'attendee-directory-found');
  await other.close();
});

test('what others may see is changed without a network, and waits', async ({ page, context, site }) => {
  const { office, attendee } = await register(site);
  await openApp(page, site, 'participant');
  await openView(page, `shares/${attendee}`);
  await expect(page.getByRole('checkbox', { name: 'My name' })).toBeVisible();
  await context.setOffline(true);
  await page.getByRole('checkbox', { name: 'My name' }).check();
  await expect(page.getByText('(not sent yet)')).toBeVisible();
  await expect(page.getByRole('checkbox', { name: 'My name' })).toBeChecked();
  await send(page, () => context.setOffline(false));
  await expect(page.getByText('(not sent yet)')).toHaveCount(0);
  expect((await office.ask('GET', `/attendees/${attendee}/registration`)).shares).toEqual(['name']);
});

test('a long directory goes on, and without a network it says so', async ({ page, context, site }, info) => {
  await register(site);
  await openApp(page, site, 'participant');
  const names = Array.from({ length: 3 }, (_, at) => `Person ${at + 1}`);
  const item = (name) => ({ attendee: crypto.randomUUID(), name, form_of_address: 'Dr', email: `${name.replace(' ', '')}@example.org`, phone: '+56 2 2345 6789', country: 'CL' });
  // The directory of a server has as many at a time as it was asked for; this one has two.
  await page.route('**/directory/search', async (route) => {
    const { cursor } = route.request().postDataJSON();
    const items = (cursor ? names.slice(2) : names.slice(0, 2)).map(item);
    await route.fulfill({ json: { items, ...(cursor ? {} : { next: 'two' }) } });
  });
  await openView(page, 'directory');
  await expect(page.getByText('Dr Person 2')).toBeVisible();
  await expect(page.getByText('Dr Person 3')).toHaveCount(0);
  await button(page, 'Show more').click();
  await expect(page.getByText('Dr Person 3')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Person1@example.org' })).toHaveAttribute('href', 'mailto:Person1@example.org');
  await page.unroute('**/directory/search');
  await context.setOffline(true);
  await button(page, 'Search').click();
  await expect(page.getByText('This needs a connection.')).toBeVisible();
  await expectGoodState(page, info, 'attendee-directory-offline');
});

test('who is not confirmed is told that the directory is not for them', async ({ page, site }, info) => {
  await openApp(page, site, 'participant');
  await openView(page, 'directory');
  await expect(page.getByText('It is for people whose registration is confirmed.')).toBeVisible();
  await expectGoodState(page, info, 'attendee-directory-refused');
});

test('what one needs to take part is said, changed and taken back', async ({ page, context, site }, info) => {
  test.setTimeout(120_000);
  const { office, attendee } = await register(site);
  const token = office.token;
  const needs = async () => (await site.ask('GET', `${EVENT}/attendees/${attendee}/access-needs`, { token })).body;
  await openApp(page, site, 'participant');
  await openView(page, 'registration');
  await page.getByRole('link', { name: 'Access needs' }).click();
  await page.getByRole('checkbox', { name: 'Ways without steps' }).check();
  await page.getByRole('textbox', { name: 'What else there is to know' }).fill('A seat near the door.');
  await expectGoodState(page, info, 'attendee-needs');
  await send(page, () => button(page, 'Send').click());
  expect(await needs()).toMatchObject({ needs: ['step_free'], note: 'A seat near the door.' });
  await context.setOffline(true);
  await page.getByRole('checkbox', { name: 'A hearing loop' }).check();
  await page.getByRole('textbox', { name: 'What else there is to know' }).fill('');
  await button(page, 'Send').click();
  await expect(page.getByText('What you corrected is shown here, and is not sent yet.')).toBeVisible();
  await send(page, () => context.setOffline(false));
  expect(await needs()).toMatchObject({ needs: ['step_free', 'hearing_loop'] });
  await page.getByRole('checkbox', { name: 'A hearing loop' }).uncheck();
  await page.getByRole('checkbox', { name: 'Ways without steps' }).uncheck();
  await send(page, () => button(page, 'Send').click());
  expect((await site.ask('GET', `${EVENT}/attendees/${attendee}/access-needs`, { token })).body.needs ?? []).toEqual([]);
  await expect(status(page)).not.toContainText('refused');
});

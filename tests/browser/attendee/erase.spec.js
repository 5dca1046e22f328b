/** Having oneself erased. */

import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { register } from './cast.js';
import { button, heading, listScopes, openApp, openView } from './views.js';

const erase = (page) => button(page, 'Erase for good');
const name = (page) => page.getByRole('textbox', { name: 'To confirm, write the name: Joaquín Meza' });

test('whoever has themselves erased is told what goes and stays, and writes their name first', async ({ page, site }, info) => {
  test.setTimeout(120_000);
  const { office, attendee, read } = await register(site);
  await openApp(page, site, 'participant');
  await openView(page, 'data');
  await page.getByRole('link', { name: 'Have Joaquín Meza erased' }).click();
  await expect(heading(page, 'Have me erased')).toBeFocused();
  await expect(page.getByRole('region', { name: 'What goes' }).getByRole('listitem')).toHaveCount(5);
  await expect(page.getByRole('region', { name: 'What stays' }).getByRole('listitem')).toHaveCount(5);
  await erase(page).click();
  await expect(name(page)).toBeFocused();
  await expect(name(page)).toHaveAccessibleDescription('This is not the name. Nothing was erased.');
  await expectGoodState(page, info, 'attendee-erase');
  expect((await read()).name).toBe('Joaquín Meza');
  await name(page).fill(' joaquin meza ');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'It is erased')).toBeVisible();
  await expect(page.getByText('Your data and your account are erased, and this device is signed out.')).toBeVisible();
  await expectGoodState(page, info, 'attendee-erased');
  const { items } = await office.ask('GET', '/attendees?limit=100');
  expect(items.find(({ id }) => id === attendee)?.name).toBe('—');
  expect((await read()).status).toBe('cancelled');
  await page.getByRole('main').getByRole('link', { name: 'Programme' }).click();
  await expect(page.getByRole('link', { name: 'Sign in' }).first()).toBeVisible();
  expect(await listScopes(page)).toEqual(['public']);
});

test('an account that acts for somebody stays when its own attendee is erased', async ({ page, site }) => {
  const { office, attendee } = await register(site);
  const { items } = await office.ask('GET', '/attendees?limit=100');
  const other = items.find((one) => one.name === 'Irene Salvatierra').id;
  const { accounts } = await office.ask('GET', `/attendees/${attendee}/data`);
  await office.ask('PUT', `/attendees/${other}/accounts/${accounts[0].account}`, { relation: 'assistant' });
  await openApp(page, site, 'participant');
  await openView(page, `erase/${other}`);
  await expect(page.getByText('Only the person can have themselves erased, or an organiser.')).toBeVisible();
  await openView(page, `erase/${attendee}`);
  await name(page).fill('Joaquín Meza');
  await erase(page).click();
  await expect(page.getByText('The person is erased at this event.')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'Programme' }).click();
  await openView(page, 'registration');
  await expect(page.getByRole('heading', { name: 'Irene Salvatierra' })).toBeVisible();
  await expect(page.getByText('Joaquín Meza')).toHaveCount(0);
});

test('without a network nobody is erased, and it is said', async ({ page, context, site }) => {
  const { attendee, read } = await register(site);
  await openApp(page, site, 'participant');
  await openView(page, `erase/${attendee}`);
  await name(page).fill('Joaquín Meza');
  await context.setOffline(true);
  await erase(page).click();
  await expect(name(page)).toHaveAccessibleDescription('This needs a connection.');
  expect((await read()).name).toBe('Joaquín Meza');
});

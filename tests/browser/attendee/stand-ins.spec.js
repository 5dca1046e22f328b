/** Having somebody sit in for another. */

import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { button, EVENT, heading, idOf, openApp, openView, send, status } from './views.js';

const REALITY = 'The Internal Reality';

test('who acts for two has one sit in for the other in a session, and ends it', async ({ page, site }, info) => {
  test.setTimeout(120_000);
  const token = await site.signIn('organiser');
  const session = await idOf(site, token, 'sessions', 'the-internal-reality');
  const listed = async () => (await site.ask('GET', `${EVENT}/stand-ins`, { token })).body.items;
  await openApp(page, site, 'assistant');
  await openView(page, `session/${session}`);
  const minister = page.getByRole('region', { name: 'Amalia Quispe' });
  await minister.getByRole('link', { name: 'Have somebody sit in' }).click();
  await expect(heading(page, 'Stand-ins')).toBeFocused();
  await expect(page.getByRole('combobox', { name: 'Session' }).getByRole('option', { selected: true })).toContainText(REALITY);
  await expectGoodState(page, info, 'attendee-stand-ins');
  await send(page, () => button(page, 'Arrange it').click());
  const sitsIn = page.getByRole('region', { name: 'Who sits in for Amalia Quispe' });
  await expect(sitsIn.getByText('Tomás Arrieta')).toBeVisible();
  await expect(sitsIn.getByText(REALITY)).toBeVisible();
  await expectGoodState(page, info, 'attendee-stand-ins-one');
  expect(await listed()).toMatchObject([{ session }]);
  await openView(page, `session/${session}`);
  await expect(minister.getByText('Tomás Arrieta sits in')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Tomás Arrieta' }).getByText('Sits in for Amalia Quispe')).toBeVisible();
  await minister.getByRole('link', { name: 'Have somebody sit in' }).click();
  await send(page, () => sitsIn.getByRole('button', { name: 'End it' }).click());
  await expect(sitsIn).toHaveCount(0);
  expect(await listed()).toEqual([]);
});

test('a stand-in for a day waits without a network, and a second one is refused', async ({ page, context, site }) => {
  await openApp(page, site, 'assistant');
  await openView(page, 'registration');
  const token = await site.signIn('organiser');
  const attendees = (await site.ask('GET', `${EVENT}/attendees?limit=100`, { token })).body.items;
  const { id } = attendees.find(({ name }) => name === 'Amalia Quispe');
  await openView(page, `stand-ins/${id}`);
  const day = page.getByRole('combobox', { name: 'Day' });
  await expect(day).toBeVisible();
  await context.setOffline(true);
  for (let times = 1; times <= 2; times += 1) {
    await day.selectOption({ label: 'Tuesday 27 November' });
    await button(page, 'Arrange it').click();
    await expect(page.getByText('(not sent yet)')).toHaveCount(times);
  }
  await send(page, () => context.setOffline(false));
  await expect(page.getByText('Somebody is to sit in: It is in another state by now.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Who sits in for Amalia Quispe' }).getByRole('listitem')).toHaveCount(1);
  await button(page, 'I have read it').click();
  await expect(status(page)).not.toContainText('refused');
  expect((await site.ask('GET', `${EVENT}/stand-ins`, { token })).body.items).toMatchObject([{ day: '2018-11-27' }]);
});

test('who acts for nobody else is told who arranges it', async ({ page, site }, info) => {
  await openApp(page, site, 'participant');
  const token = await site.signIn('organiser');
  const attendees = (await site.ask('GET', `${EVENT}/attendees?limit=100`, { token })).body.items;
  const { id } = attendees.find(({ name }) => name === 'Joaquín Meza');
  await openView(page, `stand-ins/${id}`);
  await expect(page.getByText('The organisers arrange it, or a focal point of the delegation')).toBeVisible();
  await expect(button(page, 'Arrange it')).toHaveCount(0);
  await expectGoodState(page, info, 'attendee-stand-ins-none');
});

/** What one is told, as the server tells it; and what this device wants to be told of. */

import { Office } from '../desk/cast.js';
import { expect, readSession, test } from '../harness/test.js';
import { addRooms } from '../organiser/cast.js';
import { button, expectSent, heading, openApp, openView, send, status } from './views.js';

const notice = (page, text) => page.getByRole('listitem').filter({ hasText: text });

/** What the server has of the device that is signed in. */
async function readDevice(page, site) {
  const { access_token: token } = await readSession(page);
  return (await site.ask('GET', '/v1/account/push', { token })).body;
}

test.describe('with the crowd', () => {
  test.use({ crowd: true });

  test('a room change stands in the inbox, before and after side by side, and is new until it is seen', async ({ page, site }) => {
    const office = await Office.open(site);
    const { blue } = await addRooms(office);
    const session = await office.find('sessions', 'the-internal-reality');
    await openApp(page, site, 'minister');
    await openView(page, `session/${session.id}`);
    await send(page, () => button(page, 'Star').click());
    await office.ask('POST', `/sessions/${session.id}/move`, { room: blue.id });
    await office.ask('POST', '/notices/held/send', {});
    await openView(page, 'inbox');
    const told = notice(page, 'The Internal Reality');
    await expect(told).toContainText('New');
    await expect(told.getByRole('definition').first()).toContainText('Punta Nueva York');
    await expect(told.getByRole('definition').last()).toContainText('Blue Room');
    await told.getByRole('link', { name: 'The Internal Reality' }).click();
    await expect(heading(page, 'The Internal Reality')).toBeVisible();
    await expect(page.getByText('Was: Punta Nueva York')).toBeVisible();
    await openView(page, 'inbox');
    await send(page, () => button(page, 'Mark all as seen').click());
    await expect.poll(async () => (await office.ask('GET', '/dispatches')).items.length).toBe(1);
    const { items } = await office.ask('GET', '/dispatches');
    const { items: people } = await office.ask('GET', `/dispatches/${items[0].id}/people?limit=500`);
    expect(people.find(({ name }) => name === 'Amalia Quispe').seen_at).toBeTruthy();
  });

  test('an announcement is acknowledged without a network, and corrected and withdrawn in the inbox', async ({ page, context, site }) => {
    const office = await Office.open(site);
    await openApp(page, site, 'minister');
    const { id } = await office.ask('POST', '/announcements', {
      texts: { en: { title: 'The shuttle runs later', text: 'It leaves at 9:30.' }, es: { title: 'El bus sale más tarde', text: 'Sale a las 9:30.' } },
      audience: { everybody: true },
      urgency: 'urgent',
      asks_acknowledgement: true,
    });
    await openView(page, 'inbox');
    const told = notice(page, 'The shuttle runs later');
    await expect(told).toContainText('It leaves at 9:30.');
    await context.setOffline(true);
    await told.getByRole('button', { name: 'I have understood' }).click();
    await expect(told).toContainText('Understood');
    await expect(status(page)).toContainText('not sent yet');
    await context.setOffline(false);
    await expectSent(page);
    const acknowledged = async () => (await office.ask('GET', `/dispatches/${id}`)).reach.acknowledged;
    await expect.poll(acknowledged).toBe(1);
    await office.ask('PATCH', `/announcements/${id}`, { texts: { en: { text: 'It leaves at 10:00.' } } });
    await expect(told).toContainText('It leaves at 10:00.');
    await expect(told).toContainText('New');
    await expect(told).toContainText('Correction');
    await expect(told.getByRole('button', { name: 'I have understood' })).toBeVisible();
    await office.ask('POST', `/announcements/${id}/withdraw`, {});
    await expect(page.getByText('Withdrawn', { exact: true })).toBeVisible();
    await expect(page.getByText('It leaves at 10:00.')).toHaveCount(0);
  });
});

test('quiet hours, kinds and the language are the device’s own, and the server keeps them', async ({ page, site }) => {
  await openApp(page, site, 'minister');
  await openView(page, 'settings');
  const panel = page.getByRole('region', { name: 'What this device is told of' });
  await panel.getByRole('combobox', { name: 'Sessions that run late' }).selectOption({ label: 'Not here' });
  await expect(panel.getByText('It is kept.')).toBeVisible();
  await panel.getByRole('combobox', { name: 'Announcements' }).selectOption({ label: 'Only that there is something' });
  await panel.getByRole('checkbox', { name: 'Quiet hours' }).check();
  await expect(panel.getByLabel('From')).toHaveValue('22:00');
  await panel.getByLabel('Until').fill('06:30');
  await panel.getByLabel('Until').blur();
  await panel.getByRole('combobox', { name: 'Language of notifications' }).selectOption({ label: 'Português' });
  await expect.poll(async () => (await readDevice(page, site)).preferences).toMatchObject({
    kinds: { late: 'off', announcement: 'wake_up' },
    quiet_hours: { from: '22:00', to: '06:30', time_zone: 'America/Santiago' },
    language: 'pt',
  });
  await page.reload();
  await expect(panel.getByRole('combobox', { name: 'Sessions that run late' })).toHaveValue('off');
  await expect(panel.getByLabel('Until')).toHaveValue('06:30');
  await panel.getByRole('checkbox', { name: 'Quiet hours' }).uncheck();
  await expect.poll(async () => (await readDevice(page, site)).preferences.quiet_hours).toBeUndefined();
});

test.describe('far from the event', () => {
  test.use({ timezoneId: 'Europe/Madrid' });

  test('the person’s own time zone is chosen beside the language, and the server keeps it', async ({ page, site }) => {
    await openApp(page, site, 'minister');
    await openView(page, 'settings');
    const zone = page.getByRole('combobox', { name: 'My time zone' });
    await expect(zone).toHaveValue('');
    await expect(zone).toHaveAccessibleDescription(/where its clocks show another time/);
    await zone.selectOption({ label: 'As this device (Europe/Madrid)' });
    await expect(page.getByText('It is kept.')).toBeVisible();
    expect((await readDevice(page, site)).preferences.time_zone).toBe('Europe/Madrid');
    await page.reload();
    await expect(zone).toHaveValue('Europe/Madrid');
    await zone.selectOption({ label: 'Asia/Tokyo' });
    await expect.poll(async () => (await readDevice(page, site)).preferences.time_zone).toBe('Asia/Tokyo');
    await zone.selectOption({ label: 'Only the event’s' });
    await expect.poll(async () => (await readDevice(page, site)).preferences.time_zone).toBeUndefined();
  });
});

test('what cannot be kept without a network is said, and stays as it was', async ({ page, context, site }) => {
  await openApp(page, site, 'minister');
  await openView(page, 'settings');
  const panel = page.getByRole('region', { name: 'What this device is told of' });
  await expect(panel).toBeVisible();
  await context.setOffline(true);
  await panel.getByRole('combobox', { name: 'Announcements' }).selectOption({ label: 'Not here' });
  await expect(panel.getByText('This needs a connection.')).toBeVisible();
  await context.setOffline(false);
  expect((await readDevice(page, site)).preferences.kinds ?? {}).toEqual({});
});

/** The phone's newer views in the states that they can be in: full, empty, without a network, and while something is written. */

import { Office } from '../desk/cast.js';
import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { openApp, openView } from './views.js';

const TEXTS = {
  en: { title: 'The welcome reception is in the garden of the Club de la Unión', text: 'Please take the stairs on the left.\nThe lift is out of order.' },
  es: { title: 'La recepción de bienvenida es en el jardín', text: 'Por favor use la escalera de la izquierda.' },
};

test.describe('with the crowd', () => {
  test.use({ crowd: true });

  test('an inbox with what changed, what is asked and what was withdrawn is accessible, with the network and without', async ({ page, context, site }, info) => {
    test.setTimeout(180_000);
    const office = await Office.open(site);
    const session = await office.find('sessions', 'the-internal-reality');
    await openApp(page, site, 'minister');
    await openView(page, `session/${session.id}`);
    await page.getByRole('button', { name: 'Star', exact: true }).click();
    await expect(page.locator('.status')).not.toContainText('not sent yet');
    await office.ask('POST', `/sessions/${session.id}/move`, { starts_at: '2018-11-26T22:00:00.000Z' });
    await office.ask('POST', '/notices/held/send', {});
    await office.ask('POST', '/announcements', { texts: TEXTS, audience: { everybody: true }, urgency: 'urgent', asks_acknowledgement: true });
    const { id } = await office.ask('POST', '/announcements', { texts: TEXTS, audience: { everybody: true } });
    await openView(page, 'inbox');
    await expect(page.getByRole('listitem').filter({ hasText: 'The welcome reception' })).toHaveCount(2);
    await office.ask('POST', `/announcements/${id}/withdraw`, {});
    await expect(page.getByText('Withdrawn', { exact: true })).toBeVisible();
    await expectGoodState(page, info, 'attendee-inbox-full');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'I have understood' }).click();
    await expect(page.locator('.status')).toContainText('not sent yet');
    await expectGoodState(page, info, 'attendee-inbox-offline');
  });
});

test('an empty inbox says so', async ({ page, site }, info) => {
  await openApp(page, site, 'participant');
  await openView(page, 'inbox');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expectGoodState(page, info, 'attendee-inbox-empty');
});

test('declining and passing on are accessible while they are written', async ({ page, site }, info) => {
  test.setTimeout(120_000);
  const office = await Office.open(site);
  const session = await office.find('sessions', 'the-internal-reality');
  await openApp(page, site, 'participant');
  const attendees = (await office.ask('GET', '/attendees?limit=100')).items;
  const attendee = attendees.find(({ name }) => name === site.person('participant').name).id;
  await office.ask('POST', '/invitations', { attendee, collection: 'sessions', object: session.id });
  await openView(page, `session/${session.id}`);
  await page.locator('summary', { hasText: 'Decline' }).click();
  await page.getByRole('textbox', { name: /word/i }).fill('I fly home at noon.');
  await expectGoodState(page, info, 'attendee-decline');
  await page.locator('details', { has: page.locator('input[type=email]') }).locator('summary').click();
  await expectGoodState(page, info, 'attendee-delegate');
});

test('settings that need the server say so without a network', async ({ page, context, site }, info) => {
  test.setTimeout(120_000);
  await openApp(page, site, 'minister');
  await openView(page, 'settings');
  const told = page.getByRole('region', { name: 'What this device is told of' });
  await told.getByRole('checkbox', { name: 'Quiet hours' }).check();
  await expectGoodState(page, info, 'attendee-settings-quiet');
  await context.setOffline(true);
  await told.getByRole('combobox', { name: 'My time zone' }).selectOption({ label: 'Asia/Tokyo' });
  await expect(told.getByText('This needs a connection.')).toBeVisible();
  await expectGoodState(page, info, 'attendee-settings-offline');
});

test('an event that is not there leads to those that are, and is not remembered', async ({ page }, info) => {
  await page.goto('/?event=rubbish');
  await expect(page.getByText('This event is not there any more, or not for you.')).toBeVisible();
  await expectGoodState(page, info, 'attendee-no-event');
  await page.getByRole('link', { name: 'Choose an event' }).click();
  await expect(page.getByRole('link', { name: /10th Citizen Security Week/ })).toBeVisible();
  await page.goto('/');
  await expect(page.getByText('This event is not there any more')).toBeHidden();
  await expect(page.getByText('10th Citizen Security Week').first()).toBeVisible();
});

/** What a desk does for a guest's invitations, and for what is odd about scans. */

import { expect, expectAccessible, test } from '../harness/test.js';
import { enrol, Office, typedField, useTwice } from './cast.js';

const DESK = /Registration desk at the conference center/;

const invitations = (page) => page.getByRole('region', { name: 'Invitations' });

/** Ana Rojas, who is invited to a session of the evening. */
async function invite(office) {
  const ana = await office.register('Ana Rojas');
  const session = await office.find('sessions', 'the-internal-reality');
  await office.ask('PATCH', `/sessions/${session.id}`, { admission: { policy: 'by_invitation', visibility: 'listed' } });
  await office.ask('POST', '/invitations', { attendee: ana.attendee, collection: 'sessions', object: session.id });
  return async () => (await office.ask('GET', `/invitations?object=${session.id}`)).items[0];
}

async function look(page, typed) {
  await typedField(page).fill(typed);
  await page.getByRole('button', { name: 'More', exact: true }).click();
}

test('a guest’s answer is given at the desk without a network, and declined with a word', async ({ page, context, site }) => {
  const office = await Office.open(site);
  const find = await invite(office);
  await enrol(page, office, { place: DESK });
  await look(page, 'rojas');
  await expect(invitations(page)).toContainText('The Internal Reality');
  await expect(invitations(page)).toContainText('No answer');
  await context.setOffline(true);
  await invitations(page).getByRole('button', { name: 'Accept: The Internal Reality' }).click();
  await expect(invitations(page)).toContainText('Accepted');
  await expect(invitations(page)).toContainText('to hand in');
  await context.setOffline(false);
  await expect.poll(async () => (await find()).answer).toBe('accepted');
  await expect(invitations(page)).not.toContainText('to hand in');
  // By the keyboard alone.
  await invitations(page).getByRole('button', { name: 'Decline: The Internal Reality' }).focus();
  await page.keyboard.press('Enter');
  await expect(invitations(page).getByRole('textbox', { name: 'A word to the hosts' })).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.type('Flies home at noon');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await find()).answer).toBe('declined');
  expect((await find()).word).toBe('Flies home at noon');
  await expect(invitations(page)).toContainText('Declined');
});

test('what was answered at the desk too late is refused in words', async ({ page, context, site }) => {
  const office = await Office.open(site);
  const find = await invite(office);
  await enrol(page, office, { place: DESK });
  await look(page, 'rojas');
  await context.setOffline(true);
  await invitations(page).getByRole('button', { name: 'Accept: The Internal Reality' }).click();
  await expect(invitations(page)).toContainText('to hand in');
  await office.ask('POST', `/invitations/${(await find()).id}/withdraw`, {});
  await context.setOffline(false);
  await expect(page.getByRole('alert', { name: 'The server refused' })).toContainText('the answer to an invitation');
  await expect(invitations(page)).toHaveCount(0);
});

test('a desk lead’s device settles what is odd, with a word on how', async ({ page, context, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  const door = await office.guard('Dinner', { rule: 'once' });
  await enrol(page, office, { place: /Dinner/, is_lead: true });
  await useTwice(page, context, office, { door, badge: ana.badge });
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /Incidents/ }).click();
  const odd = page.getByRole('listitem').filter({ hasText: 'Let in more often than allowed' });
  await expect(odd).toContainText('Open');
  await context.setOffline(true);
  await odd.getByRole('textbox', { name: 'How it was settled' }).fill('She had left her coat outside');
  await page.keyboard.press('Enter');
  await expect(odd).toContainText('Settled');
  await expect(odd).toContainText('to hand in');
  await expectAccessible(page);
  await context.setOffline(false);
  await expect.poll(async () => (await office.ask('GET', '/incidents?state=resolved')).items[0]?.note).toBe('She had left her coat outside');
  await expect(odd).not.toContainText('to hand in');
});

test('another desk sees what is odd, and who settles it', async ({ page, context, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  const door = await office.guard('Dinner', { rule: 'once' });
  await enrol(page, office, { place: /Dinner/ });
  await useTwice(page, context, office, { door, badge: ana.badge });
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /Incidents/ }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Let in more often than allowed' })).toContainText('Open');
  await expect(page.getByText('A desk lead or an organiser settles them.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'How it was settled' })).toHaveCount(0);
});

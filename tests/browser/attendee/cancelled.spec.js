/** What is cancelled as a whole: a part of the event, or all of it. */

import { Office } from '../desk/cast.js';
import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { heading, openApp, openView } from './views.js';

const CLINIC = 'Intensive Citizen Security Clinic';

/** Cancels something of the programme. */
async function cancel(office, collection, slug) {
  const { id } = await office.find(collection, slug);
  await office.ask('POST', `/${collection}/${id}/cancel`, {});
}

/** The sessions of the clinic that a day's list shows, and how many of them say that they are cancelled. */
async function countCancelled(page) {
  const sessions = page.locator('.session');
  return [await sessions.count(), await sessions.filter({ hasText: 'Cancelled' }).count()];
}

test('a part that is cancelled takes its sessions along, on every view', async ({ page, site }, info) => {
  const office = await Office.open(site);
  await openApp(page, site, 'minister');
  await openView(page, 'programme?day=2018-11-28&by=part');
  const clinic = page.getByRole('region', { name: CLINIC });
  const all = await clinic.locator('.session').count();
  expect(all).toBeGreaterThan(3);
  await cancel(office, 'parts', 'intensive-clinic');
  await expect(clinic.locator('.session.is-cancelled')).toHaveCount(all);
  await expect(clinic.getByRole('heading', { level: 2 })).toContainText('Cancelled');
  await expectGoodState(page, info, 'attendee-part-cancelled');
  await openView(page, 'week');
  await expect(page.locator('.week .is-cancelled').first()).toContainText('Cancelled');
  await openView(page, 'print?day=2018-11-28&of=all');
  await expect(page.getByRole('row').filter({ hasText: '(Cancelled)' }).first()).toBeVisible();
  await openView(page, 'programme?day=2018-11-28');
  await page.locator('.session.is-cancelled .row').first().click();
  await expect(page.locator('.detail header').getByText('Cancelled')).toBeVisible();
  await expect(page.locator('.facts').getByText(CLINIC)).toContainText('Cancelled');
});

test('what is cancelled with its part is neither on nor next, asks for no seat, and may come back', async ({ page, site }) => {
  const office = await Office.open(site);
  const { id: visit } = await office.find('sessions', 'visit-achm');
  await openApp(page, site, 'minister');
  await cancel(office, 'parts', 'intensive-clinic');
  await openView(page, `session/${visit}`);
  await expect(page.locator('.detail header').getByText('Cancelled')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Ask for a seat' })).toHaveCount(0);
  const { id: part } = await office.find('parts', 'intensive-clinic');
  await office.ask('POST', `/parts/${part}/restore`, {});
  await expect(page.locator('.detail header').getByText('Cancelled')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Ask for a seat' })).toBeVisible();
});

test('an event that is cancelled says so everywhere, and nothing of it is on', async ({ page, site }, info) => {
  await site.advance(75 * 60_000);
  const office = await Office.open(site);
  await openApp(page, site, 'minister');
  await expect(page.getByRole('region', { name: 'Now' }).getByRole('link', { name: 'Opening of Security Week 2018' })).toBeVisible();
  await office.ask('POST', '/cancel', {});
  await expect(page.getByText('This event is cancelled.')).toBeVisible();
  await expect(page.getByText('Nothing is on at this moment.')).toBeVisible();
  await expectGoodState(page, info, 'attendee-event-cancelled');
  await openView(page, 'programme?day=2018-11-26');
  await expect(heading(page, 'Programme')).toBeVisible();
  const [all, cancelled] = await countCancelled(page);
  expect(all).toBeGreaterThan(3);
  expect(cancelled).toBe(all);
  await openView(page, 'events');
  await expect(page.getByRole('link', { name: /10th Citizen Security Week/ }).filter({ hasText: 'Cancelled' })).toBeVisible();
});

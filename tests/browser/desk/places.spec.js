/** What a desk says of where it stands: the day, what is cancelled, who looks on, and which desk it becomes. */

import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { answer, enrol, enrolButton, Office, scan } from './cast.js';

const DESK = /Registration desk at the conference center/;
const BUS = /Bus to AChM/;

const word = (page, text) => expect(answer(page).locator('.word')).toHaveText(text);

test('a link of enrolment that is opened in the tab of a desk is taken, and leaves the address', async ({ page, site }) => {
  const office = await Office.open(site);
  await enrol(page, office, { place: DESK });
  await word(page, 'Ready');
  const { link } = await office.offer('full', { name: 'Desk 2' });
  const before = await page.evaluate(() => history.length);
  await page.evaluate((hash) => location.assign(`#${hash}`), link.split('#')[1]);
  await expect(page.getByText('This device is enrolled as')).toBeVisible();
  await expect(page).toHaveURL(/\/desk$/);
  await enrolButton(page).click();
  await page.getByRole('button', { name: DESK }).click();
  await word(page, 'Ready');
  await expect.poll(async () => (await office.ask('GET', '/enrolments')).items.filter(({ device }) => device).length).toBe(2);
  // Nobody comes to the secret by the way back.
  expect(await page.evaluate(() => history.length)).toBe(before + 1);
  await page.goBack();
  expect(page.url()).not.toContain('#');
});

test('a checkpoint of another day says the day, and so does who comes too early', async ({ page, site }, info) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await enrol(page, office, { place: BUS });
  await expect(answer(page).locator('.on-now')).toContainText(/Fri,? 30 Nov,? \d+:\d\d – \d+:\d\d/);
  await expectGoodState(page, info, 'desk-other-day');
  await scan(page, ana.badge);
  await word(page, 'NO');
  await page.getByRole('button', { name: BUS }).click();
  await page.getByRole('button', { name: /Monday's lunch/ }).click();
  await expect(answer(page).locator('.on-now')).toContainText(/Lunch.*, \d+:\d\d – \d+:\d\d/);
  await expect(answer(page).locator('.on-now')).not.toContainText('Nov');
});

test('a door of a part that is cancelled says so, and lets nobody in', async ({ page, site }, info) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await enrol(page, office, { place: /Clinic, main entrance/ });
  await expect(answer(page).locator('.on-now')).toBeVisible();
  const { id } = await office.find('parts', 'intensive-clinic');
  await office.ask('POST', `/parts/${id}/cancel`, {});
  await expect(answer(page).locator('.on-now')).toContainText('cancelled');
  await expectGoodState(page, info, 'desk-part-cancelled');
  await scan(page, ana.badge);
  await word(page, 'NO');
  await office.ask('POST', '/cancel', {});
  await expect(page.getByText('This event is cancelled.')).toBeVisible();
});

test('where ministers look on, who may not come in is told so without a loud word or colour', async ({ page, site }, info) => {
  // The session begins at 18:00.
  await site.advance(9.9 * 3_600_000);
  const office = await Office.open(site);
  const [ana, eva] = [await office.register('Ana Rojas', { category: 'ministers' }), await office.register('Eva Lagos')];
  const session = await office.find('sessions', 'the-internal-reality');
  await office.ask('PATCH', `/sessions/${session.id}`, { admission: { policy: 'by_invitation', visibility: 'listed' } });
  await office.ask('POST', '/invitations', { attendee: ana.attendee, collection: 'sessions', object: session.id });
  await enrol(page, office, { profile: 'protocol', session: session.id, name: "The minister's door" });
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Scan' }).click();
  const panel = answer(page).locator('.panel');
  const ground = () => panel.evaluate((one) => getComputedStyle(one).backgroundColor);
  const quiet = await ground();
  await scan(page, eva.badge);
  await word(page, 'One moment');
  await expect(answer(page)).toContainText('Send to the registration desk.');
  expect(await ground()).toBe(quiet);
  // At two metres a capital of 8 mm is read without effort: 30 px on a laptop.
  expect(await answer(page).locator('.word').evaluate((one) => Number.parseFloat(getComputedStyle(one).fontSize))).toBeGreaterThan(43);
  await scan(page, ana.badge);
  await word(page, 'YES');
  expect(await ground()).toBe(quiet);
  await expectGoodState(page, info, 'desk-discreet-yes');
  await scan(page, eva.badge);
  await word(page, 'One moment');
  await expectGoodState(page, info, 'desk-discreet-no');
});

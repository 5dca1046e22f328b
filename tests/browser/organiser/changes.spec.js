/** The changes of the day: few taps, and nothing is sent before one has seen what follows. */

import { Office } from '../desk/cast.js';
import { expectGoodState } from '../harness/appearance.js';
import { expect, expectKept, test } from '../harness/test.js';
import { addRooms, dialog, note, openAsOrganiser, sessionRow, tabTo } from './cast.js';

/** 17:00, an hour before The Internal Reality. */
const AFTERNOON = 9 * 3_600_000;

/** Counts what is tapped. */
function taps() {
  let count = 0;
  return {
    tap: async (target) => {
      await target.click();
      count += 1;
    },
    get count() {
      return count;
    },
  };
}

test('a session is moved to another room in four taps', async ({ page, site }) => {
  await site.advance(AFTERNOON);
  const office = await Office.open(site);
  const { blue } = await addRooms(office);
  await openAsOrganiser(page, site);
  const finger = taps();
  await finger.tap(sessionRow(page, /The Internal Reality/));
  await finger.tap(dialog(page).getByRole('button', { name: 'Another room' }));
  await finger.tap(dialog(page).getByRole('button', { name: /Blue Room/ }));
  await expect(dialog(page).getByText('Nothing collides.')).toBeVisible();
  await expect(dialog(page).getByText(/It concerns 6 people in it/)).toBeVisible();
  await expect(dialog(page).getByText('Room: Punta Nueva York → Blue Room')).toBeVisible();
  const told = dialog(page).locator('.would-tell');
  await told.getByText(/told at once/).click();
  await expect(told).toContainText('New room: The Internal Reality');
  await expect(told).toContainText('Cambio de sala: The Internal Reality');
  expect((await office.find('sessions', 'the-internal-reality')).room).not.toBe(blue.id);
  await finger.tap(dialog(page).getByRole('button', { name: 'Do it and tell them' }));
  await expect(note(page)).toHaveText('The Internal Reality is now: Blue Room.');
  await expect(sessionRow(page, /The Internal Reality/)).toContainText('Blue Room');
  await expect(sessionRow(page, /The Internal Reality/)).toBeFocused();
  expect(finger.count).toBe(4);
  expect((await office.find('sessions', 'the-internal-reality')).room).toBe(blue.id);
});

test('a room that is taken says so before and in the preview', async ({ page, site }) => {
  await site.advance(AFTERNOON);
  const office = await Office.open(site);
  const { library } = await addRooms(office);
  const reception = await office.find('sessions', 'welcome-reception');
  const other = reception ?? (await office.ask('GET', '/sessions?limit=500')).items.find(({ slug }) => slug.includes('reception'));
  await office.ask('PATCH', `/sessions/${other.id}`, { room: library.id, starts_at: '2018-11-26T21:30:00.000Z' });
  await openAsOrganiser(page, site);
  await sessionRow(page, /The Internal Reality/).click();
  await dialog(page).getByRole('button', { name: 'Another room' }).click();
  const room = dialog(page).getByRole('button', { name: /Library/ });
  await expect(room).toContainText('taken:');
  await room.click();
  await expect(dialog(page).getByText('The room is taken.')).toBeVisible();
  await expect(dialog(page).getByRole('button', { name: 'Do it all the same' })).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Back' }).click();
  await dialog(page).getByRole('button', { name: 'Close', exact: true }).click();
  expect((await office.find('sessions', 'the-internal-reality')).room).not.toBe(library.id);
});

test('a room is closed, and its sessions find another, in four taps at most', async ({ page, site }) => {
  await site.advance(AFTERNOON);
  const office = await Office.open(site);
  const { blue } = await addRooms(office);
  await openAsOrganiser(page, site);
  const finger = taps();
  await finger.tap(page.getByRole('region', { name: 'Rooms' }).getByRole('button', { name: /Punta Nueva York/ }));
  await expect(dialog(page).getByText('2 sessions must go elsewhere:')).toBeVisible();
  await expect(dialog(page).getByRole('combobox', { name: /The Internal Reality/ })).toHaveValue(blue.id);
  await finger.tap(dialog(page).getByRole('button', { name: 'See what follows' }));
  await expect(dialog(page).getByText(/2 sessions change|1 session changes/)).toBeVisible();
  await finger.tap(dialog(page).getByRole('button', { name: /Do it/ }));
  await expect(note(page)).toHaveText('Punta Nueva York is closed.');
  expect(finger.count).toBeLessThanOrEqual(4);
  expect((await office.find('sessions', 'the-internal-reality')).room).toBe(blue.id);
  const { closures } = await office.find('rooms', 'punta-nueva-york');
  expect(closures).toHaveLength(1);
});

test('everything that has not begun moves by 25 minutes, in four taps at most', async ({ page, site }) => {
  await site.advance(AFTERNOON);
  const office = await Office.open(site);
  await openAsOrganiser(page, site);
  const finger = taps();
  await finger.tap(page.getByRole('button', { name: 'Everything later …' }));
  await finger.tap(dialog(page).getByRole('button', { name: '+25' }));
  await expect(dialog(page).getByText(/sessions change/)).toBeVisible();
  await expect(dialog(page).getByText('Begins: 18:00 → 18:25')).toBeVisible();
  await finger.tap(dialog(page).getByRole('button', { name: /Do it/ }));
  await expect(note(page)).toHaveText('Everything is 25 minutes later.');
  await expect(sessionRow(page, /The Internal Reality/)).toContainText('18:25');
  expect(finger.count).toBeLessThanOrEqual(4);
  expect((await office.find('sessions', 'the-internal-reality')).starts_at).toBe('2018-11-26T21:25:00.000Z');
});

test('a session that runs late says so at once', async ({ page, site }) => {
  await site.advance(AFTERNOON);
  const office = await Office.open(site);
  await openAsOrganiser(page, site);
  await sessionRow(page, /The Internal Reality/).click();
  await dialog(page).getByRole('button', { name: '+15' }).click();
  await dialog(page).getByRole('button', { name: /Do it/ }).click();
  await expect(note(page)).toHaveText('The delay is published.');
  await expect(sessionRow(page, /The Internal Reality/)).toContainText('+15');
  expect((await office.find('sessions', 'the-internal-reality')).progress).toMatchObject({ minutes_late: 15 });
});

test('without a network nothing is changed, and the board still says what is on', async ({ context, page, site }) => {
  test.slow();
  await site.advance(AFTERNOON);
  const office = await Office.open(site);
  await addRooms(office);
  await openAsOrganiser(page, site);
  await expect(sessionRow(page, /The Internal Reality/)).toBeVisible();
  await expectKept(page, '/organiser');
  await context.setOffline(true);
  await page.reload();
  await expect(sessionRow(page, /The Internal Reality/)).toBeVisible();
  await sessionRow(page, /The Internal Reality/).click();
  await dialog(page).getByRole('button', { name: 'Another room' }).click();
  await dialog(page).getByRole('button', { name: /Blue Room/ }).click();
  await expect(dialog(page).getByText('There is no connection to the server.')).toBeVisible();
});

test('the keyboard alone is enough to move a session', async ({ page, site }) => {
  await site.advance(AFTERNOON);
  const office = await Office.open(site);
  const { blue } = await addRooms(office);
  await openAsOrganiser(page, site);
  await sessionRow(page, /The Internal Reality/).focus();
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByRole('heading', { name: 'The Internal Reality' })).toBeVisible();
  await tabTo(page, dialog(page).getByRole('button', { name: 'Another room' }));
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByRole('button', { name: /Blue Room/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByRole('button', { name: 'Do it and tell them' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(note(page)).toHaveText('The Internal Reality is now: Blue Room.');
  expect((await office.find('sessions', 'the-internal-reality')).room).toBe(blue.id);
});

test('the day of the grid that is shown stands in view among the days of a phone', async ({ page, site }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openAsOrganiser(page, site);
  await page.goto('/organiser#/programme?day=2018-11-30');
  await expect(page.getByRole('link', { name: 'Fri 30 Nov' })).toBeInViewport({ ratio: 1 });
});

test('the grid moves a session by keyboard and by pointer', async ({ page, site }) => {
  const office = await Office.open(site);
  const { blue, library } = await addRooms(office);
  await page.setViewportSize({ width: 1440, height: 900 });
  await openAsOrganiser(page, site);
  await page.getByRole('link', { name: 'Programme' }).click();
  const entry = page.getByRole('button', { name: /^The Internal Reality,/ });
  await entry.focus();
  const columns = await page.getByRole('columnheader').allInnerTexts();
  const at = columns.findIndex((text) => text.startsWith('Punta Nueva York'));
  const steps = columns.findIndex((text) => text.startsWith('Blue Room')) - at;
  await page.keyboard.press('Space');
  await expect(entry).toHaveAttribute('aria-pressed', 'true');
  for (let step = 0; step < Math.abs(steps); step += 1) await page.keyboard.press(steps > 0 ? 'ArrowRight' : 'ArrowLeft');
  await expect(page.locator('td.target')).toBeVisible();
  await page.keyboard.press('Space');
  await expect(dialog(page).getByText('Room: Punta Nueva York → Blue Room')).toBeVisible();
  await dialog(page).getByRole('button', { name: /Do it/ }).click();
  await expect.poll(async () => (await office.find('sessions', 'the-internal-reality')).room).toBe(blue.id);
  const column = (await page.getByRole('columnheader').allInnerTexts()).findIndex((text) => text.startsWith('Library'));
  const cell = page.locator('tbody tr', { has: page.getByRole('rowheader', { name: '18:00' }) }).locator(`:nth-child(${column + 1})`);
  await expect(entry).toHaveAccessibleName(/Blue Room/);
  await entry.dragTo(cell.first());
  await expect(dialog(page).getByText('Room: Blue Room → Library')).toBeVisible();
  await dialog(page).getByRole('button', { name: /Do it/ }).click();
  await expect.poll(async () => (await office.find('sessions', 'the-internal-reality')).room).toBe(library.id);
});

test('a session is cancelled by the keyboard and takes place after all, with what it means said before', async ({ page, site }, info) => {
  await site.advance(AFTERNOON);
  const office = await Office.open(site);
  await openAsOrganiser(page, site);
  const row = sessionRow(page, /The Internal Reality/);
  await row.focus();
  await page.keyboard.press('Enter');
  await tabTo(page, dialog(page).getByRole('button', { name: 'Cancel the session …' }));
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByRole('heading', { name: 'Cancel: The Internal Reality' })).toBeVisible();
  await expect(dialog(page).getByText('It stays in the programme, and says that it does not take place.')).toBeVisible();
  await expect(dialog(page).getByText(/It concerns 6 people in it/)).toBeVisible();
  await expect(dialog(page).getByText('State: Takes place → Cancelled')).toBeVisible();
  await expectGoodState(page, info, 'organiser-cancel');
  expect((await office.find('sessions', 'the-internal-reality')).state).toBe('published');
  await expect(dialog(page).getByRole('button', { name: 'Do it and tell them' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(note(page)).toHaveText('The Internal Reality is cancelled.');
  await expect(row).toContainText('Cancelled');
  expect((await office.find('sessions', 'the-internal-reality')).state).toBe('cancelled');
  await row.click();
  await expect(dialog(page).getByRole('button', { name: 'Another room' })).toBeHidden();
  await dialog(page).getByRole('button', { name: 'Let it take place after all …' }).click();
  await expect(dialog(page).getByText('It takes place where and when it was planned.')).toBeVisible();
  await dialog(page).getByRole('button', { name: /Do it/ }).click();
  await expect(note(page)).toHaveText('The Internal Reality takes place after all.');
  expect((await office.find('sessions', 'the-internal-reality')).state).toBe('published');
});

test('a room is closed from one time to another, and opens again', async ({ page, site }, info) => {
  await site.advance(AFTERNOON);
  const office = await Office.open(site);
  await addRooms(office);
  await openAsOrganiser(page, site);
  const room = page.getByRole('region', { name: 'Rooms' }).getByRole('button', { name: /Punta Nueva York/ });
  await room.click();
  await dialog(page).getByRole('group', { name: 'Closed from' }).getByRole('button', { name: 'a time …' }).click();
  await dialog(page).getByLabel('Closed from').and(page.locator('input')).fill('2018-11-26T17:15');
  await dialog(page).getByRole('group', { name: 'Closed until' }).getByRole('button', { name: 'a time …' }).click();
  const until = dialog(page).getByLabel('Closed until').and(page.locator('input'));
  await until.fill('2018-11-26T17:00');
  await dialog(page).getByRole('button', { name: 'See what follows' }).click();
  await expect(dialog(page).getByRole('alert')).toHaveText('The end must be later than the beginning, and than now.');
  await expect(until).toBeFocused();
  await until.fill('2018-11-26T17:45');
  await until.press('Tab');
  await expect(dialog(page).getByText('Nothing takes place there')).toBeVisible();
  await expectGoodState(page, info, 'organiser-close');
  await dialog(page).getByRole('button', { name: 'See what follows' }).click();
  await expect(dialog(page).getByText('Nothing collides.')).toBeVisible();
  await expect(dialog(page).getByText(/session.* changes?/)).toBeHidden();
  await dialog(page).getByRole('button', { name: /Do it/ }).click();
  await expect(note(page)).toHaveText('Punta Nueva York will be closed.');
  await expect(room).toContainText('Closed 17:15 – 17:45');
  expect((await office.find('rooms', 'punta-nueva-york')).closures).toEqual([{ from: '2018-11-26T20:15:00.000Z', to: '2018-11-26T20:45:00.000Z' }]);
  await room.click();
  await dialog(page).getByRole('button', { name: 'Open again …' }).click();
  await expect(dialog(page).getByText('Sessions that went elsewhere stay there.')).toBeVisible();
  await dialog(page).getByRole('button', { name: /Do it/ }).click();
  await expect(note(page)).toHaveText('Punta Nueva York is open again.');
  await expect(room).toContainText('Close …');
  expect((await office.find('rooms', 'punta-nueva-york')).closures ?? []).toEqual([]);
});

/** What the desk answers, how it is read, and that no scan is lost. */

import { expect, expectKept, test } from '../harness/test.js';
import { answer, enrol, lastScans, Office, scan, typedField } from './cast.js';

const DESK = /Registration desk at the conference center/;
const DINNER = /Dinner/;

const word = (page, text) => expect(answer(page).locator('.word')).toHaveText(text);

test('a badge is read by a scanner that types, and the server has the scan', async ({ page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas Peña', { details: { organisation: 'Ministry of Justice' } });
  await enrol(page, office, { place: DESK });
  await word(page, 'Ready');
  await scan(page, ana.badge);
  await word(page, 'YES');
  await expect(answer(page)).toContainText('Ana Rojas Peña');
  await expect(answer(page)).toContainText('Ministry of Justice');
  await expect(answer(page)).toContainText('Let in.');
  await expect(page.getByText('All handed in')).toBeVisible();
  await expect.poll(() => office.listScans()).toHaveLength(1);
  const [kept] = await office.listScans();
  expect(kept).toContain('Ana Rojas Peña');
  expect(kept).toContain(',yes,admitted,');
});

test('what is no badge of the event is refused, and kept without what it said', async ({ page, site }) => {
  const office = await Office.open(site);
  await enrol(page, office, { place: DESK });
  await scan(page, 'https://example.org/menu');
  await word(page, 'NO');
  await expect(answer(page)).toContainText('This code is not a known badge.');
  await expect(answer(page)).toContainText('Look the person up by name.');
  await expect.poll(() => office.listScans()).toHaveLength(1);
  expect((await office.listScans())[0]).not.toContain('example.org');
});

test('who may enter once is refused a second time, until the first is undone', async ({ page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await office.guard('Dinner', { rule: 'once' });
  await enrol(page, office, { place: DINNER });
  await scan(page, ana.badge);
  await word(page, 'YES');
  await scan(page, ana.badge);
  await word(page, 'NO');
  await expect(answer(page)).toContainText('Already used: one entry only.');
  await expect(answer(page)).toContainText(/First: 08:0\d, Dinner/);
  await expect(lastScans(page)).toHaveCount(2);
  await lastScans(page).nth(1).getByRole('button', { name: 'Undo: Ana Rojas' }).click();
  await expect(lastScans(page).nth(1)).toContainText('Taken back');
  await scan(page, ana.badge);
  await word(page, 'YES');
  await expect.poll(() => office.listScans()).toHaveLength(4);
});

test('somebody is let in against the verdict with a reason, which is kept', async ({ page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await office.guard('Dinner', { rule: 'once' });
  await enrol(page, office, { place: DINNER });
  await scan(page, ana.badge);
  await word(page, 'YES');
  await scan(page, ana.badge);
  await word(page, 'NO');
  await answer(page).getByRole('button', { name: 'Let in all the same' }).click();
  const dialog = page.getByRole('dialog', { name: 'Let in all the same?' });
  await dialog.getByRole('button', { name: 'Let in all the same' }).click();
  await expect(dialog.getByText('Say why in a word.')).toBeVisible();
  await dialog.getByRole('button', { name: 'The person in charge decided' }).click();
  await word(page, 'YES');
  await expect(answer(page)).toContainText('Already used: one entry only.');
  await expect.poll(async () => (await office.listScans()).join('\n')).toContain('The person in charge decided');
});

test('a person without a badge is found by name, and checked in', async ({ page, site }) => {
  const office = await Office.open(site);
  await office.register('José Ángel Muñoz-Peña');
  await office.register('Ana González');
  await office.register('Łukasz Sørensen');
  await enrol(page, office, { place: DESK });
  const found = page.locator('.input .row');
  for (const typed of ['munoz jose', 'PEÑA', 'angel mu', 'muños']) {
    await typedField(page).fill(typed);
    await expect(found).toHaveCount(1);
    await expect(found).toContainText('José Ángel Muñoz-Peña');
  }
  await typedField(page).fill('lukasz sorensen');
  await expect(found).toHaveCount(1);
  await typedField(page).fill('nobody at all');
  await expect(page.getByText('Nobody is called so.')).toBeVisible();
  await typedField(page).fill('gonzales');
  await found.getByRole('button', { name: 'Check in' }).click();
  await word(page, 'YES');
  await expect(answer(page)).toContainText('Ana González');
  await expect(typedField(page)).toHaveValue('');
  await expect.poll(async () => (await office.listScans()).join()).toContain('Found by name');
});

test('without a network the desk goes on after a reload too, and hands everything in afterwards', async ({
  context,
  page,
  site,
}) => {
  test.slow();
  const office = await Office.open(site);
  const people = [await office.register('Ana Rojas'), await office.register('Eva Lagos')];
  await enrol(page, office, { place: DESK });
  await word(page, 'Ready');
  await expectKept(page, '/desk');
  await context.setOffline(true);
  await page.reload();
  await word(page, 'Ready');
  for (const { badge, name } of people) {
    await scan(page, badge);
    await expect(answer(page)).toContainText(name);
  }
  await expect(page.getByText('Offline')).toBeVisible();
  await expect(page.getByText('2 scans to hand in')).toBeVisible();
  expect(await office.listScans()).toHaveLength(0);
  await page.close();
  await context.setOffline(false);
  const later = await context.newPage();
  await later.goto('/desk');
  await expect(later.getByText('All handed in')).toBeVisible();
  await expect(lastScans(later)).toHaveCount(2);
  await expect.poll(() => office.listScans()).toHaveLength(2);
});

test('a door knows no names but those of the badges that it is shown', async ({ page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Anastasia Rojas');
  await enrol(page, office, { profile: 'door', place: /Clinic, main entrance/ });
  await word(page, 'Ready');
  const kept = () =>
    page.evaluate(async () => {
      const texts = [];
      for (const { name } of await indexedDB.databases()) {
        const database = await new Promise((resolve) => {
          indexedDB.open(name).onsuccess = ({ target }) => resolve(target.result);
        });
        for (const store of database.objectStoreNames) {
          const request = database.transaction(store).objectStore(store).getAll();
          texts.push(JSON.stringify(await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)))));
        }
        database.close();
      }
      return texts.join();
    });
  await scan(page, ana.badge);
  await expect(answer(page)).toContainText('Anastasia Rojas');
  await expect(page.getByText('All handed in')).toBeVisible();
  const held = await kept();
  expect(held).toContain('door_guests');
  expect(held).not.toContain('Anastasia');
});

test('the few guests of a session are received by name and one tap, without a sound', async ({ page, site }) => {
  // The session begins at 18:00.
  await site.advance(9.9 * 3_600_000);
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas', { category: 'ministers' });
  const session = await office.find('sessions', 'the-internal-reality');
  await office.ask('PATCH', `/sessions/${session.id}`, { admission: { policy: 'by_invitation', visibility: 'listed' } });
  await office.ask('POST', '/invitations', { attendee: ana.attendee, collection: 'sessions', object: session.id });
  await page.addInitScript(() => {
    globalThis.sounds = 0;
    globalThis.OscillatorNode = class {
      constructor() {
        globalThis.sounds += 1;
      }
    };
  });
  await enrol(page, office, { profile: 'protocol', session: session.id, name: "The minister's door" });
  await expect(page.getByRole('heading', { name: 'Guests' })).toBeVisible();
  await expect(page.getByText('1 guest', { exact: true })).toBeVisible();
  const guest = page.locator('main.wide .row');
  await expect(guest).toContainText('Ana Rojas');
  await guest.getByRole('button', { name: 'Receive' }).click();
  await expect(guest).toContainText('inside');
  await expect.poll(async () => (await office.listScans()).join()).toContain('Known by sight');
  expect(await page.evaluate(() => globalThis.sounds)).toBe(0);
});

test('a device that was suspended checks nobody, and its scans are still taken', async ({ context, page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await enrol(page, office, { place: DESK });
  await word(page, 'Ready');
  await context.setOffline(true);
  await scan(page, ana.badge);
  await word(page, 'YES');
  const { items } = await office.ask('GET', '/enrolments');
  await office.ask('POST', `/enrolments/${items[0].device}/suspend`, {});
  await context.setOffline(false);
  await expect(page.getByRole('heading', { name: 'This device is not in use' })).toBeVisible();
  await expect.poll(() => office.listScans()).toHaveLength(1);
});

test('a badge is printed from the desk, and its code lets in', async ({ page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await page.addInitScript(() => {
    globalThis.printed = [];
    const made = Document.prototype.createElement;
    Document.prototype.createElement = function createElement(name, ...more) {
      const one = made.call(this, name, ...more);
      if (name === 'iframe') {
        one.addEventListener('load', () => {
          one.contentWindow.print = () => globalThis.printed.push(one.src);
        });
      }
      return one;
    };
  });
  await enrol(page, office, { place: DESK });
  await typedField(page).fill('rojas');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  const asked = page.waitForResponse('**/badges/print');
  await page.getByRole('button', { name: 'Print badge' }).click();
  expect((await asked).headers()['content-type']).toBe('application/pdf');
  await expect.poll(() => page.evaluate(() => globalThis.printed.length)).toBe(1);
  expect(await page.evaluate(() => globalThis.printed[0])).toMatch(/^blob:/);
  await expect(page.getByText('Paper badge')).toBeVisible();
  const { items } = await office.ask('GET', `/attendees/${ana.attendee}/badges`);
  const paper = items.find(({ kind }) => kind === 'paper');
  await page.getByRole('button', { name: 'Close' }).click();
  await scan(page, paper.token);
  await word(page, 'YES');
});

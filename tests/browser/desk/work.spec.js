/** What a desk does beside checking, with the network and without. */

import { expect, expectKept, test } from '../harness/test.js';
import { answer, enrol, Office, scan, typedField } from './cast.js';

const DESK = /Registration desk at the conference center/;

const view = (page, name) => page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name });

/** What the code of a drawn badge says, as a camera would read it. */
function readCode(page) {
  return page.evaluate(async () => {
    const script = document.querySelector('script[type=module]').src;
    const { decodeQR } = await import(new URL('../vendor/qr/decode.js', script).href);
    const drawn = document.querySelector('.badge-print svg');
    const side = Number(drawn.getAttribute('viewBox').split(' ')[2]);
    const image = new ImageData(side * 8, side * 8);
    image.data.fill(255);
    for (const [, x, y] of drawn.querySelector('path').getAttribute('d').matchAll(/M(\d+) (\d+)/g)) {
      for (let row = 0; row < 8; row += 1) {
        const at = ((Number(y) * 8 + row) * side * 8 + Number(x) * 8) * 4;
        for (let place = at; place < at + 32; place += 4) image.data.fill(0, place, place + 3);
      }
    }
    return decodeQR(image);
  });
}

/** Opens somebody whom the desk knows by name. */
async function look(page, typed) {
  await view(page, 'Scan').click();
  await typedField(page).fill(typed);
  await page.getByRole('button', { name: 'More', exact: true }).click();
}

test('who walks in without a network has a badge that every door takes, and an account afterwards', async ({
  browser,
  context,
  page,
  site,
}) => {
  test.slow();
  const office = await Office.open(site);
  await office.register('Eva Lagos');
  await enrol(page, office, { place: DESK });
  await expect(answer(page)).toContainText('Ready');
  await expectKept(page, '/desk');
  // The desk's key has its number once the first exchange is over.
  await expect.poll(async () => (await office.ask('GET', '/badge-keys')).items.filter(({ device }) => device).length).toBe(1);
  const door = await browser.newPage({ baseURL: site.address, locale: 'en-GB' });
  await enrol(door, office, { profile: 'door', place: /Clinic, main entrance/ });
  await expect(answer(door)).toContainText('Ready');
  await context.setOffline(true);
  await page.reload();
  await view(page, 'Walk-in').click();
  await page.getByRole('button', { name: 'Register' }).click();
  await expect(page.getByText('Enter a name.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Name' }).fill('Tomás Ibáñez');
  await page.getByRole('textbox', { name: 'Organisation' }).fill('Universidad de Chile');
  await page.getByRole('textbox', { name: 'E-mail address' }).fill('tomas@example.org');
  await page.getByRole('button', { name: 'Register' }).click();
  await expect(page.getByText('Tomás Ibáñez is registered.')).toBeVisible();
  await expect(page.locator('.standing')).toContainText(/entr(y|ies) to hand in/);
  const badge = await readCode(page);
  expect(badge).toHaveLength(153);
  // The door has no word from the desk: it lets in by the badge alone.
  await scan(door, badge);
  await expect(answer(door)).toContainText('Known by the badge alone.');
  await expect(answer(door).locator('.word')).toHaveText('YES');
  await door.close();
  // At its own desk the person is known by badge and by name, though the server has not heard of them.
  await page.getByRole('button', { name: 'Next person' }).click();
  await view(page, 'Scan').click();
  await scan(page, badge);
  await expect(answer(page)).toContainText('Tomás Ibáñez');
  await look(page, 'ibanez');
  await expect(page.getByRole('heading', { name: 'Tomás Ibáñez' })).toBeVisible();
  await context.setOffline(false);
  const find = async () => (await office.ask('POST', '/registrations/search', { text: 'ibanez' })).items;
  await expect.poll(async () => (await find()).length, { timeout: 30_000 }).toBe(1);
  await view(page, 'Scan').click();
  await scan(page, badge);
  await expect(answer(page)).toContainText('Tomás Ibáñez');
  // The desk's badge is good as long as the server's own.
  const [{ attendee }] = await find();
  const { items } = await office.ask('GET', `/attendees/${attendee}/badges`);
  expect(items.map(({ kind }) => kind).sort()).toEqual(['phone', 'provisional']);
  expect(new Set(items.map(({ expires_at: expiresAt }) => expiresAt)).size).toBe(1);
});

test('what is lent without a network is listed here at once', async ({ page, context, site }) => {
  const office = await Office.open(site);
  await office.register('Ana Rojas');
  await enrol(page, office, { place: DESK });
  await look(page, 'rojas');
  await context.setOffline(true);
  await page.getByRole('textbox', { name: 'Lend a receiver' }).fill('R-232');
  await page.getByRole('button', { name: 'Lend', exact: true }).click();
  await view(page, 'Lent').click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Receiver R-232' })).toContainText('Ana Rojas');
  await page.getByRole('button', { name: 'Taken back: Receiver R-232' }).click();
  await expect(page.getByText('Nothing is lent.')).toBeVisible();
});

test('a receiver is lent and comes back, a badge is handed out, a note pops up', async ({ page, site }) => {
  test.slow();
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await office.ask('POST', `/attendees/${ana.attendee}/badges`, { kind: 'paper' });
  await enrol(page, office, { place: DESK });
  await look(page, 'rojas');
  await page.getByRole('button', { name: 'Badge handed out' }).click();
  await expect(page.getByText(/handed out \d\d:\d\d/)).toBeVisible();
  await page.getByRole('textbox', { name: 'Lend a receiver' }).fill('R-231');
  await page.getByRole('button', { name: 'Lend', exact: true }).click();
  await page.getByRole('textbox', { name: 'Note for whoever sees them first' }).fill('Has a parcel at desk 3');
  await page.getByRole('button', { name: 'Keep the note' }).click();
  await view(page, 'Lent').click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Receiver R-231' })).toContainText('Ana Rojas');
  // Facts count in the order of their times. The server's clock stands still here, so that a desk that looks at it again
  // may go back by the seconds since it looked last; it is asked until it has gone past them.
  const back = page.getByRole('button', { name: 'Taken back: Receiver R-231' });
  await expect(async () => {
    if (await back.isVisible()) await back.click();
    await expect(page.getByText('Nothing is lent.')).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await view(page, 'Scan').click();
  await expect
    .poll(async () => {
      await scan(page, ana.badge);
      return answer(page).textContent();
    })
    .toContain('Has a parcel at desk 3');
  await expect(answer(page)).toContainText('Read the note, then let in.');
});

test('who is missing is known as soon as somebody comes', async ({ page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await office.register('Eva Lagos');
  await office.guard('Dinner', { rule: 'once' });
  await enrol(page, office, { place: /Dinner/ });
  await view(page, 'Who is missing').click();
  const expected = page.getByText(/of \d+ have come\./);
  await expect(expected).toContainText(/^0 of /);
  await view(page, 'Scan').click();
  await scan(page, ana.badge);
  await expect(answer(page).locator('.word')).toHaveText('YES');
  await view(page, 'Who is missing').click();
  await expect(expected).toContainText(/^1 of /);
  await expect(page.getByRole('listitem').filter({ hasText: 'Eva Lagos' })).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Ana Rojas' })).toHaveCount(0);
});

test('the device of a coach names who is missing at which stop, and a badge reported stolen is marked without a word', async ({
  page,
  site,
}) => {
  const office = await Office.open(site);
  const [ana, eva] = [await office.register('Ana Rojas'), await office.register('Eva Lagos')];
  await office.register('Tomás Ibáñez');
  const fields = { kind: 'transfer', state: 'published', starts_at: '2018-11-26T11:00:00Z', ends_at: '2018-11-26T12:00:00Z' };
  const transfer = await office.ask('POST', '/sessions', { slug: 'to-the-mine', title: { en: 'To the mine' }, ...fields });
  const area = await office.ask('POST', '/access-areas', {
    slug: 'to-the-mine',
    name: { en: 'To the mine' },
    session: transfer.id,
    rule: 'once',
  });
  const vehicle = await office.ask('POST', '/vehicles', {
    slug: 'coach-of-the-mine',
    name: { en: 'Coach of the mine' },
    session: transfer.id,
    seats: 45,
    stops: [{ place: { en: 'Hotel Sur' }, at: '2018-11-26T11:10:00Z' }, { place: { en: 'Hotel Norte' } }],
    passengers: [
      { attendee: ana.attendee, stop: 0 },
      { attendee: eva.attendee, stop: 1 },
    ],
  });
  const bus = { slug: 'coach-of-the-mine', name: { en: 'Coach of the mine' }, kind: 'bus', area: area.id, vehicle: vehicle.id };
  const { id } = await office.ask('POST', '/checkpoints', bus);
  await enrol(page, office, { profile: 'door', checkpoints: [id] });
  await expect(answer(page)).toContainText('Ready');
  await scan(page, ana.badge);
  await expect(answer(page).locator('.word')).toHaveText('YES');
  await expect(answer(page).locator('.reason')).not.toContainText('·');
  await view(page, 'Who is missing').click();
  await expect(page.getByText('Hotel Sur 08:10: 1 of 1 have come.')).toBeVisible();
  await expect(page.getByText('Hotel Norte: 0 of 1 have come.')).toBeVisible();
  const missing = page.getByRole('listitem').filter({ hasText: 'Eva Lagos' });
  await expect(missing).toContainText('Hotel Norte');
  await expect(page.getByRole('listitem').filter({ hasText: 'Tomás Ibáñez' })).toHaveCount(0);
  await office.ask('POST', `/badges/${eva.carrier}/report`, {});
  await expect(async () => {
    await view(page, 'Scan').click();
    await scan(page, eva.badge);
    await expect(answer(page).locator('.reason')).toHaveText(/\. ·$/, { timeout: 2_000 });
  }).toPass({ timeout: 40_000 });
});

test('a person gets a code for their own phone', async ({ page, site }) => {
  const office = await Office.open(site);
  await office.register('Ana Rojas', { email: 'ana@example.org' });
  await enrol(page, office, { place: DESK });
  await look(page, 'rojas');
  await page.getByRole('button', { name: 'Sign-in code' }).click();
  const code = await page.locator('.message b.code').textContent();
  const { status, body } = await site.ask('POST', '/v1/sign-in', { body: { code, device: { name: 'Phone', kind: 'phone' } } });
  expect(status).toBe(200);
  expect(body.account.email).toBe('ana@example.org');
});

/** What a desk does for guests beside checking: handing out against a signature, photos, names put right. */

import { expect, expectAccessible, expectKept, test } from '../harness/test.js';
import { answer, enrol, Office, scan, typedField } from './cast.js';

const DESK = /Registration desk at the conference center/;

/** A picture of one dark point. */
const PHOTO = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

const view = (page, name) => page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name });
const dialog = (page) => page.getByRole('dialog');

/** Two of a delegation, with their badges on paper, and one who is of none. */
async function delegate(office) {
  const { id } = await office.ask('POST', '/delegations', { slug: 'chile', name: { en: 'Chile' }, country: 'CL' });
  const ana = await office.register('Ana Rojas', { delegation: id });
  const bruno = await office.register('Bruno Lima', { delegation: id });
  const eva = await office.register('Eva Lagos');
  for (const { attendee } of [ana, bruno, eva]) await office.ask('POST', `/attendees/${attendee}/badges`, { kind: 'paper' });
  return { id, ana, bruno, eva };
}

/** Puts a photo there, as an organiser would. */
async function photograph(office, { attendee }) {
  const response = await fetch(`${office.site.address}/v1/events/csw-2018/attendees/${attendee}/photo`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${office.token}`, 'Content-Type': 'image/png' },
    body: PHOTO,
  });
  expect(response.status).toBe(200);
}

test('a delegation’s badges and envelopes are handed out against one signature, without a network', async ({ page, context, site }) => {
  test.slow();
  const office = await Office.open(site);
  const { id, ana, bruno } = await delegate(office);
  await enrol(page, office, { place: DESK });
  await view(page, 'Delegations').click();
  await expect(page.getByRole('combobox', { name: 'Delegation' })).toHaveValue(id);
  await expect(page.getByRole('checkbox', { name: 'Ana Rojas' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'Eva Lagos' })).toHaveCount(0);
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Hand out …' }).click();
  await expect(dialog(page)).toContainText('2 people: Ana Rojas, Bruno Lima');
  await expectAccessible(page);
  await dialog(page).getByRole('checkbox', { name: 'Envelope' }).check();
  await dialog(page).getByRole('button', { name: 'It is handed out' }).click();
  await expect(dialog(page).getByRole('alert')).toHaveText('Have it signed, or enter who received it.');
  await expect(dialog(page).getByRole('textbox', { name: 'Received by' })).toBeFocused();
  await page.keyboard.type('Carla Soto');
  const field = await dialog(page).locator('canvas').boundingBox();
  await page.mouse.move(field.x + 20, field.y + 20);
  await page.mouse.down();
  await page.mouse.move(field.x + 80, field.y + 60, { steps: 4 });
  await page.mouse.up();
  await dialog(page).getByRole('button', { name: 'It is handed out' }).click();
  await expect(page.getByText('Noted.')).toBeVisible();
  await context.setOffline(false);
  const handovers = async () => (await office.ask('GET', `/handovers?delegation=${id}`)).items;
  await expect.poll(async () => (await handovers()).length, { timeout: 30_000 }).toBe(1);
  const [fact] = await handovers();
  expect(fact).toMatchObject({ kind: 'handed_out', what: ['badge', 'envelope'], delegation: id, received_by: 'Carla Soto' });
  expect(fact.attendees.sort()).toEqual([ana.attendee, bruno.attendee].sort());
  expect(fact.signature).toHaveLength(1);
  expect(fact.signature[0].length).toBeGreaterThanOrEqual(8);
  await expect(page.getByText('Everything is handed out.')).toBeVisible();
});

test('who cannot draw a signature is named by the keyboard alone', async ({ page, site }) => {
  const office = await Office.open(site);
  const { id } = await delegate(office);
  await enrol(page, office, { place: DESK });
  await view(page, 'Delegations').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Hand out …' }).focus();
  await page.keyboard.press('Enter');
  await dialog(page).getByRole('textbox', { name: 'Received by' }).focus();
  await page.keyboard.type('Carla Soto');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Noted.')).toBeVisible();
  await expect.poll(async () => (await office.ask('GET', `/handovers?delegation=${id}`)).items.map(({ received_by: by }) => by)).toEqual(['Carla Soto']);
});

test('a name and an address are put right, and what cannot be is said', async ({ page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Roja', { email: 'ana@example.org' });
  // An account that was in use is not replaced at a desk.
  const { code } = await site.mailCode('ana@example.org');
  const signedIn = await site.ask('POST', '/v1/sign-in', { body: { email: 'ana@example.org', code, device: { name: 'Phone', kind: 'phone' } } });
  expect(signedIn.status).toBe(200);
  await enrol(page, office, { place: DESK });
  await typedField(page).fill('roja');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'Put right …' }).click();
  const form = page.getByRole('form', { name: 'Put a name or an address right' });
  await expect(form.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused();
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('Ana Rojas');
  await form.getByRole('textbox', { name: /^E-mail address/ }).fill('ana.rojas@example.org');
  await form.getByRole('button', { name: 'Put it right' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'This address cannot be put there' })).toBeVisible();
  await form.getByRole('textbox', { name: /^E-mail address/ }).fill('');
  await form.getByRole('button', { name: 'Put it right' }).click();
  await expect(page.getByText('It is put right.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Ana Rojas' })).toBeVisible();
  expect((await office.ask('GET', `/attendees/${ana.attendee}`)).name).toBe('Ana Rojas');
});

test('a photo is shown at the desk, and at the door of a session without a network and after a reload', async ({ browser, context, page, site }) => {
  test.slow();
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await photograph(office, ana);
  const session = await office.find('sessions', 'the-internal-reality');
  await office.ask('PATCH', `/sessions/${session.id}`, { admission: { policy: 'by_invitation', visibility: 'listed' } });
  await office.ask('POST', '/invitations', { attendee: ana.attendee, collection: 'sessions', object: session.id });
  const desk = await browser.newPage({ baseURL: site.address, locale: 'en-GB', serviceWorkers: 'block' });
  await enrol(desk, office, { place: DESK });
  await typedField(desk).fill('rojas');
  await desk.getByRole('button', { name: 'More', exact: true }).click();
  await expect(desk.getByRole('img', { name: 'Photo of Ana Rojas' })).toBeVisible();
  await desk.close();
  await enrol(page, office, { profile: 'protocol', session: session.id });
  const photo = page.getByRole('img', { name: 'Photo of Ana Rojas' });
  await expect(photo).toBeVisible();
  expect(await photo.evaluate((canvas) => canvas.getContext('2d').getImageData(0, 0, 1, 1).data[3])).toBeGreaterThan(0);
  await expectKept(page, '/desk');
  await context.setOffline(true);
  await page.reload();
  await expect(photo).toBeVisible();
});

test('a scan says on which state of the event it was decided', async ({ page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await enrol(page, office, { place: DESK });
  await expect(answer(page)).toContainText('Ready');
  const sent = page.waitForRequest((request) => request.postData()?.includes('scan.record') ?? false);
  await scan(page, ana.badge);
  const { mutations, at_least: atLeast } = (await sent).postDataJSON();
  expect(mutations[0].args.decided_on.covers).toBe(atLeast);
});

test('a seat is asked for at the desk, and the server’s answer is told there', async ({ context, page, site }) => {
  test.slow();
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  const session = await office.find('sessions', 'visit-achm');
  await enrol(page, office, { place: DESK });
  await typedField(page).fill('rojas');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('combobox', { name: 'A seat in' }).selectOption({ value: session.id });
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Ask for it' }).click();
  const seat = page.getByRole('list', { name: 'Seats' }).getByRole('listitem');
  await expect(seat).toContainText('asked for; the server says what becomes of it');
  await context.setOffline(false);
  await expect(seat).toContainText('the seat is theirs', { timeout: 45_000 });
  const { items } = await office.ask('GET', `/sessions/${session.id}/sign-ups`);
  expect(items).toMatchObject([{ attendee: ana.attendee, state: 'confirmed' }]);
  await seat.getByRole('button', { name: /^Give it back: Experiences of AChM/ }).click();
  await expect(seat).toContainText('given back');
});

test('a session that only some may see has its seats at the desk as well', async ({ page, site }) => {
  const office = await Office.open(site);
  await office.register('Ana Rojas');
  const session = await office.find('sessions', 'the-internal-reality');
  await office.ask('PATCH', `/sessions/${session.id}`, { seats: 40 });
  await enrol(page, office, { place: DESK });
  await typedField(page).fill('rojas');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  const seat = page.getByRole('combobox', { name: 'A seat in' });
  await seat.selectOption({ value: session.id });
  await expect(seat.getByRole('option', { selected: true })).toContainText('The Internal Reality');
});

/** The desk's views beside scanning, with nothing in them, with much, and without a network. */

import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { enrol, Office, typedField, useTwice } from './cast.js';

const DESK = /Registration desk at the conference center/;

/** A picture of one dark point. */
const PHOTO = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

const NAME = 'Excelentísima Señora María Fernanda de los Ángeles Etcheverry-Montenegro y Wollstonecraft';

const view = (page, name) => page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name });

async function look(page) {
  await view(page, 'Scan').click();
  await typedField(page).fill('etcheverry');
  await page.getByRole('button', { name: 'More', exact: true }).click();
}

/** Invites somebody to a session that is by invitation from now on. */
async function invite(office, { attendee }, slug) {
  const session = await office.find('sessions', slug);
  await office.ask('PATCH', `/sessions/${session.id}`, { admission: { policy: 'by_invitation', visibility: 'listed' } });
  await office.ask('POST', '/invitations', { attendee, collection: 'sessions', object: session.id });
  return session;
}

async function photograph(office, { attendee }) {
  const response = await fetch(`${office.site.address}/v1/events/csw-2018/attendees/${attendee}/photo`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${office.token}`, 'Content-Type': 'image/png' },
    body: PHOTO,
  });
  expect(response.status).toBe(200);
}

test('views in which there is nothing yet say so, with the network and without', async ({ page, context, site }, info) => {
  test.setTimeout(180_000);
  const office = await Office.open(site);
  await enrol(page, office, { place: DESK });
  for (const way of ['empty', 'offline']) {
    if (way === 'offline') await context.setOffline(true);
    for (const [name, text] of [
      ['Who is missing', 'have come'],
      ['Walk-in', 'No category takes people who walk in.'],
      ['Delegations', 'There is no delegation.'],
      ['Lent', 'Nothing is lent.'],
      ['Incidents', 'Nothing odd was found.'],
    ]) {
      await view(page, name).click();
      await expect(page.locator('main:not([hidden])').getByText(text).first()).toBeVisible();
      await expectGoodState(page, info, `desk-${way}-${name.toLowerCase().replaceAll(' ', '-')}`);
    }
  }
});

test('a person with invitations, a seat, a photo, a code and a receiver is shown accessibly and on every width', async ({ page, context, site }, info) => {
  test.setTimeout(180_000);
  const office = await Office.open(site);
  const guest = await office.register(NAME, { email: 'maria@example.org', details: { position: 'Directora Nacional de Prevención del Delito y Participación Ciudadana' } });
  await office.ask('POST', `/attendees/${guest.attendee}/badges`, { kind: 'paper' });
  await photograph(office, guest);
  await invite(office, guest, 'the-internal-reality');
  await enrol(page, office, { place: DESK });
  await look(page);
  await expect(page.getByRole('img', { name: /^Photo of/ })).toBeVisible();
  const visit = await office.find('sessions', 'visit-achm');
  await page.getByRole('combobox', { name: 'A seat in' }).selectOption({ value: visit.id });
  await page.getByRole('button', { name: 'Ask for it' }).click();
  await expect(page.getByRole('list', { name: 'Seats' })).toContainText('the seat is theirs', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Sign-in code' }).click();
  await expect(page.locator('.message b.code')).toBeVisible();
  await expectGoodState(page, info, 'desk-person-full');
  await page.getByRole('button', { name: 'Decline: The Internal Reality' }).click();
  await expectGoodState(page, info, 'desk-person-decline');
  await page.getByRole('textbox', { name: 'Lend a receiver' }).fill('R-231');
  await page.getByRole('button', { name: 'Lend', exact: true }).click();
  await view(page, 'Lent').click();
  await expect(page.getByText('Receiver R-231')).toBeVisible();
  await expectGoodState(page, info, 'desk-lent');
  // What takes the server is said not to go without it.
  await context.setOffline(true);
  await look(page);
  await page.getByRole('textbox', { name: 'Message to the person' }).fill('Please come to desk 3.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'There is no connection' })).toBeVisible();
  await expectGoodState(page, info, 'desk-person-offline');
});

test('what is odd, and what the server refused, is shown accessibly and on every width', async ({ page, context, site }, info) => {
  test.setTimeout(180_000);
  const office = await Office.open(site);
  const guest = await office.register(NAME);
  const { id: session } = await invite(office, guest, 'the-internal-reality');
  const door = await office.guard('Dinner', { rule: 'once' });
  await enrol(page, office, { place: /Dinner/ });
  await useTwice(page, context, office, { door, badge: guest.badge });
  await view(page, /Incidents/).click();
  await expect(page.getByText('Let in more often than allowed')).toBeVisible();
  await expectGoodState(page, info, 'desk-incidents');
  await context.setOffline(true);
  await look(page);
  await page.getByRole('button', { name: 'Accept: The Internal Reality' }).click();
  await expect(page.getByRole('region', { name: 'Invitations' })).toContainText('to hand in');
  const { items } = await office.ask('GET', `/invitations?object=${session}`);
  await office.ask('POST', `/invitations/${items[0].id}/withdraw`, {});
  await context.setOffline(false);
  await expect(page.getByRole('alert', { name: 'The server refused' })).toBeVisible({ timeout: 30_000 });
  await expectGoodState(page, info, 'desk-refused');
});

test('the few guests of a session, with a photo and a verdict, are shown accessibly and on every width', async ({ page, site }, info) => {
  test.setTimeout(120_000);
  await site.advance(9.9 * 3_600_000);
  const office = await Office.open(site);
  const guest = await office.register(NAME, { category: 'ministers' });
  await photograph(office, guest);
  const { id } = await invite(office, guest, 'the-internal-reality');
  await enrol(page, office, { profile: 'protocol', session: id });
  await expect(page.getByRole('img', { name: /^Photo of/ })).toBeVisible();
  await page.getByRole('button', { name: 'Receive' }).click();
  await expect(page.locator('main.wide .message')).toBeVisible();
  await expectGoodState(page, info, 'desk-guests');
});

test('a coach that waits at its stops is shown accessibly and on every width', async ({ page, site }, info) => {
  test.setTimeout(120_000);
  const office = await Office.open(site);
  const guest = await office.register(NAME);
  const fields = { kind: 'transfer', state: 'published', starts_at: '2018-11-26T11:00:00Z', ends_at: '2018-11-26T12:00:00Z' };
  const transfer = await office.ask('POST', '/sessions', { slug: 'to-the-mine', title: { en: 'To the mine' }, ...fields });
  const area = await office.ask('POST', '/access-areas', { slug: 'to-the-mine', name: { en: 'To the mine' }, session: transfer.id, rule: 'once' });
  const vehicle = await office.ask('POST', '/vehicles', {
    slug: 'coach-of-the-mine',
    name: { en: 'Coach of the mine' },
    session: transfer.id,
    seats: 45,
    stops: [{ place: { en: 'Hotel Sur, at the corner of the avenue of the Libertador Bernardo O’Higgins' }, at: '2018-11-26T11:10:00Z' }],
    passengers: [{ attendee: guest.attendee, stop: 0 }],
  });
  const { id } = await office.ask('POST', '/checkpoints', { slug: 'coach-of-the-mine', name: { en: 'Coach of the mine' }, kind: 'bus', area: area.id, vehicle: vehicle.id });
  await enrol(page, office, { profile: 'door', checkpoints: [id] });
  await view(page, 'Who is missing').click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Etcheverry' })).toBeVisible();
  await expectGoodState(page, info, 'desk-coach');
});

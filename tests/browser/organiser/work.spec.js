/** Everything else that an organiser looks after. */

import { register } from '../attendee/cast.js';
import { Office } from '../desk/cast.js';
import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { dialog, fault, go, note, openAsOrganiser, openInAnyLanguage, sessionRow } from './cast.js';

test('a wrong code signs nobody in, and who organises nothing is told so', async ({ page, site }) => {
  await page.goto('/organiser');
  await page.getByRole('textbox', { name: 'Code' }).fill('AAAA-AAAA-AAAA');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('The code is not valid');
  await page.getByRole('textbox', { name: 'Code' }).fill(site.person('participant').code);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('This account organises no event here.')).toBeVisible();
});

test('who organises two events goes from one to the other', async ({ page, site }) => {
  await page.route('**/v1/account', async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    const other = { event: { id: '01936a51-0000-7000-8000-0000000000ff', slug: 'quito-2019' }, role: 'organiser' };
    await route.fulfill({ response: answer, json: { ...body, roles: [...(body.roles ?? []), other] } });
  });
  await openAsOrganiser(page, site);
  const asked = page.waitForRequest(/\/v1\/events\/quito-2019\/sync/);
  await go(page, 'Event quito-2019');
  await asked;
  await page.goto('/organiser?event=csw-2018');
  await expect(page.getByRole('heading', { name: 'Today', exact: true })).toBeVisible();
  await page.goto('/organiser');
  await expect(page.getByRole('link', { name: 'Event quito-2019' })).toBeVisible();
});

test('a change that somebody else has made meanwhile is not overwritten', async ({ page, site }) => {
  await site.advance(9 * 3_600_000);
  const office = await Office.open(site);
  await openAsOrganiser(page, site);
  await sessionRow(page, /The Internal Reality/).click();
  await dialog(page).getByRole('link', { name: 'Texts' }).click();
  const title = page.getByRole('group', { name: 'English' }).getByRole('textbox', { name: 'Title', exact: true });
  await title.fill('The Internal Reality, a concert');
  const { id } = await office.find('sessions', 'the-internal-reality');
  await office.ask('PATCH', `/sessions/${id}`, { title: { en: 'The Inner Reality' } });
  await expect(page.getByRole('heading', { level: 1, name: 'The Inner Reality' })).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(fault(page)).toContainText('Somebody has changed this meanwhile.');
  await expect(title).toHaveValue('The Internal Reality, a concert');
  expect((await office.find('sessions', 'the-internal-reality')).title.en).toBe('The Inner Reality');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(note(page)).toHaveText('Saved.');
  expect((await office.find('sessions', 'the-internal-reality')).title.en).toBe('The Internal Reality, a concert');
});

test('who takes back what is required is shown to the organiser, who decides', async ({ page, site }) => {
  const { office, attendee } = await register(site);
  await office.ask('PUT', `/attendees/${attendee}/consents`, { consents: [{ consent: 'photos', version: 1, language: 'en', is_given: true }] });
  await office.ask('PUT', `/attendees/${attendee}/consents`, { consents: [{ consent: 'photos', version: 1, language: 'en', is_given: false }] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await openAsOrganiser(page, site);
  await go(page, 'People');
  await page.getByRole('link', { name: 'Consent taken back' }).click();
  const one = page.getByRole('listitem').filter({ hasText: 'Joaquín Meza' });
  await expect(one).toContainText('Consent taken back: Photographs may be taken of me.');
  await one.getByRole('button', { name: 'Cancel: Joaquín Meza' }).focus();
  await page.keyboard.press('Enter');
  await expect(one.getByText('Cancelled', { exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'People' })).toBeFocused();
});

test('texts stand side by side in each language, and what is emptied is gone', async ({ page, site }) => {
  const office = await Office.open(site);
  await page.setViewportSize({ width: 1440, height: 900 });
  await openAsOrganiser(page, site);
  await go(page, 'Programme');
  await page.getByRole('button', { name: /^The Internal Reality,/ }).click();
  await dialog(page).getByRole('link', { name: 'Texts' }).click();
  const field = (language, name) => page.getByRole('group', { name: language }).getByRole('textbox', { name, exact: true });
  await expect(field('English', 'Title')).toHaveValue('The Internal Reality');
  await field('Spanish', 'Title').fill('La realidad interna');
  await field('Spanish', 'Objective').fill('Escuchar');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(note(page)).toHaveText('Saved.');
  const saved = await office.find('sessions', 'the-internal-reality');
  expect(saved.title).toMatchObject({ en: 'The Internal Reality', es: 'La realidad interna' });
  expect(saved.objective).toEqual({ es: 'Escuchar' });
  await field('Spanish', 'Objective').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await office.find('sessions', 'the-internal-reality')).objective).toBeUndefined();
});

test('a registration is approved, and somebody is found by name', async ({ page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas', { status: 'requested' });
  await office.register('José Ángel Muñoz-Peña');
  await openAsOrganiser(page, site);
  await go(page, 'People');
  await page.getByRole('button', { name: 'Confirm: Ana Rojas' }).click();
  await expect(note(page)).toHaveText('The registration is now: Confirmed');
  const { status } = await office.ask('GET', `/attendees/${ana.attendee}/registration`);
  expect(status).toBe('confirmed');
  await page.getByRole('searchbox').fill('munoz');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('heading', { name: 'Found for “munoz”' })).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'José Ángel Muñoz-Peña' })).toContainText('Confirmed');
});

test('somebody is invited, reminded and no more invited', async ({ page, site }) => {
  const office = await Office.open(site);
  await office.register('Ana Rojas');
  const session = await office.find('sessions', 'the-internal-reality');
  await office.ask('PATCH', `/sessions/${session.id}`, { admission: { policy: 'by_invitation', visibility: 'listed' } });
  await openAsOrganiser(page, site);
  await go(page, 'Invitations');
  await page.getByRole('combobox', { name: 'Invited to' }).selectOption({ label: 'The Internal Reality' });
  await page.getByRole('searchbox').fill('rojas');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('button', { name: 'Invite: Ana Rojas' }).click();
  await expect(note(page)).toHaveText('Ana Rojas is invited.');
  await page.getByRole('button', { name: 'Withdraw: Ana Rojas' }).click();
  await expect(note(page)).toHaveText('Withdrawn.');
  const { items } = await office.ask('GET', `/invitations?object=${session.id}&answer=withdrawn`);
  expect(items).toHaveLength(1);
});

test('more invitations than a page holds are shown page by page, and narrowing begins anew', async ({ page, site }, info) => {
  test.slow();
  const office = await Office.open(site);
  const delegation = await office.ask('POST', '/delegations', { slug: 'chile', name: { en: 'Chile' } });
  const { id: category } = await office.ask('POST', '/categories', { slug: 'guests', title: { en: 'Guests' }, enrolment: 'closed' });
  for (let number = 1; number <= 101; number += 1) {
    const name = `Invitada ${String(number).padStart(3, '0')}`;
    await office.ask('POST', '/registrations', { name, category, delegation: delegation.id, status: 'confirmed', override: true });
  }
  const session = await office.find('sessions', 'the-internal-reality');
  await office.ask('PATCH', `/sessions/${session.id}`, { admission: { policy: 'by_invitation', visibility: 'listed' } });
  await office.ask('POST', '/invitation-lists', { collection: 'sessions', object: session.id, invitee_collection: 'delegations', invitee: delegation.id });
  await openAsOrganiser(page, site);
  await go(page, 'Invitations');
  const rows = page.getByRole('listitem').filter({ hasText: /^\s*Invitada/ });
  await expect(page.getByText('The first 100 invitations are shown; there are more.')).toBeVisible();
  await expect(rows).toHaveCount(100);
  await page.getByRole('button', { name: 'Show more' }).focus();
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(101);
  await expect(page.getByText('101 invitations', { exact: true })).toBeVisible();
  await expectGoodState(page, info, 'organiser-invitations-many');
  await page.getByRole('button', { name: 'Withdraw: Invitada 101' }).click();
  await expect(note(page)).toHaveText('Withdrawn.');
  await expect(rows).toHaveCount(100);
  await page.getByRole('button', { name: 'Withdrawn', exact: true }).click();
  await expect(page.getByText('1 invitation', { exact: true })).toBeVisible();
  await expect(rows).toHaveText([/Invitada 101/]);
});

test('a whole delegation is invited as one, and who joins it is invited too', async ({ page, site }) => {
  const office = await Office.open(site);
  const delegation = await office.ask('POST', '/delegations', { slug: 'chile', name: { en: 'Chile' }, country: 'CL' });
  await office.register('Ana Rojas', { delegation: delegation.id });
  const session = await office.find('sessions', 'the-internal-reality');
  await office.ask('PATCH', `/sessions/${session.id}`, { admission: { policy: 'by_invitation', visibility: 'listed' } });
  await openAsOrganiser(page, site);
  await page.goto(`/organiser#/invitations?object=${session.id}&answer=pending`);
  const many = page.getByRole('region', { name: 'Invite a whole delegation or audience' });
  await many.getByRole('combobox', { name: 'Who is invited' }).selectOption({ label: 'Chile' });
  await many.getByRole('textbox').fill('You are warmly welcome.');
  await many.getByRole('button', { name: 'Invite them all' }).click();
  await expect(note(page)).toHaveText('Chile: everybody in it is invited, and who joins later.');
  const lists = page.getByRole('region', { name: 'Invited as one' });
  await expect(lists).toContainText('The Internal Reality · No answer: 1');
  await office.register('Bruno Lima', { delegation: delegation.id });
  await expect(lists).toContainText('No answer: 2');
  await lists.getByRole('button', { name: 'Withdraw: Chile' }).click();
  await expect(note(page)).toHaveText('Withdrawn.');
  await expect(lists).toHaveCount(0);
  await expect.poll(async () => (await office.ask('GET', `/invitations?object=${session.id}&answer=withdrawn`)).items.length).toBe(2);
});

test('texts of every kind are found by what they lack, and those of talks are kept in their places', async ({ page, site }) => {
  const office = await Office.open(site);
  const { items } = await office.ask('GET', '/sessions?limit=500');
  const session = items.find(({ talks }) => talks?.length > 1 && talks[1].title);
  await openAsOrganiser(page, site);
  await go(page, 'Texts');
  await page.getByRole('navigation', { name: 'Kind' }).getByRole('link', { name: 'Rooms' }).click();
  const room = page.getByRole('listitem').filter({ hasText: 'Punta Nueva York' });
  await expect(room).toBeVisible();
  await room.getByRole('link').click();
  const field = (language, name) => page.getByRole('group', { name: language }).getByRole('textbox', { name, exact: true });
  await expect(field('English', 'Name')).toHaveValue('Punta Nueva York');
  await field('English', 'Way there').fill('Up the stairs, then left.');
  await field('Spanish', 'Way there').fill('Suba la escalera, luego a la izquierda.');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(note(page)).toHaveText('Saved.');
  const { directions } = await office.find('rooms', 'punta-nueva-york');
  expect(directions).toEqual({ en: 'Up the stairs, then left.', es: 'Suba la escalera, luego a la izquierda.' });
  await page.goto(`/organiser#/texts/sessions/${session.id}`);
  await field('Spanish', 'Talk 2: Title').fill('Lo que cambia');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(note(page)).toHaveText('Saved.');
  const { talks } = await office.ask('GET', `/sessions/${session.id}`);
  const expected = structuredClone(session.talks);
  expected[1].title.es = 'Lo que cambia';
  expect(talks).toEqual(expected);
});

test('a device is enrolled by the code on the screen, and suspended', async ({ page, site }) => {
  const office = await Office.open(site);
  await openAsOrganiser(page, site);
  await go(page, 'Desks and doors');
  await page.getByRole('textbox', { name: 'What it is called' }).fill('Tablet 4');
  await page.getByRole('button', { name: 'Make a code' }).click();
  await expect(page.getByRole('img', { name: 'QR code that enrols Tablet 4' })).toBeVisible();
  // What a camera would see.
  const link = await page.evaluate(async () => {
    const script = document.querySelector('script[type=module]').src;
    const { decodeQR } = await import(new URL('../vendor/qr/decode.js', script).href);
    const drawn = document.querySelector('svg.qr').cloneNode(true);
    drawn.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    const [, , side] = drawn.getAttribute('viewBox').split(' ').map(Number);
    const image = new ImageData(side * 8, side * 8);
    image.data.fill(255);
    for (const [, x, y] of drawn.querySelector('path').getAttribute('d').matchAll(/M(\d+) (\d+)/g)) {
      for (let row = 0; row < 8; row += 1) {
        for (let column = 0; column < 8; column += 1) {
          const at = ((Number(y) * 8 + row) * side * 8 + Number(x) * 8 + column) * 4;
          image.data.fill(0, at, at + 3);
        }
      }
    }
    return decodeQR(image);
  });
  expect(link).toContain('/desk#');
  const answer = await site.ask('POST', '/v1/enrolments/redeem', { body: { link, device: { name: 'Tablet' } } });
  expect(answer.status).toBe(201);
  await page.reload();
  await page.getByRole('button', { name: 'Suspend: Tablet 4' }).click();
  await expect(note(page)).toHaveText('Done.');
  await expect(page.getByRole('listitem').filter({ hasText: 'Tablet 4' })).toContainText('Suspended');
  const { items } = await office.ask('GET', '/enrolments');
  expect(items[0].state).toBe('suspended');
});

test('a device is enrolled as the desk lead’s, and is the lead’s no more', async ({ page, site }) => {
  const office = await Office.open(site);
  await openAsOrganiser(page, site);
  await go(page, 'Desks and doors');
  await page.getByRole('textbox', { name: 'What it is called' }).fill('Tablet 4');
  await page.getByRole('checkbox', { name: 'Desk lead: settles what is odd' }).check();
  await page.getByRole('button', { name: 'Make a code' }).click();
  const code = await page.locator('.code-card .code').textContent();
  expect((await site.ask('POST', '/v1/enrolments/redeem', { body: { code, device: { name: 'Tablet' } } })).status).toBe(201);
  await page.reload();
  const row = page.getByRole('listitem').filter({ hasText: 'Tablet 4' });
  await expect(row).toContainText('Desk lead');
  await row.getByRole('button', { name: 'No lead any more: Tablet 4' }).click();
  await expect(note(page)).toHaveText('Done.');
  const [device] = (await office.ask('GET', '/enrolments')).items;
  expect(device.is_lead ?? false).toBe(false);
  await expect(row.getByRole('button', { name: 'Make it the lead’s: Tablet 4' })).toBeVisible();
});

test('findings, and who changed what, can be read', async ({ page, site }) => {
  await openAsOrganiser(page, site);
  await go(page, 'Findings');
  await expect(page.getByRole('heading', { name: /It cannot take place so/ })).toBeVisible();
  await expect(page.getByText('A bus leaves too early.')).toBeVisible();
  const early = page.getByRole('listitem').filter({ hasText: 'A bus leaves too early.' }).first();
  await early.getByRole('button').first().click();
  await expect(dialog(page).getByRole('button', { name: 'Another room' })).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Close', exact: true }).click();
  await expect(early.getByRole('link', { name: /^Programme, / })).toHaveAttribute('href', /^#\/programme\?day=2018-/);
  const missing = page.getByText('A text is missing.');
  await expect(missing.first()).toBeHidden();
  await page.getByText(/^A text is missing \(\d+\)$/).click();
  await expect(missing.first()).toBeVisible();
  await go(page, 'Changes');
  await expect(page.getByRole('row')).not.toHaveCount(1);
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  await office.ask('POST', `/attendees/${ana.attendee}/registration/status`, { status: 'cancelled' });
  const { name } = site.person('organiser');
  await expect(page.getByRole('row').filter({ hasText: 'Ana Rojas' }).first()).toContainText(name);
  await expect(page.getByRole('row').filter({ hasText: 'Ana Rojas' }).first()).toContainText('moved');
});

test('older changes can be read, of one day, by one person, and of one record', async ({ page, site }, info) => {
  const office = await Office.open(site);
  const room = await office.find('rooms', 'punta-nueva-york');
  for (let capacity = 1; capacity <= 120; capacity += 1) await office.ask('PATCH', `/rooms/${room.id}`, { capacity });
  await openAsOrganiser(page, site);
  await go(page, 'Changes');
  const rows = page.locator('tbody tr');
  await expect(page.getByText('The newest 100 changes are shown; there are older ones.')).toBeVisible();
  await rows.first().locator('summary').click();
  await expect(rows.first()).toContainText('119 → 120');
  await page.getByRole('button', { name: 'Older ones' }).click();
  await expect.poll(() => rows.count()).toBeGreaterThan(119);
  await expect(rows.nth(119)).toContainText('Punta Nueva York');
  await rows.first().getByRole('link').click();
  await expect(page.getByText('Only the changes of one record are shown.')).toBeVisible();
  await page.getByLabel('Who').selectOption({ label: site.person('organiser').name });
  await expect(page.getByText('The newest 100 changes are shown; there are older ones.')).toBeVisible();
  await page.getByRole('link', { name: 'Show those of all' }).click();
  await page.getByLabel('Of which day').fill('2018-11-27');
  await expect(page.getByText('All 0 changes are shown.')).toBeVisible();
  await page.getByLabel('Of which day').fill('2018-11-26');
  await expect(rows.first()).toContainText('Punta Nueva York');
  await expectGoodState(page, info, 'organiser-audit-chosen');
});

test('findings are told in the reader’s language, with names and local times', async ({ browser, site }) => {
  test.slow();
  for (const [locale, sentence] of [
    ['es-CL', /sale \d+ minutos antes del fin de/],
    ['pt-BR', /sai \d+ minutos antes do fim de/],
    ['fr-CA', /part \d+ minutes avant la fin de/],
  ]) {
    const page = await browser.newPage({ locale, baseURL: site.address, serviceWorkers: 'block' });
    await openInAnyLanguage(page, site);
    await page.goto('/organiser#/findings');
    await expect(page.getByText(sentence).first()).toBeVisible();
    // None is left in the server's own English.
    await expect(page.locator('main [lang=en]')).toHaveCount(0);
    await page.close();
  }
});

test('hours are written as programmes in the reader’s language do', async ({ browser, site }) => {
  await site.advance(9 * 3_600_000);
  const page = await browser.newPage({ locale: 'es-CL', baseURL: site.address, serviceWorkers: 'block' });
  await openInAnyLanguage(page, site);
  await expect(page.getByRole('button', { name: /The Internal Reality/ }).first().locator('.time')).toHaveText('18:00');
  await page.close();
});

test('arrivals are plotted by the hour, with their table', async ({ page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  const { items } = await office.ask('GET', '/checkpoints?limit=500');
  const desk = items.find(({ slug }) => slug === 'desk-club');
  await office.ask('POST', `/checkpoints/${desk.id}/check`, { scan: '0192f1aa-7a10-7000-8000-000000005001', code: ana.badge });
  await openAsOrganiser(page, site);
  await expect(page.getByRole('img', { name: 'Arrivals by the hour' })).toBeVisible();
  await page.getByText('As a table').click();
  await expect(page.getByRole('row', { name: '08:00 1' })).toBeVisible();
});

/** What people are told: announcements, changes on their way out, and whom they reached. */

import { readFile } from 'node:fs/promises';

import { Office } from '../desk/cast.js';
import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { openApp, openView } from '../attendee/views.js';
import { addRooms, fault, note, openAsOrganiser } from './cast.js';

const go = (page, name) => page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name, exact: true }).click();
const button = (page, name) => page.getByRole('button', { name, exact: true });
const field = (page, language, name) => page.getByRole('group', { name: language, exact: true }).getByRole('textbox', { name });

/** A figure of a notice's reach. */
const figure = (page, name) =>
  page.getByRole('region', { name: 'Reach' }).locator('div', { has: page.getByText(name, { exact: true }) }).locator('.figure');

/** Writes an announcement to everybody, up to where it is looked at. */
async function write(page, { title, text, urgency }) {
  await go(page, 'Notices');
  await page.getByRole('link', { name: 'Announce …' }).click();
  await field(page, 'English', 'Title').fill(title);
  await field(page, 'English', 'Text').fill(text);
  await page.getByRole('checkbox', { name: 'Everybody who is confirmed' }).check();
  if (urgency) await page.getByRole('radio', { name: urgency }).check();
}

/** Somebody else who organises: their token. */
async function hireColleague(office, site) {
  const { email, name } = site.person('participant');
  await office.ask('POST', '/roles', { email, name, role: 'organiser' });
  return site.signIn('participant');
}

const announced = (office, more = {}) =>
  office.ask('POST', '/announcements', {
    texts: { en: { title: 'The shuttle runs later', text: 'It leaves at 9:30.' } },
    audience: { everybody: true },
    ...more,
  });

test('an announcement waits for a second person, who approves it', async ({ page, site }) => {
  const office = await Office.open(site);
  await office.register('Ana Rojas');
  await openAsOrganiser(page, site);
  await write(page, { title: 'The dinner is moved', text: 'It is at the embassy.', urgency: /^Urgent/ });
  await page.getByRole('checkbox', { name: 'A second person approves it first' }).check();
  await button(page, 'Look at it before it goes').click();
  await button(page, 'Hand it in for approval').click();
  await expect(note(page)).toHaveText('A second person is to approve it.');
  await expect(page.getByText('Somebody other than its author approves it.')).toBeVisible();
  await expect(button(page, 'Approve it')).toHaveCount(0);
  const token = await hireColleague(office, site);
  const { items } = await office.ask('GET', '/dispatches');
  const approved = await site.ask('POST', `/v1/events/csw-2018/announcements/${items[0].id}/approve`, { token, body: {} });
  expect(approved.status).toBe(200);
  await expect(page.locator('main .head .chip')).toHaveText(/^Sent /);
  await expect(figure(page, 'People whom it concerns')).toHaveText('1');
  await expect(page.getByRole('link', { name: 'Correct it' })).toHaveCount(0);
});

test('an organiser approves what another wrote, and stops what is to go out later', async ({ page, site }) => {
  const office = await Office.open(site);
  await office.register('Ana Rojas');
  const token = await hireColleague(office, site);
  const body = { texts: { en: { title: 'Photo at noon', text: 'On the stairs.' } }, audience: { everybody: true }, needs_approval: true, send_at: '2018-11-26T15:00:00Z' };
  expect((await site.ask('POST', '/v1/events/csw-2018/announcements', { token, body })).status).toBe(201);
  await openAsOrganiser(page, site);
  await page.getByRole('region', { name: 'Notices' }).getByRole('link', { name: /Photo at noon/ }).click();
  await button(page, 'Approve it').click();
  await expect(note(page)).toHaveText('It is approved.');
  await expect(page.locator('main .head .chip')).toHaveText(/^Goes out .*12:00$/);
  await button(page, 'Do not send it').click();
  await expect(note(page)).toHaveText('It is not sent.');
  await expect(page.locator('main .head .chip')).toHaveText('Not sent');
});

test('a draft is kept, changed, and goes out at its time', async ({ page, site }) => {
  const office = await Office.open(site);
  await office.register('Ana Rojas');
  await openAsOrganiser(page, site);
  await write(page, { title: 'Doors open', text: 'Please come in.' });
  await button(page, 'Keep as a draft').click();
  await expect(note(page)).toHaveText('The draft is kept.');
  await page.getByRole('link', { name: 'Change it' }).click();
  await field(page, 'English', 'Text').fill('Please come in by the left door.');
  await page.getByRole('radio', { name: 'At a time' }).check();
  await page.getByLabel('Time, as clocks at the event show it').fill('2018-11-26T07:00');
  await button(page, 'Look at it before it goes').click();
  await expect(fault(page)).toContainText('Choose a time to come.');
  await page.getByLabel('Time, as clocks at the event show it').fill('2018-11-26T10:30');
  await button(page, 'Look at it before it goes').click();
  await button(page, 'Save').click();
  await expect(note(page)).toHaveText('It is changed.');
  const { items } = await office.ask('GET', '/dispatches');
  expect(items[0]).toMatchObject({ state: 'draft', send_at: '2018-11-26T13:30:00.000Z', texts: { en: { text: 'Please come in by the left door.' } } });
  await button(page, 'Send it now').click();
  await expect(page.locator('main .head .chip')).toHaveText(/^Goes out .*10:30$/);
  await site.advance(2 * 3_600_000 + 31 * 60_000);
  await expect(page.locator('main .head .chip')).toHaveText(/^Sent /);
});

test('what is out is corrected, sent once more to those not reached, and withdrawn after a question', async ({ page, site }) => {
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas');
  const { id } = await announced(office);
  await openAsOrganiser(page, site);
  await page.goto(`/organiser#/notice/${id}`);
  await page.getByRole('link', { name: 'Correct it' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Correct the announcement' })).toBeVisible();
  await expect(page.getByRole('checkbox', { name: 'Everybody who is confirmed' })).toHaveCount(0);
  await field(page, 'English', 'Text').fill('It leaves at 10:00.');
  await button(page, 'Look at it before it goes').click();
  await button(page, 'Correct it and tell everybody').click();
  await expect(note(page)).toHaveText('It is corrected, and everybody is told again.');
  await expect(page.getByText('Correction', { exact: true })).toBeVisible();
  await expect(page.getByText('It leaves at 10:00.')).toBeVisible();
  await button(page, 'Once more to those not reached').click();
  await expect(note(page)).toHaveText('It goes once more to 1 person.');
  await button(page, 'Withdraw it').click();
  await expect(page.getByText('This cannot be taken back.')).toBeVisible();
  await expect(button(page, 'Withdraw it')).toBeFocused();
  await button(page, 'Leave it').click();
  expect((await office.ask('GET', `/dispatches/${id}`)).state).toBe('sent');
  await button(page, 'Withdraw it').click();
  await button(page, 'Withdraw it').click();
  await expect(note(page)).toHaveText('It is withdrawn.');
  await expect(page.locator('main .head .chip')).toHaveText(/^Withdrawn/);
  expect(ana.attendee).toBeTruthy();
});

test('who is not told is told by hand, with the sheet to call by and a text to paste', async ({ page, context, site }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const office = await Office.open(site);
  const delegation = await office.ask('POST', '/delegations', { slug: 'chile', name: { en: 'Chile' }, country: 'CL' });
  await office.register('Ana Rojas', { delegation: delegation.id });
  await office.register('Bruno Lima');
  const { id } = await announced(office);
  await openAsOrganiser(page, site);
  await page.goto(`/organiser#/notice/${id}`);
  await expect(page.getByRole('heading', { name: 'Who must still be told (2)' })).toBeVisible();
  const ana = page.getByRole('listitem').filter({ hasText: 'Ana Rojas' });
  await expect(ana).toContainText('Chile · is in the audience');
  await expect(ana).toContainText('not told · no device');
  const coming = page.waitForEvent('download');
  await button(page, 'Call sheet').click();
  expect(await readFile(await (await coming).path(), 'utf8')).toContain('Ana Rojas');
  await button(page, 'Text to paste').click();
  const text = page.getByRole('textbox', { name: 'Text to paste' });
  await expect(text).toHaveValue(/The shuttle runs later[\s\S]*Bruno Lima/);
  await button(page, 'Copy').click();
  await expect(note(page)).toHaveText('It is copied.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await text.inputValue());
  await page.getByRole('textbox', { name: 'Where or how (not required): Ana Rojas' }).fill('At the coffee bar');
  await button(page, 'Told by hand: Ana Rojas').click();
  await expect(note(page)).toHaveText('Ana Rojas is noted as told.');
  await expect(ana).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Who must still be told (1)' })).toBeVisible();
  await expect(figure(page, 'Told')).toHaveText('1');
  await go(page, 'Notices');
  await expect(page.getByRole('listitem').filter({ hasText: 'The shuttle runs later' })).toContainText('1 of 2 are told · 1 person is still to be told');
});

test.describe('changes on their way out', () => {
  /** Moves a session of tomorrow, which is far enough away to wait for another edit. */
  async function move(site) {
    const office = await Office.open(site);
    const { blue } = await addRooms(office);
    const session = await office.find('sessions', 'the-internal-reality');
    await office.ask('POST', `/sessions/${session.id}/move`, { room: blue.id });
    return office;
  }

  test('they are shown with their words, and go out at once in others', async ({ page, site }) => {
    await openAsOrganiser(page, site);
    const office = await move(site);
    const held = page.getByRole('region', { name: 'On its way out' });
    await expect(held).toContainText('New room: The Internal Reality');
    await expect(held).toContainText(/goes out in \d+ s/);
    await button(held, 'Change the words').click();
    await field(held, 'English', 'Title').fill('The room is flooded');
    await field(held, 'English', 'Text').fill('Please come to the Blue Room.');
    await button(held, 'Send it now').click();
    await expect(note(page)).toHaveText('It goes out.');
    await expect(held).toHaveCount(0);
    await expect.poll(async () => (await office.ask('GET', '/dispatches')).items.map(({ title }) => title.en)).toEqual(['The room is flooded']);
    await expect(page.getByRole('region', { name: 'Notices' }).getByRole('link', { name: /The room is flooded/ })).toBeVisible();
  });

  test('they wait while words are found for them, or when somebody says so', async ({ page, site }) => {
    await openAsOrganiser(page, site);
    const office = await move(site);
    const held = page.getByRole('region', { name: 'On its way out' });
    await button(held, 'Hold on').click();
    await expect(note(page)).toHaveText('It waits for 10 minutes, then goes out by itself.');
    await expect(held).toContainText('goes out in 10 min');
    await site.advance(120_000);
    expect((await office.ask('GET', '/dispatches')).items).toEqual([]);
    await button(held, 'Change the words').click();
    await expect(held).toContainText(/goes out in 1[012] min/);
    expect((await office.ask('GET', '/dispatches')).items).toEqual([]);
  });

  test('they are stopped, and nobody is told', async ({ page, site }) => {
    await openAsOrganiser(page, site);
    const office = await move(site);
    await button(page, 'Tell nobody').click();
    await expect(note(page)).toHaveText('Nobody is told. The programme stays as it is.');
    await expect(page.getByRole('region', { name: 'On its way out' })).toHaveCount(0);
    await site.advance(120_000);
    expect((await office.ask('GET', '/dispatches')).items).toEqual([]);
  });
});

test.describe('with the crowd', () => {
  test.use({ crowd: true });

  test('an announcement is looked at in each language, goes out, and is seen to arrive', async ({ browser, page, site }) => {
    test.slow();
    const phone = await browser.newPage({ baseURL: site.address, locale: 'en-GB', viewport: { width: 360, height: 740 } });
    await openApp(phone, site, 'minister');
    await openAsOrganiser(page, site);
    await write(page, { title: 'Lunch is on the terrace', text: 'Today only.\nTake the stairs.' });
    await button(page, 'Look at it before it goes').click();
    await expect(page.getByRole('heading', { name: 'Is it right so?' })).toBeFocused();
    await expect(page.getByText('Readers of Spanish read it in English.')).toBeVisible();
    await button(page, 'Back').click();
    await expect(field(page, 'English', 'Text')).toHaveValue('Today only.\nTake the stairs.');
    await field(page, 'Spanish', 'Title').fill('El almuerzo es en la terraza');
    await button(page, 'Look at it before it goes').click();
    await expect(fault(page)).toContainText('A language has both or neither.');
    await field(page, 'Spanish', 'Text').fill('Solo hoy.');
    await page.getByRole('checkbox', { name: 'Everybody is asked to acknowledge it' }).check();
    await button(page, 'Look at it before it goes').click();
    await expect(page.getByText(/Readers of/)).toHaveCount(0);
    await expect(page.getByText('Everybody who is confirmed')).toBeVisible();
    const office = await Office.open(site);
    expect((await office.ask('GET', '/dispatches')).items).toEqual([]);
    await button(page, 'Send it').click();
    await expect(note(page)).toHaveText('It goes out.');
    await expect(page.getByRole('heading', { level: 1, name: 'Lunch is on the terrace' })).toBeVisible();
    await openView(phone, 'inbox');
    await expect(phone.getByText('Lunch is on the terrace')).toBeVisible();
    await expect(figure(page, 'Acknowledged')).toHaveText('0');
    await button(phone, 'I have understood').click();
    await expect(phone.getByText('Understood', { exact: true })).toBeVisible();
    // The phone shows it before it has told the server; the clock moves once that knows it.
    const [{ id }] = (await office.ask('GET', '/dispatches')).items;
    await expect.poll(async () => (await office.ask('GET', `/dispatches/${id}`)).reach.acknowledged).toBe(1);
    // Figures are written anew every two seconds at most.
    await site.advance(2_000);
    await expect(figure(page, 'Acknowledged')).toHaveText('1');
    await expect(page.getByRole('region', { name: 'Reach' }).getByText(/\d by (a device|mail)/)).toBeVisible();
    await expect(page.getByRole('img', { name: 'Reach over time' })).toBeVisible();
    await page.getByText('As a table').click();
    await expect(page.getByRole('table', { name: 'Reach over time' }).getByRole('row').last()).toHaveText(/^5 secs\d+11$/);
    await phone.close();
  });
});

test('what is written of an announcement survives a reload, until it is sent or discarded', async ({ page, site }, info) => {
  const office = await Office.open(site);
  await office.register('Ana Rojas');
  await openAsOrganiser(page, site);
  await page.goto('/organiser#/announce');
  await field(page, 'English', 'Title').fill('The shuttle runs later');
  await field(page, 'Spanish', 'Text').fill('Sale a las 9:30.');
  await page.locator('summary').filter({ hasText: /^Single people/ }).click();
  await page.getByRole('searchbox', { name: 'Name, organisation, address' }).fill('rojas');
  await page.keyboard.press('Enter');
  await button(page, 'Add: Ana Rojas').click();
  await page.getByRole('radio', { name: /^Urgent/ }).check();
  await page.reload();
  await expect(page.getByText('What you wrote here before is still there.')).toBeVisible();
  await expect(field(page, 'English', 'Title')).toHaveValue('The shuttle runs later');
  await expect(field(page, 'Spanish', 'Text')).toHaveValue('Sale a las 9:30.');
  await expect(page.getByRole('radio', { name: /^Urgent/ })).toBeChecked();
  await expect(button(page, 'Take out: Ana Rojas')).toBeVisible();
  await expectGoodState(page, info, 'organiser-announce-recalled');
  await button(page, 'Discard it').click();
  await expect(field(page, 'English', 'Title')).toHaveValue('');
  await expect(button(page, 'Take out: Ana Rojas')).toHaveCount(0);
  await page.reload();
  await expect(field(page, 'English', 'Title')).toHaveValue('');
  await expect(page.getByText('What you wrote here before is still there.')).toHaveCount(0);
  await write(page, { title: 'The dinner is moved', text: 'It is at the embassy.' });
  await page.reload();
  await button(page, 'Look at it before it goes').click();
  await button(page, 'Send it').click();
  await expect(page.getByRole('heading', { level: 1, name: 'The dinner is moved' })).toBeVisible();
  await page.goto('/organiser#/announce');
  await expect(field(page, 'English', 'Title')).toHaveValue('');
});

test('what somebody wrote of an announcement is gone when they sign out', async ({ page, site }) => {
  await openAsOrganiser(page, site);
  await page.goto('/organiser#/announce');
  await field(page, 'English', 'Title').fill('The shuttle runs later');
  await button(page, 'Sign out').click();
  await expect(page.getByRole('textbox', { name: 'Code' })).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('shuttle');
});

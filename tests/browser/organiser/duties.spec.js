/** Who works where, who looks after delegations, and the rules by which messages are approved. */

import { Office } from '../desk/cast.js';
import { expect, expectAccessible, test } from '../harness/test.js';
import { addRooms, fault, note, openAsOrganiser } from './cast.js';

const go = (page, name) => page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name, exact: true }).click();
const button = (page, name) => page.getByRole('button', { name, exact: true });
const place = (page, name) => page.getByRole('region', { name, exact: true });

/** Presses Tab until something has the focus, and then a key. */
async function tabTo(page, target) {
  for (let presses = 0; presses < 150; presses += 1) {
    if (await target.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${target}`);
}

test('an interpreter is given a duty, which is changed, and ends', async ({ page, site }) => {
  const office = await Office.open(site);
  const { blue } = await addRooms(office);
  const ana = await office.register('Ána Rojas', { details: { organisation: 'Interpreters’ Guild' } });
  await openAsOrganiser(page, site);
  await go(page, 'Duties');
  await expect(page.getByText('Nobody has a duty yet.')).toBeVisible();
  await page.getByRole('link', { name: 'Give a duty' }).click();
  await page.getByRole('searchbox', { name: 'Who' }).fill('guild ana');
  await expect(page.getByText('1 person', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: /Ána Rojas/ }).click();
  await page.getByRole('radio', { name: 'Interpreting' }).check();
  await page.getByRole('combobox', { name: 'Where' }).selectOption(`rooms/${blue.id}`);
  await page.getByRole('textbox', { name: 'In a few words' }).fill('Booth 2, French');
  await button(page, 'Give a duty').click();
  await expect(note(page)).toHaveText('Ána Rojas has the duty, and is told of changes there.');
  await expect(place(page, 'Blue Room')).toContainText('Ána Rojas');
  await expect(place(page, 'Blue Room')).toContainText('Booth 2, French');
  const [given] = (await office.ask('GET', '/duties')).items;
  expect(given).toMatchObject({ attendee: ana.attendee, kind: 'interpreter', collection: 'rooms', object: blue.id, note: 'Booth 2, French' });
  await page.getByRole('link', { name: 'Change: Ána Rojas, Interpreting' }).click();
  await page.getByRole('radio', { name: 'Sound and pictures' }).check();
  await page.getByLabel('From').fill('2018-11-26T09:00');
  await page.getByLabel('Until').fill('2018-11-26T13:00');
  await button(page, 'Save').click();
  await expect(note(page)).toHaveText('The duty is changed.');
  await expect.poll(async () => (await office.ask('GET', '/duties')).items).toHaveLength(1);
  expect((await office.ask('GET', '/duties')).items[0]).toMatchObject({
    kind: 'sound',
    from: '2018-11-26T12:00:00.000Z',
    to: '2018-11-26T16:00:00.000Z',
    note: 'Booth 2, French',
  });
  await page.getByRole('link', { name: /^Interpreting/ }).click();
  await expect(page.getByText('Nobody has such a duty yet.')).toBeVisible();
  await page.getByRole('link', { name: /^Sound and pictures/ }).click();
  await page.getByRole('button', { name: 'End: Ána Rojas, Sound and pictures' }).click();
  await expect(note(page)).toHaveText('The duty of Ána Rojas has ended.');
  await expect(page.getByText('Nobody has a duty yet.')).toBeVisible();
  expect((await office.ask('GET', '/duties')).items).toHaveLength(0);
});

test('what is wrong with a duty is said at the field, by the page and by the server', async ({ page, site }) => {
  const office = await Office.open(site);
  const { blue } = await addRooms(office);
  await office.register('Ana Rojas');
  await openAsOrganiser(page, site);
  await page.goto('/organiser#/duty');
  await button(page, 'Give a duty').click();
  const who = page.getByRole('searchbox', { name: 'Who' });
  await expect(who).toBeFocused();
  await expect(who).toHaveAccessibleDescription('Choose who it is.');
  await expect(page.getByRole('group', { name: 'What they do' })).toHaveAccessibleDescription('Choose what they do.');
  await expect(page.getByRole('combobox', { name: 'Where' })).toHaveAccessibleDescription('Choose where it is.');
  await expectAccessible(page);
  await who.fill('ana');
  await page.getByRole('button', { name: /Ana Rojas/ }).click();
  await page.getByRole('radio', { name: 'Driving' }).check();
  await page.getByRole('combobox', { name: 'Where' }).selectOption(`rooms/${blue.id}`);
  await page.getByLabel('From').fill('2018-11-26T13:00');
  await page.getByLabel('Until').fill('2018-11-26T09:00');
  await button(page, 'Give a duty').click();
  await expect(page.getByLabel('Until')).toBeFocused();
  await expect(page.getByLabel('Until')).toHaveAccessibleDescription(/^It ends after it begins\./);
  await page.getByLabel('Until').fill('2018-11-26T14:00');
  // The room goes while the duty is on its way.
  await page.route('**/duties', async (route) => {
    await office.ask('DELETE', `/rooms/${blue.id}`);
    await route.continue();
  });
  await button(page, 'Give a duty').click();
  await expect(page.getByRole('combobox', { name: 'Where' })).toHaveAccessibleDescription('It is not in the programme any more.');
  await expect(page.getByRole('combobox', { name: 'Where' })).toBeFocused();
  expect((await office.ask('GET', '/duties')).items).toHaveLength(0);
});

test('a duty is given by the keyboard alone', async ({ page, site }) => {
  const office = await Office.open(site);
  const { blue } = await addRooms(office);
  await office.register('Ana Rojas');
  await openAsOrganiser(page, site);
  await tabTo(page, page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Duties', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Duties' })).toBeFocused();
  await tabTo(page, page.getByRole('link', { name: 'Give a duty' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('searchbox', { name: 'Who' }));
  await page.keyboard.type('rojas');
  await page.keyboard.press('Enter');
  await expect(button(page, 'Somebody else')).toBeFocused();
  await tabTo(page, page.getByRole('radio', { name: 'Interpreting' }));
  await page.keyboard.press('Space');
  await tabTo(page, page.getByRole('combobox', { name: 'Where' }));
  await page.keyboard.type('Blue Room');
  await expect(page.getByRole('combobox', { name: 'Where' })).toHaveValue(`rooms/${blue.id}`);
  await tabTo(page, button(page, 'Give a duty'));
  await page.keyboard.press('Enter');
  await expect(note(page)).toHaveText('Ana Rojas has the duty, and is told of changes there.');
});

test('without a network duties are read, and what is written waits in the form', async ({ page, context, site }) => {
  const office = await Office.open(site);
  const { blue } = await addRooms(office);
  const ana = await office.register('Ana Rojas');
  await office.register('Eva Lagos');
  await office.ask('POST', '/duties', { attendee: ana.attendee, kind: 'usher', collection: 'rooms', object: blue.id });
  await openAsOrganiser(page, site);
  await go(page, 'Duties');
  await expect(place(page, 'Blue Room')).toContainText('Ana Rojas');
  await page.getByRole('link', { name: 'Give a duty: Blue Room' }).click();
  await context.setOffline(true);
  await expect(page.getByText('There is no connection. What you write stays here')).toBeVisible();
  await page.getByRole('searchbox', { name: 'Who' }).fill('eva');
  await page.getByRole('button', { name: /Eva Lagos/ }).click();
  await page.getByRole('radio', { name: 'Ushering' }).check();
  await button(page, 'Give a duty').click();
  await expect(fault(page)).toContainText('There is no connection to the server.');
  await expectAccessible(page);
  await context.setOffline(false);
  await expect(page.getByText('There is no connection. What you write stays here')).toBeHidden();
  await button(page, 'Give a duty').click();
  await expect(note(page)).toHaveText('Eva Lagos has the duty, and is told of changes there.');
  await expect(place(page, 'Blue Room')).toContainText('Eva Lagos');
});

test('a liaison officer of a delegation is named by address, and no more', async ({ page, site }) => {
  const office = await Office.open(site);
  const { id } = await office.ask('POST', '/delegations', { slug: 'chile', name: { en: 'Chile' }, country: 'CL' });
  await openAsOrganiser(page, site);
  await go(page, 'Duties');
  await page.getByRole('link', { name: 'For delegations' }).click();
  const row = page.getByRole('listitem').filter({ has: page.getByText('Chile', { exact: true }) });
  await expect(row).toContainText('Nobody looks after it yet');
  await row.getByRole('link').click();
  await button(page, 'Give a duty').click();
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await expect(page.getByRole('textbox', { name: 'E-mail address' })).toHaveAccessibleDescription(/^Enter an address/);
  await expectAccessible(page);
  await page.getByRole('textbox', { name: 'Name' }).fill('Fabiola Reyes');
  await page.getByRole('textbox', { name: 'E-mail address' }).fill('fabiola.reyes@example.org');
  await page.getByRole('textbox', { name: 'Phone' }).fill('0142');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Phone' })).toHaveAccessibleDescription(/^A number in international form/);
  await page.getByRole('textbox', { name: 'Phone' }).fill('+56 9 5555 0142');
  await page.keyboard.press('Enter');
  await expect(note(page)).toHaveText('Fabiola Reyes is now named: Liaison officer.');
  await expect(page.getByRole('link', { name: '+56 9 5555 0142' })).toHaveAttribute('href', 'tel:+56955550142');
  const holders = async () => (await office.ask('GET', `/delegations/${id}/duties`)).items.map(({ name, phone, duties }) => [name, phone, duties]);
  await expect.poll(holders).toEqual([['Fabiola Reyes', '+56 9 5555 0142', ['liaison']]]);
  await page.getByRole('button', { name: 'End: Fabiola Reyes, Liaison officer' }).click();
  await expect(note(page)).toHaveText('Fabiola Reyes is not named any more: Liaison officer.');
  expect((await office.ask('GET', `/delegations/${id}/duties`)).items).toHaveLength(0);
});

test('a rule of approval is written, holds for the next message, is changed and taken away', async ({ page, site }) => {
  const office = await Office.open(site);
  const delegation = await office.ask('POST', '/delegations', { slug: 'chile', name: { en: 'Chile' }, country: 'CL' });
  await office.register('Ana Rojas', { delegation: delegation.id });
  const rules = async () => (await office.ask('GET', '/approval-rules')).rules;
  await openAsOrganiser(page, site);
  await go(page, 'Notices');
  await page.getByRole('link', { name: 'Rules of approval' }).click();
  await expect(page.getByText('There is no rule.')).toBeVisible();
  await button(page, 'Add a rule').click();
  await expect(page.getByRole('checkbox', { name: 'Quiet' })).toBeFocused();
  await button(page, 'Save').click();
  await expect(page.getByText('Choose something: a rule is for some messages, not for all.')).toBeVisible();
  await expect(page.getByRole('checkbox', { name: 'Quiet' })).toBeFocused();
  await expectAccessible(page);
  await page.getByRole('checkbox', { name: 'Emergency' }).check();
  await page.getByText(/^Delegations \(/).click();
  await page.getByRole('checkbox', { name: 'Chile' }).check();
  await button(page, 'Save').click();
  await expect(note(page)).toHaveText('The rule holds from now on.');
  expect(await rules()).toEqual([{ urgencies: ['emergency'], delegations: [delegation.id] }]);
  const rule = page.getByRole('listitem', { name: 'Rule 1' });
  await expect(rule).toContainText('Emergency');
  await expect(rule).toContainText('Chile');
  const said = { texts: { en: { title: 'Leave by the stairs', text: 'At once.' } }, audience: { everybody: true }, urgency: 'emergency' };
  expect((await office.ask('POST', '/announcements', said)).state).toBe('to_approve');
  await page.getByRole('button', { name: 'Change: Rule 1' }).click();
  await page.getByRole('checkbox', { name: 'Chile' }).uncheck();
  await button(page, 'Save').click();
  await expect.poll(rules).toEqual([{ urgencies: ['emergency'] }]);
  await page.getByRole('button', { name: 'Take out: Rule 1' }).click();
  await expect(note(page)).toHaveText('The rule does not hold any more.');
  expect(await rules()).toEqual([]);
});

test('rules that somebody else has written meanwhile are not overwritten', async ({ page, site }) => {
  const office = await Office.open(site);
  await openAsOrganiser(page, site);
  await page.goto('/organiser#/approval');
  await button(page, 'Add a rule').click();
  await page.getByRole('checkbox', { name: 'Urgent' }).check();
  await office.ask('PUT', '/approval-rules', { rules: [{ urgencies: ['emergency'] }] });
  await button(page, 'Save').click();
  await expect(fault(page)).toContainText('Somebody has changed this meanwhile.');
  await expect(page.getByRole('listitem', { name: 'Rule 1' })).toContainText('Emergency');
  expect((await office.ask('GET', '/approval-rules')).rules).toEqual([{ urgencies: ['emergency'] }]);
});

test('without a network the rules that were read stay in view, and nothing is said to be saved', async ({ page, context, site }) => {
  const office = await Office.open(site);
  await office.ask('PUT', '/approval-rules', { rules: [{ urgencies: ['emergency'] }] });
  await openAsOrganiser(page, site);
  await page.goto('/organiser#/approval');
  await expect(page.getByRole('listitem', { name: 'Rule 1' })).toBeVisible();
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Take out: Rule 1' }).click();
  await expect(fault(page)).toContainText('There is no connection to the server.');
  await expect(page.getByRole('listitem', { name: 'Rule 1' })).toBeVisible();
  await context.setOffline(false);
  expect((await office.ask('GET', '/approval-rules')).rules).toHaveLength(1);
});

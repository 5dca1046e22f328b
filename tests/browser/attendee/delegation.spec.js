/** A delegation in the hands of its focal point and its liaison officer. */

import { Office } from '../desk/cast.js';
import { expectGoodState, expectGoodView } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { field, openDelegation, openMine } from './delegation-cast.js';
import { button, expectKept, heading, openApp, openView, send, status } from './views.js';

test('a focal point sees who comes, the numbers, and registers a member who may be there already', async ({ page, site }, info) => {
  const { members, find } = await openDelegation(site);
  await openMine(page, site);
  await expect(page.getByText('You are its focal point')).toBeVisible();
  const numbers = page.getByRole('region', { name: 'Places' });
  await expect(numbers.getByText('2 of 3')).toBeVisible();
  await expect(numbers.getByText('0 of 2 · at most 1 inside at once')).toBeVisible();
  await expect(numbers.getByText('0 of 1')).toBeVisible();
  const coming = page.getByRole('region', { name: 'Who comes' }).getByRole('link');
  await expect(coming).toHaveText([/Teresa Falealili.*Head of delegation/s, /The Minister of Justice.*Place kept/s]);
  await expectGoodState(page, info, 'attendee-delegation');
  await page.getByRole('link', { name: 'Register a member' }).click();
  await page.getByRole('combobox', { name: /^Category/ }).selectOption({ label: 'Delegate' });
  await button(page, 'Register').click();
  await expect(page.getByText('Please fill this in.')).toHaveCount(2);
  await expect(field(page, 'Name (required)')).toBeFocused();
  await page.keyboard.type('FALEALILI, Teresa');
  await expect(page.getByText('Somebody like this is in the delegation already')).toBeVisible();
  await expectGoodState(page, info, 'attendee-member-register');
  await field(page, 'Name (required)').fill('Sione Lopati');
  await expect(page.getByText('Somebody like this')).toHaveCount(0);
  await field(page, 'What do you not eat? (required)').fill('Fish');
  await send(page, () => button(page, 'Register').click());
  await expect(heading(page, 'Tuvalu')).toBeVisible();
  await expect(page.getByText('It is kept here and sent to the organisers.')).toBeVisible();
  await expect(numbers.getByText('3 of 3')).toBeVisible();
  expect(await find('Sione Lopati')).toMatchObject({ status: 'confirmed' });
  expect(await members()).toHaveLength(3);
});

test('who is registered without a network waits on the device, then for a place', async ({ page, context, site }, info) => {
  const { find, office, category, delegation } = await openDelegation(site);
  await office.ask('POST', '/registrations', { name: 'Ana Third', category, delegation, status: 'confirmed', answers: { diet: 'No' } });
  await openMine(page, site);
  await expect(page.getByText('3 of 3')).toBeVisible();
  await page.getByRole('link', { name: 'Register a member' }).click();
  await expect(heading(page, 'Register a member')).toBeVisible();
  await context.setOffline(true);
  await page.getByRole('combobox', { name: /^Category/ }).selectOption({ label: 'Delegate' });
  await field(page, 'Name (required)').fill('Sione Lopati');
  await field(page, 'What do you not eat? (required)').fill('Fish');
  await button(page, 'Register').click();
  await expect(page.getByRole('region', { name: 'Waiting' }).getByText('Sione Lopati')).toBeVisible();
  await expect(page.getByText('Registration (not sent yet)')).toBeVisible();
  await expectGoodState(page, info, 'attendee-delegation-offline');
  await openView(page, 'changes');
  await expect(page.getByText('Sione Lopati')).toBeVisible();
  await openView(page, `delegation/${delegation}`);
  await send(page, () => context.setOffline(false));
  await expect(page.getByRole('region', { name: 'Waiting' }).getByText('On the waiting list, number 1')).toBeVisible();
  expect(await find('Sione Lopati')).toMatchObject({ status: 'waitlisted' });
});

test('a place that was kept is named, and a member is corrected with the answers of the form', async ({ page, site }, info) => {
  const { find, placeholder, head, office } = await openDelegation(site);
  await openMine(page, site);
  await openView(page, `member/${placeholder}`);
  await page.getByRole('link', { name: 'Name the person' }).click();
  await field(page, 'Name (required)').fill('Faatasi Paeniu');
  await button(page, 'Name this person').click();
  await expect(field(page, 'What do you not eat? (required)')).toBeFocused();
  await page.keyboard.type('Pork');
  await send(page, () => button(page, 'Name this person').click());
  await expect(heading(page, 'Faatasi Paeniu')).toBeVisible();
  expect((await find('Faatasi Paeniu')).is_placeholder).toBeUndefined();
  await openView(page, `member-form/${head}?do=correct`);
  await expect(field(page, 'What do you not eat? (required)')).toHaveValue('Nuts');
  await expect(field(page, 'Position')).toHaveValue('Adviser');
  await expectGoodState(page, info, 'attendee-member-correct');
  await field(page, 'What do you not eat? (required)').fill('Nothing');
  await page.getByRole('combobox', { name: 'Role in the delegation' }).selectOption({ label: 'Alternate' });
  await send(page, () => button(page, 'Send the correction').click());
  await expect(page.getByText('Alternate', { exact: true })).toBeVisible();
  expect(await office.ask('GET', `/attendees/${head}/registration`)).toMatchObject({ delegation_role: 'alternate', answers: { diet: 'Nothing' } });
});

test('an invitation is answered for a member, a visit chosen, and what is refused says why', async ({ page, context, site }, info) => {
  const { office, head, placeholder, session, visit } = await openDelegation(site);
  await openMine(page, site);
  await openView(page, `member/${head}`);
  const invitations = page.getByRole('region', { name: 'Invitations' });
  await expect(invitations.getByText('Not answered yet')).toBeVisible();
  const seat = page.getByRole('region', { name: 'Visits and seats' }).getByRole('listitem').filter({ has: page.locator(`a[href="#/session/${visit}"]`) });
  await expect(seat).toBeVisible();
  await expectGoodState(page, info, 'attendee-member');
  await send(page, () => invitations.getByRole('button', { name: 'Accept' }).click());
  await expect(invitations.getByText('Accepted')).toBeVisible();
  const { items } = await office.ask('GET', `/attendees/${head}/invitations`);
  expect(items).toMatchObject([{ object: session, answer: 'accepted' }]);
  await context.setOffline(true);
  await seat.getByRole('button', { name: 'Ask for a seat' }).click();
  await expect(seat.getByText('(not sent yet)')).toBeVisible();
  await send(page, () => context.setOffline(false));
  await expect(seat.getByText('Seat confirmed')).toBeVisible();
  await openView(page, `member/${placeholder}`);
  await send(page, () => seat.getByRole('button', { name: 'Ask for a seat' }).click());
  await expect(seat.getByText('The delegation has as many as it may.')).toBeVisible();
  await expectGoodState(page, info, 'attendee-member-refused');
  await seat.getByRole('button', { name: 'I have read it' }).click();
  await openView(page, 'delegation');
  await expect(page.getByText('1 of 2 · at most 1 inside at once')).toBeVisible();
  await expect(page.getByText('1 of 1')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Today' }).getByText('Teresa Falealili (Accepted)')).toBeVisible();
});

test('by keyboard alone a registration is cancelled, with a word, and a place is given to somebody else', async ({ page, site }, info) => {
  const { head, placeholder, find } = await openDelegation(site);
  await openMine(page, site);
  await openView(page, `member/${placeholder}`);
  await button(page, 'Cancel the registration').focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: /Cancel the registration of The Minister/ });
  await expect(dialog).toBeVisible();
  await expectGoodState(page, info, 'attendee-member-cancel');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.keyboard.press('Enter');
  await field(page, 'Why, in words to the person (not required)').focus();
  await page.keyboard.type('A vote at home');
  await send(page, () => page.keyboard.press('Enter'));
  await expect(page.getByText('Cancelled', { exact: true })).toBeVisible();
  expect(await find('The Minister of Justice or representative')).toMatchObject({ status: 'cancelled', reason: 'A vote at home' });
  await openView(page, `member-form/${head}?do=replace`);
  await field(page, 'Name (required)').fill('Kausea Natano');
  await field(page, 'What do you not eat? (required)').fill('Nothing');
  await button(page, 'Give the place').focus();
  await send(page, () => page.keyboard.press('Enter'));
  await expect(heading(page, 'Tuvalu')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Who comes' }).getByText('Kausea Natano')).toBeVisible();
  expect(await find('Kausea Natano')).toMatchObject({ status: 'confirmed', delegation_role: 'head', replaces: head });
});

test('a place is given without a network, and what was written stays where it is refused', async ({ page, context, site }, info) => {
  const { office, head, placeholder, find } = await openDelegation(site);
  await openMine(page, site);
  const give = async (of, name) => {
    await openView(page, `member-form/${of}?do=replace`);
    await field(page, 'Name (required)').fill(name);
    await field(page, 'What do you not eat? (required)').fill('Nothing');
    await page.getByRole('group', { name: 'The person needs' }).getByRole('checkbox', { name: 'What is said, as text' }).check();
    await button(page, 'Give the place').click();
    await expect(page.getByText('It is kept here and sent to the organisers.')).toBeVisible();
  };
  await expect(page.getByRole('region', { name: 'Places' }).getByText('2 of 3')).toBeVisible();
  await context.setOffline(true);
  await give(head, 'Kausea Natano');
  await give(placeholder, 'Faatasi Paeniu');
  const waiting = page.getByRole('region', { name: 'Waiting' });
  await expect(waiting.getByRole('listitem')).toHaveText([/Kausea Natano.*not sent yet/s, /Faatasi Paeniu.*not sent yet/s]);
  await openView(page, `member/${head}`);
  await expect(heading(page, 'Teresa Falealili')).toBeVisible();
  await expect(page.getByText('Place given to somebody else (not sent yet)')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Give the place to somebody else' })).toHaveCount(0);
  await expectGoodState(page, info, 'attendee-member-replaced-offline');
  await office.ask('POST', `/attendees/${placeholder}/registration/status`, { status: 'cancelled' });
  await context.setOffline(false);
  await expect(status(page)).toContainText('1 change refused');
  await openView(page, 'changes');
  await page.getByRole('link', { name: 'Put it right' }).click();
  await expect(heading(page, 'The Minister of Justice or representative')).toBeVisible();
  await expect(page.getByText('Place given to somebody else:')).toBeVisible();
  const { attendee } = await find('Kausea Natano');
  expect(await find('Kausea Natano')).toMatchObject({ status: 'confirmed', delegation_role: 'head', replaces: head });
  expect(await office.ask('GET', `/attendees/${attendee}/access-needs`)).toMatchObject({ needs: ['captions'] });
  expect(await find('Faatasi Paeniu')).toBeUndefined();
});

test('a liaison officer reads who has not come, how they are reached and what they have, and changes nothing', async ({ page, context, site }, info) => {
  const { head, delegation } = await openDelegation(site, 'liaison');
  await openMine(page, site);
  await expect(page.getByText('You are its liaison officer.')).toBeVisible();
  await expect(page.getByText('0 of 2', { exact: true })).toBeVisible();
  await expect(page.getByText('Has not come yet')).toHaveCount(2);
  await expect(page.getByRole('link', { name: 'Register a member' })).toHaveCount(0);
  await expectGoodState(page, info, 'attendee-delegation-liaison');
  await page.getByRole('link', { name: /Teresa/ }).click();
  await expect(page.getByRole('link', { name: '+688 20 100' })).toHaveAttribute('href', 'tel:+68820100');
  await expect(page.getByText('Changes are made by the focal point')).toBeVisible();
  await expect(button(page, 'Accept')).toHaveCount(0);
  await openView(page, `member-form/${head}?do=correct`);
  await expect(page.getByRole('textbox')).toHaveCount(0);
  await expectKept(page);
  await context.setOffline(true);
  await page.reload();
  await openView(page, `delegation/${delegation}`);
  await expect(page.getByRole('link', { name: /Teresa/ })).toBeVisible();
  await expect(page.getByText('You are its liaison officer.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Who looks after the delegation' }).getByText('This needs a connection.')).toBeVisible();
  await expectGoodState(page, info, 'attendee-delegation-liaison-offline');
});

test('whose duty ends sees the delegation no more, and who has none is told', async ({ page, site }, info) => {
  const { office, delegation } = await openDelegation(site);
  await openMine(page, site);
  const { items } = await office.ask('GET', `/delegations/${delegation}/duties`);
  await office.ask('DELETE', `/delegations/${delegation}/duties/${items[0].account}/focal_point`);
  await expect(page.getByText('You look after no delegation at this event.')).toBeVisible();
  await expectGoodState(page, info, 'attendee-delegation-none');
});

test.describe('with the crowd', () => {
  test.use({ crowd: true });
  test.setTimeout(300_000);

  for (const language of ['en', 'es', 'fr']) {
    test(`a large delegation is accessible and fits every width, in ${language}`, async ({ browser, site }, info) => {
      const office = await Office.open(site);
      const { items } = await office.ask('GET', '/delegations?limit=100');
      const largest = { id: '', people: [] };
      for (const { id } of items) {
        const { items: people } = await office.ask('GET', `/delegations/${id}/members?limit=100`);
        if (people.length > largest.people.length) Object.assign(largest, { id, people });
      }
      const { email, name } = site.person('participant');
      await office.ask('POST', `/delegations/${largest.id}/duties`, { email, name, duty: 'focal_point' });
      const app = await browser.newPage({ baseURL: site.address, locale: 'en-GB', timezoneId: 'America/Santiago' });
      await openApp(app, site, 'participant');
      await app.evaluate((chosen) => localStorage.setItem('cumbre-language', JSON.stringify(chosen)), language);
      await app.reload();
      await openView(app, `delegation/${largest.id}`);
      await expect(app.locator('ul.people a.row').first()).toBeVisible();
      await expectGoodView(app, info, `attendee-delegation-${language}`);
      await openView(app, `member/${largest.people[0].attendee}`);
      await expect(app.getByRole('heading', { level: 1, name: largest.people[0].name })).toBeVisible();
      await expectGoodView(app, info, `attendee-member-${language}`);
      await openView(app, `member-form/${largest.id}?do=register`);
      await expect(app.locator('form.panel')).toBeVisible();
      await expectGoodView(app, info, `attendee-member-register-${language}`);
    });
  }
});

/** What a focal point does for a member beside registering and cancelling. */

import { enlargeLetters, expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { field, openDelegation, openMine } from './delegation-cast.js';
import { button, EVENT, heading, openView, send } from './views.js';

test('who was cancelled asks again with what was said before, also without a network', async ({ page, context, site }, info) => {
  const { office, head } = await openDelegation(site);
  await office.ask('POST', `/attendees/${head}/registration/status`, { status: 'cancelled' });
  await openMine(page, site);
  await openView(page, `member/${head}`);
  await expect(button(page, 'Cancel the registration')).toHaveCount(0);
  await page.getByRole('link', { name: 'Ask for a place again' }).click();
  await expect(field(page, 'Name (required)')).toHaveValue('Teresa Falealili');
  await expect(field(page, 'What do you not eat? (required)')).toHaveValue('Nuts');
  await expectGoodState(page, info, 'attendee-member-again');
  await context.setOffline(true);
  await field(page, 'Position').fill('Minister');
  await button(page, 'Ask again').click();
  await expect(heading(page, 'Teresa Falealili')).toBeVisible();
  await expect(page.getByText('Registration (not sent yet)')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Ask for a place again' })).toHaveCount(0);
  await send(page, () => context.setOffline(false));
  await expect(page.getByText('Asked for; the organisers decide')).toBeVisible();
  const asked = { status: 'requested', details: { position: 'Minister', phone: '+688 20 100' }, answers: { diet: 'Nuts' } };
  expect(await office.ask('GET', `/attendees/${head}/registration`)).toMatchObject(asked);
});

test('a member changes into a category that organisers do not approve, and answers its questions', async ({ page, site }, info) => {
  const { office, head } = await openDelegation(site);
  const form = [{ key: 'badge', label: { en: 'Name of the newspaper' }, kind: 'text', is_required: true }];
  const { id: press } = await office.ask('POST', '/categories', { slug: 'press', title: { en: 'Press' }, enrolment: 'automatic', form });
  await office.ask('POST', '/categories', { slug: 'observers', title: { en: 'Observer' }, enrolment: 'on_approval' });
  await openMine(page, site);
  await openView(page, `member-form/${head}?do=correct`);
  const category = page.getByRole('combobox', { name: /^Category/ });
  await expect(category.getByRole('option', { name: 'Press' })).toBeAttached();
  await expect(category.getByRole('option', { name: 'Observer' })).toHaveCount(0);
  await expect(page.getByText('Where organisers decide who comes')).toBeVisible();
  await category.selectOption({ label: 'Press' });
  await expect(field(page, 'What do you not eat? (required)')).toHaveCount(0);
  await expectGoodState(page, info, 'attendee-member-category');
  await field(page, 'Name of the newspaper (required)').fill('La Nación');
  await send(page, () => button(page, 'Send the correction').click());
  await expect(page.getByText('Press', { exact: true })).toBeVisible();
  expect(await office.ask('GET', `/attendees/${head}/registration`)).toMatchObject({ category: press, status: 'confirmed', answers: { badge: 'La Nación' } });
});

test('who needs a companion has one registered, outside the places of the delegation', async ({ page, site }, info) => {
  const { office, head, placeholder, members, find } = await openDelegation(site);
  await office.ask('PUT', `/attendees/${head}/access-needs`, { needs: ['step_free', 'companion'] });
  await openMine(page, site);
  await openView(page, `member/${placeholder}`);
  await expect(page.getByRole('link', { name: 'Correct what is said' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Register a companion' })).toHaveCount(0);
  await openView(page, `member/${head}`);
  await page.getByRole('link', { name: 'Register a companion' }).click();
  await page.getByRole('combobox', { name: /^Category/ }).selectOption({ label: 'Delegate' });
  await field(page, 'Name (required)').fill('Sione Lopati');
  await field(page, 'What do you not eat? (required)').fill('Fish');
  await expectGoodState(page, info, 'attendee-member-companion');
  await send(page, () => button(page, 'Register the companion').click());
  await expect(heading(page, 'Tuvalu')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Places' }).getByText('2 of 3')).toBeVisible();
  expect(await find('Sione Lopati')).toMatchObject({ status: 'confirmed', companion_of: head });
  expect(await members()).toHaveLength(3);
  await openView(page, `member/${head}`);
  await expect(page.getByRole('link', { name: 'Sione Lopati' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Register a companion' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Sione Lopati' }).click();
  await expect(page.getByText('Accompanies')).toBeVisible();
});

test('whoever registers somebody says what they need, and changes it later, also without a network', async ({ page, context, site }, info) => {
  const { office, head, placeholder, delegation, find } = await openDelegation(site);
  await openMine(page, site);
  await expect(page.getByText('You are its focal point')).toBeVisible();
  await openView(page, `member-form/${delegation}?do=register`);
  await page.getByRole('combobox', { name: /^Category/ }).selectOption({ label: 'Delegate' });
  await field(page, 'Name (required)').fill('Sione Lopati');
  await field(page, 'What do you not eat? (required)').fill('Fish');
  const needs = page.getByRole('group', { name: 'The person needs' });
  await expect(needs.getByText('Only the person and who acts for them')).toBeVisible();
  await needs.getByRole('checkbox', { name: 'Space for a wheelchair' }).check();
  await field(page, 'What else there is to know').fill('A ramp at the bus');
  await expectGoodState(page, info, 'attendee-member-register-needs');
  await context.setOffline(true);
  await button(page, 'Register').click();
  await expect(page.getByRole('region', { name: 'Waiting' }).getByText('Sione Lopati')).toBeVisible();
  await send(page, () => context.setOffline(false));
  const kept = async (attendee) => office.ask('GET', `/attendees/${attendee}/access-needs`);
  const { attendee } = await find('Sione Lopati');
  expect(await kept(attendee)).toMatchObject({ needs: ['wheelchair'], note: 'A ramp at the bus' });
  await openView(page, `member/${attendee}`);
  await expect(page.getByText('Space for a wheelchair, A ramp at the bus')).toBeVisible();
  await openView(page, `member/${head}`);
  await page.getByRole('link', { name: 'Access needs' }).click();
  await expect(heading(page, 'Access needs')).toBeFocused();
  await expect(page.getByRole('link', { name: 'Teresa Falealili' })).toBeVisible();
  await context.setOffline(true);
  await needs.getByRole('checkbox', { name: 'Ways without steps' }).check();
  await button(page, 'Send').click();
  await expect(page.getByText('It is kept here and sent to the organisers.')).toBeVisible();
  await expectGoodState(page, info, 'attendee-member-needs');
  await openView(page, `member/${head}`);
  await expect(page.getByText('Access needs (not sent yet)')).toBeVisible();
  await expect(page.getByText('Ways without steps')).toBeVisible();
  await send(page, () => context.setOffline(false));
  expect(await kept(head)).toMatchObject({ needs: ['step_free'] });
  await openView(page, `needs/${head}`);
  await needs.getByRole('checkbox', { name: 'Ways without steps' }).uncheck();
  await send(page, () => button(page, 'Send').click());
  expect(await kept(head)).toMatchObject({ needs: [] });
  await openView(page, `member-form/${delegation}?do=register`);
  await page.getByRole('checkbox', { name: 'The person is not known yet: keep a place' }).check();
  await expect(needs).toHaveCount(0);
  await openView(page, `needs/${placeholder}`);
  await expect(page.getByRole('link', { name: /The Minister of Justice/ })).toBeVisible();
});

test('a liaison officer reads what a member needs, and does not change it', async ({ page, site }) => {
  const { office, head } = await openDelegation(site, 'liaison');
  await office.ask('PUT', `/attendees/${head}/access-needs`, { needs: ['step_free'] });
  await openMine(page, site);
  await openView(page, `member/${head}`);
  await expect(page.getByText('Ways without steps')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Access needs' })).toHaveCount(0);
  await openView(page, `needs/${head}`);
  await expect(page.getByText('Changes are made by the focal point')).toBeVisible();
  await expect(page.getByRole('checkbox')).toHaveCount(0);
});

test('a member sits in for another in what that one is invited to, and no more when it is ended', async ({ page, context, site }, info) => {
  const { office, head, session, category, delegation } = await openDelegation(site);
  const { attendee: deputy } = await office.ask('POST', '/registrations', { name: 'Sione Lopati', category, delegation, status: 'confirmed', answers: { diet: 'No' } });
  const listed = async () => (await site.ask('GET', `${EVENT}/stand-ins`, { token: office.token })).body.items;
  await openMine(page, site);
  await openView(page, `member/${head}`);
  await page.getByRole('link', { name: 'Have somebody sit in' }).click();
  await expect(heading(page, 'Stand-ins')).toBeFocused();
  const who = page.getByRole('combobox', { name: 'Who is to sit in' });
  // Neither themselves nor a place that is kept for somebody without a name.
  await expect(who.getByRole('option')).toHaveText(['Sione Lopati']);
  await page.getByRole('combobox', { name: 'Session' }).selectOption(session);
  await expectGoodState(page, info, 'attendee-member-stand-in');
  await context.setOffline(true);
  await button(page, 'Arrange it').click();
  await expect(page.getByText('(not sent yet)')).toBeVisible();
  await send(page, () => context.setOffline(false));
  const sitsIn = page.getByRole('region', { name: 'Who sits in for Teresa Falealili' });
  await expect(sitsIn.getByRole('listitem')).toContainText(['Sione Lopati']);
  await expect(sitsIn.getByText('(not sent yet)')).toHaveCount(0);
  expect(await listed()).toMatchObject([{ attendee: head, stand_in: deputy, session }]);
  await send(page, () => sitsIn.getByRole('button', { name: 'End it' }).click());
  await expect(sitsIn).toHaveCount(0);
  expect(await listed()).toEqual([]);
});

test('each view of a delegation fits a phone in every language with letters of twice the size', async ({ page, site }) => {
  test.setTimeout(240_000);
  const { office, head, delegation } = await openDelegation(site);
  await office.ask('PUT', `/attendees/${head}/access-needs`, { needs: ['companion', 'readable_documents'] });
  await openMine(page, site);
  const forms = ['correct', 'replace', 'companion', 'again'].map((task) => `member-form/${head}?do=${task}`);
  for (const language of ['en', 'es', 'pt', 'fr']) {
    await page.evaluate((chosen) => localStorage.setItem('cumbre-language', JSON.stringify(chosen)), language);
    await page.reload();
    await enlargeLetters(page);
    for (const address of [`delegation/${delegation}`, `member/${head}`, `stand-ins/${head}`, `needs/${head}`, ...forms]) {
      await openView(page, address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      const beside = await page.evaluate(() =>
        [...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest('.choices')).map((one) => one.outerHTML.slice(0, 120)),
      );
      expect(beside, `${language} ${address}`).toEqual([]);
    }
  }
});

/** How one is registered: asking, correcting, cancelling, asking again; with the network and without. */

import { Office } from '../desk/cast.js';
import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { CATEGORY, register } from './cast.js';
import { button, EVENT, heading, openApp, openView, send, status } from './views.js';

const field = (page, name) => page.getByRole('textbox', { name, exact: true });

test('whoever is not registered yet asks for a place, with what the organisers want to know', async ({ page, site }) => {
  const token = await site.signIn('organiser');
  const made = await site.ask('POST', `${EVENT}/categories`, {
    token,
    body: CATEGORY,
  });
  expect(made.status).toBe(201);
  await openApp(page, site, 'participant');
  await openView(page, 'registration');
  await expect(page.getByText('You are not registered for this event.')).toBeVisible();
  await button(page, 'Register').click();
  await expect(page.getByText('Please fill this in.')).toHaveCount(2);
  await expect(page.getByRole('textbox', { name: 'What do you not eat? (required)' })).toBeFocused();
  await page.keyboard.type('Nuts');
  await page.getByRole('checkbox', { name: 'I agree (required)' }).check();
  await send(page, () => button(page, 'Register').click());
  await expect(page.getByText('Asked for; the organisers decide')).toBeVisible();
  const listed = await site.ask('GET', `${EVENT}/registrations?status=requested`, { token });
  expect(listed.body.items).toMatchObject([{ name: 'Joaquín Meza', answers: { diet: 'Nuts' } }]);
});

test('an assistant registers whom they assist, with what they need, also without a network, and looks after them', async ({ page, context, site }, info) => {
  const token = await site.signIn('organiser');
  const asked = { token, body: { ...CATEGORY, enrolment: 'automatic' } };
  expect((await site.ask('POST', `${EVENT}/categories`, asked)).status).toBe(201);
  await openApp(page, site, 'assistant');
  await openView(page, 'registration');
  const assist = page.locator('details', { hasText: 'Register somebody whom you assist' });
  await assist.locator('summary').click();
  await expect(assist.getByRole('textbox', { name: 'Name (required)' })).toHaveValue('');
  await assist.getByRole('textbox', { name: 'Name (required)' }).fill('Expert One');
  await assist.getByRole('textbox', { name: 'What do you not eat? (required)' }).fill('Nuts');
  await assist.getByRole('group', { name: 'The person needs' }).getByRole('checkbox', { name: 'A hearing loop' }).check();
  await assist.getByRole('checkbox', { name: 'I agree (required)' }).check();
  await expectGoodState(page, info, 'attendee-registration-assist');
  await context.setOffline(true);
  await assist.getByRole('button', { name: 'Register', exact: true }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Expert One' })).toBeVisible();
  await expect(page.getByText('Registration (not sent yet)')).toBeVisible();
  await expectGoodState(page, info, 'attendee-registration-assist-offline');
  await send(page, () => context.setOffline(false));
  const expert = page.getByRole('region', { name: 'Expert One' });
  await expect(expert.getByText('Confirmed')).toBeVisible();
  await expert.getByRole('link', { name: 'Access needs' }).click();
  await expect(page.getByRole('checkbox', { name: 'A hearing loop' })).toBeChecked();
});

test('a registration is corrected, every kind of question of it, and the organiser reads it', async ({ page, site }) => {
  const { attendee, read } = await register(site);
  await openApp(page, site, 'participant');
  await openView(page, 'registration');
  await page.getByRole('link', { name: 'Correct what I said' }).click();
  await expect(heading(page, 'Correct what I said')).toBeFocused();
  await expect(field(page, 'Telephone')).toHaveValue('+56 2 2345 6789');
  await field(page, 'Name (required)').fill('Joaquín Meza Soto');
  await field(page, 'Form of address').fill('Dr');
  await field(page, 'E-mail').fill('j.meza@demo.example');
  await field(page, 'Telephone').fill('');
  await page.getByRole('combobox', { name: 'Country' }).selectOption({ label: 'Chile' });
  await page.getByRole('spinbutton', { name: 'Nights' }).fill('4');
  await page.getByLabel('Arrival').fill('2018-11-25');
  await page.getByRole('combobox', { name: 'Do you need a visa?' }).selectOption({ label: 'No' });
  await page.getByRole('combobox', { name: 'Shirt' }).selectOption({ label: 'Large' });
  await page.getByRole('group', { name: 'Topics' }).getByRole('checkbox', { name: 'Prisons' }).check();
  await send(page, () => button(page, 'Send the correction').click());
  await expect(page.getByText('The correction is kept here and sent to the organisers.')).toBeVisible();
  const known = await read();
  expect(known).toMatchObject({
    name: 'Joaquín Meza Soto',
    details: { form_of_address: 'Dr', email: 'j.meza@demo.example', country: 'CL', position: 'Researcher' },
    answers: { diet: 'Nuts', nights: 4, arrival: '2018-11-25', visa: false, shirt: 'l', topics: ['prisons'] },
  });
  expect(known.details.phone).toBeUndefined();
  await openView(page, 'registration');
  await expect(page.getByRole('heading', { name: 'Joaquín Meza Soto' })).toBeVisible();
  await openView(page, `correct/${attendee}`);
  await button(page, 'Send the correction').click();
  await expect(page.getByText('Nothing was changed.')).toBeVisible();
});

test('what cannot be so is said at its field before it is sent', async ({ page, site }, info) => {
  const { attendee } = await register(site);
  await openApp(page, site, 'participant');
  await openView(page, `correct/${attendee}`);
  await field(page, 'E-mail').fill('nowhere');
  await field(page, 'Telephone').fill('12');
  await field(page, 'What do you not eat? (required)').fill('');
  await button(page, 'Send the correction').click();
  await expect(field(page, 'E-mail')).toBeFocused();
  await expect(field(page, 'E-mail')).toHaveAccessibleDescription('Enter an address such as name@example.org.');
  await expect(field(page, 'Telephone')).toHaveAccessibleDescription(/begins with \+/);
  await expect(page.getByText('Please fill this in.')).toHaveCount(1);
  await expectGoodState(page, info, 'attendee-correct-faults');
  await field(page, 'E-mail').fill('j.meza@demo.example');
  await expect(field(page, 'E-mail')).not.toHaveAttribute('aria-invalid', 'true');
});

test('a correction without a network waits, is shown, and is sent when it is back', async ({ page, context, site }, info) => {
  const { attendee, read } = await register(site);
  await openApp(page, site, 'participant');
  await openView(page, `correct/${attendee}`);
  await expect(field(page, 'Position')).toHaveValue('Researcher');
  await context.setOffline(true);
  await field(page, 'Position').fill('Head of research');
  await button(page, 'Send the correction').click();
  await expect(page.getByText('What you corrected is shown here, and is not sent yet.')).toBeVisible();
  await expect(field(page, 'Position')).toHaveValue('Head of research');
  await expectGoodState(page, info, 'attendee-correct-offline');
  await openView(page, 'registration');
  await expect(page.getByRole('link', { name: 'Correct what I said (not sent yet)' })).toBeVisible();
  await send(page, () => context.setOffline(false));
  expect((await read()).details.position).toBe('Head of research');
});

test('what the server refuses is said at its field, and what was written stays', async ({ page, context, site }, info) => {
  const { office, attendee, read } = await register(site);
  await openApp(page, site, 'participant');
  await openView(page, `correct/${attendee}`);
  await expect(field(page, 'Position')).toHaveValue('Researcher');
  await context.setOffline(true);
  await page.getByRole('combobox', { name: 'Shirt' }).selectOption({ label: 'Large' });
  await field(page, 'Position').fill('Head of research');
  await button(page, 'Send the correction').click();
  const { id } = await office.find('categories', 'observers');
  const form = CATEGORY.form.map((one) => (one.key === 'shirt' ? { ...one, choices: [one.choices[0]] } : one));
  await office.ask('PATCH', `/categories/${id}`, { form });
  await context.setOffline(false);
  await expect(status(page)).toContainText('1 change refused');
  await expect(page.getByText('Registration corrected: Something in it cannot be so.')).toBeVisible();
  const shirt = page.getByRole('combobox', { name: 'Shirt' });
  await expect(shirt).toHaveAccessibleDescription('Something in it cannot be so.');
  await expect(field(page, 'Position')).toHaveValue('Head of research');
  await expectGoodState(page, info, 'attendee-correct-refused');
  await shirt.selectOption({ label: 'Small' });
  await send(page, () => button(page, 'Send the correction').click());
  await expect(status(page)).not.toContainText('refused');
  expect(await read()).toMatchObject({ answers: { shirt: 's' }, details: { position: 'Head of research' } });
});

test('a correction that was refused can be left', async ({ page, context, site }) => {
  const { office, attendee } = await register(site);
  await openApp(page, site, 'participant');
  await openView(page, `correct/${attendee}`);
  await expect(field(page, 'Position')).toHaveValue('Researcher');
  await context.setOffline(true);
  await page.getByRole('spinbutton', { name: 'Nights' }).fill('4');
  await button(page, 'Send the correction').click();
  const { id } = await office.find('categories', 'observers');
  await office.ask('PATCH', `/categories/${id}`, { form: CATEGORY.form.filter(({ key }) => key !== 'nights') });
  await context.setOffline(false);
  await expect(status(page)).toContainText('1 change refused');
  await openView(page, 'changes');
  await page.getByRole('link', { name: 'Put it right' }).click();
  await button(page, 'Leave it as it was').click();
  await expect(status(page)).not.toContainText('refused');
  await expect(field(page, 'Position')).toHaveValue('Researcher');
});

test('whoever cancelled asks again with what they had said, and the organiser decides', async ({ page, context, site }, info) => {
  test.setTimeout(120_000);
  const { read } = await register(site);
  await openApp(page, site, 'participant');
  await openView(page, 'registration');
  await button(page, 'Cancel the registration').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Back' }).click();
  await button(page, 'Cancel the registration').click();
  await expectGoodState(page, info, 'attendee-cancel');
  await context.setOffline(true);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the registration' }).click();
  await expect(page.getByText('Registration cancelled (not sent yet)')).toBeVisible();
  await expect(page.getByText('Confirmed', { exact: true })).toBeVisible();
  await send(page, () => context.setOffline(false));
  await expect(page.getByText('Cancelled', { exact: true })).toBeVisible();
  expect((await read()).status).toBe('cancelled');
  await expect(page.getByRole('heading', { name: 'Register again' })).toBeVisible();
  await expect(field(page, 'Position')).toHaveValue('Researcher');
  await expect(field(page, 'What do you not eat? (required)')).toHaveValue('Nuts');
  await page.getByRole('checkbox', { name: 'I agree (required)' }).check();
  await expectGoodState(page, info, 'attendee-again');
  await send(page, () => button(page, 'Register').click());
  await expect(page.getByText('Asked for; the organisers decide')).toBeVisible();
  expect(await read()).toMatchObject({ status: 'requested', answers: { diet: 'Nuts' }, details: { position: 'Researcher', phone: '+56 2 2345 6789' } });
});

test('a first registration without a network waits and says so', async ({ page, context, site }, info) => {
  const office = await Office.open(site);
  await office.ask('POST', '/categories', { ...CATEGORY, form: [], consents: [] });
  const { link } = await site.mailCode('organiser@demo.example');
  await page.goto(link);
  await button(page, 'Sign in on this device').click();
  await expect(heading(page, 'You are signed in')).toBeVisible();
  await openView(page, 'registration');
  await expect(page.getByText('You are not registered for this event.')).toBeVisible();
  await expect(button(page, 'Register')).toBeVisible();
  await expectGoodState(page, info, 'attendee-register');
  await context.setOffline(true);
  await button(page, 'Register').click();
  await expect(page.getByText('Registration (not sent yet)')).toBeVisible();
  await expect(button(page, 'Register')).toHaveCount(0);
  await send(page, () => context.setOffline(false));
  await expect(page.getByText('Asked for; the organisers decide')).toBeVisible();
});

/** What a tap does. */

import { expect, test } from '../harness/test.js';
import { InvitationServer, LINK } from './server.js';
import {
  accept,
  addressField,
  back,
  decline,
  delegate,
  fault,
  given,
  heading,
  nameField,
  nameThem,
  note,
  wordField,
} from './views.js';

test('a tap accepts', async ({ page }) => {
  const server = await InvitationServer.before(page);
  await page.goto(LINK);
  await accept(page).click();
  await expect(note(page)).toHaveText('Thank you. The invitation is accepted.');
  await expect(given(page)).toHaveText(/Accepted\s*Answered on 26 November 2018 at 08:00/);
  await expect(accept(page)).toBeHidden();
  await expect(heading(page, 'The Internal Reality')).toBeFocused();
  expect(server.answers).toEqual([{ answer: 'accepted' }]);
});

test('a decline takes a word, or none', async ({ page }) => {
  const server = await InvitationServer.before(page);
  await page.goto(LINK);
  await decline(page).click();
  await expect(wordField(page)).toBeFocused();
  await wordField(page).fill('  I am sorry.\nNext year. ');
  await decline(page).click();
  await expect(note(page)).toHaveText('Thank you. The invitation is declined.');
  await expect(given(page)).toHaveText(/Declined/);
  await expect(page.getByText('I am sorry.')).toBeVisible();
  await expect(decline(page)).toBeHidden();

  await accept(page).click();
  await expect(given(page)).toHaveText(/Accepted/);
  await decline(page).click();
  await expect(wordField(page)).toHaveValue('');
  await decline(page).click();
  await expect(given(page)).toHaveText(/Declined/);
  expect(server.answers).toEqual([
    { answer: 'declined', word: 'I am sorry.\nNext year.' },
    { answer: 'accepted' },
    { answer: 'declined' },
  ]);
});

test('somebody else is named with an address', async ({ page }) => {
  const server = await InvitationServer.before(page);
  await page.goto(LINK);
  await delegate(page).click();
  await expect(nameField(page)).toBeFocused();
  await nameThem(page).click();
  await expect(nameField(page)).toBeFocused();
  await expect(nameField(page)).toHaveAccessibleDescription('Write the name in one line.');
  await expect(addressField(page)).toHaveAccessibleDescription('Enter an address such as name@example.org.');
  await nameField(page).fill('Ana Ñúñez');
  await addressField(page).fill('ana at example');
  await nameThem(page).click();
  await expect(addressField(page)).toBeFocused();
  await expect(nameField(page)).not.toHaveAttribute('aria-invalid');
  expect(server.answers).toEqual([]);

  await addressField(page).fill(' ana@example.org ');
  await nameThem(page).click();
  await expect(note(page)).toHaveText('Thank you. The invitation is passed on to Ana Ñúñez.');
  await expect(given(page)).toHaveText(/Passed on to Ana Ñúñez/);
  expect(server.answers).toEqual([
    { answer: 'delegated', delegate: { name: 'Ana Ñúñez', email: 'ana@example.org' } },
  ]);
  await accept(page).click();
  await expect(given(page)).toHaveText(/Accepted/);
});

test('who thinks better of it goes back, and nothing is answered', async ({ page }) => {
  const server = await InvitationServer.before(page);
  await page.goto(LINK);
  for (const choice of [decline, delegate]) {
    await choice(page).click();
    await expect(page.getByText('The Internal Reality').filter({ visible: true })).toHaveCount(1);
    await back(page).click();
    await expect(heading(page, 'The Internal Reality')).toBeFocused();
  }
  expect(server.answers).toEqual([]);
});

test('what the server finds wrong with a field is said there', async ({ page }) => {
  const server = await InvitationServer.before(page);
  await page.goto(LINK);
  await delegate(page).click();
  await nameField(page).fill('Ana Ñúñez');
  await addressField(page).fill('ana@localhost');
  server.refusals = [[422, { code: 'invalid_value', field: '/delegate/email' }]];
  await nameThem(page).click();
  await expect(addressField(page)).toBeFocused();
  await expect(addressField(page)).toHaveAccessibleDescription('Enter an address such as name@example.org.');
  server.refusals = [[422, { code: 'invalid_value', field: '/delegate/name' }]];
  await nameThem(page).click();
  await expect(nameField(page)).toBeFocused();
  await back(page).click();
  await decline(page).click();
  await wordField(page).fill('No');
  server.refusals = [[422, { code: 'invalid_value', field: '/word' }]];
  await decline(page).click();
  await expect(wordField(page)).toHaveAccessibleDescription(/Write at most 1,000 characters of plain text/);
  await decline(page).click();
  await expect(given(page)).toHaveText(/Declined/);
});

test('an answer that comes too late, or to what is full, is said and what stands is shown', async ({ page }) => {
  const server = await InvitationServer.before(page);
  await page.goto(LINK);
  for (const [code, text] of [
    ['quota_reached', /the delegation has accepted for as many people as it may/],
    ['wrong_state', /it cannot be changed in this way/],
    ['another_code', /it cannot be changed in this way/],
    ['closed', /it was cancelled or is not published any more/],
  ]) {
    server.refusals = [[409, { code }]];
    await accept(page).click();
    await expect(fault(page)).toHaveText(text);
    await expect(given(page)).toHaveText(/Not answered yet/);
  }
  server.invitation = { ...server.invitation, can_answer: false, can_delegate: false, why_not: 'over' };
  server.refusals = [[409, { code: 'window_over' }]];
  await accept(page).click();
  await expect(fault(page)).toHaveText('The answer was not noted: it is over.');
  await expect(accept(page)).toBeHidden();
  await expect(page.getByText('It is over, so the answer cannot be changed any more.')).toBeVisible();
});

test('an invitation that is withdrawn while the page is open is not answered', async ({ page }) => {
  const server = await InvitationServer.before(page);
  await page.goto(LINK);
  await expect(accept(page)).toBeVisible();
  server.invitation = undefined;
  await accept(page).click();
  await expect(heading(page, 'There is no invitation here')).toBeFocused();
});

test('without a network nothing is lost, and the same tap works when it is back', async ({ page }) => {
  const server = await InvitationServer.before(page);
  await page.goto(LINK);
  await decline(page).click();
  await wordField(page).fill('In the tunnel');
  const cut = (route) => route.abort();
  await page.route('**/v1/**', cut);
  await decline(page).click();
  await expect(fault(page)).toHaveText('There is no connection to the server. Check your network, then try again.');
  await expect(wordField(page)).toHaveValue('In the tunnel');
  await page.unroute('**/v1/**', cut);
  await decline(page).click();
  await expect(given(page)).toHaveText(/Declined/);
  expect(server.answers).toEqual([{ answer: 'declined', word: 'In the tunnel' }]);
});

test('two taps are one answer', async ({ page }) => {
  const server = await InvitationServer.before(page);
  await page.goto(LINK);
  await accept(page).dblclick();
  await expect(given(page)).toHaveText(/Accepted/);
  expect(server.answers).toEqual([{ answer: 'accepted' }]);
});

test('it all works by keyboard alone', async ({ page }) => {
  const { keyboard } = page;
  await InvitationServer.before(page);
  await page.goto(LINK);
  await expect(heading(page, 'The Internal Reality')).toBeFocused();
  await keyboard.press('Tab');
  await expect(accept(page)).toBeFocused();
  await keyboard.press('Tab');
  await keyboard.press('Space');
  await expect(wordField(page)).toBeFocused();
  await keyboard.type('Next year');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(note(page)).toHaveText('Thank you. The invitation is declined.');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(note(page)).toHaveText('Thank you. The invitation is accepted.');
});

test('names are shown as they are, whatever is in them', async ({ page }) => {
  const name = '<img src=x onerror=alert(1)> {name}';
  await InvitationServer.before(page, { invitee: { name }, answer: 'delegated', delegate: { name } });
  await page.goto(LINK);
  await expect(page.getByText(`Invitation for ${name}`)).toBeVisible();
  await expect(given(page)).toContainText(`Passed on to ${name}`);
});

/** What the page shows before anybody answers. */

import { expect, test } from '../harness/test.js';
import { CODE, InvitationServer, LINK, PART, SECRET } from './server.js';
import {
  accept,
  again,
  askAgain,
  codeField,
  decline,
  delegate,
  entry,
  fault,
  given,
  heading,
  openIt,
} from './views.js';

test('opening the page reads the invitation and answers nothing', async ({ page, site }) => {
  const server = await InvitationServer.before(page);
  await page.goto(LINK);
  await expect(heading(page, 'The Internal Reality')).toBeFocused();
  await expect(page.getByText('Invitation for Amalia Quispe')).toBeVisible();
  await expect(entry(page, 'When')).toHaveText('Monday, 26 November 2018, 18:00–19:30 Chile Summer Time');
  await expect(entry(page, 'Where')).toHaveText(
    'Punta Nueva York, Union Club Avenida Libertador Bernardo O’Higgins 1091',
  );
  await expect(entry(page, 'Part')).toHaveText('Regional Policy Dialogue');
  await expect(entry(page, 'Event')).toHaveText('10th Citizen Security Week');
  await expect(given(page)).toHaveText(/Answer\s*Not answered yet/);
  await expect(page.getByText('You can answer, and change the answer, until 26 November 2018 at 19:30')).toBeVisible();
  expect(server.asked).toEqual([{ path: '/v1/invitations/read', secret: SECRET, body: {} }]);
  await expect(page).toHaveURL(`${site.address}/invitation`);
});

test('times are those of the event, wherever the reader is', async ({ browser, site }) => {
  const page = await browser.newPage({ locale: 'en-GB', timezoneId: 'Asia/Tokyo', baseURL: site.address });
  await InvitationServer.before(page);
  await page.goto(LINK);
  await expect(entry(page, 'When')).toHaveText('Monday, 26 November 2018, 18:00–19:30 Chile Summer Time');
  await page.close();
});

test('a part has days and says nothing of what it has not', async ({ page }) => {
  await InvitationServer.before(page, { object: PART, over_at: undefined });
  await page.goto(LINK);
  await expect(heading(page, 'Regional Policy Dialogue')).toBeVisible();
  await expect(entry(page, 'When')).toHaveText('Monday 26 November – Tuesday 27 November 2018');
  await expect(page.getByRole('term')).toHaveText(['When', 'Event']);
  await expect(page.getByText('until')).toHaveCount(0);
});

test('what has no title or end yet is shown all the same', async ({ page }) => {
  const object = { collection: 'sessions', starts_at: '2018-11-26T21:00:00.000Z', state: 'published' };
  await InvitationServer.before(page, { object });
  await page.goto(LINK);
  await expect(heading(page, 'Invitation')).toBeVisible();
  await expect(entry(page, 'When')).toHaveText('Monday, 26 November 2018 at 18:00 Chile Summer Time');
});

test('a text in another language says in which', async ({ page }) => {
  const object = { ...PART, title: { es: 'Diálogo Regional de Política' } };
  await InvitationServer.before(page, { object });
  await page.goto(LINK);
  await expect(heading(page, 'Diálogo Regional de Política')).toHaveAttribute('lang', 'es');
});

test('the secret of a link is in no address, list of pages or storage, and outlives a reload', async ({ page }) => {
  const server = await InvitationServer.before(page);
  await page.goto('/invitation');
  await page.goto(LINK);
  await expect(accept(page)).toBeVisible();
  const client = await page.context().newCDPSession(page);
  const { entries } = await client.send('Page.getNavigationHistory');
  expect(JSON.stringify(entries)).not.toContain(SECRET);
  const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]));
  expect(kept).not.toContain(SECRET);
  expect(await page.content()).not.toContain(SECRET);
  await page.reload();
  await expect(accept(page)).toBeVisible();
  expect(server.asked.map(({ secret }) => secret)).toEqual([SECRET, SECRET]);
});

test('an invitation that is withdrawn, or a link that nobody sent, is said plainly', async ({ page }) => {
  const server = await InvitationServer.before(page);
  server.invitation = undefined;
  await page.goto(LINK);
  await expect(heading(page, 'There is no invitation here')).toBeFocused();
  await expect(page.getByText(/The link or code is not known, or the invitation was withdrawn/)).toBeVisible();
  await askAgain(page).click();
  await expect(codeField(page)).toBeFocused();
});

test('the server itself knows no invitation by a secret that nobody was sent', async ({ page }) => {
  await page.goto(LINK);
  await expect(heading(page, 'There is no invitation here')).toBeVisible();
});

test('a link that is not whole is not tried', async ({ page }) => {
  const server = await InvitationServer.before(page);
  for (const fragment of ['abc', 'x'.repeat(15), 'x'.repeat(17), `${'x'.repeat(15)}%`]) {
    await page.goto('about:blank');
    await page.goto(`/invitation#${fragment}`);
    await expect(fault(page)).toHaveText(/This link is not complete/);
    await expect(codeField(page)).toBeVisible();
  }
  expect(server.asked).toEqual([]);
});

test('the code that stands beside the link opens the invitation as well', async ({ page }) => {
  const server = await InvitationServer.before(page);
  await page.goto('/invitation');
  await expect(fault(page)).toBeEmpty();
  await openIt(page).click();
  await expect(codeField(page)).toBeFocused();
  await expect(codeField(page)).toHaveAccessibleDescription(/Enter all sixteen characters of the code/);
  await codeField(page).fill(CODE.slice(1));
  await openIt(page).click();
  await expect(codeField(page)).toHaveAttribute('aria-invalid', 'true');
  expect(server.asked).toEqual([]);
  await codeField(page).fill(` ${CODE} `);
  await openIt(page).click();
  await expect(heading(page, 'The Internal Reality')).toBeFocused();
  await page.reload();
  await expect(accept(page)).toBeVisible();
});

test('a link that is opened where the page is open already is taken', async ({ page }) => {
  await InvitationServer.before(page);
  await page.goto('/invitation');
  await expect(codeField(page)).toBeVisible();
  await page.evaluate((hash) => (location.hash = hash), `#${SECRET}`);
  await expect(heading(page, 'The Internal Reality')).toBeVisible();
});

test('what is over or cancelled shows the answer and takes none', async ({ page }) => {
  const closed = { answer: 'accepted', can_answer: false, can_delegate: false };
  for (const [why_not, text] of [
    ['over', 'It is over, so the answer cannot be changed any more.'],
    ['cancelled', 'It was cancelled. There is nothing to answer any more.'],
  ]) {
    await InvitationServer.before(page, { ...closed, why_not });
    await page.goto('about:blank');
    await page.goto(LINK);
    await expect(page.getByText(text)).toBeVisible();
    await expect(given(page)).toHaveText(/Accepted/);
    await expect(page.getByRole('button')).toHaveCount(0);
  }
});

test('what was passed on is not offered to be passed on', async ({ page }) => {
  await InvitationServer.before(page, { can_delegate: false });
  await page.goto(LINK);
  await expect(accept(page)).toBeVisible();
  await expect(decline(page)).toBeVisible();
  await expect(delegate(page)).toBeHidden();
});

test('without a network the page says so, and reads when the network is back', async ({ page, context }) => {
  const cut = (route) => route.abort();
  await page.route('**/v1/**', cut);
  await page.goto(LINK);
  await expect(fault(page)).toHaveText('There is no connection to the server. Check your network, then try again.');
  await again(page).click();
  await expect(fault(page)).toHaveText(/There is no connection/);
  await page.unroute('**/v1/**', cut);
  await InvitationServer.before(page);
  await again(page).click();
  await expect(heading(page, 'The Internal Reality')).toBeFocused();
  await expect(fault(page)).toBeEmpty();

  await page.route('**/v1/**', cut);
  await page.reload();
  await expect(again(page)).toBeVisible();
  await page.unroute('**/v1/**', cut);
  await context.setOffline(true);
  await context.setOffline(false);
  await expect(heading(page, 'The Internal Reality')).toBeVisible();
});

test('a server that is busy says when to come back', async ({ page }) => {
  const server = await InvitationServer.before(page);
  server.refusals = [
    [429, {}, { 'Retry-After': '300' }],
    [503, {}, { 'Retry-After': '2' }],
  ];
  await page.goto(LINK);
  await expect(fault(page)).toHaveText('Too many attempts. Try again in 5 minutes.');
  await again(page).click();
  await expect(fault(page)).toHaveText('The server cannot answer now. Try again in a moment.');
  await again(page).click();
  await expect(accept(page)).toBeVisible();
});

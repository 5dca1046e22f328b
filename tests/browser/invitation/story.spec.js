/** From an organiser's invitation to the answer, with the server's own operations. */

import { expect, expectAccessible, test } from '../harness/test.js';
import {
  accept,
  addressField,
  codeField,
  decline,
  delegate,
  entry,
  given,
  heading,
  nameField,
  nameThem,
  note,
  openIt,
  wordField,
} from './views.js';

const EVENT = '/v1/events/csw-2018';

/** Invites the minister to the dialogue: what the organiser may ask of it, and the mail. */
async function inviteMinister(site) {
  const token = await site.signIn('organiser');
  const find = async (path, pick) => (await site.ask('GET', EVENT + path, { token })).body.items.find(pick);
  const part = await find('/parts', ({ slug }) => slug === 'regional-policy-dialogue');
  const minister = await find('/attendees', ({ name }) => name === 'Amalia Quispe');
  const body = { attendee: minister.id, collection: 'parts', object: part.id };
  const { status, body: invitation } = await site.ask('POST', `${EVENT}/invitations`, { token, body });
  expect(status, JSON.stringify(invitation)).toBe(201);
  let mail;
  await expect.poll(async () => (mail = await site.findMail('minister@demo.example', '/invitation#'))).toBeTruthy();
  const organiser = {
    read: async () => (await site.ask('GET', `${EVENT}/invitations/${invitation.id}`, { token })).body,
    withdraw: () => site.ask('POST', `${EVENT}/invitations/${invitation.id}/withdraw`, { token, body: {} }),
  };
  return { organiser, link: /\S+\/invitation#\S+/.exec(mail)[0], code: /\b(?:\w{4}-){3}\w{4}\b/.exec(mail)[0] };
}

test('a mailed invitation is read, accepted, declined, passed on and withdrawn', async ({ page, site }) => {
  const { organiser, link } = await inviteMinister(site);
  await page.goto(link);
  await expect(heading(page, 'Regional Policy Dialogue')).toBeVisible();
  await expect(page.getByText('Invitation for Amalia Quispe')).toBeVisible();
  await expect(entry(page, 'When')).toHaveText('Monday 26 November – Tuesday 27 November 2018');
  expect((await organiser.read()).answer).toBe('pending');
  await expectAccessible(page);

  await accept(page).click();
  await expect(note(page)).toHaveText('Thank you. The invitation is accepted.');
  expect(await organiser.read()).toMatchObject({ answer: 'accepted', answered_as: 'link' });

  await decline(page).click();
  await wordField(page).fill('I shall be in Geneva.');
  await decline(page).click();
  await expect(given(page)).toHaveText(/Declined\s*Answered on 26 November 2018 at 08:00\s*I shall be in Geneva\./);
  expect(await organiser.read()).toMatchObject({ answer: 'declined', word: 'I shall be in Geneva.' });

  await delegate(page).click();
  await nameField(page).fill('Ana Ñúñez');
  await addressField(page).fill('ana at example');
  await nameThem(page).click();
  await expect(addressField(page)).toHaveAttribute('aria-invalid', 'true');
  await addressField(page).fill('ana@example.org');
  await nameThem(page).click();
  await expect(given(page)).toHaveText(/Passed on to Ana Ñúñez/);
  expect((await organiser.read()).delegated_to).toEqual({ name: 'Ana Ñúñez', email: 'ana@example.org' });

  await page.reload();
  await expect(given(page)).toHaveText(/Passed on to Ana Ñúñez/);
  expect((await organiser.withdraw()).status).toBe(200);
  await accept(page).click();
  await expect(heading(page, 'There is no invitation here')).toBeFocused();
});

test('the code of the mail opens it, and nothing is answered when it is over', async ({ page, site }) => {
  const { code } = await inviteMinister(site);
  await page.goto('/invitation');
  await codeField(page).fill(code.toLowerCase());
  await openIt(page).click();
  await expect(accept(page)).toBeVisible();
  await site.advance(2 * 24 * 60 * 60_000);
  await accept(page).click();
  await expect(page.getByRole('alert')).toHaveText('The answer was not noted: it is over.');
  await expect(page.getByText('It is over, so the answer cannot be changed any more.')).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
  await expect(given(page)).toHaveText(/Not answered yet/);
});

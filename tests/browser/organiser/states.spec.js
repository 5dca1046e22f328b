/** The organiser's views with nothing in them, without a network, and before a server that fails. */

import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { Office } from '../desk/cast.js';
import { openAsOrganiser } from './cast.js';

/** Each view by its address, and what it says where there is nothing. */
const VIEWS = {
  board: 'Nobody has come yet.',
  notices: 'Nothing was sent yet.',
  announce: 'For whom',
  approval: 'There is no rule.',
  programme: 'Drag a session',
  'texts/delegations': 'There is none of these.',
  people: 'Nobody.',
  invitations: 'Nobody.',
  duties: 'Nobody has a duty yet.',
  'duties?kind=driver': 'Nobody has such a duty yet.',
  duty: 'Only for a time',
  liaison: 'There is no delegation yet.',
  devices: 'No device is enrolled yet.',
  findings: 'Somebody should look at it',
  files: 'Take out',
  audit: 'Operation',
};

const nameOf = (address) => address.replace(/\W+/g, '-');

/** Goes to a view, as a link would. */
async function visit(page, address) {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/${address}`);
  await expect(page.locator('main h1')).toBeVisible();
}

test('each view says what is not there yet, accessibly and on every width', async ({ page, site }, info) => {
  test.setTimeout(240_000);
  await openAsOrganiser(page, site);
  for (const [address, text] of Object.entries(VIEWS)) {
    if (address.includes('kind=')) {
      const office = await Office.open(site);
      const ana = await office.register('Ana Rojas');
      const room = await office.find('rooms', 'punta-nueva-york');
      await office.ask('POST', '/duties', { attendee: ana.attendee, kind: 'usher', collection: 'rooms', object: room.id });
    }
    await visit(page, address);
    await expect(page.locator('main').getByText(text).first()).toBeVisible();
    await expectGoodState(page, info, `organiser-empty-${nameOf(address)}`);
  }
});

test('each view tells that there is no network, accessibly and on every width', async ({ page, context, site }, info) => {
  test.setTimeout(240_000);
  await openAsOrganiser(page, site);
  // Views are fetched when they are first opened.
  for (const address of Object.keys(VIEWS)) await visit(page, address);
  await context.setOffline(true);
  for (const address of Object.keys(VIEWS)) {
    await visit(page, address);
    await expect(page.locator('.status')).toContainText('Offline');
    await expectGoodState(page, info, `organiser-offline-${nameOf(address)}`);
  }
});

test('each view says what the server could not answer, accessibly and on every width', async ({ page, site }, info) => {
  test.setTimeout(240_000);
  await openAsOrganiser(page, site);
  await page.route(/\/v1\/events\/csw-2018\/(?!sync)/, (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"unavailable"}' }));
  for (const address of ['people', 'invitations', 'texts/tracks', 'liaison', 'findings', 'audit', 'approval']) {
    await visit(page, address);
    if (address !== 'liaison') await expect(page.locator('main .fault').first()).toContainText('The server cannot answer now.');
    await expectGoodState(page, info, `organiser-error-${nameOf(address)}`);
  }
});

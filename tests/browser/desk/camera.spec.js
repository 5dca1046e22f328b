/** The camera: a printed badge that lies before it, one after another, and a camera that is refused. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { filmed, filmNothing, filmPaper } from '../harness/film.js';
import { expect, test } from '../harness/test.js';
import { answer, enrol, enrolButton, lastScans, Office } from './cast.js';

const DESK = /Registration desk at the conference center/;

const startCamera = (page) => page.getByRole('button', { name: 'Use the camera' });
const stopCamera = (page) => page.getByRole('button', { name: 'Stop the camera' });

// Each of these has a browser of its own beside the tests'.
test.beforeEach(() => test.slow());

/** A paper badge as the server prints it. */
async function printed(office, { attendee }) {
  const { pdf } = await office.ask('POST', `/attendees/${attendee}/badges`, { kind: 'paper' });
  const response = await fetch(office.site.address + pdf, { headers: { Authorization: `Bearer ${office.token}` } });
  return Buffer.from(await response.arrayBuffer());
}

test('a printed badge is read by the camera, once for each time that it is shown', async ({ site }) => {
  const folder = await mkdtemp(join(tmpdir(), 'cumbre-film-'));
  const film = join(folder, 'badge.y4m');
  const office = await Office.open(site);
  const ana = await office.register('Ana Rojas Peña');
  const eva = await office.register('Eva Lagos');
  const [first, second] = [await printed(office, ana), await printed(office, eva)];
  filmPaper(first, film);
  await filmed(site, film, async (page) => {
    await enrol(page, office, { place: DESK });
    await startCamera(page).click();
    await expect(answer(page)).toContainText('Ana Rojas Peña');
    // It lies there still, and counts once.
    await expect(page.locator('video')).toBeVisible();
    await page.evaluate(() => new Promise((resolve) => document.querySelector('video').requestVideoFrameCallback(resolve)));
    await expect(lastScans(page)).toHaveCount(1);
    await stopCamera(page).click();
    filmPaper(second, film);
    await startCamera(page).click();
    await expect(answer(page)).toContainText('Eva Lagos');
    await expect(lastScans(page)).toHaveCount(2);
    await expect.poll(() => office.listScans()).toHaveLength(2);
  });
  await rm(folder, { recursive: true });
});

test('a desk is enrolled by the code that its camera sees', async ({ page, site }) => {
  const folder = await mkdtemp(join(tmpdir(), 'cumbre-film-'));
  const film = join(folder, 'code.y4m');
  const office = await Office.open(site);
  const { link } = await office.offer('full');
  // The organiser's screen, on paper.
  await page.goto('/desk');
  await page.evaluate(async (text) => {
    const script = document.querySelector('script[type=module]').src;
    const { encodeQR } = await import(new URL('../vendor/qr/index.js', script).href);
    const image = encodeQR(text, 'svg');
    document.body.innerHTML = image;
    document.querySelector('svg').setAttribute('width', '480');
  }, link);
  filmPaper(await page.pdf({ width: '600px', height: '600px' }), film);
  await filmed(site, film, async (desk) => {
    await desk.goto('/desk');
    await desk.getByRole('button', { name: 'Scan the QR code' }).click();
    await expect(desk.getByText('The link was read.')).toBeVisible();
    await enrolButton(desk).click();
    await expect(desk.getByRole('heading', { name: 'Where do you check?' })).toBeVisible();
  });
  await rm(folder, { recursive: true });
});

test('a desk without a camera, and one that refuses it, say what else there is', async ({ browser, site }) => {
  const office = await Office.open(site);
  const folder = await mkdtemp(join(tmpdir(), 'cumbre-film-'));
  const film = join(folder, 'nothing.y4m');
  filmNothing(film);
  const refusing = await browser.newPage({ baseURL: site.address, locale: 'en-GB', permissions: [] });
  await enrol(refusing, office, { place: DESK });
  await startCamera(refusing).click();
  await expect(refusing.getByText(/The camera was refused|There is no camera here/)).toBeVisible();
  await refusing.close();
  await filmed(site, film, async (page) => {
    await enrol(page, office, { place: DESK });
    await startCamera(page).click();
    await expect(stopCamera(page)).toBeVisible();
    await expect(answer(page)).toContainText('Ready');
  });
  await rm(folder, { recursive: true });
});

/** Files of the programme and of people: what would become of them first, then in; and out. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Office } from '../desk/cast.js';
import { expectGoodState } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { fault, go, note, openAsOrganiser, openInAnyLanguage } from './cast.js';

const PEOPLE_FAULTS = new URL('../../../server/src/formats/people/fault.rs', import.meta.url);
const FILE_PROBLEMS = new URL('../../../server/src/formats/native/problem.rs', import.meta.url);
const VALUE_PROBLEMS = new URL('../../../shared/src/programme/value_problem.rs', import.meta.url);
const SAMPLE = new URL('../../../server/samples/santiago-2018.yaml', import.meta.url);

test('a file of people is looked at first, then brought in, and comes out again', async ({ page, site }) => {
  const office = await Office.open(site);
  await office.register('Eva Lagos');
  await openAsOrganiser(page, site);
  await go(page, 'Files');
  const csv = 'Name;Category;Colour\nBruno Lima;participants;red\nAna Rojas;participants;blue\nNobody;no-such-category;\n';
  await page.getByLabel('People (CSV, XLSX)').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await expect(page.getByText('2 people are new')).toBeVisible();
  await expect(page.getByText('Columns that are not read: Colour')).toBeVisible();
  await expect(page.getByText('1 row is faulty, and is left out.')).toBeVisible();
  expect((await office.ask('POST', '/registrations/search', { text: 'bruno' })).items).toHaveLength(0);
  await page.getByRole('button', { name: 'Bring it in' }).click();
  await expect(note(page)).toHaveText('It is brought in.');
  expect((await office.ask('POST', '/registrations/search', { text: 'bruno' })).items).toHaveLength(1);
  const coming = page.waitForEvent('download');
  await page.getByRole('region', { name: 'Take out' }).getByRole('button', { name: 'Programme (YAML)' }).click();
  const file = await (await coming).path();
  expect(await readFile(file, 'utf8')).toContain('slug: csw-2018');
});

test('what is wrong with a file of people is told in the reader’s language, by its cells', async ({ browser, site }) => {
  const page = await browser.newPage({ baseURL: site.address, locale: 'es-CL', serviceWorkers: 'block' });
  await openInAnyLanguage(page, site);
  await page.goto('/organiser#/files');
  const field = page.getByLabel('Personas (CSV, XLSX)');
  const csv = 'Nombre;Categoría;País;Correo electrónico\nBruno Lima;reyes;Narnia;bruno\nCarla Díaz;;;\n';
  await field.setInputFiles({ name: 'personas.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  const rows = page.locator('.report li');
  await expect(rows).toHaveText([
    'B2 Categoría: «reyes» no existe. (Categorías)',
    'C2 País: No es el código ni el nombre de un país.',
    'D2 Correo electrónico: No es una dirección de correo.',
    'B3 Categoría: Escriba una categoría: esta persona aún no está inscrita.',
  ]);
  await expect(rows.locator('[lang=en]')).toHaveCount(0);
  await field.setInputFiles({ name: 'personas.csv', mimeType: 'text/csv', buffer: Buffer.from('Nombre;Cargo\nAna;"Rectora\n') });
  await expect(page.locator('.report .fault')).toHaveText('En la fila 2 hay comillas sin cerrar.');
  await page.close();
});

test('what is wrong with a file of the programme is told in the reader’s language, by its lines', async ({ browser, site }) => {
  const page = await browser.newPage({ baseURL: site.address, locale: 'pt-BR', serviceWorkers: 'block' });
  await openInAnyLanguage(page, site);
  await page.goto('/organiser#/files');
  const lines = [
    'cumbre: 1',
    'event: { slug: week, title: Week, starts_on: 2018-11-26, ends_on: 2018-11-25, time_zone: UTC, languages: [en], fallback_language: en }',
    'sessions:',
    '  - { slug: one, kind: seminar, title: One, room: hall, starts: 2018-11-26 09:00 }',
    '  - { slug: one, kind: break, title: Two, day: 2018-11-26, colour: red }',
  ];
  const give = (content) =>
    page.getByLabel('Programa (YAML)').setInputFiles({ name: 'week.yaml', mimeType: 'application/yaml', buffer: content });
  await give(Buffer.from(lines.join('\n')));
  const faults = page.locator('.report li');
  await expect(faults.nth(0)).toHaveText('Linha 2 event.ends_on: É antes de starts_on.');
  await expect(faults.nth(1)).toHaveText(/^Linha 4 sessions\[0\]\.ends: Falta: vai junto com starts\.$/);
  await expect(faults.nth(2)).toHaveText(/^Linha 4 sessions\[0\]\.kind: Escreva um destes: .*field_visit.* ou departure\.$/);
  await expect(faults.nth(3)).toHaveText('Linha 4 sessions[0].room: “hall” não existe. (Salas)');
  await expect(faults.nth(4)).toHaveText('Linha 5 sessions[1].slug: Um anterior já o tem.');
  await expect(faults.nth(5)).toHaveText(/^Linha 5 sessions\[1\]\.colour: Este campo não existe aqui\. Existem: slug, .* e state\.$/);
  await expect(faults).toHaveCount(6);
  await expect(faults.locator('[lang=en]')).toHaveCount(0);
  await give(Buffer.from([...Buffer.from('cumbre: 1\n# Programa'), 0xe7]));
  await expect(faults).toHaveText(['Linha 2: A partir daqui o arquivo não está em UTF-8 e os acentos se perderiam. Salve-o em UTF-8.']);
  await page.close();
});

test('every code of a fault in a file has a sentence in every language', async ({ page }) => {
  const codesOf = async (file, name) => {
    const source = await readFile(file, 'utf8');
    const body = source.slice(source.indexOf(`pub enum ${name} {`)).split('\n}\n')[0];
    return [...body.matchAll(/^ {4}(\w+)(?: \{|,)$/gm)].map(([, variant]) => variant.replace(/(?!^)([A-Z])/g, '_$1').toLowerCase());
  };
  const lists = [
    ['row', await codesOf(PEOPLE_FAULTS, 'CellProblem'), ['refused']],
    ['unread', await codesOf(PEOPLE_FAULTS, 'FileFault'), []],
    ['programme', await codesOf(FILE_PROBLEMS, 'FileProblem'), []],
    ['programme', await codesOf(VALUE_PROBLEMS, 'ValueProblem'), ['other']],
  ];
  for (const [, codes] of lists) expect(codes.length).toBeGreaterThan(14);
  const wanted = lists.flatMap(([kind, codes, without]) => codes.filter((code) => !without.includes(code)).map((code) => `${kind}.${code}`));
  await page.goto('/organiser');
  const told = await page.evaluate(async () => {
    const script = document.querySelector('script[type=module]').src;
    const load = async (language) => Object.keys((await import(new URL(`words/${language}/index.js`, script).href)).default);
    const ofFaults = (name) => /^(row|unread|programme)\./.test(name);
    return (await Promise.all(['en', 'es', 'pt', 'fr'].map(load))).map((names) => names.filter(ofFaults));
  });
  for (const names of told) expect(names.sort()).toEqual(wanted.toSorted());
});

test('a file of the programme says what would change before it does', async ({ page, site }) => {
  const office = await Office.open(site);
  await openAsOrganiser(page, site);
  await go(page, 'Files');
  const text = (await readFile(SAMPLE, 'utf8')).replace('title: The Internal Reality', 'title: The Inner Reality');
  const give = (content) =>
    page.getByLabel('Programme (YAML)').setInputFiles({ name: 'week.yaml', mimeType: 'application/yaml', buffer: Buffer.from(content) });
  await give(text.replace('cumbre: 1', 'cumbre: one'));
  await expect(page.locator('.report .message')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Bring it in' })).toBeHidden();
  await give(text);
  await expect(page.getByText(/^1 record changes$/)).toBeVisible();
  expect((await office.find('sessions', 'the-internal-reality')).title.en).toBe('The Internal Reality');
  await page.getByRole('button', { name: 'Bring it in' }).click();
  await expect(note(page)).toHaveText('It is brought in.');
  expect((await office.find('sessions', 'the-internal-reality')).title.en).toBe('The Inner Reality');
});

test('what ends by a file is told in the server’s figures, also of what this device has not heard of', async ({ page, site }) => {
  const office = await Office.open(site);
  await office.ask('POST', '/sessions', { slug: 'side-event', kind: 'special', state: 'published', day: '2018-11-28', title: { en: 'Side event' } });
  const records = [
    { collection: 'sessions', slug: 'side-event', sign_ups: 3, invitations: 0, favourites: 12, speakers: 1, duties: 2 },
    { collection: 'parts', slug: 'unheard-of', sign_ups: 0, invitations: 4 },
  ];
  await page.route('**/import?preview=true', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), ends: { people: 5, records } } });
  });
  await openAsOrganiser(page, site);
  await go(page, 'Files');
  await page.getByLabel('Programme (YAML)').setInputFiles({ name: 'week.yaml', mimeType: 'application/yaml', buffer: await readFile(SAMPLE) });
  const removals = page.getByRole('group', { name: /^1 session is not in the file any more/ });
  await expect(removals.getByRole('listitem')).toHaveText(['Side event: 3 seats · 12 stars · 1 person takes part · 2 duties end', 'unheard-of: 4 invitations end']);
  await expect(removals).toContainText('It concerns 5 people.');
});

test('sessions that a file lacks go only after somebody has said so, and sees whom that concerns', async ({ page, site }, info) => {
  const office = await Office.open(site);
  const session = await office.ask('POST', '/sessions', {
    slug: 'side-event',
    seats: 5,
    kind: 'special',
    state: 'published',
    title: { en: 'Side event' },
    starts_at: '2018-11-28T20:00:00.000Z',
    ends_at: '2018-11-28T21:00:00.000Z',
    admission: { policy: 'by_invitation', visibility: 'listed' },
  });
  for (const name of ['Ana Rojas', 'Bruno Lima']) {
    const { attendee } = await office.register(name);
    await office.ask('POST', '/invitations', { attendee, collection: 'sessions', object: session.id });
    if (name === 'Ana Rojas') await office.ask('PUT', `/attendees/${attendee}/sign-ups/${session.id}?override=true`);
  }
  const sent = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && /\/import/.test(request.url())) sent.push(new URL(request.url()).search);
  });
  await openAsOrganiser(page, site);
  await go(page, 'Files');
  await page.getByLabel('Programme (YAML)').setInputFiles({ name: 'week.yaml', mimeType: 'application/yaml', buffer: await readFile(SAMPLE) });
  const removals = page.getByRole('group', { name: /^1 session is not in the file any more/ });
  await expect(removals).toContainText('Side event: 1 seat · 2 invitations end');
  await expect(removals).toContainText('It concerns 2 people.');
  await removals.getByText('Who they are').click();
  await expect(removals).toContainText('Bruno Lima');
  await expectGoodState(page, info, 'organiser-file-removals');
  await page.getByRole('button', { name: 'Bring it in' }).click();
  await expect(fault(page)).toContainText('Say first that the sessions may go.');
  await expect(removals.getByRole('checkbox')).toBeFocused();
  expect(sent).toEqual(['?preview=true']);
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Bring it in' }).click();
  await expect(note(page)).toHaveText('It is brought in.');
  expect(sent).toEqual(['?preview=true', '']);
});

test('a file that lacks most of the programme is brought in only with a word for it', async ({ page, site }) => {
  const text = await readFile(SAMPLE, 'utf8');
  await openAsOrganiser(page, site);
  await go(page, 'Files');
  const without = text.slice(0, text.indexOf('\nsessions:\n') + 1);
  await page.getByLabel('Programme (YAML)').setInputFiles({ name: 'week.yaml', mimeType: 'application/yaml', buffer: Buffer.from(without) });
  await expect(page.getByText('More than a fifth of the published sessions would go.')).toBeVisible();
  const asked = page.waitForRequest((request) => /\/import\?allow_removals=true$/.test(request.url()));
  await page.getByRole('checkbox', { name: /^Yes, \d+ sessions go\. It concerns \d+ people/ }).check();
  await page.getByRole('button', { name: 'Bring it in' }).click();
  await asked;
});

test('a faulty file is put away, and its corrected self is what was looked at', async ({ page, site }, info) => {
  const folder = await mkdtemp(join(tmpdir(), 'cumbre-files-'));
  const path = join(folder, 'week.yaml');
  const text = (await readFile(SAMPLE, 'utf8')).replace('title: The Internal Reality', 'title: The Inner Reality');
  const office = await Office.open(site);
  await openAsOrganiser(page, site);
  await go(page, 'Files');
  const field = page.getByLabel('Programme (YAML)');
  await writeFile(path, text.replace('cumbre: 1', 'cumbre: one'));
  await field.setInputFiles(path);
  await expect(page.getByText('Nothing was brought in. Correct the file and choose it again.')).toBeVisible();
  await expectGoodState(page, info, 'organiser-file-faulty');
  await expect(field).toHaveValue('');
  await page.getByRole('button', { name: 'Leave it' }).click();
  await expect(page.locator('.report')).toBeHidden();
  await writeFile(path, text);
  await field.setInputFiles(path);
  await expect(page.getByText(/^1 record changes$/)).toBeVisible();
  // What is brought in is what was looked at, whatever the file has become.
  await writeFile(path, text.replace('title: The Inner Reality', 'title: Another Reality'));
  await page.getByRole('button', { name: 'Bring it in' }).click();
  await expect(note(page)).toHaveText('It is brought in.');
  expect((await office.find('sessions', 'the-internal-reality')).title.en).toBe('The Inner Reality');
  await rm(folder, { recursive: true });
});

/** How the desk looks, reads and speaks, and that the keyboard alone is enough. */

import { enlargeLetters, expectFits, expectGoodView, expectWords } from '../harness/appearance.js';
import { expect, test } from '../harness/test.js';
import { answer, codeField, enrol, enrolButton, Office, scan, typedField } from './cast.js';

const DESK = /Registration desk at the conference center/;

/** The longest that the week's lists have. */
const LONG = {
  name: 'Excelentísima Señora María Fernanda de los Ángeles Etcheverry-Montenegro y Wollstonecraft',
  details: {
    position: 'Directora Nacional de Prevención del Delito y Participación Ciudadana',
    organisation: 'Ministerio del Interior y de la Seguridad Pública de la República',
  },
};

/** A delegation with a long name, and some in it. */
async function delegate(office) {
  const name = { en: 'Plurinational State of Bolivia, Ministry of Government and of Citizen Security' };
  const { id } = await office.ask('POST', '/delegations', { slug: 'bolivia', name, country: 'BO' });
  for (const first of ['Ana', 'Eva', 'Luz']) await office.register(`${first} ${LONG.name}`, { ...LONG, delegation: id });
}

/** Each view of the page, at its fullest. */
const VIEWS = {
  enrol: async (page) => {
    await page.goto('/desk');
    await enrolButton(page).click();
    await expect(codeField(page)).toHaveAttribute('aria-invalid', 'true');
  },
  link: async (page, office) => {
    await page.goto(`/desk#${(await office.offer()).link.split('#')[1]}`);
    await expect(enrolButton(page)).toBeVisible();
  },
  places: async (page, office) => {
    await enrol(page, office);
    await expect(page.getByRole('button', { name: DESK })).toBeVisible();
  },
  ready: async (page, office) => {
    await enrol(page, office, { place: DESK, name: 'Desk at the entrance of the conference center, on the left' });
    await expect(answer(page)).toContainText('Ready');
  },
  yes: async (page, office) => {
    const { badge } = await office.register(LONG.name, LONG);
    await enrol(page, office, { place: DESK });
    await scan(page, badge);
    await answer(page).getByRole('button', { name: 'Undo' }).focus();
  },
  no: async (page, office) => {
    const { badge } = await office.register(LONG.name, LONG);
    await office.guard('Dinner', { rule: 'once' });
    await enrol(page, office, { place: /Dinner/ });
    await scan(page, badge);
    await expect(answer(page)).toContainText('Welcome.');
    await scan(page, badge);
    await answer(page).getByRole('button', { name: 'Let in all the same' }).focus();
  },
  asking: async (page, office) => {
    const { badge } = await office.register(LONG.name, LONG);
    await office.guard('Dinner', { rule: 'once' });
    await enrol(page, office, { place: /Dinner/ });
    await scan(page, badge);
    await expect(answer(page)).toContainText('Welcome.');
    await scan(page, badge);
    await answer(page).getByRole('button', { name: 'Let in all the same' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  found: async (page, office) => {
    for (const first of ['Ana', 'Eva', 'Luz']) await office.register(`${first} ${LONG.name}`, LONG);
    await enrol(page, office, { place: DESK });
    await typedField(page).fill('etcheverry');
    await expect(page.getByText('3 people')).toBeVisible();
  },
  person: async (page, office) => {
    await office.register(LONG.name, LONG);
    await enrol(page, office, { place: DESK });
    await typedField(page).fill('etcheverry');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await expect(page.getByText('Badge on the phone')).toBeVisible();
  },
  'put-right': async (page, office) => {
    await office.register(LONG.name, LONG);
    await enrol(page, office, { place: DESK });
    await typedField(page).fill('etcheverry');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('button', { name: 'Put right …' }).click();
    await expect(page.getByRole('form', { name: 'Put a name or an address right' })).toBeVisible();
  },
  delegations: async (page, office) => {
    await delegate(office);
    await enrol(page, office, { place: DESK });
    await page.getByRole('button', { name: 'Delegations' }).click();
    await expect(page.getByRole('checkbox').first()).toBeVisible();
  },
  'hand-out': async (page, office) => {
    await delegate(office);
    await enrol(page, office, { place: DESK });
    await page.getByRole('button', { name: 'Delegations' }).click();
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await page.getByRole('button', { name: 'Hand out …' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'It is handed out' }).click();
    await expect(page.getByRole('dialog').getByRole('alert')).toContainText('Have it signed');
  },
  'walk-in': async (page, office) => {
    await office.register(LONG.name, LONG);
    await enrol(page, office, { place: DESK });
    await expect.poll(async () => (await office.ask('GET', '/badge-keys')).items.filter(({ device }) => device).length).toBe(1);
    await page.getByRole('button', { name: 'Walk-in' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill(LONG.name);
    await page.getByRole('textbox', { name: 'Organisation' }).fill(LONG.details.organisation);
    await page.getByRole('button', { name: 'Register' }).click();
    await expect(page.getByRole('img', { name: 'Provisional badge' })).toBeVisible();
  },
  missing: async (page, office) => {
    await office.register(LONG.name, LONG);
    await enrol(page, office, { place: DESK });
    await page.getByRole('button', { name: 'Who is missing' }).click();
    await expect(page.getByText(/have come/)).toBeVisible();
  },
  offline: async (page, office) => {
    const { badge } = await office.register(LONG.name, LONG);
    await enrol(page, office, { place: DESK });
    await expect(answer(page)).toContainText('Ready');
    await page.context().setOffline(true);
    await scan(page, badge);
    await answer(page).getByRole('button', { name: 'Undo' }).focus();
    await expect(page.getByText('1 scan to hand in')).toBeVisible();
  },
};

for (const [view, open] of Object.entries(VIEWS)) {
  test(`the view "${view}" is accessible, fits every width, and is shown in pictures`, async ({ page, site }, info) => {
    test.slow();
    await open(page, await Office.open(site));
    await expectGoodView(page, info, `desk-${view}`);
  });
}

test('letters of twice the size fit a phone', async ({ browser, site }) => {
  // The sheet that enlarges is the test's own, which no service worker knows of.
  const page = await browser.newPage({ baseURL: site.address, locale: 'en-GB', serviceWorkers: 'block', viewport: { width: 360, height: 740 } });
  const office = await Office.open(site);
  const { badge } = await office.register(LONG.name, LONG);
  await enrol(page, office, { place: DESK });
  await enlargeLetters(page);
  await scan(page, badge);
  await expect(answer(page)).toContainText('Welcome.');
  await expectFits(page);
  await page.close();
});

test('every language has every text with the same places', async ({ page }) => {
  await page.goto('/desk');
  await expectWords(page);
});

test('the desk speaks the reader’s language, verdicts too', async ({ browser, site }) => {
  test.slow();
  const office = await Office.open(site);
  for (const [locale, place, ready, refusal] of [
    ['es-CL', 'Mesa de registro en el centro de conferencias', 'Listo', 'Este código no es una credencial conocida.'],
    ['pt-BR', 'Mesa de registro en el centro de conferencias', 'Pronto', 'Este código não é uma credencial conhecida.'],
    ['fr-CA', 'Mesa de registro en el centro de conferencias', 'Prêt', "Ce code n'est pas un badge connu."],
  ]) {
    const page = await browser.newPage({ locale, baseURL: site.address, serviceWorkers: 'block' });
    await page.goto(`/desk#${(await office.offer()).link.split('#')[1]}`);
    await page.locator('button[type=submit]').click();
    await page.getByRole('button', { name: new RegExp(`${place}|conference center`) }).click();
    await expect(answer(page).locator('.word')).toHaveText(ready);
    await scan(page, 'https://example.org/menu');
    await expect(answer(page)).toContainText(refusal);
    await page.close();
  }
});

test('the keyboard alone is enough', async ({ page, site }) => {
  test.slow();
  const office = await Office.open(site);
  const { badge } = await office.register('Ana Rojas');
  await office.guard('Dinner', { rule: 'once' });
  const { code } = await office.offer('full');
  const tabTo = async (target) => {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await target.evaluate((one) => one === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${target}`);
  };
  await page.goto('/desk');
  await tabTo(codeField(page));
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
  const dinner = page.getByRole('button', { name: /Dinner/ });
  await expect(dinner).toBeVisible();
  await tabTo(dinner);
  await page.keyboard.press('Enter');
  await expect(answer(page)).toContainText('Ready');
  await tabTo(typedField(page));
  await page.keyboard.type('ana ro');
  const checkIn = page.getByRole('button', { name: 'Check in' });
  await expect(checkIn).toBeVisible();
  await tabTo(checkIn);
  await page.keyboard.press('Enter');
  await expect(answer(page)).toContainText('Welcome.');
  await tabTo(typedField(page));
  await page.keyboard.type(badge);
  await page.keyboard.press('Enter');
  await expect(answer(page)).toContainText('Already used');
  const letIn = answer(page).getByRole('button', { name: 'Let in all the same' });
  await tabTo(letIn);
  await page.keyboard.press('Enter');
  const why = page.getByRole('dialog').getByRole('textbox', { name: 'Why' });
  await tabTo(why);
  await page.keyboard.type('Has the ticket of a friend');
  await page.keyboard.press('Enter');
  await expect(answer(page)).toContainText('Has the ticket of a friend');
});

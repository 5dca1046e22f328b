/**
 * Who comes to the desk in tests, and how a browser becomes one.
 *
 * @module
 */

import { expect } from '../harness/test.js';

const EVENT = '/v1/events/csw-2018';

const named = (role, name) => (page) => page.getByRole(role, { name, exact: true });

export const codeField = named('textbox', 'Code');
export const enrolButton = named('button', 'Enrol');
export const typedField = (page) => page.locator('#typed');

/** Where a verdict is told. */
export const answer = (page) => page.locator('section.answer');

/** The last scans, the newest first. */
export const lastScans = (page) => page.getByRole('list', { name: 'Last scans' }).getByRole('listitem');

/** The organiser at work, without a page. */
export class Office {
  /** @param {import('../harness/site.js').Site} site */
  static async open(site) {
    const office = new Office();
    Object.assign(office, { site, token: await site.signIn('organiser') });
    return office;
  }

  async ask(method, path, body) {
    const answer = await this.site.ask(method, EVENT + path, { token: this.token, body });
    expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
    return answer.body;
  }

  /** The record of a collection with a slug. */
  async find(collection, slug) {
    const { items } = await this.ask('GET', `/${collection}?limit=500`);
    return items.find((one) => one.slug === slug);
  }

  /** Registers somebody: their attendee, and what their phone shows. */
  async register(name, { category = 'participants', ...more } = {}) {
    const { id } = (await this.find('categories', category)) ?? (await this.ask('POST', '/categories', titled(category)));
    const body = { name, category: id, status: 'confirmed', override: true, ...more };
    const { attendee } = await this.ask('POST', '/registrations', body);
    const { items } = await this.ask('GET', `/attendees/${attendee}/badges`);
    return { attendee, name, badge: items[0]?.token, carrier: items[0]?.carrier };
  }

  /** Something of the whole event that is entered by a check, and the place where it is checked. */
  async guard(name, area = {}) {
    const slug = name.toLowerCase();
    const { id } = await this.ask('POST', '/access-areas', { slug, name: { en: name }, ...area });
    return this.ask('POST', '/checkpoints', { slug, name: { en: name }, kind: 'entrance', area: id });
  }

  /** A code and a link that enrol one device. */
  offer(profile = 'full', more = {}) {
    return this.ask('POST', '/enrolments', { name: 'Desk 1', profile, ...more });
  }

  /** Every scan that the server has. */
  async listScans() {
    const response = await fetch(`${this.site.address}${EVENT}/scans/export?format=csv`, {
      headers: { Authorization: `Bearer ${this.token}` },
    });
    expect(response.status).toBe(200);
    return (await response.text()).trim().split(/\r?\n/).slice(1);
  }
}

const titled = (slug) => ({ slug, title: { en: slug, es: slug }, enrolment: 'automatic' });

/** Enrols the page's browser as a desk; it stands where it is asked to. */
export async function enrol(page, office, { profile = 'full', place, ...more } = {}) {
  const { link } = await office.offer(profile, more);
  await page.goto(`/desk#${link.split('#')[1]}`);
  await enrolButton(page).click();
  if (place) await page.getByRole('button', { name: place }).click();
}

/** Types as a scanner does: fast, with a line end. */
export async function scan(page, code) {
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
}

/** Lets somebody in at another scanner of a door and, while it has not heard of that, at this desk. */
export async function useTwice(page, context, office, { door, badge }) {
  await expect(answer(page)).toContainText('Ready');
  await context.setOffline(true);
  await office.ask('POST', `/checkpoints/${door.id}/check`, { code: badge });
  await scan(page, badge);
  await expect(answer(page).locator('.word')).toHaveText('YES');
  await context.setOffline(false);
}

/**
 * What a desk does for a person while it has no network, and hands in once it is suspended.
 *
 * @param {import('@playwright/test').Browser} browser
 * @param {Office} office
 * @param {{typed: string, deed: (page: import('@playwright/test').Page) => Promise<void>}} done For whom, and what.
 */
export async function handInLate(browser, office, { typed, deed }) {
  const page = await browser.newPage({ baseURL: office.site.address, locale: 'en-GB', serviceWorkers: 'block' });
  await enrol(page, office, { name: 'Desk by the stairs', place: /Registration desk at the conference center/ });
  await expect(answer(page)).toContainText('Ready');
  await typedField(page).fill(typed);
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await expect(page.getByRole('textbox', { name: 'Note for whoever sees them first' })).toBeVisible();
  await page.context().setOffline(true);
  await deed(page);
  await expect(page.locator('.standing')).toContainText(/entr(y|ies) to hand in/);
  const { items } = await office.ask('GET', '/enrolments');
  const { device } = items.find(({ name }) => name === 'Desk by the stairs');
  await office.ask('POST', `/enrolments/${device}/suspend`, {});
  await page.context().setOffline(false);
  const late = async () => (await office.ask('GET', '/incidents')).items.filter(({ kind }) => kind === 'late_work').length;
  await expect.poll(late, { timeout: 30_000 }).toBe(1);
  await page.close();
}

/** Leaves a note for whoever sees the person first. */
export async function leaveNote(page, text) {
  await page.getByRole('textbox', { name: 'Note for whoever sees them first' }).fill(text);
  await page.getByRole('button', { name: 'Keep the note' }).click();
}

/** Asks for a seat for the person. */
export async function askForSeat(page, session) {
  await page.getByRole('combobox', { name: 'A seat in' }).selectOption({ value: session });
  await page.getByRole('button', { name: 'Ask for it' }).click();
}

/**
 * What the app of attendees and the desk cost, measured in the browser.
 *
 * @module
 */

import { chromium } from '../../browser/node_modules/@playwright/test/index.mjs';
import { Site } from '../../browser/harness/site.js';

const EVENT = '/v1/events/csw-2018';

/** How many sessions a long programme has. */
const MANY = 1_000;

/** How many people a desk of a large event knows. */
const PEOPLE = 20_000;

/** How many badges are scanned. */
const SCANS = 40;

const rows = [];
const report = (figure, here, target) => rows.push([figure, here, target]);

const browser = await chromium.launch({
  executablePath: process.env.CUMBRE_CHROMIUM,
  chromiumSandbox: process.getuid?.() !== 0,
});

await measureFirstLoad();
await measureLaterVisit();
await measureManySessions();
await measureChange();
await measureDesk();
await measureManyPeople();
await browser.close();

console.log('| figure | here | to reach |\n| --- | --- | --- |');
for (const row of rows) console.log(`| ${row.join(' | ')} |`);

/** A page of a fresh browser at a server of its own. */
async function withPage(work, { crowd = false, ...options } = {}) {
  const site = await Site.open({ crowd });
  const context = await browser.newContext({
    baseURL: site.address,
    viewport: { width: 360, height: 740 },
    locale: 'en-GB',
    ...options,
  });
  const page = await context.newPage();
  await work(page, site, context);
  await context.close();
  await site.close();
}

async function measureFirstLoad() {
  await withPage(async (page, _site, context) => {
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    const requests = new Map();
    devtools.on('Network.requestWillBeSent', ({ requestId, request }) => requests.set(requestId, { url: request.url, bytes: 0 }));
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const request = requests.get(requestId);
      if (request) request.bytes = encodedDataLength;
    });
    await page.goto('/');
    await page.locator('.session').first().waitFor();
    const finished = [...requests.values()].filter(({ bytes }) => bytes > 0);
    const sum = (of) => finished.filter(of).reduce((total, { bytes }) => total + bytes, 0);
    const data = sum(({ url }) => url.includes('/v1/'));
    const all = sum(() => true);
    report(
      'first load of the app with the Santiago week, to the first view',
      `${(all / 1_000).toFixed(1)} KB in ${finished.length} answers, ${(data / 1_000).toFixed(1)} of them data`,
      '150 KB',
    );
  });
}

async function measureLaterVisit() {
  await withPage(async (page, site, context) => {
    await signIn(page, site);
    await page.goto('/');
    await page.locator('.session').first().waitFor();
    await waitUntilKept(page);
    await context.setOffline(true);
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    const times = [];
    for (let visit = 0; visit < 5; visit += 1) {
      await page.goto('about:blank');
      await page.goto('/#/day');
      await page.locator('.my-day .session').first().waitFor();
      times.push(
        await page.evaluate(
          () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()), 0))),
        ),
      );
    }
    report('a later visit without a network, a quarter of the CPU, until one’s day is there', `${Math.round(median(times))} ms`, '2,000 ms');
  });
}

async function measureManySessions() {
  await withPage(async (page, site) => {
    const token = await site.signIn('organiser');
    const exported = await fetch(`${site.address}${EVENT}/export`, { headers: { Authorization: `Bearer ${token}` } });
    const text = await exported.text();
    const made = Array.from({ length: MANY }, (_, at) => {
      const [day, hour] = [25 + (at % 6), 8 + (Math.floor(at / 6) % 10)];
      const from = `2018-11-${day} ${String(hour).padStart(2, '0')}`;
      return [
        `  - slug: many-${at}`,
        '    kind: session',
        `    title: {en: "Prevención número ${at} of a long programme", es: "Sesión ${at}"}`,
        `    starts: ${from}:00`,
        `    ends: ${from}:45`,
        '    venue: business-and-conference-center',
      ].join('\n');
    });
    const imported = await fetch(`${site.address}${EVENT}/import`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/yaml' },
      body: text.replace(/^sessions:\n/m, `sessions:\n${made.join('\n')}\n`),
    });
    if (imported.status !== 200) throw new Error(`the long programme was not imported: ${await imported.text()}`);
    await page.goto('/#/programme?day=all');
    await page.locator('.session').first().waitFor();
    const count = () => page.locator('.session').count();
    await page.evaluate(() => {
      globalThis.longest = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
      }).observe({ type: 'longtask' });
    });
    const takeLongest = () =>
      page.evaluate(async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        const { longest } = globalThis;
        globalThis.longest = 0;
        return longest;
      });
    const field = page.getByRole('searchbox');
    await field.pressSequentially('prevencion numero 77', { delay: 40 });
    await page.getByText(/results?$/).waitFor();
    const search = await takeLongest();
    await field.fill('');
    while (await page.getByRole('button', { name: 'Show more' }).isVisible()) {
      await page.getByRole('button', { name: 'Show more' }).click();
      if ((await count()) >= MANY) break;
    }
    const growing = await takeLongest();
    const shown = await count();
    for (let step = 0; step < 40; step += 1) {
      await page.mouse.wheel(0, 1_500);
      await page.waitForTimeout(30);
    }
    const scroll = await takeLongest();
    const say = (longest) => (longest === 0 ? 'none over 50 ms' : `${Math.round(longest)} ms`);
    report(`the longest task while ${MANY} sessions are searched, letter by letter`, say(search), '50 ms');
    report(`the longest task while ${shown} sessions are scrolled`, say(scroll), '50 ms');
    report('the longest task while sixty more are drawn', say(growing), '50 ms');
  });
}

async function measureChange() {
  await withPage(async (page, site, context) => {
    const token = await site.signIn('organiser');
    await signIn(page, site);
    await page.goto('/#/day');
    await page.getByText('Connected, live').waitFor();
    const board = await context.newPage();
    await board.goto('/board');
    await board.getByText('Up to date').waitFor();
    const rooms = (await site.ask('GET', `${EVENT}/venues/w-hotel`, { token })).body.id;
    const times = { phone: [], board: [] };
    for (const minutes of [5, 10, 15]) {
      const startsAt = new Date(Date.parse('2018-11-26T21:00:00Z') + minutes * 60_000).toISOString();
      const endsAt = new Date(Date.parse('2018-11-26T22:30:00Z') + minutes * 60_000).toISOString();
      const begun = performance.now();
      const body = { starts_at: startsAt, ends_at: endsAt, venue: rooms, room: null };
      const answer = await site.ask('POST', `${EVENT}/sessions/the-internal-reality/move`, { token, body });
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      const time = `18:${String(minutes).padStart(2, '0')}`;
      const seen = async (one, name) => {
        await one.getByText(time).first().waitFor();
        times[name].push(performance.now() - begun);
      };
      await Promise.all([seen(page, 'phone'), seen(board, 'board')]);
    }
    report('a change of time and room, from the organiser’s request until the phone shows it', `${Math.round(median(times.phone))} ms`, '2,000 ms');
    report('the same on the board in the hall', `${Math.round(median(times.board))} ms`, '2,000 ms');
  });
}

/** From the last key of a scanner that types until the verdict is painted, with the week's crowd on the desk. */
async function measureDesk() {
  await withPage(
    async (page, site, context) => {
      const token = await site.signIn('organiser');
      const ask = async (method, path, body) => (await site.ask(method, EVENT + path, { token, body })).body;
      const { link } = await ask('POST', '/enrolments', { name: 'Desk 1', profile: 'full' });
      const { items } = await ask('POST', '/registrations/search', { text: 'a', status: 'confirmed', limit: SCANS });
      const badges = [];
      for (const { attendee } of items) {
        const carriers = await ask('GET', `/attendees/${attendee}/badges`);
        badges.push(carriers.items[0].token);
      }
      await page.goto(`/desk#${link.split('#')[1]}`);
      await page.getByRole('button', { name: 'Enrol' }).click();
      await page.getByRole('button', { name: /conference center/ }).click();
      await page.getByText('All handed in').waitFor();
      await page.locator('#typed').fill('quispe');
      await page.getByRole('button', { name: 'More', exact: true }).first().waitFor();
      await page.locator('#typed').fill('');
      await context.setOffline(true);
      const times = await page.evaluate(async (codes) => {
        const taken = [];
        const press = (key) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
        for (const code of codes) {
          const list = document.querySelector('.last ul');
          const before = list.children.length;
          const first = list.firstElementChild;
          for (const key of code) press(key);
          const begun = performance.now();
          press('Enter');
          while (list.children.length === before && list.firstElementChild === first) {
            await new Promise((resolve) => setTimeout(resolve, 0));
          }
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
          taken.push(performance.now() - begun);
        }
        return taken;
      }, badges);
      const sorted = [...times].sort((one, other) => one - other);
      const say = (place) => `${Math.round(sorted[Math.floor((sorted.length - 1) * place)])} ms`;
      report(
        `a code that was read until its verdict is painted, without a network (${times.length} scans; median, slowest)`,
        `${say(0.5)}, ${say(1)}`,
        '100 ms',
      );
    },
    { crowd: true },
  );
}

/** The roster of a large event, by the desk's own modules, with rows as the sync client gives them. */
async function measureManyPeople() {
  await withPage(async (page) => {
    await page.goto('/desk');
    const { read, find, search } = await page.evaluate(async (count) => {
      const script = document.querySelector('script[type=module]').src;
      const load = (path) => import(new URL(path, script).href);
      const [{ Roster }, { newUuid }] = await Promise.all([load('roster.js'), load('../admission/uuid.js')]);
      const [firsts, lasts] = [
        ['Ana', 'José Ángel', 'María', 'Tomás', 'Lucía', 'Irene', 'João', 'Chloé'],
        ['Muñoz', 'Peña', 'Quispe', 'González', 'Araújo', 'Lagos', 'Ibáñez', 'Rojas', 'Etcheverry'],
      ];
      const secrets = Array.from({ length: count }, (_, at) => Uint8Array.from({ length: 16 }, (_, place) => (at >> (place * 8)) & 255));
      const { indexOf } = await load('../admission/badge.js');
      const wanted = secrets[count >> 1];
      const scope = 'roster:full';
      const people = [];
      for (const [at, secret] of secrets.entries()) {
        const index = secret === wanted ? await indexOf(secret) : newUuid();
        const name = `${firsts[at % firsts.length]} ${lasts[at % lasts.length]} ${lasts[(at >> 3) % lasts.length]} ${at}`;
        people.push({ scope, id: newUuid(), value: { index, details: { name }, guest: { status: 'confirmed', category: 'c' } } });
      }
      const rows = {
        events: [{ id: newUuid(), scope: 'public', value: { time_zone: 'America/Santiago' } }],
        checkpoints: [{ id: newUuid(), scope, value: {} }],
        desk_people: people,
      };
      const client = { rows: (name) => rows[name] ?? [], find: () => undefined, position: () => 'p' };
      const time = async (work) => {
        const begun = performance.now();
        const value = await work();
        return [performance.now() - begun, value];
      };
      await Roster.read(client, 'd');
      people[0] = { ...people[0], value: { ...people[0].value } };
      const [readMs, roster] = await time(() => Roster.read(client, 'd'));
      const [findMs, found] = await time(() => roster.findGuest(wanted));
      if (!found.person) throw new Error('the guest was not found');
      const [searchMs, list] = await time(() => roster.findPeople('etchevery quispe'));
      if (list.length === 0) throw new Error('nobody was found');
      return { read: readMs, find: findMs, search: searchMs };
    }, PEOPLE);
    report(`the roster of ${PEOPLE} people read anew, after one of them has changed`, `${Math.round(read)} ms`, '100 ms');
    report('a guest of it found by their badge', `${find.toFixed(1)} ms`, '100 ms');
    report('a name looked for among them, with a slip', `${Math.round(search)} ms`, '100 ms');
  });
}

async function signIn(page, site) {
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'I have a code' }).click();
  await page.locator('#code').fill(site.person('minister').code);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.locator('#account').waitFor();
}

async function waitUntilKept(page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    const has = async () => {
      for (const name of await caches.keys()) if (await (await caches.open(name)).match('/')) return true;
      return false;
    };
    while (!(await has())) await new Promise((resolve) => setTimeout(resolve, 50));
  });
}

function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

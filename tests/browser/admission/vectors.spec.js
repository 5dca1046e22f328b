/** The browser's judge, its badges and its words are those of the server. */

import { readFile } from 'node:fs/promises';

import { expect, test } from '../harness/test.js';

const SHARED = new URL('../../../shared/', import.meta.url);

const vectors = async (name) => JSON.parse(await readFile(new URL(`vectors/${name}.json`, SHARED), 'utf8'));

/** Gives each case to a function of a module in the page, and expects what the case says. */
async function expectAll(page, cases, answer, expected) {
  const answers = await page.evaluate(
    async ([given, source]) => {
      const script = document.querySelector('script[type=module]').src;
      const load = (name) => import(new URL(`../admission/${name}.js`, script).href);
      const run = new Function('load', `return ${source}`)(load);
      const told = [];
      for (const one of given) told.push(JSON.parse(JSON.stringify((await run(one)) ?? null)));
      return told;
    },
    [cases, answer.toString()],
  );
  expect(answers.length).toBeGreaterThan(0);
  for (const [place, one] of cases.entries()) expect(answers[place], one.note).toEqual(expected(one));
}

// A function that travels to the page is text there, which the policy of pages forbids.
test.use({ bypassCSP: true });

test.beforeEach(({ page }) => page.goto('/sign-in'));

test('verdicts at checkpoints are as the vectors say', async ({ page }) => {
  const { questions } = await vectors('admission');
  const judge = async ({ question }) => (await load('judge')).judge(question);
  await expectAll(page, questions, judge, ({ verdict }) => verdict);
});

test('what follows from scans is as the vectors say, in either order', async ({ page }) => {
  const { derivations, facts, ids, stolen } = await vectors('admission');
  const derive = async (one) => {
    const { derive } = await load('derive');
    const scans = one.scans.map((scan) => ({ scan, ...one.by?.[scan.id] }));
    return derive({ of: one.use, rule: one.rule, scans, voided: one.voided, shareSeat: one.share_seat, known: one.known });
  };
  const reversed = derivations.map((one) => ({ ...one, scans: one.scans.toReversed() }));
  await expectAll(page, [...derivations, ...reversed], derive, ({ admissions, incidents, occupancy }) => ({
    admissions,
    incidents,
    occupancy,
  }));
  const shown = async ({ scans, stolen: badges }) => {
    const { listStolen } = await load('derive');
    return listStolen(
      scans.map((scan) => ({ scan })),
      badges,
    );
  };
  const either = [...stolen, ...stolen.map((one) => ({ ...one, scans: one.scans.toReversed() }))];
  await expectAll(page, either, shown, ({ incidents }) => incidents);
  await expectAll(page, facts, async ({ scan }) => (await load('derive')).factOf(scan), ({ fact }) => fact);
  await expectAll(page, ids, async ({ use, guest }) => (await load('derive')).admissionId(use, guest), ({ id }) => id);
});

test('the invitation check answers as the vectors say', async ({ page }) => {
  const { checks } = await vectors('invitation');
  const check = async ({ facts, at }) => (await load('check')).check(facts, Date.parse(at));
  await expectAll(page, checks, check, ({ verdict }) => verdict);
});

test('badges are read as the vectors say', async ({ page }) => {
  const { event, keys, ...families } = await vectors('badge');
  const withKeys = (cases) => cases.map((one) => ({ ...one, opened: { event, keys } }));
  const read = async ({ text, opened }) => {
    const { BadgeKeys, indexOf } = await load('badge');
    const { hexOf } = await load('uuid');
    const said = await (await BadgeKeys.open(opened.event, opened.keys)).verify(text);
    const { notBefore: not_before, ...claims } = said;
    const [mark, secret] = [hexOf(said.event), hexOf(said.secret)];
    return { claims: { ...claims, event: mark, secret, not_before }, index: await indexOf(said.secret) };
  };
  await expectAll(page, withKeys(families.badges), read, ({ claims, index }) => ({ claims, index }));
  const faultOf = async ({ text, opened }) => {
    const { BadgeKeys } = await load('badge');
    const keys = await BadgeKeys.open(opened.event, opened.keys);
    return keys.verify(text).then(
      () => 'none',
      (error) => error.fault,
    );
  };
  await expectAll(page, withKeys(families.faults), faultOf, ({ fault }) => fault);
  const atTime = async ({ text, at, opened }) => {
    const { BadgeKeys, timeFault } = await load('badge');
    const { notBefore, expires } = await (await BadgeKeys.open(opened.event, opened.keys)).verify(text);
    return timeFault(notBefore * 1_000, expires * 1_000, Date.parse(at));
  };
  await expectAll(page, withKeys(families.times), atTime, ({ fault }) => fault ?? null);
});

test('badges are signed as the vectors say', async ({ page }) => {
  const { badges, seeds } = await vectors('badge');
  const cases = badges.map((one) => ({ ...one, seed: seeds.find(({ key }) => key === one.claims.key).seed }));
  const sign = async ({ seed, claims }) => {
    const { signBadge } = await load('badge');
    const { bytesOf } = await load('uuid');
    // The frame of RFC 8410 around a private key.
    const pkcs8 = bytesOf(`302e020100300506032b657004220420${seed}`);
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
    const { event, secret, not_before: notBefore, ...more } = claims;
    return signBadge(key, { ...more, notBefore, event: bytesOf(event), secret: bytesOf(secret) });
  };
  await expectAll(page, cases, sign, ({ text }) => text);
});

test('events and categories are named, and details opened, as the vectors say', async ({ page }) => {
  const { events, categories, details } = await vectors('badge');
  const markOfEvent = async ({ id }) => (await load('uuid')).hexOf(await (await load('badge')).eventMark(id));
  await expectAll(page, events, markOfEvent, ({ mark }) => mark);
  await expectAll(page, categories, async ({ id }) => (await load('badge')).categoryMark(id), ({ mark }) => mark);
  const open = async ({ secret, event, sealed }) => {
    const { openDetails } = await load('badge');
    return openDetails((await load('uuid')).bytesOf(secret), event, sealed);
  };
  await expectAll(page, details, open, ({ details: said }) => said);
  const changed = details.map((one) => ({ ...one, sealed: `A${one.sealed.slice(1)}`, secret: '00'.repeat(16) }));
  await expectAll(page, changed, open, () => null);
});

test('reasons, steps and sentences are the server’s', async ({ page }) => {
  const ENTRY = /(\w+) = "(\w+)",\s*\[((?:\s*"[^"]*",?\s*){4})\];/g;
  const parse = async (path) => {
    const source = await readFile(new URL(path, SHARED), 'utf8');
    const sentences = (list) => [...list.matchAll(/"([^"]*)"/g)].map(([, text]) => text);
    const [, opening] = source.match(/fn (?:admits|lets_in)\b[\s\S]*?matches!\(self, ([^)]*)\)/) ?? [];
    const opens = opening?.split('|').map((name) => name.trim().replace('Self::', ''));
    const flag = (name) => (opens ? String(opens.includes(name)) : null);
    return [...source.matchAll(ENTRY)].map(([, name, word, list]) => [word, flag(name), sentences(list)]);
  };
  const said = await page.evaluate(async () => {
    const script = document.querySelector('script[type=module]').src;
    const load = (name) => import(new URL(`../admission/${name}.js`, script).href);
    const [{ REASONS, STEPS }, { ENTRY_REASONS }] = await Promise.all([load('reasons'), load('entry-reasons')]);
    return {
      reasons: Object.entries(REASONS).map(([word, { admits, says }]) => [word, String(admits), says]),
      steps: Object.entries(STEPS).map(([word, says]) => [word, null, says]),
      entries: Object.entries(ENTRY_REASONS).map(([word, { letsIn, says }]) => [word, String(letsIn), says]),
    };
  });
  expect(said.reasons).toEqual(await parse('src/admission/reason.rs'));
  expect(said.steps).toEqual(await parse('src/admission/next_step.rs'));
  expect(said.entries).toEqual(await parse('src/invitation/reason.rs'));
  expect([said.reasons.length, said.steps.length, said.entries.length]).toEqual([16, 13, 24]);
});

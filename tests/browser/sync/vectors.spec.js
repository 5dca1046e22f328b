/** The sync client is held to the cases of shared/vectors, as the server's own replica is. */

import { readFile } from 'node:fs/promises';

import { expect, test } from '../harness/test.js';

/** The cases of a file. Numbers that a double cannot hold are texts here. */
async function readVectors(name) {
  const text = await readFile(new URL(`../../../shared/vectors/${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(text.replace(/: (\d{16,})/g, ': "$1"'));
}

test('positions are read and written as the vectors say', async ({ page }) => {
  const { positions, malformed, newer } = await readVectors('position');
  await page.goto('/sign-in');
  const found = await page.evaluate(
    async ({ positions, malformed, newer }) => {
      const script = document.querySelector('script[type=module]').src;
      const { formatPosition, isNewer, parsePosition } = await import(new URL('../common/sync/position.js', script).href);
      const head = (one) => one && { seq: String(one.seq), nonce: one.nonce };
      return {
        parsed: positions.map(({ text }) => {
          const { epoch, head: at, place, resetBegan } = parsePosition(text);
          const row = place && { rev: String(place.rev), collection: place.collection, id: place.id };
          return { text: formatPosition(parsePosition(text)), epoch, head: head(at), place: row, reset_began: head(resetBegan) };
        }),
        malformed: malformed.map(({ text }) => parsePosition(text) === undefined),
        newer: newer.map(({ covers, other }) => isNewer(covers, other)),
      };
    },
    { positions, malformed, newer },
  );
  const text = (value) => JSON.parse(JSON.stringify(value), (key, one) => (['seq', 'rev'].includes(key) ? String(one) : one));
  expect(found.parsed).toEqual(
    positions.map(({ text: written, epoch, head, place, reset_began }) =>
      text({ text: written, epoch, head, place: place ?? undefined, reset_began: reset_began ?? undefined }),
    ),
  );
  for (const [at, { note }] of malformed.entries()) expect(found.malformed[at], note).toBe(true);
  for (const [at, { note, is_newer }] of newer.entries()) expect(found.newer[at], note).toBe(is_newer);
  expect(Math.min(positions.length, malformed.length, newer.length)).toBeGreaterThan(2);
});

test('checks and digests are as the vectors say', async ({ page }) => {
  const { checks, digests } = await readVectors('digest');
  await page.goto('/sign-in');
  const found = await page.evaluate(
    async ({ checks, digests }) => {
      const script = document.querySelector('script[type=module]').src;
      const { add, EMPTY, remove, rowCheck } = await import(new URL('../common/sync/digest.js', script).href);
      const check = ({ collection, id, rev }) => rowCheck(collection, id, rev);
      const sums = [];
      for (const { rows } of digests) {
        const all = await Promise.all(rows.map(check));
        const full = all.reduce(add, EMPTY);
        sums.push({ full, emptied: all.reduce(remove, full) });
      }
      return { checks: await Promise.all(checks.map(check)), sums };
    },
    { checks, digests },
  );
  expect(found.checks).toEqual(checks.map(({ check }) => check));
  expect(found.sums).toEqual(digests.map(({ digest }) => ({ full: digest, emptied: [0, 0] })));
});

test('what every device makes of an attendee and a session has the id that the vectors say', async ({ page }) => {
  const { favourite_id: cases } = await readVectors('merge');
  await page.goto('/sign-in');
  const found = await page.evaluate(async (cases) => {
    const script = document.querySelector('script[type=module]').src;
    const { idOfOwn } = await import(new URL('../common/sync/overlay.js', script).href);
    return Promise.all(cases.map(({ attendee, session }) => idOfOwn(attendee, session)));
  }, cases);
  expect(found).toEqual(cases.map(({ id }) => id));
});

test('what is shown is as the vectors say', async ({ page }) => {
  const { shown: cases } = await readVectors('merge');
  await page.goto('/sign-in');
  for (const [number, { note, rows, edits, shown }] of cases.entries()) {
    const found = await page.evaluate(
      async ({ number, rows, edits }) => {
        const script = document.querySelector('script[type=module]').src;
        const load = (name) => import(new URL(`../common/sync/${name}.js`, script).href);
        const { openEventDatabase, Replica } = await load('replica');
        const { ShownRows } = await load('shown');
        const { rowCheck } = await load('digest');
        const replica = new Replica(await openEventDatabase(`shown-${number}`), 'account');
        await replica.begin();
        const scopes = [];
        for (const scope of new Set(rows.map((row) => row.scope))) {
          const changes = [];
          for (const { collection, id, rev, value } of rows.filter((row) => row.scope === scope)) {
            changes.push({ collection, id, rev, check: await rowCheck(collection, id, rev), value });
          }
          scopes.push({ scope, reset: 'new', to: '00e7a2c1.9.00000009', changes });
        }
        await replica.nextRequest('token', 0);
        await replica.applyAnswer('token', { scopes, covers: '00e7a2c1.9.00000009', more: false }, { now: 0 });
        for (const edit of edits) await replica.edit(edit);
        const held = await replica.load();
        const seen = new ShownRows();
        seen.load(held.rows);
        seen.layOver(held.edits.flatMap(({ isShown, effect }) => (isShown && effect ? [effect] : [])));
        return {
          kept: held.rows.length,
          shown: seen.collections().flatMap((collection) => seen.list(collection)),
        };
      },
      { number, rows, edits },
    );
    // What pages do not know they never ask for, so it is kept and not shown.
    const known = new Set([...shown, ...edits.map(({ op }) => ({ collection: op.startsWith('note') ? 'notes' : 'favourites' }))].map(({ collection }) => collection));
    const visible = found.shown
      .filter(({ collection }) => known.has(collection))
      .map(({ isPending, ...row }) => ({ ...row, pending: isPending }));
    const bySpelling = (one, other) => (JSON.stringify(one.scope + one.collection + one.id) < JSON.stringify(other.scope + other.collection + other.id) ? -1 : 1);
    const expected = shown.map(({ rev, ...row }) => ({ ...row, ...(rev !== null && { rev }) }));
    expect(visible.sort(bySpelling), note).toEqual(expected.sort(bySpelling));
    expect(found.kept, note).toBe(rows.length);
  }
});

test('overlays fall as the vectors say', async ({ page }) => {
  const { overlay_falls: cases } = await readVectors('merge');
  await page.goto('/sign-in');
  for (const [number, { note, answers, falls_after: fallsAfter }] of cases.entries()) {
    const standing = await page.evaluate(
      async ({ number, answers }) => {
        const script = document.querySelector('script[type=module]').src;
        const { openEventDatabase, Replica } = await import(new URL('../common/sync/replica.js', script).href);
        const replica = new Replica(await openEventDatabase(`falls-${number}`), 'account');
        await replica.begin();
        const attendee = '0192f1aa-7a10-7000-8000-0000000000a1';
        const id = '0192f1aa-7a10-7000-8000-000000000101';
        await replica.edit({ id, op: 'favourite.set', for: attendee, args: { session: attendee, on: true } });
        const covers = '00e7a2c1.6.00000006';
        const results = {
          applied: { status: 'applied', rev: 6 },
          rejected: { status: 'rejected', reason: 'forbidden' },
          retry: { status: 'retry', after_s: 0 },
          duplicate: { status: 'duplicate', original: { status: 'applied', rev: 4 } },
        };
        const standing = [];
        for (const [at, { result, more, unapplied }] of answers.entries()) {
          await replica.nextRequest(`token ${at}`, 0);
          const scopes = unapplied ? [{ scope: 'public', from: '00e7a2c1.3.00000003', to: covers, changes: [] }] : [];
          const given = result ? [{ id, ...results[result] }] : [];
          await replica.applyAnswer(`token ${at}`, { results: given, covers, scopes, more }, { now: 0 });
          standing.push((await replica.listEdits()).some(({ isShown }) => isShown));
        }
        return standing;
      },
      { number, answers },
    );
    expect(standing, note).toEqual(answers.map((_, at) => at + 1 < fallsAfter));
  }
});

test('reminders are shown as the vectors say', async ({ page }) => {
  const { reminders } = await readVectors('reminders');
  await page.goto('/sign-in');
  const found = await page.evaluate(async (cases) => {
    const script = document.querySelector('script[type=module]').src;
    const { listReminders } = await import(new URL('../common/reminders.js', script).href);
    return Promise.all(cases.map(({ rows, after }) => listReminders(rows, Date.parse(after))));
  }, reminders);
  expect(found.length).toBeGreaterThan(10);
  for (const [at, { note, reminders: expected }] of reminders.entries()) expect(found[at], note).toEqual(expected);
});

test('what is held is as old as the vectors say, whatever was done to the wall clock', async ({ page }) => {
  const { ages: cases } = await readVectors('age');
  await page.goto('/sign-in');
  const found = await page.evaluate(async (cases) => {
    const script = document.querySelector('script[type=module]').src;
    const { ageOf, timeAt } = await import(new URL('../common/sync/time.js', script).href);
    const reading = ({ wall, monotonic_ms: monotonic, boot }) => ({ wall: Date.parse(wall), monotonic, boot });
    return cases.map(({ known, now, fresh_at: freshAt }) => {
      const time = { reading: reading(known.reading), at: Date.parse(known.at), uncertainty: known.uncertainty_ms };
      return ageOf(Date.parse(freshAt), timeAt(time, reading(now))) ?? null;
    });
  }, cases);
  expect(found).toEqual(cases.map(({ age_ms: age }) => age));
});

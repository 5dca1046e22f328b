/** The replica in the browser keeps the rules of the protocol: staging, resets, divergence, the journal, the live stream. */

import { expect, test } from '../harness/test.js';

const EPOCH = '00e7a2c1';

/** Runs steps on a new replica in the page. Each is the name of a method of the stage below and its arguments. */
async function play(page, steps) {
  await page.goto('/sign-in');
  return page.evaluate(
    async ({ steps, EPOCH }) => {
      const script = document.querySelector('script[type=module]').src;
      const load = (name) => import(new URL(`../common/sync/${name}.js`, script).href);
      const { openEventDatabase, Replica } = await load('replica');
      const { rowCheck, add, EMPTY } = await load('digest');
      const at = (seq) => `${EPOCH}.${seq}.${String(seq).padStart(8, '0')}`;
      const replica = new Replica(await openEventDatabase(`replica-${crypto.randomUUID()}`), 'account', { device: 'device' });
      await replica.begin();
      const row = async ([collection, id, rev, value]) =>
        value === null
          ? { collection, id, rev, deleted: true }
          : { collection, id, rev, check: await rowCheck(collection, id, rev), value };
      /** An entry: `[scope, from, to, rows, {reset, more, holds}]`, where `holds` are the rows that the digest counts. */
      const entry = async ([scope, from, to, rows, { reset, more, holds } = {}]) => {
        const changes = await Promise.all(rows.map(row));
        const checks = holds && (await Promise.all(holds.map(([collection, id, rev]) => rowCheck(collection, id, rev))));
        return {
          scope,
          ...(from !== null && { from: at(from) }),
          to: at(to),
          ...(reset && { reset }),
          ...(more && { more }),
          ...(checks && { digest: checks.reduce(add, EMPTY) }),
          changes,
        };
      };
      const shown = async () => (await replica.load()).rows.map(({ scope, id, rev }) => `${scope} ${id}@${rev}`);
      const stage = {
        request: async (token) => JSON.parse((await replica.nextRequest(token, 0)).body),
        answer: async (token, { entries = [], gone = [], ...rest }) => {
          const scopes = [...(await Promise.all(entries.map(entry))), ...gone.map((scope) => ({ scope, gone: true }))];
          const given = { covers: at(rest.covers ?? 9), more: false, ...rest, scopes };
          given.covers = at(rest.covers ?? 9);
          const applied = await replica.applyAnswer(token, given, { now: 1_000 });
          if (!applied) return 'dropped';
          const { changes, haveEditsChanged, ...told } = applied;
          return { ...told, shown: await shown() };
        },
        abandon: async () => {
          const { needsExchange } = await replica.abandonRequest();
          return { needsExchange, shown: await shown() };
        },
        live: async (event, data) => {
          const given = event === 'changes' ? await entry(data) : event === 'covers' ? { covers: at(data) } : {};
          const { needsExchange } = await replica.applyLive({ event, data: given });
          return { needsExchange, shown: await shown() };
        },
        edit: async (number) => {
          const id = `0192f1aa-7a10-7000-8000-00000000010${number}`;
          await replica.edit({ id, op: 'favourite.set', for: id, args: { session: id, on: true } });
          return id;
        },
        edits: async () => (await replica.listEdits()).map(({ id, state, isShown }) => `${id.at(-1)} ${state}${isShown ? ' shown' : ''}`),
        change: async (account) => {
          replica.account = account;
          await replica.begin();
          return shown();
        },
      };
      const results = [];
      for (const [name, ...given] of steps) results.push(await stage[name](...given));
      return results;
    },
    { steps, EPOCH },
  );
}

const at = (seq) => `${EPOCH}.${seq}.${String(seq).padStart(8, '0')}`;
const FIRST = [['sessions', 'a', 1, {}], ['sessions', 'b', 2, {}]];

test('pages of several scopes are shown together, once the last one is there', async ({ page }) => {
  const [, first, holds, second] = await play(page, [
    ['request', 't1'],
    ['answer', 't1', { more: true, entries: [['public', null, 2, FIRST, { reset: 'new', more: true }], ['gate:g', null, 2, [['sessions', 'c', 1, {}]], { reset: 'new' }]] }],
    ['request', 't2'],
    ['answer', 't2', { entries: [['public', 2, 3, [['sessions', 'd', 3, {}]], { holds: [...FIRST, ['sessions', 'd', 3]] }]] }],
  ]);
  expect(first.shown).toEqual([]);
  expect(holds.holds).toEqual({ public: at(2), 'gate:g': at(2) });
  expect(second.shown).toEqual(['gate:g c@1', 'public a@1', 'public b@2', 'public d@3']);
  expect(second.isWhole).toBe(true);
});

test('an answer counts once, and only to the newest request', async ({ page }) => {
  const given = { entries: [['public', null, 2, FIRST, { reset: 'new' }]] };
  const results = await play(page, [
    ['request', 'old'],
    ['request', 'new'],
    ['answer', 'old', given],
    ['answer', 'new', given],
    ['answer', 'new', { gone: ['public'] }],
  ]);
  expect([results[2], results[4]]).toEqual(['dropped', 'dropped']);
  expect(results[3].shown).toEqual(['public a@1', 'public b@2']);
});

test('a scope that may not be held any more takes its rows with it', async ({ page }) => {
  const [, , , gone] = await play(page, [
    ['request', 't1'],
    ['answer', 't1', { entries: [['gate:g', null, 2, FIRST, { reset: 'new' }], ['public', null, 2, [['rooms', 'r', 1, {}]], { reset: 'new' }]] }],
    ['request', 't2'],
    ['answer', 't2', { gone: ['gate:g'] }],
  ]);
  expect(gone).toMatchObject({ gone: ['gate:g'], shown: ['public r@1'] });
});

test('rows that differ from the server’s are asked for anew, and after the second time at one position no more', async ({ page }) => {
  const wrong = [...FIRST, ['sessions', 'lost', 1]];
  const results = await play(page, [
    ['request', 't1'],
    ['answer', 't1', { entries: [['public', null, 2, FIRST, { reset: 'new', holds: wrong }]] }],
    ['request', 't2'],
    ['answer', 't2', { entries: [['public', null, 2, FIRST, { reset: 'asked', holds: wrong }]] }],
    ['request', 't3'],
    ['answer', 't3', { entries: [['public', 2, 4, [['sessions', 'lost', 4, {}]], { holds: [...FIRST, ['sessions', 'lost', 4]] }]] }],
  ]);
  expect(results[1].diverged).toEqual(['public']);
  expect(results[2]).toMatchObject({ holds: { public: null }, diverged: ['public'] });
  expect(results[3]).toMatchObject({ diverged: [], divergedTwice: ['public'] });
  expect(results[4].holds).toEqual({ public: at(2) });
  expect(results[4].diverged).toBeUndefined();
  expect(results[5]).toMatchObject({ isWhole: true, diverged: [], shown: ['public a@1', 'public b@2', 'public lost@4'] });
});

test('an entry that does not follow changes nothing', async ({ page }) => {
  const [, , , late] = await play(page, [
    ['request', 't1'],
    ['answer', 't1', { entries: [['public', null, 2, FIRST, { reset: 'new' }]] }],
    ['request', 't2'],
    ['answer', 't2', { entries: [['public', 1, 5, [['sessions', 'z', 5, {}]]]] }],
  ]);
  expect(late).toMatchObject({ isWhole: false, shown: ['public a@1', 'public b@2'] });
});

test('what the live stream sends waits for its end, and for the exchange under way', async ({ page }) => {
  const results = await play(page, [
    ['request', 't1'],
    ['answer', 't1', { covers: 2, entries: [['public', null, 2, FIRST, { reset: 'new' }]] }],
    ['live', 'changes', ['public', 2, 3, [['sessions', 'a', 3, {}]]]],
    ['live', 'covers', 3],
    ['request', 't2'],
    ['live', 'changes', ['public', 3, 4, [['sessions', 'b', 4, null]]]],
    ['live', 'covers', 4],
    ['answer', 't2', { covers: 3 }],
    ['live', 'changes', ['public', 9, 10, [['sessions', 'x', 10, {}]]]],
    ['live', 'covers', 10],
    ['live', 'exchange'],
  ]);
  expect(results[2].shown).toEqual(['public a@1', 'public b@2']);
  expect(results[3].shown).toEqual(['public a@3', 'public b@2']);
  expect(results[6].shown).toEqual(['public a@3', 'public b@2']);
  expect(results[7].shown).toEqual(['public a@3']);
  expect(results[9]).toEqual({ needsExchange: true, shown: ['public a@3'] });
  expect(results[10].needsExchange).toBe(true);
});

test('what the live stream says of a scope does not undo a later exchange', async ({ page }) => {
  const results = await play(page, [
    ['request', 't1'],
    ['live', 'changes', ['gate:g', null, 3, [['sessions', 'c', 3, {}]], { reset: 'new' }]],
    ['live', 'covers', 3],
    ['answer', 't1', { covers: 9, entries: [['public', null, 2, FIRST, { reset: 'new' }]] }],
  ]);
  expect(results[3]).toMatchObject({ needsExchange: true, shown: ['public a@1', 'public b@2'] });
});

test('a request that failed lets the live stream go on', async ({ page }) => {
  const results = await play(page, [
    ['request', 't1'],
    ['answer', 't1', { covers: 2, entries: [['public', null, 2, FIRST, { reset: 'new' }]] }],
    ['request', 't2'],
    ['live', 'changes', ['public', 2, 3, [['sessions', 'a', 3, {}]]]],
    ['live', 'covers', 3],
    ['abandon'],
    ['answer', 't2', { gone: ['public'] }],
  ]);
  expect(results[5]).toEqual({ needsExchange: false, shown: ['public a@3', 'public b@2'] });
  expect(results[6]).toBe('dropped');
});

test('what a restore of the server lost is sent again, in the order of making', async ({ page }) => {
  const applied = (number) => ({ id: `0192f1aa-7a10-7000-8000-00000000010${number}`, status: 'applied', rev: 5 });
  const results = await play(page, [
    ['edit', 1],
    ['edit', 2],
    ['request', 't1'],
    ['answer', 't1', { covers: 5, results: [applied(1), applied(2)] }],
    ['edit', 3],
    ['edits'],
    ['request', 't2'],
    ['answer', 't2', { covers: 3, resend: true, results: [{ id: applied(3).id, status: 'retry', after_s: 60 }] }],
    ['edits'],
    ['request', 't3'],
  ]);
  expect(results[2].mutations.map(({ id }) => id.at(-1))).toEqual(['1', '2']);
  expect(results[5]).toEqual(['1 applied', '2 applied', '3 waiting shown']);
  expect(results[6].acknowledged).toBe(at(5));
  expect(results[8]).toEqual(['1 waiting shown', '2 waiting shown', '3 waiting shown']);
  expect(results[9].acknowledged).toBeUndefined();
  expect(results[9].mutations.map(({ id }) => id.at(-1))).toEqual(['1', '2', '3']);
});

test('after a retry nothing is sent before its time', async ({ page }) => {
  const results = await play(page, [
    ['edit', 1],
    ['request', 't1'],
    ['answer', 't1', { results: [{ id: '0192f1aa-7a10-7000-8000-000000000101', status: 'retry', after_s: 60 }] }],
    ['request', 't2'],
  ]);
  expect(results[3].mutations).toBeUndefined();
});

test('another account finds nothing of the one before but what is public, and its edits wait for its return', async ({ page }) => {
  const results = await play(page, [
    ['edit', 1],
    ['request', 't1'],
    ['answer', 't1', { entries: [['public', null, 2, FIRST, { reset: 'new' }], ['own:x', null, 2, [['notes', 'n', 1, {}]], { reset: 'new' }]] }],
    ['change', 'another'],
    ['edits'],
    ['request', 't2'],
    ['change', 'account'],
    ['edits'],
  ]);
  expect(results[3]).toEqual(['public a@1', 'public b@2']);
  expect(results[4]).toEqual([]);
  expect(results[5].mutations).toBeUndefined();
  expect(results[7]).toEqual(['1 waiting shown']);
});

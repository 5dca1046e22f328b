/** What pages say when the server refuses is held to the codes that it has. */

import { readFile } from 'node:fs/promises';

import { expect, test } from '../harness/test.js';

const CODES = new URL('../../../shared/src/problem_code.rs', import.meta.url);

test('every code of a problem has a sentence in every language, and so has one to come', async ({ page }) => {
  const codes = [...(await readFile(CODES, 'utf8')).matchAll(/ = "(\w+)" => \d/g)].map(([, code]) => code);
  await page.goto('/sign-in');
  const said = await page.evaluate(async (codes) => {
    const script = document.querySelector('script[type=module]').src;
    const load = (path) => import(new URL(`../common/${path}.js`, script).href);
    const { explainProblem } = await load('problem');
    const tell = async (language) => {
      const words = (await load(`problems/${language}`)).default;
      return { names: Object.keys(words), texts: codes.map((code) => explainProblem(words, code)), unknown: explainProblem(words, 'of_a_newer_server') };
    };
    return Promise.all(['en', 'es', 'pt', 'fr'].map(tell));
  }, codes);
  expect(codes.length).toBeGreaterThan(30);
  for (const { names, texts, unknown } of said) {
    expect(names).toEqual([...codes, 'other'].map((code) => `problem.${code}`));
    for (const text of [...texts, unknown]) expect(text).toMatch(/^\p{Lu}.*\.$/u);
    expect(texts).not.toContain(unknown);
  }
});

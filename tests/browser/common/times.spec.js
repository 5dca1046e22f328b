/** Times are written as the page's language writes them, whatever the country's clocks do. */

import { expect, test } from '../harness/test.js';

/** Half past six in the evening in Santiago, and half past midnight after it. */
const [EVENING, NIGHT] = ['2018-11-26T21:30:00Z', '2018-11-27T03:30:00Z'];

test('hours count to 24 wherever Spanish, Portuguese and French write them, and midnight is 0', async ({ page }) => {
  await page.goto('/sign-in');
  const said = await page.evaluate(
    async ([evening, night]) => {
      const script = document.querySelector('script[type=module]').src;
      const times = await import(new URL('../common/time.js', script).href);
      const zone = 'America/Santiago';
      // In most of these countries a clock on a wall says 6:30 p.m.
      return ['es-CO', 'es-MX', 'es-US', 'pt-BR', 'fr-CA', 'es'].map((locale) => ({
        evening: [
          times.describeMoment(locale, zone, evening),
          times.describeTimes(locale, zone, evening),
          times.describeTimes(locale, zone, evening, night),
          times.describeClock(locale, zone, Date.parse(evening), true),
          times.describeSpan(locale, zone, Date.parse(evening), Date.parse(night)),
        ],
        night: [times.describeMoment(locale, zone, night), times.describeClock(locale, zone, Date.parse(night))],
      }));
    },
    [EVENING, NIGHT],
  );
  for (const { evening, night } of said) {
    for (const text of evening) expect(text).toMatch(/\b18(\u00a0h\u00a0|:)30/);
    for (const text of night) expect(text).toMatch(/\b0?0(\u00a0h\u00a0|:)30/);
    for (const text of [...evening, ...night]) expect(text).not.toMatch(/[ap]\.?\s?m\.?(?!\w)/i);
  }
});

test('hours have two digits where clocks count to 24, in every form alike, and no line ends within one', async ({ page }) => {
  await page.goto('/sign-in');
  const said = await page.evaluate(async () => {
    const script = document.querySelector('script[type=module]').src;
    const { describeClock, describeMoment, describeSpan } = await import(new URL('../common/time.js', script).href);
    const [zone, from, to] = ['America/Santiago', Date.parse('2018-11-26T11:40:00Z'), Date.parse('2018-11-26T12:00:00Z')];
    return ['en-GB', 'en-US', 'es-CL', 'es', 'pt-BR', 'fr-CA'].map((locale) => [
      describeClock(locale, zone, from),
      describeSpan(locale, zone, from, to),
      describeMoment(locale, zone, '2018-11-26T11:40:00Z').match(/\d+(:|\u00a0h\u00a0)\d\d/)[0],
    ]);
  });
  expect(said).toEqual([
    ['08:40', '08:40–09:00', '08:40'],
    ['8:40\u00a0AM', '8:40\u00a0– 9:00\u00a0AM', '8:40'],
    ['08:40', '08:40–09:00', '08:40'],
    ['08:40', '08:40–09:00', '08:40'],
    ['08:40', '08:40\u00a0– 09:00', '08:40'],
    ['08\u00a0h\u00a040', '08\u00a0h\u00a040\u00a0– 09\u00a0h\u00a000', '08\u00a0h\u00a040'],
  ]);
});

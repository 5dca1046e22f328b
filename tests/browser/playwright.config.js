import { defineConfig } from '@playwright/test';

/** What tests/browser/run found and chose. */
const { CUMBRE_CHROMIUM: executablePath, CUMBRE_BROWSER_RESULTS: outputDir } = process.env;
if (!executablePath || !outputDir) throw new Error('Start the tests by tests/browser/run.');

export default defineConfig({
  testDir: '.',
  outputDir,
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // A shared machine may stand still for longer than any patience; what passes at the second try is listed as flaky.
  retries: 1,
  reporter: 'list',
  use: {
    // The system's browser: nothing is downloaded.
    launchOptions: { executablePath, chromiumSandbox: process.getuid?.() !== 0 },
    locale: 'en-GB',
    viewport: { width: 360, height: 740 },
    screenshot: 'only-on-failure',
  },
});

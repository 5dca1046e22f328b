/**
 * What a camera sees, for Chromium's fake one (`--use-file-for-fake-video-capture`).
 *
 * @module
 */

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

import { chromium } from '@playwright/test';
import { generate } from 'lean-qr';

const [WIDTH, HEIGHT] = [1280, 720];

/** The grey of a desk on which nothing lies. */
const GROUND = 90;

/**
 * Films a sheet of paper that lies before the camera.
 *
 * @param {Buffer} pdf Its first page is shown.
 * @param {string} path Where the film goes, in a folder of the test's own.
 */
export function filmPaper(pdf, path) {
  writeFileSync(`${path}.pdf`, pdf);
  execFileSync('pdftoppm', ['-gray', '-singlefile', '-scale-to', String(HEIGHT - 20), `${path}.pdf`, path]);
  writeFileSync(path, film(readPicture(`${path}.pgm`)));
}

/** Films a screen that shows a QR code. */
export function filmCode(text, path) {
  const code = generate(text);
  const [scale, rim] = [8, 4];
  const side = (code.size + 2 * rim) * scale;
  const pixels = Buffer.alloc(side * side, 255);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      if (code.get(Math.floor(x / scale) - rim, Math.floor(y / scale) - rim)) pixels[y * side + x] = 0;
    }
  }
  writeFileSync(path, film({ width: side, height: side, pixels }));
}

/** Films a desk on which nothing lies. */
export function filmNothing(path) {
  writeFileSync(path, film({ width: 0, height: 0, pixels: Buffer.alloc(0) }));
}

/**
 * A browser whose camera sees the film of this path, with a page of it.
 *
 * @param {import('./site.js').Site} site
 * @param {string} path
 * @param {(page: import('@playwright/test').Page) => Promise<void>} work
 */
export async function filmed(site, path, work) {
  const browser = await chromium.launch({
    executablePath: process.env.CUMBRE_CHROMIUM,
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${path}`],
  });
  try {
    await work(await browser.newPage({ baseURL: site.address, locale: 'en-GB', viewport: { width: 768, height: 900 } }));
  } finally {
    await browser.close();
  }
}

/** A film of one picture, as YUV4MPEG2. */
function film({ width, height, pixels }) {
  const luma = Buffer.alloc(WIDTH * HEIGHT, GROUND);
  const [left, top] = [(WIDTH - width) >> 1, (HEIGHT - height) >> 1];
  for (let row = 0; row < height; row += 1) {
    pixels.copy(luma, (top + row) * WIDTH + left, row * width, (row + 1) * width);
  }
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((WIDTH * HEIGHT) / 2, 128)]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]);
}

/** A picture of the form that pdftoppm writes: binary PGM. */
function readPicture(path) {
  const bytes = readFileSync(path);
  const [head, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 40).toString('latin1'));
  return { width: Number(width), height: Number(height), pixels: bytes.subarray(head.length) };
}

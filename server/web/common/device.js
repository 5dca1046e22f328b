/**
 * How this browser describes itself as a device, so that its owner knows it in a list of devices.
 *
 * @module
 */

/** Browsers by a word of their user agent; the first that fits, since most also name another's. @type {[RegExp, string][]} */
const BROWSERS = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

/** Systems likewise. @type {[RegExp, string][]} */
const SYSTEMS = [
  [/Android/, 'Android'],
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X|Macintosh/, 'Mac'],
  [/Linux/, 'Linux'],
];

/**
 * @param {string} [userAgent] What the browser says of itself.
 * @returns {{name: string, kind: 'phone' | 'console'}} A device as the API takes it.
 */
export function describeDevice(userAgent = navigator.userAgent) {
  const find = (/** @type {[RegExp, string][]} */ table) => table.find(([pattern]) => pattern.test(userAgent))?.[1];
  const name = [find(BROWSERS) ?? 'Browser', find(SYSTEMS)].filter(Boolean).join(' · ');
  return { name, kind: /Mobi|Android|iPhone|iPad/.test(userAgent) ? 'phone' : 'console' };
}

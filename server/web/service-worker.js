/**
 * Keeps pages on the device: each page that was opened, with all it stands on, in one version. A new
 * version is fetched beside the old one and takes its place only when a page says so, or when no page
 * of the old one is open any more.
 */

/** Where the files of this version lie; the server fills it in. */
const ASSETS = '{assets}';

/** What each page stands on, by its folder; likewise. @type {Record<string, string[]>} */
const PAGES = JSON.parse('{pages}');

const PREFIX = 'cumbre-pages ';
const CACHE = PREFIX + ASSETS;

/** The page that lies at the root. */
const ROOT_PAGE = 'attendee';

/** The address of a page. @param {string} page */
const addressOf = (page) => (page === ROOT_PAGE ? '/' : `/${page}`);

/** The folder of a page by its address; undefined for what is no page. @param {string} path */
function pageAt(path) {
  const page = path === '/' ? ROOT_PAGE : path.slice(1);
  return Object.hasOwn(PAGES, page) ? page : undefined;
}

/** Which pages are kept, by any version. */
async function listKept() {
  const kept = new Set();
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX)) continue;
    for (const { url } of await (await caches.open(name)).keys()) {
      const page = pageAt(new URL(url).pathname);
      if (page) kept.add(page);
    }
  }
  return [...kept];
}

/** Keeps a page in this version. @param {string} page */
async function keep(page) {
  const cache = await caches.open(CACHE);
  const older = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(PAGES[page].map((file) => keepFile(cache, older, file)));
  // The page itself comes last: once it is there, it is whole.
  const address = addressOf(page);
  if (!(await cache.match(address))) {
    const answer = await fetch(address, { cache: 'no-cache', credentials: 'omit' });
    const text = await answer.clone().text();
    // A server that was updated meanwhile gives the page of its next version, which is another worker's.
    if (answer.ok && text.includes(ASSETS)) await cache.put(address, answer);
  }
}

/**
 * Keeps a file. What an older version has is asked for by its tag, so that only what changed is sent.
 *
 * @param {Cache} cache
 * @param {string[]} older The caches of older versions.
 * @param {string} file
 */
async function keepFile(cache, older, file) {
  const address = `${ASSETS}/${file}`;
  if (await cache.match(address)) return;
  for (const name of older) {
    const former = await (await caches.open(name)).match(`${name.slice(PREFIX.length)}/${file}`);
    const tag = former?.headers.get('ETag');
    if (!former || !tag) continue;
    const answer = await fetch(address, { headers: { 'If-None-Match': tag }, credentials: 'omit' });
    if (answer.status === 304 || answer.ok) {
      await cache.put(address, answer.ok ? answer : former);
      return;
    }
  }
  await cache.add(address);
}

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      for (const page of await listKept()) await keep(page);
    })(),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('message', (event) => {
  if (event.data?.kind === 'take') self.skipWaiting();
  if (event.data?.kind === 'keep' && Object.hasOwn(PAGES, event.data.page)) {
    event.waitUntil(keep(event.data.page).catch(() => {}));
  }
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate' && pageAt(url.pathname)) event.respondWith(givePage(request, url.pathname));
  else if (url.pathname.startsWith(`${ASSETS}/`)) event.respondWith(giveFile(request));
});

/**
 * A page as it is kept, else as the server has it.
 *
 * @param {Request} request
 * @param {string} path
 */
async function givePage(request, path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

/** A file as it is kept, else as the server has it. @param {Request} request */
async function giveFile(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? fetch(request);
}

/**
 * What a push says where it brings no words of its own, since the words are to stay on the device.
 *
 * @type {Record<string, {title: string, text: string}>}
 */
const WAKE_UP = {
  en: { title: 'Something has changed', text: 'Open the app to see what.' },
  es: { title: 'Algo cambió', text: 'Abra la aplicación para ver qué.' },
  pt: { title: 'Algo mudou', text: 'Abra o aplicativo para ver o quê.' },
  fr: { title: 'Quelque chose a changé', text: 'Ouvrez l’application pour voir quoi.' },
};

self.addEventListener('push', (event) => {
  event.waitUntil(tell(event.data?.json() ?? {}));
});

/**
 * Shows a push, and has the pages that are open fetch what it is about. Every push is shown: browsers
 * end the subscription of who receives them in silence. With no page open nothing is fetched here: the sync
 * client is made of modules, which workers of this kind cannot load in every browser that pages run in, and a
 * second client would be a second set of the protocol's rules. A page that opens exchanges at once.
 *
 * @param {{event?: string, covers?: string, spread_s?: number, notice?: string, title?: string, text?: string, urgency?: string, tag?: string, url?: string}} push
 */
async function tell({ event, covers, spread_s: spreadS = 0, notice, title, text, urgency, tag, url }) {
  for (const page of await self.clients.matchAll({ type: 'window' })) page.postMessage({ kind: 'push', event, covers, spreadS });
  const language = navigator.language.split('-')[0];
  const words = title ? { title, text } : (WAKE_UP[language] ?? WAKE_UP.en);
  const icon = await giveIcon();
  await self.registration.showNotification(words.title, {
    body: words.text,
    tag: tag ?? notice ?? 'cumbre',
    icon,
    badge: icon,
    requireInteraction: urgency === 'emergency',
    data: { url: addressOfNotice(url, notice) },
  });
}

/**
 * The icon of notifications, as it is kept: browsers show a notification only once its icon is there, and a server
 * that is far away or busy is not to hold it up.
 */
async function giveIcon() {
  const address = `${ASSETS}/common/icon-192.png`;
  const kept = await caches.match(address);
  if (!kept) return address;
  const bytes = new Uint8Array(await kept.arrayBuffer());
  return `data:image/png;base64,${btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''))}`;
}

/**
 * Where a notification leads: on this server alone, and to the notice where it names one.
 *
 * @param {string} [url]
 * @param {string} [notice]
 */
function addressOfNotice(url = '/', notice) {
  const address = new URL(url, self.location.origin);
  if (address.origin !== self.location.origin) return new URL('/#/inbox', self.location.origin).href;
  if (address.pathname === '/' && !address.hash) address.hash = notice ? `#/inbox/${notice}` : '#/inbox';
  return address.href;
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(lead(event.notification.data?.url ?? self.location.origin));
});

/** Opens an address in the page that is there, else in a new one. @param {string} address */
async function lead(address) {
  const { pathname } = new URL(address, self.location.origin);
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find(({ url }) => new URL(url).pathname === pathname);
  if (!page) {
    await self.clients.openWindow(address);
    return;
  }
  page.postMessage({ kind: 'open', url: address });
  await page.focus();
}

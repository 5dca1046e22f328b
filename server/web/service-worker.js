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

/** Keeps a page in this version; what an older version has of the same bytes is not fetched again. @param {string} page */
async function keep(page) {
  const cache = await caches.open(CACHE);
  const files = PAGES[page].map((file) => `${ASSETS}/${file}`);
  for (const file of files) {
    if (!(await cache.match(file))) await cache.add(new Request(file));
  }
  // The page itself comes last: once it is there, it is whole.
  const address = addressOf(page);
  if (!(await cache.match(address))) {
    const answer = await fetch(address, { cache: 'no-cache', credentials: 'omit' });
    const text = await answer.clone().text();
    // A server that was updated meanwhile gives the page of its next version, which is another worker's.
    if (answer.ok && text.includes(ASSETS)) await cache.put(address, answer);
  }
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

/**
 * Keeping the pages on the device, by the service worker, and small things that pages remember.
 *
 * @module
 */

/**
 * Keeps a page on this device, so that it opens without a network. A new version is fetched in the
 * background and waits until it is taken.
 *
 * @param {string} page Its folder.
 * @param {(take: () => void) => void} offer Is called when a new version is ready, with what takes it.
 */
export async function keepPage(page, offer) {
  if (!('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.register('/service-worker.js').catch(() => undefined);
  if (!registration) return;
  let isTaken = false;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (isTaken) location.reload();
  });
  const propose = () => {
    const { waiting } = registration;
    if (!waiting || !navigator.serviceWorker.controller) return;
    offer(() => {
      isTaken = true;
      waiting.postMessage({ kind: 'take' });
    });
  };
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', propose);
  });
  propose();
  const ready = await navigator.serviceWorker.ready;
  ready.active?.postMessage({ kind: 'keep', page });
  // A page may stay open for days; the browser looks for a new version by itself only at a load.
  setInterval(() => navigator.onLine && registration.update().catch(() => {}), 3_600_000);
}

/**
 * What a page remembers beside the data, such as a choice; undefined where there is nothing.
 *
 * @param {string} name
 */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(`cumbre-${name}`) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * Remembers something; undefined forgets it. A browser that keeps nothing costs a choice, no data.
 *
 * @param {string} name
 * @param {any} value
 */
export function remember(name, value) {
  try {
    if (value === undefined) localStorage.removeItem(`cumbre-${name}`);
    else localStorage.setItem(`cumbre-${name}`, JSON.stringify(value));
  } catch {
    // It is asked for anew next time.
  }
}

/**
 * Photos of guests: asked for once, kept on this device for the checks without a network, and drawn, since the page's
 * policy shows no pictures but its own.
 *
 * @module
 */

import { html, nothing } from '../vendor/lit-html/lit-html.js';

const CACHE = 'cumbre-desk-photos';

export class Photos {
  /** What is known of photos by their names; null where there is none to be had now. @type {Map<string, ImageBitmap | null | undefined>} */
  #known = new Map();

  /**
   * @param {{event: string, keeper: import('../common/session.js').SessionKeeper, draw: () => void}} made
   */
  constructor({ event, keeper, draw }) {
    this.event = event;
    this.keeper = keeper;
    this.draw = draw;
  }

  /** Keeps photos before they are needed: those of the few guests of a session. @param {string[]} hashes */
  async keep(hashes) {
    for (const hash of hashes) await this.#load(hash);
  }

  /** Deletes what is kept: names of photos are names of people. */
  static forget() {
    return caches.delete(CACHE);
  }

  /** @param {string} hash */
  async #load(hash) {
    const address = `/v1/events/${this.event}/photos/${hash}`;
    const cache = await caches.open(CACHE);
    const kept = await cache.match(address);
    if (kept) return kept.blob();
    const answer = await this.keeper.send('GET', address, undefined, AbortSignal.timeout(15_000)).catch(() => undefined);
    if (!answer?.ok) return undefined;
    const blob = await answer.blob();
    await cache.put(address, new Response(blob)).catch(() => {});
    return blob;
  }

  /**
   * A photo, once it is there.
   *
   * @param {string | undefined} hash
   * @param {string} label
   */
  view(hash, label) {
    if (!hash) return nothing;
    if (!this.#known.has(hash)) {
      this.#known.set(hash, undefined);
      this.#load(hash)
        .then((blob) => blob && createImageBitmap(blob))
        // What is no picture is none.
        .catch(() => undefined)
        .then((picture) => {
          this.#known.set(hash, picture ?? null);
          this.draw();
        });
    }
    const picture = this.#known.get(hash);
    if (!picture) return nothing;
    return html`<canvas class="photo" role="img" aria-label=${label} data-photo=${hash} width=${picture.width} height=${picture.height}></canvas>`;
  }

  /** Draws the photos of the page, once it stands. */
  paint() {
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (document.querySelectorAll('canvas.photo'))) {
      const { photo = '', painted } = canvas.dataset;
      const picture = this.#known.get(photo);
      if (!picture || painted === photo) continue;
      canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
      canvas.dataset.painted = photo;
    }
  }
}

/**
 * The camera: what codes it sees.
 *
 * @module
 */

/** How long a code must be out of sight before it counts again, in milliseconds. */
const FORGET_MS = 2_000;

/** How long to wait between two pictures, in milliseconds: a guest shows a badge for about a second. */
const EVERY_MS = 80;

/** The longer side of what is looked at, in pixels; more only takes longer. */
const MOST_PIXELS = 960;

export class Camera {
  #stream;
  #detector;
  #timer;
  #seen = { code: '', at: 0 };

  /**
   * @param {(code: string) => void} onCode Told of each code once, until it was out of sight.
   */
  constructor(onCode) {
    this.onCode = onCode;
  }

  get isRunning() {
    return Boolean(this.#stream);
  }

  /**
   * Starts it, and shows in an element what it sees.
   *
   * @param {HTMLVideoElement} video
   * @throws {DOMException} The person or the browser refuses, or there is no camera.
   */
  async start(video) {
    const wanted = { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } };
    this.#stream = await navigator.mediaDevices.getUserMedia({ video: wanted });
    video.srcObject = this.#stream;
    await video.play();
    this.#detector ??= await openDetector();
    this.#look(video);
  }

  stop() {
    clearTimeout(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
  }

  async #look(video) {
    const stream = this.#stream;
    if (!stream) return;
    const isThere = document.visibilityState === 'visible' && video.readyState >= video.HAVE_CURRENT_DATA;
    const code = isThere ? await this.#detector(video) : undefined;
    if (stream !== this.#stream) return;
    if (code) this.#tell(code);
    this.#timer = setTimeout(() => this.#look(video), EVERY_MS);
  }

  #tell(code) {
    const now = performance.now();
    const isNew = code !== this.#seen.code || now - this.#seen.at > FORGET_MS;
    this.#seen = { code, at: now };
    if (isNew) this.onCode(code);
  }
}

/** The browser's own detector where it has one, else the vendored decoder in a worker. */
async function openDetector() {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats?.()) ?? [];
  if (formats.includes('qr_code')) {
    const detector = new globalThis.BarcodeDetector({ formats: ['qr_code'] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  const worker = new Worker(new URL('./decoder.js', import.meta.url), { type: 'module' });
  return async (video) => {
    const scale = Math.min(1, MOST_PIXELS / Math.max(video.videoWidth, video.videoHeight));
    const [width, height] = [video.videoWidth, video.videoHeight].map((side) => Math.round(side * scale));
    const picture = await createImageBitmap(video, { resizeWidth: width, resizeHeight: height });
    const answer = new Promise((resolve) => worker.addEventListener('message', resolve, { once: true }));
    worker.postMessage(picture, [picture]);
    return (await answer).data ?? undefined;
  };
}

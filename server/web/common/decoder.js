/**
 * A worker that reads QR codes in pictures, for browsers without a detector of their own.
 *
 * @module
 */

import { decodeQR } from '../vendor/qr/decode.js';

const canvas = new OffscreenCanvas(1, 1);
const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));

/** Takes a picture (an ImageBitmap) and answers with the text of its code, or null. */
addEventListener('message', ({ data: picture }) => {
  const { width, height } = picture;
  Object.assign(canvas, { width, height });
  context.drawImage(picture, 0, 0);
  picture.close();
  postMessage(read(context.getImageData(0, 0, width, height)));
});

function read(image) {
  try {
    return decodeQR(image);
  } catch {
    // Most pictures hold no code, and the decoder says so by an error.
    return null;
  }
}

/**
 * The camera, as the page shows it.
 *
 * @module
 */

import { Camera } from '../common/camera.js';

export class Sight {
  /** Why it does not see, where that is so. */
  fault = '';

  /**
   * @param {any} app
   * @param {(code: string) => void} onCode
   */
  constructor(app, onCode) {
    this.app = app;
    this.camera = new Camera(onCode);
  }

  get isRunning() {
    return this.camera.isRunning;
  }

  async toggle() {
    const { app } = this;
    app.sound.wake();
    this.fault = '';
    if (this.isRunning) this.stop();
    else await this.start();
    app.draw();
  }

  /** Starts it, or says why that cannot be. @returns {Promise<string>} Why; empty where it sees. */
  async start() {
    const { words } = this.app;
    this.fault = '';
    try {
      const video = document.querySelector('video');
      if (video) await this.camera.start(video);
    } catch (error) {
      const isRefused = error instanceof DOMException && error.name === 'NotAllowedError';
      this.fault = isRefused ? words.cameraDenied : words.cameraMissing;
    }
    return this.fault;
  }

  stop() {
    this.camera.stop();
  }
}

/**
 * What a verdict sounds like.
 *
 * @module
 */

/** Tones of each verdict: hertz, and when they begin and end, in seconds. */
const TONES = {
  yes: [
    [880, 0, 0.09],
    [1320, 0.1, 0.24],
  ],
  look: [
    [880, 0, 0.09],
    [880, 0.14, 0.23],
    [880, 0.28, 0.4],
  ],
  no: [[196, 0, 0.5]],
};

export class Sound {
  isOn = true;
  #context;

  /** Makes it ready: browsers let a page sound only after it was touched. */
  wake() {
    this.#context ??= new AudioContext();
    this.#context.resume();
  }

  /** @param {'yes' | 'look' | 'no'} verdict */
  play(verdict) {
    if (!this.isOn || this.#context?.state !== 'running') return;
    const start = this.#context.currentTime;
    for (const [hertz, from, to] of TONES[verdict]) {
      const tone = new OscillatorNode(this.#context, { frequency: hertz, type: verdict === 'no' ? 'square' : 'sine' });
      const volume = new GainNode(this.#context, { gain: verdict === 'no' ? 0.15 : 0.3 });
      tone.connect(volume).connect(this.#context.destination);
      tone.start(start + from);
      tone.stop(start + to);
    }
  }
}

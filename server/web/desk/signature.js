/**
 * A signature that is drawn with a finger, a pen or a mouse, as the strokes that it was drawn in.
 *
 * @module
 */

/** The largest coordinate across and down, and the most numbers and strokes that a server takes. */
const MOST = { coordinate: 4_095, numbers: 8_000, strokes: 200 };

export class Signature {
  /** Each of coordinates across and down in turn. @type {number[][]} */
  strokes = [];

  /** @type {number[] | undefined} */
  #stroke;

  /** Takes back everything that was drawn. @param {HTMLCanvasElement | null} canvas */
  clear(canvas) {
    this.strokes = [];
    this.#stroke = undefined;
    canvas?.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
  }

  /** @param {PointerEvent} event */
  begin(event) {
    const canvas = /** @type {HTMLCanvasElement} */ (event.currentTarget);
    if (!event.isPrimary || this.strokes.length >= MOST.strokes) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    this.#stroke = [];
    this.strokes.push(this.#stroke);
    this.move(event);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const stroke = this.#stroke;
    if (!stroke || !event.isPrimary) return;
    const canvas = /** @type {HTMLCanvasElement} */ (event.currentTarget);
    const { left, top, width } = canvas.getBoundingClientRect();
    const scale = MOST.coordinate / width;
    const fit = (/** @type {number} */ value) => Math.min(MOST.coordinate, Math.max(0, Math.round(value * scale)));
    const [x, y] = [fit(event.clientX - left), fit(event.clientY - top)];
    if (stroke.at(-2) === x && stroke.at(-1) === y) return;
    if (this.strokes.reduce((sum, { length }) => sum + length, 0) + 2 > MOST.numbers) return;
    stroke.push(x, y);
    draw(canvas, stroke.slice(-4));
  }

  end() {
    this.#stroke = undefined;
  }
}

/** Draws the last piece of a stroke; a lone point as a dot. @param {HTMLCanvasElement} canvas @param {number[]} piece */
function draw(canvas, piece) {
  const context = canvas.getContext('2d');
  if (!context) return;
  const scale = canvas.width / MOST.coordinate;
  const [fromX, fromY, toX = fromX + 1, toY = fromY + 1] = piece.map((value) => value * scale);
  Object.assign(context, { lineWidth: 3, lineCap: 'round', strokeStyle: getComputedStyle(canvas).color });
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}

// Panel, one drawing on a canvas element: device pixel ratio, hit test under the pointer or by arrow keys, painted anew at each change.
import { cleared, h } from "./dom.js";

/** @type {Record<string, [down: number, across: number]>} */
const KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** @typedef {Record<string, any> | null} Place a place in a panel: { row, column }, { bin }, { unit }... */
/** @typedef {{ name: string, hovered?: (place: Place) => void, pressed?: ((place: Place) => void) | null, dragged?: ((from: Place, to: Place) => void) | null, quiet?: boolean }} Options */

/**
 * What heat maps, lines and bars share. A kind of panel has
 *   `size(width)`: { width, height } in CSS pixels for the room there is,
 *   `paint(context, theme)`: the drawing, on anything with the methods of a 2D context,
 *   `at(x, y)`: the place under the pointer, null beside it,
 *   `step(place, down, across)`: the next place for an arrow key,
 *   `words(place)`: what is there, in words.
 * `this.place` is what is pointed at here or in a linked panel.
 */
export class Panel {
  canvas; readout; element;
  /** @type {string} */ name;
  /** @type {(place: Place) => void} */ hovered;
  /** @type {((place: Place) => void) | null} */ pressed;
  /** @type {((from: Place, to: Place) => void) | null} */ dragged;
  /** @type {boolean} */ quiet; // without a read-out of its own
  /** @type {Place} */ place = null;
  /** @type {Place} */ held = null; // where the pointer went down
  /** @type {number} */ width = 0; // CSS pixels, before it grows
  /** @type {number} */ height = 0;
  /** @type {import("./theme.js").Theme | null} */ theme = null;
  /** @type {CanvasRenderingContext2D | null} */ context = null;
  /** @type {string | undefined} */ title; // above it in a file, else its name
  /** @type {import("./legend.js").Meaning[] | undefined} */ legends; // what its colours mean in a file, else its scale
  /** @type {import("./theme.js").Scale | null | undefined} */ scale;
  /** @type {boolean | undefined} */ begins; // at the left of a file

  /** @param {Options} options */
  constructor({ name, hovered = () => {}, pressed = null, dragged = null, quiet = false }) {
    Object.assign(this, { name, hovered, pressed, dragged, quiet });
    this.canvas = h("canvas", { tabindex: 0, role: "img", "aria-label": name, class: pressed ? "inspect-press" : "" });
    this.readout = h("output", { class: "inspect-readout", "aria-live": "polite" });
    this.element = h("figure", { class: "inspect-panel" }, this.canvas, quiet ? null : this.readout);
    this.canvas.onpointermove = (event) => this.point(this.at(...this.where(event)));
    this.canvas.onpointerleave = () => this.point(null);
    this.canvas.onpointerdown = (event) => (this.held = this.at(...this.where(event)));
    this.canvas.onclick = (event) => this.#released(this.at(...this.where(event)));
    this.canvas.onkeydown = (event) => this.#key(event);
    this.canvas.onblur = () => this.point(null);
  }

  /**
   * CSS pixels for so much room.
   * @param {number} room
   * @returns {{ width: number, height: number }}
   */
  size(room) {
    throw new Error(`${this.constructor.name} has no size for ${room} pixels`);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import("./theme.js").Theme} theme
   */
  paint(context, theme) {
    throw new Error(`${this.constructor.name} paints nothing with ${context} and ${theme}`);
  }

  /**
   * The place under a pixel.
   * @param {number} x
   * @param {number} y
   * @returns {Place}
   */
  at(x, y) {
    return null;
  }

  /**
   * The next place in a direction.
   * @param {Place} place
   * @param {number} down
   * @param {number} across
   * @returns {Place}
   */
  step(place, down, across) {
    return place;
  }

  /**
   * What is at a place.
   * @param {Place} place
   */
  words(place) {
    return "";
  }

  /**
   * An event's place in the drawing's pixels.
   * @returns {[x: number, y: number]}
   */
  where({ offsetX, offsetY }) {
    return [(offsetX * this.width) / this.canvas.clientWidth, (offsetY * this.height) / this.canvas.clientHeight];
  }

  /** A press, or where steps were drawn over, a stretch. */
  #released(place) {
    if (this.dragged && this.held && place && this.held.column !== place.column) this.dragged(this.held, place);
    else this.press(place);
  }

  #key(event) {
    if (event.key === "Enter" || event.key === " ") this.press(this.place);
    else if (KEYS[event.key]) this.point(this.step(this.place, ...KEYS[event.key]));
    else return;
    event.preventDefault();
  }

  /** Point at a place; panels that are linked hear of it. */
  point(place) {
    if (JSON.stringify(place) === JSON.stringify(this.place)) return;
    this.mark(place);
    this.hovered(place);
  }

  press(place) {
    if (place && this.pressed) this.pressed(place);
  }

  /** Show a place that was pointed at here or elsewhere. */
  mark(place) {
    this.place = place;
    this.readout.textContent = place ? this.words(place) : "";
    if (this.theme) this.redraw();
  }

  /**
   * Draw for so much room; all of it, words and lines, as many times its usual size as the theme says.
   * @param {number} width
   * @param {import("./theme.js").Theme} theme
   */
  draw(width, theme) {
    this.theme = theme;
    Object.assign(this, this.size(width / theme.grow));
    const sharp = (window.devicePixelRatio || 1) * theme.grow;
    this.context = cleared(this.canvas, this.width, this.height, sharp);
    this.canvas.style.width = `${this.width * theme.grow}px`;
    this.readout.textContent = this.place ? this.words(this.place) : "";
    this.redraw();
  }

  redraw() {
    this.context.clearRect(0, 0, this.width, this.height);
    this.paint(this.context, this.theme);
  }
}

/** Let `pick(x, y)` hear of every place that is pressed or dragged over. */
export function picking(panel, pick) {
  const { canvas } = panel;
  canvas.style.touchAction = "none";
  const hear = (event) => event.buttons && pick(...panel.where(event));
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    hear(event);
  });
  canvas.addEventListener("pointermove", hear);
}

/**
 * A small picture, one pixel a number; `ink(row, column)` is its colour as one number of ImageData, 0 nothing.
 * @param {number} rows
 * @param {number} columns
 * @param {(row: number, column: number) => number} ink
 * @param {HTMLCanvasElement} [before] a picture that is not needed any more, to be drawn over where it has the same size
 */
export function raster(rows, columns, ink, before) {
  const fits = before?.width === columns && before.height === rows;
  const canvas = fits ? before : Object.assign(document.createElement("canvas"), { width: columns, height: rows });
  const data = new Uint32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) for (let column = 0; column < columns; column += 1) data[row * columns + column] = ink(row, column);
  canvas.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(data.buffer), columns, rows), 0, 0);
  return canvas;
}

/**
 * A raster's size and the number of each of its pixels, where numbers are smaller than a pixel: the one of the largest size among those that share it,
 * and of NaN and infinity any, so that each pixel is a number that is there. `cell` is [across, down] in CSS pixels; `value(row, column)`.
 * @param {number} rows
 * @param {number} columns
 * @param {[across: number, down: number]} cell
 * @param {(row: number, column: number) => number} value
 */
export function pooled(rows, columns, [across, down], value) {
  const [lines, places] = [fewer(rows, down), fewer(columns, across)];
  const start = (at, few, many) => Math.floor((at * many) / few);
  const size = (number) => (Number.isFinite(number) ? Math.abs(number) : Infinity);
  const strongest = (line, place) => {
    let best = NaN;
    let largest = -1;
    for (let row = start(line, lines, rows); row < start(line + 1, lines, rows); row += 1) {
      for (let column = start(place, places, columns); column < start(place + 1, places, columns); column += 1) {
        const number = value(row, column);
        if (size(number) > largest) [best, largest] = [number, size(number)];
      }
    }
    return best;
  };
  return { rows: lines, columns: places, value: lines === rows && places === columns ? value : strongest };
}

/** So many numbers in a row, or as many as there are pixels of the screen for them. */
const fewer = (count, cell) => Math.min(Math.max(Math.floor(count * cell * (window.devicePixelRatio || 1)), 1), count);

/** Text cut to a width, with an ellipsis. */
export function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length -= 1;
  return `${text.slice(0, length)}…`;
}

// Scatter plot of a plane by class, in colour and shape; a place can be picked anywhere, by pointer or arrow keys.
import { axes } from "./axes.js";
import { ends, number } from "./data.js";
import { Panel, picking } from "./panel.js";

const EDGE = 0.06; // of the plane, left free at each side
const NEAR = 9; // pixels within which a sample is pointed at
const SHAPES = ["circle", "square", "up", "diamond", "down", "cross", "plus"];

/** A mark of a class around a place. */
export function mark(context, kind, x, y, size) {
  const shape = SHAPES[kind % SHAPES.length];
  const lines = { up: [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]], down: [[0, 1.2], [1.1, -0.8], [-1.1, -0.8]], diamond: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]] }[shape];
  const strokes = { cross: [[-1, -1, 1, 1], [-1, 1, 1, -1]], plus: [[-1.2, 0, 1.2, 0], [0, -1.2, 0, 1.2]] }[shape];
  context.beginPath();
  if (shape === "circle") context.arc(x, y, size, 0, 2 * Math.PI);
  if (shape === "square") context.fillRect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
  lines?.forEach(([across, down], place) => context[place ? "lineTo" : "moveTo"](x + across * size, y + down * size));
  if (lines || shape === "circle") context.fill();
  strokes?.forEach(([fromX, fromY, toX, toY]) => {
    context.moveTo(x + fromX * size, y + fromY * size);
    context.lineTo(x + toX * size, y + toY * size);
  });
  if (strokes) context.stroke();
}

export class Scatter extends Panel {
  /** @type {{ shape: number[], values: Float32Array }} */ plane;
  /** @type {ArrayLike<number>} */ labels;
  /** @type {string[]} */ classes;
  /** @type {Record<string, string[]>} */ colours; // by "light" and "dark"
  /** @type {(x: number, y: number, near: { sample: number, far: number }) => void} */ picked;
  /** @type {number} */ tall;
  /** @type {string[] | null} */ names; // of the two axes
  /** @type {boolean} */ measured; // whether their numbers mean something
  /** @type {[x: number, y: number] | null} */ here = null; // the picked place
  /** @type {number[][]} */ bounds; // of the plane, [low, high] along each axis

  /**
   * `plane` { shape: [samples, 2], values }, `labels`, `classes` their names; `picked(x, y, nearest)` hears of a place.
   * @param {import("./panel.js").Options & Pick<Scatter, "plane" | "labels" | "classes" | "colours" | "picked"> & Partial<Pick<Scatter, "tall" | "names" | "measured">>} options
   */
  constructor({ plane, labels, classes, colours, picked, tall = 380, names = null, measured = true, ...rest }) {
    super({ ...rest, pressed: () => {} });
    Object.assign(this, { plane, labels, classes, colours, picked, tall, names, measured });
    this.bounds = [0, 1].map((axis) => {
      const [low, high] = ends(plane.values.filter((_, place) => place % 2 === axis)); // one NaN does not hide the others
      const room = (high - low || 1) * EDGE;
      return [low - room, high + room];
    });
    picking(this, (x, y) => this.#pick(x, y));
  }

  size(room) {
    return { width: Math.min(room, 560), height: Math.min(this.tall, room) };
  }

  /**
   * From a place of the plane to pixels, and back.
   * @returns {[x: number, y: number]}
   */
  pixels(x, y) {
    const [[left, right], [low, high]] = this.bounds;
    return [((x - left) / (right - left)) * this.width, (1 - (y - low) / (high - low)) * this.height];
  }

  /** @returns {[x: number, y: number]} */
  #plane(x, y) {
    const [[left, right], [low, high]] = this.bounds;
    return [left + (x / this.width) * (right - left), low + (1 - y / this.height) * (high - low)];
  }

  #pick(x, y) {
    const inside = [Math.min(Math.max(x, 0), this.width), Math.min(Math.max(y, 0), this.height)];
    this.picked(...this.#plane(...inside), this.nearest(...inside));
  }

  paint(context, theme) {
    const colours = this.colours[theme.dark ? "dark" : "light"];
    context.strokeStyle = theme.line;
    context.strokeRect(0.5, 0.5, this.width - 1, this.height - 1);
    context.globalAlpha = 0.75;
    Array.from(this.labels).forEach((label, place) => {
      context.fillStyle = context.strokeStyle = colours[label % colours.length];
      context.lineWidth = 1.5;
      mark(context, label, ...this.pixels(this.plane.values[2 * place], this.plane.values[2 * place + 1]), 3);
    });
    context.globalAlpha = 1;
    context.lineWidth = 1;
    if (this.names) axes(context, theme, { width: this.width, height: this.height, ends: this.measured ? this.bounds : null, names: this.names, pixels: (x, y) => this.pixels(x, y) });
    if (this.here) this.#cursor(context, theme);
  }

  #cursor(context, theme) {
    const [x, y] = this.pixels(...this.here);
    for (const [ink, width] of [[theme.ground, 5], [theme.ink, 2]]) {
      context.strokeStyle = ink;
      context.lineWidth = width;
      context.beginPath();
      context.arc(x, y, 8, 0, 2 * Math.PI);
      context.stroke();
    }
    context.lineWidth = 1;
  }

  show(here) {
    this.here = here;
    if (this.theme) this.redraw();
  }

  nearest(x, y) {
    let best = -1;
    let least = Infinity;
    for (let place = 0; place < this.labels.length; place += 1) {
      const [across, down] = this.pixels(this.plane.values[2 * place], this.plane.values[2 * place + 1]);
      const far = (across - x) ** 2 + (down - y) ** 2;
      if (far < least) [best, least] = [place, far];
    }
    return { sample: best, far: Math.sqrt(least) };
  }

  at(x, y) {
    const { sample, far } = this.nearest(x, y);
    return { sample: far < NEAR ? sample : -1, x: Math.round(x), y: Math.round(y) };
  }

  /** An arrow key moves the picked place a little. */
  step(place, down, across) {
    const [x, y] = this.here ? this.pixels(...this.here) : [this.width / 2, this.height / 2];
    const next = [x + across * 8, y + down * 8];
    this.#pick(...next);
    return this.at(...next);
  }

  words({ sample, x, y }) {
    const [across, up] = this.#plane(x, y).map(number);
    if (sample < 0) return `${across}, ${up}: press or drag to decode`;
    return `sample ${sample}${this.classes.length ? `, ${this.classes[this.labels[sample]]}` : ""}`;
  }
}

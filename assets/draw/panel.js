// A panel is one drawing on a canvas element: painted again at each change, read out under the pointer or the arrow keys.
import { h } from "./dom.js";

const KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

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
  constructor({ name, hovered = () => {}, pressed = null, dragged = null, quiet = false }) {
    Object.assign(this, { name, hovered, pressed, dragged, place: null, quiet });
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

  /** An event's place in the drawing's pixels. */
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

  /** Draw for so much room. */
  draw(width, theme) {
    this.theme = theme;
    Object.assign(this, this.size(width));
    const sharp = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.width * sharp);
    this.canvas.height = Math.round(this.height * sharp);
    this.canvas.style.width = `${this.width}px`;
    this.context = this.canvas.getContext("2d");
    this.context.setTransform(sharp, 0, 0, sharp, 0, 0);
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

/** Text cut to a width, with an ellipsis. */
export function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length -= 1;
  return `${text.slice(0, length)}…`;
}

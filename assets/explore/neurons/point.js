// Point input on the plane over the decision boundary and the data, by a press, a drag or the arrow keys, debounced.
import { h } from "../../draw/dom.js";
import { array, extent, number, part } from "../../draw/data.js";
import { classes, Ground } from "./ground.js";
import { keys, legend } from "../../draw/legend.js";
import { picking } from "../../draw/panel.js";
import { mounted } from "../../draw/view.js";

const WAIT = 250; // milliseconds after the last step of the keyboard
const PATIENCE = 4000; // milliseconds that an answer may take before what Python says counts again
const STEPS = 80; // of an arrow key across the plane
const HINT = "Press or drag to choose a point; arrow keys move it.";

export const { draw, leave } = mounted((root) => new Point(root));

/** The plane with a ring that is moved; `picked(x, y)` hears where to, in the data's numbers. */
class Plane extends Ground {
  picked;

  constructor({ picked, ...rest }) {
    super({ ...rest, pressed: () => {} });
    this.picked = picked;
    picking(this, (x, y) => picked(...this.under(x, y)));
  }

  /** As wide as the room, never taller than wide: what the two numbers measure need not be alike. */
  size(room) {
    const { width, height } = super.size(room);
    return { width: Math.floor(room), height: Math.floor(Math.min((height * room) / width, room)) };
  }

  step(place, down, across) {
    const { xs, ys } = this.data;
    const move = (value, ends, by) => Math.min(Math.max(value + by, Math.min(...ends)), Math.max(...ends));
    const [wide, high] = [xs.at(-1) - xs[0], ys[0] - ys.at(-1)];
    this.picked(move(this.here[0], [xs[0], xs.at(-1)], (across * wide) / STEPS), move(this.here[1], [ys.at(-1), ys[0]], (-down * high) / STEPS));
    return null;
  }

  words(place) {
    return this.said(place, this.answer);
  }
}

class Point {
  root; panel; sent; component; data; answer; here; moving; key; output; timer;

  constructor(root) {
    root.parentNode.append(h("link", { rel: "stylesheet", href: new URL("../input/draw.css", import.meta.url).href }));
    this.root = root;
    this.panel = null;
    this.sent = 0; // when a place was told that no answer has spoken of yet
  }

  take(component) {
    this.component = component;
    const { data } = component;
    const { x, y, points, labels, answer } = Object.fromEntries(Object.entries(data.arrays).map(([name, each]) => [name, array(each)]));
    this.data = { xs: x.values, ys: y.values, points: points.values, labels: [...labels.values], step: 1, classes: data.classes, features: data.features, inks: data.inks };
    this.answer = answer;
    const heard = data.here.every((value, axis) => Math.fround(value) === Math.fround(this.here?.[axis]));
    if (heard) this.sent = 0;
    if (!this.moving && (!this.sent || performance.now() - this.sent > PATIENCE)) this.here = [...data.here]; // else it is about an earlier place
    if (this.panel) Object.assign(this.panel, { data: this.data, answer });
  }

  draw(width, theme) {
    if (!this.panel) this.#build();
    const { rating } = this.component.data;
    const most = extent(this.answer.values) || 1;
    const scale = rating ? null : { low: -most, high: most, stops: "signed" };
    this.panel.show(rating ? { chances: this.answer } : { field: part(this.answer, 0), scale });
    this.panel.here = this.here;
    const marks = classes(this.data, theme);
    this.key.replaceChildren(...(marks.length ? [keys(marks)] : []), ...(scale ? [legend(scale, theme)] : []));
    this.panel.draw(width, theme);
    this.#tell();
  }

  #build() {
    this.panel = new Plane({ name: `The plane. ${HINT}`, data: this.data, tall: 260, quiet: true, picked: (x, y) => this.#pick(x, y), hovered: () => this.#tell() });
    this.panel.answer = this.answer;
    this.panel.canvas.addEventListener("pointerup", () => this.#send(0));
    this.key = h("div", { class: "point-key" });
    this.output = h("output", { class: "inspect-note point-said", "aria-live": "polite" });
    this.root.replaceChildren(this.panel.element, this.key, this.output);
  }

  #pick(x, y) {
    this.moving = true;
    this.here = this.panel.here = [x, y];
    this.panel.redraw();
    this.#tell();
    this.#send(WAIT);
  }

  /** The place is told to Python once it rests. */
  #send(wait) {
    clearTimeout(this.timer);
    if (!this.moving) return;
    this.timer = setTimeout(() => {
      this.moving = false;
      this.sent = performance.now();
      this.component.setStateValue("picked", this.here);
    }, wait);
  }

  #tell() {
    const { panel, data } = this;
    const moved = this.moving && data.features.map((name, axis) => `${name} ${number(this.here[axis])}`).join(", ");
    this.output.textContent = moved || (panel.place ? panel.words(panel.place) : HINT);
  }

  leave() {
    clearTimeout(this.timer);
  }
}

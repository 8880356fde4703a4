// Sparkline of the loss and of the first metric, each on its own scale, over the steps so far.

import { metric } from "../../draw/data.js";
import { cleared, h } from "../../draw/dom.js";
import { sizeOf } from "./sized.js";

const MOST = 600; // points of a line; of more, every second goes

export class Curve {
  lines; offset; reached; canvas; numbers; element; size;

  constructor() {
    this.canvas = h("canvas", { class: "curve", role: "img" });
    this.numbers = h("div", { class: "curve-numbers" });
    this.element = h("div", { class: "play-curve" }, this.canvas, this.numbers);
    this.size = sizeOf(this.canvas);
    this.clear();
  }

  clear() {
    this.offset = this.reached = 0;
    this.lines = new Map(); // by metric's name: { x, y }
    this.words();
  }

  /** The run that follows counts its steps from 0 again: its line goes on where this one ends. */
  goOn() {
    this.offset = this.reached;
  }

  /** Take in a run's events. */
  add(events) {
    for (const { kind, data } of events) if (kind === "batch") for (const [name, value] of Object.entries(data.metrics ?? {})) this.#put(name, data.step, value);
    if (events.length) this.words();
  }

  #put(name, step, value) {
    if (typeof value !== "number" || name === "learning_rate") return;
    if (!this.lines.has(name)) this.lines.set(name, { x: [], y: [] });
    const line = this.lines.get(name);
    this.reached = this.offset + step;
    line.x.push(this.reached);
    line.y.push(value);
    if (line.x.length > MOST) for (const axis of ["x", "y"]) line[axis] = line[axis].filter((_, at) => at % 2);
  }

  /** The two that are drawn: the loss and the first other metric. */
  get shown() {
    const names = [...this.lines.keys()];
    return ["loss", names.find((name) => name !== "loss")].filter((name) => this.lines.has(name));
  }

  words() {
    const said = this.shown.map((name) => [name, metric(this.lines.get(name).y.at(-1))]);
    this.numbers.replaceChildren(...(said.length ? said : [["loss", "–"]]).map(([name, value], at) => h("span", { class: `line-${at}`, title: name }, h("span", { class: "curve-name" }, name), h("b", {}, value))));
    this.canvas.setAttribute("aria-label", said.length ? `So far: ${said.map((each) => each.join(" ")).join(", ")}` : "No loss yet");
  }

  draw(theme) {
    const { canvas } = this;
    const [width, height] = this.size();
    if (!width) return;
    const context = cleared(canvas, width, height);
    context.strokeStyle = theme.line;
    context.strokeRect(0.5, 0.5, width - 1, height - 1);
    [...this.shown.entries()].reverse().forEach(([at, name]) => line(context, this.lines.get(name), width, height, at ? theme.second : theme.accent));
  }
}

function line(context, { x, y }, width, height, colour) {
  const [low, high] = [Math.min(...y), Math.max(...y)];
  const [first, last] = [x[0], x.at(-1)];
  Object.assign(context, { strokeStyle: colour, fillStyle: colour, lineWidth: 1.6 });
  const at = (place) => [3 + ((x[place] - first) / (last - first || 1)) * (width - 6), height - 4 - ((y[place] - low) / (high - low || 1)) * (height - 8)];
  context.beginPath();
  y.forEach((_, place) => context[place ? "lineTo" : "moveTo"](...at(place)));
  context.stroke();
  context.beginPath();
  context.arc(...at(y.length - 1), 2.2, 0, 2 * Math.PI);
  context.fill();
}

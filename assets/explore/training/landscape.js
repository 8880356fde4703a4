// Loss landscape over a square of two directions, with the optimisation path of training through it.
import { h } from "../../draw/dom.js";
import { axes } from "../../draw/axes.js";
import { array, count, ends, number } from "../../draw/data.js";
import { Heat } from "../../draw/heat.js";
import { legend } from "../../draw/legend.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

const WIDEST = 520;

export const { draw, leave } = mounted((root) => new View(root));

class Land extends Heat {
  first; // what epoch 0 is called

  /** From directions a and b to pixels; the largest b is on top. */
  pixel([a, b]) {
    const { line } = this;
    const along = (value) => ((value - line[0]) / (line.at(-1) - line[0])) * (line.length - 1) + 0.5;
    return [this.left + along(a) * this.across, this.top + (line.length - along(b)) * this.down];
  }

  paint(context, theme) {
    super.paint(context, theme);
    context.save();
    context.translate(this.left, this.top);
    const [first, last] = [this.line[0], this.line.at(-1)];
    const pixels = (a, b) => this.pixel([a, b]).map((at, axis) => at - (axis ? this.top : this.left));
    axes(context, theme, { width: this.across * this.columns, height: this.down * this.rows, ends: [[first, last], [first, last]], names: this.names, pixels });
    context.restore();
    const inside = this.path.map((at) => at.every((value) => Math.abs(value) <= this.line.at(-1) * 1.02));
    for (const [ink, wide] of [[theme.ground, 4], [theme.ink, 1.8]]) {
      context.strokeStyle = ink;
      context.lineWidth = wide;
      context.beginPath();
      this.path.forEach((at, place) => place && inside[place] && inside[place - 1] && (context.moveTo(...this.pixel(this.path[place - 1])), context.lineTo(...this.pixel(at))));
      context.stroke();
    }
    this.path.forEach((at, place) => inside[place] && this.#dot(context, theme, this.pixel(at), this.epochs[place]));
    if (!this.path.length) return;
    context.lineWidth = 1;
  }

  #dot(context, theme, [x, y], epoch) {
    for (const [ink, size] of [[theme.ground, 5], [epoch === this.epoch ? theme.accent : theme.ink, 3.5]]) {
      context.fillStyle = ink;
      context.beginPath();
      context.arc(x, y, size, 0, 2 * Math.PI);
      context.fill();
    }
    const named = epoch === this.epoch || (epoch === this.epochs[0] && Math.hypot(...this.pixel([0, 0]).map((at, axis) => at - [x, y][axis])) > 60);
    if (!named) return;
    context.font = `12px ${theme.family}`;
    context.textBaseline = "bottom";
    context.textAlign = x > this.width - 70 ? "right" : "left";
    const word = epoch === 0 ? this.first : `epoch ${epoch}`;
    context.fillStyle = theme.ink;
    context.fillText(word, x + (x > this.width - 70 ? -7 : 7), y - 5);
  }

  words({ row, column }) {
    const where = `a ${number(this.line[column])}, b ${number(this.line[this.line.length - 1 - row])}`;
    return this.blank(row, column) ? `${where}: not surveyed yet` : `${where}: loss ${number(this.raw[row * this.columns + column])}`;
  }
}

class View {
  root; log; data;

  constructor(root) {
    this.root = root;
    this.log = null;
  }

  take({ data }) {
    this.data = data;
  }

  draw(width, theme) {
    const { data } = this;
    const raw = array(data.loss).values;
    const line = [...array(data.line).values];
    const [low, high] = ends(raw);
    const log = (this.log ?? high > 20 * low) && low > 0;
    const values = log ? raw.map((value) => (value > 0 ? Math.log10(value) : value)) : raw;
    const scale = log ? { low: Math.log10(low), high: Math.log10(high), stops: "rising" } : { low, high, stops: "rising" };
    const blank = (row, column) => (line.length - 1 - row) * line.length + column >= data.surveyed; // the largest b is on top, and surveyed last
    const cell = Math.min((Math.min(width, WIDEST) - 2) / line.length, 60);
    const panel = new Land({ name: "Loss around the weights", values, rows: line.length, columns: line.length, scale, most: [cell, cell], tall: WIDEST, square: true, blank });
    const path = array(data.path);
    Object.assign(panel, { raw, line, names: data.axes, epochs: data.epochs, epoch: data.epoch, first: data.first, title: "Loss around the weights", legends: [{ low, high, stops: "rising", name: "loss" }, ...(log ? ["by factors"] : []), "dots: the epochs"] });
    panel.path = Array.from({ length: path.shape[0] }, (_, place) => [...path.values.subarray(2 * place, 2 * place + 2)]);
    panel.draw(width, theme);
    const select = h("select", { "aria-label": "Scale of the loss" }, h("option", { value: "", selected: !log }, "loss"), h("option", { value: "log", selected: log }, "loss, by factors"));
    select.onchange = () => {
      this.log = select.value === "log";
      this.draw(width, theme);
    };
    const head = h("div", { class: "inspect-head" }, h("h4", {}, "Loss around the weights"), select, legend({ low, high, stops: "rising" }, theme), buttons(data.file, () => [panel], () => theme));
    this.root.replaceChildren(head, panel.element, h("div", { class: "inspect-note" }, this.#words(panel, line)));
  }

  /** What of the way can be seen here. */
  #words({ path }, line) {
    const { data } = this;
    const outside = path.filter((at) => at.some((value) => Math.abs(value) > line.at(-1) * 1.02)).length;
    const beyond = outside ? ` ${outside} of ${count(path.length, "epoch")} ${outside === 1 ? "lies" : "lie"} beyond the picture.` : "";
    return `The middle is epoch ${data.epoch}. The loss is over the first ${count(data.samples, "sample")} of the validation part, ${number(data.present)} in the middle.${beyond}${seen(array(data.share).values)}`;
  }
}

/** How much of the way's length the plane shows: each epoch's distance from the middle, as it lies in the plane. */
function seen(shares) {
  const far = [...shares].filter((share) => share > 0).sort((one, other) => one - other);
  if (!far.length) return "";
  const [least, most] = [far[0], far.at(-1)].map((share) => (share < 0.005 ? "less than 1 %" : `${Math.round(100 * share)} %`));
  const part = least === most ? least : `between ${least} and ${most}`;
  return ` The way is seen foreshortened: of an epoch's distance from the middle the plane shows ${part}, the rest leads out of it.`;
}

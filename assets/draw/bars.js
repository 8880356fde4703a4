// Bar chart of numbers in their order, such as how much each step counts.
import { h } from "./dom.js";
import { bars } from "./counts.js";
import { array, ends, labelled, number } from "./data.js";
import { listen, tell } from "./link.js";
import { fitted, Panel } from "./panel.js";
import { buttons } from "./save.js";
import { mounted } from "./view.js";

const TALL = 74;

export class Bars extends Panel {
  /** @type {ArrayLike<number>} */ values;
  /** @type {string[]} */ names; // of the bars
  /** @type {string} */ axis; // what they are, in the read-out
  /** @type {string} */ unit;
  /** @type {number} */ left = 44;
  /** @type {number} */ across = 1; // pixels of a bar

  /** @param {import("./panel.js").Options & { values?: ArrayLike<number>, names?: string[], axis?: string, unit?: string }} options */
  constructor({ values = [], names = [], axis = "", unit = "", ...rest }) {
    super(rest);
    Object.assign(this, { values, names, axis, unit });
  }

  size(room) {
    const cell = Math.min((room - this.left - 1) / this.values.length, 56);
    this.across = cell > 4 ? Math.floor(cell) : cell;
    return { width: Math.ceil(this.left + this.across * this.values.length + 1), height: TALL + 20 };
  }

  paint(context, theme) {
    const most = ends(this.values)[1] || 1;
    bars(context, { stacks: [this.values], most, left: this.left, floor: TALL, tall: TALL - 4, across: this.across, ink: (column) => (this.place?.column === column ? theme.ink : theme.accent) });
    context.font = `12px ${theme.family}`;
    context.textBaseline = "top";
    context.textAlign = "right";
    context.fillStyle = theme.faint;
    context.fillText(number(most), this.left - 6, 0);
    context.textBaseline = "bottom";
    context.fillText("0", this.left - 6, TALL + 2);
    context.textAlign = "center";
    context.textBaseline = "top";
    const every = Math.ceil(18 / this.across);
    const names = labelled(Array.from({ length: this.values.length }, (_, place) => this.names[place] ?? String(place)), every);
    for (let place = 0; place < this.values.length; place += 1) {
      const pointed = this.place?.column === place;
      if (place % every && !pointed) continue;
      context.fillStyle = pointed ? theme.ink : theme.faint;
      context.fillText(fitted(context, names[place], every * this.across + 2), this.left + (place + 0.5) * this.across, TALL + 4);
    }
    context.strokeStyle = theme.line;
    context.beginPath();
    context.moveTo(this.left, TALL + 0.5);
    context.lineTo(this.width, TALL + 0.5);
    context.stroke();
  }

  at(x) {
    const column = Math.floor((x - this.left) / this.across);
    return column >= 0 && column < this.values.length ? { row: null, column } : null;
  }

  step(place, _, across) {
    return { row: null, column: Math.min(Math.max((place?.column ?? -1) + across, 0), this.values.length - 1) };
  }

  words({ column }) {
    if (column == null) return "";
    return `${this.axis} ${this.names[column] ?? column} (${column}): ${number(this.values[column])} ${this.unit}`;
  }
}

/** data: { title, values, names, axis, unit, file, link }; `link` names what answers the pointer with it. */
class View {
  bars; hear; head;
  data;
  /** @type {(() => void) | undefined} */ deaf;

  constructor(root) {
    this.bars = new Bars({ name: "Bars", hovered: (place) => tell(this.data.link, place, this.hear) });
    this.hear = (place) => this.bars.mark(place?.column == null ? null : { row: null, column: place.column });
    this.head = h("div", { class: "inspect-head" });
    root.replaceChildren(this.head, this.bars.element);
  }

  take({ data }) {
    this.data = data;
    this.deaf ??= listen(data.link, this.hear);
    Object.assign(this.bars, { values: [...array(data.values).values], names: data.names, axis: data.axis, unit: data.unit ?? "", title: data.title, place: null });
    this.bars.canvas.setAttribute("aria-label", data.title);
  }

  draw(width, theme) {
    this.head.replaceChildren(h("h4", {}, this.data.title), buttons(this.data.file, () => [this.bars], () => theme));
    this.bars.draw(width, theme);
  }

  leave() {
    this.deaf?.();
  }
}

export const { draw, leave } = mounted((root) => new View(root));

// Weights of a layer: one small picture a neuron in the shape of its input, or the matrix; a press chooses a number.
import { h } from "../../draw/dom.js";
import { array, number, part, signed } from "../../draw/data.js";
import { Heat } from "../../draw/heat.js";
import { legend } from "../../draw/legend.js";
import { Panel, raster } from "../../draw/panel.js";
import { buttons } from "../../draw/save.js";
import { colour } from "../../draw/theme.js";
import { mounted } from "../../draw/view.js";

const GAP = 6;
const LEAST = 64;

export const { draw, leave } = mounted((root) => new Weights(root));

/** Every neuron's weights as a picture; `picture` [height, width, channels], channels beside each other with a line between. */
class Fields extends Panel {
  maps; pixels; axes; picture; first; chosen; across; large; cell; wide; tall; columns;

  constructor({ values, picture, first, scale, axes = null, large = 0, ...rest }) {
    super(rest);
    Object.assign(this, { maps: values, picture: picture, first, scale, axes, pixels: null });
    this.chosen = null; // { unit, row, column } of the drawing
    this.across = Math.ceil(Math.sqrt(picture[2]));
    this.large = large;
  }

  size(room) {
    const [units, rows, columns] = this.maps.shape;
    const side = this.large || Math.max(LEAST, Math.min(88, (room + GAP) / 4 - GAP), columns > LEAST ? Math.min(columns * 2, 150) : 0);
    this.cell = Math.max(Math.floor(side / Math.max(rows, columns)), 1);
    this.wide = columns * this.cell + GAP;
    this.tall = rows * this.cell + GAP;
    this.columns = Math.max(Math.min(Math.floor((room + GAP) / this.wide), units), 1);
    this.pixels = null;
    return { width: this.columns * this.wide - GAP, height: Math.ceil(units / this.columns) * this.tall - GAP };
  }

  #drawn(theme, unit) {
    const [, rows, columns] = this.maps.shape;
    const { shape, values } = part(this.maps, unit);
    const scale = this.alone ? signed(values) : this.scale;
    return raster(rows, columns, (row, column) => (this.index({ unit, row, column }) ? colour(theme.lookup.signed, values[row * shape[1] + column], scale) : 0));
  }

  paint(context, theme) {
    const [units, rows, columns] = this.maps.shape;
    this.pixels ??= Array.from({ length: units }, (_, unit) => this.#drawn(theme, unit));
    context.imageSmoothingEnabled = false;
    this.pixels.forEach((canvas, unit) => {
      const [x, y] = this.#corner(unit);
      context.drawImage(canvas, x, y, columns * this.cell, rows * this.cell);
      context.strokeStyle = unit === this.chosen?.unit ? theme.accent : theme.line;
      context.lineWidth = unit === this.chosen?.unit ? 2 : 1;
      context.strokeRect(x - 0.5, y - 0.5, columns * this.cell + 1, rows * this.cell + 1);
    });
    if (this.chosen) this.#box(context, theme.accent, theme.ground, this.chosen);
    if (this.place) this.#box(context, theme.ink, theme.ground, this.place);
    context.lineWidth = 1;
  }

  #corner(unit) {
    return [(unit % this.columns) * this.wide, Math.floor(unit / this.columns) * this.tall];
  }

  #box(context, ink, ground, { unit, row, column }) {
    const [x, y] = this.#corner(unit);
    for (const [colour, wide] of [[ground, 4], [ink, 2]]) {
      context.strokeStyle = colour;
      context.lineWidth = wide;
      context.strokeRect(x + column * this.cell - 1, y + row * this.cell - 1, this.cell + 2, this.cell + 2);
    }
  }

  /** The weight's place in its layer: [input, unit], null between two maps. */
  index({ unit, row, column }) {
    const [height, width, channels] = this.picture;
    const [y, x] = [row % (height + 1), column % (width + 1)];
    const channel = Math.floor(row / (height + 1)) * this.across + Math.floor(column / (width + 1));
    return y < height && x < width && channel < channels ? [(y * width + x) * channels + channel, unit + this.first] : null;
  }

  under([input, unit]) {
    const [height, width, channels] = this.picture;
    const cell = Math.floor(input / channels);
    const channel = input % channels;
    const [down, across] = [Math.floor(channel / this.across), channel % this.across];
    return { unit: unit - this.first, row: down * (height + 1) + Math.floor(cell / width), column: across * (width + 1) + (cell % width) };
  }

  at(x, y) {
    const [units, rows, columns] = this.maps.shape;
    const unit = Math.floor(y / this.tall) * this.columns + Math.floor(x / this.wide);
    const place = { unit, row: Math.floor((y % this.tall) / this.cell), column: Math.floor((x % this.wide) / this.cell) };
    return unit >= 0 && unit < units && place.row < rows && place.column < columns && this.index(place) ? place : null;
  }

  step(place, down, across) {
    const [, rows, columns] = this.maps.shape;
    const from = place ?? this.chosen ?? { unit: 0, row: -down, column: -across };
    const next = { unit: from.unit, row: Math.min(Math.max(from.row + down, 0), rows - 1), column: Math.min(Math.max(from.column + across, 0), columns - 1) };
    if (this.index(next)) return next;
    const beyond = { ...next, row: next.row + down, column: next.column + across };
    return this.index(beyond) ? beyond : from;
  }

  words(place) {
    const [, width, channels] = this.picture;
    const [input, unit] = this.index(place);
    const [, rows, columns] = this.maps.shape;
    const cell = Math.floor(input / channels);
    const kernel = this.axes?.length > 2 ? this.axes : null; // of a convolution; else a neuron's weights in the shape of its input
    const channel = channels > 1 ? `, ${kernel ? kernel.at(-2) : "map"} ${input % channels}` : "";
    const value = this.maps.values[(place.unit * rows + place.row) * columns + place.column];
    if (kernel) return `${kernel.at(-1)} ${unit}, ${kernel.length > 3 ? `row ${Math.floor(cell / width)}, ` : ""}${kernel.at(-3)} ${cell % width}${channel}: ${number(value)}`;
    return `unit ${unit}, from row ${Math.floor(cell / width)}, column ${cell % width}${channel}: ${number(value)}`;
  }
}

class Weights {
  root; component; data; values; panel; alone;

  constructor(root) {
    this.root = root;
  }

  take(component) {
    this.component = component;
    this.data = component.data;
    this.values = array(this.data.values);
  }

  draw(width, theme) {
    const { layer, kind } = this.data;
    const most = this.data.largest || 1;
    const scale = { low: -most, high: most, stops: "signed" };
    const name = `Weights of ${layer}`;
    const pressed = (place) => this.component.setTriggerValue("asked", { layer, array: this.data.array, place: this.#index(place) });
    this.panel = kind === "fields" ? new Fields({ name, values: this.values, picture: this.data.picture, axes: this.data.axes, first: this.data.first, scale, pressed }) : this.#matrix(name, scale, pressed);
    Object.assign(this.panel, { title: name, chosen: this.#chosen(), alone: this.alone });
    if (this.alone && kind === "fields") this.panel.legends = ["each neuron on its own scale"];
    this.panel.draw(width, theme);
    const words = this.#words();
    const head = h("div", { class: "inspect-head" }, h("h4", {}, layer), h("span", { class: "inspect-note" }, words), kind === "fields" ? this.#scales(width, theme) : "", this.alone && kind === "fields" ? "" : legend(scale, theme), buttons(name, () => [this.panel], () => theme));
    const large = kind === "fields" && this.panel.chosen ? this.#large(this.panel.chosen.unit, scale) : null;
    large?.draw(width, theme);
    const told = large && h("div", {}, h("div", { class: "inspect-note" }, `${this.data.axes.at(-1)} ${this.data.chosen.at(-1)}, large`), large.element);
    this.root.replaceChildren(head, ...(large ? [told] : []), this.panel.element);
  }

  /** What a picture, or a row and a column, is. */
  #words() {
    const { kind, axes, picture } = this.data;
    const last = axes.at(-1);
    if (kind === "fields" && axes.length > 2) return `One picture a ${last}, in the shape of its window${picture[2] > 1 ? `, each ${axes.at(-2)} beside the others` : ""}.`;
    if (kind === "fields") return "One picture a neuron, in the shape of what it looks at.";
    if (axes.length < 2) return axes.length ? `A column for each ${last}.` : "A single number.";
    return `A row for each ${axes.slice(0, -1).join(" and ")}, a column for each ${last}.`;
  }

  #scales(width, theme) {
    const options = [["", "scale: this layer"], ["alone", "scale: each neuron"]];
    const select = h("select", { "aria-label": "Scale" }, ...options.map(([value, word]) => h("option", { value, selected: Boolean(value) === Boolean(this.alone) }, word)));
    select.onchange = () => {
      this.alone = Boolean(select.value);
      this.draw(width, theme);
    };
    return select;
  }

  /** The chosen neuron alone, so that each of its numbers can be pressed. */
  #large(unit, scale) {
    const one = part(this.values, unit);
    const panel = new Fields({ name: `${this.data.axes.at(-1)} ${this.data.chosen.at(-1)}, large`, values: { shape: [1, ...one.shape], values: one.values }, picture: this.data.picture, axes: this.data.axes, first: this.data.first + unit, scale, pressed: () => {}, large: 230 });
    panel.pressed = (place) => this.component.setTriggerValue("asked", { layer: this.data.layer, array: this.data.array, place: this.#place(panel.index(place)) });
    Object.assign(panel, { chosen: { ...this.panel.chosen, unit: 0 }, alone: this.alone });
    return panel;
  }

  #matrix(name, scale, pressed) {
    const { names, first, row } = this.data;
    const [rows, columns] = this.values.shape;
    const count = (length, from) => Array.from({ length }, (_, at) => String(at + from));
    const labels = { rows: names.length ? names : count(rows, row), columns: count(columns, first) };
    return new Heat({ name, values: this.values.values, rows, columns, scale, labels, axes: { rows: rows > 2 ? this.data.axes.slice(0, -1).join(", ") : "", columns: this.data.axes.at(-1) ?? "" }, most: [34, 26], tall: 560, least: 0.5, numbers: false, pressed });
  }

  /** A drawing's place as the weight's index in its array. */
  #index(place) {
    if (this.data.kind === "fields") return this.#place(this.panel.index(place));
    const { first, row } = this.data;
    return this.#place([place.row + row, place.column + first]);
  }

  /** The index in the array of a flat place among all axes but the last, and a place along that one. */
  #place([rest, unit]) {
    const { shape } = this.data;
    if (shape.length === 0) return [];
    return [...shape.slice(0, -1).reduceRight((found, length) => {
      found.unshift(rest % length);
      rest = Math.floor(rest / length);
      return found;
    }, []), unit];
  }

  /** The chosen weight's place in the drawing, where it is in it. */
  #chosen() {
    const { chosen, shape, first, row, kind } = this.data;
    const input = shape.slice(0, -1).reduce((all, length, axis) => all * length + chosen[axis], 0);
    if (kind === "fields") {
      const place = this.panel.under([input, chosen.at(-1)]);
      return place.unit >= 0 && place.unit < this.values.shape[0] ? place : null;
    }
    const flat = input - row;
    const column = (chosen.at(-1) ?? 0) - first;
    return flat >= 0 && flat < this.values.shape[0] && column >= 0 && column < this.values.shape[1] ? { row: flat, column } : null;
  }
}

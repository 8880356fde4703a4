// Activations of one layer in full: its maps, units or steps, statistics and histogram, its weights, and the layers around it.
import { h } from "../../draw/dom.js";
import { array, exact, extent, grouped, noun, number, plural } from "../../draw/data.js";
import { Chances } from "../../draw/chances.js";
import { Counts } from "../../draw/counts.js";
import { Heat } from "../../draw/heat.js";
import { legend } from "../../draw/legend.js";
import { Maps } from "../../draw/maps.js";
import { FIRST, outputs, same, scale, strip, title } from "./overview-strip.js";

const NARROW = 760;
const TALL = 470; // pixels that all maps together should not exceed
const SIDES = [26, 190]; // of one map

export class Layer {
  handlers; main; side; element; common; node; around; lengths; panel; counts; kernel; mode; theme; beside;

  /** `handlers`: number(place, box), layer(name, port), less(way), door(node), say(text). */
  constructor(handlers) {
    this.handlers = handlers;
    this.main = h("section", { class: "ov-main" });
    this.side = h("aside", { class: "ov-side" });
    this.element = h("div", { class: "ov-layer" }, this.main, this.side);
  }

  /** `around`: the network's world, for the layers beside this one; null where only this layer was sent. */
  take(node, common, around) {
    Object.assign(this, { node, common, around });
    this.lengths = node.numbers.shape;
    const hovered = (place) => this.#point(place);
    const pressed = (place) => this.handlers.number(this.at(place), this.rect(place));
    const name = `All of ${title(node)}`;
    const maps = array(node.numbers);
    this.panel = node.classes
      ? new Chances({ name, values: maps.values, names: node.classes, tall: 240, widest: 60, hovered, pressed })
      : new Maps({ name, maps, strides: node.strides, kind: node.kind, heads: node.heads, extents: array(node.extents).values, lengths: node.shape, hovered, pressed });
    this.counts = node.counts?.length ? new Counts({ name: "Histogram of all numbers", stacks: [node.counts], low: node.low, high: node.high }) : null;
    this.kernel = node.kernel && weights(node.kernel, own(node));
  }

  draw(width, theme, mode) {
    Object.assign(this, { theme, mode });
    const narrow = width < NARROW;
    this.element.classList.toggle("narrow", narrow);
    const [left, right] = narrow ? [width, width] : [Math.floor((width - 28) * 0.64), Math.floor((width - 28) * 0.36)];
    this.#maps(left, theme, mode);
    this.#beside(right, theme);
  }

  #maps(room, theme, mode) {
    const { node, panel } = this;
    scale(panel, node, mode, this.common.extent);
    if (node.kind === "maps" && !node.classes) panel.side = sideFor(panel.maps.shape, room);
    panel.spread = node.kind === "steps" ? TALL : TALL / 2;
    panel.draw(room, theme);
    const words = node.classes ? "A probability for each class; together they are 1." : said(node, mode);
    const bar = panel.scale && legend(panel.scale, theme);
    this.main.replaceChildren(...this.#outputs(), h("div", { class: "inspect-head" }, h("span", { class: "inspect-note" }, words), bar), panel.element, ...this.#less(), ...this.#door());
  }

  /** The layer's outputs, where there are several. */
  #outputs() {
    const all = this.node.outputs ?? outputs(this.around?.nodes?.get(own(this.node)) ?? this.node);
    if (all.length < 2) return [];
    const now = this.node.port ?? FIRST;
    const button = ({ port = FIRST, words }) => h("button", { type: "button", class: "ov-button", "aria-pressed": String(port === now), onclick: () => port !== now && this.handlers.layer(own(this.node), port) }, port, " ", h("small", {}, words));
    return [h("div", { class: "ov-outputs", role: "group", "aria-label": `Outputs of ${own(this.node)}` }, ...all.map(button))];
  }

  /** Where another view takes this layer apart: its gates, or its heads. */
  #door() {
    const { door } = this.node;
    if (!door) return [];
    const button = h("button", { type: "button", class: "ov-button", onclick: () => this.handlers.door(this.node) }, `Open ${own(this.node)} in ${door.title}`);
    return [h("div", { class: "ov-door" }, button, h("span", { class: "inspect-note" }, door.words))];
  }

  /** What all of it would need, and the ways of asking for less. */
  #less() {
    const { less } = this.node;
    if (!less) return [];
    const buttons = Object.entries(less.ways).map(([way, words]) => h("button", { type: "button", class: "ov-button", "aria-pressed": String(way === less.how), onclick: () => this.handlers.less(way) }, words));
    return [h("div", { class: "ov-less" }, h("p", {}, less.sentence), h("div", {}, ...buttons))];
  }

  #beside(room, theme) {
    const parts = [figures(this.node)];
    if (this.counts) {
      this.counts.draw(room, theme);
      parts.push(h("h5", {}, "How often each number"), this.counts.element);
    }
    this.beside = this.#neighbours(room, theme);
    if (this.beside.length) parts.push(h("h5", {}, "The layers around it"), ...this.beside.map(({ element }) => element));
    if (this.kernel) {
      this.kernel.panel.draw(room, theme);
      parts.push(h("h5", {}, "Filters"), h("div", { class: "inspect-note" }, this.kernel.words), legend(this.kernel.panel.scale, theme), this.kernel.panel.element);
    }
    this.side.replaceChildren(...parts);
  }

  /** Small cards of what feeds this layer and what reads it. */
  #neighbours(room, theme) {
    const { around, node } = this;
    const names = around?.nodes?.has(own(node)) ? around.neighbours(own(node)).slice(0, 6) : [];
    return names.map((name) => {
      const other = around.nodes.get(name);
      const panel = strip(other, 38, {});
      scale(panel, other, this.mode, this.common.extent);
      panel.draw(room - 8, theme);
      const button = h("button", { type: "button", class: "ov-next", onclick: () => this.handlers.layer(name) }, h("b", {}, name), ` ${other.words}`);
      return { other, panel, element: h("div", {}, button, panel.element) };
    });
  }

  #point(place) {
    this.handlers.say(place ? `${title(this.node)} · ${this.panel.words(place)}` : "");
    for (const { other, panel } of this.beside ?? []) panel.light(same(place, this.node, other));
    if (this.kernel?.kind === "filters") this.kernel.panel.chosen = null;
    this.kernel?.mark?.(place);
  }

  /** The number's place in the address: a map, and where in it. */
  at(place) {
    const { kind, heads, strides } = this.node;
    if (heads) return [place.map, place.row * strides[0], place.column * strides[1]];
    const index = this.panel.index(place);
    if (kind === "units") return [0, index[0]];
    return kind === "steps" ? [index[1], index[0]] : [index.at(-1), ...index.slice(0, -1)];
  }

  /** Where a map is on the screen. */
  rect({ map }) {
    const { x, y, width, height } = this.panel.box(map);
    const box = this.panel.canvas.getBoundingClientRect();
    const times = box.width / this.panel.width;
    return new DOMRect(box.left + x * times, box.top + y * times, width * times, height * times);
  }

  /** The value at [map, ...place], undefined where it was not sent. */
  value([map, ...at]) {
    const { kind, strides, numbers } = this.node;
    const [maps, rows, columns] = numbers.shape;
    const values = this.panel.values ?? this.panel.maps.values;
    if (kind === "units") return values[at[0]];
    const [row, column] = kind === "steps" ? [0, at[0] / strides[1]] : [at[0] / strides[0], at[1] / strides[1]];
    return map < maps && row < rows && Number.isInteger(row) && Number.isInteger(column) ? values[(map * rows + row) * columns + column] : undefined;
  }

  /** The map with a number marked, figures and histogram, where the arithmetic is not written out. */
  plainly([map, ...at], room, theme) {
    const { kind, strides, numbers, shape, heads } = this.node;
    const [, rows, columns] = numbers.shape;
    const parts = [figures(this.node)];
    if (kind !== "units" && map < numbers.shape[0]) {
      const values = array(this.node.numbers).values.subarray(map * rows * columns, (map + 1) * rows * columns);
      const one = new Maps({ name: `Map ${map}`, maps: { shape: [1, rows, columns], values }, strides, kind, heads, lengths: shape, side: 320, thick: 26, quiet: true });
      one.scaled(this.node.extent);
      const [row, column] = kind === "steps" ? [0, at[0] / strides[1]] : [at[0] / strides[0], at[1] / strides[1]];
      one.draw(room, theme);
      if (at.length) one.mark({ map: 0, row: Math.floor(row), column: Math.floor(column) });
      parts.unshift(legend(one.scale, theme), one.element);
    }
    if (!this.counts) return parts;
    this.counts.draw(room, theme);
    return [...parts, h("h5", {}, "How often each number"), this.counts.element];
  }

  panels() {
    const found = [{ panel: this.panel, title: `${title(this.node)} ${this.node.words}` }, this.kernel && { panel: this.kernel.panel, title: "Filters" }, this.counts && { panel: this.counts, title: "How often each number" }];
    if (this.panel.scale) this.panel.legends = [this.panel.scale, ...(this.mode === "map" && this.node.kind !== "units" ? ["each map on its own scale; the ends are the largest one's"] : [])];
    return found.filter(Boolean).map(({ panel, title }) => Object.assign(panel, { title }));
  }
}

/** The name of the layer that an output belongs to. */
const own = ({ name, of }) => of ?? name;

/** The largest side with which all maps fit. */
function sideFor([count, rows, columns], room) {
  const fits = (side) => Math.ceil(count / Math.max(Math.floor(room / (side * Math.min(columns / rows, 1) + 4)), 1)) * (side * Math.min(rows / columns, 1) + 4) <= TALL;
  let side = SIDES[1];
  while (side > SIDES[0] && !fits(side)) side -= 2;
  return Math.min(side, room);
}

function said({ kind, count, strides, numbers, heads }, mode) {
  const things = heads ? "head" : { maps: "map", steps: "unit", units: "unit" }[kind];
  const shown = numbers.shape[0];
  const how = shown < count ? `The first ${grouped(shown)} of ${grouped(count)} ${plural(things)}` : `${grouped(count)} ${noun(count, things)}`;
  const over = kind === "steps" ? ", a row each, over the steps from left to right" : heads ? ", a row a query, a column a key" : "";
  const every = Math.max(...strides) > 1 ? `, every ${strides[0] === strides[1] || kind === "steps" ? strides[1] : `${strides[0]} and ${strides[1]}`}. number` : "";
  return `${how}${over}${every}. ${mode === "map" && kind !== "units" ? "Each on its own scale; the ends are the largest one's." : ""} Press a number to see how it was made.`;
}

/** Names and values in two columns. */
function figures(node) {
  const value = (number_) => (number_ == null ? "none" : exact(Math.fround(number_)));
  const rows = { Shape: node.words, Smallest: value(node.low), Largest: value(node.high), Mean: node.mean == null ? "none" : number(node.mean), Spread: node.spread == null ? "none" : number(node.spread), Zeros: node.zeros == null ? "none" : `${(100 * node.zeros).toFixed(1)} %` };
  if (node.wrong) rows["No numbers"] = `${(100 * node.wrong).toFixed(1)} %`;
  if (node.settings) rows.Settings = node.settings;
  return h("div", { class: "ov-figures" }, ...Object.entries(rows).flatMap(([name, words]) => [h("span", {}, name), h("span", {}, words)]));
}

/** A layer's weights as a panel: kernels in a grid, a row a filter, or a matrix. */
function weights({ kind, shape, step, values, turned }, name) {
  const all = array(values);
  const most = extent(all.values) || 1;
  const lengths = shape.map(grouped).join(" × ");
  if (kind === "filters") {
    const [filters, inputs, rows, columns] = all.shape;
    const panel = new Kernels({ name: `Filters of ${name}`, maps: { shape: [filters * inputs, rows, columns], values: all.values }, strides: [1, 1], kind: "maps", inputs, rank: shape.length, turned });
    const cut = filters * inputs < shape.at(-1) * shape.at(-2) ? `, of which the first ${filters} filters and ${inputs} inputs` : "";
    return { kind, panel, words: `${lengths}: ${inputs > 1 ? "a row a filter, a column an input" : "a filter each"}${cut}`, mark: (place) => panel.mark(place && panel.first(place.map)) };
  }
  const [rows, columns] = all.shape.length === 1 ? [1, all.shape[0]] : all.shape;
  const panel = new Heat({ name: `Weights of ${name}`, values: all.values, rows, columns, scale: { low: -most, high: most, stops: "signed" }, most: [12, 12], tall: 260, labels: {}, axes: {} });
  panel.words = ({ row, column }) => `weight [${[...(shape.length > 1 ? [row * step] : []), ...unravelled(column, shape.slice(shape.length > 1 ? 1 : 0))].join(", ")}] = ${exact(all.values[row * columns + column])}`;
  const axes = { 1: "a number a unit", 2: "a row an input, a column a unit" }[shape.length] ?? "a row an input, a column for each of the others";
  return { kind, panel, words: `${lengths}: ${axes}${step > 1 ? `, every ${step}. input` : ""}${shape.length > 1 && rows * step < shape[0] ? `, the first ${grouped(rows * step)}` : ""}` };
}

/** A flat place as an index into axes of these lengths. */
function unravelled(at, lengths) {
  const index = [];
  for (const length of [...lengths].reverse()) {
    index.unshift(at % length);
    at = Math.floor(at / length);
  }
  return index;
}

class Kernels extends Maps {
  rank; turned; inputs;

  constructor({ inputs, rank, turned, ...rest }) {
    super({ side: 26, ...rest });
    Object.assign(this, { inputs, rank, turned });
  }

  size(room) {
    if (this.inputs > 1) this.side = Math.max(Math.min(26, Math.floor(room / this.inputs) - 4), 8);
    const size = super.size(room);
    if (this.inputs === 1) return size;
    this.columns = this.inputs;
    return { width: Math.ceil(this.inputs * this.across), height: Math.ceil((this.shown / this.inputs) * this.down) };
  }

  /** The first kernel of a filter, if it is shown. */
  first(filter) {
    const map = filter * this.inputs;
    return map < this.shown ? { map, row: 0, column: 0 } : null;
  }

  words({ map, row, column }) {
    const window = this.rank === 3 ? [column] : [row, column];
    const ends = [map % this.inputs, Math.floor(map / this.inputs)];
    return `weight [${[...window, ...(this.turned ? ends.reverse() : ends)].join(", ")}] = ${exact(this.value({ map, row, column }))}`;
  }
}

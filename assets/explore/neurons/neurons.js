// Neurons over the plane: small multiples by layer, the decision boundary or one neuron large, and the sum behind one number.
import { calm, h } from "../../draw/dom.js";
import { added, array, count, equals, extent, number, part, rough } from "../../draw/data.js";
import { classes, Ground } from "./ground.js";
import { keys, legend } from "../../draw/legend.js";
import { Multiples } from "./multiples.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

const NARROW = 760;
const SURER = "The line: equally likely. The stronger the colour, the surer.";
const MOST = 32; // products that are written out
const CURVES = { linear: (x) => x, relu: (x) => Math.max(x, 0), tanh: Math.tanh, sigmoid: (x) => 1 / (1 + Math.exp(-x)) };

export const { draw, leave } = mounted((root) => new Neurons(root));

class Neurons {
  root; chosen; how; point; data; arrays; plane; answer; here; width; theme; large; layers; title; below; readout; told;
  back; room;

  constructor(root) {
    root.parentNode.append(h("link", { rel: "stylesheet", href: new URL("./neurons.css", import.meta.url).href }));
    root.classList.add("neurons");
    root.onkeydown = (event) => void (event.key === "Escape" && this.#choose(null)); // false would keep the key from the browser, Tab too
    this.root = root;
    this.chosen = null; // { layer, unit }: the neuron that is drawn large
    this.how = "layer"; // the scale of the small pictures
    this.point = null; // { row, column } of the neurons' grid
  }

  take({ data }) {
    this.data = data;
    this.arrays = Object.fromEntries(Object.entries(data.arrays).map(([name, each]) => [name, array(each)]));
    const { x, y, points, labels, answer, here } = this.arrays;
    this.plane = { xs: x.values, ys: y.values, points: points.values, labels: [...labels.values], step: data.step, classes: data.classes, features: data.features, inks: data.inks };
    this.answer = answer;
    const moved = this.here?.some((value, axis) => value !== here.values[axis]);
    this.here = [...here.values];
    const layer = this.chosen && data.layers.find(({ name }) => name === this.chosen.layer.name);
    this.chosen = layer && this.chosen.unit < layer.units ? { layer, unit: this.chosen.unit } : null;
    if (moved || !this.point) this.point = this.#nearest(this.here);
  }

  /** The grid's point nearest to a sample. */
  #nearest([x, y]) {
    const { xs, ys, step } = this.plane;
    const near = (value, all) => {
      const last = Math.floor((all.length - 1) / step);
      return Math.min(Math.max(Math.round(((value - all[0]) / (all.at(-1) - all[0])) * ((all.length - 1) / step)), 0), last);
    };
    return { row: near(y, ys), column: near(x, xs) };
  }

  draw(width, theme) {
    Object.assign(this, { theme, width });
    const narrow = width < NARROW;
    this.root.classList.toggle("narrow", narrow);
    const right = narrow ? width : Math.min(width * 0.44, 560);
    const room = narrow ? width : width - right - 28;
    this.root.style.gridTemplateColumns = narrow ? "" : `minmax(0, 1fr) ${right}px`;
    this.large = new Ground({ name: "The plane", data: this.plane, quiet: true, hovered: (place) => this.#look(place), pressed: (place) => this.#pin(place) });
    this.large.here = this.here;
    this.layers = this.data.layers.map((layer) => this.#multiples(layer, room));
    this.title = h("h4", {});
    this.below = h("div", { class: "neurons-below" });
    this.readout = h("output", { class: "inspect-readout", "aria-live": "polite" });
    this.told = h("div", { class: "neurons-sum" });
    this.back = h("button", { type: "button", class: "neurons-back", onclick: () => this.#choose(null) }, "Back to the answer");
    const file = buttons("neurons", () => [this.large, ...this.layers.map(({ panel }) => panel)], () => this.theme);
    const side = h("section", { class: "neurons-large" }, h("div", { class: "inspect-head" }, this.title, this.back, file), this.large.element, this.below, this.readout, this.told);
    this.root.replaceChildren(h("div", { class: "neurons-layers" }, this.#scales(), ...this.layers.map(({ section }) => section)), side);
    this.room = right;
    this.#choose(this.chosen);
  }

  #scales() {
    const options = [["layer", "scale: each layer"], ["neuron", "scale: each neuron"], ["network", "scale: the network"]];
    const select = h("select", { "aria-label": "Scale" }, ...options.map(([value, word]) => h("option", { value, selected: value === this.how }, word)));
    select.onchange = () => {
      this.how = select.value;
      this.draw(this.width, this.theme);
    };
    return h("div", {}, select);
  }

  #multiples(layer, room) {
    const maps = this.arrays[`layer:${layer.name}`];
    const { xs, ys, points } = this.plane;
    const [, rows, columns] = maps.shape;
    const across = (value) => (((value - xs[0]) / (xs.at(-1) - xs[0])) * (columns - 1) + 0.5) / columns;
    const down = (value) => (((value - ys[0]) / (ys.at(-1) - ys[0])) * (rows - 1) + 0.5) / rows;
    const seen = Array.from({ length: Math.min(points.length / 2, 120) }, (_, at) => [across(points[2 * at]), down(points[2 * at + 1])]);
    const aspect = Math.min(Math.max((ys[0] - ys.at(-1)) / (xs.at(-1) - xs[0]), 0.4), 1.6);
    const panel = new Multiples({
      name: `Neurons of ${layer.name}`,
      maps,
      aspect,
      seen,
      hovered: (place) => this.#look(place, place && { layer, unit: place.unit }),
      pressed: (place) => this.#choose({ layer, unit: place.unit }, place),
    });
    panel.title = layer.name;
    const network = Math.max(...this.data.layers.map(({ name }) => extent(this.arrays[`layer:${name}`].values)));
    panel.scaled(this.how, this.how === "network" ? network : extent(maps.values));
    panel.draw(room, this.theme);
    const shown = maps.shape[0] < layer.units ? `, the first ${maps.shape[0]}` : "";
    const words = `${layer.layer} · ${count(layer.units, "unit")}${shown}${layer.activation === "linear" ? "" : ` · ${layer.activation}`}`;
    const head = h("div", { class: "inspect-head" }, h("h4", {}, layer.name), h("span", { class: "inspect-note" }, words), this.how === "neuron" ? "" : legend(panel.scale, this.theme));
    return { layer, panel, section: h("section", {}, head, panel.element) };
  }

  /** Draw a neuron large, or with none the network's answer. */
  #choose(chosen, place = null) {
    this.chosen = chosen;
    if (place) this.point = { row: place.row, column: place.column };
    this.layers.forEach(({ layer, panel }) => {
      panel.chosen = chosen?.layer.name === layer.name ? chosen.unit : null;
      panel.redraw();
    });
    const { large, data } = this;
    this.back.style.visibility = chosen ? "visible" : "hidden";
    let scale = null;
    if (chosen) {
      const { panel } = this.layers.find(({ layer }) => layer.name === chosen.layer.name);
      scale = panel.own(chosen.unit);
      large.show({ field: part(panel.maps, chosen.unit), scale });
      this.title.textContent = `${chosen.layer.name} · unit ${chosen.unit}`;
    } else if (data.rating) {
      large.show({ chances: this.answer });
      this.title.textContent = "What the network answers";
    } else {
      const most = this.answer.values.reduce((all, each) => Math.max(all, Math.abs(each)), 0) || 1;
      scale = { low: -most, high: most, stops: "signed" };
      large.show({ field: part(this.answer, 0), scale });
      this.title.textContent = "What the network answers";
    }
    large.title = this.title.textContent;
    const marks = classes(this.plane, this.theme);
    large.legends = [...marks, scale ?? SURER];
    this.below.replaceChildren(marks.length ? keys(marks) : "", scale ? legend(scale, this.theme) : h("span", { class: "inspect-note" }, SURER));
    large.draw(this.room, this.theme);
    if (chosen && place) this.#grow(chosen);
    this.#look(null);
  }

  /** The large drawing grows out of the small one that was pressed. */
  #grow({ layer, unit }) {
    if (calm()) return;
    const { panel } = this.layers.find((each) => each.layer.name === layer.name);
    const [from, to] = [panel.canvas.getBoundingClientRect(), this.large.canvas.getBoundingClientRect()];
    const shrunk = from.width / panel.width;
    const { x, y } = panel.corner(unit);
    const start = `translate(${from.left + x * shrunk - to.left}px, ${from.top + y * shrunk - to.top}px) scale(${(panel.side * shrunk) / to.width}, ${(panel.tall * shrunk) / to.height})`;
    this.large.canvas.animate([{ transform: start, transformOrigin: "0 0" }, { transform: "none", transformOrigin: "0 0" }], { duration: 450, easing: "ease-out" });
  }

  #pin(place) {
    this.point = { row: place.row, column: place.column };
    this.#look(null);
  }

  /** Point at a place of the plane in every drawing; with none at the pinned one. */
  #look(place, unit = null) {
    const { row, column } = place ?? this.point;
    const here = { row, column };
    this.large.mark(here);
    this.layers.forEach(({ layer, panel }) => panel.mark({ ...here, unit: unit?.layer.name === layer.name ? unit.unit : -1 }));
    this.readout.textContent = this.large.said(here, this.answer);
    const own = unit ?? this.chosen;
    this.told.replaceChildren(...(own ? this.#sum(own, here) : [h("div", { class: "inspect-note" }, "Press a neuron to see it large, with the sum behind each of its numbers.")]));
  }

  /** What a neuron gets at a point: the plane's own numbers, or what the layer before says there. */
  #inputs(layer, { row, column }) {
    const { xs, ys, step, features } = this.plane;
    if (layer.source === "input") return { values: [xs[column * step], ys[row * step]], names: features };
    const maps = this.arrays[`layer:${layer.source}`];
    const kernel = this.arrays[`kernel:${layer.name}`];
    if (!maps || !kernel || maps.shape[0] !== kernel.shape[0]) return null;
    const [units, rows, columns] = maps.shape;
    return { values: Array.from({ length: units }, (_, unit) => maps.values[(unit * rows + row) * columns + column]), names: Array.from({ length: units }, (_, unit) => String(unit)) };
  }

  /** The sum behind one number, and how far it is from Keras's. */
  #sum({ layer, unit }, place) {
    const maps = this.arrays[`layer:${layer.name}`];
    const [, rows, columns] = maps.shape;
    const value = maps.values[(unit * rows + place.row) * columns + place.column];
    const kernel = this.arrays[`kernel:${layer.name}`];
    const inputs = kernel && this.#inputs(layer, place);
    const head = h("div", {}, `${layer.name}, unit ${unit}: `, h("b", {}, number(value)));
    if (!inputs) return [head];
    const bias = this.arrays[`bias:${layer.name}`].values;
    const wide = kernel.shape[1];
    const total = (own) => inputs.values.reduce((all, each, at) => all + each * kernel.values[at * wide + own], bias[own]);
    const products = inputs.values.map((each, at) => each * kernel.values[at * wide + unit]);
    const mine = this.#activated(layer, unit, total, wide);
    const terms = layer.source === "input" ? inputs.values.map((each, at) => `${number(each)} × ${bracketed(kernel.values[at * wide + unit])}`) : products.slice(0, MOST).map(bracketed);
    const more = products.length > terms.length ? ` + ${products.length - terms.length} more` : "";
    const weights = layer.source === "input" ? [...inputs.values].map((_, at) => kernel.values[at * wide + unit]) : null;
    const shown = weights ? equals(dotted, total(unit), bias[unit], ...inputs.values, ...weights) : equals(added, total(unit), bias[unit], ...products);
    const words = `= ${terms.join(" + ")}${more} + bias ${bracketed(bias[unit])} ${more ? "=" : shown} ${number(total(unit))}`;
    const from = layer.source === "input" ? "Each number of the point times its weight." : `What each unit of ${layer.source} says there, times its weight.`;
    const after = layer.activation === "linear" ? "" : ` → ${layer.activation}${mine == null ? "" : ` → ${number(mine)}`}`;
    return [head, h("div", { class: "inspect-note" }, from), h("div", { class: "neurons-terms" }, words + after), ...(mine == null ? [] : [badge(Math.abs(mine - value))])];
  }

  #activated(layer, unit, total, wide) {
    if (CURVES[layer.activation]) return CURVES[layer.activation](total(unit));
    if (layer.activation !== "softmax" || wide !== layer.units) return null;
    const all = Array.from({ length: wide }, (_, own) => total(own));
    const top = Math.max(...all);
    return Math.exp(all[unit] - top) / all.reduce((sum, each) => sum + Math.exp(each - top), 0);
  }
}

/** The bias, and each number times its weight. */
const dotted = (bias, ...rest) => rest.slice(0, rest.length / 2).reduce((sum, each, at) => sum + each * rest[rest.length / 2 + at], bias);
const bracketed = (value) => (value < 0 ? `(${number(value)})` : number(value));

function badge(off) {
  const good = off < 1e-4;
  const size = off === 0 ? " exactly" : `, ${rough(off)}`;
  return h("span", { class: `neurons-badge${good ? "" : " off"}` }, `${good ? "equals" : "differs from"} Keras${size}`);
}

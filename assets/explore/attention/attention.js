// Attention weights of a run: heads at a glance, one head's matrix, and lines between its tokens; all three follow one pointer.
import { h } from "../../draw/dom.js";
import { array, part, share } from "../../draw/data.js";
import { Glance } from "./glance.js";
import { Heat } from "../../draw/heat.js";
import { legend } from "../../draw/legend.js";
import { Lines } from "../../draw/lines.js";
import { listen, tell } from "../../draw/link.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

const BESIDE = 620; // pixels from which matrix and lines stand side by side
const TALL = 420;

class Attention {
  glance; heat; lines; title; head; overview; pair; hear; deaf; component; data; chosen; layers; weights; width; theme;

  constructor(root) {
    const hovered = (place) => this.#point(place);
    const pressed = ({ row }) => row != null && this.#choose({ query: row });
    this.glance = new Glance({ name: "Every head of every layer", pressed: ({ row, column }) => this.#press(row, column) });
    this.heat = new Heat({ name: "Attention weights, a row a query and a column a key", axes: { rows: "query", columns: "key" }, scale: share, square: true, hovered, pressed });
    this.lines = new Lines({ name: "Lines from queries to keys", hovered, pressed, quiet: true });
    this.lines.legends = ["the stronger a line, the larger its weight"];
    this.title = h("h4");
    this.head = h("div", { class: "inspect-head" });
    this.overview = h("div", {}, h("h4", {}, "All heads"), this.glance.element);
    this.pair = h("div", { class: "inspect-pair" }, this.heat.element, this.lines.element);
    root.replaceChildren(this.overview, this.head, this.pair);
    this.hear = (place) => this.#mark(place);
    this.deaf = listen("attention", this.hear);
  }

  take(component) {
    const { data } = component;
    Object.assign(this, { component, data, chosen: data.chosen });
    this.layers = data.layers.map((layer) => ({ ...layer, glance: array(layer.glance) }));
    this.weights = Object.fromEntries(Object.entries(data.weights).map(([name, { first, values }]) => [name, { first, ...array(values) }]));
    this.overview.hidden = this.layers.length === 1 && this.layers[0].heads === 1;
  }

  /** The matrix of the chosen head, or its thumbnail until it comes. */
  #matrix() {
    const layer = this.layers.find(({ name }) => name === this.chosen.layer);
    const known = this.weights[layer.name];
    const head = this.chosen.head - (known?.first ?? 0);
    const whole = known && head >= 0 && head < known.shape[0];
    return { layer, whole, weights: whole ? part(known, head) : part(layer.glance, this.chosen.head) };
  }

  draw(width, theme) {
    Object.assign(this, { width, theme });
    const { layer, whole, weights } = this.#matrix();
    const words = whole ? layer.words : {};
    const [rows, columns] = weights.shape;
    this.glance.take(this.layers, share, this.chosen);
    const beside = width >= BESIDE;
    const half = beside ? Math.floor(width * 0.56) : width;
    Object.assign(this.heat, { values: weights.values, rows, columns, labels: { rows: words.query, columns: words.key }, tall: TALL, most: [44, 44] });
    this.heat.chosen = { row: this.chosen.query };
    this.lines.take(weights, words, this.chosen.query, TALL);
    this.pair.classList.toggle("beside", beside);
    this.title.textContent = `${layer.name}${layer.heads > 1 ? `, head ${this.chosen.head}` : ""}`;
    this.heat.title = `${this.title.textContent}: a row a query, a column a key`;
    this.lines.title = `${this.title.textContent}: lines from queries to keys`;
    const kind = layer.cross ? "looks from one sequence at another" : "";
    const saved = buttons("attention", () => [this.heat, this.lines], () => this.theme);
    this.head.replaceChildren(this.title, h("span", { class: "inspect-note" }, kind), legend(share, theme), saved);
    if (!this.overview.hidden) this.glance.draw(width, theme);
    this.heat.draw(half, theme);
    this.lines.draw(beside ? width - half - 16 : width, theme);
  }

  #point(place) {
    this.#mark(place);
    tell("attention", place, this.hear);
  }

  #mark(place) {
    for (const panel of [this.heat, this.lines]) if (JSON.stringify(panel.place) !== JSON.stringify(place)) panel.mark(place);
  }

  #press(row, column) {
    this.#choose({ layer: this.layers[row].name, head: column });
  }

  #choose(change) {
    this.chosen = { ...this.chosen, ...change };
    const { layer } = this.#matrix();
    this.chosen.query = Math.min(this.chosen.query, layer.queries - 1);
    this.draw(this.width, this.theme);
    this.component.setStateValue("seen", this.chosen);
  }

  leave() {
    this.deaf();
  }
}

export const { draw, leave } = mounted((root) => new Attention(root));

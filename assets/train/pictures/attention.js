// Attention weights for one unseen sample: every head is at a glance, and one is chosen.
import { count, part, share } from "../../draw/data.js";
import { Glance } from "../../explore/attention/glance.js";
import { Heat } from "../../draw/heat.js";
import { legend } from "../../draw/legend.js";
import { h } from "../../draw/dom.js";

export class Attention extends Heat {
  glance; layers; fields; head; layer; key; fixed; dataset; again; heads; said;

  constructor(given) {
    super({ ...given, values: new Float32Array(1), rows: 1, columns: 1, scale: share, square: true, tall: 380, axes: { rows: "query", columns: "key" }, most: [40, 40] });
    const pointed = (place) => (this.readout.textContent = place ? this.glance.words(place) : "");
    this.glance = new Glance({ name: "Every head", quiet: true, hovered: pointed, pressed: ({ row, column }) => this.#choose(this.layers[row], column) });
    const field = (name, chose) => Object.assign(h("select", { "aria-label": name }), { onchange: (event) => chose(event.target.value) });
    this.fields = [field("Layer", (layer) => this.#choose(layer, this.head)), field("Head", (head) => this.#choose(this.layer, Number(head)))];
    this.key = h("span");
    this.element = h("div", {}, this.glance.element, h("div", { class: "picture-fields" }, ...this.fields, this.key), this.element);
  }

  take({ dataset, fixed, again }) {
    Object.assign(this, { dataset, fixed, again, head: 0 });
    this.layers = Object.keys(fixed).filter((name) => name.startsWith("from:")).map((name) => name.slice(5));
    [this.layer] = this.layers;
  }

  show(found) {
    this.heads = (layer) => found[layer].shape[0];
    const { layer } = this;
    this.head = Math.min(this.head, this.heads(layer) - 1);
    const { shape, values } = part(found[layer], this.head);
    const [query, key] = this.fixed[`from:${layer}`].values;
    Object.assign(this, { values, rows: shape[0], columns: shape[1], picture: null, title: this.summary() });
    this.labels = { rows: this.#words(query, shape[0]), columns: this.#words(key, shape[1]) };
    this.glance.take(this.layers.map((name) => ({ name, heads: this.heads(name), glance: found[name] })), share, this);
    this.glance.element.hidden = this.layers.length === 1 && this.heads(layer) === 1;
    this.said = ["one unseen sample", ...this.#left(found)].join(", ");
    fill(this.fields[0], this.layers.map((name) => [name, name]), layer);
    fill(this.fields[1], Array.from({ length: this.heads(layer) }, (_, head) => [head, `head ${head}`]), this.head);
  }

  /** What a picture had no room for. */
  #left(found) {
    const [all] = this.fixed.layers.values;
    const layers = this.layers.length < all ? [`${this.layers.length} of ${count(all, "layer")}`] : [];
    const cut = this.layers.find((name) => this.heads(name) < found[`heads:${name}`].values[0]);
    return cut ? [...layers, `${this.heads(cut)} of ${count(found[`heads:${cut}`].values[0], "head")}`] : layers;
  }

  #choose(layer, head) {
    Object.assign(this, { layer, head });
    this.again();
  }

  draw(width, theme) {
    if (!this.glance.element.hidden) this.glance.draw(width, theme);
    this.key.replaceChildren(legend(share, theme));
    super.draw(width, theme);
  }

  /** The tokens of an input, where there is one for each position; numbers otherwise. */
  #words(input, places) {
    const tokens = this.fixed[`x${input}`]?.values ?? [];
    if (this.dataset.kind !== "tokens" || tokens.length !== places) return Array.from({ length: places }, (_, place) => String(place));
    return Array.from(tokens, (token) => (this.dataset.vocabulary[token] ?? "start").replace("\n", "↵").replace(/^ $/, "␣"));
  }

  summary() {
    return this.heads(this.layer) > 1 ? `${this.layer}, head ${this.head}` : this.layer;
  }
}

/** The options of a field, left alone where they are the same: one that is open stays open. */
function fill(field, options, value) {
  if ([...field.options].map((each) => each.text).join() !== options.map(([, words]) => words).join()) field.replaceChildren(...options.map(([each, words]) => h("option", { value: each }, words)));
  field.value = value;
  field.hidden = options.length === 1;
}

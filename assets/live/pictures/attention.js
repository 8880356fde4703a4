// Attention: for one unseen sample, where the first head of a layer looks; a layer is chosen above.
import { share } from "../../inspect/data.js";
import { Heat } from "../../inspect/heat.js";
import { h } from "../dom.js";

export class Attention extends Heat {
  constructor(given) {
    super({ ...given, values: new Float32Array(1), rows: 1, columns: 1, scale: share, square: true, tall: 380 });
    this.axes = { rows: "query", columns: "key" };
  }

  take({ dataset, fixed, again }) {
    Object.assign(this, { dataset, fixed });
    const layers = Object.keys(fixed).filter((name) => name.startsWith("from:")).map((name) => name.slice(5));
    this.layer = layers.includes(this.layer) ? this.layer : layers[0];
    this.said = "head 0, one unseen sample";
    const choose = h("select", { "aria-label": "Layer", onchange: () => ((this.layer = choose.value), again()) }, ...layers.map((name) => h("option", {}, name)));
    choose.value = this.layer;
    this.control = layers.length > 1 ? choose : null;
  }

  show(found) {
    const { shape, values } = found[this.layer];
    const [query, key] = this.fixed[`from:${this.layer}`].values;
    Object.assign(this, { values, rows: shape[0], columns: shape[1], picture: null, most: [40, 40], title: this.layer });
    this.labels = { rows: this.#words(query, shape[0]), columns: this.#words(key, shape[1]) };
  }

  /** The tokens of an input, where there is one for each position; numbers otherwise. */
  #words(input, count) {
    const tokens = this.fixed[`x${input}`]?.values ?? [];
    if (this.dataset.kind !== "tokens" || tokens.length !== count) return Array.from({ length: count }, (_, place) => String(place));
    return Array.from(tokens, (token) => (this.dataset.vocabulary[token] ?? "start").replace("\n", "↵").replace(/^ $/, "␣"));
  }

  summary() {
    return this.layer;
  }
}

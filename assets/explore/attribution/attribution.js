// Attribution (saliency maps) for a class, by several methods over the same input: one place pointed at is pointed at in all.
import { h } from "../../draw/dom.js";
import { array, extent, number, signed } from "../../draw/data.js";
import { Heat } from "../../draw/heat.js";
import { legend } from "../../draw/legend.js";
import { Over, Seen } from "../../draw/pictures.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

const LEAST = 140; // pixels of a map
const GAP = 20;
const MARGIN = 132; // for the names of a sequence's channels
const WAYS = { share: "each map by its own largest", units: "all in the score's units" };

export const { draw, leave } = mounted((root) => new Attribution(root));

class Attribution {
  root; way; data; methods; theme; panels;

  constructor(root) {
    root.parentNode.append(h("link", { rel: "stylesheet", href: new URL("./attribution.css", import.meta.url).href }));
    this.root = root;
    this.way = "share";
  }

  take({ data }) {
    this.data = data;
    this.methods = data.methods.map((method) => ({ ...method, map: array(method.map) }));
  }

  draw(width, theme) {
    this.theme = theme;
    this.panels = [];
    const shape = this.methods[0]?.map.shape ?? [];
    const body = this.data.rows ? this.#strips(width) : shape.length > 1 ? this.#maps(width) : this.#table(width);
    const file = buttons(this.data.file, () => this.panels, () => this.theme);
    this.root.replaceChildren(h("div", { class: "inspect-head" }, h("h4", {}, this.data.title), this.#choice(width), file), body);
  }

  #choice(width) {
    const options = Object.entries(WAYS).map(([way, words]) => h("option", { value: way, selected: way === this.way }, `scale: ${words}`));
    const select = h("select", { "aria-label": "Scale" }, ...options);
    select.onchange = () => {
      this.way = select.value;
      this.draw(width, this.theme);
    };
    return select;
  }

  /** What all maps share, or each map's own largest. */
  #most(map) {
    const most = this.way === "share" ? extent(map.values) : Math.max(...this.methods.map((method) => extent(method.map.values)));
    return most || 1;
  }

  #maps(width) {
    const columns = Math.max(Math.floor((width + GAP) / (LEAST + GAP)), 1);
    const side = Math.min((width - (columns - 1) * GAP) / columns, 260);
    const input = this.#input();
    const figures = [...(input ? [input] : []), ...this.methods.map((method) => this.#method(method))];
    for (const { panel } of figures) panel.draw(side, this.theme);
    this.panels = figures.map(({ panel }) => panel);
    const section = ({ panel, above, below }) => h("section", {}, ...above, panel.element, ...(below ? [below] : []));
    const grid = h("div", { class: "attribution" }, ...figures.map(section));
    grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    return grid;
  }

  /** A sequence: below each other the input and each method's map, a row a channel over the same steps. */
  #strips(width) {
    const series = array(this.data.series);
    const strip = (name, map, scale) => {
      const panel = this.#panel(Heat, { name, title: name, values: map.values, rows: map.shape[0], columns: map.shape[1], scale, most: [40, 26], tall: 150, margin: MARGIN });
      return Object.assign(panel, { labels: { rows: this.data.rows, columns: Array.from({ length: map.shape[1] }, (_, step) => String(step)) }, axes: { columns: "step" } });
    };
    const input = { panel: strip("Input", series, signed(series.values)), above: [h("h4", {}, "Input"), h("div", { class: "inspect-note" }, this.data.said)] };
    const methods = this.methods.map(({ title, summary, map, badge, good }) => {
      const most = this.#most(map);
      const panel = strip(title, map, { low: -most, high: most, stops: "signed" });
      const mark = h("span", { class: `attribution-badge${good ? "" : " off"}`, title: badge.title }, badge.text);
      return { panel, above: [h("h4", {}, title), h("span", { class: "inspect-note" }, summary), mark] };
    });
    const all = [input, ...methods];
    this.panels = all.map(({ panel }) => panel);
    for (const { panel } of all) panel.draw(width, this.theme);
    return h("div", {}, ...all.map(({ panel, above }) => h("section", {}, h("div", { class: "inspect-head" }, ...above, legend(panel.scale, this.theme)), panel.element)));
  }

  #linked(place, from) {
    for (const panel of this.panels) if (panel !== from) panel.mark(place);
  }

  #panel(Kind, options) {
    const panel = new Kind({ most: [16, 16], tall: 260, hovered: (place) => this.#linked(place, panel), ...options });
    panel.title = options.title;
    return panel;
  }

  #input() {
    if (!this.data.input) return null;
    const pixels = array(this.data.input);
    const [rows, columns, channels] = pixels.shape;
    const own = Float32Array.from({ length: rows * columns }, (_, place) => pixels.values[place * channels]);
    const { low, high } = this.data;
    const panel = this.#panel(Seen, { name: "The input", title: "Input", pixels, low, high, rows, columns, values: own, scale: { low, high, stops: "rising" } });
    panel.own = own;
    return { panel, above: [h("h4", {}, "Input"), h("div", { class: "inspect-note attribution-note" }, this.data.said)], below: null };
  }

  #method({ title, summary, map, badge, good, rising }) {
    const [rows, columns] = map.shape;
    const most = this.#most(map);
    const scale = rising ? { low: 0, high: most, stops: "rising" } : { low: -most, high: most, stops: "signed" };
    const panel = this.#panel(Over, { name: title, title, rows, columns, values: map.values, scale });
    panel.own = map.values;
    const mark = h("span", { class: `attribution-badge${good ? "" : " off"}`, title: badge.title }, badge.text);
    const above = [h("h4", {}, title), h("div", { class: "inspect-note attribution-note" }, summary)];
    return { panel, above, below: h("div", { class: "attribution-line" }, mark, legend(scale, this.theme)) };
  }

  /** What the colours of the table mean. */
  #bar() {
    const most = this.way === "share" ? 1 : this.#most();
    return { low: -most, high: most, stops: "signed", name: this.way === "share" ? "in parts of each method's largest" : "in the score's units" };
  }

  /** Places in a row, tokens or the columns of a table: a line for each method. */
  #table(width) {
    const rows = this.methods.length;
    const columns = this.methods[0]?.map.values.length ?? 0;
    const values = new Float32Array(rows * columns);
    this.methods.forEach(({ map }, row) => map.values.forEach((value, column) => (values[row * columns + column] = value / this.#most(map))));
    const labels = { rows: this.methods.map(({ title }) => title), columns: this.data.places };
    const panel = new Heat({ name: this.data.title, values, rows, columns, scale: { low: -1, high: 1, stops: "signed" }, labels, axes: {}, most: [40, 30] });
    panel.words = ({ row, column }) => {
      const { title, map } = this.methods[row];
      return `${title}, ${this.data.places[column]}: ${number(map.values[column])}`;
    };
    panel.draw(width, this.theme);
    panel.legends = [this.#bar()];
    this.panels = [panel];
    const marks = this.methods.map(({ title, badge, good }) => h("div", {}, `${title} `, h("span", { class: `attribution-badge${good ? "" : " off"}`, title: badge.title }, badge.text)));
    const said = h("span", { class: "inspect-note" }, `${this.#bar().name} · ${this.data.said}`);
    return h("div", {}, h("div", { class: "inspect-head" }, said, legend(this.#bar(), this.theme)), panel.element, h("div", { class: "attribution-marks" }, ...marks));
  }
}

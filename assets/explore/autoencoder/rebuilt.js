// Reconstruction: input, reconstruction and signed error side by side; one place pointed at is pointed at in all.
import { h } from "../../draw/dom.js";
import { array, extent } from "../../draw/data.js";
import { legend } from "../../draw/legend.js";
import { Over, Seen } from "../../draw/pictures.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

const GAP = 16;
const LEAST = 84;

export const { draw, leave } = mounted((root) => new Rebuilt(root));

class Rebuilt {
  root; data; theme; panels;

  constructor(root) {
    root.parentNode.append(h("link", { rel: "stylesheet", href: new URL("../attribution/attribution.css", import.meta.url).href }));
    this.root = root;
  }

  take({ data }) {
    this.data = data;
  }

  draw(width, theme) {
    this.theme = theme;
    const count = this.data.pictures.length;
    const columns = Math.min(Math.max(Math.floor((width + GAP) / (LEAST + GAP)), 1), count);
    const side = Math.min((width - (columns - 1) * GAP) / columns, 220);
    const figures = this.data.pictures.map((picture) => this.#figure(picture));
    this.panels = figures.map(({ panel }) => panel);
    for (const panel of this.panels) panel.draw(side, theme);
    const grid = h("div", { class: "attribution" }, ...figures.map(({ panel, words, below }) => h("section", {}, h("h4", {}, words), panel.element, ...(below ? [below] : []))));
    grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    const head = h("div", { class: "inspect-head" }, h("span", { class: "inspect-note" }, this.data.said), buttons(this.data.file, () => this.panels, () => this.theme));
    this.root.replaceChildren(head, grid);
  }

  #figure({ title, values, signed }) {
    const pixels = array(values);
    const [rows, columns, channels] = pixels.shape;
    const own = Float32Array.from({ length: rows * columns }, (_, place) => pixels.values[place * channels]);
    const { low, high } = this.data;
    const most = extent(pixels.values) || 1;
    const scale = signed ? { low: -most, high: most, stops: "signed" } : { low, high, stops: "rising" };
    const Kind = signed || !this.data.picture ? Over : Seen;
    const shared = { name: title, rows, columns, values: own, scale, most: [16, 16], tall: 260 };
    const panel = new Kind({ ...shared, pixels, low, high, hovered: (place) => this.panels.forEach((other) => other !== panel && other.mark(place)) });
    panel.own = own;
    panel.title = title;
    return { panel, words: title, below: signed ? h("div", { class: "attribution-line" }, legend(scale, this.theme)) : null };
  }
}

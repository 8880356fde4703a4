// Histograms of a layer's numbers: one, or one a column through the epochs, for every layer beside each other.
import { h } from "../../draw/dom.js";
import { Counts } from "../../draw/counts.js";
import { array, ends, grouped, number } from "../../draw/data.js";
import { Heat } from "../../draw/heat.js";
import { legend } from "../../draw/legend.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

const GAP = 28;
const WIDE = 300;
const TALL = 96;

export const { draw, leave } = mounted((root) => new Spread(root));

/** Epochs from left to right, values from bottom to top, colour the share of the layer's numbers in a bin. */
class Through extends Heat {
  epochs; totals; counts; bins; edges;

  constructor({ counts, edges, epochs, now, ...rest }) {
    const [columns, bins] = counts.shape;
    const totals = Array.from({ length: columns }, (_, epoch) => counts.values.subarray(epoch * bins, (epoch + 1) * bins).reduce((all, each) => all + each, 0));
    const values = Float32Array.from({ length: bins * columns }, (_, at) => {
      const [row, epoch] = [Math.floor(at / columns), at % columns];
      return counts.values[epoch * bins + bins - 1 - row] / (totals[epoch] || 1);
    });
    const middles = Array.from({ length: bins }, (_, row) => number((edges[bins - row] + edges[bins - 1 - row]) / 2));
    const scale = { low: 0, high: ends(values)[1], stops: "rising" };
    super({ values, rows: bins, columns, scale, labels: { rows: middles, columns: epochs.map(String) }, axes: { columns: "epoch" }, most: [26, 4], tall: 170, margin: 64, ...rest });
    Object.assign(this, { counts, edges, totals, epochs, bins });
    this.chosen = { column: now };
  }

  words({ row, column }) {
    if (row == null || column == null) return "";
    const bin = this.bins - 1 - row;
    const count = this.counts.values[column * this.bins + bin];
    return `epoch ${this.epochs[column]} · ${number(this.edges[bin])} to ${number(this.edges[bin + 1])}: ${grouped(count)} of ${grouped(this.totals[column])}`;
  }
}

class Spread {
  root; data; panels;

  constructor(root) {
    this.root = root;
  }

  take({ data }) {
    this.data = data;
  }

  draw(width, theme) {
    const across = Math.max(Math.floor((width + GAP) / (WIDE + GAP)), 1);
    const room = Math.min((width - (across - 1) * GAP) / across, 380);
    this.panels = this.data.layers.map((layer) => this.#panel(layer));
    for (const panel of this.panels) panel.draw(room, theme);
    const sections = this.panels.map((panel, place) => {
      const { note } = this.data.layers[place];
      const told = panel.scale ? legend(panel.scale, theme) : note ? h("span", { class: "inspect-note" }, note) : "";
      const section = h("section", {}, h("div", { class: "inspect-head" }, h("h4", {}, panel.title), told), panel.element);
      section.style.width = `${room}px`;
      return section;
    });
    const words = this.data.kind === "epochs" ? "Colour: the share of the layer's numbers in a range; the outlined column is the epoch at the left." : "How many numbers lie in each range.";
    const head = h("div", { class: "inspect-head" }, h("span", { class: "inspect-note" }, words), buttons(this.data.file, () => this.panels, () => theme));
    this.root.replaceChildren(head, h("div", { class: "inspect-many" }, ...sections));
  }

  #panel({ name, counts, edges, note }) {
    const [found, bounds] = [array(counts), [...array(edges).values]];
    const panel = this.data.kind === "epochs" ? new Through({ name, counts: found, edges: bounds, epochs: this.data.epochs, now: this.data.now }) : new Counts({ name, stacks: [found.values], low: bounds[0], high: bounds.at(-1), widest: WIDE, tall: TALL });
    panel.title = name;
    panel.legends = [...(panel.scale ? [{ ...panel.scale, name: "share" }] : [`the tallest bar: ${grouped(panel.most)} of ${grouped(panel.total)}`]), ...(note ? [note] : [])];
    return panel;
  }
}

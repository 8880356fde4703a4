// How a layer's numbers are spread: a histogram, or one a column through the epochs, for every layer beside each other.
import { h } from "../../draw/dom.js";
import { array, number } from "../../draw/data.js";
import { Heat } from "../../draw/heat.js";
import { legend } from "../../draw/legend.js";
import { Panel } from "../../draw/panel.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

const GAP = 28;
const WIDE = 300;
const TALL = 96;
const FOOT = 18;
const grouped = (value) => Math.round(value).toLocaleString("en-US");

export const { draw, leave } = mounted((root) => new Spread(root));

/** Epochs from left to right, values from bottom to top, colour the share of the layer's numbers in a bin. */
class Through extends Heat {
  constructor({ counts, edges, epochs, now, ...rest }) {
    const [columns, bins] = counts.shape;
    const totals = Array.from({ length: columns }, (_, epoch) => counts.values.subarray(epoch * bins, (epoch + 1) * bins).reduce((all, each) => all + each, 0));
    const values = Float32Array.from({ length: bins * columns }, (_, at) => {
      const [row, epoch] = [Math.floor(at / columns), at % columns];
      return counts.values[epoch * bins + bins - 1 - row] / (totals[epoch] || 1);
    });
    const middles = Array.from({ length: bins }, (_, row) => number((edges[bins - row] + edges[bins - 1 - row]) / 2));
    const scale = { low: 0, high: Math.max(...values), stops: "rising" };
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

class Histogram extends Panel {
  constructor({ counts, edges, ...rest }) {
    super(rest);
    Object.assign(this, { counts, edges, most: Math.max(...counts) || 1, total: counts.reduce((all, each) => all + each, 0) });
  }

  size(room) {
    return { width: Math.min(room, WIDE), height: TALL + FOOT };
  }

  paint(context, theme) {
    const wide = this.width / this.counts.length;
    const [low, high] = [this.edges[0], this.edges.at(-1)];
    this.counts.forEach((count, bin) => {
      const tall = count ? Math.max((count / this.most) * (TALL - 4), 1) : 0;
      context.fillStyle = this.place?.bin === bin ? theme.accent : theme.stops.signed[1];
      context.fillRect(bin * wide + 0.5, TALL - tall, Math.max(wide - 1, 0.5), tall);
    });
    context.fillStyle = theme.line;
    context.fillRect(0, TALL, this.width, 1);
    context.font = `12px ${theme.family}`;
    context.fillStyle = theme.faint;
    context.textBaseline = "top";
    const zero = low < 0 && high > 0 ? (-low / (high - low)) * this.width : null;
    if (zero != null) context.fillRect(zero, TALL - 4, 1, 8);
    for (const [align, x, value] of [["left", 0, low], ["right", this.width, high]]) {
      context.textAlign = align;
      context.fillText(number(value), x, TALL + 4);
    }
    context.textAlign = "center";
    if (zero > 46 && zero < this.width - 46) context.fillText("0", zero, TALL + 4);
  }

  at(x) {
    const bin = Math.floor((x / this.width) * this.counts.length);
    return bin >= 0 && bin < this.counts.length ? { bin } : null;
  }

  step(place, down, across) {
    return { bin: Math.min(Math.max((place?.bin ?? -1) + across, 0), this.counts.length - 1) };
  }

  words({ bin }) {
    return `${number(this.edges[bin])} to ${number(this.edges[bin + 1])}: ${grouped(this.counts[bin])} of ${grouped(this.total)}`;
  }
}

class Spread {
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
    const [found, ends] = [array(counts), [...array(edges).values]];
    const panel = this.data.kind === "epochs" ? new Through({ name, counts: found, edges: ends, epochs: this.data.epochs, now: this.data.now }) : new Histogram({ name, counts: [...found.values], edges: ends });
    panel.title = name;
    panel.legends = [...(panel.scale ? [{ ...panel.scale, name: "share" }] : [`the tallest bar: ${grouped(panel.most)} of ${grouped(panel.total)}`]), ...(note ? [note] : [])];
    return panel;
  }
}

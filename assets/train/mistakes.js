// A classifier's mistakes: its confusion matrix, precision and recall by class, and wrong samples; a press on a cell asks for those of the cell.
import { h, intoSight } from "../draw/dom.js";
import { array, count, grouped } from "../draw/data.js";
import { Heat } from "../draw/heat.js";
import { legend } from "../draw/legend.js";
import { painted } from "../draw/pictures.js";
import { buttons } from "../draw/save.js";
import { readable } from "../draw/theme.js";
import { mounted } from "../draw/view.js";
import { percent } from "./pictures/arrays.js";

const NUMBERED = 20; // pixels that a cell needs for its count
const BESIDE = 620; // pixels from which on the table stands beside the matrix
const COLUMNS = ["precision", "recall", "F1"];
const PART = { low: 0, high: 1, stops: "rising", name: "share of the class" };

/** Counts as numbers, each class's shares as colours. */
class Confusion extends Heat {
  paint(context, theme) {
    super.paint(context, theme);
    if (this.across < NUMBERED || this.down < 14) return;
    context.font = `12px ${theme.family}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const table = theme.lookup[this.scale.stops];
    this.counts.forEach((found, place) => {
      if (!found) return;
      const [row, column] = [Math.floor(place / this.columns), place % this.columns];
      context.fillStyle = readable(table, this.values[place], this.scale);
      context.fillText(grouped(found), this.left + (column + 0.5) * this.across, this.top + (row + 0.5) * this.down, this.across - 2);
    });
  }

  words({ row, column }) {
    if (row == null || column == null) return super.words({ row, column });
    const place = row * this.columns + column;
    const part = `${percent(this.values[place])} of ${this.names[row]}`;
    return `${said(this.names, row, column)}: ${count(this.counts[place], this.noun)}, ${part}`;
  }
}

/** A class as text: a space or a line break is seen too. */
const seen = (name) => (name.trim() ? name : JSON.stringify(name));
const said = (names, row, column) => (row === column ? `${names[row]}, said right` : `${names[row]}, taken for ${names[column]}`);

class Mistakes {
  data; noun; component; counts; size;
  root; pressed; matrix; table; gallery; top;

  constructor(root) {
    root.parentNode.append(h("link", { rel: "stylesheet", href: new URL("./mistakes.css", import.meta.url).href }));
    this.root = root;
    this.matrix = h("section");
    this.table = h("section", { class: "mistakes-table", tabindex: 0, role: "region", "aria-label": "By class" });
    this.gallery = h("section", { "aria-live": "polite" });
    this.top = h("div", { class: "mistakes-top" }, this.matrix, this.table);
    root.append(this.top, this.gallery);
  }

  take(component) {
    const { data } = component;
    const [counts, classes] = [array(data.confusion).values, data.classes.map(seen)];
    Object.assign(this, { data: { ...data, classes }, component, counts, size: classes.length, noun: data.counted.slice(0, -1) });
    this.#told(array(data.table).values);
    this.#shown();
    if (data.pressed && data.pressed !== this.pressed) requestAnimationFrame(() => intoSight(this.root));
    this.pressed = data.pressed;
  }

  draw(width, theme) {
    const beside = width >= BESIDE;
    this.top.classList.toggle("beside", beside);
    const heat = this.#heat();
    heat.draw(beside ? Math.min(width * 0.58, width - 300) : width, theme);
    const head = [h("h4", {}, "Confusion matrix"), h("span", { class: "inspect-note" }, PART.name), legend(PART, theme), buttons(this.data.file, () => [heat], () => theme)];
    this.matrix.replaceChildren(h("div", { class: "inspect-head" }, ...head), heat.element);
    this.table.style.maxHeight = beside ? `${Math.max(heat.height + 34, 160)}px` : "320px";
  }

  #heat() {
    const { size, counts, data } = this;
    const totals = Array.from({ length: size }, (_, row) => counts.subarray(row * size, (row + 1) * size).reduce((sum, each) => sum + each, 0));
    const values = counts.map((found, place) => found / (totals[Math.floor(place / size)] || 1));
    const labels = { rows: data.classes, columns: data.classes };
    const axes = { rows: "is", columns: "taken for" };
    const heat = new Confusion({ name: "Confusion matrix", values, rows: size, columns: size, scale: PART, labels, axes, most: [36, 30], tall: 420 });
    Object.assign(heat, { counts, names: data.classes, noun: this.noun, legends: [PART], listed: true });
    heat.chosen = data.cell ? { row: data.cell[0], column: data.cell[1] } : null;
    heat.canvas.classList.add("inspect-press");
    heat.pressed = ({ row, column }) => this.component.setTriggerValue("cell", [row, column]);
    return heat;
  }

  #told(values) {
    const cells = (row) => COLUMNS.map((_, place) => h("td", {}, values[4 * row + place].toFixed(3)));
    const rows = this.data.classes.map((name, row) => h("tr", {}, h("th", { scope: "row" }, name), ...cells(row), h("td", {}, grouped(values[4 * row + 3]))));
    const head = ["class", ...COLUMNS, this.data.counted].map((name) => h("th", { scope: "col" }, name));
    this.table.replaceChildren(h("table", {}, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows)));
  }

  #shown() {
    const { cell, wrong, classes } = this.data;
    const all = cell ? this.counts[cell[0] * this.size + cell[1]] : this.#wrong();
    const shown = wrong.length < all ? `, the ${grouped(wrong.length)} that it was surest of` : "";
    const title = cell ? said(classes, ...cell) : "Wrong";
    const back = cell ? h("button", { type: "button", class: "inspect-chip", onclick: () => this.component.setTriggerValue("cell", cell) }, "All mistakes") : null;
    const head = h("div", { class: "inspect-head" }, h("h4", {}, title), h("span", { class: "inspect-note" }, `${count(all, this.noun)}${shown}`), back);
    const right = cell && cell[0] === cell[1];
    const note = right ? "Press a cell beside the diagonal to see its samples." : wrong.length ? "Press a sample to open it in Explore." : "Nothing is wrong here.";
    const tiles = wrong.map((each) => this.#tile(each));
    this.gallery.replaceChildren(head, h("div", { class: `mistakes-wrong${wrong.some((each) => each.picture) ? "" : " mistakes-lines"}` }, ...tiles), h("div", { class: "inspect-note" }, note));
  }

  #wrong() {
    return this.counts.reduce((sum, found, place) => sum + (Math.floor(place / this.size) === place % this.size ? 0 : found), 0);
  }

  #tile({ sample, step, target, said: taken, chance, picture, words }) {
    const [is, other] = [this.data.classes[target], this.data.classes[taken]];
    const where = this.data.counted === "steps" ? `Sample ${sample}, step ${step}` : `Sample ${sample}`;
    const label = `${where}: ${is}, taken for ${other} with ${percent(chance)}`;
    const open = () => this.component.setTriggerValue("open", sample);
    const shown = picture ? this.#picture(array(picture)) : h("span", { class: "mistakes-words" }, words ?? where);
    return h("button", { type: "button", title: label, "aria-label": `${label}. Open in Explore`, onclick: open }, shown, h("span", { class: "mistakes-said" }, `${is} → ${other}`));
  }

  #picture(pixels) {
    const canvas = painted(pixels, ...this.data.range);
    canvas.setAttribute("aria-hidden", "true");
    return canvas;
  }
}

export const { draw, leave } = mounted((root) => new Mistakes(root));

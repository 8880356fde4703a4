// Convolution arithmetic of one number: the input with its window, the map, window times kernel, each channel's sum, and the total.
import { h } from "../../draw/dom.js";
import { Arithmetic } from "./arithmetic.js";
import { extent, number } from "../../draw/data.js";
import { blankIn, Field, field, slice } from "../../draw/fields.js";
import { legend } from "../../draw/legend.js";
import { buttons } from "../../draw/save.js";
import { badge, sentence, sums } from "./sums.js";

const CELL = [46, 30]; // of a matrix whose numbers are written out
const WRITTEN = 64; // numbers at most that are written into a matrix

const steps = (sequence) => (sequence ? { columns: "step" } : {}); // one unit of a sequence is a row over time
const scaleOf = (most) => ({ low: -(most || 1), high: most || 1, stops: "signed" });

export class Detail {
  detail; tall; cell; moved; ask; words; arithmetic; first; pinned; channel; input; output; values; factors; theme;
  title; above; pair; matrices; below; room; inputs; sources; shownChannel; now; shownNow; drawn; key; largest; parts;

  /** `ask(at)`: a number of this map that was not sent; `moved(at)`: another number is pinned. */
  constructor(host, { ask, moved = () => {}, tall = 240, cell = 14 }) {
    Object.assign(this, { detail: host, ask, moved, tall, cell });
  }

  /** `lens` { answer, arrays } of the operation `lenses`; null: there is none, and `words(room, theme)` gives what stands there. */
  take(lens, words) {
    this.words = words;
    this.arithmetic = lens && new Arithmetic(lens.answer, lens.arrays);
    this.first = this.pinned = lens?.answer.at;
    this.channel = null;
  }

  /** Back to the number that was opened; whether that was another one. */
  home() {
    const away = JSON.stringify(this.pinned) !== JSON.stringify(this.first);
    if (away) this.pin(this.first);
    return away;
  }

  /** Panels for a file. */
  panels() {
    return [this.input, this.output, this.values, this.factors].filter(Boolean);
  }

  draw(room, theme) {
    this.theme = theme;
    const found = this.arithmetic;
    if (!found) {
      this.detail.replaceChildren(...this.words(room, theme));
      return;
    }
    this.title = h("h4", {});
    this.above = h("div", { class: "inspect-note" });
    this.pair = h("div", { class: "lens-pair" });
    this.matrices = h("div", { class: "lens-pair" });
    this.below = h("div", { class: "lens-sum", "aria-live": "polite" });
    const hint = h("span", { class: "inspect-note" }, "Point at a number or step with the arrow keys; Escape goes back. ");
    const head = h("div", { class: "inspect-head" }, this.title, badge(found));
    this.detail.replaceChildren(head, this.above, this.pair, this.matrices, this.below, hint, buttons(`${found.layer} arithmetic`, () => this.panels(), () => this.theme));
    this.room = room;
    this.#fields();
    this.#look(this.pinned);
  }

  /** The input with the window on it, and the map with the number in it. */
  #fields() {
    const found = this.arithmetic;
    const half = Math.max((this.room - 20) / 2, 140);
    const inputs = found.inputs.map(({ layout, values, shape }, source) => {
      const panel = this.#field({
        name: `The input, from ${found.sources[source]}`,
        layout,
        axes: steps(shape.length === 2),
        values: slice(values, layout, 0),
        scale: scaleOf(extent(values)),
        hovered: (place) => this.#onInput(source, place),
        pressed: (place) => this.#onInput(source, place, true),
        start: () => panel.box && { row: panel.box.top, column: panel.box.left },
      });
      panel.draw(half, this.theme);
      return panel;
    });
    this.inputs = inputs.slice(0, 4);
    this.input = inputs[0];
    this.output = this.#field({
      name: `The map of ${found.layer}`,
      layout: found.layout,
      axes: steps(found.grid.length === 1 && !this.#single()),
      values: slice(found.own, found.layout, 0),
      scale: scaleOf(extent(found.own)),
      hovered: (cell) => this.#look(cell ? found.under(cell) : this.pinned),
      pressed: (cell) => this.pin(found.under(cell)),
      start: () => found.cell(this.pinned),
      stepped: (cell) => {
        this.pinned = found.under(cell) ?? this.pinned;
        this.moved(this.pinned);
      },
    });
    this.output.draw(half, this.theme);
    this.sources = this.inputs.map((_, source) => h("span", { class: "inspect-note" }, found.sources[source]));
    const figures = this.inputs.map((panel, source) => h("div", {}, this.sources[source], legend(panel.scale, this.theme), panel.element));
    const own = h("span", { class: "inspect-note" }, found.layer);
    this.pair.replaceChildren(...figures, h("div", {}, own, legend(this.output.scale, this.theme), this.output.element));
  }

  #field({ layout, most = [this.cell, this.cell], ...rest }) {
    return new Field({ rows: layout.rows, columns: layout.columns, blank: layout.index ? blankIn(layout) : null, most, tall: this.tall, quiet: true, ...rest });
  }

  /** Pointing into the input moves the window there; where all numbers see all of it, it picks the term. */
  #onInput(source, cell, pin = false) {
    const found = this.arithmetic;
    if (!cell) return this.#look(this.pinned);
    if (found.still) {
      const flat = found.inputs[source].layout.index(cell.row, cell.column, this.shownChannel ?? 0);
      const term = this.#termAt(source, flat);
      if (term >= 0) this.#show(this.now, term);
      return undefined;
    }
    const place = found.nearest(cell);
    if (place < 0) return undefined;
    return pin ? this.pin(found.from(place)) : this.#look(found.from(place));
  }

  #termAt(source, flat) {
    const { places, starts, terms } = this.arithmetic;
    return flat < 0 ? -1 : places.subarray(0, terms).indexOf(starts[source] + flat);
  }

  pin(at) {
    if (!at) return;
    if (this.arithmetic.answered(at) < 0) {
      this.ask(at);
      return;
    }
    this.pinned = at;
    this.moved(at);
    this.#look(at);
  }

  /** Show a number's arithmetic; its strongest channel unless one was picked. */
  #look(at) {
    if (!at) return;
    this.now = at;
    const found = this.arithmetic;
    const units = this.#single();
    this.title.textContent = `${found.layer} · ${units ? `unit ${at[0]}` : at.length === 2 ? `map ${found.map} · row ${at[0]}, column ${at[1]}` : `unit ${found.map} · step ${at[0]}`}`;
    const cell = found.cell(at);
    this.output.frame({ top: cell.row, bottom: cell.row, left: cell.column, right: cell.column });
    const answered = found.answered(at);
    if (answered < 0) {
      this.matrices.replaceChildren();
      this.above.textContent = "Press it: its arithmetic is asked for.";
      this.below.textContent = `The layer gives ${number(found.value(at))}.`;
      return;
    }
    this.#show(at, null);
  }

  #single() {
    return this.arithmetic.grid.length === 1 && this.arithmetic.maps === 1;
  }

  #show(at, term) {
    const found = this.arithmetic;
    const answered = found.answered(at);
    if (answered < 0) return;
    const parts = found.byChannel(answered);
    const strongest = parts.reduce((best, value, place) => (Math.abs(value) > Math.abs(parts[best]) ? place : best), 0);
    const channel = term != null ? term % found.channels : this.channel ?? strongest;
    this.shownNow = channel;
    const shown = found.windowAt(answered, channel);
    this.#windows(shown, channel);
    this.#draw(parts, shown, channel, answered, term);
    this.above.textContent = sentence(found);
    this.below.replaceChildren(...sums(found, answered, { channel, part: parts[channel], shown, cell: term == null ? null : Math.floor(term / found.channels) }));
  }

  /** The input shows the channel that is looked at, with the window around it. */
  #windows(shown, channel) {
    const found = this.arithmetic;
    this.inputs.forEach((panel, source) => {
      const wheres = shown.wheres.filter((where) => where?.source === source);
      if (!wheres.length) return panel.frame(null);
      const { layout, values, shape } = found.inputs[source];
      const inChannel = wheres[0].channel;
      if (panel.channel !== inChannel) panel.show(slice(values, layout, inChannel));
      panel.channel = inChannel;
      this.shownChannel = inChannel;
      const rows = wheres.map((where) => where.row);
      const columns = wheres.map((where) => where.column);
      this.sources[source].textContent = layout.channels > 1 ? `${found.sources[source]}, map ${inChannel} of ${shape.at(-1)}` : found.sources[source];
      return panel.frame({ top: Math.min(...rows), bottom: Math.max(...rows), left: Math.min(...columns), right: Math.max(...columns) });
    });
  }

  /** The window and the kernel side by side, and what each channel adds. */
  #draw(parts, shown, channel, answered, term) {
    const found = this.arithmetic;
    const size = found.rows * found.columns;
    const key = `${found.rows} ${found.columns} ${found.channels}`;
    if (this.drawn !== this.output || this.key !== key) this.#panels(found, size);
    [this.drawn, this.key] = [this.output, key];
    const place = term == null ? null : { row: Math.floor(Math.floor(term / found.channels) / found.columns), column: Math.floor(term / found.channels) % found.columns };
    this.values?.show(Float32Array.from(shown.values), this.input.scale);
    this.factors?.show(Float32Array.from(shown.factors), scaleOf(this.largest));
    if (this.values?.place?.row !== place?.row || this.values?.place?.column !== place?.column) for (const panel of [this.values, this.factors]) panel?.mark(place);
    this.parts?.show(slice(parts, this.parts.layout), scaleOf(extent(parts)));
    const { row, column } = this.parts?.layout.place(channel) ?? {};
    this.parts?.frame({ top: row, bottom: row, left: column, right: column });
  }

  #panels(found, size) {
    const written = size <= WRITTEN;
    this.largest = extent(found.factors.values);
    const pick = (cell) => this.#show(this.now, cell ? (cell.row * found.columns + cell.column) * found.channels + this.shownNow : null);
    const matrix = (name) => {
      const layout = { rows: found.rows, columns: found.columns };
      const panel = this.#field({ name, layout, values: new Float32Array(size), scale: scaleOf(1), most: written ? CELL : [this.cell, this.cell], square: !written, numbers: written, hovered: pick });
      panel.draw(Math.max(this.room / 2 - 20, 120), this.theme);
      return panel;
    };
    const weighted = found.kind === "sum" && (size > 1 || found.channels > 1) && found.axes[0] !== "inputs";
    this.values = size > 1 ? matrix("The window") : null;
    this.factors = size > 1 && weighted ? matrix("The kernel") : null;
    this.parts = found.channels > 1 ? this.#channels(found) : null;
    const times = this.factors ? [h("span", { class: "lens-times" }, "×"), this.factors.element] : [];
    const label = this.parts && h("span", { class: "inspect-note" }, size > 1 ? "What each channel adds" : "What each number adds");
    this.matrices.replaceChildren(...[this.values?.element, ...times, this.parts && h("div", {}, label, this.parts.element)].filter(Boolean));
  }

  #channels(found) {
    const same = found.inputs[0].layout.channels === 1 && found.inputs[0].values.length >= found.channels;
    const layout = same ? found.inputs[0].layout : field([found.channels]);
    const pick = (cell, pinned = false) => {
      const channel = cell ? layout.index(cell.row, cell.column) : -1;
      if (channel < 0) return this.#show(this.now, null);
      if (pinned) this.channel = channel;
      return this.#show(this.now, channel);
    };
    const panel = this.#field({
      name: "What each channel adds",
      layout,
      values: new Float32Array(layout.rows * layout.columns),
      scale: scaleOf(1),
      hovered: (cell) => pick(cell),
      pressed: (cell) => pick(cell, true),
    });
    panel.layout = layout;
    panel.draw(this.room, this.theme);
    return panel;
  }
}

// The lens: every layer's maps on the left; on the right the arithmetic of one number, which moves with pointer and arrow keys.
import { h } from "../live/dom.js";
import { Arithmetic } from "./arithmetic.js";
import { card } from "./cards.js";
import { extent, number } from "./data.js";
import { Field, field, slice } from "./fields.js";
import { buttons } from "./save.js";
import { badge, sentence, sums } from "./sums.js";
import { mounted } from "./view.js";

const NARROW = 720;
const CELL = [46, 30]; // of a matrix whose numbers are written out
const WRITTEN = 64; // numbers at most that are written into a matrix

export const { draw, leave } = mounted((root) => new Lens(root));

const scaleOf = (most) => ({ low: -(most || 1), high: most || 1, stops: "signed" });

class Lens {
  constructor(root) {
    const style = h("link", { rel: "stylesheet", href: new URL("./lens.css", import.meta.url).href });
    this.cards = h("div", { class: "lens-cards" });
    this.detail = h("section", { class: "lens-detail", "aria-label": "The arithmetic of one number" });
    root.classList.add("lens");
    root.replaceChildren(this.cards, this.detail);
    root.parentNode.append(style);
    root.onkeydown = (event) => event.key === "Escape" && this.#pin(this.first);
    this.root = root;
  }

  take(component) {
    this.component = component;
    this.data = component.data;
    const { lens } = this.data;
    this.arithmetic = lens && new Arithmetic(lens.answer, lens.arrays);
    this.first = this.pinned = lens?.answer.at;
    this.channel = null;
  }

  draw(width, theme) {
    this.theme = theme;
    this.root.classList.toggle("narrow", width < NARROW);
    const room = width < NARROW ? width : ((width - 24) * 2.9) / 5;
    this.#layers(room - 34);
    this.#right(width < NARROW ? width : width - room - 24);
  }

  #layers(room) {
    const chosen = { layer: this.data.layer, map: this.data.map, at: this.pinned };
    const press = (layer, map, place) => this.#choose(layer, map, place);
    this.cards.replaceChildren(...this.data.layers.map((layer) => card(layer, chosen, room, this.theme, press)));
  }

  /** A press on a number: within the shown map the lens jumps, else Python is asked. */
  #choose(layer, map, place) {
    const at = place && (layer.kind === "units" ? [map] : layer.kind === "steps" ? [place[1]] : place);
    const channel = layer.kind === "units" ? 0 : map;
    if (layer.name === this.data.layer && channel === this.data.map && at && this.arithmetic?.answered(at) >= 0) this.#pin(at);
    else this.component.setTriggerValue("asked", { layer: layer.name, map: channel, at });
  }

  #right(room) {
    const found = this.arithmetic;
    if (!found) {
      this.detail.replaceChildren(h("h4", {}, this.data.layer), h("p", { class: "inspect-note" }, this.data.sentence));
      return;
    }
    this.title = h("h4", {});
    this.above = h("div", { class: "inspect-note" });
    this.pair = h("div", { class: "lens-pair" });
    this.matrices = h("div", { class: "lens-pair" });
    this.below = h("div", { class: "lens-sum", "aria-live": "polite" });
    const file = () => [this.input, this.output, this.values, this.factors].filter(Boolean);
    const hint = h("span", { class: "inspect-note" }, "Point at a number or step with the arrow keys; Escape goes back. ");
    const head = h("div", { class: "inspect-head" }, this.title, badge(found));
    this.detail.replaceChildren(head, this.above, this.pair, this.matrices, this.below, hint, buttons(`${found.layer} arithmetic`, file, () => this.theme));
    this.room = room;
    this.#fields();
    this.#look(this.pinned);
  }

  /** The input with the window on it, and the map with the number in it. */
  #fields() {
    const found = this.arithmetic;
    const half = Math.max((this.room - 20) / 2, 140);
    const inputs = found.inputs.map(({ layout, values }, source) => {
      const panel = this.#field({
        name: `The input, from ${found.sources[source]}`,
        layout,
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
      values: slice(found.own, found.layout, 0),
      scale: scaleOf(extent(found.own)),
      hovered: (cell) => this.#look(cell ? found.under(cell) : this.pinned),
      pressed: (cell) => this.#pin(found.under(cell)),
      start: () => found.cell(this.pinned),
      stepped: (cell) => (this.pinned = found.under(cell) ?? this.pinned),
    });
    this.output.draw(half, this.theme);
    this.sources = this.inputs.map((_, source) => h("span", { class: "inspect-note" }, found.sources[source]));
    const figures = this.inputs.map((panel, source) => h("div", {}, this.sources[source], panel.element));
    this.pair.replaceChildren(...figures, h("div", {}, h("span", { class: "inspect-note" }, found.layer), this.output.element));
  }

  #field({ layout, most = [14, 14], ...rest }) {
    return new Field({ rows: layout.rows, columns: layout.columns, most, tall: 240, quiet: true, ...rest });
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
    return pin ? this.#pin(found.from(place)) : this.#look(found.from(place));
  }

  #termAt(source, flat) {
    const { places, starts, terms } = this.arithmetic;
    return flat < 0 ? -1 : places.subarray(0, terms).indexOf(starts[source] + flat);
  }

  #pin(at) {
    if (!at) return;
    if (this.arithmetic.answered(at) < 0) {
      this.component.setTriggerValue("asked", { layer: this.data.layer, map: this.data.map, at });
      return;
    }
    this.pinned = at;
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
      const panel = this.#field({ name, layout, values: new Float32Array(size), scale: scaleOf(1), most: written ? CELL : [14, 14], square: !written, numbers: written, hovered: pick });
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

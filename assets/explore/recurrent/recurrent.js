// LSTM and GRU gates over time: states and gates as heat maps with one pointer, lines of chosen units, and a cell's arithmetic.
import { h } from "../../draw/dom.js";
import { array, number, share, signed } from "../../draw/data.js";
import { Curves } from "../../draw/curves.js";
import { Heat } from "../../draw/heat.js";
import { legend } from "../../draw/legend.js";
import { listen, tell } from "../../draw/link.js";
import { sentence, unitName } from "../../draw/cells.js";
import { responses, stretches } from "./responding.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

const BESIDE = 620; // pixels from which two heat maps stand side by side
const MOST = 5; // lines at once
const TALL = { few: 120, many: 150 };

class Recurrent {
  root; heats; units; shown; input; curves; spoken; grid; head; results; top; above; hear; deaf; data; component;
  arrays; steps; count; kind; key; stretch; unit; carried; brought; heads; width; theme; pointed;

  constructor(root) {
    this.root = root;
    this.heats = [];
    this.units = [];
    this.shown = "hidden";
    this.input = new Heat({ name: "The input over time", values: new Float32Array(1), rows: 1, columns: 1, scale: share, hovered: (place) => this.#point(place && { row: null, column: place.column }), quiet: true });
    this.curves = new Curves({ name: "Chosen units over time", hovered: (place) => this.#point(place) });
    this.spoken = h("output", { class: "inspect-sum", "aria-live": "polite" });
    this.grid = h("div", { class: "inspect-grid" });
    this.head = h("div", { class: "inspect-head" });
    this.results = h("div", { class: "inspect-results" });
    this.top = h("div", { class: "inspect-head" });
    this.above = h("div", { class: "inspect-head inspect-note" });
    root.replaceChildren(this.top, this.above, this.input.element, this.spoken, this.grid, this.results, this.head, this.curves.element);
    this.hear = (place) => this.#mark(place);
    this.deaf = listen("step", this.hear);
  }

  take(component) {
    const { data } = component;
    Object.assign(this, { component, data });
    this.arrays = Object.fromEntries(data.names.map(({ name }) => [name, array(data.arrays[name])]));
    const [steps, units] = this.arrays[data.names[0].name].shape;
    Object.assign(this, { steps, count: units });
    const kind = data.names.map(({ name }) => name).join();
    if (kind !== this.kind) this.#make(data.names);
    this.kind = kind;
    if (data.key !== this.key) this.stretch = this.unit = null; // what was drawn over belongs to another input
    this.key = data.key;
    this.units = this.units.filter((unit) => unit < units);
    this.#carry(data.carried);
    if (!this.units.length) this.units = lively(this.arrays[data.names[0].name], units).slice(0, 3);
    if (!this.arrays[this.shown]) this.shown = data.names[0].name;
  }

  /** A number that was looked at in another view: its unit's line, and its sum at its step. */
  #carry(carried) {
    if (!carried || carried.n === this.carried || carried.unit >= this.data.directions.at(-1).units[1]) return;
    this.carried = carried.n;
    const [first] = this.data.names;
    const way = first.way && this.data.directions.find(({ units: [from, to] }) => carried.unit >= from && carried.unit < to);
    const row = way ? carried.unit - way.units[0] : carried.unit;
    if (!way || way.name === first.way) this.units = [row];
    this.brought = { row, column: Math.min(carried.step ?? this.steps - 1, this.steps - 1), ...(way ? { way: way.name } : {}) };
  }

  #make(names) {
    this.heats = names.map(({ title, way }) => new Heat({
      name: `${title}, a row a unit and a column a step`, values: new Float32Array(1), rows: 1, columns: 1, scale: share, quiet: true,
      hovered: (place) => this.#point(place && way ? { ...place, way } : place), pressed: ({ row }) => this.#toggle(row, way), dragged: (from, to) => this.#brush(from.column, to.column),
    }));
    this.heads = names.map(() => h("div", { class: "inspect-head" }));
    this.grid.replaceChildren(...this.heats.map((heat, place) => h("section", {}, this.heads[place], heat.element)));
  }

  draw(width, theme) {
    Object.assign(this, { width, theme });
    const { data } = this;
    const room = width >= BESIDE ? Math.floor((width - 20) / 2) : width;
    this.grid.classList.toggle("beside", width >= BESIDE);
    this.#drawInput(width, theme);
    data.names.forEach(({ name, title }, place) => {
      const heat = this.heats[place];
      const values = turned(this.arrays[name]);
      const scale = values.every((value) => value >= 0 && value <= 1) ? share : signed(values);
      const rows = values.length / this.steps;
      const tall = rows > 40 ? TALL.many : TALL.few;
      Object.assign(heat, { values, scale, title, rows, columns: this.steps, veiled: this.#masked(), tall, most: [40, 18], axes: { rows: "unit" }, margin: 20, labels: { columns: data.steps }, bare: true });
      this.heads[place].replaceChildren(h("h4", {}, title), legend(scale, theme));
      heat.draw(room, theme);
    });
    const pale = this.#masked().length ? " · pale steps are masked: the state stays as it was" : "";
    this.top.replaceChildren(h("h4", {}, data.title), h("span", { class: "inspect-note" }, `${data.note}${pale}`), buttons("gates", () => this.#panels(), () => this.theme));
    this.#lines();
    this.#found();
    this.#speak();
    if (this.brought) this.#point(this.brought);
    this.brought = null;
  }

  /** The steps that the mask leaves out. */
  #masked() {
    return (this.data.mask ?? []).flatMap((counts, step) => (counts ? [] : [step]));
  }

  #drawInput(width, theme) {
    const { shape, values } = array(this.data.input.values);
    const cells = shape.length > 1 ? turned({ shape, values }) : values;
    const rows = shape.length > 1 ? shape[1] : 1;
    Object.assign(this.input, { values: cells, rows, columns: shape[0], scale: signed(cells), labels: { columns: this.data.steps, rows: this.data.input.rows }, most: [40, 14], tall: 90, margin: this.data.input.rows ? 0 : 20 });
    this.input.draw(width, theme);
    this.above.replaceChildren(this.data.input.title, legend(this.input.scale, theme));
  }

  #panels() {
    const [first, ...rest] = this.heats;
    return [Object.assign(this.input, { title: this.data.input.title }), Object.assign(first, { begins: true }), ...rest, Object.assign(this.curves, { title: this.#title(), begins: true })];
  }

  #title() {
    return `${this.data.names.find(({ name }) => name === this.shown).title} of chosen units`;
  }

  /** Lines of the chosen units. */
  #lines() {
    const colours = this.data.colours[this.theme.dark ? "dark" : "light"].colours;
    const { shape, values } = this.arrays[this.shown];
    const { way } = this.data.names.find(({ name }) => name === this.shown);
    this.units = this.units.filter((unit) => unit < shape[1]);
    const series = this.units.map((unit, place) => ({
      name: unitName(this.data.directions, unit, way).replace(/^unit \d+ \((.*)\)$/, "$1"),
      colour: colours[place % colours.length],
      values: Array.from({ length: shape[0] }, (_, step) => values[step * shape[1] + unit]),
    }));
    const choice = h("select", { "aria-label": "What is drawn as lines", onchange: ({ target }) => this.#show(target.value) },
      ...this.data.names.map(({ name, title }) => h("option", { value: name, selected: name === this.shown }, title)));
    this.head.replaceChildren(h("h4", {}, "Lines of"), choice, h("span", { class: "inspect-note" }, "Press a row for its line; drag over steps to find the units that respond to them."));
    this.curves.wide = this.data.directions.length > 1 ? 118 : 70;
    this.curves.take(series, this.data.steps);
    this.curves.draw(this.width, this.theme);
  }

  #show(name) {
    this.shown = name;
    this.#lines();
  }

  #toggle(unit, way) {
    const here = this.data.names.find(({ name }) => name === this.shown);
    if (way !== here.way) Object.assign(this, { shown: this.data.names.find((each) => each.way === way).name, units: [] });
    this.units = this.units.includes(unit) ? this.units.filter((each) => each !== unit) : [...this.units, unit].slice(-MOST);
    if (!this.units.length) this.units = [unit];
    this.#lines();
  }

  /** A stretch was drawn over: its units as lines, and as buttons. */
  #brush(one, other) {
    this.stretch = [Math.min(one, other), Math.max(one, other)];
    this.unit = null;
    this.units = this.#ranked().map(({ unit }) => unit);
    this.shown = this.data.names[0].name;
    this.#lines();
    this.#found();
  }

  #hidden() {
    return this.arrays[this.data.names[0].name];
  }

  /** The units whose hidden state differs most between the stretch and the rest. */
  #ranked() {
    const scores = responses(this.#hidden(), ...this.stretch);
    const best = [...scores.keys()].sort((a, b) => Math.abs(scores[b]) - Math.abs(scores[a])).slice(0, MOST);
    return best.map((unit) => ({ unit, score: scores[unit] }));
  }

  /** What was found for the stretch: a button a unit, and where else the chosen one responds. */
  #found() {
    const { stretch, unit: chosen } = this;
    const response = chosen == null ? null : stretches(this.#hidden(), chosen, ...stretch);
    this.curves.bands = response?.spans ?? [];
    this.heats[0].boxes = this.curves.bands.map(([from, to]) => ({ row: chosen, from, to }));
    for (const panel of [this.heats[0], this.curves]) panel.redraw();
    if (!stretch) return void this.results.replaceChildren();
    const button = ({ unit, score }) => h("button", { type: "button", class: "inspect-chip", "aria-pressed": String(unit === chosen), onclick: () => this.#respond(unit) }, `unit ${unit} (${number(score)} σ)`);
    const said = response ? told(chosen, response, stretch) : "Press one to see where else it responds.";
    this.results.replaceChildren(`Steps ${stretch.join(" to ")}: most different from the rest are `, ...this.#ranked().map(button), h("span", { class: "inspect-note" }, said));
  }

  /** Mark where a unit is on its stretch's side of the threshold, and let Python look through other samples. */
  #respond(unit) {
    this.unit = unit;
    this.units = [unit];
    this.#lines();
    this.#found();
    const { threshold, above } = stretches(this.#hidden(), unit, ...this.stretch);
    this.component.setStateValue("responds", { key: this.key, unit, threshold, above });
  }

  #point(place) {
    this.#mark(place);
    tell("step", place && { row: null, column: place.column }, this.hear);
  }

  #mark(place) {
    const step = place && { row: null, column: place.column };
    this.heats.forEach((heat, at) => {
      const other = place?.way && this.data.names[at].way !== place.way; // another direction's units: the step alone is the same
      const own = other ? step : place && { row: place.row, column: place.column };
      if (JSON.stringify(heat.place) !== JSON.stringify(own)) heat.mark(own);
    });
    for (const panel of [this.input, this.curves]) if (JSON.stringify(panel.place) !== JSON.stringify(step)) panel.mark(step);
    this.pointed = place;
    this.#speak();
  }

  /** The arithmetic of the cell that is pointed at. */
  #speak() {
    const { pointed, data } = this;
    const idle = "Point at a cell: the sum that made it stands here.";
    if (!pointed || pointed.column == null) return void (this.spoken.textContent = idle);
    const label = data.steps[pointed.column];
    const step = label === String(pointed.column) ? `step ${label}` : `step ${pointed.column} (${label})`;
    const lines = pointed.row == null ? [step] : [`${unitName(data.directions, pointed.row, pointed.way)}, ${step}`, ...sentence(data, this.arrays, pointed.row, pointed.column, pointed.way)];
    this.spoken.replaceChildren(...lines.map((line) => h("div", {}, line)));
  }

  leave() {
    this.deaf();
  }
}

/** (time, units) as (units, time), for a row a unit. */
function turned({ shape: [steps, units], values }) {
  const found = new Float32Array(values.length);
  for (let step = 0; step < steps; step += 1) for (let unit = 0; unit < units; unit += 1) found[unit * steps + step] = values[step * units + unit];
  return found;
}

/** Units in the order of how much they move. */
function lively({ shape: [steps], values }, units) {
  const spread = Array.from({ length: units }, (_, unit) => {
    const own = Array.from({ length: steps }, (_, step) => values[step * units + unit]);
    return Math.max(...own) - Math.min(...own);
  });
  return [...spread.keys()].sort((a, b) => spread[b] - spread[a]);
}

/** Where a unit responds, in words; the stretch that was drawn over is among them as far as it does so there. */
function told(unit, { threshold, above, spans }, [from, to]) {
  const others = spans.filter(([first, last]) => last < from || first > to);
  const words = others.map(([first, last]) => (first === last ? String(first) : `${first} to ${last}`)).join(", ");
  const side = `${above ? "above" : "below"} ${number(threshold)}`;
  return others.length ? `Unit ${unit} is ${side} also at steps ${words}.` : `Unit ${unit} is ${side} nowhere else in this sequence.`;
}

export const { draw, leave } = mounted((root) => new Recurrent(root));

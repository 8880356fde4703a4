// Receptive field arithmetic of every number of a map, as Python sends it: terms by place, and what becomes of their sum.
import { array } from "../../draw/data.js";
import { field } from "../../draw/fields.js";

const WINDOW = ["height", "width", "steps", "inputs"]; // axes of a window; others count channels

export class Arithmetic {
  arrays; own; layout; terms; still; inputs; starts; places; factors; channels; rows; columns; middles;

  /** `answer` and `arrays` of the operation `lenses`. */
  constructor(answer, arrays) {
    Object.assign(this, answer);
    this.arrays = Object.fromEntries(Object.entries(arrays).map(([name, each]) => [name, array(each)]));
    const { places, factors, own } = this.arrays;
    this.own = own.values;
    this.layout = this.grid.length === 1 && this.maps === 1 ? field(this.grid) : field([...this.grid, 1], false);
    this.terms = places.shape[1];
    this.still = places.shape[0] === 1; // every place looks at the same numbers
    this.inputs = this.parts.map((shape, place) => ({ shape, values: this.arrays[`input:${place}`].values, layout: field(shape) }));
    this.starts = this.inputs.reduce((all, { values }) => [...all, all.at(-1) + values.length], [0]);
    this.places = places.values;
    this.factors = { values: factors.values, alike: factors.shape[0] === 1 };
    const channels = this.axes.map((axis, place) => (WINDOW.includes(axis) ? 1 : this.window[place]));
    this.channels = channels.reduce((all, each) => all * each, 1);
    const window = this.window.filter((_, place) => WINDOW.includes(this.axes[place]));
    [this.rows, this.columns] = window.length === 2 ? window : [1, window[0] ?? 1];
  }

  /** The number's place among the answered ones, -1 where it was not asked for. */
  answered(at) {
    let found = 0;
    for (let axis = 0; axis < this.box.length; axis += 1) {
      const [first, last] = this.box[axis];
      if (at[axis] < first || at[axis] > last) return -1;
      found = found * (last - first + 1) + at[axis] - first;
    }
    return found;
  }

  /** From the map's row and column to its place, and back. */
  under({ row, column }) {
    const index = this.layout.index(row, column);
    if (index < 0) return null;
    return this.grid.length === 1 ? [index] : this.grid.length === 2 ? [row, column] : null;
  }

  cell(at) {
    return this.grid.length === 2 ? { row: at[0], column: at[1] } : this.layout.place(at[0]);
  }

  value(at) {
    const { row, column } = this.cell(at);
    return this.own[this.layout.index(row, column)];
  }

  /** Value, factor and product of one term of an answered place; where it stands: { source, row, column, channel } or null in padding. */
  term(answered, term) {
    const flat = this.places[(this.still ? 0 : answered * this.terms) + term];
    const factor = this.factors.values[(this.factors.alike ? 0 : answered * this.terms) + term];
    if (flat < 0) return { value: 0, factor, product: 0, where: null };
    const source = this.starts.findLastIndex((start) => start <= flat);
    const within = flat - this.starts[source];
    const one = this.kind === "sum" && this.axes[0] === "token";
    const value = one ? 1 : this.inputs[source].values[within];
    return { value, factor, product: value * factor, where: { source, ...this.inputs[source].layout.place(within) } };
  }

  /** Windows of one channel: values, factors and products, rows x columns each. */
  windowAt(answered, channel) {
    const found = { values: [], factors: [], products: [], wheres: [] };
    for (let cell = 0; cell < this.rows * this.columns; cell += 1) {
      const { value, factor, product, where } = this.term(answered, cell * this.channels + channel);
      found.values.push(value);
      found.factors.push(factor);
      found.products.push(product);
      found.wheres.push(where);
    }
    return found;
  }

  /** What each channel adds: (channels,). */
  byChannel(answered) {
    const sums = new Float32Array(this.channels);
    for (let term = 0; term < this.terms; term += 1) sums[term % this.channels] += this.term(answered, term).product;
    return sums;
  }

  /** The answered place whose window has its middle nearest to a row and column of the input. */
  nearest({ row, column }) {
    this.middles ??= this.#middles();
    let best = -1;
    let least = Infinity;
    this.middles.forEach((middle, place) => {
      const far = middle ? (middle.row - row) ** 2 + (middle.column - column) ** 2 : Infinity;
      if (far < least) [best, least] = [place, far];
    });
    return best;
  }

  #middles() {
    const count = this.arrays.total.values.length;
    return Array.from({ length: count }, (_, place) => {
      const wheres = this.windowAt(place, 0).wheres.filter(Boolean);
      if (!wheres.length) return null;
      const mean = (axis) => wheres.reduce((sum, where) => sum + where[axis], 0) / wheres.length;
      return { row: mean("row"), column: mean("column") };
    });
  }

  /** From an answered place's number to its place in the map. */
  from(answered) {
    const sizes = this.box.map(([first, last]) => last - first + 1);
    const at = [];
    for (let axis = sizes.length - 1; axis >= 0; axis -= 1) {
      at.unshift(this.box[axis][0] + (answered % sizes[axis]));
      answered = Math.floor(answered / sizes[axis]);
    }
    return at;
  }
}

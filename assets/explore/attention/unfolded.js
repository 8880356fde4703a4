// Scaled dot-product attention of one query: its vector above the keys', products, scale, mask, softmax, and the weighed values.
import { h } from "../../draw/dom.js";
import { array, equals, multiplied, number, share, signed } from "../../draw/data.js";
import { legend } from "../../draw/legend.js";
import { listen, tell } from "../../draw/link.js";
import { fitted, Panel } from "../../draw/panel.js";
import { buttons } from "../../draw/save.js";
import { css } from "../../draw/theme.js";
import { mounted } from "../../draw/view.js";

const MOST = 24; // keys that are listed; of more, those with the largest weights
const ROW = 21;
const HEAD = 40;

/** Columns as shares of the room: a label, the key's vector, three numbers, the value's vector. */
const SHARES = [0.17, 0.23, 0.11, 0.12, 0.14, 0.23];

const times = (one, other, made) => `${number(one)} × ${number(other)} ${equals(multiplied, made, one, other)} ${number(made)}`;

class Sums extends Panel {
  keys; wide; length; counted; listed; blind; scales; columns;

  take(data) {
    const arrays = Object.fromEntries(Object.entries(data.arrays).map(([name, each]) => [name, array(each)]));
    Object.assign(this, arrays, { data });
    this.keys = arrays.key.shape[0];
    this.wide = arrays.key.shape[1];
    this.length = arrays.value.shape[1];
    const heavy = [...arrays.weights.values.keys()].sort((a, b) => arrays.weights.values[b] - arrays.weights.values[a]);
    this.counted = data.words.every((word, place) => word === String(place));
    this.listed = heavy.slice(0, MOST).sort((a, b) => a - b);
    this.title = data.title;
    this.blind = !arrays.mask.values.some((seen) => seen > 0); // no key may be seen from this query
    this.scales = { key: signed([...arrays.key.values, ...arrays.query.values]), value: signed([...arrays.value.values, ...arrays.sums.values]) };
    this.legends = [{ ...this.scales.key, name: "query, keys" }, { ...this.scales.value, name: "values" }];
  }

  size(room) {
    const width = Math.min(room, 620);
    let x = 0;
    this.columns = SHARES.map((part) => {
      const column = { x, width: part * width - 8 };
      x += part * width;
      return column;
    });
    return { width, height: HEAD + ROW * (this.listed.length + 2) + 10 };
  }

  paint(context, theme) {
    const { columns, data } = this;
    context.font = `12px ${theme.family}`;
    context.fillStyle = theme.faint;
    context.textBaseline = "top";
    const titles = ["key", "key vector", data.additive ? "Σ tanh" : "q · k", data.scaled, "softmax", "value vector"];
    titles.forEach((title, place) => {
      const right = place >= 2 && place <= 4;
      context.textAlign = right ? "right" : "left";
      context.fillText(fitted(context, title, columns[place].width), columns[place].x + (right ? columns[place].width : 0), 0);
    });
    context.textBaseline = "middle";
    this.#end(context, theme, HEAD - 12, "query", this.query.values, columns[1], this.scales.key);
    this.listed.forEach((key, row) => this.#row(context, theme, key, HEAD + ROW * (row + 0.5) + 4));
    this.#end(context, theme, HEAD + ROW * (this.listed.length + 0.5) + 12, "weighted sum", this.sums.values, columns[5], this.scales.value);
  }

  #end(context, theme, y, label, values, column, scale) {
    this.#strip(context, theme, values, column, y, scale);
    context.fillStyle = theme.ink;
    context.textAlign = "right";
    context.fillText(label, column.x - 8, y);
  }

  #row(context, theme, key, y) {
    const { columns, data } = this;
    const seen = this.mask.values[key] > 0;
    const pointed = this.place?.key === key;
    if (pointed) {
      context.fillStyle = theme.ink;
      context.globalAlpha = 0.07;
      context.fillRect(0, y - ROW / 2, this.width, ROW);
      context.globalAlpha = 1;
    }
    context.fillStyle = seen ? theme.ink : theme.faint;
    context.textAlign = "left";
    const word = data.words[key] ?? String(key);
    context.fillText(fitted(context, word, columns[0].width - 18), columns[0].x + 18, y);
    context.fillStyle = theme.faint;
    if (!this.counted) context.fillText(String(key), columns[0].x, y);
    this.#strip(context, theme, this.#vector("key", key), columns[1], y, this.scales.key);
    context.fillStyle = seen ? theme.ink : theme.faint;
    context.textAlign = "right";
    context.fillText(number(this.products.values[key]), columns[2].x + columns[2].width, y);
    context.fillText(seen ? number(this.scaled.values[key]) : "hidden", columns[3].x + columns[3].width, y);
    this.#weight(context, theme, this.weights.values[key], columns[4], y, seen);
    this.#strip(context, theme, this.#vector("value", key), columns[5], y, this.scales.value);
  }

  #weight(context, theme, weight, { x, width }, y, seen) {
    context.fillStyle = css(theme.lookup.rising, 0.45, share);
    context.fillRect(x, y - 8, Math.max(weight * width, weight > 0 ? 1 : 0), 16);
    context.fillStyle = seen ? theme.ink : theme.faint;
    context.textAlign = "right";
    context.fillText(number(weight), x + width - 2, y);
  }

  #vector(name, key) {
    const length = this[name].shape[1];
    return this[name].values.subarray(key * length, (key + 1) * length);
  }

  #strip(context, theme, values, { x, width }, y, scale) {
    const cell = Math.min(width / values.length, 26);
    for (let place = 0; place < values.length; place += 1) {
      context.fillStyle = css(theme.lookup.signed, values[place], scale);
      context.fillRect(x + place * cell, y - 7, cell + 0.3, 14);
    }
    context.strokeStyle = theme.line;
    context.strokeRect(x - 0.5, y - 7.5, cell * values.length + 1, 15);
  }

  at(x, y) {
    const column = this.columns.findLastIndex((each) => x >= each.x);
    const row = Math.floor((y - HEAD - 4) / ROW);
    const dim = this.#dim(column, x);
    if (row < 0) return column === 1 && y > HEAD - 20 && dim != null ? { part: "query", dim } : null;
    if (row >= this.listed.length) return column === 5 && dim != null ? { part: "sum", dim } : null;
    return { key: this.listed[row], part: ["key", "key", "product", "scaled", "weight", "value"][column], dim };
  }

  #dim(column, x) {
    if (column !== 1 && column !== 5) return null;
    const count = column === 1 ? this.wide : this.length;
    const cell = Math.min(this.columns[column].width / count, 26);
    const dim = Math.floor((x - this.columns[column].x) / cell);
    return dim < count ? dim : null;
  }

  step(place, down, across) {
    const parts = ["key", "product", "scaled", "weight", "value"];
    if (!place?.part || place.key == null) return { key: this.listed[0], part: "weight", dim: null };
    const row = Math.min(Math.max(this.listed.indexOf(place.key) + down, 0), this.listed.length - 1);
    const part = parts[Math.min(Math.max(parts.indexOf(place.part) + across, 0), parts.length - 1)];
    return { key: this.listed[row], part, dim: null };
  }

  /** The sum that made the number under the pointer. */
  words({ key, part, dim }) {
    const name = key == null ? "" : `${this.data.words[key] ?? ""} (${key})`.trim();
    if (part === "query") return `number ${dim} of the query: ${number(this.query.values[dim])}`;
    if (part === "sum") return `number ${dim} of the sum over all ${this.keys} keys of weight × value: ${number(this.sums.values[dim])}`;
    if (part === "key" && dim != null) return this.#product(name, key, dim);
    if (part === "value" && dim != null) return this.#weighed(name, key, dim);
    if (part === "product") return `${name}: the sum of ${this.wide} ${this.data.additive ? "numbers tanh(query + key)" : "products"}, ${number(this.products.values[key])}`;
    if (part === "scaled") return `${name}: ${this.#score(key)}`;
    return `${name}: ${this.#softmax(key)}`;
  }

  #product(name, key, dim) {
    const value = this.#vector("key", key)[dim];
    const query = this.query.values[dim];
    const sum = this.data.additive ? this.#added(query, value, dim) : times(query, value, query * value);
    return `${name}, number ${dim}: ${sum}`;
  }

  /** Additive: tanh(query + key), times its learned weights where it has some. */
  #added(query, value, dim) {
    const { inside, scale } = this.data;
    const weight = scale == null ? this.features.values[dim] : 1;
    const sum = `${number(query)} + ${number(value)}`;
    const tanh = `tanh(${inside === 1 ? sum : `${number(inside)} × (${sum})`})`;
    return `${scale == null ? `${number(weight)} × ` : ""}${tanh} = ${number(weight * Math.tanh(inside * (query + value)))}`;
  }

  #score(key) {
    if (this.data.scale == null) return `the sum of ${this.wide} numbers weight × tanh(query + key), a learned weight each, ${number(this.scaled.values[key])}`;
    return times(this.products.values[key], this.data.scale, this.scaled.values[key]);
  }

  #weighed(name, key, dim) {
    const value = this.#vector("value", key)[dim];
    const weight = this.weights.values[key];
    return `${name}, number ${dim}: ${times(weight, value, weight * value)}`;
  }

  #softmax(key) {
    if (this.blind && this.weights.values[key] > 0) return `hidden by the mask, as all keys are: all scores are lowered alike, so each weight is ${number(this.weights.values[key])}`;
    if (!(this.mask.values[key] > 0)) return "hidden by the mask, so its weight is 0";
    const powers = [...this.scaled.values].map((value, place) => (this.mask.values[place] > 0 ? Math.exp(value) : 0));
    const total = powers.reduce((all, each) => all + each, 0);
    if (!Number.isFinite(total)) return `softmax gives ${number(this.weights.values[key])}`;
    return `e^${number(this.scaled.values[key])} / ${number(total)} = ${number(this.weights.values[key])}`;
  }
}

class Unfolded {
  sums; head; note; hear; deaf; data; words; theme;

  constructor(root) {
    this.sums = new Sums({ name: "The arithmetic of one query", hovered: (place) => this.#point(place) });
    this.head = h("div", { class: "inspect-head" });
    this.note = h("div", { class: "inspect-note" });
    root.replaceChildren(this.head, this.sums.element, this.note);
    this.hear = (place) => this.sums.mark(place?.column == null ? null : { key: place.column, part: "weight", dim: null });
    this.deaf = listen("attention", this.hear);
  }

  take({ data }) {
    this.data = data;
    this.sums.take(data);
    const { place } = this.sums; // the pointer may rest on it while another query comes
    if (place && (place.key ?? 0) >= this.sums.keys) this.sums.place = null;
    const some = this.sums.keys > MOST ? `The ${MOST} keys with the largest weights of ${this.sums.keys}. ` : "";
    this.words = `${some}${data.note ?? ""}`;
  }

  draw(width, theme) {
    this.theme = theme;
    const saved = buttons("unfolded", () => [this.sums], () => this.theme);
    const scale = (name, one) => h("span", { class: "inspect-scale" }, name, legend(one, theme));
    this.head.replaceChildren(h("h4", {}, this.data.title), saved);
    this.note.replaceChildren(h("div", { class: "inspect-head" }, scale("query, keys", this.sums.scales.key), scale("values", this.sums.scales.value)), this.words);
    this.sums.draw(width, theme);
  }

  #point(place) {
    tell("attention", place?.key == null ? null : { row: this.data.query, column: place.key }, this.hear);
  }

  leave() {
    this.deaf();
  }
}

export const { draw, leave } = mounted((root) => new Unfolded(root));

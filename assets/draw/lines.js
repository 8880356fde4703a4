// Attention weights as lines from each query to the keys, as strong as the weight.
import { labelled, number } from "./data.js";
import { fitted, Panel } from "./panel.js";

const MOST = 64; // positions whose lines are drawn all at once; of more, one query's
const FAINTEST = 0.02;

export class Lines extends Panel {
  /** @type {{ shape: number[], values: Float32Array }} */ weights;
  /** @type {{ query?: string[], key?: string[] }} */ labels = {};
  /** @type {number} */ query = 0; // the chosen one
  /** @type {number} */ tall = 0;
  /** @type {number} */ queries = 0;
  /** @type {number} */ keys = 0;
  /** @type {number} */ line = 1; // pixels from one position to the next
  /** @type {number} */ label = 0; // pixels of a word

  /** `weights` { shape: [queries, keys], values }, `words` { query, key }; `query`: the chosen one. */
  take(weights, labels, query, tall) {
    Object.assign(this, { weights, labels, query, tall });
    [this.queries, this.keys] = weights.shape;
  }

  size(room) {
    const most = Math.max(this.queries, this.keys);
    this.line = Math.min(Math.max(this.tall / most, 3), 26);
    this.label = Math.min(90, room / 4);
    return { width: Math.min(room, 380), height: Math.ceil(22 + most * this.line) };
  }

  #y(place) {
    return 22 + (place + 0.5) * this.line;
  }

  paint(context, theme) {
    context.font = `12px ${theme.family}`;
    context.textBaseline = "top";
    context.fillStyle = theme.faint;
    context.textAlign = "right";
    context.fillText("query", this.label - 8, 0);
    context.textAlign = "left";
    context.fillText("key", this.width - this.label + 8, 0);
    this.#names(context, theme, "query", this.queries);
    this.#names(context, theme, "key", this.keys);
    this.#all(context, theme);
  }

  #names(context, theme, end, count) {
    const every = Math.ceil(11 / this.line);
    const axis = end === "query" ? "row" : "column";
    const words = labelled(Array.from({ length: count }, (_, place) => this.labels[end]?.[place] ?? String(place)), every);
    context.textBaseline = "middle";
    context.textAlign = end === "query" ? "right" : "left";
    for (let place = 0; place < count; place += 1) {
      const strong = this.place ? this.place[axis] === place : end === "query" && place === this.query;
      if (place % every && !strong) continue;
      context.fillStyle = strong ? theme.accent : theme.ink;
      const x = end === "query" ? this.label - 8 : this.width - this.label + 8;
      context.fillText(fitted(context, words[place], this.label - 10), x, this.#y(place));
    }
  }

  #all(context, theme) {
    const { row, column } = this.place ?? {};
    const only = row ?? (Math.max(this.queries, this.keys) > MOST && column == null ? this.query : null);
    context.strokeStyle = theme.accent;
    for (let query = 0; query < this.queries; query += 1) {
      if (only != null && query !== only) continue;
      for (let key = 0; key < this.keys; key += 1) {
        const weight = this.weights.values[query * this.keys + key];
        if (weight < FAINTEST || (only == null && column != null && key !== column)) continue;
        this.#line(context, query, key, weight, only != null && column != null && key !== column);
      }
    }
    context.globalAlpha = 1;
    context.lineWidth = 1;
  }

  #line(context, query, key, weight, aside) {
    const left = this.label;
    const right = this.width - this.label;
    const middle = (left + right) / 2;
    context.globalAlpha = Math.min(aside ? 0.35 * weight : weight, 1);
    context.lineWidth = 0.6 + 2.4 * weight;
    context.beginPath();
    context.moveTo(left, this.#y(query));
    context.bezierCurveTo(middle, this.#y(query), middle, this.#y(key), right, this.#y(key));
    context.stroke();
  }

  at(x, y) {
    const place = Math.floor((y - 22) / this.line);
    if (x < this.width / 2) return place >= 0 && place < this.queries ? { row: place, column: null } : null;
    return place >= 0 && place < this.keys ? { row: null, column: place } : null;
  }

  step(place, down, across) {
    if (!place) return { row: this.query, column: null };
    const side = across > 0 ? "column" : across < 0 ? "row" : place.row != null ? "row" : "column";
    const count = side === "row" ? this.queries : this.keys;
    const next = Math.min(Math.max((place.row ?? place.column) + down, 0), count - 1);
    return side === "row" ? { row: next, column: null } : { row: null, column: next };
  }

  words({ row, column }) {
    const name = (end, place) => `${this.labels[end]?.[place] ?? ""} (${place})`.trim();
    if (row != null && column != null) return "";
    if (row == null) return `key ${name("key", column)}: the queries that look at it`;
    const weights = [...this.weights.values.subarray(row * this.keys, (row + 1) * this.keys)];
    const order = weights.map((_, place) => place).sort((a, b) => weights[b] - weights[a]);
    return `query ${name("query", row)} looks at ${order.slice(0, 3).map((key) => `${name("key", key)} ${number(weights[key])}`).join(", ")}`;
  }
}

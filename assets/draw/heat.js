// Heat map of a matrix: one picture of rows x columns pixels, enlarged; no element per number.
import { ruler } from "./dom.js";
import { labelled, number, short } from "./data.js";
import { fitted, Panel, pooled, raster } from "./panel.js";
import { colour, readable } from "./theme.js";

const LETTER = 12; // pixels of a label
const WIDEST = 124; // pixels of a row's label
const SEEN = 9; // pixels that a cell needs for its label

/**
 * @template T
 * @typedef {{ rows?: T, columns?: T }} Ends
 */

/**
 * @typedef {object} HeatOptions
 * @property {ArrayLike<number>} values
 * @property {number} rows
 * @property {number} columns
 * @property {import("./theme.js").Scale} scale
 * @property {Ends<string[]>} [labels]
 * @property {Ends<string>} [axes]
 * @property {number[]} [most]
 * @property {number} [least]
 * @property {boolean} [numbers]
 * @property {boolean} [square]
 * @property {boolean} [bare]
 * @property {number} [tall]
 * @property {number} [margin]
 * @property {((row: number, column: number) => boolean) | null} [blank]
 */

/**
 * `values` (rows, columns) on a `scale` { low, high, stops: "signed" | "rising" }; `labels` and `axes` are
 * { rows, columns }, each may be missing; `most` is the largest cell [width, height]; `numbers`: written into the cells.
 */
export class Heat extends Panel {
  /** @type {ArrayLike<number>} */ values;
  /** @type {number} */ rows;
  /** @type {number} */ columns;
  /** @type {Ends<string[]>} */ labels;
  /** @type {Ends<string>} */ axes;
  /** @type {number[]} */ most; // the largest cell [width, height]
  /** @type {number} */ least; // the smallest
  /** @type {boolean} */ numbers; // written into the cells
  /** @type {boolean} */ square;
  /** @type {boolean} */ bare; // without the columns' labels
  /** @type {number} */ tall; // pixels down at most
  /** @type {number} */ margin; // pixels left of it; 0: as the labels need
  /** @type {((row: number, column: number) => boolean) | null} */ blank; // cells that hold no number
  /** @type {import("./panel.js").Place} */ chosen = null; // { row } or { column } or both: outlined as long as nothing else is chosen
  /** @type {{ row: number, from: number, to: number }[]} */ boxes = []; // stretches of a row, outlined
  /** @type {number[]} */ veiled = []; // columns that do not count, drawn pale
  /** @type {HTMLCanvasElement | null} */ picture = null;
  /** @type {number} */ left = 0;
  /** @type {number} */ top = 0;
  /** @type {number} */ across = 1; // pixels of a cell
  /** @type {number} */ down = 1;
  /** @type {boolean} */ turned = false; // the columns' labels
  /** @type {boolean} */ listed = false; // the labels are a list of names and no text: where there is no room some are left out
  /** @type {boolean} */ counted = false; // the columns' labels are their own numbers

  /** @param {import("./panel.js").Options & HeatOptions} options */
  constructor({ values, rows, columns, scale, labels = {}, axes = {}, most = [28, 28], least = 1, numbers = false, square = false, bare = false, tall = 460, margin = 0, blank = null, ...rest }) {
    super(rest);
    Object.assign(this, { values, rows, columns, scale, labels, axes, most, least, numbers, square, bare, tall, margin, blank });
  }

  size(room) {
    const measure = ruler();
    measure.font = `${LETTER}px ${this.theme.family}`;
    const longest = (words) => Math.ceil(Math.max(0, ...(words ?? []).map((word) => measure.measureText(word).width)));
    const title = LETTER + 6;
    this.left = this.margin || Math.min(longest(this.labels.rows), WIDEST) + (this.labels.rows ? 8 : 0) + (this.axes.rows ? title : 0);
    const across = Math.min((room - this.left - 1) / this.columns, this.most[0]);
    this.across = Math.max(across > 4 ? Math.floor(across) : across, this.least);
    const down = Math.min(this.tall / this.rows, this.most[1]);
    this.down = Math.max(down > 4 ? Math.floor(down) : down, this.least);
    if (this.square) this.across = this.down = Math.min(this.across, this.down);
    this.counted = this.labels.columns?.every((word, place) => word === String(place)); // their own numbers may be left out between others
    this.turned = !this.counted && longest(this.labels.columns) > this.across - 2;
    const high = this.labels.columns && !this.bare ? (this.turned ? Math.min(longest(this.labels.columns), 84) + 8 : LETTER + 6) : 0;
    this.top = high + (this.axes.columns ? title : 0);
    this.picture = null;
    return { width: Math.ceil(this.left + this.across * this.columns + 1), height: Math.ceil(this.top + this.down * this.rows + 1) };
  }

  /** The matrix as a small picture, one pixel a number, or the largest of those that share one. */
  #pixels(theme) {
    const table = theme.lookup[this.scale.stops];
    const { rows, columns, value } = pooled(this.rows, this.columns, [this.across, this.down], (row, column) => this.values[row * this.columns + column]);
    const whole = rows === this.rows && columns === this.columns;
    return raster(rows, columns, (row, column) => (whole && this.blank?.(row, column) ? 0 : colour(table, value(row, column), this.scale)));
  }

  paint(context, theme) {
    const { left, top, across, down, rows, columns } = this;
    this.picture ??= this.#pixels(theme);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.picture, left, top, across * columns, down * rows);
    this.#veil(context, theme);
    context.lineWidth = 1;
    context.strokeStyle = theme.line;
    context.strokeRect(left - 0.5, top - 0.5, across * columns + 1, down * rows + 1);
    context.font = `${LETTER}px ${theme.family}`;
    if (this.numbers) this.#written(context, theme);
    this.#names(context, theme);
    for (const box of this.boxes) this.#box(context, theme, box);
    if (this.chosen) this.#outline(context, theme.accent, this.chosen);
    if (this.place) this.#outline(context, theme.ink, this.place);
  }

  #veil(context, theme) {
    context.fillStyle = theme.ground;
    context.globalAlpha = 0.65;
    for (const column of this.veiled) context.fillRect(this.left + column * this.across, this.top, this.across, this.down * this.rows);
    context.globalAlpha = 1;
  }

  #written(context, theme) {
    context.textAlign = "center";
    context.textBaseline = "middle";
    const table = theme.lookup[this.scale.stops];
    for (let row = 0; row < this.rows; row += 1) {
      for (let column = 0; column < this.columns; column += 1) {
        if (this.blank?.(row, column)) continue;
        const value = this.values[row * this.columns + column];
        context.fillStyle = readable(table, value, this.scale);
        context.fillText(short(value), this.left + (column + 0.5) * this.across, this.top + (row + 0.5) * this.down);
      }
    }
  }

  #names(context, theme) {
    const { left, top, across, down } = this;
    const strong = (axis, place) => this.place?.[axis] === place || this.chosen?.[axis] === place;
    const every = (cell) => Math.max(Math.ceil((this.turned ? SEEN + 3 : SEEN) / cell), 1);
    const between = this.counted ? Math.max(Math.ceil(22 / across), 1) : every(across);
    context.textBaseline = "middle";
    context.textAlign = "right";
    const written = (words, every) => (this.listed ? words : labelled(words, every));
    const [rows, columns] = [written(this.labels.rows ?? [], every(down)), written(this.labels.columns ?? [], between)];
    rows.forEach((word, row) => {
      if (row % every(down) && !strong("row", row)) return;
      context.fillStyle = strong("row", row) ? theme.ink : theme.faint;
      context.fillText(fitted(context, word, WIDEST), left - 6, top + (row + 0.5) * down);
    });
    columns.forEach((word, column) => {
      if (this.bare || (column % between && !strong("column", column))) return;
      context.fillStyle = strong("column", column) ? theme.ink : theme.faint;
      this.#above(context, fitted(context, word, 84), left + (column + 0.5) * across, top - 6);
    });
    context.fillStyle = theme.faint;
    context.textAlign = "left";
    context.textBaseline = "top";
    if (this.axes.columns) context.fillText(`${this.axes.columns} →`, left, 0);
    if (this.axes.rows) {
      context.save();
      context.translate(0, top + (this.axes.rows.length + 2) * 6);
      context.rotate(-Math.PI / 2);
      context.fillText(`← ${this.axes.rows}`, 0, 0);
      context.restore();
    }
  }

  #above(context, word, x, y) {
    context.save();
    context.translate(x, y);
    if (this.turned) context.rotate(-Math.PI / 2);
    context.textAlign = this.turned ? "left" : "center";
    context.textBaseline = this.turned ? "middle" : "bottom";
    context.fillText(word, 0, this.turned ? 0 : 2);
    context.restore();
  }

  /** A frame around the row, the column and the cell of a place. */
  #outline(context, ink, /** @type {import("./panel.js").Place} */ { row, column }) {
    const { left, top, across, down, rows, columns } = this;
    context.strokeStyle = ink;
    context.globalAlpha = row != null && column != null ? 0.45 : 1;
    if (row != null) context.strokeRect(left - 0.5, top + row * down - 0.5, across * columns + 1, down + 1);
    if (column != null) context.strokeRect(left + column * across - 0.5, top - 0.5, across + 1, down * rows + 1);
    context.globalAlpha = 1;
    context.lineWidth = 2;
    if (row != null && column != null) context.strokeRect(left + column * across - 1, top + row * down - 1, across + 2, down + 2);
    context.lineWidth = 1;
  }

  #box(context, theme, { row, from, to }) {
    const { left, top, across, down } = this;
    context.strokeStyle = theme.ink;
    context.lineWidth = 2;
    context.strokeRect(left + from * across - 1, top + row * down - 2, (to - from + 1) * across + 2, Math.max(down, 2) + 4);
    context.lineWidth = 1;
  }

  at(x, y) {
    const row = Math.floor((y - this.top) / this.down);
    const column = Math.floor((x - this.left) / this.across);
    return row >= 0 && row < this.rows && column >= 0 && column < this.columns ? { row, column } : null;
  }

  step(place, down, across) {
    if (!place) return { row: this.chosen?.row ?? 0, column: this.chosen?.column ?? 0 };
    const within = (value, count) => Math.min(Math.max(value ?? 0, 0), count - 1);
    return { row: within((place.row ?? 0) + down, this.rows), column: within((place.column ?? 0) + across, this.columns) };
  }

  label(axis, place) {
    const word = this.labels[axis]?.[place];
    const name = this.axes[axis] ?? "";
    return `${name} ${word == null || word === String(place) ? place : `${word} (${place})`}`.trim();
  }

  words({ row, column }) {
    if (row == null) return this.label("columns", column);
    if (column == null) return this.label("rows", row);
    if (this.blank?.(row, column)) return "";
    return `${this.label("rows", row)}, ${this.label("columns", column)}: ${number(this.values[row * this.columns + column])}`;
  }
}

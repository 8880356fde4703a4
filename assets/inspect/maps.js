// All maps of a layer in one drawing: a grid of small heat maps; pointing reads a number out, a press chooses it.
import { extent, number } from "./data.js";
import { Panel } from "./panel.js";
import { colour } from "./theme.js";

const GAP = 4;

/** `maps` { shape: [maps, height, width], values }, `strides` [down, across] between the shown numbers; `kind`: maps, steps or units. */
export class Maps extends Panel {
  constructor({ maps, strides, kind, side = 52, ...rest }) {
    super(rest);
    Object.assign(this, { maps, strides, kind, side });
    const most = extent(maps.values) || 1;
    this.scale = { low: -most, high: most, stops: "signed" };
    this.chosen = null; // the map that is looked at
  }

  size(room) {
    const [count, rows, columns] = this.maps.shape;
    this.gap = this.kind === "maps" ? GAP : 0;
    if (this.kind === "units") this.cell = Math.max(Math.min(Math.floor(room / Math.min(count, 64)), 22), 5);
    else if (this.kind === "steps") this.cell = Math.max(Math.min(room / columns, 28), 1);
    else this.cell = Math.max(Math.floor(this.side / Math.max(rows, columns)), 1);
    this.tall = this.kind === "steps" ? Math.min(this.cell, 6) : this.cell;
    this.across = columns * this.cell + this.gap;
    this.down = rows * this.tall + this.gap;
    this.columns = this.kind === "steps" ? 1 : Math.max(Math.min(Math.floor((room + this.gap) / this.across), count), 1);
    this.picture = null;
    return { width: Math.ceil(this.columns * this.across), height: Math.ceil(Math.ceil(count / this.columns) * this.down) };
  }

  /** Every map as a strip of pixels, below each other. */
  #pixels(theme) {
    const [count, rows, columns] = this.maps.shape;
    const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: count * rows });
    const data = new Uint32Array(count * rows * columns);
    for (let place = 0; place < data.length; place += 1) data[place] = colour(theme.lookup.signed, this.maps.values[place], this.scale);
    canvas.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(data.buffer), columns, count * rows), 0, 0);
    return canvas;
  }

  paint(context, theme) {
    const [count, rows, columns] = this.maps.shape;
    this.picture ??= this.#pixels(theme);
    context.imageSmoothingEnabled = false;
    for (let map = 0; map < count; map += 1) {
      const { x, y } = this.#corner(map);
      context.drawImage(this.picture, 0, map * rows, columns, rows, x, y, columns * this.cell, rows * this.tall);
      if (!this.gap) continue;
      context.strokeStyle = theme.line;
      context.strokeRect(x + 0.5, y + 0.5, columns * this.cell - 1, rows * this.tall - 1);
    }
    this.#around(context, theme.accent, this.chosen);
    this.#around(context, theme.ink, this.place?.map);
  }

  #corner(map) {
    return { x: (map % this.columns) * this.across, y: Math.floor(map / this.columns) * this.down };
  }

  #around(context, ink, map) {
    if (map == null || map >= this.maps.shape[0]) return;
    const { x, y } = this.#corner(map);
    context.strokeStyle = ink;
    context.lineWidth = 2;
    context.strokeRect(x + 1, y + 1, this.across - this.gap - 2, Math.max(this.down - this.gap - 2, 1));
    context.lineWidth = 1;
  }

  at(x, y) {
    const [count, rows, columns] = this.maps.shape;
    const map = Math.floor(y / this.down) * this.columns + Math.floor(x / this.across);
    const row = Math.floor((y % this.down) / this.tall);
    const column = Math.floor((x % this.across) / this.cell);
    return x < this.columns * this.across && map >= 0 && map < count && row < rows && column < columns ? { map, row, column } : null;
  }

  step(place, down, across) {
    const map = (place?.map ?? this.chosen ?? 0) + (place ? across + down * this.columns : 0);
    return { map: Math.min(Math.max(map, 0), this.maps.shape[0] - 1), row: place?.row ?? 0, column: place?.column ?? 0 };
  }

  words({ map, row, column }) {
    const [, rows, columns] = this.maps.shape;
    const value = number(this.maps.values[(map * rows + row) * columns + column]);
    const [down, across] = this.strides;
    if (this.kind === "units") return `unit ${map}: ${value}`;
    if (this.kind === "steps") return `unit ${map}, step ${column * across}: ${value}`;
    return `map ${map} · row ${row * down}, column ${column * across}: ${value}`;
  }
}

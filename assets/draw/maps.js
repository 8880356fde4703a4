// Feature maps of a layer in one drawing: a grid of small heat maps; pointing reads a number out, a press chooses it.
import { exact, extent } from "./data.js";
import { Panel, pooled, raster } from "./panel.js";
import { colour } from "./theme.js";

const GAP = 4;

/** @typedef {{ across: number[], down: number[], map?: number }} Lit [from, to] as shares of each map, or of one */

/**
 * `maps` { shape: [maps, height, width], values }, `strides` [down, across] between the shown numbers; `kind`: maps, steps or units; `thick`: pixels of a unit's row over its steps.
 * `heads`: the maps are an attention layer's heads, which come first in its shape, rows queries and columns keys.
 * `extents`: the largest size in each whole map; `lengths`: the layer's shape, for a number's index.
 */
export class Maps extends Panel {
  /** @type {{ shape: number[], values: ArrayLike<number> }} */ maps;
  /** @type {number[]} */ strides;
  /** @type {string} */ kind;
  /** @type {boolean} */ heads;
  /** @type {number} */ side; // pixels of a map
  /** @type {number} */ thick;
  /** @type {ArrayLike<number> | null} */ extents;
  /** @type {number[] | null} */ lengths;
  /** @type {number} */ spread = 0; // pixels down that units may take; 0: one row of up to 64
  /** @type {number | null} */ chosen = null; // the map that is looked at
  /** @type {Lit | null} */ lit = null; // a place that is pointed at in a neighbour
  /** @type {(map: number) => { low: number, high: number }} */ own; // each map's scale
  /** @type {{ whole: HTMLCanvasElement, lines: number, places: number, cell: number, tall: number } | null} */ picture = null;
  /** @type {HTMLCanvasElement | undefined} what `picture` is drawn on, again and again */ paper;
  /** @type {number} */ gap = 0; // pixels between maps
  /** @type {number} */ cell = 1; // pixels of a number, across
  /** @type {number} */ tall = 1; // and down
  /** @type {number} */ shown = 0; // maps
  /** @type {number} */ across = 1; // pixels of a map with its gap
  /** @type {number} */ down = 1;
  /** @type {number} */ columns = 1; // maps beside each other
  /** @type {number | undefined} */ room;
  /** @type {boolean | undefined} */ opened;

  /** @param {import("./panel.js").Options & Pick<Maps, "maps" | "strides" | "kind"> & Partial<Pick<Maps, "heads" | "side" | "thick" | "extents" | "lengths">>} options */
  constructor({ maps, strides, kind, heads = false, side = 52, thick = 6, extents = null, lengths = null, ...rest }) {
    super(rest);
    Object.assign(this, { maps, strides, kind, heads, side, thick, extents, lengths });
    this.scaled(extent(maps.values));
  }

  /** One scale for all maps, or with no number each map's own. */
  scaled(most = null) {
    const own = most == null && this.extents;
    const top = own ? extent(this.extents) : (most ?? 0);
    this.scale = { low: -(top || 1), high: top || 1, stops: "signed" };
    this.own = own ? (map) => ({ low: -(this.extents[map] || 1), high: this.extents[map] || 1 }) : () => this.scale;
    this.picture = null;
  }

  size(room) {
    const [count, rows, columns] = this.maps.shape;
    this.gap = this.kind === "maps" ? GAP : 0;
    if (this.kind === "units") this.cell = Math.max(Math.min(this.spread ? Math.floor(Math.sqrt((room * this.spread) / count)) : Math.floor(room / Math.min(count, 64)), this.spread ? 34 : 22), 5);
    else if (this.kind === "steps") this.cell = Math.max(Math.min(room / columns, this.spread ? 56 : 28), 1);
    else this.cell = this.side / Math.max(rows, columns) >= 1 ? Math.floor(this.side / Math.max(rows, columns)) : Math.min(this.side, room) / Math.max(rows, columns);
    const thick = this.spread ? Math.min(Math.max(this.spread / count, 2), 18) : this.thick;
    this.tall = this.kind === "steps" ? Math.min(this.cell, thick) : this.cell;
    this.shown = count;
    return this.laid(room);
  }

  /** So many maps in rows for this room. */
  laid(room) {
    const [, rows, columns] = this.maps.shape;
    this.across = columns * this.cell + this.gap;
    this.down = rows * this.tall + this.gap;
    this.columns = this.kind === "steps" ? 1 : Math.max(Math.min(Math.floor((room + this.gap) / this.across), this.shown), 1);
    return { width: Math.ceil(this.columns * this.across), height: Math.ceil(Math.ceil(this.shown / this.columns) * this.down) };
  }

  /** The maps below each other as one picture; units over their steps are its rows, so that thin ones share a pixel. */
  #pixels(theme) {
    const { cell, tall, shown } = this;
    const [, rows, columns] = this.maps.shape;
    const share = (map, row, column) => this.maps.values[(map * rows + row) * columns + column] / this.own(map).high;
    const kept = this.kind === "steps" ? [pooled(shown, columns, [cell, tall], (map, column) => share(map, 0, column))] : Array.from({ length: shown }, (_, map) => pooled(rows, columns, [cell, tall], (row, column) => share(map, row, column)));
    const [{ rows: lines, columns: places }] = kept;
    const ink = (line, place) => colour(theme.lookup.signed, kept[Math.floor(line / lines)].value(line % lines, place), { low: -1, high: 1 });
    const whole = (this.paper = raster(kept.length * lines, places, ink, this.paper));
    return { whole, lines, places, cell, tall };
  }

  paint(context, theme) {
    const [, rows, columns] = this.maps.shape;
    if (!this.shown) return;
    if (this.picture?.cell !== this.cell || this.picture?.tall !== this.tall) this.picture = null;
    const { whole, lines, places } = (this.picture ??= this.#pixels(theme));
    context.imageSmoothingEnabled = false;
    if (this.kind === "steps") context.drawImage(whole, 0, 0, columns * this.cell, this.shown * this.tall);
    for (let map = 0; map < this.shown && this.kind !== "steps"; map += 1) {
      const { x, y } = this.corner(map);
      context.drawImage(whole, 0, map * lines, places, lines, x, y, columns * this.cell, rows * this.tall);
      if (!this.gap) continue;
      context.strokeStyle = theme.line;
      context.strokeRect(x + 0.5, y + 0.5, columns * this.cell - 1, rows * this.tall - 1);
    }
    if (this.lit) this.#light(context, theme);
    this.#around(context, theme.accent, this.chosen);
    this.#around(context, theme.ink, this.place?.map);
    if (this.place) this.#cell(context, theme);
  }

  corner(map) {
    return { x: (map % this.columns) * this.across, y: Math.floor(map / this.columns) * this.down };
  }

  /** Where a map is drawn: { x, y, width, height }. */
  box(map) {
    const [, rows, columns] = this.maps.shape;
    return { ...this.corner(map), width: columns * this.cell, height: rows * this.tall };
  }

  #around(context, ink, map) {
    if (map == null || map >= this.shown) return;
    const { x, y } = this.corner(map);
    context.strokeStyle = ink;
    context.lineWidth = 2;
    context.strokeRect(x + 1, y + 1, this.across - this.gap - 2, Math.max(this.down - this.gap - 2, 1));
    context.lineWidth = 1;
  }

  /** A frame around the number that is pointed at. */
  #cell(context, theme) {
    if (this.kind === "units") return;
    const { map, row, column } = this.place;
    const { x, y } = this.corner(map);
    context.strokeStyle = theme.accent;
    context.strokeRect(x + column * this.cell - 0.5, y + row * this.tall - 0.5, Math.max(this.cell, 3) + 1, Math.max(this.tall, 3) + 1);
  }

  /** The same place as in a neighbour, in every map. */
  #light(context, theme) {
    const [, rows, columns] = this.maps.shape;
    context.strokeStyle = theme.accent;
    context.lineWidth = 1.5;
    for (let map = 0; map < this.shown; map += 1) {
      if (this.lit.map != null && this.lit.map !== map) continue;
      const { x, y } = this.corner(map);
      const [left, right] = this.lit.across.map((share) => share * columns * this.cell);
      const [top, bottom] = this.lit.down.map((share) => share * rows * this.tall);
      context.strokeRect(x + left, y + top, Math.max(right - left, 3), Math.max(bottom - top, 3));
    }
    context.lineWidth = 1;
  }

  /** Light a place that is pointed at elsewhere, null for none. */
  light(lit) {
    if (JSON.stringify(lit) === JSON.stringify(this.lit)) return;
    this.lit = lit;
    if (this.theme) this.redraw();
  }

  at(x, y) {
    const [, rows, columns] = this.maps.shape;
    const map = Math.floor(y / this.down) * this.columns + Math.floor(x / this.across);
    const row = Math.floor((y % this.down) / this.tall);
    const column = Math.floor((x % this.across) / this.cell);
    return x >= 0 && y >= 0 && x < this.columns * this.across && map < this.shown && row < rows && column < columns ? { map, row, column } : null;
  }

  step(place, down, across) {
    const map = (place?.map ?? this.chosen ?? 0) + (place ? across + down * this.columns : 0);
    return { map: Math.min(Math.max(map, 0), this.shown - 1), row: place?.row ?? 0, column: place?.column ?? 0 };
  }

  value({ map, row, column }) {
    const [, rows, columns] = this.maps.shape;
    return this.maps.values[(map * rows + row) * columns + column];
  }

  /** The number's index in the layer's output, without the batch axis. */
  index({ map, row, column }) {
    const [down, across] = this.strides;
    if (this.kind === "units") return [map];
    if (this.kind === "steps") return [column * across, map];
    if (this.heads) return [...(this.lengths?.length === 2 ? [] : [map]), row * down, column * across];
    const lead = [];
    let rest = row * down;
    for (const length of (this.lengths ?? []).slice(0, -2).reverse()) {
      lead.unshift(rest % length);
      rest = Math.floor(rest / length);
    }
    return [...(lead.length ? lead : [row * down]), column * across, map];
  }

  words(place) {
    const { map, row, column } = place;
    const value = `[${this.index(place).join(", ")}] = ${exact(this.value(place))}`;
    const [down, across] = this.strides;
    if (this.kind === "units") return `unit ${map}: ${value}`;
    if (this.heads) return `head ${map} · query ${row * down}, key ${column * across}: ${value}`;
    if (this.kind === "steps") return `unit ${map}, step ${column * across}: ${value}`;
    return `map ${map} · row ${row * down}, column ${column * across}: ${value}`;
  }
}

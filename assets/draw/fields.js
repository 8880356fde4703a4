// Arrays of any rank as fields of rows and columns, one channel at a time, and heat maps that move with what they show.
import { Heat } from "./heat.js";

const WIDE = 64; // units in one row

/** How an array of this shape is laid out: (..., channels) as rows and columns of one channel, (units,) as a block. */
export function field(shape, flat = shape.length === 1) {
  if (flat) {
    const count = shape[0] ?? 1;
    const columns = count <= 32 ? count : Math.min(Math.ceil(Math.sqrt(count) * 1.6), WIDE);
    const rows = Math.ceil(count / columns);
    const index = (row, column) => (row * columns + column < count ? row * columns + column : -1);
    return { rows, columns, channels: 1, index, place: (at) => ({ row: Math.floor(at / columns), column: at % columns, channel: 0 }) };
  }
  const channels = shape.at(-1);
  const columns = shape.at(-2);
  const rows = shape.slice(0, -2).reduce((all, each) => all * each, 1);
  const index = (row, column, channel = 0) => (row * columns + column) * channels + channel;
  const place = (at) => {
    const cell = Math.floor(at / channels);
    return { row: Math.floor(cell / columns), column: cell % columns, channel: at % channels };
  };
  return { rows, columns, channels, index, place };
}

/** One channel of an array as rows of values, NaN where the layout has a cell more than there are numbers. */
export function slice(values, layout, channel = 0) {
  const found = new Float32Array(layout.rows * layout.columns);
  for (let row = 0; row < layout.rows; row += 1) {
    for (let column = 0; column < layout.columns; column += 1) {
      const at = layout.index(row, column, channel);
      found[row * layout.columns + column] = at < 0 ? NaN : values[at];
    }
  }
  return found;
}

/** Whether a cell of a layout holds no number: the last row of a block may not be full. */
export const blankIn = (layout) => (row, column) => layout.index(row, column) < 0;

/** A heat map whose values change, with a box around some of its places; arrow keys move what is pinned. */
export class Field extends Heat {
  /** @type {((place: import("./panel.js").Place) => void) | null} */ stepped; // hears of an arrow key's place
  /** @type {(() => import("./panel.js").Place) | null} */ start; // where arrow keys begin
  /** @type {{ top: number, left: number, bottom: number, right: number } | null} */ box = null;

  /** @param {import("./panel.js").Options & import("./heat.js").HeatOptions & Partial<Pick<Field, "stepped" | "start">>} options */
  constructor({ stepped = null, start = null, square = true, ...rest }) {
    super(rest);
    Object.assign(this, { stepped, start, square });
  }

  size(room) {
    const size = super.size(room);
    if (!this.square) return size;
    this.across = this.down = Math.min(this.across, this.down);
    return { width: Math.ceil(this.left + this.across * this.columns + 1), height: Math.ceil(this.top + this.down * this.rows + 1) };
  }

  show(values, scale = this.scale) {
    Object.assign(this, { values, scale, picture: null });
    if (this.theme) this.redraw();
  }

  /** Draw a box around places from { top, left } to { bottom, right }, all counted from zero. */
  frame(box) {
    this.box = box;
    if (this.theme) this.redraw();
  }

  paint(context, theme) {
    super.paint(context, theme);
    if (!this.box) return;
    const { top, left, bottom, right } = this.box;
    context.strokeStyle = theme.ground;
    context.lineWidth = 4;
    const around = [this.left + left * this.across, this.top + top * this.down, (right - left + 1) * this.across, (bottom - top + 1) * this.down];
    context.strokeRect(...around);
    context.strokeStyle = theme.accent;
    context.lineWidth = 2;
    context.strokeRect(...around);
    context.lineWidth = 1;
  }

  step(place, down, across) {
    const from = place ?? this.start?.() ?? { row: -down, column: -across };
    const next = super.step(from, down, across);
    this.stepped?.(next);
    return next;
  }
}

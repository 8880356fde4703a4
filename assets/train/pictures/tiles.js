// Hit test of equal tiles, in rows from left to right: what is under the pointer or the arrow keys is a tile's number.
import { Panel } from "../../draw/panel.js";

export class Tiles extends Panel {
  lines;

  /** A kind has `count`, sets `across`, `down` and `columns` in `lay(room)`, and draws with `tile(context, theme, place, x, y)`. */
  size(room) {
    this.lay(room);
    this.lines = Math.ceil(this.count / this.columns);
    return { width: Math.ceil(Math.min(room, this.across * this.columns)), height: Math.ceil(this.lines * this.down) };
  }

  corner(place) {
    return [(place % this.columns) * this.across, Math.floor(place / this.columns) * this.down];
  }

  paint(context, theme) {
    for (let place = 0; place < this.count; place += 1) {
      const [x, y] = this.corner(place);
      this.tile(context, theme, place, x, y);
      if (this.place?.tile !== place) continue;
      context.strokeStyle = theme.ink;
      context.lineWidth = 1.5;
      context.strokeRect(x + 1, y + 1, this.across - 4, this.down - 4);
      context.lineWidth = 1;
    }
  }

  at(x, y) {
    const column = Math.floor(x / this.across);
    const tile = Math.floor(y / this.down) * this.columns + column;
    return column >= 0 && column < this.columns && tile >= 0 && tile < this.count ? { tile } : null;
  }

  step(place, down, across) {
    const next = (place?.tile ?? -across - down * this.columns) + across + down * this.columns;
    return { tile: Math.min(Math.max(next, 0), this.count - 1) };
  }
}

// Small multiples of every neuron of a layer over the plane: one drawing, one scale, one place pointed at in all.
import { extent, part } from "../../draw/data.js";
import { Panel, raster } from "../../draw/panel.js";
import { colour } from "../../draw/theme.js";

const GAP = 6;
const ACROSS = 8; // neurons in a row
const LEAST = 56;

export class Multiples extends Panel {
  seen; side; maps; wide; aspect; chosen; own; picture; tall; columns;

  /** `maps` { shape: [units, rows, columns], values }, rows from top to bottom; `aspect`: height by width; `seen`: points as shares of the plane. */
  constructor({ maps, aspect, seen, side = 96, ...rest }) {
    super({ ...rest, quiet: true });
    Object.assign(this, { maps, aspect, seen, wide: side });
    this.scaled("layer", extent(maps.values));
    this.chosen = null;
  }

  /** On which scale: "layer", "network" (whose largest size is `most`) or each "neuron" on its own. */
  scaled(how, most) {
    const signed = (size) => ({ low: -(size || 1), high: size || 1, stops: "signed" });
    this.scale = signed(most);
    const alone = how === "neuron" ? Array.from({ length: this.maps.shape[0] }, (_, unit) => signed(extent(part(this.maps, unit).values))) : null;
    this.legends = alone ? ["each neuron on its own scale"] : [this.scale];
    this.own = (unit) => (alone ? alone[unit] : this.scale);
    this.picture = null;
  }

  size(room) {
    const [units] = this.maps.shape;
    this.side = Math.max(Math.min((room + GAP) / ACROSS - GAP, this.wide), Math.min(LEAST, room));
    this.tall = Math.round(this.side * this.aspect);
    this.columns = Math.max(Math.min(Math.floor((room + GAP) / (this.side + GAP)), units), 1);
    this.picture = null;
    return { width: this.columns * (this.side + GAP) - GAP, height: Math.ceil(units / this.columns) * (this.tall + GAP) - GAP };
  }

  #pixels(theme) {
    const [units, rows, columns] = this.maps.shape;
    return raster(units * rows, columns, (row, column) => colour(theme.lookup.signed, this.maps.values[row * columns + column], this.own(Math.floor(row / rows))));
  }

  /** Where a neuron's picture begins. */
  corner(unit) {
    return { x: (unit % this.columns) * (this.side + GAP), y: Math.floor(unit / this.columns) * (this.tall + GAP) };
  }

  paint(context, theme) {
    const [units, rows, columns] = this.maps.shape;
    this.picture ??= this.#pixels(theme);
    for (let unit = 0; unit < units; unit += 1) {
      const { x, y } = this.corner(unit);
      context.imageSmoothingEnabled = true;
      context.drawImage(this.picture, 0, unit * rows, columns, rows, x, y, this.side, this.tall);
      context.fillStyle = theme.ink;
      context.globalAlpha = 0.35;
      for (const [across, down] of this.seen) context.fillRect(x + across * this.side - 0.6, y + down * this.tall - 0.6, 1.2, 1.2);
      context.globalAlpha = 1;
      context.strokeStyle = unit === this.chosen ? theme.accent : unit === this.place?.unit ? theme.ink : theme.line;
      context.lineWidth = unit === this.chosen || unit === this.place?.unit ? 2 : 1;
      context.strokeRect(x + 0.5, y + 0.5, this.side - 1, this.tall - 1);
      if (this.place) this.#dot(context, theme, x + ((this.place.column + 0.5) / columns) * this.side, y + ((this.place.row + 0.5) / rows) * this.tall);
    }
    context.lineWidth = 1;
  }

  #dot(context, theme, x, y) {
    for (const [ink, size] of [[theme.ground, 3.4], [theme.accent, 2.2]]) {
      context.fillStyle = ink;
      context.beginPath();
      context.arc(x, y, size, 0, 2 * Math.PI);
      context.fill();
    }
  }

  at(x, y) {
    const [units, rows, columns] = this.maps.shape;
    const unit = Math.floor(y / (this.tall + GAP)) * this.columns + Math.floor(x / (this.side + GAP));
    const row = Math.floor(((y % (this.tall + GAP)) / this.tall) * rows);
    const column = Math.floor(((x % (this.side + GAP)) / this.side) * columns);
    return unit >= 0 && unit < units && row < rows && column < columns && x < this.width ? { unit, row, column } : null;
  }

  step(place, down, across) {
    const [units, rows, columns] = this.maps.shape;
    const unit = place ? place.unit + across + down * this.columns : (this.chosen ?? 0);
    return { unit: Math.min(Math.max(unit, 0), units - 1), row: place?.row ?? rows >> 1, column: place?.column ?? columns >> 1 };
  }

  words() {
    return "";
  }
}

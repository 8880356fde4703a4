// Attention weights of every head of every layer as thumbnails, a layer a row; a press chooses one.
import { part } from "../../draw/data.js";
import { fitted, Panel, pooled, raster } from "../../draw/panel.js";
import { colour } from "../../draw/theme.js";

const GAP = 6;
const LABEL = 120;

export class Glance extends Panel {
  pictures; layers; chosen; most; left; side;

  /** `layers`: [{ name, heads, glance: { shape: [heads, query, key], values } }]; `chosen`: { layer, head }. */
  take(layers, scale, chosen) {
    Object.assign(this, { layers, scale, chosen, pictures: null });
    this.most = Math.max(...layers.map((layer) => layer.heads));
  }

  size(room) {
    this.left = Math.min(LABEL, room / 3);
    this.side = Math.floor(Math.min(this.layers.length > 6 ? 40 : 60, (room - this.left) / this.most - GAP));
    this.pictures = null;
    return { width: this.left + this.most * (this.side + GAP), height: 18 + this.layers.length * (this.side + GAP) };
  }

  #thumbnail({ shape, values }, theme) {
    const [rows, columns] = shape;
    const table = theme.lookup[this.scale.stops];
    const found = pooled(rows, columns, [this.side / columns, this.side / rows], (row, column) => values[row * columns + column]);
    return raster(found.rows, found.columns, (row, column) => colour(table, found.value(row, column), this.scale));
  }

  paint(context, theme) {
    this.pictures ??= this.layers.map(({ heads, glance }) => Array.from({ length: heads }, (_, head) => this.#thumbnail(part(glance, head), theme)));
    const { left, side } = this;
    context.font = `12px ${theme.family}`;
    context.textBaseline = "middle";
    for (let head = 0; head < this.most; head += 1) {
      context.fillStyle = theme.faint;
      context.textAlign = "center";
      context.fillText(side > 44 ? `head ${head}` : String(head), left + head * (side + GAP) + side / 2, 8);
    }
    this.layers.forEach((layer, row) => {
      const top = 18 + row * (side + GAP);
      context.fillStyle = layer.name === this.chosen.layer ? theme.ink : theme.faint;
      context.textAlign = "left";
      context.fillText(fitted(context, layer.name, left - 10), 0, top + side / 2);
      this.pictures[row].forEach((picture, head) => this.#one(context, theme, picture, layer.name, row, head, top));
    });
  }

  #one(context, theme, picture, layer, row, head, top) {
    const x = this.left + head * (this.side + GAP);
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, x, top, this.side, this.side);
    const chosen = layer === this.chosen.layer && head === this.chosen.head;
    const pointed = this.place?.row === row && this.place?.column === head;
    context.strokeStyle = chosen ? theme.accent : pointed ? theme.ink : theme.line;
    context.lineWidth = chosen ? 2 : 1;
    context.strokeRect(x - 0.5, top - 0.5, this.side + 1, this.side + 1);
    context.lineWidth = 1;
  }

  at(x, y) {
    const row = Math.floor((y - 18) / (this.side + GAP));
    const column = Math.floor((x - this.left) / (this.side + GAP));
    return row >= 0 && column >= 0 && column < this.layers[row]?.heads ? { row, column } : null;
  }

  step(place, down, across) {
    if (!place) return { row: Math.max(this.layers.findIndex((layer) => layer.name === this.chosen.layer), 0), column: this.chosen.head };
    const row = Math.min(Math.max(place.row + down, 0), this.layers.length - 1);
    return { row, column: Math.min(Math.max(place.column + across, 0), this.layers[row].heads - 1) };
  }

  words({ row, column }) {
    const layer = this.layers[row];
    const traits = [["previous", "on the token before"], ["duplicate", "on the same token earlier"], ["induction", "on what followed it last time"]];
    const known = traits.filter(([name]) => layer[name]?.[column] > 0.2).map(([name, text]) => `${Math.round(100 * layer[name][column])} % ${text}`);
    return [`${layer.name}, head ${column}`, ...known].join(" · ");
  }
}
